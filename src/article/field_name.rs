//! What the fields of front matter, `<meta>` elements and labelled lines are called. The names are data: `field_names.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::synonym::{entries, words_of};

/// A field that an article may state about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldName {
    Id,
    Title,
    /// The day of the last change.
    Modified,
    /// Another day: of the first version, or of nothing in particular.
    Created,
    Keywords,
    Product,
    Versions,
    Os,
    Aliases,
}

/// The field that `name` stands for, whatever its case and the marks in it; `None` for fields that are not read.
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
    fn no_name_stands_for_two_fields_or_is_spelled_with_marks() {
        let mut seen = HashMap::new();
        for (field, name) in entries(include_str!("field_names.txt")) {
            assert_eq!(words_of(name), name);
            assert_eq!(seen.insert(name, field), None, "{name}");
        }
    }
}
