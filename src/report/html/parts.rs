//! Causes with their weights of evidence, what to do, and the articles.

use std::fmt::{self, Write};

use super::diagnosis::{more, section};
use super::escape::text;
use super::lines::Lines;
use crate::infer::{Proposed, RankedArticle, RankedCause, RankedResolution};
use crate::report::DiagnosisView;
use crate::report::clean::on_one_line;
use crate::report::diagnosis::{Reason, Weighed, decibans, near_copies};
use crate::report::fill::{fill, plain};
use crate::report::number::{counted, percent};
use crate::rule::{ResolutionStep, Verify};

/// Reasons shown of one article, strongest first.
const MAX_REASONS: usize = 4;

pub(super) fn causes(out: &mut String, view: DiagnosisView, lines: &Lines) -> fmt::Result {
    if view.diagnosis.causes.is_empty() {
        return Ok(());
    }
    section(out, "causes", "Causes", |out| {
        let (backed, bare) = view.causes();
        for ranked in backed {
            cause(out, view, lines, ranked)?;
        }
        writeln!(out, "<div class=\"cause\">\n<h3>None of these</h3>")?;
        bar(out, view.diagnosis.none_of_these)?;
        writeln!(out, "</div>")?;
        more(out, view.bare_causes(&bare))?;
        view.left_out().try_for_each(|cause| more(out, Some(cause)))?;
        more(out, view.more(view.diagnosis.causes.len(), "cause", "causes"))
    })
}

fn cause(out: &mut String, view: DiagnosisView, lines: &Lines, ranked: &RankedCause) -> fmt::Result {
    let (title, name) = (view.cause_title(ranked), &view.cause(ranked).name);
    writeln!(out, "<div class=\"cause\">\n<h3>{} <code>{}</code></h3>", text(&title), text(name))?;
    bar(out, ranked.probability)?;
    for link in view.links(ranked) {
        writeln!(out, "<p>{}</p>", text(&link))?;
    }
    let weighed: Vec<Weighed> = view.weighed(ranked).collect();
    if !weighed.is_empty() {
        writeln!(
            out,
            "<table>\n<thead><tr><th scope=\"col\">Evidence</th><th scope=\"col\">State</th><th scope=\"col\">Line</th>\
             <th scope=\"col\">For</th><th scope=\"col\">Against</th></tr></thead>\n<tbody>"
        )?;
        weighed.iter().try_for_each(|because| row(out, view, lines, because))?;
        writeln!(out, "</tbody>\n</table>")?;
    }
    writeln!(out, "</div>")
}

/// One piece of evidence; what was not weighed has neither a weight for nor one against.
fn row(out: &mut String, view: DiagnosisView, lines: &Lines, because: &Weighed) -> fmt::Result {
    let title = view.symptom_title(because.symptom);
    write!(
        out,
        "<tr><th scope=\"row\">{} <code>{}</code></th><td>{}</td><td>",
        text(&title),
        text(because.name),
        because.state
    )?;
    if let Some(at) = because.place() {
        lines.place(out, view, at)?;
    }
    let weight = because.decibans.map(decibans).unwrap_or_default();
    let is_for = because.decibans.is_some_and(|weight| weight > 0.0);
    let (yes, no) = if is_for { (weight.as_str(), "") } else { ("", weight.as_str()) };
    writeln!(out, "</td><td class=\"number for\">{yes}</td><td class=\"number against\">{no}</td></tr>")
}

/// A probability as a bar and in figures.
fn bar(out: &mut String, probability: f64) -> fmt::Result {
    let figure = percent(probability);
    writeln!(
        out,
        "<p class=\"probability\"><span class=\"bar\" aria-hidden=\"true\"><span style=\"width:{:.1}%\"></span></span> {}</p>",
        probability * 100.0,
        text(&figure)
    )
}

pub(super) fn resolutions(out: &mut String, view: DiagnosisView) -> fmt::Result {
    let resolutions = &view.diagnosis.resolutions;
    if resolutions.is_empty() {
        return Ok(());
    }
    section(out, "resolutions", "What to do, in this order", |out| {
        writeln!(out, "<ol class=\"resolutions\">")?;
        for (rank, ranked) in (1..).zip(view.top(resolutions)) {
            resolution(out, view, rank, ranked)?;
        }
        writeln!(out, "</ol>")?;
        more(out, view.more(resolutions.len(), "resolution", "resolutions"))
    })
}

/// The first is open; the others can be read when that did not help.
fn resolution(out: &mut String, view: DiagnosisView, rank: usize, ranked: &RankedResolution) -> fmt::Result {
    let resolution = view.resolution(ranked);
    let open = if rank == 1 { " open" } else { "" };
    let title = plain(&resolution.title, &ranked.captures, None);
    writeln!(
        out,
        "<li><details{open}>\n<summary><h3>{}</h3> <span class=\"quiet\">{}</span></summary>",
        text(&title),
        text(&view.resolution_facts(ranked))
    )?;
    for need in &resolution.needs {
        writeln!(out, "<p>Needs: {}</p>", text(need))?;
    }
    if !resolution.steps.is_empty() {
        writeln!(out, "<ol>")?;
        for one in &resolution.steps {
            out.push_str("<li>");
            step(out, one, ranked)?;
            out.push_str("</li>\n");
        }
        writeln!(out, "</ol>")?;
    }
    writeln!(out, "<dl>")?;
    match &resolution.verify {
        Some(Verify::Check(check)) => {
            out.push_str("<dt>Verify</dt><dd>");
            step(out, check, ranked)?;
            out.push_str("</dd>\n");
        }
        Some(Verify::Silence(symptom, time)) => {
            writeln!(out, "<dt>Verify</dt><dd>{}</dd>", text(&view.silence(*symptom, *time, ranked)))?
        }
        None => {}
    }
    if let Some(undo) = &resolution.undo {
        writeln!(out, "<dt>Undo</dt><dd>{}</dd>", text(&plain(undo, &ranked.captures, None)))?;
    }
    let from = match ranked.resolution {
        Proposed::Rule(_) => "Rule",
        Proposed::Article(_) => "Article",
    };
    writeln!(out, "<dt>{from}</dt><dd><code>{}</code></dd>\n</dl>\n</details></li>", text(&resolution.name))
}

fn step(out: &mut String, step: &ResolutionStep, ranked: &RankedResolution) -> fmt::Result {
    write!(out, "{}", text(&plain(&step.text, &ranked.captures, None)))?;
    match &step.run {
        Some(run) => write!(out, "\n<pre>{}</pre>", text(&on_one_line(&fill(run, &ranked.captures, None)))),
        None => Ok(()),
    }
}

pub(super) fn articles(out: &mut String, view: DiagnosisView, lines: &Lines) -> fmt::Result {
    if view.diagnosis.articles.is_empty() {
        return Ok(());
    }
    section(out, "articles", "Articles", |out| {
        let shown = view.articles();
        writeln!(out, "<ol class=\"articles\">")?;
        for (rank, ranked) in (1..).zip(&shown) {
            article(out, view, lines, rank, ranked)?;
        }
        writeln!(out, "</ol>")?;
        let hidden = view.diagnosis.articles.len() - shown.len();
        more(out, (hidden > 0).then(|| format!("and {} more", counted(hidden as u64, "article", "articles"))))
    })
}

fn article(out: &mut String, view: DiagnosisView, lines: &Lines, rank: usize, article: &RankedArticle) -> fmt::Result {
    let missing = if article.known { "" } else { " <span class=\"badge high\">not in this KB</span>" };
    writeln!(
        out,
        "<li id=\"article-{rank}\"><code class=\"id\">{}</code> {}{missing} <span class=\"count\">confidence {}</span>",
        text(&article.id),
        text(&article.title),
        text(&percent(article.confidence))
    )?;
    for one in view.reasons(article).take(MAX_REASONS) {
        reason(out, view, lines, one)?;
    }
    more(out, near_copies(&article.near_copies))?;
    writeln!(out, "</li>")
}

fn reason(out: &mut String, view: DiagnosisView, lines: &Lines, reason: Reason) -> fmt::Result {
    let Reason { words, weight, at, record, is_record } = reason;
    write!(out, "<div class=\"quiet\">{}", text(&words))?;
    if let Some(weight) = weight {
        write!(out, ", {}", text(&weight))?;
    }
    if let Some(at) = at {
        out.push_str(", line ");
        lines.place(out, view, at)?;
    }
    match record.filter(|_| is_record) {
        Some(record) => writeln!(out, ": <code>{}</code></div>", text(record)),
        None => writeln!(out, "</div>"),
    }
}
