//! Finds the lists and conditions of `define`s, also lists in files of their own.

use std::collections::BTreeSet;

use super::condition::FindDefinition;
use super::names::NameKind;
use super::{Resolver, value};
use crate::diagnostic::Diagnostic;
use crate::rule::ast::{Condition, Defined, LiteralKind, LiteralValue, Reference};
use crate::rule::error;
use crate::rule::program::PathStep;
use crate::source::Span;

/// The definitions as they are seen from a pack.
pub(super) struct Definitions<'r, 'a> {
    pub(super) resolver: &'r Resolver<'a>,
    pub(super) pack: &'r str,
}

impl FindDefinition for Definitions<'_, '_> {
    fn list(&self, name: &Reference) -> Result<Vec<LiteralValue>, Option<Diagnostic>> {
        let define = self.resolver.define(self.pack, name).map_err(Some)?;
        let wrong_kind = |kind| Err(Some(error::wrong_kind(name.span, &name.node, "list", kind)));
        match &define.value {
            Defined::List(list) => Ok(list.node.clone()),
            Defined::ListFile(file) => {
                let unit = self
                    .resolver
                    .units
                    .iter()
                    .find(|unit| unit.defines.iter().any(|other| std::ptr::eq(other, define)));
                let text = unit.and_then(|unit| self.resolver.list_file(unit, file)).ok_or(None)?;
                Ok(values(text, name.span))
            }
            Defined::Patterns(_) | Defined::Condition(_) if define.broken => Err(None),
            other => wrong_kind(other.kind()),
        }
    }

    fn condition(&self, name: &Reference) -> Result<(String, &Condition), Option<Diagnostic>> {
        let define = self.resolver.define(self.pack, name).map_err(Some)?;
        let wrong_kind = |kind| Err(Some(error::wrong_kind(name.span, &name.node, "condition", kind)));
        match &define.value {
            _ if define.broken => Err(None),
            Defined::Condition(condition) => Ok((name.node.clone(), condition)),
            other => wrong_kind(other.kind()),
        }
    }

    fn near_group(&self, start: &str) -> Option<String> {
        let names = self.conditions("");
        let groups: std::collections::BTreeSet<&str> = names
            .iter()
            .filter_map(|name| name.rsplit('.').next())
            .filter_map(|name| name.find('_').map(|end| &name[..=end]))
            .collect();
        let is_like = |group: &&str| start.starts_with(group.trim_end_matches('_')) || group.starts_with(start);
        let near = groups.iter().copied().find(|group| is_like(group));
        let near = near.or_else(|| error::did_you_mean(start, groups.iter().copied()));
        let near = near.or_else(|| groups.first().copied().filter(|_| groups.len() == 1));
        near.map(|group| format!("{group}*"))
    }

    fn ignores_case(&self, path: &[PathStep]) -> bool {
        let units = self.resolver.units.iter().filter(|unit| unit.pack == self.pack);
        let fields = units.flat_map(|unit| &unit.defines).filter_map(|define| match &define.value {
            Defined::CaselessFields(fields) => Some(fields),
            _ => None,
        });
        fields.flatten().any(|field| field.node == path)
    }

    fn conditions(&self, start: &str) -> Vec<String> {
        let (pack, start) = start.split_once('.').unwrap_or((self.pack, start));
        let defines = self.resolver.units.iter().flat_map(|unit| &unit.defines);
        let named = self.resolver.names.of_kind(NameKind::Define).iter().zip(defines);
        let matching = named.filter(|(named, define)| {
            let is_condition = matches!(define.value, Defined::Condition(_));
            is_condition && named.pack == pack && named.name.node.starts_with(start)
        });
        matching.map(|(named, _)| format!("{pack}.{}", named.name.node)).collect()
    }
}

/// The values of a list file: one a line, without blanks around it. Empty lines and lines that begin with `#` are left out.
fn values(text: &str, span: Span) -> Vec<LiteralValue> {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let values = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let literal = |line: &str| LiteralValue { kind: LiteralKind::Text, text: escaped(line), span };
    values.map(literal).collect()
}

/// Escapes a text so that it is read as it is.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Returns the names of the files that a rule text reads (`list file "name"`, `feed file "name"`). They are found without parsing it, so a
/// name in a comment counts too.
pub(in crate::rule) fn list_files(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for at in memchr::memmem::find_iter(text.as_bytes(), "file") {
        let is_word = text[..at].ends_with(char::is_whitespace);
        let quoted = text[at + 4..].trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'));
        if let Some((name, _)) = quoted.filter(|(name, _)| is_word && !name.contains('\n')) {
            names.insert(value::unescape(name));
        }
    }
    names
}

/// Returns the path of the list file `name` of the rule file at `path`. `None` if it would be outside of the folder.
pub(in crate::rule) fn list_path(path: &str, name: &str) -> Option<String> {
    let parts = name.split(['/', '\\']);
    let is_outside = name.is_empty() || name.contains(':') || parts.clone().any(|part| part.is_empty() || part == "..");
    if is_outside {
        return None;
    }
    let folder = path.rfind(['/', '\\']).map_or("", |end| &path[..=end]);
    Some(format!("{folder}{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_list_files_are_found_in_the_text() {
        let text =
            "define a = list file \"a.txt\"\ndefine b = list\n  file \"b/c.txt\"\ntest \"t\" { feed file \"d.log\" }";
        assert_eq!(list_files(text).into_iter().collect::<Vec<_>>(), ["a.txt", "b/c.txt", "d.log"]);
    }

    #[test]
    fn a_list_file_is_in_the_folder_of_its_rule_file() {
        let paths = ["ips.txt", "more/ips.txt", "../ips.txt", "/etc/passwd", "C:\\ips.txt", ""]
            .map(|name| list_path("book/a.rules", name));
        let [first, second, rest @ ..] = paths;
        assert_eq!((first.as_deref(), second.as_deref()), (Some("book/ips.txt"), Some("book/more/ips.txt")));
        assert_eq!(rest, [const { None }; 4]);
        assert_eq!(list_path("a.rules", "ips.txt").as_deref(), Some("ips.txt"));
    }

    #[test]
    fn a_list_file_has_a_value_on_each_line() {
        let found = values("# ours\n a \n\nC:\\x \"y\"\n", Span::new(0, 1));
        let texts: Vec<String> = found.iter().map(|value| value::unescape(&value.text)).collect();
        assert_eq!(texts, ["a", "C:\\x \"y\""]);
    }
}
