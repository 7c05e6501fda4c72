//! Pairs of the strict grammar to statements of the tree.

use super::grammar::{Pair, Rule};
use crate::diagnostic::Diagnostic;
use crate::rule::ast::{
    Alternative, Chance, Define, Defined, Expect, Feed, ItemKind, Ordering, PatternText, Quoted, Reference, Spanned,
    StatementNode, Step,
};
use crate::source::Span;

/// Reads pairs of a piece of text that begins at `base` of the file.
#[derive(Clone, Copy)]
pub(super) struct Reader {
    pub(super) base: usize,
}

/// The parts of a pair in order, each taken once.
pub(super) struct Parts<'t> {
    pairs: std::iter::Peekable<pest::iterators::Pairs<'t, Rule>>,
}

impl<'t> Parts<'t> {
    pub(super) fn new(pair: Pair<'t>) -> Self {
        Parts { pairs: pair.into_inner().peekable() }
    }

    /// The next part that is not a keyword, which the grammar guarantees.
    pub(super) fn next(&mut self) -> Pair<'t> {
        self.opt().expect("the grammar has this part")
    }

    pub(super) fn opt(&mut self) -> Option<Pair<'t>> {
        self.pairs.by_ref().find(|pair| !is_connecting(pair.as_rule()))
    }

    /// The next part if it is a `rule`.
    pub(super) fn take(&mut self, rule: Rule) -> Option<Pair<'t>> {
        while self.pairs.peek().is_some_and(|pair| pair.as_rule() != rule && is_connecting(pair.as_rule())) {
            self.pairs.next();
        }
        self.pairs.next_if(|pair| pair.as_rule() == rule)
    }
}

/// Words that only lead to the part behind them. (`any`, `no`, `yes` and the like carry meaning.)
fn is_connecting(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::EOI
            | Rule::keyword
            | Rule::k_pack
            | Rule::k_symptom
            | Rule::k_cause
            | Rule::k_resolution
            | Rule::k_rule
            | Rule::k_test
            | Rule::k_define
            | Rule::k_kb
            | Rule::k_applies
            | Rule::k_match
            | Rule::k_where
            | Rule::k_on
            | Rule::k_ask
            | Rule::k_how
            | Rule::k_probe
            | Rule::k_run
            | Rule::k_cost
            | Rule::k_for
            | Rule::k_severity
            | Rule::k_leak
            | Rule::k_prior
            | Rule::k_shows
            | Rule::k_against
            | Rule::k_leads
            | Rule::k_to
            | Rule::k_resolves
            | Rule::k_risk
            | Rule::k_needs
            | Rule::k_step
            | Rule::k_verify
            | Rule::k_undo
            | Rule::k_irreversible
            | Rule::k_feed
            | Rule::k_answer
            | Rule::k_expect
            | Rule::k_or
            | Rule::k_x
            | Rule::k_every
            | Rule::k_from
            | Rule::k_with
            | Rule::k_top
            | Rule::k_first
            | Rule::k_of
            | Rule::k_in
    )
}

impl Reader {
    pub(super) fn span(self, pair: &Pair<'_>) -> Span {
        Span::new(pair.as_span().start(), pair.as_span().end()).shifted(self.base)
    }

    pub(super) fn text(self, pair: &Pair<'_>) -> Spanned<String> {
        let text = pair.as_str().trim_end();
        let span = self.span(pair);
        Spanned { node: text.to_string(), span: Span::new(span.start, span.start + text.len()) }
    }

    /// What stands between the quotes or backticks of a string, pattern or command.
    pub(super) fn quoted(self, pair: Pair<'_>) -> Quoted {
        let inner = pair
            .into_inner()
            .find(|inner| matches!(inner.as_rule(), Rule::string_inner | Rule::command_inner | Rule::regex_inner));
        let inner = inner.expect("quotes hold an inner part, if an empty one");
        Spanned { node: inner.as_str().to_string(), span: self.span(&inner) }
    }

    pub(super) fn head(self, kind: ItemKind, pair: Pair<'_>) -> (Spanned<String>, Quoted) {
        let mut parts = Parts::new(pair);
        let first = parts.next();
        match kind {
            ItemKind::Test => {
                let title = self.quoted(first);
                (title.clone(), title)
            }
            ItemKind::RuleResolution => {
                let title = self.quoted(first);
                (Spanned { node: String::new(), span: title.span }, title)
            }
            ItemKind::Pack | ItemKind::Symptom | ItemKind::Cause | ItemKind::Resolution | ItemKind::Rule => {
                (self.text(&first), self.quoted(parts.next()))
            }
        }
    }

    pub(super) fn define(self, pair: Pair<'_>) -> Define {
        let mut parts = Parts::new(pair);
        let name = self.text(&parts.next());
        let value = parts.next();
        let value = match value.as_rule() {
            Rule::list => Defined::List(self.list(value)),
            _ => Defined::Patterns(self.alternatives(value)),
        };
        Define { name, value, broken: false }
    }

    /// A statement. Mistakes beyond its grammar are added to `diagnostics`.
    pub(super) fn statement(self, rule: Rule, pair: Pair<'_>, diagnostics: &mut Vec<Diagnostic>) -> StatementNode {
        let mut parts = Parts::new(pair);
        match rule {
            Rule::version_statement => StatementNode::Version,
            Rule::note_statement => StatementNode::Note,
            Rule::kb_statement => StatementNode::Kb(self.strings(parts)),
            Rule::applies_statement => self.applies(parts),
            Rule::match_statement => self.matching(parts, diagnostics),
            Rule::where_statement => StatementNode::Where(self.condition(parts.next(), diagnostics)),
            Rule::on_statement => StatementNode::On(self.sources(parts)),
            Rule::ask_statement => StatementNode::Ask(self.quoted(parts.next())),
            Rule::how_statement => StatementNode::How(self.quoted(parts.next())),
            Rule::probe_statement => StatementNode::Probe(self.step(&mut parts)),
            Rule::cost_statement => StatementNode::Cost(self.text(&parts.next())),
            Rule::for_statement => StatementNode::For(self.text(&parts.next())),
            Rule::severity_statement => StatementNode::Severity(self.text(&parts.next())),
            Rule::leak_statement => StatementNode::Leak(self.text(&parts.next())),
            Rule::prior_statement => StatementNode::Prior(self.text(&parts.next())),
            Rule::shows_statement => {
                let (name, chance) = self.name_and_chance(&mut parts);
                StatementNode::Shows(name, chance)
            }
            Rule::resolves_statement => {
                let (name, chance) = self.name_and_chance(&mut parts);
                StatementNode::Resolves(name, chance)
            }
            Rule::against_statement => StatementNode::Against(self.text(&parts.next()), self.text(&parts.next())),
            Rule::leads_statement => StatementNode::LeadsTo(self.text(&parts.next()), self.text(&parts.next())),
            Rule::risk_statement => StatementNode::Risk(self.text(&parts.next())),
            Rule::needs_statement => StatementNode::Needs(self.strings(parts)),
            Rule::step_statement => StatementNode::Step(self.step(&mut parts)),
            Rule::verify_statement => self.verify(parts),
            Rule::undo_statement => StatementNode::Undo(self.quoted(parts.next())),
            Rule::irreversible_statement => StatementNode::Irreversible,
            Rule::feed_statement => StatementNode::Feed(self.feed(parts)),
            Rule::answer_statement => {
                let symptom = self.text(&parts.next());
                StatementNode::Answer(symptom, parts.take(Rule::k_yes).is_some())
            }
            Rule::expect_statement => StatementNode::Expect(self.expect(parts.next(), diagnostics)),
            other => unreachable!("`{other:?}` is no rule of `syntax::STATEMENTS`"),
        }
    }

    fn strings(self, mut parts: Parts<'_>) -> Vec<Quoted> {
        std::iter::from_fn(|| parts.opt()).map(|part| self.quoted(part)).collect()
    }

    /// A word, or what stands between quotes.
    fn word_or_string(self, pair: Pair<'_>) -> Spanned<String> {
        match pair.as_rule() {
            Rule::string => self.quoted(pair),
            _ => self.text(&pair),
        }
    }

    fn sources(self, mut parts: Parts<'_>) -> Vec<Spanned<String>> {
        std::iter::from_fn(|| parts.opt()).map(|part| self.source(part)).collect()
    }

    fn source(self, pair: Pair<'_>) -> Spanned<String> {
        self.word_or_string(Parts::new(pair).next())
    }

    fn applies(self, mut parts: Parts<'_>) -> StatementNode {
        let product = self.word_or_string(parts.next());
        let bounds = std::iter::from_fn(|| parts.opt()).map(|bound| {
            let mut parts = Parts::new(bound);
            (ordering(parts.next().as_str()), self.word_or_string(parts.next()))
        });
        StatementNode::Applies { product, bounds: bounds.collect() }
    }

    fn matching(self, mut parts: Parts<'_>, diagnostics: &mut Vec<Diagnostic>) -> StatementNode {
        let binding = parts.take(Rule::binding).map(|pair| self.text(&pair));
        let alternatives = self.alternatives(parts.next());
        let filter = parts.opt().map(|condition| self.condition(condition, diagnostics));
        StatementNode::Match { binding, alternatives, filter }
    }

    fn alternatives(self, pair: Pair<'_>) -> Vec<Alternative> {
        let mut parts = Parts::new(pair);
        std::iter::from_fn(|| parts.opt()).map(|part| self.alternative(part)).collect()
    }

    fn alternative(self, pair: Pair<'_>) -> Alternative {
        let inner = Parts::new(pair).next();
        match inner.as_rule() {
            Rule::text_pattern => {
                let ignore_case = inner.clone().into_inner().any(|part| part.as_rule() == Rule::ignore_case);
                Alternative::Pattern(PatternText::Holes { source: self.quoted(inner), ignore_case })
            }
            Rule::regex => {
                let (source, flags) = self.regex(inner);
                Alternative::Pattern(PatternText::Regex { source, flags })
            }
            Rule::k_any => Alternative::Any,
            _ => Alternative::Named(self.text(&inner)),
        }
    }

    /// The source and the flags of a regex.
    pub(super) fn regex(self, pair: Pair<'_>) -> (Quoted, Spanned<String>) {
        let flags = pair.clone().into_inner().find(|part| part.as_rule() == Rule::regex_flags);
        let flags = self.text(&flags.expect("a regex has flags, if none"));
        (self.quoted(pair), flags)
    }

    fn step(self, parts: &mut Parts<'_>) -> Step {
        let text = self.quoted(parts.next());
        Step { text, run: parts.opt().map(|command| self.quoted(command)) }
    }

    fn name_and_chance(self, parts: &mut Parts<'_>) -> (Option<Reference>, Chance) {
        let name = parts.take(Rule::qualified).map(|name| self.text(&name));
        (name, self.text(&parts.next()))
    }

    fn verify(self, mut parts: Parts<'_>) -> StatementNode {
        match parts.take(Rule::k_no) {
            Some(_) => StatementNode::VerifySilence(self.text(&parts.next()), self.text(&parts.next())),
            None => StatementNode::VerifyCheck(self.step(&mut parts)),
        }
    }

    fn feed(self, mut parts: Parts<'_>) -> Feed {
        let source = parts.take(Rule::source).map(|source| self.source(source));
        let line = self.quoted(parts.next());
        let times = parts.take(Rule::times).map(|times| self.text(&Parts::new(times).next()));
        let every = parts.take(Rule::duration).map(|every| self.text(&every));
        let from = parts.opt().map(|from| self.word_or_string(from));
        Feed { source, line, times, every, from }
    }

    fn expect(self, pair: Pair<'_>, diagnostics: &mut Vec<Diagnostic>) -> Expect {
        let rule = pair.as_rule();
        let mut parts = Parts::new(pair);
        match rule {
            Rule::expect_top => Expect::TopCause(self.text(&parts.next()), parts.opt().map(|least| self.text(&least))),
            Rule::expect_first => Expect::FirstResolution(self.text(&parts.next())),
            Rule::expect_none => {
                parts.take(Rule::k_no);
                Expect::NoSymptom(self.text(&parts.next()))
            }
            _ => Expect::Symptom {
                symptom: self.text(&parts.next()),
                findings: parts.take(Rule::times).map(|times| self.text(&Parts::new(times).next())),
                with: parts.opt().map(|condition| self.condition(condition, diagnostics)),
            },
        }
    }
}

/// The comparison that a sign stands for.
pub(super) fn ordering(sign: &str) -> Ordering {
    match sign.trim_end() {
        "==" => Ordering::Equal,
        "!=" => Ordering::NotEqual,
        "<=" => Ordering::LessOrEqual,
        ">=" => Ordering::GreaterOrEqual,
        "<" => Ordering::Less,
        _ => Ordering::Greater,
    }
}
