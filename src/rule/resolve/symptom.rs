//! Resolves symptoms: compiles their patterns, and checks texts and conditions against the captures of the patterns.

use crate::diagnostic::Diagnostic;
use crate::pattern::{HoleKind, Pattern};
use crate::rule::ast::{self, Alternative, Define, Defined, Item, Reference, StatementNode};
use crate::rule::chance::{DEFAULT_SYMPTOM_COST, PERSON_LEAK, RECORD_LEAK};
use crate::rule::error;
use crate::rule::program::{
    Binding, Condition, FieldPath, Matcher, Probe, Symptom, SymptomId, SymptomSeverity, Template,
};
use crate::source::Span;

use super::command::command;
use super::condition::{ConditionSubject, uses_count};
use super::names::NameKind;
use super::pattern::{self, compile};
use super::template::{self, Captures};
use super::{ItemContext, Resolver, once, reach, value};

/// The `match` statements of a symptom, resolved before anything that uses their captures.
#[derive(Debug, Default)]
pub(super) struct Bindings {
    pub(super) bindings: Vec<Binding>,
    /// The captures of each binding, and its place.
    pub(super) each: Vec<(Captures, Span)>,
    /// The captures of all bindings.
    pub(super) own: Captures,
    /// The bindings that match another symptom, with its provisional id and the place of its name.
    pub(super) chained: Vec<(usize, usize, Span)>,
    /// Whether the symptom has conditions on time.
    pub(super) is_timed: bool,
    /// The fields that its texts show.
    pub(super) fields: Vec<(String, FieldPath)>,
    of: Option<(usize, Span)>,
    broken: bool,
}

impl Bindings {
    /// The symptoms that this one matches, each with the place of its name.
    pub(super) fn matched(&self) -> Vec<(usize, Span)> {
        self.chained.iter().map(|(_, symptom, span)| (*symptom, *span)).collect()
    }

    /// Adds a binding that matches the symptom `symptom`.
    pub(super) fn chain(&mut self, name: &str, symptom: usize, span: Span) -> usize {
        let matched = Some(SymptomId(super::id(symptom)));
        self.chained.push((self.bindings.len(), symptom, span));
        self.each.push((Captures::default(), span));
        self.bindings.push(Binding { name: name.to_owned(), alternatives: Vec::new(), filter: None, symptom: matched });
        self.bindings.len() - 1
    }
}

/// The words that mean something in a `when`, so that it cannot speak of a binding of that name.
const NO_NAMES: &[&str] = &["and", "by", "for", "no", "not", "or", "then", "unless", "within", "when", "where"];

/// The alternatives of a `match` or `define`.
#[derive(Default)]
struct Matchers {
    matchers: Vec<Matcher>,
    captures: Captures,
    /// Whether an alternative is missing because of a mistake that is reported.
    broken: bool,
}

impl<'a> Resolver<'a> {
    pub(super) fn bindings(&mut self, item: &'a Item, cx: &mut ItemContext<'a>) -> Bindings {
        let mut found = Bindings { broken: item.broken, ..Bindings::default() };
        found.own.incomplete = item.unread;
        found.fields = shown_fields(item);
        let mut named: Vec<(&str, Span)> = Vec::new();
        let is_timed = item.broken || item.statements.iter().any(|one| matches!(one.node, StatementNode::When(_)));
        for statement in &item.statements {
            match &statement.node {
                StatementNode::Match { binding, alternatives, filter } => {
                    let name = &binding.as_ref().unwrap_or(&item.name).node;
                    let span = binding.as_ref().map_or(statement.span, |binding| binding.span);
                    if is_timed && NO_NAMES.contains(&name.as_str()) {
                        cx.diagnostics.push(error::binding_is_keyword(span, name));
                    }
                    match named.iter().find(|(known, _)| known == name) {
                        Some((_, first)) => cx.diagnostics.push(error::duplicate_binding(span, *first, name)),
                        None => named.push((name, span)),
                    }
                    if let [Alternative::Symptom(other)] = alternatives.as_slice() {
                        if let Some(index) = self.find(NameKind::Symptom, other, cx) {
                            found.chain(name, index, other.span);
                        }
                        continue;
                    }
                    let of_record = filter.as_ref().filter(|filter| !uses_count(filter));
                    self.binding((name, span), alternatives, of_record, &mut found, cx);
                }
                StatementNode::For(of) => {
                    found.of = self.find(NameKind::Symptom, of, cx).map(|index| (index, of.span));
                }
                _ => {}
            }
        }
        for (name, _) in &found.fields {
            // A field can contain any text, as an untyped hole can.
            found.own.add(name, HoleKind::Word, false);
        }
        self.time_bindings(item, &mut found, cx);
        found.broken |= !cx.is_sound();
        found
    }

    pub(super) fn binding(
        &self,
        (name, span): (&str, Span),
        alternatives: &[Alternative],
        filter: Option<&ast::Condition>,
        found: &mut Bindings,
        cx: &mut ItemContext<'_>,
    ) {
        let of_match = self.matchers(alternatives, cx);
        let checked = filter.map(|filter| self.condition(filter, &of_match.captures, ConditionSubject::Record, cx));
        // A list or condition with a mistake is reported at its definition.
        found.broken |= matches!(checked, Some(None));
        let filter = checked.flatten();
        found.own.extend(&of_match.captures);
        found.broken |= of_match.broken;
        found.each.push((of_match.captures, span));
        let alternatives = of_match.matchers;
        found.bindings.push(Binding { name: name.to_string(), alternatives, filter, symptom: None });
    }

    fn matchers(&self, alternatives: &[Alternative], cx: &mut ItemContext<'_>) -> Matchers {
        let mut found = Matchers::default();
        for alternative in alternatives {
            match alternative {
                Alternative::Any(_) => found.matchers.push(Matcher::Any),
                Alternative::Symptom(other) => {
                    cx.diagnostics.push(error::match_symptom_alone(other.span));
                    found.add(None);
                }
                Alternative::Named(reference) => self.defined(reference, &mut found, cx),
                Alternative::Pattern(written) => {
                    let compiled = compile(written);
                    if compiled.as_ref().is_ok_and(|pattern| pattern.required().is_empty()) {
                        cx.diagnostics.push(error::slow_pattern(written.source().span));
                    }
                    if let Ok(pattern) = &compiled {
                        cx.diagnostics.extend(pattern::remarks(written, pattern));
                    }
                    let pattern = cx.all_ok(compiled);
                    found.add(pattern);
                }
            }
        }
        cx.diagnostics.extend(pattern::needless_alternatives(alternatives));
        found
    }

    /// Adds the patterns of a definition. They are compiled for each use. Mistakes in them are reported at the
    /// definition.
    fn defined(&self, reference: &Reference, found: &mut Matchers, cx: &mut ItemContext<'_>) {
        let define = self.define(&cx.unit.pack, reference);
        match cx.ok(define).map(|define| &define.value) {
            None => found.add(None),
            // Its mistake is reported, and nothing of it could be read.
            Some(Defined::Patterns(alternatives)) if alternatives.is_empty() => found.add(None),
            Some(Defined::Patterns(alternatives)) => {
                for alternative in alternatives {
                    match alternative {
                        Alternative::Any(_) => found.matchers.push(Matcher::Any),
                        Alternative::Named(_) | Alternative::Symptom(_) => found.add(None),
                        Alternative::Pattern(written) => found.add(compile(written).ok()),
                    }
                }
            }
            Some(other) => {
                cx.diagnostics.push(error::wrong_kind(reference.span, &reference.node, "pattern", other.kind()));
            }
        }
    }

    /// Reports mistakes in the patterns of a definition, whether it is used or not.
    pub(super) fn check_define(&self, define: &Define, cx: &mut ItemContext<'_>) {
        let alternatives = match &define.value {
            Defined::Patterns(alternatives) => alternatives,
            Defined::List(_) | Defined::CaselessFields(_) => return,
            Defined::ListFile(name) => {
                if self.list_file(cx.unit, name).is_none() {
                    cx.diagnostics.push(error::unread_file(name.span, &name.node));
                }
                return;
            }
            Defined::Condition(condition) => {
                // Which captures there are depends on the pattern that uses it.
                let captures = Captures::none(true);
                self.condition(condition, &captures, ConditionSubject::Record, cx);
                return;
            }
        };
        for alternative in alternatives {
            match alternative {
                Alternative::Any(_) => {}
                Alternative::Pattern(written) => {
                    let compiled = compile(written);
                    if let Ok(pattern) = &compiled {
                        cx.diagnostics.extend(pattern::remarks(written, pattern));
                    }
                    cx.all_ok(compiled);
                }
                Alternative::Symptom(other) => cx.diagnostics.push(error::match_symptom_alone(other.span)),
                Alternative::Named(inner) => {
                    cx.diagnostics.push(error::wrong_kind(inner.span, &inner.node, "pattern", "name"));
                }
            }
        }
    }

    /// Gives each binding that matches another symptom the captures of that symptom.
    pub(super) fn chain_captures(&mut self) {
        let chained: Vec<usize> =
            (0..self.bindings.len()).filter(|&id| !self.bindings[id].chained.is_empty()).collect();
        // Each round adds what is one symptom farther away. A circle is reported elsewhere, and ends here too.
        for _ in 0..chained.len() {
            let mut has_grown = false;
            for &id in &chained {
                for (binding, of, _) in self.bindings[id].chained.clone() {
                    let captures = self.bindings[of].own.clone();
                    let this = &mut self.bindings[id];
                    let known = this.own.names().len();
                    this.each[binding].0.extend(&captures);
                    this.own.extend(&captures);
                    has_grown |= this.own.names().len() > known;
                }
            }
            if !has_grown {
                break;
            }
        }
    }

    /// Resolves the conditions that need the captures of other symptoms or are about the finding.
    fn late_conditions(&mut self, item: &'a Item, id: usize, cx: &mut ItemContext<'a>) -> Vec<Condition> {
        let mut filters = Vec::new();
        for statement in &item.statements {
            let condition = match &statement.node {
                StatementNode::Where(condition) => condition,
                StatementNode::Match { binding, alternatives, filter: Some(filter) }
                    if matches!(alternatives.as_slice(), [Alternative::Symptom(_)]) =>
                {
                    let name = &binding.as_ref().unwrap_or(&item.name).node;
                    self.chained_condition(id, name, filter, cx);
                    continue;
                }
                StatementNode::Match { filter: Some(filter), .. } if uses_count(filter) => filter,
                _ => continue,
            };
            let checked = self.condition(condition, &self.bindings[id].own, ConditionSubject::Finding, cx);
            // A list or condition with a mistake is reported at its definition.
            self.bindings[id].broken |= checked.is_none();
            filters.extend(checked);
        }
        filters
    }

    fn chained_condition(&mut self, id: usize, name: &str, written: &'a ast::Condition, cx: &mut ItemContext<'a>) {
        let bindings = &self.bindings[id];
        let Some(at) = bindings.bindings.iter().position(|binding| binding.name == name) else { return };
        let of_finding = bindings.chained.iter().any(|(b, of, _)| *b == at && self.bindings[*of].is_timed);
        let subject = if of_finding { ConditionSubject::Finding } else { ConditionSubject::Record };
        let filter = self.condition(written, &bindings.each[at].0, subject, cx);
        self.bindings[id].broken |= filter.is_none();
        self.bindings[id].bindings[at].filter = filter;
    }

    /// Returns the captures that texts about each symptom can use: its own, and those of the symptoms that it is `for`,
    /// directly or through others.
    pub(super) fn symptom_captures(&self) -> Vec<Captures> {
        let follow = |start: &Bindings| {
            let mut captures = start.own.clone();
            let mut next = start.of;
            // A circle is reported elsewhere. The limit only ends the loop.
            for _ in 0..self.bindings.len() {
                let Some((of, _)) = next else { break };
                captures.extend(&self.bindings[of].own);
                next = self.bindings[of].of;
            }
            captures
        };
        self.bindings.iter().map(follow).collect()
    }

    fn is_circular(&self, id: usize) -> bool {
        let mut at = self.bindings[id].of;
        for _ in 0..self.bindings.len() {
            match at {
                Some((of, _)) if of == id => return true,
                Some((of, _)) => at = self.bindings[of].of,
                None => return false,
            }
        }
        false
    }

    /// Says which symptom has a capture that this one lacks, in the diagnostics from index `first` on.
    fn captures_of_others(&self, id: usize, cx: &mut ItemContext<'_>, first: usize) {
        for wrong in &mut cx.diagnostics[first..] {
            let names = self.names.of_kind(NameKind::Symptom);
            let owner = names.iter().enumerate().find(|(other, named)| {
                *other != id
                    && named.source == cx.unit.source
                    && error::unknown_capture_name(wrong)
                        .is_some_and(|name| self.bindings[*other].own.kind(name).is_some())
            });
            if let Some((_, owner)) = owner {
                *wrong = error::capture_of_other(wrong.clone(), &owner.name.node);
            }
        }
    }

    pub(super) fn symptom(
        &mut self,
        item: &'a Item,
        id: usize,
        captures: &[Captures],
        cx: &mut ItemContext<'a>,
    ) -> Option<Symptom> {
        if let Some((_, span)) = self.bindings[id].of.filter(|_| self.is_circular(id)) {
            cx.diagnostics.push(error::circular_for(span, &item.name.node));
        }
        let known = cx.diagnostics.len();
        let parts = OtherStatements::new(item, &captures[id], cx);
        let filters = self.late_conditions(item, id, cx);
        let title = template::text(&item.title, &captures[id], &mut cx.diagnostics);
        self.captures_of_others(id, cx, known);
        cx.diagnostics.extend(reach::foreign_captures(&item.title, &captures[id]));
        cx.diagnostics.extend(reach::lacking_alternatives(item, &self.bindings[id], &title));
        let (time, keys, fields) = self.timing(item, id, &title, cx);
        let hides = self.hidden(item, cx);
        let bindings = std::mem::take(&mut self.bindings[id].bindings);
        let by_person = parts.ask.is_some() || parts.probe.is_some();
        if bindings.is_empty() && !by_person && !item.broken {
            cx.diagnostics.push(error::nothing_shows_it(item.name.span, "symptom"));
        }
        // A symptom that is read from records stays as rare if the user can be asked about it as well. Only the output
        // of a probe is chosen by the user.
        let from_records = !bindings.is_empty() && parts.probe.is_none();
        let default_leak = if from_records { RECORD_LEAK } else { PERSON_LEAK };
        let symptom = Symptom {
            name: item.name.node.clone(),
            title,
            on: parts.on,
            severity: parts.severity.map_or_else(SymptomSeverity::default, |(severity, _)| severity),
            leak: parts.leak.map_or(default_leak, |(leak, _)| leak),
            bindings,
            filter: joined(filters),
            ask: parts.ask.map(|(ask, _)| ask),
            probe: parts.probe.map(|(probe, _)| probe),
            how: parts.how.map(|(how, _)| how),
            cost: parts.cost.map_or(DEFAULT_SYMPTOM_COST, |(cost, _)| cost),
            of: self.bindings[id].of.map(|(of, _)| SymptomId(super::id(of))),
            keys,
            fields,
            time: time.map(Box::new),
            hides,
            feeds: Vec::new(),
            meta: super::meta(item),
        };
        (!self.bindings[id].broken).then_some(symptom)
    }
}

/// Returns the fields that the texts of a symptom show, each once. Only those are kept of a record.
fn shown_fields(item: &Item) -> Vec<(String, FieldPath)> {
    let texts = item.statements.iter().filter_map(|statement| match &statement.node {
        StatementNode::Ask(text) | StatementNode::How(text) => Some(text),
        StatementNode::Probe(probe) => Some(&probe.text),
        _ => None,
    });
    let mut fields: Vec<_> = std::iter::once(&item.title).chain(texts).flat_map(template::fields).collect();
    fields.sort_by(|a, b| a.0.cmp(&b.0));
    fields.dedup_by(|a, b| a.0 == b.0);
    fields
}

/// The statements of a symptom other than `match`, `where` and `for`.
#[derive(Default)]
struct OtherStatements {
    on: Vec<String>,
    severity: Option<(SymptomSeverity, Span)>,
    leak: Option<(f64, Span)>,
    ask: Option<(Template, Span)>,
    probe: Option<(Probe, Span)>,
    how: Option<(Template, Span)>,
    cost: Option<(std::time::Duration, Span)>,
}

const SEVERITIES: &[(&str, SymptomSeverity)] = &[
    ("low", SymptomSeverity::Low),
    ("medium", SymptomSeverity::Medium),
    ("high", SymptomSeverity::High),
    ("critical", SymptomSeverity::Critical),
];

impl OtherStatements {
    fn new(item: &Item, captures: &Captures, cx: &mut ItemContext<'_>) -> Self {
        let mut parts = OtherStatements::default();
        for statement in &item.statements {
            parts.add(statement, captures, &mut cx.diagnostics);
        }
        parts
    }

    fn add(&mut self, statement: &ast::Statement, captures: &Captures, diagnostics: &mut Vec<Diagnostic>) {
        let span = statement.span;
        match &statement.node {
            StatementNode::On(sources) => {
                diagnostics.extend(sources.iter().filter_map(source_remark));
                self.on.extend(sources.iter().map(|source| value::unescape(&source.node)));
            }
            StatementNode::Severity(word) => match value::word(word, SEVERITIES) {
                Ok(severity) => once(&mut self.severity, severity, span, "severity", diagnostics),
                Err(wrong) => diagnostics.push(wrong),
            },
            StatementNode::Leak(chance) => match value::chance(chance, &[]) {
                Ok(leak) => once(&mut self.leak, leak, span, "leak", diagnostics),
                Err(wrong) => diagnostics.push(wrong),
            },
            StatementNode::Cost(cost) => match value::duration(cost) {
                Ok(cost) => once(&mut self.cost, cost, span, "cost", diagnostics),
                Err(wrong) => diagnostics.push(wrong),
            },
            StatementNode::Ask(text) => {
                let ask = template::text(text, captures, diagnostics);
                once(&mut self.ask, ask, span, "ask", diagnostics);
            }
            StatementNode::How(text) => {
                let how = template::text(text, captures, diagnostics);
                once(&mut self.how, how, span, "how", diagnostics);
            }
            StatementNode::Probe(step) => {
                let question = template::text(&step.text, captures, diagnostics);
                let run = step.run.as_ref().map(|run| command(run, captures, diagnostics));
                once(&mut self.probe, Probe { question, run }, span, "probe", diagnostics);
            }
            _ => {}
        }
    }
}

/// Programs whose names are often written after `on`.
const PROGRAMS: &[&str] = &[
    "sshd",
    "kernel",
    "systemd",
    "nginx",
    "apache",
    "postfix",
    "dovecot",
    "postgres",
    "mysqld",
    "dockerd",
    "kubelet",
    "containerd",
    "auth",
];

/// Words for sources that have another name here.
const OTHER_SOURCES: &[(&str, &str)] = &[
    ("evtx", "windows_event"),
    ("eventlog", "windows_event"),
    ("winlog", "windows_event"),
    ("wineventlog", "windows_event"),
    ("ssh", "sshd"),
    ("journal", "syslog"),
    ("journald", "syslog"),
    ("access_log", "access"),
    ("weblog", "access"),
];

/// Warns of a source that is written with wildcards, as a path, or nearly as one that is known.
fn source_remark(source: &ast::Spanned<String>) -> Option<Diagnostic> {
    let name = source.node.as_str();
    if name.contains(['*', '?']) {
        return Some(error::source_wildcard(source.span, name));
    }
    if name.contains('/') {
        let stem = name.rsplit('/').next().unwrap_or(name).split('.').next().unwrap_or(name);
        return (!stem.is_empty()).then(|| error::path_as_source(source.span, name, stem));
    }
    if let Some((_, meant)) = OTHER_SOURCES.iter().find(|(other, _)| *other == name) {
        return Some(error::unknown_source(source.span, name, meant));
    }
    let known = || crate::own_format::BUILT_IN.iter().chain(PROGRAMS).copied();
    let near = known().find(|known| crate::diagnostic::is_slip(name, known))?;
    known().all(|known| known != name).then(|| error::unknown_source(source.span, name, near))
}

fn joined(mut filters: Vec<Condition>) -> Option<Condition> {
    match filters.len() {
        0 | 1 => filters.pop(),
        _ => Some(Condition::All(filters)),
    }
}

impl Matchers {
    /// Adds a pattern. `None` means that it has a mistake.
    fn add(&mut self, pattern: Option<Pattern>) {
        let Some(pattern) = pattern else {
            self.broken = true;
            self.captures.incomplete = true;
            return;
        };
        let percents = pattern.percent_holes();
        for hole in pattern.holes() {
            if let Some(name) = &hole.name {
                self.captures.add(name, hole.kind, percents.contains(name));
            }
        }
        self.matchers.push(Matcher::Pattern(pattern));
    }
}
