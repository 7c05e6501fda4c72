//! Text with holes and regexes: what rules, and later article signatures, look for in a message.
//!
//! Works on bytes, in time linear in the message. A pattern knows the literals that each of its matches must hold, so
//! that a prefilter can pass over all other records.

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

use std::collections::BTreeMap;

pub use beginning::Next;
pub use error::{PatternError, PatternErrorKind};
pub use hole::{Hole, HoleKind};
pub use matched::{Capture, Literal, Match};
pub(crate) use near::Trial;
pub use near::{Miss, MissKind};
pub(crate) use rarity::rarity;
use text::WordEdges;
pub(crate) use text::escape;

use crate::value::Value;

/// A compiled pattern.
///
/// ```
/// # use casebook::pattern::Pattern;
/// # use casebook::value::Value;
/// let pattern = Pattern::text("Failed password for {..} from {ip:ip} port {_:int}", false).expect("a valid pattern");
/// let captures = pattern.captures(b"Failed password for invalid user bob from 192.0.2.7 port 22").expect("it matches");
/// assert_eq!(captures["ip"], Value::Ip([192, 0, 2, 7].into()));
/// ```
#[derive(Debug)]
pub struct Pattern {
    source: String,
    form: Form,
}

#[derive(Debug)]
enum Form {
    Text(text::TextPattern),
    Regex(regex::RegexPattern),
}

impl Pattern {
    /// Compiles text with holes. `source` is what stands between the quotes, escapes included; case is ignored for
    /// letters of any script, where ASCII letters match ASCII letters alone.
    pub fn text(source: &str, ignore_case: bool) -> Result<Pattern, PatternError> {
        let form = Form::Text(text::parse(source, ignore_case, WordEdges::Needed)?);
        Ok(Pattern { source: source.to_string(), form })
    }

    /// Compiles a regex. `flags` holds any of `i` (ignore case), `s` (dot matches line ends), `x` (blanks and comments).
    pub fn regex(source: &str, flags: &str) -> Result<Pattern, PatternError> {
        let form = Form::Regex(regex::compile(source, flags)?);
        Ok(Pattern { source: source.to_string(), form })
    }

    /// The same pattern with the case of letters ignored; `None` where it is, or where a regex grows too large by it.
    fn ignoring_case(&self) -> Option<Pattern> {
        match &self.form {
            Form::Text(text) if text.ignore_case => None,
            Form::Text(_) => Pattern::text(&self.source, true).ok(),
            Form::Regex(regex) if regex.flags.contains('i') => None,
            Form::Regex(regex) => Pattern::regex(&self.source, &format!("{}i", regex.flags)).ok(),
        }
    }

    /// As it was written, without quotes or slashes.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// As rules write it: with quotes or slashes, and what stands around them.
    pub fn written(&self) -> String {
        match &self.form {
            Form::Text(text) => format!("{}\"{}\"", if text.ignore_case { "i" } else { "" }, self.source),
            Form::Regex(regex) => format!("/{}/{}", self.source, regex.flags),
        }
    }

    /// Its holes in order: for a regex, the named groups.
    pub fn holes(&self) -> &[Hole] {
        match &self.form {
            Form::Text(text) => &text.holes,
            Form::Regex(regex) => &regex.holes,
        }
    }

    /// Sets of literals of which any match holds at least one each; none when nothing of at least three bytes is known.
    pub fn required(&self) -> &[Vec<Literal>] {
        match &self.form {
            Form::Text(text) => &text.required,
            Form::Regex(regex) => &regex.required,
        }
    }

    /// The leftmost match in `text`, in time linear in its length.
    pub fn find(&self, text: &[u8]) -> Option<Match> {
        match &self.form {
            Form::Text(pattern) => pattern.find(text),
            Form::Regex(pattern) => pattern.find(text),
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
