//! The canonical names of the fields of an exported article, and the names that exporters use for them.

/// The canonical name of a field. The order is that of the fields in canonical records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::article) enum CanonicalName {
    Id,
    /// The kind of article or issue.
    Type,
    Title,
    /// Product names, with or without versions.
    Products,
    /// Versions of the product, if there is only one.
    Versions,
    Os,
    Modified,
    /// Tags, labels, categories.
    Keywords,
    /// Other ids of the article.
    Aliases,
    /// The address of the article.
    Url,
    Summary,
    /// Text that may contain all sections: plain, HTML or Markdown.
    Body,
    Symptoms,
    Cause,
    Resolution,
    Workaround,
    Status,
    MoreInformation,
    References,
    /// The state of the article in a word: `draft`, `retired`.
    State,
    /// Whether the article is a draft: yes or no.
    Draft,
    /// Whether the article is retired: yes or no.
    Retired,
}

use CanonicalName::{
    Aliases, Body, Cause, Draft, Id, Keywords, Modified, MoreInformation, Os, Products, References, Resolution,
    Retired, State, Status, Summary, Symptoms, Title, Type, Url, Versions, Workaround,
};

/// Each name with its canonical spelling and the names that ServiceNow, Zendesk, Salesforce Knowledge, Jira,
/// Confluence, Freshdesk, WordPress and hand-made exports use for it. If a record has several of them, the first in the
/// list counts. If several canonical names list the same name, the first of them without a value gets its field. Names
/// are spelled as [`FieldMap`](super::FieldMap) compares them: lower-case letters, digits and the dots of nested
/// objects.
#[rustfmt::skip]
pub(super) const NAMES: [(CanonicalName, &str, &[&str]); 22] = [
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
    (State, "state", &["workflowstate", "articlestate", "articlestatus", "publishstatus", "publishstate", "publicationstatus",
        "publicationstate", "lifecyclestate", "lifecycle", "state"]),
    (Draft, "draft", &["draft", "isdraft", "unpublished"]),
    (Retired, "retired", &["retired", "isretired", "archived", "isarchived", "outdated", "deprecated", "obsolete"]),
];

/// Names of objects that only wrap the fields: `{"fields":{"summary":…}}`. They are spelled as
/// [`FieldMap`](super::FieldMap) compares them.
pub(super) const WRAPPERS: [&str; 9] =
    ["fields", "source", "attributes", "properties", "article", "record", "document", "doc", "data"];

impl CanonicalName {
    /// Whether an article may have several values with this name. If so, all fields with this meaning count, not only
    /// the first.
    pub(super) fn is_list(self) -> bool {
        matches!(self, Products | Versions | Os | Keywords | Aliases | References)
    }

    /// Whether an article has only one value with this name. If so, a second value goes to `other`.
    pub(super) fn is_single(self) -> bool {
        matches!(self, Id | Type | Title | Modified)
    }

    /// Whether the value is a text about the problem.
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
