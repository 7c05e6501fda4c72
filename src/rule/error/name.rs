//! Diagnostics about names of items and references to them.

use crate::diagnostic::Diagnostic;
use crate::source::Span;

codes! { "Names";
    /// name taken
    ///
    /// Two symptoms (or causes, resolutions, definitions) of one pack have the same name. Note that `rule disk_full` also makes
    /// `disk_full_symptom` and `disk_full_resolution`.
    DUPLICATE_NAME = "R040";

    /// unknown name
    ///
    /// This pack has no item of this kind and name. Write `pack.name` for an item of another pack.
    ///
    ///     shows queue_growz often   # did you mean `queue_grows`?
    UNKNOWN_NAME = "R041";

    /// wrong kind
    ///
    /// The name belongs to an item of another kind.
    ///
    ///     resolution r "…" { resolves outbound_queue_grows often }    # a symptom; `resolves` needs a cause
    WRONG_KIND = "R042";

    /// two `match` statements with one name
    ///
    /// A `match` without a name has the name of its symptom, so there can be only one. Join them with `or`, or name each:
    /// `match good: …`.
    DUPLICATE_BINDING = "R043";

    /// `for` in a circle
    ///
    /// `for` lets a symptom use the captures of another symptom. Followed from symptom to symptom, it must not come back to where
    /// it began.
    CIRCULAR_FOR = "R044";

    /// cause that leads to itself
    ///
    /// Followed from cause to cause, `leads to` must not come back to where it began. The message shows the circle. The cause
    /// whose `leads to` closes the circle is left out, and so are the causes that lead to it. Remove the weakest link.
    ///
    ///     cause a "…" { leads to b often }
    ///     cause b "…" { leads to a rarely }      # remove this one
    CIRCULAR_LEADS_TO = "R045";
}

pub(in crate::rule) fn duplicate_name(
    span: Span,
    name: &str,
    kind: &str,
    first: Option<Span>,
    file: &str,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(DUPLICATE_NAME, span, format!("there is already a {kind} called `{name}`"));
    match first {
        Some(first) => diagnostic.label(first, "the first one").help("give one of them another name"),
        None => diagnostic.help(format!("the first one is in `{file}`; give one of them another name")),
    }
}

pub(in crate::rule) fn unknown_name(span: Span, name: &str, kind: &str, near: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::error(UNKNOWN_NAME, span, format!("there is no {kind} called `{name}`"));
    if near.is_none() && name.len() > 2 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_') {
        return diagnostic.help(format!("`{name}` stands for something to fill in: write your own"));
    }
    match near {
        Some(near) => super::near_miss(diagnostic, name, near),
        None => diagnostic,
    }
}

/// Lists the items of the kind that the pack has, if they are few.
pub(in crate::rule) fn known_names(wrong: Diagnostic, kind: &str, names: &[&str]) -> Diagnostic {
    if wrong.help.is_some() {
        return wrong;
    }
    match names {
        [] => wrong.help(format!("this pack has no {kind}: add one, or write `pack.name` for one of another pack")),
        names if names.len() <= 6 => wrong.help(format!("this pack has {}", super::list(names))),
        _ => wrong,
    }
}

/// Reports a name in a pack that does not exist. `near` is a pack with a name like it.
pub(in crate::rule) fn unknown_pack(span: Span, pack: &str, near: Option<&str>) -> Diagnostic {
    let wrong = Diagnostic::error(UNKNOWN_NAME, span, format!("there is no pack called `{pack}`"));
    let place = Span::new(span.start, span.start + pack.len());
    match near {
        Some(near) => wrong.help(format!("did you mean `{near}`?")).replace(place, near).proposed(),
        None => wrong.help("a pack is a rule file: its name is that of its `pack`, or that of the file; give the folder of its rules too"),
    }
}

pub(in crate::rule) fn name_of_other_pack(span: Span, name: &str, kind: &str, full: &str) -> Diagnostic {
    Diagnostic::error(UNKNOWN_NAME, span, format!("this pack has no {kind} called `{name}`"))
        .help(format!("another pack has one: write `{full}`"))
        .replace(span, full)
        .proposed()
}

pub(in crate::rule) fn wrong_kind(span: Span, name: &str, wanted: &str, found: &str) -> Diagnostic {
    let wrong = Diagnostic::error(WRONG_KIND, span, format!("`{name}` is a {found}, but a {wanted} is expected here"));
    match (wanted, found) {
        ("list", "pattern") => wrong.help(format!(
            "write `define {name} = [\"…\"]`, or `define {name} = list file \"…\"` for the lines of a file"
        )),
        ("pattern", "list") => wrong.help("join patterns by `or`: `define name = \"a\" or \"b\"`"),
        ("pattern", "condition") => wrong.help(format!("write `match any where {name}`")),
        ("condition", "pattern") => wrong.help(format!("write `match {name}`; a condition is `define name = where …`")),
        ("cause", "symptom") => wrong.help(format!("name the cause that shows `{name}`")),
        ("symptom", "cause") => {
            wrong.help(format!("name a symptom; that one cause leads to another is written `leads to {name} often`"))
        }
        ("pattern", "name") => wrong.help(format!("write a text in quotes: `\"{name}\"`")),
        ("condition", "list") => wrong.help(format!("write `.field in {name}`")),
        _ => wrong,
    }
}

pub(in crate::rule) fn duplicate_binding(span: Span, first: Span, name: &str) -> Diagnostic {
    Diagnostic::error(DUPLICATE_BINDING, span, format!("two `match` statements are called `{name}`"))
        .label(first, "the first one")
        .help("join them with `or`, or name each: `match name: …`")
}

pub(in crate::rule) fn circular_for(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(CIRCULAR_FOR, span, format!("`for` leads from `{name}` back to itself"))
        .help("remove one `for` of the circle")
}

/// Reports causes that lead to themselves. `circle` has their names in order, with the first one again at the end.
pub(in crate::rule) fn circular_leads_to(span: Span, circle: &[&str]) -> Diagnostic {
    let title = match circle {
        [cause, _] => format!("`{cause}` leads to itself"),
        circle => format!("`{}` leads to itself: {}", circle[0], circle.join(" → ")),
    };
    Diagnostic::error(CIRCULAR_LEADS_TO, span, title).help("remove the weakest `leads to` of the circle")
}
