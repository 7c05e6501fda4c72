//! `casebook rule test --format junit`: the outcomes of tests as XML that services for continuous integration read.

use std::io::{self, Write};

use crate::pipeline::TestOutcome;

/// Writes the outcomes. `left_out` has the title and the place of tests that did not run because of a mistake.
pub fn tests(out: &mut dyn Write, outcomes: &[TestOutcome], left_out: &[(String, String)]) -> io::Result<()> {
    let failed = outcomes.iter().filter(|outcome| !outcome.failures.is_empty()).count();
    let n = outcomes.len() + left_out.len();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuite name=\"casebook\" tests=\"{n}\" failures=\"{failed}\" errors=\"{}\" skipped=\"0\">",
        left_out.len()
    )?;
    for outcome in outcomes {
        let case = case(&outcome.title, &outcome.place);
        if outcome.failures.is_empty() {
            writeln!(out, "  <testcase {case}/>")?;
            continue;
        }
        writeln!(out, "  <testcase {case}>")?;
        for failure in &outcome.failures {
            let notes = failure.notes.join("\n");
            writeln!(out, "    <failure message=\"{}\">{}</failure>", escaped(&failure.text), escaped(&notes))?;
        }
        writeln!(out, "  </testcase>")?;
    }
    for (title, place) in left_out {
        let case = case(title, place);
        writeln!(out, "  <testcase {case}><error message=\"left out because of a mistake in the rules\"/></testcase>")?;
    }
    writeln!(out, "</testsuite>")
}

/// The attributes of a test: its title, its file and its line.
fn case(title: &str, place: &str) -> String {
    let (file, line) = place.rsplit_once(':').unwrap_or((place, "0"));
    format!("name=\"{}\" classname=\"{}\" line=\"{}\"", escaped(title), escaped(file), escaped(line))
}

/// Escapes what XML reads as markup, and replaces the characters that it cannot contain.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Failure;

    #[test]
    fn a_suite_has_passed_failed_and_left_out_tests() {
        let failure =
            Failure { line: 3, text: "got <1>".to_owned(), notes: vec!["a & b".to_owned(), "\u{1}".to_owned()] };
        let outcome =
            |title: &str, failures| TestOutcome { title: title.to_owned(), place: "a.rules:2".to_owned(), failures };
        let outcomes = [outcome("good", Vec::new()), outcome("\"bad\"", vec![failure])];
        let mut out = Vec::new();
        super::tests(&mut out, &outcomes, &[("gone".to_owned(), "b.rules:7".to_owned())]).expect("a Vec takes all");
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
            <testsuite name=\"casebook\" tests=\"3\" failures=\"1\" errors=\"1\" skipped=\"0\">\n  \
            <testcase name=\"good\" classname=\"a.rules\" line=\"2\"/>\n  \
            <testcase name=\"&quot;bad&quot;\" classname=\"a.rules\" line=\"2\">\n    \
            <failure message=\"got &lt;1&gt;\">a &amp; b&#10;\u{fffd}</failure>\n  </testcase>\n  \
            <testcase name=\"gone\" classname=\"b.rules\" line=\"7\"><error message=\"left out because of a mistake in the rules\"/>\
            </testcase>\n</testsuite>\n";
        assert_eq!(String::from_utf8(out).expect("UTF-8"), expected);
    }
}
