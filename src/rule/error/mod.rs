//! Every diagnostic about rule text: its code, its documentation, its wording and its advice.
//!
//! To add one: in the file of its topic, declare its code with its documentation and write a constructor named after the
//! mistake; add a fixture to tests/cases/rule_errors. `UPDATE_EXPECT=1 cargo test rule::` then writes the expected output and
//! docs/diagnostics.md. A code never gets a second meaning. R001–R079 and R130–R141 are errors, the others are warnings.

/// A group of codes that docs/diagnostics.md shows under one heading.
#[cfg(test)]
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) codes: &'static [Code],
}

/// A code and the lines of its documentation. The first line is its heading.
#[cfg(test)]
pub(super) struct Code {
    pub(super) code: &'static str,
    pub(super) lines: &'static [&'static str],
}

/// Declares the codes of a section, each after its documentation in Markdown.
macro_rules! codes {
    ($title:literal; $($(#[doc = $line:literal])+ $name:ident = $code:literal;)+) => {
        $(pub(crate) const $name: &str = $code;)+

        #[cfg(test)]
        pub(super) const SECTION: super::Section = super::Section {
            title: $title,
            codes: &[$(super::Code { code: $code, lines: &[$($line),+] }),+],
        };
    };
}

mod content;
mod format;
mod likely;
mod name;
mod pattern;
mod spelling;
mod syntax;
mod template;
mod time;
mod value;
mod warning;

use crate::diagnostic::{self, Diagnostic};
use crate::rule::ast::ItemKind;

pub(super) use content::*;
pub(super) use format::*;
pub(super) use likely::*;
pub(crate) use likely::{LACKS_CAPTURE, header_in_pattern, stamp_in_regex};
pub(super) use name::*;
pub(super) use pattern::*;
pub(super) use spelling::*;
pub(super) use syntax::*;
pub(super) use template::*;
pub(super) use time::*;
pub(super) use value::*;
pub(super) use warning::*;

/// All codes in the order of docs/diagnostics.md.
#[cfg(test)]
pub(super) const SECTIONS: [&Section; 11] = [
    &syntax::SECTION,
    &spelling::SECTION,
    &pattern::SECTION,
    &name::SECTION,
    &template::SECTION,
    &value::SECTION,
    &content::SECTION,
    &format::SECTION,
    &warning::SECTION,
    &likely::SECTION,
    &time::SECTION,
];

/// The word that begins an item, which is also what a user calls it.
fn kind_name(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Pack => "pack",
        ItemKind::Symptom => "symptom",
        ItemKind::Cause => "cause",
        ItemKind::Resolution | ItemKind::RuleResolution => "resolution",
        ItemKind::Rule => "rule",
        ItemKind::Test => "test",
        ItemKind::Format => "format",
        ItemKind::Mute => "mute",
    }
}

fn list(words: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    words.into_iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}

/// Returns the candidate that a user may have meant by `name`. `None` for a name of one or two letters, because almost
/// any name is near to it.
pub(super) fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    (name.chars().count() > 2).then(|| diagnostic::did_you_mean(name, candidates)).flatten()
}

/// Adds advice to a diagnostic about `written`: the candidate `near`, or what `otherwise` returns if there is none.
fn helped(diagnostic: Diagnostic, written: &str, near: Option<&str>, otherwise: impl FnOnce() -> String) -> Diagnostic {
    match near {
        Some(near) => near_miss(diagnostic, written, near),
        None => diagnostic.help(otherwise()),
    }
}

/// Adds `near` as what is probably meant by `written`, at the place of a diagnostic. The fix is sure only if the two differ by a
/// slip.
fn near_miss(wrong: Diagnostic, written: &str, near: &str) -> Diagnostic {
    let span = wrong.span();
    let wrong = wrong.help(format!("did you mean `{near}`?")).replace(span, near);
    if diagnostic::is_slip(written, near) { wrong } else { wrong.proposed() }
}
