//! Conditions on time as other languages write them: `a -> b`, `a followed by b`, `count a > 5 in 2m`, `rate(a[5m])`.
//!
//! The whole `when` is looked at, not only the place where parsing failed: `a in 2m` fails behind the word that is wrong.

use super::{Failed, statement};
use crate::diagnostic::Diagnostic;
use crate::rule::ast::ItemKind;
use crate::rule::error;
use crate::rule::parse::syntax;
use crate::rule::unit_words::short_unit;
use crate::source::Span;

/// Words between two parts, and the words that are meant. The first word of each row decides where it is looked for.
const JOINTS: &[(&[&str], &str)] = &[
    (&["not", "followed", "by"], "then no"),
    (&["but", "not"], "and no"),
    (&["followed", "by"], "then"),
    (&["and", "then"], "then"),
    (&["and", "not"], "and no"),
    (&["then", "not"], "then no"),
    (&["without"], "then no"),
    (&["before"], "then"),
    (&["preceding"], "then"),
    (&["-", ">"], "then"),
    (&["-", "-", ">"], "then"),
    (&["=", ">"], "then"),
    (&["&", "&", "!"], "and no"),
    (&["&", "&"], "and"),
    (&["|", "|"], "or"),
    (&["&"], "and"),
    (&["|"], "or"),
    (&["AND"], "and"),
    (&["OR"], "or"),
    (&["THEN"], "then"),
    (&["plus"], "and"),
];

/// Words before a binding that must not be seen.
const ABSENT: &[&str] = &["not", "!", "missing", "absent", "without", "lacks", "never", "NOT", "NO"];

/// Words before a time, and `within`, which is meant.
const WINDOWS: &[&[&str]] = &[
    &["within", "the", "last"],
    &["within", "last"],
    &["in", "the", "last"],
    &["over", "the", "last"],
    &["during", "the", "last"],
    &["in", "last"],
    &["in", "a", "window", "of"],
    &["within", "a", "window", "of"],
    &["in"],
    &["during"],
    &["over"],
    &["inside"],
    &["under"],
    &["per"],
    &["every"],
    &["last"],
    &["window"],
    &["timeframe"],
];

/// Words before what findings are told apart by, and `by`, which is meant.
const KEYS: &[&[&str]] = &[
    &["group", "by"],
    &["grouped", "by"],
    &["partition", "by"],
    &["for", "each"],
    &["by", "each"],
    &["for", "same"],
    &["per"],
];

/// Words before a number of records and a binding, and the comparison. `None` if it cannot be said.
const COUNTS: &[(&[&str], Option<&str>)] = &[
    (&["at", "least"], Some(">=")),
    (&["no", "more", "than"], None),
    (&["not", "more", "than"], None),
    (&["at", "most"], None),
    (&["less", "than"], None),
    (&["fewer", "than"], None),
    (&["more", "than"], Some(">")),
    (&["exactly"], None),
    (&["over"], Some(">")),
];

/// Functions of other languages, and the function that is meant.
const FUNCTIONS: &[(&str, &str)] = &[
    ("unique", "distinct"),
    ("uniq", "distinct"),
    ("count_distinct", "distinct"),
    ("distinct_count", "distinct"),
    ("countdistinct", "distinct"),
    ("value_count", "distinct"),
    ("cardinality", "distinct"),
    ("nunique", "distinct"),
    ("dc", "distinct"),
    ("mean", "avg"),
    ("average", "avg"),
    ("maximum", "max"),
    ("minimum", "min"),
    ("total", "sum"),
    ("percentile95", "p95"),
    ("perc95", "p95"),
    ("event_count", "count"),
    ("number", "count"),
    ("size", "count"),
];

/// Functions over a window in brackets, such as `rate(a[5m])`. `true` if the number is that of records.
const OVER_TIME: &[(&str, bool)] =
    &[("count_over_time", true), ("increase", true), ("rate", false), ("irate", false), ("sum_over_time", false)];

/// Returns everything that is written as in another language, in order.
pub(super) fn find(failed: &Failed<'_>) -> Vec<Diagnostic> {
    let when = When { failed, end: end(failed) };
    let mut found = Vec::new();
    let mut at = failed.first + 1;
    while at < when.end {
        match when.at(at) {
            Some((wrong, next)) => {
                found.push(wrong);
                at = next.max(at + 1);
            }
            None => at += 1,
        }
    }
    found
}

/// One past the last token of the `when`.
fn end(failed: &Failed<'_>) -> usize {
    let is_next = |index: &usize| {
        let word = failed.text_of(*index);
        let begins =
            !matches!(word, "by" | "for" | "on" | "match") && syntax::statement(ItemKind::Symptom, word).is_some();
        matches!(word, "{" | "}") || failed.is_word(*index) && (begins || word == "match")
    };
    (failed.first + 1..failed.end).find(is_next).unwrap_or(failed.end)
}

struct When<'f, 't> {
    failed: &'f Failed<'t>,
    end: usize,
}

/// A diagnostic, and the token after what it is about.
type Found = Option<(Diagnostic, usize)>;

impl<'t> When<'_, 't> {
    fn text(&self, at: usize) -> &'t str {
        if at < self.end { self.failed.text_of(at) } else { "" }
    }

    fn at(&self, at: usize) -> Found {
        self.order(at)
            .or_else(|| self.over_time(at))
            .or_else(|| self.function(at))
            .or_else(|| self.ratio(at))
            .or_else(|| self.first(at))
            .or_else(|| self.number_of(at))
            .or_else(|| self.count(at))
            .or_else(|| self.window(at))
            .or_else(|| self.key(at))
            .or_else(|| self.absent(at))
            .or_else(|| self.joint(at))
            .or_else(|| self.text_in_quotes(at))
    }

    fn is_words(&self, at: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(n, word)| {
            let is_sign = !word.starts_with(|c: char| c.is_ascii_alphabetic());
            self.text(at + n) == *word && (!is_sign || n == 0 || self.failed.is_glued(at + n))
        })
    }

    /// Whether a binding can be at `at`.
    fn is_name(&self, at: usize) -> bool {
        at < self.end && self.failed.is_word(at)
    }

    fn is_number(&self, at: usize) -> bool {
        at < self.end && self.failed.is_number(at)
    }

    fn is_ordering(&self, at: usize) -> bool {
        matches!(self.text(at), ">" | "<" | "=" | "!")
    }

    /// The token after the comparison that begins at `at`.
    fn after_ordering(&self, at: usize) -> usize {
        at + 1 + usize::from(self.text(at + 1) == "=" && self.failed.is_glued(at + 1))
    }

    /// Whether a part begins at `at`.
    fn begins_part(&self, at: usize) -> bool {
        at == self.failed.first + 1
            || matches!(self.text(at - 1), "and" | "or" | "then" | "(" | "AND" | "OR" | "THEN" | "&" | "|")
    }

    /// Whether token `at` is among the keys after `by`.
    fn is_in_keys(&self, at: usize) -> bool {
        (self.failed.first..at).any(|before| self.text(before) == "by")
    }

    /// The name of the only `match` of the symptom; else one to choose.
    fn binding(&self) -> &'t str {
        let tokens = 1..self.failed.first.saturating_sub(1);
        let text = |index: usize| {
            let span = self.failed.tokens[index].span;
            &self.failed.text[span.start..span.end]
        };
        let names = tokens.rev().take_while(|index| text(*index) != "symptom" && text(*index) != "rule");
        let mut names = names.filter(|index| text(index - 1) == "match" && text(index + 1) == ":").map(text);
        names.next().unwrap_or("bad")
    }

    fn meant(&self, (from, to): (usize, usize), meant: &str) -> Diagnostic {
        let span = self.failed.span(from, to);
        let written = self.failed.slice(span);
        error::foreign_word(span, written, meant).help(format!("write `{meant}`")).replace(span, meant)
    }

    fn form(&self, (from, to): (usize, usize), title: &str, fixed: &str) -> Diagnostic {
        let span = self.failed.span(from, to);
        error::foreign_form(span, title, format!("write `{fixed}`")).replace(span, fixed)
    }

    /// `when within 5m count(a) > 5`, `when by user …`, and `count(a) by ip > 5`.
    fn order(&self, at: usize) -> Found {
        let mut next = at;
        let is_first = at == self.failed.first + 1;
        let is_inner = self.text(at) == "by" && at > 0 && self.text(at - 1) == ")";
        if !is_first && !is_inner {
            return None;
        }
        loop {
            match self.text(next) {
                "within" if is_first && self.is_number(next + 1) => next += 2,
                "by" => {
                    next = self.after_key(next + 1)?;
                    while self.text(next) == "," {
                        next = self.after_key(next + 1)?;
                    }
                }
                _ => break,
            }
        }
        if next == at || next >= self.end || is_inner && !self.is_ordering(next) {
            return None;
        }
        let moved = self.failed.slice(self.failed.span(at, next - 1));
        let span = self.failed.span(at, next - 1);
        let removed = Span::new(span.start, self.failed.span(next, next).start);
        let last = self.failed.span(self.end - 1, self.end - 1).end;
        let title = format!("`{moved}` comes after the condition");
        let help = format!("write it at the end: `when … {moved}`");
        let wrong = error::foreign_form(span, title, help).replace(removed, "");
        Some((wrong.replace(Span::new(last, last), format!(" {moved}")), next))
    }

    fn after_key(&self, at: usize) -> Option<usize> {
        let mut last = at;
        if self.text(last) == "." {
            last += 1;
        }
        if !self.is_name(last) {
            return None;
        }
        while self.text(last + 1) == "." && self.failed.is_glued(last + 1) && self.is_name(last + 2) {
            last += 2;
        }
        Some(last + 1)
    }

    /// `rate(a[5m]) > 0.1`, `count_over_time(a[5m]) > 10`.
    fn over_time(&self, at: usize) -> Found {
        let name = self.text(at).to_lowercase();
        let (_, counts) = OVER_TIME.iter().find(|(other, _)| *other == name)?;
        if self.text(at + 1) != "(" || !self.is_name(at + 2) {
            return None;
        }
        let close = (at..self.end).find(|index| self.text(*index) == ")")?;
        let of = self.text(at + 2);
        let window = (self.text(at + 3) == "[").then(|| self.text(at + 4)).filter(|_| self.is_number(at + 4));
        let window = window.unwrap_or("10m");
        let limit = self.after_ordering(close + 1);
        let number = if self.is_number(limit) { self.text(limit) } else { "5" };
        let has_within = (at..self.end).any(|index| self.text(index) == "within");
        let after = if has_within { String::new() } else { format!(" within {window}") };
        let fixed = format!("count({of}) > {number}{after}");
        let title = format!("there is no function `{name}`; records are counted within a time");
        let help = match counts {
            true => format!("write `{fixed}`"),
            false => format!(
                "write `count({of}) > … within {window}` with the number of records in that time, or `ratio({of}, all) > 5% within {window}`"
            ),
        };
        let last = if self.is_number(limit) { limit } else { close };
        let end = self.failed.span(last, last).end;
        let wrong = error::foreign_form(self.failed.span(at, at), title, help);
        if !counts {
            return Some((wrong, last + 1));
        }
        let wrong =
            wrong.replace(self.failed.span(at, close), format!("count({of})")).replace(Span::new(end, end), after);
        Some((wrong, last + 1))
    }

    /// `unique(a.user)`, `count(distinct a.user)`, `distinct(a, user)`, `count(a, 2m)`.
    fn function(&self, at: usize) -> Found {
        let name = self.text(at);
        if !self.is_name(at) || self.text(at + 1) != "(" || !self.failed.is_glued(at + 1) {
            return None;
        }
        let close = (at..self.end).find(|index| self.text(*index) == ")")?;
        let lower = name.to_lowercase();
        let meant = function_synonym(name);
        let meant = meant
            .or_else(|| (lower != name).then_some(lower.as_str()).filter(|lower| error::FUNCTIONS.contains(lower)));
        let inner = |from: usize| self.failed.slice(self.failed.span(from, close - 1));
        if name == "count" && self.text(at + 2) == "distinct" && close > at + 3 {
            let of = inner(at + 3).trim_matches(['(', ')', ' ']);
            let close = close + usize::from(self.text(close + 1) == ")" && self.text(at + 3) == "(");
            let fixed = format!("distinct({of})");
            return Some((self.form((at, close), "different values are counted by `distinct`", &fixed), close + 1));
        }
        if self.is_name(at + 2) && self.text(at + 3) == "," && close == at + 5 {
            let (of, second) = (self.text(at + 2), self.text(at + 4));
            if self.is_number(at + 4) && !(at..self.end).any(|index| self.text(index) == "within") {
                let limit = self.after_ordering(close + 1).min(self.end - 1);
                let end = self.failed.span(limit, limit).end;
                let title = "the time is written after the condition";
                let wrong = error::foreign_form(
                    self.failed.span(at + 4, at + 4),
                    title,
                    format!("write `{name}({of}) … within {second}`"),
                );
                let gone = Span::new(self.failed.span(at + 2, at + 2).end, self.failed.span(at + 4, at + 4).end);
                return Some((
                    wrong.replace(gone, "").replace(Span::new(end, end), format!(" within {second}")),
                    limit + 1,
                ));
            }
            if self.is_name(at + 4) && !matches!(meant.unwrap_or(name), "ratio") {
                let fixed = format!("{}({of}.{second})", meant.unwrap_or(name));
                return Some((self.form((at, close), "a value of a binding is written with a dot", &fixed), close + 1));
            }
        }
        meant.map(|meant| (self.meant((at, at), meant), at + 2))
    }

    /// `a / b > 5%`, `ratio(a / b)`, `count(a) / count(b)`.
    fn ratio(&self, at: usize) -> Found {
        let title = "the share of records is written `ratio(part, whole)`";
        if self.text(at) == "ratio" && self.text(at + 1) == "(" && self.text(at + 3) == "/" && self.text(at + 5) == ")"
        {
            let fixed = format!("ratio({}, {})", self.text(at + 2), self.text(at + 4));
            return Some((self.form((at, at + 5), title, &fixed), at + 6));
        }
        if self.text(at) == "count"
            && self.text(at + 4) == "/"
            && self.text(at + 5) == "count"
            && self.text(at + 8) == ")"
        {
            let fixed = format!("ratio({}, {})", self.text(at + 2), self.text(at + 7));
            return Some((self.form((at, at + 8), title, &fixed), at + 9));
        }
        if self.begins_part(at)
            && self.is_name(at)
            && self.text(at + 1) == "/"
            && self.is_name(at + 2)
            && self.is_ordering(at + 3)
        {
            let fixed = format!("ratio({}, {})", self.text(at), self.text(at + 2));
            return Some((self.form((at, at + 2), title, &fixed), at + 3));
        }
        None
    }

    /// `at least 5 a`, `5 x a`, `5 times a`, `a 5 times`.
    fn number_of(&self, at: usize) -> Found {
        for (words, op) in COUNTS {
            let number = at + words.len();
            if !self.is_words(at, words) || !self.is_number(number) {
                continue;
            }
            let mut name = number + 1;
            while matches!(self.text(name), "times" | "of" | "x") {
                name += 1;
            }
            if !self.is_name(name) {
                continue;
            }
            let of = self.text(name);
            let whole = (at, name);
            let title = "records are counted with `count`";
            return Some(match op {
                Some(op) => (self.form(whole, title, &format!("count({of}) {op} {}", self.text(number))), name + 1),
                None => {
                    let help = format!(
                        "a time in which there are few cannot be found; write `count({of}) >= 5`, or `no {of}` for none"
                    );
                    (error::foreign_form(self.failed.span(at, name), title, help), name + 1)
                }
            });
        }
        if self.is_number(at) && self.begins_part(at) {
            let mut name = at + 1;
            while matches!(self.text(name), "x" | "times" | "of" | "*") {
                name += 1;
            }
            if self.is_name(name) && name > at + 1 || self.is_name(name) && short_unit(self.text(name)).is_none() {
                let fixed = format!("count({}) >= {}", self.text(name), self.text(at).trim_end_matches('x'));
                return Some((self.form((at, name), "records are counted with `count`", &fixed), name + 1));
            }
        }
        if self.is_name(at)
            && self.is_number(at + 1)
            && matches!(self.text(at + 2), "times" | "x")
            && self.begins_part(at)
        {
            let fixed = format!("count({}) >= {}", self.text(at), self.text(at + 1));
            return Some((self.form((at, at + 2), "records are counted with `count`", &fixed), at + 3));
        }
        None
    }

    /// `count a > 5`, `count > 5`, `a > 5`, `count(a) >= 5 times`.
    fn count(&self, at: usize) -> Found {
        if self.text(at) == "times" && self.is_number(at - 1) {
            return Some((statement::needless(self.failed, at, at, "the number of records is written alone"), at + 1));
        }
        if !self.is_name(at) || !self.begins_part(at) {
            return None;
        }
        let is_count = matches!(self.text(at).to_lowercase().as_str(), "count" | "number");
        let title = "`count` needs the name of a match";
        if is_count && (self.text(at + 1) == "of" || self.is_name(at + 1)) {
            let name = at + 1 + usize::from(self.text(at + 1) == "of");
            if self.is_name(name) && self.is_ordering(name + 1) {
                return Some((self.form((at, name), title, &format!("count({})", self.text(name))), name + 1));
            }
        }
        if !self.is_ordering(at + 1) || matches!(self.text(at + 2), ">") {
            return None;
        }
        let of = if is_count { self.binding() } else { self.text(at) };
        let title = if is_count { title } else { "records are counted with `count`" };
        Some((self.form((at, at), title, &format!("count({of})")), at + 1))
    }

    /// `in 2m`, `during 2m`, `per minute`, `within last 2m`, `within 5 minutes`.
    fn window(&self, at: usize) -> Found {
        for words in WINDOWS.iter().filter(|words| self.is_words(at, words)) {
            let time = at + words.len();
            let unit =
                short_unit(self.text(time)).filter(|_| words.last() == Some(&"per") || words.last() == Some(&"every"));
            if let Some(unit) = unit {
                return Some((self.meant((at, time), &format!("within 1{unit}")), time + 1));
            }
            if self.is_number(time) {
                let last = time + usize::from(self.unit_after(time).is_some());
                let span = match self.unit_after(time) {
                    Some(unit) => format!("{}{unit}", self.text(time)),
                    None => self.text(time).to_owned(),
                };
                return Some((self.meant((at, last), &format!("within {span}")), last + 1));
            }
        }
        let unit = self.unit_after(at).filter(|_| matches!(self.text(at - 1), "within" | "for"))?;
        Some((self.meant((at, at + 1), &format!("{}{unit}", self.text(at))), at + 2))
    }

    /// The unit that is written as a word after the number at `at`.
    fn unit_after(&self, at: usize) -> Option<&'static str> {
        let is_plain = self.text(at).bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        short_unit(self.text(at + 1)).filter(|_| is_plain && self.is_number(at) && self.is_name(at + 1))
    }

    /// `group by ip`, `per host`, `by (user, ip)`.
    fn key(&self, at: usize) -> Found {
        if self.text(at) == "by" && self.text(at + 1) == "(" {
            let close = (at..self.end).find(|index| self.text(*index) == ")")?;
            let keys = self
                .failed
                .slice(Span::new(self.failed.span(at + 1, at + 1).end, self.failed.span(close, close).start));
            let fixed = format!("by {}", keys.trim());
            return Some((self.form((at, close), "keys are written without parentheses", &fixed), close + 1));
        }
        let words = KEYS.iter().find(|words| self.is_words(at, words) && self.is_name(at + words.len()))?;
        Some((self.meant((at, at + words.len() - 1), "by"), at + words.len()))
    }

    /// `a -> b`, `a followed by b`, `a && b`, `a, b`.
    fn joint(&self, at: usize) -> Found {
        let is_after_part =
            at > self.failed.first + 1 && (self.is_name(at - 1) || self.text(at - 1) == ")" || self.is_number(at - 1));
        if !is_after_part {
            return None;
        }
        if self.text(at) == "," && self.is_name(at + 1) && !self.is_in_keys(at) && !self.is_in_parentheses(at) {
            let span = self.failed.span(at, at);
            let wrong = error::foreign_word(span, ",", "then").help("write `then` if the order matters, else `and`");
            return Some((wrong.replace(span, " then").proposed(), at + 1));
        }
        let (words, meant) = JOINTS.iter().find(|(words, _)| self.is_words(at, words))?;
        let next = at + words.len();
        let is_arrow = words[0] == "=";
        if self.is_number(next) || is_arrow && !self.is_name(next) {
            return None;
        }
        let wrong = self.meant((at, next - 1), meant);
        let is_tight = self.failed.is_glued(next);
        let wrong = match wrong.fix.first().cloned() {
            Some(fix) => {
                let text = format!(
                    "{}{}{}",
                    if self.failed.is_glued(at) { " " } else { "" },
                    fix.text,
                    if is_tight { " " } else { "" }
                );
                Diagnostic { fix: Vec::new(), ..wrong }.replace(fix.span, text)
            }
            None => wrong,
        };
        Some((wrong, next))
    }

    fn is_in_parentheses(&self, at: usize) -> bool {
        let count = |sign: &str| (self.failed.first..at).filter(|index| self.text(*index) == sign).count();
        count("(") > count(")")
    }

    /// `not a`, `!a`, `missing a`.
    fn absent(&self, at: usize) -> Found {
        if !ABSENT.contains(&self.text(at)) || !self.is_name(at + 1) || !self.begins_part(at) {
            return None;
        }
        let span = self.failed.span(at, at);
        let meant = if self.failed.is_glued(at + 1) { "no " } else { "no" };
        let wrong =
            error::foreign_word(span, self.failed.slice(span), "no").help("write `no` before what must not be seen");
        Some((wrong.replace(span, meant), at + 1))
    }

    /// `new user within 30d`: the first time that a key is seen.
    fn first(&self, at: usize) -> Found {
        let is_new = matches!(self.text(at), "new" | "first_seen" | "unseen" | "newly") && self.begins_part(at);
        if !is_new || !self.is_name(at + 1) || self.is_ordering(at + 1) {
            return None;
        }
        let key = self.text(at + 1);
        let is_rest = self.text(at + 2) == "within" && self.is_number(at + 3);
        let within = if is_rest { format!(" within {}", self.text(at + 3)) } else { " within 30d".to_owned() };
        let last = if is_rest { at + 3 } else { at + 1 };
        let fixed = format!("first by {key}{within}");
        let wrong = self.form((at, last), "what is seen for the first time is written `first by`", &fixed);
        Some((if is_rest { wrong } else { wrong.guessed() }, last + 1))
    }

    /// `when "text" then …`: what is joined are the names of patterns.
    fn text_in_quotes(&self, at: usize) -> Found {
        if !self.failed.is_string(at) || !self.begins_part(at) {
            return None;
        }
        let help = format!("name the patterns: `match bad: {}`, and write `when bad then …`", self.failed.text_of(at));
        Some((error::foreign_form(self.failed.span(at, at), "`when` joins names of patterns, not texts", help), at + 1))
    }
}

/// The function that `name` is in other languages.
pub(in crate::rule) fn function_synonym(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    FUNCTIONS.iter().find(|(other, _)| *other == lower).map(|(_, meant)| *meant)
}
