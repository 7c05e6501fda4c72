//! `casebook show --format json`.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Product, products};
use crate::article;
use crate::diagnostic;
use crate::pipeline::Shown;
use crate::store::{self, Relation};

/// `casebook show --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Show {
    id: String,
    aliases: Vec<String>,
    title: String,
    prefix: Option<String>,
    issue_type: Option<String>,
    products: Vec<Product>,
    os: Vec<String>,
    modified: Option<String>,
    /// `draft` or `retired`; absent for a published article.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    keywords: Vec<String>,
    technology: Vec<String>,
    sections: Vec<Section>,
    procedures: Vec<Procedure>,
    references: Vec<ShownReference>,
    referenced_by: Vec<String>,
    /// Related articles, best first; with `--related` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    related: Option<Vec<Related>>,
    /// Messages, codes and events that identify this article, most specific first; with `--signatures` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    signatures: Option<Vec<Signature>>,
    identifiers: Vec<Identifier>,
    layout: String,
    source: String,
    diagnostics: Vec<ArticleDiagnostic>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Section {
    kind: String,
    title: String,
    text: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Procedure {
    /// Index into `sections`.
    section: usize,
    steps: Vec<ProcedureStep>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ProcedureStep {
    number: String,
    text: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ShownReference {
    id: String,
    title: Option<String>,
    /// Whether the KB contains that article.
    known: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Related {
    id: String,
    title: String,
    /// Strongest first.
    reasons: Vec<RelationReason>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Signature {
    /// `message`, `code`, `stop`, `event`, `reply` or `file`.
    kind: String,
    /// A message as text with holes, in the notation of rules.
    text: String,
    /// Index into `sections`.
    section: usize,
    /// Number of articles that name it; null for a message.
    articles: Option<u64>,
    /// Match weight; 1 is the weight of a word that no article contains.
    weight: f32,
}

/// The relation of an article to the one that is shown.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RelationReason {
    /// `near_copy`, `cites` (the one shown refers to it), `cited_by`, `cited_together` or `shares_identifiers`.
    relation: &'static str,
    /// Similarity of the texts of near-copies, 0–1.
    #[serde(skip_serializing_if = "Option::is_none")]
    similarity: Option<f32>,
    /// Number of articles that refer to both, if they are cited together.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<usize>,
    /// Codes and events that both name; empty for other relations.
    identifiers: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Identifier {
    kind: String,
    value: String,
    /// A message as text with holes, in the notation of rules; null for everything else.
    pattern: Option<String>,
    /// Index into `sections`.
    section: usize,
    /// First byte in the section's text.
    start: usize,
    /// One past the last byte.
    end: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ArticleDiagnostic {
    code: String,
    title: String,
    /// First byte in the article's text.
    start: usize,
    end: usize,
}

/// The answer of `show`.
pub fn show(shown: &Shown) -> Show {
    let article = &shown.stored.article;
    let reference = |(reference, known): &(article::Reference, bool)| ShownReference {
        id: reference.id.clone(),
        title: reference.title.clone(),
        known: *known,
    };
    Show {
        id: article.id.clone(),
        aliases: article.aliases.clone(),
        title: article.title.clone(),
        prefix: article.prefix.clone(),
        issue_type: article.issue_type.clone(),
        products: products(article),
        os: article.os.clone(),
        modified: article.modified.map(|date| date.to_string()),
        state: article.state.unless_published(),
        keywords: article.keywords.clone(),
        technology: article.technology.clone(),
        sections: article.sections.iter().map(section).collect(),
        procedures: article.procedures.iter().map(procedure).collect(),
        references: shown.references.iter().map(reference).collect(),
        referenced_by: shown.referenced_by.iter().map(|(id, _)| id.clone()).collect(),
        related: shown.related.as_ref().map(|articles| articles.iter().map(related).collect()),
        signatures: shown.signatures.as_ref().map(|signatures| signatures.iter().map(signature).collect()),
        identifiers: article.identifiers.iter().map(identifier).collect(),
        layout: article.layout.name().to_owned(),
        source: shown.stored.source.clone(),
        diagnostics: article.diagnostics.iter().map(article_diagnostic).collect(),
    }
}

fn section(section: &article::Section) -> Section {
    Section { kind: section.kind.name().to_owned(), title: section.title.clone(), text: section.text.clone() }
}

fn procedure(procedure: &article::Procedure) -> Procedure {
    let step = |step: &article::Step| ProcedureStep { number: step.number.clone(), text: step.text.clone() };
    Procedure { section: procedure.section, steps: procedure.steps.iter().map(step).collect() }
}

fn signature(signature: &store::ArticleSignature) -> Signature {
    Signature {
        kind: signature.kind.name().to_owned(),
        text: signature.text.clone(),
        section: signature.section,
        articles: signature.n_articles,
        weight: signature.weight,
    }
}

fn related(article: &store::Related) -> Related {
    Related {
        id: article.id.clone(),
        title: article.title.clone(),
        reasons: article.reasons.iter().map(reason).collect(),
    }
}

pub(super) fn reason(relation: &Relation) -> RelationReason {
    let reason = |relation| RelationReason { relation, similarity: None, by: None, identifiers: Vec::new() };
    match relation {
        Relation::NearCopy { similarity } => RelationReason { similarity: Some(*similarity), ..reason("near_copy") },
        Relation::Cites => reason("cites"),
        Relation::CitedBy => reason("cited_by"),
        Relation::CitedTogether { by } => RelationReason { by: Some(*by), ..reason("cited_together") },
        Relation::Shares { identifiers } => {
            RelationReason { identifiers: identifiers.clone(), ..reason("shares_identifiers") }
        }
    }
}

fn identifier(found: &article::Identifier) -> Identifier {
    Identifier {
        kind: found.kind.name().to_owned(),
        value: found.value.clone(),
        pattern: found.pattern(),
        section: found.section,
        start: found.span.start,
        end: found.span.end,
    }
}

fn article_diagnostic(diagnostic: &diagnostic::Diagnostic) -> ArticleDiagnostic {
    ArticleDiagnostic {
        code: diagnostic.code.to_owned(),
        title: diagnostic.title.clone(),
        start: diagnostic.span().start,
        end: diagnostic.span().end,
    }
}
