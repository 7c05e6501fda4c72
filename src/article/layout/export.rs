//! Layout "export": a canonical record, which the module [`export`](crate::article::export) has written.

use std::borrow::Cow;

use super::text::sections_of;
use crate::article::draft::{ArticleDraft, DraftBody, FieldValue};
use crate::article::export::CanonicalName;
use crate::article::export::canonical::{CanonicalRecord, MARK};
use crate::article::id::{canonical_id, is_article_number};
use crate::article::model::{ArticleState, Layout, Section, SectionKind};
use crate::source::Span;

/// The fields of a record that become sections, in the order of an article, with the kind and heading of the section.
/// The text without a heading comes first.
const SECTIONS: [(CanonicalName, SectionKind, &str); 9] = [
    (CanonicalName::Body, SectionKind::Body, ""),
    (CanonicalName::Summary, SectionKind::Summary, "Summary"),
    (CanonicalName::Symptoms, SectionKind::Symptoms, "Symptoms"),
    (CanonicalName::Cause, SectionKind::Cause, "Cause"),
    (CanonicalName::Resolution, SectionKind::Resolution, "Resolution"),
    (CanonicalName::Workaround, SectionKind::Workaround, "Workaround"),
    (CanonicalName::Status, SectionKind::Status, "Status"),
    (CanonicalName::MoreInformation, SectionKind::MoreInformation, "More information"),
    (CanonicalName::References, SectionKind::References, "References"),
];

/// A canonical record and the joined values from which its draft borrows.
pub(in crate::article) struct ExportArticle<'a> {
    text: &'a str,
    record: CanonicalRecord,
    versions: String,
    os: String,
}

impl<'a> ExportArticle<'a> {
    /// Reads a text that [`detect`](crate::article::detect()) found to be an export. `None` if it is damaged.
    pub(in crate::article) fn parse(text: &'a str) -> Option<Self> {
        let record = CanonicalRecord::parse(text)?;
        let (versions, os) =
            (record.values(CanonicalName::Versions).join(","), record.values(CanonicalName::Os).join("|"));
        Some(ExportArticle { text, record, versions, os })
    }

    /// Returns the parts of the article. Their spans all cover the mark at the start, because a record is a single
    /// line.
    pub(in crate::article) fn draft(&self) -> ArticleDraft<'_> {
        let mut draft = ArticleDraft::new(Layout::Export, self.text);
        draft.id = field(self.record.first(CanonicalName::Id));
        draft.title = Cow::Owned(self.record.first(CanonicalName::Title).replace('\n', " "));
        draft.issue_type = field(self.record.first(CanonicalName::Type));
        draft.state = self.state();
        draft.modified = field(self.record.first(CanonicalName::Modified));
        draft.os = field(&self.os);
        draft.keywords = self.list(CanonicalName::Keywords).map(field).collect();
        let aliases = self.list(CanonicalName::Aliases).filter(|alias| !is_article_number(alias));
        draft.aliases = aliases.map(canonical_id).collect();
        draft.set_products(self.products().into_iter().map(field).collect(), field(&self.versions));
        draft.body = DraftBody::Sections(self.sections());
        draft.is_complete = true;
        draft
    }

    /// The state of the article. The status is a text of its own, or the name of a state.
    fn state(&self) -> ArticleState {
        let texts = |name| self.record.values(name).iter().map(String::as_str);
        let states = texts(CanonicalName::State).chain(texts(CanonicalName::Status));
        ArticleState::of(states, texts(CanonicalName::Draft), texts(CanonicalName::Retired))
    }

    fn products(&self) -> Vec<&str> {
        let lists = self.record.values(CanonicalName::Products).iter().flat_map(|list| list.split([';', '\n']));
        lists.map(str::trim).filter(|product| !product.is_empty()).collect()
    }

    /// The items of a field. A single value may be a line such as `a, b; c`; several values are one item each, even with
    /// commas in them.
    fn list(&self, name: CanonicalName) -> impl Iterator<Item = &str> {
        let values = self.record.values(name);
        let is_line = values.len() == 1;
        let items =
            values.iter().flat_map(move |value| value.split(move |c: char| is_line && matches!(c, ',' | ';' | '\n')));
        items.map(str::trim).filter(|item| !item.is_empty())
    }

    fn sections(&self) -> Vec<Section> {
        let mut sections = Vec::new();
        for (name, kind, title) in SECTIONS {
            for text in self.record.values(name) {
                let mut of_text = sections_of(text);
                if let Some(first) = of_text.first_mut().filter(|first| first.kind == SectionKind::Body) {
                    (first.kind, first.title) = (kind, title.to_owned());
                }
                sections.append(&mut of_text);
            }
        }
        sections.extend(self.fields());
        sections
    }

    /// Returns a section with the fields that have no counterpart in the model, one per line, so that they can be read
    /// and searched.
    fn fields(&self) -> Option<Section> {
        let has_one_product = self.products().len() == 1;
        let versions = self.record.values(CanonicalName::Versions).iter().filter(|_| !has_one_product);
        let known = versions.map(|version| ("versions", version));
        let known = known.chain(self.record.values(CanonicalName::Url).iter().map(|url| ("url", url)));
        let others =
            self.record.other.iter().flat_map(|(name, values)| values.iter().map(|value| (name.as_str(), value)));
        let lines: Vec<String> = known.chain(others).map(|(name, value)| format!("{name}: {value}")).collect();
        let section =
            |text| Section { kind: SectionKind::Titled, title: "Fields".to_owned(), level: 1, text, listings: None };
        (!lines.is_empty()).then(|| section(lines.join("\n")))
    }
}

fn field(text: &str) -> FieldValue<'_> {
    FieldValue::at(text, Span::new(0, MARK.len()))
}
