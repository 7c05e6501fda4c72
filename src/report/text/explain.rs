//! `casebook search --explain` and `--why-not`: scores part by part.

use std::io;

use super::{DIM, HEADING, NAME, Page, counted};
use crate::query::QueryPiece;
use crate::report::clean::on_one_line;
use crate::store::{Restriction, ScoreExplanation, ScoreLabel, ScorePart, WhyNot, WhyNotReason, WordOrigin};

/// Parts shown of one score; the rest is summed up in one line, since a pasted message has dozens.
const SHOWN: usize = 12;

/// Columns of a number with two decimals.
const NUMBER: usize = 8;

/// The same where ids stand above them: longer ids move their columns.
const MAX_NUMBER: usize = 20;

/// Where the score of a hit comes from, below the hit.
pub(super) fn explained(page: &mut Page, explained: &ScoreExplanation) -> io::Result<()> {
    let sum: f32 = explained.parts.iter().map(|part| part.score).sum();
    let weighed = match explained.weight {
        1.0 => String::new(),
        weight => format!(" = {weight} (preferred collection) × {}", number(sum)),
    };
    page.paragraph("     ", &format!("{DIM}score{DIM:#} {}{weighed}", number(explained.score)))?;
    let adding: Vec<&ScorePart> = explained.parts.iter().filter(|part| part.score > 0.0).collect();
    let (shown, rest) = adding.split_at(adding.len().min(SHOWN));
    for part in shown {
        row(page, [part.score], NUMBER, &in_words(part))?;
    }
    if !rest.is_empty() {
        let more = counted(rest.len() as u64, "more part", "more parts");
        row(page, [rest.iter().map(|part| part.score).sum()], NUMBER, &more)?;
    }
    let lacking: Vec<String> = explained.lacking().map(on_one_line).collect();
    if lacking.is_empty() {
        Ok(())
    } else {
        page.paragraph("     ", &format!("{DIM}lacks{DIM:#} {}", lacking.join(", ")))
    }
}

/// What became of an article in a search, and its score beside that of a hit.
pub(super) fn why_not(page: &mut Page, why: &WhyNot) -> io::Result<()> {
    let title = why.title.as_deref().map(on_one_line).unwrap_or_default();
    page.paragraph(&format!("{HEADING}Why not{HEADING:#} {NAME}{}{NAME:#}  ", on_one_line(&why.asked)), &title)?;
    page.paragraph("  ", &outcome(why))?;
    let Some(own) = &why.explained else { return Ok(()) };
    match &why.against {
        Some(other) => compared(page, own, other),
        None => explained(page, own),
    }
}

/// What became of an article, in a sentence.
fn outcome(why: &WhyNot) -> String {
    match &why.outcome {
        WhyNotReason::NotHeld { near } if near.is_empty() => "There is no such article in this KB.".to_owned(),
        WhyNotReason::NotHeld { near } => {
            format!("There is no such article in this KB; did you mean {}?", any_of(near.iter().map(String::as_str)))
        }
        WhyNotReason::Shown { rank } => format!("It is hit {rank}."),
        WhyNotReason::NearCopy { of, rank } => {
            format!("It says the same as {}, which stands for both at rank {rank}.", on_one_line(of))
        }
        WhyNotReason::KeptOut(barriers) => {
            let barriers: Vec<String> = barriers.iter().map(barrier).collect();
            format!("It is kept out: {}.", barriers.join("; "))
        }
        WhyNotReason::HoldsNothing => "It holds none of what was asked for.".to_owned(),
        WhyNotReason::Behind { rank: Some(rank) } => format!("It is at rank {rank}: others have higher scores."),
        WhyNotReason::Behind { rank: None } => "It is beyond rank 1,000: others have higher scores.".to_owned(),
        WhyNotReason::Overlooked => "Its words alone put it so far behind that the rest was not looked at; \
            with more hits (`--limit`) it comes up."
            .to_owned(),
    }
}

fn barrier(restriction: &Restriction) -> String {
    match restriction {
        Restriction::Collections(names) => format!("it is not in {}", any_of(names.iter().map(String::as_str))),
        Restriction::Pieces(pieces) => match &pieces[..] {
            [QueryPiece::Excluded(words)] => format!("it holds `{}`", on_one_line(words)),
            [QueryPiece::Filter(filter)] if filter.negated => {
                format!("`{}` leaves it out", on_one_line(&filter.to_string()))
            }
            pieces => format!("it does not fulfil {}", asked(pieces)),
        },
    }
}

/// A restriction as it was typed.
pub(super) fn restriction(restriction: &Restriction) -> String {
    match restriction {
        Restriction::Pieces(pieces) => asked(pieces),
        Restriction::Collections(names) => {
            format!("the restriction to {}", any_of(names.iter().map(String::as_str)))
        }
    }
}

fn asked(pieces: &[QueryPiece]) -> String {
    let pieces: Vec<String> = pieces.iter().map(|piece| format!("`{piece}`")).collect();
    any_of(pieces.iter().map(String::as_str))
}

fn any_of<'a>(values: impl Iterator<Item = &'a str>) -> String {
    on_one_line(&values.collect::<Vec<_>>().join(" or "))
}

/// Two scores side by side, the greatest differences first.
fn compared(page: &mut Page, own: &ScoreExplanation, other: &ScoreExplanation) -> io::Result<()> {
    let mut rows: Vec<(f32, f32, &ScorePart)> = Vec::new();
    for part in &own.parts {
        let theirs = other.parts.iter().find(|theirs| is_same(&part.label, &theirs.label));
        rows.push((own.weight * part.score, other.weight * theirs.map_or(0.0, |part| part.score), part));
    }
    let is_new = |part: &&ScorePart| !own.parts.iter().any(|own| is_same(&own.label, &part.label));
    rows.extend(other.parts.iter().filter(is_new).map(|part| (0.0, other.weight * part.score, part)));
    rows.retain(|(own, other, _)| own.max(*other) > 0.0);
    rows.sort_by(|a, b| (b.0 - b.1).abs().total_cmp(&(a.0 - a.1).abs()));
    let heads = [&own.id, &other.id].map(|id| on_one_line(id));
    let width = heads.iter().map(|id| textwrap::core::display_width(id)).max().unwrap_or(0).clamp(NUMBER, MAX_NUMBER);
    page.line(format_args!("   {DIM}{:>width$} {:>width$}{DIM:#}", heads[0], heads[1]))?;
    row(page, [own.score, other.score], width, &format!("{HEADING}score{HEADING:#}"))?;
    let (shown, rest) = rows.split_at(rows.len().min(SHOWN));
    for (own, other, part) in shown {
        row(page, [*own, *other], width, &named(part))?;
    }
    if rest.is_empty() {
        return Ok(());
    }
    let sums = rest.iter().fold([0.0, 0.0], |sums, (own, other, _)| [sums[0] + own, sums[1] + other]);
    row(page, sums, width, &counted(rest.len() as u64, "more part", "more parts"))
}

/// Whether two parts are for the same thing, however much of it there is.
fn is_same(a: &ScoreLabel, b: &ScoreLabel) -> bool {
    match (a, b) {
        (ScoreLabel::Cited { .. }, ScoreLabel::Cited { .. }) => true,
        (a, b) => a == b,
    }
}

/// A line with numbers in columns of a width.
fn row<const N: usize>(page: &mut Page, numbers: [f32; N], width: usize, text: &str) -> io::Result<()> {
    let numbers = numbers.map(|n| format!("{:>width$}", number(n)));
    page.paragraph(&format!("   {}  ", numbers.join(" ")), text)
}

/// A part with what it is made of.
fn in_words(part: &ScorePart) -> String {
    let children: Vec<String> =
        part.children.iter().map(|child| format!("{} {}", named(child), number(child.score))).collect();
    let made_of = if children.is_empty() { String::new() } else { format!(" {DIM}= {}{DIM:#}", children.join(" + ")) };
    named(part) + &made_of
}

/// What a part is for.
fn named(part: &ScorePart) -> String {
    match &part.label {
        ScoreLabel::Word { stem, typed, origin, .. } => {
            let word = on_one_line(typed.as_ref().unwrap_or(stem));
            format!("{HEADING}{word}{HEADING:#}{}", origin_in_words(origin))
        }
        ScoreLabel::Text => "text".to_owned(),
        ScoreLabel::Opening => "opening".to_owned(),
        ScoreLabel::Title => "title".to_owned(),
        ScoreLabel::Code(code) => format!("names {}", on_one_line(code)),
        ScoreLabel::Id(id) => format!("asked for by its id {}", on_one_line(id)),
        ScoreLabel::Product => "about the product".to_owned(),
        ScoreLabel::Version => "at the version".to_owned(),
        ScoreLabel::Cited { by } => counted(*by, "article refers to it", "articles refer to it"),
        ScoreLabel::MessageOrder => "a quoted message repeats it, in order".to_owned(),
        ScoreLabel::Meaning { cosine } => format!("means the same (cosine {cosine:.2})"),
        ScoreLabel::ExactTitle => "its title is what was asked".to_owned(),
        ScoreLabel::Date => "its date: filters alone list the newest first".to_owned(),
    }
}

fn origin_in_words(origin: &WordOrigin) -> String {
    match origin {
        WordOrigin::Typed => String::new(),
        WordOrigin::Small => ", a word that tells little".to_owned(),
        WordOrigin::PartOf(word) => format!(", part of {}", on_one_line(word)),
        WordOrigin::Product(name) => format!(", of the product {}", on_one_line(name)),
        WordOrigin::StandsFor(words) => format!(", stands for {}", on_one_line(words)),
    }
}

/// Two decimals, since scores differ by as little; dates as numbers have none.
fn number(score: f32) -> String {
    if score < 10_000.0 { format!("{score:.2}") } else { format!("{score:.0}") }
}
