//! Recognizes fields by their names in front matter, `<meta>` elements and labelled lines. The file `field_names.txt`
//! lists the names.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::synonym::{entries, words_of};

/// A field of an article's metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldName {
    Id,
    Title,
    /// The date of the last change.
    Modified,
    /// Another date: of the first version, or one that the page does not explain.
    Created,
    Keywords,
    Product,
    Versions,
    Os,
    Aliases,
    /// The state of the article in a word.
    State,
    /// Whether the article is a draft: yes or no.
    Draft,
    /// Whether the article is retired: yes or no.
    Retired,
}

/// Returns the field with the name `name`; case and punctuation do not matter. Returns `None` for fields that are not
/// used.
pub(super) fn field_named(name: &str) -> Option<FieldName> {
    static NAMES: LazyLock<HashMap<&'static str, FieldName>> = LazyLock::new(|| {
        entries(include_str!("field_names.txt")).map(|(field, name)| (name, canonical(field))).collect()
    });
    NAMES.get(words_of(name).as_str()).copied()
}

fn canonical(field: &str) -> FieldName {
    match field {
        "id" => FieldName::Id,
        "title" => FieldName::Title,
        "modified" => FieldName::Modified,
        "created" => FieldName::Created,
        "keywords" => FieldName::Keywords,
        "product" => FieldName::Product,
        "versions" => FieldName::Versions,
        "os" => FieldName::Os,
        "aliases" => FieldName::Aliases,
        "state" => FieldName::State,
        "draft" => FieldName::Draft,
        "retired" => FieldName::Retired,
        _ => unreachable!("the table names fields that exist: {field}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_many_spellings() {
        assert_eq!(field_named("article:modified_time"), Some(FieldName::Modified));
        assert_eq!(field_named("Last-Modified"), Some(FieldName::Modified));
        assert_eq!(field_named("same_as"), Some(FieldName::Aliases));
        assert_eq!(field_named("Applies To"), Some(FieldName::Product));
        assert_eq!(field_named("severity"), None);
    }

    #[test]
    fn no_name_means_two_fields_or_is_spelled_with_marks() {
        let mut seen = HashMap::new();
        for (field, name) in entries(include_str!("field_names.txt")) {
            assert_eq!(words_of(name), name);
            assert_eq!(seen.insert(name, field), None, "{name}");
        }
    }
}
