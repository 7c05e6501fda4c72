//! Turns pairs of the grammar (nodes of pest's syntax tree) into statements of the rule tree.

use super::grammar::{Pair, Rule};
use super::reader::{PairParts, Reader, comparison};
use crate::diagnostic::Diagnostic;
use crate::rule::ast::{
    Alternative, Chance, Command, Define, Defined, Expect, Feed, ItemKind, PatternText, Quoted, Reference, Spanned,
    StatementNode, TextAndCommand,
};
use crate::rule::chance::{CHANCES, RULE_CHANCE};
use crate::rule::error;
use crate::rule::program::Shell;
use crate::source::Span;

/// Whether `text` is a chance, or a word that is meant as one.
fn is_chance(text: &str) -> bool {
    let words = || CHANCES.iter().map(|(word, _)| *word);
    !text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        || words().any(|word| word == text)
        || words().any(|word| error::synonym(text, word))
        || error::did_you_mean(text, words()).is_some()
}

impl Reader<'_> {
    pub(super) fn head(self, kind: ItemKind, pair: Pair<'_>) -> (Spanned<String>, Quoted) {
        let mut parts = PairParts::new(pair);
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
            ItemKind::Mute => {
                let name = self.text(&first);
                (name.clone(), Spanned { node: String::new(), span: name.span })
            }
            ItemKind::Format => {
                let name = self.text(&first);
                let untitled = Spanned { node: String::new(), span: name.span };
                (name, parts.opt().map_or(untitled, |title| self.quoted(title)))
            }
            ItemKind::Pack | ItemKind::Symptom | ItemKind::Cause | ItemKind::Resolution | ItemKind::Rule => {
                (self.text(&first), self.quoted(parts.next()))
            }
        }
    }

    pub(super) fn define(self, pair: Pair<'_>, diagnostics: &mut Vec<Diagnostic>) -> Define {
        let mut parts = PairParts::new(pair);
        let name = self.text(&parts.next());
        let value = parts.next();
        let value = match value.as_rule() {
            Rule::list => Defined::List(self.list(value)),
            Rule::list_file => {
                let mut parts = PairParts::new(value);
                parts.take(Rule::k_file);
                Defined::ListFile(self.quoted(parts.next()))
            }
            Rule::condition => Defined::Condition(self.condition(value, diagnostics)),
            Rule::caseless_fields => {
                let fields = value.into_inner().filter(|part| part.as_rule() == Rule::field);
                Defined::CaselessFields(fields.map(|field| self.field(field)).collect())
            }
            _ => Defined::Patterns(self.alternatives(value)),
        };
        Define { name, value, broken: false }
    }

    /// Reads a statement. Mistakes that the grammar does not find are added to `diagnostics`.
    pub(super) fn statement(self, rule: Rule, pair: Pair<'_>, diagnostics: &mut Vec<Diagnostic>) -> StatementNode {
        let span = self.text(&pair).span;
        let mut parts = PairParts::new(pair);
        match rule {
            Rule::version_statement => StatementNode::Version,
            Rule::note_statement => StatementNode::Note,
            Rule::kb_statement => StatementNode::Kb(self.strings(parts)),
            Rule::applies_statement => self.applies(parts),
            Rule::match_statement | Rule::format_match_statement => self.matching(parts, diagnostics),
            Rule::record_statement => StatementNode::RecordStart(self.alternatives(parts.next())),
            Rule::json_statement => StatementNode::Json,
            Rule::logfmt_statement => StatementNode::Logfmt,
            Rule::time_statement => {
                let field = parts.take(Rule::field_name_in_log).map(|name| self.source(name));
                let zone = parts.take(Rule::zone).map(|zone| self.quoted(PairParts::new(zone).next()));
                StatementNode::Time { field, zone }
            }
            Rule::named_statement => StatementNode::Named(self.text(&parts.next()), self.source(parts.next())),
            Rule::files_statement => StatementNode::Files(self.strings(parts)),
            Rule::when_statement => StatementNode::When(self.when(parts, span, diagnostics)),
            Rule::by_statement => StatementNode::By(self.by(parts.next())),
            Rule::unless_statement => self.unless(parts),
            Rule::resets_statement => self.resets(parts),
            Rule::rearm_statement => self.rearm(parts),
            Rule::hides_statement => StatementNode::Hides(self.references(parts)),
            Rule::ended_statement => {
                let alternatives = self.alternatives(parts.next());
                let filter = parts.opt().map(|condition| self.condition(condition, diagnostics));
                StatementNode::EndedBy { alternatives, filter }
            }
            Rule::during_statement => StatementNode::During(self.quoted(parts.next())),
            Rule::until_statement => StatementNode::Until(self.word_or_string(parts.next())),
            Rule::reason_statement => StatementNode::Reason(self.quoted(parts.next())),
            Rule::where_statement | Rule::mute_where_statement => {
                StatementNode::Where(self.condition(parts.next(), diagnostics))
            }
            Rule::on_statement | Rule::format_on_statement => StatementNode::On(self.sources(parts)),
            Rule::ask_statement => StatementNode::Ask(self.quoted(parts.next())),
            Rule::how_statement => StatementNode::How(self.quoted(parts.next())),
            Rule::probe_statement => StatementNode::Probe(self.step(&mut parts)),
            Rule::cost_statement => StatementNode::Cost(self.text(&parts.next())),
            Rule::for_statement => StatementNode::For(self.text(&parts.next())),
            Rule::severity_statement => StatementNode::Severity(self.text(&parts.next())),
            Rule::leak_statement => StatementNode::Leak(self.text(&parts.next())),
            Rule::prior_statement => StatementNode::Prior(self.text(&parts.next())),
            Rule::shows_statement => {
                let (name, chance) = self.name_and_chance("shows", &mut parts, diagnostics);
                StatementNode::Shows(name, chance)
            }
            Rule::resolves_statement => {
                let (name, chance) = self.name_and_chance("resolves", &mut parts, diagnostics);
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
            Rule::output_statement => {
                let symptom = self.text(&parts.next());
                StatementNode::Output(symptom, self.strings(parts))
            }
            Rule::product_statement => {
                let name = self.word_or_string(parts.next());
                parts.take(Rule::ordering);
                StatementNode::Product(name, self.word_or_string(parts.next()))
            }
            Rule::now_statement => StatementNode::Now(self.word_or_string(parts.next())),
            Rule::meta_statement => StatementNode::Meta(self.meta(parts, diagnostics)),
            Rule::expect_statement => StatementNode::Expect(self.expect(parts.next(), diagnostics)),
            other => unreachable!("`{other:?}` is no rule of `syntax::STATEMENTS`"),
        }
    }

    fn strings(self, mut parts: PairParts<'_>) -> Vec<Quoted> {
        std::iter::from_fn(|| parts.opt()).map(|part| self.quoted(part)).collect()
    }

    fn references(self, mut parts: PairParts<'_>) -> Vec<Reference> {
        std::iter::from_fn(|| parts.opt()).map(|part| self.text(&part)).collect()
    }

    fn sources(self, mut parts: PairParts<'_>) -> Vec<Spanned<String>> {
        std::iter::from_fn(|| parts.opt()).map(|part| self.source(part)).collect()
    }

    fn source(self, pair: Pair<'_>) -> Spanned<String> {
        self.word_or_string(PairParts::new(pair).next())
    }

    fn applies(self, mut parts: PairParts<'_>) -> StatementNode {
        let product = self.word_or_string(parts.next());
        let bounds = std::iter::from_fn(|| parts.opt()).map(|bound| {
            let mut parts = PairParts::new(bound);
            (comparison(parts.next().as_str()), self.word_or_string(parts.next()))
        });
        StatementNode::Applies { product, bounds: bounds.collect() }
    }

    fn matching(self, mut parts: PairParts<'_>, diagnostics: &mut Vec<Diagnostic>) -> StatementNode {
        let binding = parts.take(Rule::binding).map(|pair| self.text(&pair));
        let alternatives = self.alternatives(parts.next());
        let filter = parts.opt().map(|condition| self.condition(condition, diagnostics));
        StatementNode::Match { binding, alternatives, filter }
    }

    fn alternatives(self, pair: Pair<'_>) -> Vec<Alternative> {
        let mut parts = PairParts::new(pair);
        std::iter::from_fn(|| parts.opt()).map(|part| self.alternative(part)).collect()
    }

    fn alternative(self, pair: Pair<'_>) -> Alternative {
        let inner = PairParts::new(pair).next();
        match inner.as_rule() {
            Rule::text_pattern => {
                let ignore_case = inner.clone().into_inner().any(|part| part.as_rule() == Rule::ignore_case);
                Alternative::Pattern(PatternText::Holes { source: self.quoted(inner), ignore_case })
            }
            Rule::regex => {
                let (source, flags) = self.regex(inner);
                Alternative::Pattern(PatternText::Regex { source, flags })
            }
            Rule::k_any => Alternative::Any(self.span(&inner)),
            Rule::symptom_match => Alternative::Symptom(self.text(&PairParts::new(inner).next())),
            _ => Alternative::Named(self.text(&inner)),
        }
    }

    fn step(self, parts: &mut PairParts<'_>) -> TextAndCommand {
        let text = self.quoted(parts.next());
        let shell = parts.take(Rule::k_powershell).map_or(Shell::Posix, |_| Shell::PowerShell);
        TextAndCommand { text, run: parts.opt().map(|command| Command { shell, text: self.quoted(command) }) }
    }

    /// Reads a name and a chance, of which a `rule` can leave the name out. A single word that is no chance is a name whose
    /// chance is missing.
    fn name_and_chance(
        self,
        keyword: &str,
        parts: &mut PairParts<'_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> (Option<Reference>, Chance) {
        let name = parts.take(Rule::qualified).map(|name| self.text(&name));
        let chance = self.text(&parts.next());
        if let Some(name) = &name
            && CHANCES.iter().any(|(word, _)| *word == name.node)
            && !is_chance(&chance.node)
        {
            let span = Span::new(name.span.start, chance.span.end);
            let fixed = format!("{} {}", chance.node, name.node);
            let title = format!("the chance comes after the name: `{keyword} {fixed}`");
            diagnostics.push(error::foreign_form(span, title, format!("write `{fixed}`")).replace(span, fixed));
            return (Some(chance), name.clone());
        }
        if name.is_some() || is_chance(&chance.node) {
            return (name, chance);
        }
        let end = Span::new(chance.span.end, chance.span.end);
        let help = format!("write `{keyword} {} {RULE_CHANCE}`", chance.node);
        let missing =
            error::missing_part(chance.span, "the chance", help).replace(end, format!(" {RULE_CHANCE}")).guessed();
        diagnostics.push(missing);
        let usual = Spanned { node: RULE_CHANCE.to_owned(), span: chance.span };
        (Some(chance), usual)
    }

    fn verify(self, mut parts: PairParts<'_>) -> StatementNode {
        match parts.take(Rule::k_no) {
            Some(_) => StatementNode::VerifySilence(self.text(&parts.next()), self.text(&parts.next())),
            None => StatementNode::VerifyCheck(self.step(&mut parts)),
        }
    }

    /// Reads `meta`. Any key is allowed, but one that is nearly a known one is misspelt.
    fn meta(self, mut parts: PairParts<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<(Spanned<String>, Vec<Quoted>)> {
        const KEYS: &[&str] = &[
            "author",
            "tags",
            "attack",
            "references",
            "false_positives",
            "status",
            "license",
            "date",
            "modified",
            "id",
        ];
        let mut seen: Vec<(Spanned<String>, Vec<Quoted>)> = Vec::new();
        while let Some(entry) = parts.opt() {
            let mut entry = PairParts::new(entry);
            let key = self.text(&entry.next());
            let is_known = KEYS.contains(&key.node.as_str());
            if !is_known && error::did_you_mean(&key.node, KEYS.iter().copied()).is_some() {
                diagnostics.push(error::unknown_word(key.span, &key.node, KEYS));
            }
            if let Some((first, _)) = seen.iter().find(|(first, _)| first.node == key.node) {
                diagnostics.push(error::repeated_statement(key.span, first.span, &key.node));
            }
            seen.push((key, self.strings(entry)));
        }
        seen
    }

    fn feed(self, mut parts: PairParts<'_>) -> Feed {
        let source = parts.take(Rule::bare_source).map(|source| self.text(&source));
        let is_file = parts.take(Rule::k_file).is_some();
        let mut lines: Vec<Quoted> = Vec::new();
        // The string after `from` is no line.
        while let Some(line) = parts.take_here(Rule::string) {
            lines.push(self.quoted(line));
        }
        let times = parts.take(Rule::times).map(|times| self.text(&PairParts::new(times).next()));
        let every = parts.take(Rule::duration).map(|every| self.text(&every));
        let from = parts.opt().map(|from| self.word_or_string(from));
        let file = if is_file { lines.pop() } else { None };
        Feed { source, lines, file, times, every, from }
    }

    fn expect(self, pair: Pair<'_>, diagnostics: &mut Vec<Diagnostic>) -> Expect {
        let rule = pair.as_rule();
        let mut parts = PairParts::new(pair);
        match rule {
            Rule::expect_top => Expect::TopCause(self.text(&parts.next()), parts.opt().map(|least| self.text(&least))),
            Rule::expect_first => Expect::FirstResolution(self.text(&parts.next())),
            Rule::expect_cause => {
                parts.take(Rule::k_cause);
                let cause = self.text(&parts.next());
                let mut bound = PairParts::new(parts.next());
                let at_least = bound.next().as_rule() == Rule::at_least;
                Expect::Cause { cause, at_least, chance: self.text(&bound.next()) }
            }
            Rule::expect_no_cause => {
                parts.take(Rule::k_no);
                Expect::NoCause(self.text(&parts.next()))
            }
            Rule::expect_unknown => Expect::Unknown,
            Rule::expect_none => {
                parts.take(Rule::k_no);
                Expect::NoSymptom(self.text(&parts.next()))
            }
            Rule::expect_unconfirmed => Expect::Unconfirmed(self.text(&parts.next())),
            _ => Expect::Symptom {
                symptom: self.text(&parts.next()),
                findings: parts.take(Rule::times).map(|times| self.text(&PairParts::new(times).next())),
                with: parts.opt().map(|condition| self.condition(condition, diagnostics)),
            },
        }
    }
}
