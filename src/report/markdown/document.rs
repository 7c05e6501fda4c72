//! Writes a [`Document`] as Markdown: the verdict as a heading, and a list for each section.

use std::io::{self, Write};

use super::escape::{block, code, escaped, fenced, prose};
use crate::report::clean::on_one_line;
use crate::report::diagnosis::verdict_word;
use crate::report::document::{
    Block, Document, EvidenceLine, Headline, Instruction, InstructionLabel, Item, ListingReason, Mark, QuotedRecords,
    Section, Sources, TextLine,
};
use crate::report::number::percent;

/// At most this many characters of a log line are quoted as the reason for an article.
const MAX_QUOTE: usize = 200;

pub(super) fn document(out: &mut dyn Write, document: &Document) -> io::Result<()> {
    let Headline { verdict, title, probability, notes, .. } = &document.headline;
    let probability = probability.as_ref().map(|probability| format!(" ({})", escaped(probability)));
    writeln!(out, "## {}: {}{}", verdict_word(*verdict), escaped(title), probability.unwrap_or_default())?;
    notes.iter().try_for_each(|note| writeln!(out, "\n{}", prose(note)))?;
    document.sections.iter().try_for_each(|one| section(out, one, &document.sources))
}

fn section(out: &mut dyn Write, section: &Section, sources: &Sources) -> io::Result<()> {
    let name = section.name.map(|name| format!(" {}", code(name))).unwrap_or_default();
    writeln!(out, "\n### {}{name}\n", section.heading)?;
    if let Some(lead) = &section.lead {
        writeln!(out, "{}\n", prose(lead))?;
    }
    section.items.iter().try_for_each(|one| item(out, one, sources))?;
    section.notes.iter().try_for_each(|note| writeln!(out, "\n{}", prose(note)))
}

fn item(out: &mut dyn Write, item: &Item, sources: &Sources) -> io::Result<()> {
    let (lead, is_strong) = match item.mark {
        Mark::Number(number) => (format!("{number}. "), item.is_name),
        Mark::Probability(probability) => (format!("- **{}** ", escaped(&percent(probability))), false),
        Mark::Seen(_) | Mark::Plain | Mark::Question | Mark::Label(_) => ("- ".to_owned(), item.is_name),
    };
    let title = match (item.mark, item.id) {
        (Mark::Label(mark), _) => marked(mark, &item.title),
        (_, Some(id)) => format!("{} {}", code(id), escaped(&item.title)),
        (_, None) if is_strong => format!("**{}**", prose(&item.title)),
        (_, None) => prose(&item.title),
    };
    let name = item.name.map(code);
    let facts = item.facts.iter().map(String::as_str).chain(item.badge).map(escaped);
    let facts: Vec<String> = name.into_iter().chain(facts).collect();
    let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
    writeln!(out, "{lead}{title}{facts}")?;
    // Parts belong to an item if they are indented as far as its text.
    let indent = if let Mark::Number(_) = item.mark { lead.len() } else { 2 };
    item.parts.iter().try_for_each(|one| part(out, indent, one, sources))
}

fn part(out: &mut dyn Write, indent: usize, part: &Block, sources: &Sources) -> io::Result<()> {
    let line = match part {
        Block::Line(TextLine { mark, option, text, .. }) => {
            let option = option.as_ref().map(|option| format!("then {}; ", code(option))).unwrap_or_default();
            if option.is_empty() { marked(mark, text) } else { format!("{option}{}", escaped(text)) }
        }
        Block::How(how) => code(how),
        Block::Step(one) => return step(out, indent, one),
        Block::Records(some) => return records(out, indent, some, sources),
        Block::Evidence(one) => evidence(one, sources),
        Block::Reason(ListingReason { is_minor: true, .. }) => return Ok(()),
        Block::Reason(one) => reason(one, sources),
    };
    writeln!(out, "{:indent$}- {line}", "")
}

/// Writes a step, and its command as a code block. Blank lines keep lists of different kinds apart.
fn step(out: &mut dyn Write, indent: usize, Instruction { label, text, command }: &Instruction) -> io::Result<()> {
    let (lead, words) = match label {
        InstructionLabel::Number(number) => (format!("{number}. "), prose(text)),
        InstructionLabel::Word(word) => ("- ".to_owned(), format!("{word}: {}", escaped(text))),
    };
    if let InstructionLabel::Number(1) = label {
        writeln!(out)?;
    }
    writeln!(out, "{:indent$}{lead}{words}", "")?;
    let Some(command) = command else { return Ok(()) };
    write!(out, "\n{}", fenced(&on_one_line(command), "sh", indent + lead.len()))
}

/// Writes the first records as a code block. Each begins with its place, and its further lines are indented.
fn records(out: &mut dyn Write, indent: usize, records: &QuotedRecords, sources: &Sources) -> io::Result<()> {
    let mut text = String::new();
    for record in &records.records[..records.n_shown] {
        let gist = record.gist();
        let mut lines = gist.lines().map(str::trim_end);
        let first = lines.next().unwrap_or_default();
        text.push_str(&format!("{}  {first}\n", on_one_line(&sources.place(record.at))));
        lines.for_each(|line| text.push_str(&format!("    {line}\n")));
    }
    write!(out, "\n{}", fenced(&text, "text", indent))?;
    match records.also() {
        Some(also) => writeln!(out, "\n{:indent$}{also}\n", ""),
        None => writeln!(out),
    }
}

fn evidence(evidence: &EvidenceLine, sources: &Sources) -> String {
    let (lean, odds) = evidence.words();
    let place = evidence.at.map(|at| code(&sources.place(at)));
    let facts: Vec<String> = [Some(evidence.state.to_owned()), place, odds].into_iter().flatten().collect();
    format!("{lean}: {} ({})", code(evidence.name), facts.join(", "))
}

fn reason(reason: &ListingReason, sources: &Sources) -> String {
    let ListingReason { words, weight, at, record, .. } = reason;
    let place = at.map(|at| code(&sources.place(at)));
    if let Some(record) = record.filter(|_| reason.is_quoted()) {
        let start: String = on_one_line(record).chars().take(MAX_QUOTE).collect();
        return format!("{}, {}: {}", prose(words), place.unwrap_or_default(), code(&start));
    }
    let facts: Vec<String> = weight.iter().map(|weight| escaped(weight)).chain(place).collect();
    format!("{} ({})", prose(words), facts.join(", "))
}

/// Puts the sign `mark`, such as `●`, before `text`, and escapes the text. `mark` may be empty and is not escaped.
fn marked(mark: &str, text: &str) -> String {
    block(&format!("{mark} {}", escaped(text)))
}
