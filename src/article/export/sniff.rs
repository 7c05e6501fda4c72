//! Detects exports of articles and their format from the content.

use csv::ByteRecord;

use super::field_map::{FieldMap, compared};
use super::fields::{EXPORTED, RecordFields};
use super::name::CanonicalName;
use super::record::{ExportKind, JsonShape};
use super::{bytes, json, rows};
use crate::article::decode::utf8_or_windows;

/// The possible separators of cells in a table.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// Names of the field with the time of an event, as [`compared`] spells them. Events in logs have such a field.
const TIME_NAMES: [&str; 6] = ["ts", "time", "timestamp", "datetime", "eventtime", "logtime"];

/// Names of the field with the severity of an event, as [`compared`] spells them.
const LEVEL_NAMES: [&str; 5] = ["level", "severity", "loglevel", "lvl", "log.level"];

/// Names of fields, as they are written, in files that have titles and descriptions but are no articles: dashboards of
/// Grafana, drawings, schemas, descriptions of interfaces, notebooks.
const OTHER_KINDS: [&str; 13] = [
    "panels",
    "gridPos",
    "schemaVersion",
    "fieldConfig",
    "appState",
    "strokeColor",
    "versionNonce",
    "openapi",
    "swagger",
    "$schema",
    "nbformat",
    "cells",
    "templating",
];

/// Returns the format of an export, or `None` if it is not an export of articles. `head` is the start of the file: with
/// 64 KiB of it, a long text may come before the title.
///
/// The records of an export of articles have a title or an id, and a text. Logs in JSON and tables of numbers have not.
pub fn sniff(head: &[u8], map: &FieldMap) -> Option<ExportKind> {
    let head = bytes::decode_head(head);
    let text = head.trim_start();
    if text.contains('\0') {
        return None;
    }
    match text.as_bytes().first()? {
        b'{' => objects(text, map),
        b'[' => {
            let inner = text[1..].trim_start();
            (inner.starts_with('{') && is_article(&json::read(inner).0, map))
                .then_some(ExportKind::Json(JsonShape::Array))
        }
        _ => table(text, map),
    }
}

/// Whether the fields are those of an article and not of an event.
pub(super) fn is_article(fields: &RecordFields, map: &FieldMap) -> bool {
    is_about_something(fields.iter().filter(|field| !field.is_in_list).map(|field| field.path.as_str()), map, true)
}

/// Whether a file with a field at `path` is no article whatever its other fields.
fn is_of_other_kind(path: &str) -> bool {
    path.rsplit('.').any(|part| OTHER_KINDS.contains(&part))
}

/// Whether fields at these paths include a title and a text and are not those of an event. With `with_id`, an id may
/// replace the title.
fn is_about_something<'p>(paths: impl IntoIterator<Item = &'p str>, map: &FieldMap, with_id: bool) -> bool {
    let (mut names, mut has_time, mut has_level) = (Vec::new(), false, false);
    for path in paths {
        if is_of_other_kind(path) {
            return false;
        }
        names.extend(map.claims(path).iter().map(|claim| claim.name));
        let path = compared(path);
        has_time |= TIME_NAMES.contains(&path.as_str());
        has_level |= LEVEL_NAMES.contains(&path.as_str());
    }
    names.sort_unstable();
    names.dedup();
    let n_texts = names.iter().filter(|name| name.is_text()).count();
    let leads = names.contains(&CanonicalName::Summary) || names.contains(&CanonicalName::Symptoms);
    let has_title = names.contains(&CanonicalName::Title) || (leads && n_texts > 1);
    let is_named = has_title || (with_id && names.contains(&CanonicalName::Id) && !has_time);
    n_texts > 0 && is_named && !(has_time && has_level)
}

/// Returns the format of a text that begins with a JSON object. The object is a record or contains a list of records;
/// `None` if it is neither.
fn objects(text: &str, map: &FieldMap) -> Option<ExportKind> {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let (first, end) = json::read(line);
    let is_one_per_line = end.is_ok() || rest.is_empty();
    let fields = if is_one_per_line { first } else { json::read(text).0 };
    if fields.iter().any(|field| !field.is_in_list && is_of_other_kind(&field.path)) {
        return None;
    }
    if is_article(&fields, map) {
        Some(if is_one_per_line { ExportKind::JsonLines } else { ExportKind::Json(JsonShape::Objects) })
    } else {
        holds_articles(&fields, map).then_some(ExportKind::Json(JsonShape::ArrayInObject))
    }
}

/// Whether a list that is a field of the object contains articles.
fn holds_articles(fields: &RecordFields, map: &FieldMap) -> bool {
    let mut lists = fields.iter().filter(|field| field.is_list && !field.path.contains('.'));
    lists.any(|list| {
        let in_lists = fields.iter().filter(|field| field.is_in_list);
        let below = in_lists.filter_map(|field| field.path.strip_prefix(&list.path)?.strip_prefix('.'));
        is_about_something(below, map, true)
    })
}

/// Returns the format of a table, if its columns include a title and a text.
fn table(text: &str, map: &FieldMap) -> Option<ExportKind> {
    let (first_line, _) = text.split_once('\n')?;
    // Building a CSV reader takes as long as parsing an article, and most files are not tables.
    let mut delimiters = DELIMITERS.into_iter().filter(|&delimiter| first_line.contains(char::from(delimiter)));
    delimiters.find_map(|delimiter| {
        let mut names = ByteRecord::new();
        let mut reader = rows::builder(delimiter).from_reader(text.as_bytes());
        reader.read_byte_record(&mut names).ok()?;
        let names: Vec<_> = names.iter().take(EXPORTED.fields).map(utf8_or_windows).collect();
        let paths = names.iter().map(|name| name.trim());
        (names.len() > 1 && is_about_something(paths, map, false)).then_some(ExportKind::Csv { delimiter })
    })
}
