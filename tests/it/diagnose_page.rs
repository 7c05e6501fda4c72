//! Tests the formats of a diagnosis that people read: text, Markdown for a ticket, and a page of HTML.

use crate::support::{Workspace, check_cases};

/// A workspace about a workshop: rules for one of its two machines, an article for each, and a log with text that could
/// be taken for markup.
fn workshop() -> Workspace {
    let workspace = Workspace::bare();
    workspace.article("Q100100", "The saw stops", "The saw stops. The log has: belt 3 slips.");
    workspace.article("Q100200", "The lathe <jams> `often`", "The log has: lathe jammed at 12 rpm.");
    workspace.write("rules/saw.rules", RULES);
    workspace.write("shop.log", LOG);
    workspace
}

const RULES: &str = r#"
symptom belt_slips "The belt of saw {n} slips" { match "belt {n:int} slips" severity high }
symptom saw_smells "Saw {n} smells" { for belt_slips ask "Does saw {n} smell of rubber?" cost 1m }
symptom dust "There is dust" { on "filter" match "dust" }
cause belt_worn "The belt is worn" { prior common shows belt_slips usually shows saw_smells usually kb "Q100100" }
cause belt_loose "The belt is loose" { prior rare shows belt_slips often }
resolution new_belt "Put a new belt on" {
    resolves belt_worn usually
    cost 30m
    risk medium
    needs "a belt"
    step "Stop saw {n}" run `saw --stop {n}`
    step "Change the belt"
    verify no belt_slips for 1h
    undo "Put the old belt on"
}
resolution tighten "Tighten the belt" {
    resolves belt_loose usually
    cost 5m
    step "Turn the screw"
    verify "Pull at the belt" run `pull`
}
"#;

const LOG: &str = "\
2026-11-12 08:00:00 INFO saw: begins
2026-11-12 08:00:01 WARN saw: belt 3 slips
2026-11-12 08:00:02 INFO saw: <b>cut</b> 1 of 9
2026-11-12 08:00:03 WARN saw: belt 3 slips ``` [off](javascript:alert(1)) | </code><script>
2026-11-12 08:00:04 ERROR lathe: jammed at 17 rpm
2026-11-12 08:00:05 WARN saw: belt 3 slips
2026-11-12 08:00:06 WARN saw: belt 3 slips
";

/// Removes the style from a page, because the expected pages do not contain it.
fn without_style(page: &str) -> String {
    match (page.find("<style>"), page.find("</style>")) {
        (Some(start), Some(end)) => format!("{}{}", &page[..start + "<style>".len()], &page[end..]),
        _ => page.to_owned(),
    }
}

/// Compares the report for each list of arguments under `tests/cases/diagnose`. `UPDATE_EXPECT=1` rewrites the reports.
#[test]
fn reports_are_as_expected() {
    let workspace = workshop();
    check_cases("diagnose", |args| {
        let args: Vec<&str> = ["diagnose", "shop.log"].into_iter().chain(args.iter().copied()).collect();
        without_style(&workspace.stdout(&args))
    });
}

#[test]
fn a_page_needs_nothing_else() {
    let page = workshop().stdout(&["diagnose", "--format", "html", "shop.log"]);
    for loads in ["<script", "<link", "<img", "src=", "url(", "@import", "href=\"h"] {
        assert!(!page.contains(loads), "{loads}");
    }
}

#[test]
fn every_form_of_a_diagnosis_is_in_the_help_with_an_example() {
    let help = Workspace::bare().stdout(&["diagnose", "--help"]);
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for form in ["", "--format json ", "--format markdown ", "--format html "] {
        let form = format!("casebook diagnose {form}app.log");
        assert!(help.contains(&form), "{form}: {help}");
    }
}
