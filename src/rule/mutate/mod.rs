//! Changed rules, which tests should notice: a pattern that never matches, a condition that is left out, a limit that is moved.
//!
//! Changes are made to the tree of a file, and the changed items are resolved like those that a user writes. So a change that
//! makes no sense, such as a pattern without a capture that the title names, is not a mutant. What a log looks like is no
//! matter of this module: `pipeline` runs the tests.

mod condition;
mod pattern;
mod relation;
mod time;

use std::collections::BTreeMap;

use super::ast::{Alternative, Condition, Define, Defined, Item, Spanned, StatementNode};
use super::program::{Cause, CauseId, Program, Resolution, ResolutionId, Symptom, SymptomId};
use super::resolve::{self, FileItems, ParsedFile};
use super::{RuleText, ast, compile, parse, parsed};
use crate::source::{SourceId, Span};
use condition::{Change, condition_changes};

/// Stands in the name of a changed item, before its number. No name in a rule contains it.
const MARK: char = '\u{1}';

/// A rule with one change.
#[derive(Debug)]
pub struct Mutant {
    /// The file.
    pub source: SourceId,
    /// What was changed.
    pub span: Span,
    /// The kind of change.
    pub kind: MutantKind,
    /// The change in words: `any text may stand for `refused``.
    pub change: String,
    /// The changed item.
    pub changed: ChangedItem,
}

/// A kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MutantKind {
    /// A pattern, an alternative or a branch of a condition is never met. If no test notices, none exercises it.
    Branch,
    /// A word of a pattern need not be there.
    Word,
    /// A condition is left out, or says the opposite.
    Condition,
    /// A number is one more or one less.
    Number,
    /// A condition on time is left out, or a time is twice or half as long.
    Time,
    /// What relates two items is left out or names another item.
    Relation,
}

/// An item with its change.
#[derive(Debug)]
pub enum ChangedItem {
    /// The symptom, and the id of the changed one.
    Symptom(SymptomId, SymptomId),
    /// The cause, and the changed one.
    Cause(CauseId, Box<Cause>),
    /// The resolution, and the changed one.
    Resolution(ResolutionId, Box<Resolution>),
}

impl Mutant {
    /// The symptom that is changed; `None` if another item is.
    pub(crate) fn symptom(&self) -> Option<SymptomId> {
        match self.changed {
            ChangedItem::Symptom(of, _) => Some(of),
            ChangedItem::Cause(..) | ChangedItem::Resolution(..) => None,
        }
    }
}

impl MutantKind {
    /// A word for the kind.
    pub fn name(self) -> &'static str {
        match self {
            MutantKind::Branch => "branch",
            MutantKind::Word => "word",
            MutantKind::Condition => "condition",
            MutantKind::Number => "number",
            MutantKind::Time => "time",
            MutantKind::Relation => "relation",
        }
    }
}

/// A program and changes of some of its items.
#[derive(Debug)]
pub struct Mutants {
    /// The program. Behind its own symptoms it has the changed ones.
    pub program: Program,
    /// The number of its own symptoms.
    pub n_symptoms: usize,
    /// The changes, in the order of their files and places.
    pub mutants: Vec<Mutant>,
}

/// An item with a change that is not resolved yet.
struct Draft {
    item: Item,
    span: Span,
    kind: MutantKind,
    change: String,
}

/// Returns the program of `files`, and all changes of the items of the files `of`.
pub fn mutants(files: &[RuleText], of: &[SourceId]) -> Mutants {
    let mut all = parsed(files, parse::Tests::Read);
    let mut drafts: BTreeMap<(SourceId, String), (SourceId, Draft)> = BTreeMap::new();
    for &source in of {
        let file = &files[source.0 as usize];
        let (tree, _) = parse::parse(&file.text, parse::Tests::PassedOver);
        let unit = resolve::file_items(source, &file.path, tree);
        let changed_source = SourceId(u32::try_from(all.len()).expect("files are counted in 32 bits"));
        let mut items: Vec<Item> = unit.pack_item.iter().cloned().collect();
        for (number, mut draft) in drafts_of(&unit, &file.text).into_iter().enumerate() {
            let name = format!("{}{MARK}{number:06}", draft.item.name.node);
            draft.item.name.node.clone_from(&name);
            items.push(draft.item.clone());
            drafts.insert((changed_source, format!("{}.{name}", unit.pack)), (source, draft));
        }
        let file = ast::File { items, defines: Vec::new() };
        all.push(ParsedFile { path: files[source.0 as usize].path.clone(), file, diagnostics: Vec::new(), list: None });
    }
    let (items, _) = resolve::resolve(all, None);
    let mut program = compile::compile(items);
    program.packs.truncate(files.len());
    let mutants = take_changed(&mut program, drafts);
    let n_symptoms = program.full_names.get(0).map_or(0, |names| names.symptoms.len());
    Mutants { program, n_symptoms, mutants }
}

/// Takes the changed items out of the program, except the symptoms, which stay behind its own.
fn take_changed(program: &mut Program, drafts: BTreeMap<(SourceId, String), (SourceId, Draft)>) -> Vec<Mutant> {
    let is_own = |name: &String| !name.contains(MARK);
    let own = |changed: &str| changed.split(MARK).next().unwrap_or(changed).to_owned();
    let Some(mut names) = std::mem::take(&mut program.full_names).into_iter().next() else { return Vec::new() };
    let n_causes = names.causes.keys().filter(|name| is_own(name)).count();
    let n_resolutions = names.resolutions.keys().filter(|name| is_own(name)).count();
    let mut causes: Vec<Option<Box<Cause>>> =
        program.causes.split_off(n_causes).into_iter().map(|cause| Some(Box::new(cause))).collect();
    let mut resolutions: Vec<Option<Box<Resolution>>> =
        program.resolutions.split_off(n_resolutions).into_iter().map(|one| Some(Box::new(one))).collect();
    let mut found = Vec::new();
    for ((_, name), (source, Draft { span, kind, change, .. })) in drafts {
        let changed = if let (Some(&of), Some(&id)) = (names.symptoms.get(&own(&name)), names.symptoms.get(&name)) {
            program.symptoms[id.0 as usize].name = program.symptom(of).name.clone();
            ChangedItem::Symptom(of, id)
        } else if let (Some(&of), Some(&id)) = (names.causes.get(&own(&name)), names.causes.get(&name)) {
            let Some(cause) = causes[id.0 as usize - n_causes].take() else { continue };
            ChangedItem::Cause(of, Box::new(Cause { name: program.cause(of).name.clone(), ..*cause }))
        } else if let (Some(&of), Some(&id)) = (names.resolutions.get(&own(&name)), names.resolutions.get(&name)) {
            let Some(one) = resolutions[id.0 as usize - n_resolutions].take() else { continue };
            ChangedItem::Resolution(of, Box::new(Resolution { name: program.resolution(of).name.clone(), ..*one }))
        } else {
            // The change makes no sense, or the item itself has a mistake.
            continue;
        };
        found.push(Mutant { source, span, kind, change, changed });
    }
    names.symptoms.retain(|name, _| is_own(name));
    names.causes.retain(|name, _| is_own(name));
    names.resolutions.retain(|name, _| is_own(name));
    program.full_names = [names].into_iter().collect();
    program.forget_digest();
    found.sort_by_key(|mutant| (mutant.source, mutant.span));
    found
}

impl Mutants {
    /// Takes the changed symptoms out of the program, which is then that of the files. They are in the order of their ids.
    pub fn take_symptoms(&mut self) -> Vec<Symptom> {
        let changed = self.program.symptoms.split_off(self.n_symptoms);
        compile::reconnect(&mut self.program);
        changed
    }
}

/// Returns all changes of the items of a file.
fn drafts_of(unit: &FileItems, text: &str) -> Vec<Draft> {
    let symptoms = unit.symptoms.iter().filter(|item| !item.broken);
    let mut drafts: Vec<Draft> =
        symptoms.flat_map(|item| symptom_drafts(&prepared(item, &unit.defines), text)).collect();
    let causes = unit.causes.iter().filter(|item| !item.broken);
    drafts.extend(causes.flat_map(|item| relation::cause_drafts(item, text)));
    let others: Vec<&Spanned<String>> = unit.causes.iter().map(|cause| &cause.name).collect();
    let resolutions = unit.resolutions.iter().filter(|item| !item.broken);
    drafts.extend(resolutions.flat_map(|item| relation::resolution_drafts(item, &others, text)));
    drafts
}

/// Returns a symptom in which each binding has its name, since a changed item has another, and in which the definitions of its
/// own file stand where they are used.
fn prepared(item: &Item, defines: &[Define]) -> Item {
    let mut item = item.clone();
    let defined = |name: &str| defines.iter().find(|define| define.name.node == name && !define.broken);
    for statement in &mut item.statements {
        let filter = match &mut statement.node {
            StatementNode::Match { binding, alternatives, filter } => {
                binding.get_or_insert_with(|| item.name.clone());
                let whole = std::mem::take(alternatives).into_iter().flat_map(|alternative| match &alternative {
                    Alternative::Named(name) => match defined(&name.node).map(|define| &define.value) {
                        Some(Defined::Patterns(patterns)) => patterns.clone(),
                        _ => vec![alternative],
                    },
                    _ => vec![alternative],
                });
                *alternatives = whole.collect();
                filter.as_mut()
            }
            StatementNode::Where(condition) => Some(condition),
            _ => None,
        };
        if let Some(filter) = filter
            && let Condition::Named(name) = &*filter
            && let Some(Defined::Condition(meant)) = defined(&name.node).map(|define| &define.value)
        {
            *filter = meant.clone();
        }
    }
    item
}

fn symptom_drafts(item: &Item, text: &str) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (at, statement) in item.statements.iter().enumerate() {
        match &statement.node {
            StatementNode::Match { binding, alternatives, filter } => {
                for (index, change) in pattern::pattern_changes(alternatives, text) {
                    let node = StatementNode::Match {
                        binding: binding.clone(),
                        alternatives: pattern::replaced(alternatives, index, change.new),
                        filter: filter.clone(),
                    };
                    drafts.push(draft(item, at, Some(node), change.span, change.kind, change.text));
                }
                for Change { new, span, kind, text } in filter.iter().flat_map(|filter| condition_changes(filter, text))
                {
                    let (binding, alternatives) = (binding.clone(), alternatives.clone());
                    let node = StatementNode::Match { binding, alternatives, filter: new };
                    drafts.push(draft(item, at, Some(node), span, kind, text));
                }
            }
            StatementNode::Where(condition) => {
                for Change { new, span, kind, text } in condition_changes(condition, text) {
                    drafts.push(draft(item, at, new.map(StatementNode::Where), span, kind, text));
                }
            }
            StatementNode::On(sources) => {
                drafts.push(without(item, at, MutantKind::Condition, text));
                if sources.len() > 1 {
                    for (index, source) in sources.iter().enumerate() {
                        let mut others = sources.clone();
                        others.remove(index);
                        let change = format!("it is not read from `{}`", source.node);
                        drafts.push(draft(
                            item,
                            at,
                            Some(StatementNode::On(others)),
                            source.span,
                            MutantKind::Branch,
                            change,
                        ));
                    }
                }
            }
            _ => drafts.extend(time::time_drafts(item, at, text)),
        }
    }
    drafts
}

/// The item with the statement at `at` replaced, or left out.
fn draft(item: &Item, at: usize, node: Option<StatementNode>, span: Span, kind: MutantKind, change: String) -> Draft {
    let mut item = item.clone();
    match node {
        Some(node) => item.statements[at].node = node,
        None => {
            item.statements.remove(at);
        }
    }
    Draft { item, span, kind, change }
}

/// The item without the statement at `at`.
fn without(item: &Item, at: usize, kind: MutantKind, text: &str) -> Draft {
    let span = item.statements[at].span;
    draft(item, at, None, span, kind, format!("`{}` is left out", excerpt(text, span)))
}

/// The most characters of a rule that are quoted.
const MOST_QUOTED: usize = 60;

/// Returns the text at a place in one line, cut if it is long.
fn excerpt(text: &str, span: Span) -> String {
    let whole = text.get(span.start..span.end).unwrap_or_default();
    let words: Vec<&str> = whole.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(MOST_QUOTED) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line,
    }
}
