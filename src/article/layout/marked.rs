//! The fields and sections of an HTML or Markdown article. Their text is decoded and therefore owned; an
//! [`ArticleDraft`] borrows it.

use crate::article::draft::{ArticleDraft, DraftBody, FieldValue};
use crate::article::field_name::FieldName;
use crate::article::model::{ArticleState, Layout, Section};
use crate::article::{date, id};

/// An HTML or Markdown article, split into fields and sections.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::article) struct MarkedArticle {
    layout: Layout,
    /// The title; empty if the article has none.
    title: String,
    /// Pairs of a field and its value. If an article has only one value of a field, the first counts.
    fields: Vec<(FieldName, String)>,
    sections: Vec<Section>,
    /// All versions, separated by commas as in a header. `os` lists the operating systems in the same way.
    versions: String,
    os: String,
}

impl MarkedArticle {
    pub(super) fn new(
        layout: Layout,
        title: String,
        fields: Vec<(FieldName, String)>,
        sections: Vec<Section>,
    ) -> MarkedArticle {
        let joined = |name| values(&fields, name).collect::<Vec<_>>().join(", ");
        MarkedArticle {
            layout,
            title,
            versions: joined(FieldName::Versions),
            os: joined(FieldName::Os),
            fields,
            sections,
        }
    }

    /// Gives the article this title if it has none.
    pub(in crate::article) fn title_or(&mut self, title: Option<String>) {
        if self.title.trim().is_empty() {
            self.title = title.unwrap_or_default();
        }
    }

    /// Returns the draft. Moves the sections into it. `text` is the text of the file.
    pub(in crate::article) fn draft<'a>(&'a mut self, text: &'a str) -> ArticleDraft<'a> {
        let sections = std::mem::take(&mut self.sections);
        let this: &'a MarkedArticle = self;
        let all = |name| values(&this.fields, name).map(FieldValue::without_place);
        let mut draft = ArticleDraft::new(this.layout, text);
        draft.id = all(FieldName::Id).find(|id| !id::canonical_id(id.text).is_empty()).unwrap_or_default();
        draft.title = this.title.as_str().into();
        draft.modified = this.modified(text);
        draft.keywords = all(FieldName::Keywords).collect();
        draft.take_issue_type_from_keywords();
        let texts = |name| values(&this.fields, name);
        draft.state = ArticleState::of(texts(FieldName::State), texts(FieldName::Draft), texts(FieldName::Retired));
        draft.os = FieldValue::without_place(&this.os);
        all(FieldName::Aliases).for_each(|aliases| draft.add_aliases(aliases.text));
        draft.set_products(all(FieldName::Product).collect(), FieldValue::without_place(&this.versions));
        draft.body = DraftBody::Sections(sections);
        draft.is_complete = true;
        draft
    }

    /// Returns the first valid date of a change; otherwise the first valid date of any kind; otherwise the first
    /// invalid one.
    fn modified<'a>(&'a self, text: &str) -> FieldValue<'a> {
        let days = || values(&self.fields, FieldName::Modified).chain(values(&self.fields, FieldName::Created));
        let day = days().find(|day| date::parse_date(day).is_some()).or_else(|| days().next()).unwrap_or_default();
        match text.find(day).filter(|_| !day.is_empty()) {
            Some(start) => FieldValue::new(day, start),
            None => FieldValue::without_place(day),
        }
    }
}

fn values(fields: &[(FieldName, String)], name: FieldName) -> impl Iterator<Item = &str> {
    fields.iter().filter(move |(known, _)| *known == name).map(|(_, value)| value.as_str())
}
