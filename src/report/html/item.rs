//! Writes one entry of a list: a cause as a card with a bar and a table, a resolution as an item that folds, and
//! everything else as a plain item.

use std::fmt::{self, Write};

use super::escape::text;
use super::lines::Lines;
use crate::report::document::{
    Anchor, Block, EvidenceLine, Instruction, InstructionLabel, Item, ListingReason, Mark, QuotedRecords, TextLine,
    Tone, Weight,
};
use crate::report::number::percent;

/// Writes one entry of a list. `index` is its position there, from 0.
pub(super) fn item(out: &mut String, index: usize, item: &Item, lines: &Lines) -> fmt::Result {
    if let Mark::Probability(probability) = item.mark {
        return card(out, probability, item, lines);
    }
    let id = item.anchor.as_ref().map(|Anchor { id, .. }| format!(" id=\"{id}\"")).unwrap_or_default();
    let class = if let Mark::Seen(false) = item.mark { " class=\"absent\"" } else { "" };
    write!(out, "<li{id}{class}>")?;
    if item.folds {
        let open = if index == 0 { " open" } else { "" };
        write!(out, "<details{open}>\n<summary>")?;
        heading(out, item)?;
        let n_facts = item.parts.partition_point(|part| matches!(part, Block::Line(_)));
        for part in &item.parts[..n_facts] {
            if let Block::Line(facts) = part {
                write!(out, " <span class=\"quiet\">{}</span>", text(&facts.text))?;
            }
        }
        write!(out, "</summary>")?;
        parts(out, &item.parts[n_facts..], lines)?;
        return writeln!(out, "</details></li>");
    }
    if let Mark::Label(label) = item.mark {
        write!(out, "{label} ")?;
    }
    if let Some(id) = item.id {
        write!(out, "<code class=\"id\">{}</code> ", text(id))?;
    }
    write!(out, "{}", text(&item.title))?;
    for fact in &item.facts {
        write!(out, " <span class=\"count\">{}</span>", text(fact))?;
    }
    if let Some(badge) = item.badge {
        write!(out, " <span class=\"badge {}\">{badge}</span>", if item.id.is_some() { "high" } else { badge })?;
    }
    parts(out, &item.parts, lines)?;
    writeln!(out, "</li>")
}

fn heading(out: &mut String, item: &Item) -> fmt::Result {
    let name = item.name.map(|name| format!(" <code>{}</code>", text(name))).unwrap_or_default();
    write!(out, "<h3>{}{name}</h3>", text(&item.title))
}

/// Writes a cause, with its probability as a bar and as a number.
fn card(out: &mut String, probability: f64, item: &Item, lines: &Lines) -> fmt::Result {
    writeln!(out, "<div class=\"cause\">")?;
    heading(out, item)?;
    writeln!(
        out,
        "\n<p class=\"probability\"><span class=\"bar\" aria-hidden=\"true\"><span style=\"width:{:.1}%\"></span></span> {}</p>",
        probability * 100.0,
        text(&percent(probability))
    )?;
    parts(out, &item.parts, lines)?;
    writeln!(out, "</div>")
}

/// Writes the parts of an item. Consecutive parts of one kind share a list or a table.
fn parts(out: &mut String, parts: &[Block], lines: &Lines) -> fmt::Result {
    for run in parts.chunk_by(|a, b| frame(a) == frame(b)) {
        let (before, after) = frame(&run[0]);
        out.push_str(before);
        run.iter().try_for_each(|one| part(out, one, lines))?;
        out.push_str(after);
    }
    Ok(())
}

/// The tags before and after a run of parts of one kind.
fn frame(part: &Block) -> (&'static str, &'static str) {
    match part {
        Block::Evidence(_) => (
            "<table>\n<thead><tr><th scope=\"col\">Evidence</th><th scope=\"col\">State</th><th scope=\"col\">Line</th>\
             <th scope=\"col\">For</th><th scope=\"col\">Against</th></tr></thead>\n<tbody>\n",
            "</tbody>\n</table>\n",
        ),
        Block::Step(Instruction { label: InstructionLabel::Number(_), .. }) => ("<ol>\n", "</ol>\n"),
        Block::Step(Instruction { label: InstructionLabel::Word(_), .. }) => ("<dl>\n", "</dl>\n"),
        Block::Line(_) | Block::How(_) | Block::Records(_) | Block::Reason(_) => ("\n", ""),
    }
}

fn part(out: &mut String, part: &Block, lines: &Lines) -> fmt::Result {
    match part {
        Block::Line(one) => line(out, one),
        Block::How(how) => writeln!(out, "<pre>{}</pre>", text(how)),
        Block::Step(one) => step(out, one),
        Block::Records(some) => records(out, some, lines),
        Block::Evidence(one) => evidence(out, one, lines),
        Block::Reason(one) => reason(out, one, lines),
    }
}

fn line(out: &mut String, TextLine { mark, tone, option, text: words }: &TextLine) -> fmt::Result {
    let class = match tone {
        Tone::Quiet => " class=\"quiet\"",
        Tone::Plain | Tone::Relation => "",
    };
    let option = option.as_ref().map(|option| format!("then <code>{}</code>; ", text(option))).unwrap_or_default();
    let gap = if mark.is_empty() { "" } else { " " };
    writeln!(out, "<div{class}>{mark}{gap}{option}{}</div>", text(words))
}

fn step(out: &mut String, Instruction { label, text: words, command }: &Instruction) -> fmt::Result {
    let command = command.as_ref().map(|command| format!("\n<pre>{}</pre>", text(command))).unwrap_or_default();
    match label {
        InstructionLabel::Number(_) => writeln!(out, "<li>{}{command}</li>", text(words)),
        InstructionLabel::Word(word) => writeln!(out, "<dt>{word}</dt><dd>{}{command}</dd>", text(words)),
    }
}

/// Writes the first record, and links to all records.
fn records(out: &mut String, records: &QuotedRecords, lines: &Lines) -> fmt::Result {
    let Some(first) = records.records.first() else { return Ok(()) };
    write!(out, "<pre>")?;
    lines.record(out, first.at)?;
    let noun = if records.records.len() == 1 { "line" } else { "lines" };
    write!(out, "</pre>\n<div class=\"quiet\">{noun}")?;
    let mut before = lines.single_source();
    for record in &records.records {
        if before != Some(record.at.0) {
            write!(out, " {}:", text(lines.source(record.at.0)))?;
        }
        before = Some(record.at.0);
        out.push(' ');
        lines.link(out, record.at)?;
    }
    writeln!(out, "{}</div>", records.ellipsis())
}

/// Writes a row of the evidence table. If the evidence has no weight, both columns for it stay empty.
fn evidence(out: &mut String, evidence: &EvidenceLine, lines: &Lines) -> fmt::Result {
    let EvidenceLine { title, name, state, at, weight } = evidence;
    write!(out, "<tr><th scope=\"row\">{} <code>{}</code></th><td>{state}</td><td>", text(title), text(name))?;
    if let Some(at) = at {
        lines.place(out, *at)?;
    }
    let words = |weight: &Weight| format!("{} ({})", weight.strength, weight.odds);
    let (yes, no) = match weight {
        Some(weight) if weight.is_for => (words(weight), String::new()),
        Some(weight) => (String::new(), words(weight)),
        None => (String::new(), String::new()),
    };
    writeln!(out, "</td><td class=\"number for\">{yes}</td><td class=\"number against\">{no}</td></tr>")
}

fn reason(out: &mut String, reason: &ListingReason, lines: &Lines) -> fmt::Result {
    write!(out, "<div class=\"quiet\">{}", text(&reason.words))?;
    if let Some(weight) = &reason.weight {
        write!(out, ", {}", text(weight))?;
    }
    if let Some(at) = reason.at {
        out.push_str(", line ");
        lines.place(out, at)?;
    }
    match reason.record.filter(|_| reason.is_quoted()) {
        Some(record) => writeln!(out, ": <code>{}</code></div>", text(record)),
        None => writeln!(out, "</div>"),
    }
}
