//! The tables `[[format]]` of `casebook.toml`: log formats that the user describes.

use std::sync::Arc;

use serde::Deserialize;

use super::file::Zone;
use crate::own_format::{FormatMistake, FormatParts, KnownField, OwnFormat, StatedNames, written_pattern};
use crate::pattern::Pattern;
use crate::rule::pattern_mistake;

/// One table `[[format]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "WrittenFormat")]
pub(super) struct FormatTable {
    pub(super) format: Arc<OwnFormat>,
    /// The settings of the table other than the name, as written.
    pub(super) written: Vec<(&'static str, Vec<String>)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFormat {
    name: String,
    starts_with: Option<WrittenPattern>,
    #[serde(default, rename = "match")]
    matches: Vec<WrittenPattern>,
    #[serde(default)]
    json: bool,
    #[serde(default)]
    logfmt: bool,
    time: Option<String>,
    level: Option<String>,
    program: Option<String>,
    host: Option<String>,
    pid: Option<String>,
    event_id: Option<String>,
    reply: Option<String>,
    message: Option<String>,
    zone: Option<Zone>,
    #[serde(default)]
    on: Vec<String>,
    #[serde(default)]
    files: Vec<String>,
}

/// A pattern as written: a regex in slashes, or a text with holes.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct WrittenPattern {
    written: String,
    pattern: Pattern,
}

impl TryFrom<String> for WrittenPattern {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        match written_pattern(&written) {
            Ok(pattern) => Ok(WrittenPattern { written, pattern }),
            Err(mistake) => Err(pattern_mistake(&mistake)),
        }
    }
}

impl TryFrom<WrittenFormat> for FormatTable {
    type Error = String;

    fn try_from(table: WrittenFormat) -> Result<Self, String> {
        let is_name_char = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if table.name.is_empty() || !table.name.chars().all(is_name_char) {
            return Err("the name of a format consists of letters, digits, `_` and `-`".to_owned());
        }
        let written = written(&table);
        let mut names = StatedNames::default();
        for (field, name) in stated(&table) {
            names.set(field, name.clone());
        }
        let (name, patterns) =
            (table.name.clone(), table.matches.iter().map(|of| of.written.clone()).collect::<Vec<_>>());
        let parts = FormatParts {
            name: table.name,
            about: String::new(),
            starts_with: table.starts_with.into_iter().map(|start| start.pattern).collect(),
            matches: table.matches.into_iter().map(|of| of.pattern).collect(),
            json: table.json,
            logfmt: table.logfmt,
            names: names.clone(),
            zone: table.zone.map(|zone| zone.zone),
            on: table.on,
            files: table.files,
        };
        match OwnFormat::new(parts) {
            Ok(format) => Ok(FormatTable { format: Arc::new(format), written }),
            Err(mistakes) => {
                let texts: Vec<String> =
                    mistakes.iter().map(|mistake| text(mistake, &name, &patterns, &names)).collect();
                Err(texts.join("; "))
            }
        }
    }
}

/// Returns the names that `table` states for fields.
fn stated(table: &WrittenFormat) -> impl Iterator<Item = (KnownField, &String)> {
    let all = [
        (KnownField::Time, &table.time),
        (KnownField::Level, &table.level),
        (KnownField::Program, &table.program),
        (KnownField::Host, &table.host),
        (KnownField::Pid, &table.pid),
        (KnownField::EventId, &table.event_id),
        (KnownField::Reply, &table.reply),
        (KnownField::Message, &table.message),
    ];
    all.into_iter().filter_map(|(field, name)| Some((field, name.as_ref()?)))
}

fn written(table: &WrittenFormat) -> Vec<(&'static str, Vec<String>)> {
    let start = table.starts_with.iter().map(|start| ("starts_with", vec![start.written.clone()]));
    let patterns: Vec<String> = table.matches.iter().map(|of| of.written.clone()).collect();
    let lists = [("match", patterns), ("on", table.on.clone()), ("files", table.files.clone())];
    let flags = [("json", table.json), ("logfmt", table.logfmt)].into_iter().filter(|(_, is_set)| *is_set);
    let zone = table.zone.iter().map(|zone| ("zone", vec![zone.name.clone()]));
    let names = stated(table).map(|(field, name)| (field.word(), vec![name.clone()]));
    start
        .chain(lists.into_iter().filter(|(_, list)| !list.is_empty()))
        .chain(flags.map(|(name, _)| (name, vec!["true".to_owned()])))
        .chain(names)
        .chain(zone)
        .collect()
}

/// Returns what is wrong with a format, and the remedy.
fn text(mistake: &FormatMistake, name: &str, patterns: &[String], names: &StatedNames) -> String {
    match mistake {
        FormatMistake::BuiltIn => format!("casebook has a format called `{name}`; choose another name"),
        FormatMistake::ReadsNothing => {
            format!("the format `{name}` does not say what its records contain; add `match`, `json` or `logfmt`")
        }
        FormatMistake::NoHoles(index) => {
            format!("`{}` has no hole with a name; add holes such as `{{time}}` and `{{msg:rest}}`", patterns[*index])
        }
        FormatMistake::EmptyStart(_) => {
            "`starts_with` matches the empty text, so every line would begin a record; write what all records begin with"
                .to_owned()
        }
        FormatMistake::UnknownHole(field, near) => {
            let stated = names.get(*field).unwrap_or_default();
            let help = near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            format!("no `match` of the format `{name}` has a hole `{stated}` for the {}{help}", field.path())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::file::File;

    fn mistake(table: &str) -> String {
        let error = toml::from_str::<File>(&format!("[[format]]\n{table}")).expect_err("a mistake");
        assert!(error.span().is_some(), "{table}");
        error.message().to_owned()
    }

    #[test]
    fn a_table_describes_a_format() {
        let text = "[[format]]\nname = 'app'\nstarts_with = '/^\\d{4}-/'\nmatch = ['{when} {level} {msg:rest}']\n\
                    time = 'when'\nzone = 'Europe/Berlin'\nfiles = ['app*.log']\n";
        let file = toml::from_str::<File>(text).expect("a valid file");
        let [table] = &file.format[..] else { panic!("one format") };
        let table = table.as_ref();
        assert_eq!(table.format.name(), "app");
        assert!(table.format.is_for(&["x/app-1.log".to_owned()]) && !table.format.is_for(&["x.log".to_owned()]));
        let shown: Vec<String> = table.written.iter().map(|(name, values)| format!("{name} {values:?}")).collect();
        let expected = [
            r#"starts_with ["/^\\d{4}-/"]"#,
            r#"match ["{when} {level} {msg:rest}"]"#,
            r#"files ["app*.log"]"#,
            r#"time ["when"]"#,
            r#"zone ["Europe/Berlin"]"#,
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn mistakes_are_errors_that_say_the_remedy() {
        let of = |table: &str| mistake(&format!("name = 'app'\n{table}"));
        assert_eq!(
            of("starts_with = '/^x/'"),
            "the format `app` does not say what its records contain; add `match`, `json` or `logfmt`"
        );
        assert_eq!(
            of("match = ['a {_} b']"),
            "`a {_} b` has no hole with a name; add holes such as `{time}` and `{msg:rest}`"
        );
        assert_eq!(
            of("match = ['{level} {msg:rest}']\nlevel = 'levle'"),
            "no `match` of the format `app` has a hole `levle` for the level; did you mean `level`?"
        );
        assert_eq!(of("match = ['{a:integer}']").split(';').next(), Some("unknown kind of hole `integer`"));
        assert_eq!(
            of("match = ['/(/']"),
            "invalid regex: unclosed group; close it with `)`, or write `\\(` for the sign itself"
        );
        assert_eq!(
            of("json = true\nstarts_with = '/x?/'"),
            "`starts_with` matches the empty text, so every line would begin a record; write what all records begin with"
        );
        assert_eq!(of("json = true\nzone = 'UTX'"), "there is no zone `UTX`; did you mean `UTC`?");
        assert_eq!(mistake("name = 'json'\njson = true"), "casebook has a format called `json`; choose another name");
        assert_eq!(
            mistake("name = 'my app'\njson = true"),
            "the name of a format consists of letters, digits, `_` and `-`"
        );
        assert!(mistake("name = 'app'\njsn = true").starts_with("unknown field `jsn`, expected one of"));
    }
}
