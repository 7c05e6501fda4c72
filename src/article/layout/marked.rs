//! What HTML and Markdown are read into: fields and sections, decoded, hence owned. A [`ArticleDraft`] borrows from it.

use crate::article::draft::{ArticleDraft, DraftBody, FieldValue};
use crate::article::field_name::FieldName;
use crate::article::model::{Layout, Section};
use crate::article::{date, id};

/// An article whose layout marks its pieces.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::article) struct MarkedArticle {
    layout: Layout,
    /// Blank where the article has none.
    title: String,
    /// One value each, the weightiest first where a field has one value.
    fields: Vec<(FieldName, String)>,
    sections: Vec<Section>,
    /// All versions and all systems, as a header prints them.
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

    /// The same for the stage that all layouts share, which gets the sections; `text` is the file.
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
        draft.os = FieldValue::without_place(&this.os);
        all(FieldName::Aliases).for_each(|aliases| draft.add_aliases(aliases.text));
        let products: Vec<FieldValue<'_>> = all(FieldName::Product).collect();
        match products[..] {
            [product] if !this.versions.is_empty() => {
                draft.product = product;
                draft.versions = FieldValue::without_place(&this.versions);
            }
            _ => draft.applies_to = products,
        }
        draft.body = DraftBody::Sections(sections);
        draft.is_complete = true;
        draft
    }

    /// The first day of a change that is one; else the first day of any kind; else what was meant to be a day.
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
