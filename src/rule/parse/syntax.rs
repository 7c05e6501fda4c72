//! The statements that each kind of item can have, and how each is written. Diagnostics show this form.

use super::grammar::Rule;
use crate::rule::ast::ItemKind::{self, *};

/// How a statement or the head of an item is written: its keyword, its grammar rule, the items that can have it, and
/// its form.
#[derive(Debug)]
pub(super) struct StatementForm {
    pub(super) word: &'static str,
    pub(super) rule: Rule,
    pub(super) items: &'static [ItemKind],
    /// A sample of how it is written, for diagnostics.
    pub(super) form: &'static str,
}

const fn form(word: &'static str, rule: Rule, items: &'static [ItemKind], form: &'static str) -> StatementForm {
    StatementForm { word, rule, items, form }
}

const STATEMENTS: &[StatementForm] = &[
    form("match", Rule::match_statement, &[Symptom, Rule], r#"match "text with {holes}" or /regex/ where …"#),
    form("where", Rule::where_statement, &[Symptom, Rule], "where count >= 3 and …"),
    form("on", Rule::on_statement, &[Symptom, Rule], "on sshd, kernel"),
    form("ask", Rule::ask_statement, &[Symptom, Rule], r#"ask "a question?""#),
    form("probe", Rule::probe_statement, &[Symptom, Rule], r#"probe "what to find out" run `command`"#),
    form("how", Rule::how_statement, &[Symptom, Rule], r#"how "where to look""#),
    form("cost", Rule::cost_statement, &[Symptom, Rule, Resolution, RuleResolution], "cost 10m"),
    form("for", Rule::for_statement, &[Symptom, Rule], "for other_symptom"),
    form(
        "when",
        Rule::when_statement,
        &[Symptom, Rule],
        "when count(a) >= 5 within 2m by ip, or when a then no b for 10m by .host",
    ),
    form("by", Rule::by_statement, &[Symptom, Rule], "by ip, .host"),
    form("unless", Rule::unless_statement, &[Symptom, Rule], "unless other within 1h"),
    form("resets", Rule::resets_statement, &[Symptom, Rule], "resets ip on other"),
    form("rearm", Rule::rearm_statement, &[Symptom, Rule], "rearm for 30m, rearm every match, or rearm on other"),
    form("hides", Rule::hides_statement, &[Symptom, Rule], "hides other_symptom"),
    form("ended", Rule::ended_statement, &[Symptom, Rule], r#"ended by "text with {holes}""#),
    form("severity", Rule::severity_statement, &[Symptom, Rule], "severity low|medium|high|critical"),
    form("leak", Rule::leak_statement, &[Symptom, Rule], "leak 1/1000"),
    form("prior", Rule::prior_statement, &[Cause, Rule], "prior common|uncommon|rare, or a chance such as 1/500"),
    form("shows", Rule::shows_statement, &[Cause, Rule], "shows symptom always|usually|often|sometimes|rarely"),
    form("against", Rule::against_statement, &[Cause, Rule], "against symptom strongly|weakly"),
    form("leads", Rule::leads_statement, &[Cause, Rule], "leads to cause always|usually|often|sometimes|rarely"),
    form("applies", Rule::applies_statement, &[Pack, Cause, Rule], "applies product >= 5.0, < 6.0"),
    form("kb", Rule::kb_statement, &[Pack, Cause, Rule, Resolution, RuleResolution], r#"kb "Q123456", "cb-name""#),
    form("resolution", Rule::rule_resolution_head, &[Rule], r#"resolution "title" { … }"#),
    form("resolves", Rule::resolves_statement, &[Resolution, RuleResolution], "resolves cause usually"),
    form("risk", Rule::risk_statement, &[Resolution, RuleResolution], "risk low|medium|high"),
    form("needs", Rule::needs_statement, &[Resolution, RuleResolution], r#"needs "what must be at hand""#),
    form("step", Rule::step_statement, &[Resolution, RuleResolution], r#"step "what to do" run `command`"#),
    form(
        "verify",
        Rule::verify_statement,
        &[Resolution, RuleResolution],
        r#"verify no symptom for 1h, or verify "how to see it" run `command`"#,
    ),
    form("undo", Rule::undo_statement, &[Resolution, RuleResolution], r#"undo "how to take it back""#),
    form("irreversible", Rule::irreversible_statement, &[Resolution, RuleResolution], "irreversible"),
    form(
        "feed",
        Rule::feed_statement,
        &[Test],
        r#"feed source "line" "line" x 3 every 5m from 2027-01-31, or feed file "case.log""#,
    ),
    form("answer", Rule::answer_statement, &[Test], "answer symptom yes|no"),
    form(
        "expect",
        Rule::expect_statement,
        &[Test],
        "expect symptom, expect no symptom, expect unconfirmed symptom, expect top cause NAME >= 60%, expect cause NAME >= 20%, expect no cause NAME, \
         expect first resolution NAME, or expect unknown",
    ),
    form("probe", Rule::output_statement, &[Test], r#"probe symptom "its output""#),
    form("product", Rule::product_statement, &[Test], "product name = 5.5"),
    form("now", Rule::now_statement, &[Test], "now 2027-01-31"),
    form(
        "meta",
        Rule::meta_statement,
        &[Pack, Symptom, Cause, Resolution, Rule],
        r#"meta { author "…" tags "…", "…" attack "…" references "…" false_positives "…" }"#,
    ),
    form("where", Rule::mute_where_statement, &[Mute], r#"where ip in cidr "192.0.2.0/24""#),
    form("during", Rule::during_statement, &[Mute], r#"during "sat 22:00-23:00""#),
    form("until", Rule::until_statement, &[Mute], "until 2027-01-31"),
    form("reason", Rule::reason_statement, &[Mute], r#"reason "why, and who decided it""#),
    form("record", Rule::record_statement, &[Format], "record starts_with /^[0-9]{4}-/"),
    form("match", Rule::format_match_statement, &[Format], r#"match "{time} {level} {logger}: {msg:rest}""#),
    form("json", Rule::json_statement, &[Format], "json"),
    form("logfmt", Rule::logfmt_statement, &[Format], "logfmt"),
    form("time", Rule::time_statement, &[Format], r#"time hole zone "Europe/Berlin""#),
    form("level", Rule::named_statement, &[Format], "level hole"),
    form("program", Rule::named_statement, &[Format], "program hole"),
    form("host", Rule::named_statement, &[Format], "host hole"),
    form("pid", Rule::named_statement, &[Format], "pid hole"),
    form("event_id", Rule::named_statement, &[Format], "event_id hole"),
    form("reply", Rule::named_statement, &[Format], "reply hole"),
    form("message", Rule::named_statement, &[Format], "message hole"),
    form("on", Rule::format_on_statement, &[Format], "on shop, billing"),
    form("files", Rule::files_statement, &[Format], r#"files "app*.log""#),
    form("version", Rule::version_statement, &[Pack], "version 1.0.0"),
    form("note", Rule::note_statement, &[Pack], r#"note "text""#),
];

/// The form of a `define`.
pub(super) const DEFINE: &StatementForm =
    &form("define", Rule::define_item, &[], r#"define name = "pattern" or /regex/, or define name = ["a", "b"]"#);

/// Returns the form of the head of an item of `kind`.
pub(super) fn head(kind: ItemKind) -> &'static StatementForm {
    const HEADS: &[StatementForm] = &[
        form("pack", Rule::pack_head, &[Pack], r#"pack name "title" { … }"#),
        form("symptom", Rule::symptom_head, &[Symptom], r#"symptom name "title" { … }"#),
        form("cause", Rule::cause_head, &[Cause], r#"cause name "title" { … }"#),
        form("resolution", Rule::resolution_head, &[Resolution], r#"resolution name "title" { … }"#),
        form("rule", Rule::rule_head, &[Rule], r#"rule name "title" { … }"#),
        form("resolution", Rule::rule_resolution_head, &[RuleResolution], r#"resolution "title" { … }"#),
        form("test", Rule::test_head, &[Test], r#"test "title" { … }"#),
        form("mute", Rule::mute_head, &[Mute], "mute symptom { … }"),
        form("format", Rule::format_head, &[Format], "format name { … }"),
    ];
    HEADS.iter().find(|form| form.items.contains(&kind)).expect("every kind of item has a head")
}

/// The statement that begins with `word` in an item of `kind`.
pub(super) fn statement(kind: ItemKind, word: &str) -> Option<&'static StatementForm> {
    STATEMENTS.iter().find(|form| form.word == word && form.items.contains(&kind))
}

/// The words that begin a statement in an item of `kind`.
pub(super) fn words(kind: ItemKind) -> impl Iterator<Item = &'static str> + Clone {
    STATEMENTS.iter().filter(move |form| form.items.contains(&kind)).map(|form| form.word)
}
