//! Writes a [`Document`] for a terminal.

use std::io;

use super::{BAD, DIM, GOOD, HEADING, MARK, NAME, Page};
use crate::infer::Verdict;
use crate::report::clean::on_one_line;
use crate::report::document::{
    Block, Document, EvidenceLine, Headline, Instruction, InstructionLabel, Item, ListingReason, Mark, Quote,
    QuotedRecords, Section, Sources, TextLine, Tone,
};
use crate::report::number::percent;

/// At most this many characters of a reason for an article are shown, such as a message that the article quotes.
const MAX_QUOTE: usize = 240;

pub(super) fn document(page: &mut Page, document: &Document) -> io::Result<()> {
    headline(page, &document.headline)?;
    document.sections.iter().try_for_each(|one| section(page, one, &document.sources))
}

pub(super) fn headline(page: &mut Page, headline: &Headline) -> io::Result<()> {
    let style = match headline.verdict {
        Verdict::Known => GOOD,
        Verdict::Likely => MARK,
        Verdict::Unknown => BAD,
    };
    let word = crate::report::diagnosis::verdict_word(headline.verdict);
    let title = on_one_line(&headline.title);
    let text = match &headline.probability {
        Some(probability) => format!("{HEADING}{title}{HEADING:#} ({probability})"),
        None => title,
    };
    page.paragraph(&format!("{style}{word}{style:#}{:width$}", "", width = 9 - word.len()), &text)?;
    headline.notes.iter().try_for_each(|note| page.paragraph("         ", &on_one_line(note)))
}

pub(super) fn section(page: &mut Page, section: &Section, sources: &Sources) -> io::Result<()> {
    match section.name {
        Some(name) => page.heading(&format!("{} {}", section.heading, on_one_line(name)))?,
        None => page.heading(section.heading)?,
    }
    if let Some(lead) = &section.lead {
        page.paragraph("  ", &on_one_line(lead))?;
    }
    section.items.iter().try_for_each(|one| item(page, one, sources))?;
    let indent = section.items.first().map_or("  ", |first| note_indent(first.mark));
    let note = |note: &String| page.paragraph(indent, &format!("{DIM}{}{DIM:#}", on_one_line(note)));
    section.notes.iter().try_for_each(note)
}

fn item(page: &mut Page, item: &Item, sources: &Sources) -> io::Result<()> {
    let title = on_one_line(&item.title);
    let is_heading = item.is_name && !matches!(item.mark, Mark::Seen(_));
    let mut words = vec![if is_heading { format!("{HEADING}{title}{HEADING:#}") } else { title }];
    words.extend(item.name.map(|name| format!("{NAME}{}{NAME:#}", on_one_line(name))));
    let facts = item.facts.iter().map(String::as_str).chain(item.badge);
    words.extend(facts.map(|fact| format!("{DIM}{}{DIM:#}", on_one_line(fact))));
    let mut lead = lead(item.mark);
    if let Some(id) = item.id {
        lead.push_str(&format!("{NAME}{}{NAME:#}  ", on_one_line(id)));
    }
    page.paragraph(&lead, &words.join("  "))?;
    let indent = part_indent(item.mark);
    item.parts.iter().try_for_each(|one| part(page, indent, one, sources))
}

fn lead(mark: Mark) -> String {
    match mark {
        Mark::Plain | Mark::Label("") => "  ".to_owned(),
        Mark::Number(number) => format!("{number:>3}. "),
        Mark::Seen(true) => "  ● ".to_owned(),
        Mark::Seen(false) => "  ○ ".to_owned(),
        Mark::Question => "  ? ".to_owned(),
        Mark::Probability(probability) => format!("{:>6}  ", percent(probability)),
        Mark::Label(label) => format!("  {label} "),
    }
}

fn part_indent(mark: Mark) -> &'static str {
    match mark {
        Mark::Plain | Mark::Question | Mark::Label(_) => "    ",
        Mark::Number(_) => "     ",
        Mark::Seen(_) => "      ",
        Mark::Probability(_) => "        ",
    }
}

fn note_indent(mark: Mark) -> &'static str {
    match mark {
        Mark::Plain | Mark::Label(_) => "  ",
        Mark::Question | Mark::Seen(_) | Mark::Number(_) | Mark::Probability(_) => part_indent(mark),
    }
}

fn part(page: &mut Page, indent: &str, part: &Block, sources: &Sources) -> io::Result<()> {
    match part {
        Block::Line(one) => line(page, indent, one),
        Block::How(how) => page.paragraph(indent, &format!("{NAME}{}{NAME:#}", on_one_line(how))),
        Block::Step(one) => step(page, indent, one),
        Block::Records(some) => records(page, indent, some, sources),
        Block::Evidence(one) => page.paragraph(indent, &format!("{DIM}{}{DIM:#}", evidence(one, sources))),
        Block::Reason(ListingReason { is_minor: true, .. }) => Ok(()),
        Block::Reason(one) => reason(page, indent, one, sources),
    }
}

fn line(page: &mut Page, indent: &str, TextLine { mark, tone, option, text }: &TextLine) -> io::Result<()> {
    let option = option.as_ref().map(|option| format!("then {}; ", on_one_line(option))).unwrap_or_default();
    let text = on_one_line(text);
    let text = match tone {
        Tone::Plain => format!("{option}{text}"),
        Tone::Quiet => format!("{DIM}{option}{text}{DIM:#}"),
        Tone::Relation => format!("{MARK}{option}{text}{MARK:#}"),
    };
    let gap = if mark.is_empty() { "" } else { " " };
    page.paragraph(&format!("{indent}{mark}{gap}"), &text)
}

fn step(page: &mut Page, indent: &str, Instruction { label, text, command }: &Instruction) -> io::Result<()> {
    let lead = match label {
        InstructionLabel::Number(number) => format!("{indent}{number}. "),
        InstructionLabel::Word(word) => format!("{indent}{word}: "),
    };
    page.paragraph(&lead, &on_one_line(text))?;
    match command {
        Some(command) => page.command(&format!("{indent}   "), command),
        None => Ok(()),
    }
}

fn records(page: &mut Page, indent: &str, records: &QuotedRecords, sources: &Sources) -> io::Result<()> {
    for (index, record) in records.records.iter().take(records.n_shown).enumerate() {
        let lead = format!("{indent}{DIM}{}{DIM:#}  ", on_one_line(&sources.place(record.at)));
        // Of further records the beginning is enough, because most of them say the same.
        if index == 0 { page.record(&lead, &record.gist())? } else { page.cut_record(&lead, &record.gist())? }
    }
    match records.also() {
        Some(also) => page.paragraph(indent, &format!("{DIM}{also}{DIM:#}")),
        None => Ok(()),
    }
}

fn evidence(evidence: &EvidenceLine, sources: &Sources) -> String {
    let (lean, odds) = evidence.words();
    let place = evidence.at.map(|at| sources.place(at));
    let facts: Vec<String> = [Some(evidence.state.to_owned()), place, odds].into_iter().flatten().collect();
    on_one_line(&format!("{lean}: {} ({})", evidence.name, facts.join(", ")))
}

fn reason(page: &mut Page, indent: &str, reason: &ListingReason, sources: &Sources) -> io::Result<()> {
    let ListingReason { words, weight, at, record, quote, .. } = reason;
    let place = at.map(|at| sources.place(at));
    match (quote, record.filter(|_| reason.is_quoted())) {
        (Quote::Beginning, Some(record)) => {
            page.cut_record(indent, &format!("{words}: {}  {record}", place.unwrap_or_default()))
        }
        (_, Some(record)) => page.record(indent, &format!("{words}: {}  {record}", place.unwrap_or_default())),
        (_, None) => {
            let facts: Vec<String> = weight.iter().cloned().chain(place).collect();
            let words = super::cut(&on_one_line(words), MAX_QUOTE);
            page.paragraph(indent, &on_one_line(&format!("{words} ({})", facts.join(", "))))
        }
    }
}
