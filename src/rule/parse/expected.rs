//! Translates pest's errors into the words of the rule language: what was expected, without names of grammar rules.

use pest::error::{Error, ErrorVariant, InputLocation};

use super::grammar::Rule;

/// The byte where parsing stopped, counted from the start of the parsed text.
pub(super) fn offset(error: &Error<Rule>) -> usize {
    match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    }
}

fn expected(error: &Error<Rule>) -> &[Rule] {
    match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => &[],
    }
}

/// Whether the name of an item was expected.
pub(super) fn wants_name(error: &Error<Rule>) -> bool {
    expected(error).iter().any(|rule| matches!(rule, Rule::name | Rule::qualified))
}

/// Names what was expected, such as `a name or a string in quotes`. Empty if it has no name or is more than five
/// things.
pub(super) fn phrase(error: &Error<Rule>) -> String {
    let mut phrases: Vec<&str> = expected(error).iter().filter_map(|rule| describe(*rule)).collect();
    phrases.sort_unstable();
    phrases.dedup();
    match phrases.as_slice() {
        [] => String::new(),
        [only] => only.to_string(),
        [first @ .., last] if phrases.len() <= 5 => format!("{} or {last}", first.join(", ")),
        _ => String::new(),
    }
}

/// Describes a grammar rule as a user writes it. `None` for rules that need not be named, such as the statements that can
/// follow.
fn describe(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::word | Rule::name | Rule::qualified | Rule::when_word => "a name",
        Rule::string | Rule::string_inner => "a string in quotes",
        Rule::command => "a command in backticks",
        Rule::text_pattern | Rule::alternative | Rule::alternatives | Rule::ignore_case => "a pattern",
        Rule::regex => "a regex between slashes",
        Rule::condition | Rule::term | Rule::test | Rule::group => "a condition",
        Rule::operand | Rule::field => "a field or capture",
        Rule::comparison | Rule::ordering => "a comparison such as `==`",
        Rule::right | Rule::literal | Rule::sum | Rule::factor => "a value",
        Rule::close_paren => "`)`",
        Rule::close_list => "`]`",
        Rule::comma => "`,`",
        Rule::clock => "a time of day such as `22:00`",
        Rule::day => "a day such as `mon`",
        Rule::list => "a list in brackets",
        Rule::membership => "a list",
        Rule::duration => "a time such as `10m`",
        Rule::chance => "a chance such as `usually`, `5%` or `1/20`",
        Rule::strength => "`strongly` or `weakly`",
        Rule::version => "a version",
        Rule::whole => "a whole number",
        Rule::date => "a date",
        Rule::source | Rule::bare_source => "a source",
        Rule::bound => "a version bound such as `>= 5.0`",
        Rule::times => "`x 3`",
        Rule::zone => "`zone` and its name",
        Rule::when_chain | Rule::when_term | Rule::when_name => "a binding or symptom",
        Rule::when_no => "`no`",
        Rule::key | Rule::key_name | Rule::reset_key => "a capture or field",
        Rule::within | Rule::k_within => "`within` and a time",
        Rule::by | Rule::k_by => "`by`",
        Rule::limit => "a limit",
        Rule::k_then => "`then`",
        Rule::field_name_in_log | Rule::bare_field_name => "the name of a hole or member",
        Rule::k_starts_with => "`starts_with`",
        Rule::k_run => "`run`",
        Rule::k_for => "`for`",
        Rule::k_no => "`no`",
        Rule::k_yes => "`yes`",
        Rule::k_cause => "`cause`",
        Rule::k_resolution => "`resolution`",
        Rule::k_to => "`to`",
        Rule::k_or => "`or`",
        Rule::k_and => "`and`",
        Rule::k_where => "`where`",
        Rule::k_with => "`with`",
        Rule::k_in => "`in`",
        Rule::k_exists => "`exists`",
        Rule::expect_symptom | Rule::expect_top | Rule::expect_first | Rule::expect_none => "what to expect",
        Rule::expect_cause | Rule::expect_no_cause | Rule::expect_unknown => "what to expect",
        Rule::cause_bound | Rule::at_least | Rule::below => "`>= 20%`",
        Rule::meta_key => "a key such as `author`",
        _ => return None,
    })
}
