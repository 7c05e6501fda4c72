//! Writes a diagnosis as one self-contained HTML page, without scripts and without access to the network.
//!
//! All text of logs, articles and rules is written through `escape::text`. Headings, tables and links are marked up so
//! that screen readers can use them.

mod escape;
mod item;
mod lines;

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use self::escape::text;
use self::lines::Lines;
use super::DiagnosisView;
use super::diagnosis::verdict_word;
use super::document::{Document, Headline, Mark, Section};
use crate::infer::Verdict;

/// Colours and spacing, for light and dark screens and for paper.
const STYLE: &str = include_str!("style.css");

/// Explains the numbers on the page.
const LEGEND: &str = "Probabilities are computed from the rules and from what was seen. Evidence for a cause multiplies (×) its \
                      odds, evidence against it divides (÷) them.";

/// Id of a section. The log lines are listed just before it.
const AFTER_LINES: &str = "read";

/// Writes the report of a diagnosis.
pub fn diagnosis(out: &mut dyn Write, view: DiagnosisView) -> io::Result<()> {
    let mut page = String::new();
    write_page(&mut page, &view.document()).expect("a String takes everything");
    out.write_all(page.as_bytes())
}

fn write_page(out: &mut String, document: &Document) -> fmt::Result {
    let lines = Lines::new(document);
    head(out, &document.headline)?;
    writeln!(out, "<body>\n<main>")?;
    headline(out, &document.headline)?;
    for one in &document.sections {
        if one.id == AFTER_LINES && !lines.is_empty() {
            framed(out, "lines", "Log lines", |out| lines.write(out, &document.sources))?;
        }
        section(out, one, &lines)?;
    }
    writeln!(out, "</main>\n<footer><p>Made by casebook. {LEGEND}</p></footer>\n</body>\n</html>")
}

fn head(out: &mut String, Headline { verdict, title, .. }: &Headline) -> fmt::Result {
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{}: {}</title>\n<style>\n{STYLE}</style>\n</head>\n",
        verdict_word(*verdict),
        text(title)
    )
}

fn headline(out: &mut String, headline: &Headline) -> fmt::Result {
    let (word, title) = (verdict_word(headline.verdict), text(&headline.title));
    let class = match headline.verdict {
        Verdict::Known => "known",
        Verdict::Likely => "likely",
        Verdict::Unknown => "unknown",
    };
    write!(out, "<header class=\"{class}\">\n<p class=\"verdict\">{word}</p>\n<h1>{title}")?;
    if let Some(probability) = &headline.probability {
        write!(out, " <span class=\"chance\">{}</span>", text(probability))?;
    }
    writeln!(out, "</h1>")?;
    headline.notes.iter().try_for_each(|note| writeln!(out, "<p>{}</p>", text(note)))?;
    writeln!(out, "<p class=\"quiet\">{}</p>\n</header>", text(&headline.read))
}

/// Writes a section. `heading` is HTML, and must be safe already.
fn framed(out: &mut String, id: &str, heading: &str, content: impl FnOnce(&mut String) -> fmt::Result) -> fmt::Result {
    writeln!(out, "<section id=\"{id}\" aria-labelledby=\"{id}-heading\">\n<h2 id=\"{id}-heading\">{heading}</h2>")?;
    content(out)?;
    writeln!(out, "</section>")
}

fn section(out: &mut String, section: &Section, lines: &Lines) -> fmt::Result {
    let name = section.name.map(|name| format!(" <code>{}</code>", text(name))).unwrap_or_default();
    let heading = format!("{}{name}", section.heading);
    framed(out, &section.id, &heading, |out| {
        if let Some(lead) = &section.lead {
            writeln!(out, "<p>{}</p>", text(lead))?;
        }
        list(out, section, lines)?;
        section.notes.iter().try_for_each(|note| writeln!(out, "<p class=\"quiet\">{}</p>", text(note)))
    })
}

fn list(out: &mut String, section: &Section, lines: &Lines) -> fmt::Result {
    let Some(first) = section.items.first() else { return Ok(()) };
    let items =
        |out: &mut String| (0..).zip(&section.items).try_for_each(|(index, one)| item::item(out, index, one, lines));
    let tag = match first.mark {
        Mark::Number(_) => "ol",
        Mark::Probability(_) => return items(out),
        Mark::Plain | Mark::Seen(_) | Mark::Question | Mark::Label(_) => "ul",
    };
    writeln!(out, "<{tag} class=\"{}\">", section.id)?;
    items(out)?;
    writeln!(out, "</{tag}>")
}
