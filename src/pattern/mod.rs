//! Patterns, which rules and article signatures look for in a message: text with holes, and regexes.
//!
//! A pattern works on bytes, in time linear in the message. It knows the literals that each of its matches contains, so
//! that a prefilter can skip all other records.

mod beginning;
mod character;
mod error;
mod hole;
mod literal;
mod matched;
#[cfg(test)]
mod naive;
mod near;
pub(crate) mod quantity;
mod rarity;
mod regex;
#[cfg(test)]
mod tests;
mod text;
mod time;
mod typed;
pub(crate) mod wildcard;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use beginning::Next;
pub use error::{PatternError, PatternErrorKind};
pub use hole::{Hole, HoleKind};
pub use matched::{Capture, Literal, Match};
pub(crate) use near::Trial;
pub use near::{MissKind, PatternMiss};
#[cfg(test)]
pub(crate) use regex::FOLD_INTO_ASCII;
use text::WordEdges;
pub(crate) use text::{MIN_REQUIRED, escape};

use crate::value::Value;

/// A compiled pattern. It can be written and read again, without being compiled: that is done when it is first needed.
///
/// ```
/// # use casebook::pattern::Pattern;
/// # use casebook::value::Value;
/// let pattern = Pattern::text("Failed password for {..} from {ip:ip} port {_:int}", false).expect("a valid pattern");
/// let captures = pattern.captures(b"Failed password for invalid user bob from 192.0.2.7 port 22").expect("it matches");
/// assert_eq!(captures["ip"], Value::Ip([192, 0, 2, 7].into()));
/// ```
#[derive(Debug, Serialize, Deserialize)]
pub struct Pattern {
    form: PatternForm,
}

#[derive(Debug, Serialize, Deserialize)]
enum PatternForm {
    Text(text::TextPattern),
    Regex(regex::RegexPattern),
}

impl Pattern {
    /// Compiles text with holes. `source` is the text between the quotes, escapes included. If case is ignored, ASCII
    /// letters match only ASCII letters, and other letters match by their Unicode case.
    pub fn text(source: &str, ignore_case: bool) -> Result<Pattern, PatternError> {
        Ok(Pattern { form: PatternForm::Text(text::parse(source, ignore_case, WordEdges::Needed)?) })
    }

    /// Compiles a regex. `flags` holds any of `i` (ignore case), `s` (dot matches line ends), `x` (blanks and comments).
    pub fn regex(source: &str, flags: &str) -> Result<Pattern, PatternError> {
        Ok(Pattern { form: PatternForm::Regex(regex::compile(source, flags)?) })
    }

    /// The same pattern with the case of letters ignored. `None` if case is ignored already, or if the regex becomes
    /// too large.
    fn ignoring_case(&self) -> Option<Pattern> {
        match &self.form {
            PatternForm::Text(text) if text.ignore_case => None,
            PatternForm::Text(text) => Pattern::text(&text.source, true).ok(),
            PatternForm::Regex(regex) if regex.flags.contains('i') => None,
            PatternForm::Regex(regex) => Pattern::regex(&regex.source, &format!("{}i", regex.flags)).ok(),
        }
    }

    /// Splits text with holes at the hole `name`, if the hole is a word or a time stamp: returns the pattern before the
    /// hole and the one after it. `None` in their place if there is no text on that side, or only blanks. Each has its
    /// own holes.
    pub(crate) fn around(&self, name: &str) -> Option<(Option<Pattern>, Option<Pattern>)> {
        let PatternForm::Text(text) = &self.form else { return None };
        let pieces = text::cut(&text.source).ok()?;
        let is_it = |piece: &text::PatternPiece| {
            let text::PatternPiece::Hole(hole) = piece else { return false };
            hole.name.as_deref() == Some(name) && matches!(hole.kind, HoleKind::Word | HoleKind::Time)
        };
        let (range, _) = pieces.iter().find(|(_, piece)| is_it(piece))?;
        let part = |source: &str| match source.trim().is_empty() {
            true => Some(None),
            false => Pattern::text(source, text.ignore_case).ok().map(Some),
        };
        Some((part(&text.source[..range.start])?, part(&text.source[range.end..])?))
    }

    /// The pattern as it was written, without quotes or slashes.
    pub fn source(&self) -> &str {
        match &self.form {
            PatternForm::Text(text) => &text.source,
            PatternForm::Regex(regex) => &regex.source,
        }
    }

    /// The pattern as rules write it, with quotes or slashes, the `i` before the quotes and the flags of a regex.
    pub fn written(&self) -> String {
        match &self.form {
            PatternForm::Text(text) => format!("{}\"{}\"", if text.ignore_case { "i" } else { "" }, text.source),
            PatternForm::Regex(regex) => format!("/{}/{}", regex.source, regex.flags),
        }
    }

    /// The holes in order. The holes of a regex are its named groups.
    pub fn holes(&self) -> &[Hole] {
        match &self.form {
            PatternForm::Text(text) => &text.holes,
            PatternForm::Regex(regex) => &regex.holes,
        }
    }

    /// Returns the names of the holes that a `%` follows, perhaps after a blank.
    pub(crate) fn percent_holes(&self) -> Vec<String> {
        if !self.source().contains('%') {
            return Vec::new();
        }
        let is_percent = |rest: &str| rest.trim_start().starts_with('%');
        match &self.form {
            PatternForm::Text(_) => {
                let pieces = text::cut(self.source()).unwrap_or_default();
                let named = pieces.windows(2).filter_map(|pair| match (&pair[0].1, &pair[1].1) {
                    (text::PatternPiece::Hole(hole), text::PatternPiece::Text(text)) if is_percent(text) => {
                        hole.name.clone()
                    }
                    _ => None,
                });
                named.collect()
            }
            PatternForm::Regex(_) => {
                let named = self.holes().iter().filter_map(|hole| hole.name.clone());
                let followed = named.filter(|name| {
                    let source = self.source();
                    let group = source.find(&format!("<{name}>")).map(|at| &source[at..]);
                    group
                        .and_then(|group| group.split_once(')'))
                        .is_some_and(|(_, rest)| is_percent(rest.trim_start_matches("\\s*")))
                });
                followed.collect()
            }
        }
    }

    /// Sets of literals. Every match contains at least one literal of each set; a match of a regex that ignores case may
    /// contain the Kelvin sign or the long s instead. Empty if no literal of at least three bytes is known.
    pub fn required(&self) -> &[Vec<Literal>] {
        match &self.form {
            PatternForm::Text(text) => &text.required,
            PatternForm::Regex(regex) => &regex.required,
        }
    }

    /// Literals of several words. Every match contains all of them, with any run of blanks for each of their blanks.
    pub fn runs(&self) -> &[Literal] {
        match &self.form {
            PatternForm::Text(text) => &text.runs,
            PatternForm::Regex(_) => &[],
        }
    }

    /// The leftmost match in `text`, in time linear in its length.
    pub fn find(&self, text: &[u8]) -> Option<Match> {
        match &self.form {
            PatternForm::Text(pattern) => pattern.find(text),
            PatternForm::Regex(pattern) => pattern.find(text),
        }
    }

    /// The named captures of the leftmost match, typed by their holes.
    pub fn captures(&self, text: &[u8]) -> Option<BTreeMap<String, Value<'static>>> {
        let found = self.find(text)?;
        let named = found.captures.into_iter().filter_map(|capture| {
            let hole = &self.holes()[capture.hole];
            let name = hole.name.clone()?;
            Some((name, typed::value(hole.kind, &text[capture.range]).into_owned()))
        });
        Some(named.collect())
    }
}
