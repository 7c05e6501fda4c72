//! Splits a paragraph of reStructuredText into pieces: removes the marks of type, and reads roles, links and
//! substitutions.
//!
//! Marks do not nest. A search for a closing mark that found nothing is not repeated, so the time is linear.

use std::borrow::Cow;
use std::collections::HashSet;

use super::role::{self, Shown};
use super::targets::{Targets, normal};
use crate::article::layout::piece::Piece;

/// Splits `text`.
pub(super) fn pieces<'t>(text: &'t str, targets: &Targets) -> Vec<Piece<'t>> {
    let mut scan = Scan { text, targets, at: 0, copied: 0, missing: HashSet::new(), out: Vec::new() };
    while scan.at < text.len() {
        scan.step();
    }
    scan.flush();
    scan.out
}

struct Scan<'t, 'c> {
    text: &'t str,
    targets: &'c Targets,
    at: usize,
    /// The text before this byte has been put out.
    copied: usize,
    /// Closing marks that do not occur any more.
    missing: HashSet<&'static str>,
    out: Vec<Piece<'t>>,
}

impl<'t> Scan<'t, '_> {
    /// Reads what is at the current byte, and moves at least one byte on.
    fn step(&mut self) {
        let is_read = match self.text.as_bytes()[self.at] {
            b'\\' => self.escape(),
            b'*' => self.strong() || self.emphasis(),
            b'`' => self.literal() || self.interpreted(),
            b':' => self.address() || self.role(),
            b'|' => self.substitution(),
            b'_' => self.inline_target() || self.reference(),
            b'[' => self.footnote(),
            _ => false,
        };
        if !is_read {
            self.at += 1;
        }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Whether a mark may begin here: after a blank or an opening bracket.
    fn may_begin(&self) -> bool {
        let before = self.text[..self.at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '*' | '`' | '\\' | '_' | '.'))
    }

    fn flush(&mut self) {
        if self.copied < self.at {
            self.out.push(Piece::Text(Cow::Borrowed(&self.text[self.copied..self.at])));
        }
        self.copied = self.at;
    }

    /// Puts out `shown` instead of the text up to byte `end`.
    fn replace(&mut self, shown: impl Into<Cow<'t, str>>, end: usize) -> bool {
        self.flush();
        let shown = shown.into();
        if !shown.is_empty() {
            self.out.push(Piece::Text(shown));
        }
        self.at = end;
        self.copied = end;
        true
    }

    /// Puts out a link with the label `label` instead of the text up to byte `end`.
    fn link(&mut self, label: impl Into<Cow<'t, str>>, address: &str, end: usize) -> bool {
        self.flush();
        self.out.push(Piece::OpenLink(address.to_owned()));
        self.replace(label, end);
        self.out.push(Piece::CloseLink);
        true
    }

    /// Finds the first `mark` from byte `from` on that ends what it closes: no blank is before it.
    fn find(&mut self, mark: &'static str, from: usize) -> Option<usize> {
        if self.missing.contains(mark) {
            return None;
        }
        let (text, after_word) = (self.text, mark.len() == 1 && mark != "`");
        let found = text.get(from..).and_then(|rest| {
            let candidates = rest.match_indices(mark).map(|(at, _)| from + at);
            candidates.filter(|&at| at > from).find(|&at| {
                let before = text[..at].chars().next_back();
                let after = text[at + mark.len()..].chars().next();
                before.is_some_and(|c| !c.is_whitespace() && c != '\\')
                    && !(after_word && after.is_some_and(char::is_alphanumeric))
            })
        });
        if found.is_none() {
            self.missing.insert(mark);
        }
        found
    }

    fn starts_content(&self, len: usize) -> bool {
        self.may_begin() && self.rest()[len..].chars().next().is_some_and(|c| !c.is_whitespace())
    }

    fn escape(&mut self) -> bool {
        let next = self.rest()[1..].chars().next();
        let is_blank = next.is_some_and(char::is_whitespace);
        self.flush();
        self.at += 1;
        self.copied = self.at;
        let len = next.map_or(0, char::len_utf8);
        self.at += len;
        if is_blank {
            self.copied = self.at;
        }
        true
    }

    fn strong(&mut self) -> bool {
        if !self.rest().starts_with("**") || !self.starts_content(2) {
            return false;
        }
        let from = self.at + 2;
        let Some(end) = self.find("**", from) else { return false };
        self.flush();
        self.out.push(Piece::OpenBold);
        self.replace(&self.text[from..end], end + 2);
        self.out.push(Piece::CloseBold);
        true
    }

    fn emphasis(&mut self) -> bool {
        let from = self.at + 1;
        if self.rest().starts_with("**") || !self.starts_content(1) {
            return false;
        }
        match self.find("*", from) {
            Some(end) => self.replace(&self.text[from..end], end + 1),
            None => false,
        }
    }

    fn literal(&mut self) -> bool {
        let from = self.at + 2;
        if !self.rest().starts_with("``") {
            return false;
        }
        match self.find("``", from) {
            // A backtick before the end belongs to the literal.
            Some(end) => {
                let end = if self.text[end..].starts_with("```") && !self.text[end..].starts_with("````") {
                    end + 1
                } else {
                    end
                };
                self.replace(&self.text[from..end], end + 2)
            }
            None => false,
        }
    }

    /// Reads a text in backticks: a link, or a text with the role that is usual.
    fn interpreted(&mut self) -> bool {
        let from = self.at + 1;
        if !self.may_begin() && self.text.as_bytes()[self.at - 1] != b'_' {
            return false;
        }
        let Some(end) = self.find("`", from) else { return false };
        let inner = &self.text[from..end];
        let after = &self.text[end + 1..];
        let n_marks = after.bytes().take(2).take_while(|&b| b == b'_').count();
        let end = end + 1 + n_marks;
        let (label, target) = role::label_and_target(inner);
        match target {
            Some(target) if n_marks > 0 => {
                let named = target.strip_suffix('_').and_then(|name| self.targets.addresses.get(&normal(name)));
                let address = named.map_or(target, String::as_str).to_owned();
                let label = if label.is_empty() { target } else { label };
                self.link(label, &address, end)
            }
            _ if n_marks > 0 => match self.targets.addresses.get(&normal(inner)).cloned() {
                Some(address) => self.link(inner, &address, end),
                None => self.replace(inner, end),
            },
            _ => {
                // A role may follow its text.
                let suffix = role::name_before(after, None).map_or(0, |(_, len)| len);
                self.replace(inner, end + suffix)
            }
        }
    }

    /// Skips an address, in which marks are characters.
    fn address(&mut self) -> bool {
        if !self.rest().starts_with("://") {
            return false;
        }
        let len = self
            .rest()
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`'))
            .unwrap_or(self.rest().len());
        self.at += len;
        true
    }

    /// Reads a text with a role: ``:ref:`label` ``.
    fn role(&mut self) -> bool {
        let Some((name, len)) = role::name_before(self.rest(), Some('`')) else { return false };
        let from = self.at + len + 1;
        let Some(end) = self.find("`", from) else { return false };
        match role::shown(name, &self.text[from..end], self.targets) {
            Shown::Text(text) => self.replace(text, end + 1),
            Shown::Link(label, address) => self.link(label, address, end + 1),
        }
    }

    fn substitution(&mut self) -> bool {
        const LONGEST: usize = 80;
        let inner = &self.rest()[1..];
        let len = inner.bytes().take(LONGEST).position(|b| b == b'|' || b == b'\n');
        let Some(len) = len.filter(|&len| len > 0 && inner.as_bytes()[len] == b'|') else { return false };
        let name = &inner[..len];
        if !self.starts_content(1) || name.ends_with(' ') {
            return false;
        }
        let n_marks = inner[len + 1..].bytes().take(2).take_while(|&b| b == b'_').count();
        let end = self.at + len + 2 + n_marks;
        match self.targets.substitutions.get(&name.to_lowercase()) {
            Some(text) => self.replace(text.clone(), end),
            // Sphinx defines some names itself.
            None if name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b' ')) => {
                self.replace(name, end)
            }
            None => false,
        }
    }

    /// Reads the name of a place within a paragraph: ``_`name` ``.
    fn inline_target(&mut self) -> bool {
        self.rest().starts_with("_`") && self.may_begin() && self.replace("", self.at + 1)
    }

    /// Reads `name_`, if the text says where it leads.
    fn reference(&mut self) -> bool {
        const LONGEST: usize = 60;
        let before = &self.text[self.copied..self.at];
        let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'+');
        let n_name = before.bytes().rev().take(LONGEST).take_while(is_name).count();
        let name = &before[before.len() - n_name..];
        if name.is_empty() || self.rest().trim_start_matches('_').starts_with(char::is_alphanumeric) {
            return false;
        }
        let Some(address) = self.targets.addresses.get(&normal(name)).cloned() else { return false };
        let n_marks = self.rest().bytes().take(2).take_while(|&b| b == b'_').count();
        let end = self.at + n_marks;
        self.at -= n_name;
        self.link(name, &address, end)
    }

    /// Reads the number of a footnote, `[1]_`.
    fn footnote(&mut self) -> bool {
        const LONGEST: usize = 40;
        let rest = self.rest();
        let Some(len) = rest.bytes().take(LONGEST).position(|b| b == b']' || b == b'\n') else { return false };
        let is_note = rest[len..].starts_with("]_") && !rest[len + 2..].starts_with(char::is_alphanumeric);
        let label = &rest[..len + usize::from(is_note)];
        is_note && self.replace(label, self.at + len + 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::layout::inline::InlineText;
    use crate::article::layout::piece::fill;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        let mut targets = Targets::default();
        targets.addresses.insert("belt shop".to_owned(), "https://acme.example/b".to_owned());
        targets.addresses.insert("manual".to_owned(), "m.html".to_owned());
        targets.substitutions.insert("belt".to_owned(), "Belt 7".to_owned());
        let mut inline = InlineText::default();
        fill(&mut inline, &pieces(text, &targets));
        assert_eq!(inline.take(), expect);
    }

    #[test]
    fn marks_of_type_and_roles_are_removed() {
        check("a *b* **c** ``d *e*`` `f` :kbd:`g` |belt| [1]_ x\\ y \\*z*", "a b c d *e* f g Belt 7 [1] xy *z*");
        check("2 * 3 * 4, a_b, x_ *y, ``z, a|b|c, 10:30:00", "2 * 3 * 4, a_b, x_ *y, ``z, a|b|c, 10:30:00");
    }

    #[test]
    fn links_are_written_out() {
        check(
            "`A <https://acme.example/a>`_, `Belt shop`_, the manual_.",
            "A (https://acme.example/a), Belt shop (https://acme.example/b), the manual (m.html).",
        );
        check(
            "https://acme.example/a_b_ and :doc:`/a/b` or :doc:`B </a/b>`",
            "https://acme.example/a_b_ and /a/b or B (/a/b)",
        );
    }
}
