//! Turns pairs of the grammar (nodes of pest's syntax tree) into a [`Condition`].

use super::grammar::{Pair, Rule};
use super::reader::{PairParts, Reader, comparison};
use crate::diagnostic::Diagnostic;
use crate::rule::ast::{Condition, ListRef, LiteralKind, LiteralList, LiteralValue, Operand, Right, Spanned};
use crate::rule::error;
use crate::rule::escape::unescape;
use crate::rule::program::{Arithmetic, PathStep};

impl Reader<'_> {
    /// Reads terms joined by `and` or by `or`. A mixed chain is reported, and read as if all its joints were the first
    /// one.
    pub(super) fn condition(self, pair: Pair<'_>, diagnostics: &mut Vec<Diagnostic>) -> Condition {
        let mut terms: Vec<(Option<Rule>, Pair<'_>)> = Vec::new();
        let mut joined_by = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::term => terms.push((joined_by.take(), part)),
                joint => joined_by = Some(joint),
            }
        }
        let first_joint = terms.get(1).and_then(|(joint, _)| *joint);
        let mixed = terms.iter().skip(2).position(|(joint, _)| *joint != first_joint);
        if let Some(at) = mixed {
            let fix = self.with_parentheses(&terms, at + 2);
            diagnostics.push(error::mixed_and_or(self.text(&terms[at + 2].1).span, &fix));
        }
        let mut conditions: Vec<Condition> = terms.into_iter().map(|(_, term)| self.term(term, diagnostics)).collect();
        match (conditions.len(), first_joint) {
            (1, _) => conditions.remove(0),
            (_, Some(Rule::k_or)) => Condition::AnyOf(conditions),
            _ => Condition::All(conditions),
        }
    }

    /// Prints the chain with parentheses around the terms before index `change`, the first that another word joins.
    fn with_parentheses(self, terms: &[(Option<Rule>, Pair<'_>)], change: usize) -> String {
        let word = |joint: Option<Rule>| if joint == Some(Rule::k_or) { "or" } else { "and" };
        let mut fix = String::from("(");
        for (at, (joint, term)) in terms.iter().enumerate().take(change + 1) {
            if at > 0 {
                fix.push_str(&format!(" {} ", word(*joint)));
            }
            fix.push_str(term.as_str().trim_end());
            if at + 1 == change {
                fix.push(')');
            }
        }
        if terms.len() > change + 1 { fix + " …" } else { fix }
    }

    fn term(self, pair: Pair<'_>, diagnostics: &mut Vec<Diagnostic>) -> Condition {
        let mut negated = false;
        let mut inner = pair.into_inner();
        loop {
            let part = inner.next().expect("a term ends in a test or a group");
            let condition = match part.as_rule() {
                // A long chain of `not`s is not nested, because only their number matters.
                Rule::k_not => {
                    negated = !negated;
                    continue;
                }
                Rule::group => self.condition(PairParts::new(part).next(), diagnostics),
                Rule::each_test => self.each(part, diagnostics),
                Rule::several => self.several(part),
                Rule::time_test => self.time_test(part),
                Rule::named => Condition::Named(self.text(&PairParts::new(part).next())),
                _ => self.test(part),
            };
            return if negated { Condition::Not(Box::new(condition)) } else { condition };
        }
    }

    fn test(self, pair: Pair<'_>) -> Condition {
        let mut parts = PairParts::new(pair);
        let left = self.value(parts.next());
        let next = parts.next();
        match next.as_rule() {
            Rule::k_exists => Condition::Exists(left),
            Rule::regex => {
                let (source, flags) = self.regex(next);
                Condition::Regex { left, source, flags }
            }
            Rule::membership => self.membership(left, next),
            _ => {
                let op = Spanned { node: comparison(next.as_str()), span: self.text(&next).span };
                Condition::Compare { left, op, right: self.right(parts.next()) }
            }
        }
    }

    fn membership(self, left: Operand, pair: Pair<'_>) -> Condition {
        let mut parts = PairParts::new(pair);
        let next = parts.next();
        match next.as_rule() {
            Rule::k_cidr => {
                let networks = parts.next();
                let networks = match networks.as_rule() {
                    Rule::string => {
                        let text = self.quoted(networks);
                        let span = text.span;
                        let literal = LiteralValue { kind: LiteralKind::Text, text: text.node, span };
                        ListRef::Here(Spanned { node: vec![literal], span })
                    }
                    _ => self.list_ref(networks),
                };
                Condition::InCidr(left, networks)
            }
            _ => Condition::In(left, self.list_ref(next)),
        }
    }

    /// Reads `any .items[*] where …`. The last `[*]` is left out of the path.
    fn each(self, pair: Pair<'_>, diagnostics: &mut Vec<Diagnostic>) -> Condition {
        let mut parts = PairParts::new(pair);
        parts.take(Rule::k_any);
        let mut path = self.field(parts.next());
        if path.node.last() == Some(&PathStep::Each) {
            path.node.pop();
        }
        Condition::Each(path, Box::new(self.condition(parts.next(), diagnostics)))
    }

    fn several(self, pair: Pair<'_>) -> Condition {
        let mut parts = PairParts::new(pair);
        let number = parts.next();
        let at_least = match number.as_rule() {
            Rule::k_all => None,
            Rule::whole => Some(self.text(&number)),
            _ => Some(Spanned { node: "1".to_owned(), span: self.text(&number).span }),
        };
        Condition::Several { at_least, name: self.text(&parts.next()) }
    }

    fn time_test(self, pair: Pair<'_>) -> Condition {
        let mut parts = PairParts::new(pair);
        let field = Operand::Field(self.field(parts.next()));
        let range = parts.next();
        let is_clock = range.as_rule() == Rule::time_range;
        let mut parts = PairParts::new(range);
        if is_clock {
            return Condition::TimeOfDay(field, [self.text(&parts.next()), self.text(&parts.next())]);
        }
        let ranges = std::iter::from_fn(|| parts.opt()).map(|range| {
            let mut days = PairParts::new(range);
            let first = self.text(&days.next());
            let last = days.opt().map_or_else(|| first.clone(), |last| self.text(&last));
            [first, last]
        });
        Condition::Weekdays(field, ranges.collect())
    }

    /// Reads an operand, or an arithmetic expression. Its operators are applied from left to right.
    fn value(self, pair: Pair<'_>) -> Operand {
        match pair.as_rule() {
            Rule::sum => {
                let mut parts = PairParts::new(pair);
                let mut left = self.factor(parts.next());
                while let Some(op) = parts.opt() {
                    let node = match op.as_str().trim() {
                        "*" => Arithmetic::Times,
                        "/" => Arithmetic::By,
                        "+" => Arithmetic::Plus,
                        _ => Arithmetic::Minus,
                    };
                    let op = Spanned { node, span: self.text(&op).span };
                    left = Operand::Computed(Box::new(left), op, Box::new(self.factor(parts.next())));
                }
                left
            }
            _ => self.operand(pair),
        }
    }

    fn factor(self, pair: Pair<'_>) -> Operand {
        let inner = PairParts::new(pair).next();
        let number = |kind| {
            let text = self.text(&inner);
            Operand::Number(LiteralValue { kind, text: text.node, span: text.span })
        };
        match inner.as_rule() {
            Rule::percent => number(LiteralKind::Percent),
            Rule::quantity => number(LiteralKind::Quantity),
            Rule::number => number(LiteralKind::Number),
            _ => self.value(inner),
        }
    }

    fn operand(self, pair: Pair<'_>) -> Operand {
        let inner = PairParts::new(pair).next();
        match inner.as_rule() {
            Rule::field => Operand::Field(self.field(inner)),
            Rule::any_field => Operand::AnyField(self.text(&inner).span),
            _ => Operand::Word(self.text(&inner)),
        }
    }

    pub(super) fn field(self, pair: Pair<'_>) -> Spanned<Vec<PathStep>> {
        let span = self.text(&pair).span;
        let parts = pair.into_inner().flat_map(Pair::into_inner);
        let node = parts.map(|part| match part.as_rule() {
            Rule::each => PathStep::Each,
            Rule::position => {
                // The grammar allows six digits.
                PathStep::Index(part.as_str().trim_matches(['[', ']']).parse().unwrap_or(usize::MAX))
            }
            Rule::string => PathStep::Name(unescape(&self.quoted(part).node)),
            _ => PathStep::Name(part.as_str().to_string()),
        });
        Spanned { node: node.collect(), span }
    }

    fn right(self, pair: Pair<'_>) -> Right {
        let mut parts = PairParts::new(pair);
        let first = parts.next();
        match first.as_rule() {
            Rule::k_any => Right::AnyOf(self.list_ref(parts.next())),
            Rule::k_all => Right::AllOf(self.list_ref(parts.next())),
            Rule::literal => Right::Literal(self.literal(first)),
            _ => Right::Operand(self.value(first)),
        }
    }

    fn list_ref(self, pair: Pair<'_>) -> ListRef {
        match pair.as_rule() {
            Rule::list => ListRef::Here(self.list(pair)),
            _ => ListRef::Named(self.text(&pair)),
        }
    }

    pub(super) fn list(self, pair: Pair<'_>) -> LiteralList {
        let span = self.text(&pair).span;
        let items = pair.into_inner().filter(|part| !matches!(part.as_rule(), Rule::comma | Rule::close_list));
        Spanned { node: items.map(|item| self.list_item(item)).collect(), span }
    }

    fn list_item(self, pair: Pair<'_>) -> LiteralValue {
        match pair.as_rule() {
            Rule::word => {
                LiteralValue { kind: LiteralKind::Word, text: pair.as_str().to_owned(), span: self.span(&pair) }
            }
            _ => self.literal(pair),
        }
    }

    pub(super) fn literal(self, pair: Pair<'_>) -> LiteralValue {
        let inner = PairParts::new(pair).next();
        let kind = match inner.as_rule() {
            Rule::string => LiteralKind::Text,
            Rule::caseless => LiteralKind::TextIgnoringCase,
            Rule::null => LiteralKind::Null,
            Rule::percent => LiteralKind::Percent,
            Rule::quantity => LiteralKind::Quantity,
            Rule::boolean => LiteralKind::Boolean,
            _ => LiteralKind::Number,
        };
        let text = match kind {
            LiteralKind::Text | LiteralKind::TextIgnoringCase => self.quoted(inner),
            _ => self.text(&inner),
        };
        LiteralValue { kind, text: text.node, span: text.span }
    }
}
