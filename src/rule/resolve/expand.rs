//! Sorts the items of a file by kind, and splits each `rule` block into its symptom, cause and resolution.

use crate::diagnostic::Diagnostic;
use crate::rule::ast::{Define, File, Item, ItemKind, Spanned, Statement, StatementNode};
use crate::rule::chance::RULE_CHANCE;
use crate::rule::error;
use crate::source::SourceId;

/// The items of one file.
#[derive(Debug)]
pub(in crate::rule) struct FileItems {
    pub(in crate::rule) source: SourceId,
    /// The name of the pack, or the stem of the file if it declares none.
    pub(in crate::rule) pack: String,
    pub(in crate::rule) pack_item: Option<Item>,
    pub(in crate::rule) defines: Vec<Define>,
    pub(in crate::rule) symptoms: Vec<Item>,
    pub(in crate::rule) causes: Vec<Item>,
    pub(in crate::rule) resolutions: Vec<Item>,
    pub(in crate::rule) tests: Vec<Item>,
    pub(in crate::rule) formats: Vec<Item>,
    pub(in crate::rule) mutes: Vec<Item>,
}

/// Sorts the items of a file by kind. `stem` names its pack if it declares none.
pub(super) fn unit(source: SourceId, stem: &str, file: File, diagnostics: &mut Vec<Diagnostic>) -> FileItems {
    let mut unit = FileItems {
        source,
        pack: stem.to_string(),
        pack_item: None,
        defines: file.defines,
        symptoms: Vec::new(),
        causes: Vec::new(),
        resolutions: Vec::new(),
        tests: Vec::new(),
        formats: Vec::new(),
        mutes: Vec::new(),
    };
    for item in file.items {
        match item.kind {
            ItemKind::Pack => match &unit.pack_item {
                Some(first) => diagnostics.push(error::second_pack(item.name.span, first.name.span)),
                None => {
                    unit.pack.clone_from(&item.name.node);
                    unit.pack_item = Some(item);
                }
            },
            ItemKind::Symptom => unit.symptoms.push(item),
            ItemKind::Cause => unit.causes.push(item),
            ItemKind::Resolution => unit.resolutions.push(item),
            ItemKind::Rule => unit.expand(item, diagnostics),
            ItemKind::Test => unit.tests.push(item),
            ItemKind::Format => unit.formats.push(item),
            ItemKind::Mute => unit.mutes.push(item),
            // A resolution without a name is a statement of its rule, never an item of a file.
            ItemKind::RuleResolution => {}
        }
    }
    unit
}

impl FileItems {
    fn expand(&mut self, rule: Item, diagnostics: &mut Vec<Diagnostic>) {
        let named = |suffix: &str| Spanned { node: format!("{}{suffix}", rule.name.node), span: rule.name.span };
        let (symptom_name, resolution_name) = (named("_symptom"), named("_resolution"));
        let parts = RuleParts::new(rule.statements);
        let mut broken = rule.broken;
        let unread = rule.unread;
        let shows_other =
            parts.cause.iter().any(|statement| matches!(statement.node, StatementNode::Shows(Some(_), _)));
        let has_symptom = !parts.symptom.is_empty();
        if !has_symptom && !shows_other && !broken {
            diagnostics.push(error::nothing_shows_it(rule.name.span, "rule"));
            broken = true;
        }
        let mut cause = parts.cause;
        if has_symptom {
            tie(&mut cause, &symptom_name, Tie::Shows);
        }
        let mut resolutions = parts.resolutions.into_iter();
        if let Some((mut item, _)) = resolutions.next() {
            tie(&mut item.statements, &rule.name, Tie::Resolves);
            let (broken, unread) = (broken || item.broken, unread || item.unread);
            self.resolutions.push(Item { kind: ItemKind::Resolution, name: resolution_name, broken, unread, ..item });
        }
        for (item, span) in resolutions {
            let first = self.resolutions.last().map_or(span, |first| first.title.span);
            diagnostics.push(error::repeated_statement(item.title.span, first, "resolution"));
        }
        let title = rule.title;
        if has_symptom {
            let (title, statements) = (title.clone(), parts.symptom);
            self.symptoms.push(Item { kind: ItemKind::Symptom, name: symptom_name, title, statements, broken, unread });
        }
        self.causes.push(Item { kind: ItemKind::Cause, name: rule.name, title, statements: cause, broken, unread });
    }
}

/// The statements of a rule, by the item they belong to.
#[derive(Default)]
struct RuleParts {
    symptom: Vec<Statement>,
    cause: Vec<Statement>,
    resolutions: Vec<(Item, crate::source::Span)>,
}

impl RuleParts {
    fn new(statements: Vec<Statement>) -> Self {
        let mut parts = RuleParts::default();
        for statement in statements {
            match statement.node {
                StatementNode::Prior(_)
                | StatementNode::Shows(..)
                | StatementNode::Against(..)
                | StatementNode::LeadsTo(..)
                | StatementNode::Applies { .. }
                | StatementNode::Kb(_) => parts.cause.push(statement),
                // Metadata says nothing about how the symptom is seen.
                StatementNode::Meta(_) => parts.cause.push(statement),
                StatementNode::RuleResolution(item) => parts.resolutions.push((*item, statement.span)),
                _ => parts.symptom.push(statement),
            }
        }
        parts
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Tie {
    Shows,
    Resolves,
}

/// Connects two parts of a rule. A `shows` or `resolves` without a name gets the name `to`. If none of them names `to`
/// then, one with the default chance is added.
fn tie(statements: &mut Vec<Statement>, to: &Spanned<String>, tie: Tie) {
    let mut tied = false;
    for statement in &mut *statements {
        let (StatementNode::Shows(name, _) | StatementNode::Resolves(name, _)) = &mut statement.node else { continue };
        let name = name.get_or_insert_with(|| Spanned { node: to.node.clone(), span: statement.span });
        tied |= name.node == to.node;
    }
    if !tied {
        let chance = Spanned { node: RULE_CHANCE.to_string(), span: to.span };
        let node = match tie {
            Tie::Shows => StatementNode::Shows(Some(to.clone()), chance),
            Tie::Resolves => StatementNode::Resolves(Some(to.clone()), chance),
        };
        statements.push(Statement { node, span: to.span });
    }
}
