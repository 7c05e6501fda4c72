//! Maps the fields of an export to canonical names.

use std::collections::{BTreeMap, HashMap};

use super::name::{CanonicalName, NAMES, WRAPPERS};
use crate::diagnostic::did_you_mean;

/// Maps the fields of an export to canonical names. The names that the user has listed come before the usual ones.
///
/// Names are compared without regard to case, `_`, `-`, blanks and a `__c` at their end. A field of a nested object is
/// named by its path: `fields.summary`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldMap {
    /// Maps the name of a field, as [`compared`] spells it, to the canonical names that the field may have.
    claims: HashMap<String, Vec<Claim>>,
    /// The canonical names for which the user has listed fields.
    joined: Vec<CanonicalName>,
    fingerprint: String,
}

/// A canonical name that a field may have. If several fields may have the name `name`, the one with the lowest rank
/// gets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) name: CanonicalName,
    pub(super) rank: usize,
}

/// A key of a user's field map that is not a canonical name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an article has no field `{field}`")]
pub struct UnknownField {
    /// The key as the user wrote it.
    pub field: String,
    /// The canonical name that the user probably meant.
    pub suggestion: Option<&'static str>,
}

impl Default for FieldMap {
    /// Returns a map with only the usual names.
    fn default() -> Self {
        FieldMap::new(&BTreeMap::new()).expect("no override is unknown")
    }
}

impl FieldMap {
    /// Returns a map with the usual names and `overrides`. A canonical name in `overrides` (`title`, `product`,
    /// `same_as` …) is read only from the fields listed with it. If it is a text or a list, all of them are read, in
    /// their order; otherwise the first that exists.
    pub fn new(overrides: &BTreeMap<String, Vec<String>>) -> Result<FieldMap, UnknownField> {
        let mut map = FieldMap { claims: HashMap::new(), joined: Vec::new(), fingerprint: fingerprint(overrides) };
        for (key, fields) in overrides {
            let name = canonical_name(key)?;
            map.joined.push(name);
            for (rank, field) in fields.iter().enumerate() {
                map.claims.insert(compared(field), vec![Claim { name, rank }]);
            }
        }
        let users: Vec<String> = map.claims.keys().cloned().collect();
        for (name, _, synonyms) in NAMES.iter().filter(|(name, ..)| !map.joined.contains(name)) {
            for (rank, synonym) in
                synonyms.iter().enumerate().filter(|(_, synonym)| !users.iter().any(|u| u == *synonym))
            {
                map.claims.entry((*synonym).to_owned()).or_default().push(Claim { name: *name, rank });
            }
        }
        Ok(map)
    }

    /// Returns a hash of the user's part of the map; empty if there is none.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Returns the canonical names that the field at `path` may have. Objects that only wrap the record (`fields` in
    /// `fields.summary`) are ignored.
    pub(super) fn claims(&self, path: &str) -> &[Claim] {
        let path = compared(path);
        let mut rest = path.as_str();
        loop {
            if let Some(claims) = self.claims.get(rest) {
                return claims;
            }
            match rest.split_once('.') {
                Some((wrapper, inner)) if WRAPPERS.contains(&wrapper) => rest = inner,
                _ => return &[],
            }
        }
    }

    /// Whether the article gets the values of all fields that may have the name `name`, and not only of the first.
    pub(super) fn takes_all(&self, name: CanonicalName) -> bool {
        name.is_list() || (name.is_text() && self.joined.contains(&name))
    }
}

fn fingerprint(overrides: &BTreeMap<String, Vec<String>>) -> String {
    if overrides.is_empty() {
        return String::new();
    }
    let mut hasher = blake3::Hasher::new();
    for (key, fields) in overrides {
        hasher.update(key.as_bytes()).update(b"=");
        for field in fields {
            hasher.update(field.as_bytes()).update(b",");
        }
        hasher.update(b"\n");
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

/// Returns a path in the form in which paths are compared: `rootcause` for `Root-Cause__c`.
pub(super) fn compared(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for (index, part) in path.split('.').enumerate() {
        if index > 0 {
            out.push('.');
        }
        let custom = part.len().checked_sub("__c".len()).and_then(|at| part.split_at_checked(at));
        let part = custom.filter(|(_, end)| end.eq_ignore_ascii_case("__c")).map_or(part, |(name, _)| name);
        out.extend(part.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase));
    }
    out
}

/// Returns the canonical name that a user's key means. The key may be in the singular: `product`.
fn canonical_name(key: &str) -> Result<CanonicalName, UnknownField> {
    const OTHER_SPELLINGS: [(&str, CanonicalName); 3] =
        [("prefix", CanonicalName::Type), ("sameas", CanonicalName::Aliases), ("alias", CanonicalName::Aliases)];
    let wanted = compared(key);
    let spellings = NAMES.iter().map(|(name, canonical, _)| (compared(canonical), *name));
    let others = OTHER_SPELLINGS.iter().map(|(spelling, name)| ((*spelling).to_owned(), *name));
    let found = spellings.chain(others).find(|(known, _)| *known == wanted || known.strip_suffix('s') == Some(&wanted));
    found.map(|(_, name)| name).ok_or_else(|| UnknownField {
        suggestion: did_you_mean(&key.to_lowercase(), NAMES.iter().map(|(_, canonical, _)| *canonical)),
        field: key.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(overrides: &[(&str, &[&str])]) -> Result<FieldMap, UnknownField> {
        let owned = |list: &[&str]| list.iter().map(|&field| field.to_owned()).collect();
        FieldMap::new(&overrides.iter().map(|(key, fields)| ((*key).to_owned(), owned(fields))).collect())
    }

    fn names(map: &FieldMap, path: &str) -> Vec<CanonicalName> {
        map.claims(path).iter().map(|claim| claim.name).collect()
    }

    #[test]
    fn spelling_does_not_matter() {
        for path in
            ["Root Cause", "root_cause", "ROOT-CAUSE", "RootCause__c", "fields.rootCause", "_source.Root_Cause__C"]
        {
            assert_eq!(names(&FieldMap::default(), path), [CanonicalName::Cause], "{path}");
        }
        assert_eq!(names(&FieldMap::default(), "fields.summary"), [CanonicalName::Title]);
        assert_eq!(names(&FieldMap::default(), "author.title"), []);
    }

    #[test]
    fn a_users_fields_replace_the_usual_ones() {
        let map = map(&[("title", &["Headline Text"]), ("Body", &["problem_text", "subject"]), ("product", &["tool"])])
            .expect("known names");
        assert_eq!(names(&map, "headline_text"), [CanonicalName::Title]);
        assert_eq!(names(&map, "title"), []);
        assert_eq!(names(&map, "subject"), [CanonicalName::Body]);
        assert_eq!(names(&map, "tool"), [CanonicalName::Products]);
        assert_eq!(map.claims("subject")[0].rank, 1);
        assert!(
            map.takes_all(CanonicalName::Body)
                && !map.takes_all(CanonicalName::Title)
                && !map.takes_all(CanonicalName::Cause)
        );
    }

    #[test]
    fn an_unknown_name_suggests_the_near_one() {
        let unknown = |field: &str, suggestion| UnknownField { field: field.to_owned(), suggestion };
        assert_eq!(map(&[("titel", &["x"])]).err(), Some(unknown("titel", Some("title"))));
        assert_eq!(map(&[("Symtoms", &["x"])]).err(), Some(unknown("Symtoms", Some("symptoms"))));
        assert_eq!(map(&[("colour", &["x"])]).err(), Some(unknown("colour", None)));
        assert_eq!(unknown("colour", None).to_string(), "an article has no field `colour`");
    }
}
