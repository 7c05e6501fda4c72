//! Diagnostics about log formats that a user describes.

use super::helped;
use crate::diagnostic::Diagnostic;
use crate::own_format::KnownField;
use crate::source::Span;

codes! { "Formats";
    /// format that reads nothing
    ///
    /// A format needs `match`, `json` or `logfmt` to say what its records contain.
    ///
    ///     format app { record starts_with /^[0-9]/ }      # add match "{time} {level} {msg:rest}"
    FORMAT_READS_NOTHING = "R070";

    /// pattern without named holes
    ///
    /// A `match` of a format says where the fields of a record are, so it needs holes with names, or named groups.
    ///
    ///     format app { match "started {_}" }              # match "{msg:rest}"
    NO_NAMED_HOLES = "R071";

    /// unknown hole
    ///
    /// No `match` of the format has a hole or group with this name.
    ///
    ///     format app { match "{when} {msg:rest}" time wen }      # time when
    UNKNOWN_HOLE = "R072";

    /// start that can be empty
    ///
    /// The pattern after `starts_with` matches the empty text, so every line would begin a record. Write what all records begin
    /// with.
    ///
    ///     record starts_with /^\d*/                        # /^\d+/
    EMPTY_START = "R073";

    /// built-in format
    ///
    /// casebook has a format of this name. Give the format another name.
    BUILT_IN_FORMAT = "R074";

    /// unknown zone
    ///
    /// There is no time zone of this name. A zone is a name such as `Europe/Berlin`, or an offset such as `+02:00`.
    UNKNOWN_ZONE = "R075";

    /// not a pattern of records
    ///
    /// A format needs the text of its records: `any` matches all of them.
    ANY_RECORD = "R076";
}

pub(in crate::rule) fn format_reads_nothing(span: Span) -> Diagnostic {
    Diagnostic::error(FORMAT_READS_NOTHING, span, "this format does not say what its records contain")
        .help("add `match`, `json` or `logfmt`")
}

pub(in crate::rule) fn no_named_holes(span: Span) -> Diagnostic {
    Diagnostic::error(NO_NAMED_HOLES, span, "the pattern has no hole with a name, so it finds no field")
        .help("add holes such as `{time}`, `{level}` and `{msg:rest}`")
}

pub(in crate::rule) fn unknown_hole(span: Span, field: KnownField, name: &str, near: Option<&str>) -> Diagnostic {
    let title = format!("no `match` of this format has a hole `{name}` for the {}", field.path());
    helped(Diagnostic::error(UNKNOWN_HOLE, span, title), name, near, || {
        "name a hole or a group of a `match`".to_owned()
    })
}

pub(in crate::rule) fn empty_start(span: Span) -> Diagnostic {
    Diagnostic::error(EMPTY_START, span, "the pattern matches the empty text, so every line would begin a record")
        .help("write what all records begin with")
}

pub(in crate::rule) fn built_in_format(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(BUILT_IN_FORMAT, span, format!("casebook has a format called `{name}`"))
        .help(format!("choose another name, such as `own_{name}`"))
}

pub(in crate::rule) fn unknown_zone(span: Span, name: &str, near: Option<&str>) -> Diagnostic {
    helped(Diagnostic::error(UNKNOWN_ZONE, span, format!("there is no zone `{name}`")), name, near, || {
        "write a name such as `Europe/Berlin`, or an offset such as `+02:00`".to_owned()
    })
}

pub(in crate::rule) fn any_record(span: Span) -> Diagnostic {
    Diagnostic::error(ANY_RECORD, span, "`any` says nothing about the records of a format")
        .help("write a pattern such as `\"{time} {level} {msg:rest}\"`")
}
