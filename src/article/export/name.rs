//! The canonical names of what an export says of an article, and the names that exporters give them.

/// What a field of an export is in an article. Its order is that of canonical records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CanonicalName {
    /// The id of the article.
    Id,
    /// The kind of article or issue.
    Type,
    /// The title.
    Title,
    /// Product names, with their versions or without.
    Products,
    /// Versions of the one product.
    Versions,
    /// Operating systems.
    Os,
    /// When the article was last changed.
    Modified,
    /// Words to find it by: tags, labels, categories.
    Keywords,
    /// Other ids of the article.
    Aliases,
    /// Where it can be read.
    Url,
    /// What it is about.
    Summary,
    /// Text that may hold all sections: plain, HTML or Markdown.
    Body,
    /// What is seen.
    Symptoms,
    /// Why.
    Cause,
    /// What mends it.
    Resolution,
    /// What avoids it.
    Workaround,
    /// What the vendor says about it.
    Status,
    /// Background.
    MoreInformation,
    /// Where else to read.
    References,
}

use CanonicalName::{
    Aliases, Body, Cause, Id, Keywords, Modified, MoreInformation, Os, Products, References, Resolution, Status,
    Summary, Symptoms, Title, Type, Url, Versions, Workaround,
};

/// Each name with its canonical spelling, and what ServiceNow, Zendesk, Salesforce Knowledge, Jira, Confluence, Freshdesk,
/// WordPress and hand-made exports call it: of several that are there the first counts. The same word may mean several
/// things; the first name in this order that needs it takes it. Spelt as [`FieldMap`](super::FieldMap) compares them:
/// lower case, letters, digits and the dots of nested objects.
#[rustfmt::skip]
pub(super) const NAMES: [(CanonicalName, &str, &[&str]); 19] = [
    (Id, "id", &["number", "articlenumber", "kbnumber", "articleid", "kbid", "issuekey", "key", "id", "docid",
        "documentid", "externalid", "sysid", "uuid", "guid"]),
    (Type, "type", &["type", "prefix", "articletype", "issuetype", "issuetype.name", "recordtype", "recordtype.name"]),
    (Title, "title", &["title", "title.rendered", "shortdescription", "subject", "headline", "articletitle",
        "fields.summary"]),
    (Products, "products", &["products", "product", "productname", "productnames", "appliesto", "affectedproducts",
        "affectedproduct", "components.name", "component", "components", "configurationitem", "cmdbci", "service"]),
    (Versions, "versions", &["versions", "version", "productversion", "productversions", "affectedversions",
        "affectedversion", "affectsversions", "versions.name"]),
    (Os, "os", &["os", "operatingsystem", "operatingsystems", "platform", "platforms"]),
    (Modified, "modified", &["modified", "sysupdatedon", "updatedat", "lastmodified", "lastmodifieddate", "lastmodifiedon",
        "modifieddate", "modifiedat", "modifiedon", "updatedon", "updated", "lastupdated", "lastreviewed", "editedat",
        "datemodified", "version.when", "history.lastupdated.when", "lastpublisheddate", "publishedat", "published",
        "date"]),
    (Keywords, "keywords", &["keywords", "keyword", "tags", "tag", "labels", "label", "labelnames", "metakeywords",
        "seodata.metakeywords", "kbcategory", "category", "categories", "categoryname", "topics", "topic",
        "searchterms"]),
    (Aliases, "aliases", &["aliases", "alias", "sameas", "alsoknownas", "previousid", "previousids", "legacyid",
        "oldid"]),
    (Url, "url", &["url", "htmlurl", "link", "permalink", "sourceurl", "weburl", "links.webui", "urlname", "self"]),
    (Summary, "summary", &["summary", "abstract", "excerpt", "excerpt.rendered", "overview", "synopsis"]),
    (Body, "body", &["body", "text", "content", "content.rendered", "body.storage.value", "body.view.value",
        "body.exportview.value", "articlebody", "html", "markdown", "wiki", "description", "descriptiontext"]),
    (Symptoms, "symptoms", &["symptoms", "symptom", "problem", "problemdescription", "problemstatement",
        "issuedescription", "question"]),
    (Cause, "cause", &["cause", "causes", "rootcause"]),
    (Resolution, "resolution", &["resolution", "resolutions", "solution", "answer", "fix", "remediation",
        "resolutionnotes", "resolutionsteps", "closenotes"]),
    (Workaround, "workaround", &["workaround", "workarounds", "mitigation", "temporaryfix"]),
    (Status, "status", &["status", "status.name"]),
    (MoreInformation, "more_information", &["moreinformation", "moreinfo", "additionalinformation", "additionalinfo",
        "details", "background", "notes"]),
    (References, "references", &["references", "reference", "seealso", "relatedarticles", "relatedlinks", "related",
        "links"]),
];

/// Objects that only wrap what is meant: `{"fields":{"summary":…}}`. Spelt likewise.
pub(super) const WRAPPERS: [&str; 9] =
    ["fields", "source", "attributes", "properties", "article", "record", "document", "doc", "data"];

impl CanonicalName {
    /// How it is spelt in canonical records and in `[export]` of `casebook.toml`.
    pub fn canonical(self) -> &'static str {
        NAMES[self as usize].1
    }

    /// Whether an article has several of them, so that all fields of that meaning count and not the first alone.
    pub(super) fn is_list(self) -> bool {
        matches!(self, Products | Versions | Os | Keywords | Aliases | References)
    }

    /// Whether an article has one of them, so that a second value is something else.
    pub(super) fn is_single(self) -> bool {
        matches!(self, Id | Type | Title | Modified)
    }

    /// Whether its text says what an article is for.
    pub(super) fn is_text(self) -> bool {
        matches!(self, Summary | Body | Symptoms | Cause | Resolution | Workaround | MoreInformation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_names_and_spelt_as_compared() {
        for (index, (name, _, synonyms)) in NAMES.iter().enumerate() {
            assert_eq!(*name as usize, index);
            for synonym in *synonyms {
                assert!(synonym.bytes().all(|b| b.is_ascii_lowercase() || b == b'.'), "{synonym}");
            }
        }
    }
}
