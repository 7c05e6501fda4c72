//! Conditions of AsciiDoc: `ifdef::name[]` … `endif::[]`.
//!
//! Which attributes a site sets is often not in the text. So the text below a condition that cannot be decided is kept,
//! whichever way the condition goes.

use super::attributes::Attributes;
use super::line::block_macro;

/// The conditions that are open at a line.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    open: Vec<Decision>,
    /// How many of them are dropped, and how many undecided.
    n_dropped: usize,
    n_undecided: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    Kept,
    Dropped,
    /// Kept because the condition cannot be decided.
    Undecided,
}

/// What becomes of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate<'t> {
    Dropped,
    Kept(&'t str),
}

impl Conditions {
    /// Whether some condition around the current line cannot be decided.
    pub(super) fn are_undecided(&self) -> bool {
        self.n_undecided > 0
    }

    /// Decides about the next line. A condition that contains its text on the same line is replaced by this text.
    pub(super) fn take<'t>(&mut self, line: &'t str, known: &mut Attributes) -> Fate<'t> {
        let is_dropped = self.n_dropped > 0;
        let condition = line.starts_with("ifdef::")
            || line.starts_with("ifndef::")
            || line.starts_with("ifeval::")
            || line.starts_with("endif::");
        let Some((name, names, inner)) = block_macro(line.trim_end()).filter(|_| condition) else {
            return if is_dropped { Fate::Dropped } else { Fate::Kept(line) };
        };
        let decision = match name {
            "endif" => {
                self.close();
                return Fate::Dropped;
            }
            "ifeval" => compared(inner, known),
            _ => defined(names, known, name == "ifndef"),
        };
        if name == "ifeval" || inner.is_empty() {
            self.open(decision);
            Fate::Dropped
        } else if is_dropped || decision == Decision::Dropped {
            Fate::Dropped
        } else {
            Fate::Kept(inner)
        }
    }
}

impl Conditions {
    fn open(&mut self, decision: Decision) {
        self.n_dropped += usize::from(decision == Decision::Dropped);
        self.n_undecided += usize::from(decision == Decision::Undecided);
        self.open.push(decision);
    }

    fn close(&mut self) {
        let closed = self.open.pop();
        self.n_dropped -= usize::from(closed == Some(Decision::Dropped));
        self.n_undecided -= usize::from(closed == Some(Decision::Undecided));
    }
}

/// Decides `ifdef::a,b[]` (one of them is set) and `ifdef::a+b[]` (all are).
fn defined(names: &str, known: &Attributes, is_negated: bool) -> Decision {
    let is_set = |name: &str| {
        // Names of the program that reads the text, which is none of those.
        let is_environment = name.starts_with("env-");
        (known.is_known(name) || is_environment).then(|| known.value(name).is_some())
    };
    let all: Option<Vec<bool>> = names.split([',', '+']).map(is_set).collect();
    let Some(all) = all else { return Decision::Undecided };
    let holds = if names.contains('+') { all.iter().all(|set| *set) } else { all.iter().any(|set| *set) };
    if holds == is_negated { Decision::Dropped } else { Decision::Kept }
}

/// Decides `"{a}" == "b"`, if both sides are known.
fn compared(condition: &str, known: &mut Attributes) -> Decision {
    let printed = known.printed(condition);
    let (sides, is_equal) = match (printed.split_once("=="), printed.split_once("!=")) {
        (Some(sides), _) => (sides, true),
        (None, Some(sides)) => (sides, false),
        (None, None) => return Decision::Undecided,
    };
    if printed.contains('{') {
        return Decision::Undecided;
    }
    let bare = |side: &str| side.trim().trim_matches(['"', '\'']).to_owned();
    if (bare(sides.0) == bare(sides.1)) == is_equal { Decision::Kept } else { Decision::Dropped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, kept: &[&str]) {
        let mut known = Attributes::default();
        known.set("belt", Some("7"));
        known.set("crane", None);
        let mut conditions = Conditions::default();
        let fates = text.lines().map(|line| conditions.take(line, &mut known));
        let found: Vec<&str> =
            fates.filter_map(|fate| if let Fate::Kept(line) = fate { Some(line) } else { None }).collect();
        assert_eq!(found, kept);
    }

    #[test]
    fn known_attributes_decide() {
        check("ifdef::belt[]\na\nendif::[]\nifdef::crane[]\nb\nendif::crane[]\nc", &["a", "c"]);
        check("ifndef::belt[]\na\nifdef::crane[]\nb\nendif::[]\nendif::[]\nifndef::crane[c]", &["c"]);
        check("ifdef::belt,crane[a]\nifdef::belt+crane[b]\nifdef::env-github[c]", &["a"]);
        check("ifeval::[\"{belt}\" == \"7\"]\na\nendif::[]\nifeval::[\"{belt}\" != \"7\"]\nb\nendif::[]", &["a"]);
    }

    #[test]
    fn what_cannot_be_decided_is_kept() {
        check("ifdef::depot[]\na\nendif::[]\nifndef::depot[]\nb\nendif::[]\nendif::[]\nc", &["a", "b", "c"]);
        check("ifeval::[\"{depot}\" == \"7\"]\na\nendif::[]", &["a"]);
    }
}
