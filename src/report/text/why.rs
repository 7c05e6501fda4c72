//! `casebook diagnose --why CAUSE`: the sum behind one probability, item by item.

use std::io;

use super::diagnosis::state;
use super::{DIM, HEADING, NAME, Page, percent};
use crate::infer::{Explanation, Shown, SymptomState};
use crate::report::fill::plain;
use crate::rule::Program;

/// Before the evidence, each piece of it, and after it.
pub fn why(page: &mut Page, program: &Program, why: &Explanation) -> io::Result<()> {
    let cause = program.cause(why.cause);
    page.heading(&format!("Why {}", cause.name))?;
    page.paragraph("  ", &plain(&cause.title, &Default::default(), None))?;
    if why.out_of_range {
        return page.paragraph("  ", "left out: it does not occur with the product or version that was given");
    }
    page.paragraph("  before: ", &format!("{} of all cases (prior)", exact(why.prior)))?;
    for shown in &why.shows {
        symptom(page, program, shown)?;
    }
    for (symptom, ratio) in &why.against {
        let name = &program.symptom(*symptom).name;
        page.paragraph(
            "  against: ",
            &format!("{name} ({}, odds divided by {:.0})", state(SymptomState::Present), 1.0 / ratio),
        )?;
    }
    for (resolution, fails) in &why.tried {
        let name = &program.resolution(*resolution).name;
        page.paragraph("  tried: ", &format!("{name} did not help, as in {} of such cases", exact(*fails)))?;
    }
    let after = format!("{HEADING}{}{HEADING:#}", percent(why.probability));
    match why.none_of_these {
        Some(none) => page.paragraph("  after: ", &format!("{after}, none of these {}", percent(none))),
        None => page.paragraph("  after: ", &format!("{after}, since nothing was seen that bears on it")),
    }
}

fn symptom(page: &mut Page, program: &Program, shown: &Shown) -> io::Result<()> {
    let mark = match shown.state {
        SymptomState::Present => "●",
        SymptomState::Absent => "○",
        SymptomState::Unknown => "?",
    };
    let weight = shown.decibans.map(|weight| format!(", {weight:+.1} dB")).unwrap_or_default();
    let name = &program.symptom(shown.symptom).name;
    page.paragraph(&format!("  {mark} "), &format!("{name} ({}{weight})", state(shown.state)))?;
    let rule = format!("shown in {}, seen without any cause in {}", exact(shown.chance), exact(shown.leak));
    page.paragraph("    ", &format!("{DIM}{rule}{DIM:#}"))?;
    for rival in &shown.rivals {
        let name = &program.cause(rival.cause).name;
        let (now, chance) = (percent(rival.probability), exact(rival.chance));
        page.paragraph("    rival: ", &format!("{NAME}{name}{NAME:#} {DIM}({now}, shows it in {chance}){DIM:#}"))?;
    }
    Ok(())
}

/// A number of a rule, as exact as rules give it: `0.0005` as `0.05 %`.
fn exact(chance: f64) -> String {
    format!("{}\u{a0}%", (chance * 1e6).round() / 1e4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_of_rules_are_shown_as_written() {
        assert_eq!(exact(1.0 / 2000.0), "0.05\u{a0}%");
        assert_eq!(exact(0.9), "90\u{a0}%");
        assert_eq!(exact(1.0 - 0.9), "10\u{a0}%");
    }
}
