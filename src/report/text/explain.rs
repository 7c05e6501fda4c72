//! Writes `casebook search --explain` and `--why-not`: the parts of scores.

use std::io;

use super::{DIM, HEADING, NAME, Page, counted};
use crate::query::QueryPiece;
use crate::report::clean::on_one_line;
use crate::store::{Restriction, ScoreExplanation, ScoreLabel, ScorePart, WhyNot, WhyNotReason, WordOrigin};

/// Parts of a score shown singly. The rest is summed up in one line, because a pasted message has dozens.
const SHOWN: usize = 12;

/// Width in columns of a number with two decimals.
const NUMBER: usize = 8;

/// Maximum width in columns of numbers below an article id. The columns are as wide as the ids, up to this.
const MAX_NUMBER: usize = 20;

/// Writes the parts of the score of a hit.
pub(super) fn explained(page: &mut Page, explained: &ScoreExplanation) -> io::Result<()> {
    let sum: f32 = explained.parts.iter().map(|part| part.score).sum();
    let weighed = match explained.weight {
        1.0 => String::new(),
        weight => format!(" = {weight} (weight of the collection) × {}", number(sum)),
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
        page.paragraph("     ", &format!("{DIM}does not contain{DIM:#} {}", lacking.join(", ")))
    }
}

/// Writes why an article is not among the hits (or at which rank it is), and its score beside that of a hit.
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

/// Says in a sentence why an article is not among the hits, or at which rank it is.
fn outcome(why: &WhyNot) -> String {
    match &why.outcome {
        WhyNotReason::NotHeld { near } if near.is_empty() => "There is no such article in this KB.".to_owned(),
        WhyNotReason::NotHeld { near } => {
            format!("There is no such article in this KB; did you mean {}?", any_of(near.iter().map(String::as_str)))
        }
        WhyNotReason::Shown { rank } => format!("It is hit {rank}."),
        WhyNotReason::NearCopy { of, rank } => {
            format!("It is a near-copy of {}, which is hit {rank}.", on_one_line(of))
        }
        WhyNotReason::KeptOut(barriers) => {
            let barriers: Vec<String> = barriers.iter().map(barrier).collect();
            format!("It is excluded: {}.", barriers.join("; "))
        }
        WhyNotReason::HoldsNothing => "It contains none of the words of the query.".to_owned(),
        WhyNotReason::Behind { rank: Some(rank) } => format!("It has rank {rank}: other articles have higher scores."),
        WhyNotReason::Behind { rank: None } => "It is beyond rank 1,000: other articles have higher scores.".to_owned(),
        WhyNotReason::Overlooked => {
            "Its words alone give it such a low rank that the search did not look at the rest; \
            with more hits (`--limit`) it appears."
                .to_owned()
        }
    }
}

fn barrier(restriction: &Restriction) -> String {
    match restriction {
        Restriction::Collections(names) => format!("it is not in {}", any_of(names.iter().map(String::as_str))),
        Restriction::Pieces(pieces) => match &pieces[..] {
            [QueryPiece::Excluded(words)] => format!("it contains `{}`", on_one_line(words)),
            [QueryPiece::Filter(filter)] if filter.negated => {
                format!("`{}` excludes it", on_one_line(&filter.to_string()))
            }
            pieces => format!("it does not match {}", asked(pieces)),
        },
    }
}

/// Formats a restriction as the user typed it.
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

/// Writes two scores side by side, the parts with the greatest differences first.
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

/// Whether two parts have the same kind and are about the same word. The number of citations may differ.
fn is_same(a: &ScoreLabel, b: &ScoreLabel) -> bool {
    match (a, b) {
        (ScoreLabel::Cited { .. }, ScoreLabel::Cited { .. }) => true,
        (a, b) => a == b,
    }
}

/// Writes a line with numbers in columns of the given width, then `text`.
fn row<const N: usize>(page: &mut Page, numbers: [f32; N], width: usize, text: &str) -> io::Result<()> {
    let numbers = numbers.map(|n| format!("{:>width$}", number(n)));
    page.paragraph(&format!("   {}  ", numbers.join(" ")), text)
}

/// Formats a part with the parts that it is the sum of.
fn in_words(part: &ScorePart) -> String {
    let children: Vec<String> =
        part.children.iter().map(|child| format!("{} {}", named(child), number(child.score))).collect();
    let made_of = if children.is_empty() { String::new() } else { format!(" {DIM}= {}{DIM:#}", children.join(" + ")) };
    named(part) + &made_of
}

/// Says what a part of a score is for.
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
        ScoreLabel::Id(id) => format!("its id is {}", on_one_line(id)),
        ScoreLabel::Product => "about the product".to_owned(),
        ScoreLabel::Version => "for the version".to_owned(),
        ScoreLabel::Cited { by } => counted(*by, "article refers to it", "articles refer to it"),
        ScoreLabel::MessageOrder => "has these words in this order, in a message or in one place".to_owned(),
        ScoreLabel::Meaning { cosine } => format!("similar meaning (cosine {cosine:.2})"),
        ScoreLabel::ExactTitle => "its title is the query".to_owned(),
        ScoreLabel::Date => "its date: without words, the newest article is first".to_owned(),
    }
}

fn origin_in_words(origin: &WordOrigin) -> String {
    match origin {
        WordOrigin::Typed => String::new(),
        WordOrigin::Small => ", a common word".to_owned(),
        WordOrigin::PartOf(word) => format!(", part of {}", on_one_line(word)),
        WordOrigin::Product(name) => format!(", of the product {}", on_one_line(name)),
        WordOrigin::StandsFor(words) => format!(", added for {}", on_one_line(words)),
    }
}

/// Formats a score with two decimals. A large one is a date, and gets none.
fn number(score: f32) -> String {
    if score < 10_000.0 { format!("{score:.2}") } else { format!("{score:.0}") }
}
