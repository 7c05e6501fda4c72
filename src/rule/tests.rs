//! Tests of loading: the sample of the language, one fixture for each diagnostic, and random text.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use super::program::*;
use super::{RuleText, error, fixes, load, load_without_tests, revised};
use crate::diagnostic::{Diagnostic, Severity};
use crate::pattern::Pattern;
use crate::product::Release;
use crate::source::{LineIndex, SourceId, Span};
use crate::value::Value;

const SAMPLE: &str = include_str!("../../tests/cases/rules/exchange_outbound.rules");

fn rule_text(path: &str, text: &str) -> RuleText {
    RuleText { path: path.to_string(), text: text.to_string() }
}

/// Loads one text. Every article id is known except `dead`.
fn load_one(text: &str) -> (Program, Vec<Diagnostic>) {
    let is_article = |id: &str| id != "dead";
    let (program, remarks) = load(&[rule_text("book/disk.rules", text)], Some(&is_article));
    (program, remarks.into_iter().map(|(_, diagnostic)| diagnostic).collect())
}

/// Prints diagnostics, one on each line: `error[R012] 3:14: title; help: …`.
fn plain(text: &str, diagnostics: &[Diagnostic]) -> String {
    let lines = LineIndex::new(text);
    let mut shown = String::new();
    for diagnostic in diagnostics {
        let place = lines.line_col(text, diagnostic.span().start);
        let severity = if diagnostic.severity == Severity::Error { "error" } else { "warning" };
        shown += &format!("{severity}[{}] {}:{}: {}", diagnostic.code, place.line, place.col, diagnostic.title);
        for label in &diagnostic.labels[1..] {
            let place = lines.line_col(text, label.span.start);
            shown += &format!("; {}:{} {}", place.line, place.col, label.text);
        }
        if let Some(help) = &diagnostic.help {
            shown += &format!("; help: {help}");
        }
        shown.push('\n');
    }
    shown
}

/// Loads a text and prints its errors.
fn errors(text: &str) -> String {
    let (_, diagnostics) = load_one(text);
    let errors: Vec<Diagnostic> =
        diagnostics.into_iter().filter(|diagnostic| diagnostic.severity == Severity::Error).collect();
    plain(text, &errors)
}

fn shown(template: &Template) -> String {
    let pieces = template.0.iter().map(|piece| match piece {
        TemplatePiece::Text(text) => text.clone(),
        TemplatePiece::Capture(name) => format!("{{{name}}}"),
    });
    pieces.collect()
}

fn shown_command(command: &ShellCommand) -> String {
    let pieces = command.pieces.iter().map(|piece| match piece {
        CommandPiece::Text(text) => text.clone(),
        CommandPiece::Value { name, quoting: Quoting::Plain, .. } => format!("{{{name}}}"),
        CommandPiece::Value { name, quoting: Quoting::Word, .. } => format!("'{{{name}}}'"),
    });
    pieces.collect()
}

mod sample {
    use super::*;

    fn sample() -> Program {
        let (program, remarks) = load(&[rule_text("exchange.rules", SAMPLE)], None);
        let shown: Vec<Diagnostic> = remarks.into_iter().map(|(_, diagnostic)| diagnostic).collect();
        assert_eq!(plain(SAMPLE, &shown), "");
        program
    }

    #[test]
    fn loads_without_a_remark() {
        let program = sample();
        let names = |names: Vec<&str>| names.join(" ");
        assert_eq!(
            names(program.symptoms.iter().map(|symptom| symptom.name.as_str()).collect()),
            "smtp_destination_unreachable outbound_queue_grows relay_restores_flow mx_lookup_fails"
        );
        assert_eq!(
            names(program.causes.iter().map(|cause| cause.name.as_str()).collect()),
            "dns_misconfigured resolver_search_list"
        );
        assert_eq!(
            names(program.resolutions.iter().map(|resolution| resolution.name.as_str()).collect()),
            "correct_dns disable_search_list"
        );
        assert_eq!(program.tests.len(), 3);
    }

    #[test]
    fn symptoms_say_how_they_are_seen() {
        let program = sample();
        let symptoms: Vec<_> = program.symptoms.iter().collect();
        let [unreachable, grows, relay, lookup] = symptoms[..] else { panic!("four symptoms") };
        assert_eq!((unreachable.leak, grows.leak, lookup.leak), (0.001, 0.05, 0.05));
        assert_eq!(unreachable.severity, SymptomSeverity::Medium);
        assert_eq!(shown(&unreachable.title), "The mail server cannot reach the SMTP host of {domain}");
        assert_eq!(relay.cost, Duration::from_secs(600));
        assert_eq!(lookup.of, Some(SymptomId(0)));
        let run = lookup.probe.as_ref().and_then(|probe| probe.run.as_ref()).expect("it has a command");
        assert_eq!(shown_command(run), "nslookup -type=mx '{domain}'");
        assert_eq!(lookup.bindings[0].alternatives.len(), 2);
    }

    #[test]
    fn causes_and_resolutions_hold_numbers() {
        let program = sample();
        let dns = &program.causes[0];
        assert_eq!(dns.prior, 0.05);
        assert_eq!(dns.shows, [(SymptomId(1), 0.98), (SymptomId(2), 0.90), (SymptomId(3), 0.70)]);
        assert_eq!(dns.kb, ["Q262270", "Q146556"]);
        let covered = ["5.5", "6.0"].map(|version| dns.applies[0].covers(&Release::stated("exchange", version)[0]));
        assert_eq!((dns.applies[0].product.as_str(), covered), ("exchange", [Some(true), Some(false)]));
        assert_eq!(program.causes[1].against, [(SymptomId(3), 0.02)]);
        let pin = &program.resolutions[1];
        assert_eq!((pin.resolves.as_slice(), pin.risk), (&[(CauseId(1), 0.90)][..], Risk::Medium));
        assert_eq!(
            (pin.needs.as_slice(), pin.steps.len()),
            (&[Template(vec![TemplatePiece::Text("registry backup".to_owned())])][..], 2)
        );
        assert!(matches!(pin.verify, Some(Verify::Silence(SymptomId(0), hour)) if hour == Duration::from_secs(3600)));
    }

    #[test]
    fn tests_hold_feeds_answers_and_expectations() {
        let program = sample();
        let [alone, clears, refusal] = &program.tests[..] else { panic!("three tests") };
        assert_eq!((alone.feeds[0].times, alone.feeds[0].every), (3, Some(Duration::from_secs(300))));
        let domain = Condition::Compare {
            left: Operand::Capture("domain".into()),
            op: Comparison::Equal,
            right: Right::Value(Value::Text(b"corp.example".to_vec().into())),
        };
        let count =
            Condition::Compare { left: Operand::Count, op: Comparison::Equal, right: Right::Value(Value::Int(3)) };
        let seen = Expectation::Symptom {
            symptom: SymptomId(0),
            findings: None,
            with: Some(Condition::All(vec![domain, count])),
        };
        let expected: Vec<&Expectation> = alone.expectations.iter().map(|(expectation, _)| expectation).collect();
        assert_eq!(
            expected,
            [&seen, &Expectation::TopCause(CauseId(1), Some(0.6)), &Expectation::FirstResolution(ResolutionId(1))]
        );
        assert_eq!(clears.answers, [(SymptomId(3), true), (SymptomId(1), true)]);
        assert_eq!(refusal.expectations[0].0, Expectation::NoSymptom(SymptomId(0)));
    }
}

#[test]
fn without_its_tests_a_program_is_the_same() {
    let text = "symptom hum \"H\" { match \"hum {n:int}\" }\ncause motor \"M\" { shows hum usually }\n\
    test \"x\" { feed \"hum 1\" expect hum expect no nothing }\n\
    resolution fix \"F\" { resolves motor usually step \"S\" verify \"V\" }\nrule { }\n";
    let files = [RuleText { path: "a.rules".to_owned(), text: text.to_owned() }];
    let ((mut whole, of_whole), (cut, of_cut)) = (load(&files, None), load_without_tests(&files));
    whole.tests.clear();
    whole.left_out_tests.clear();
    assert_eq!(format!("{cut:?}"), format!("{whole:?}"));
    let errors = |found: &[(SourceId, Diagnostic)]| -> Vec<&'static str> {
        found.iter().filter(|(_, one)| one.severity == Severity::Error).map(|(_, one)| one.code).collect()
    };
    // The mistake in the test is not reported; that of the rule without a name is.
    assert_eq!(errors(&of_whole).len(), errors(&of_cut).len() + 1);
    assert!(!errors(&of_cut).is_empty());
}

#[test]
fn a_rule_expands_to_three_items() {
    let (program, diagnostics) = load_one(
        r#"rule disk_full "The volume of {dev} is full" {
             match i"no space left on device" or "write to {dev:path} failed: ENOSPC"
             prior common
             resolution "Free space on {dev}" { cost 10m risk low
               step "Find the large directories" run `du -xh {dev} | sort -h | tail` }
             kb "cb-disk-full"
           }"#,
    );
    assert!(diagnostics.iter().all(|diagnostic| diagnostic.severity == Severity::Warning), "{diagnostics:?}");
    let (symptom, cause, resolution) = (&program.symptoms[0], &program.causes[0], &program.resolutions[0]);
    let names = [&symptom.name, &cause.name, &resolution.name];
    assert_eq!(names, ["disk_full_symptom", "disk_full", "disk_full_resolution"]);
    assert_eq!((cause.prior, cause.shows.as_slice()), (0.05, &[(SymptomId(0), 0.90)][..]));
    assert_eq!((cause.kb.as_slice(), resolution.kb.len()), (&["cb-disk-full".to_string()][..], 0));
    assert_eq!(resolution.resolves, [(CauseId(0), 0.90)]);
    let run = resolution.steps[0].run.as_ref().expect("it has a command");
    assert_eq!(shown_command(run), "du -xh '{dev}' | sort -h | tail");
}

#[test]
fn a_rule_may_say_its_own_chances() {
    let (program, diagnostics) = load_one(
        r#"symptom other "x" { ask "x?" }
           rule r "x" { match "foobar" shows always shows other rarely resolution "y" { resolves often } }"#,
    );
    assert!(diagnostics.iter().all(|diagnostic| diagnostic.severity == Severity::Warning), "{diagnostics:?}");
    assert_eq!(program.causes[0].shows, [(SymptomId(1), 0.98), (SymptomId(0), 0.10)]);
    assert_eq!(program.resolutions[0].resolves, [(CauseId(0), 0.70)]);
}

#[test]
fn names_are_local_to_packs() {
    let mail = r#"pack mail "Mail" { } symptom slow "x" { ask "x?" } symptom queue "x" { ask "x?" }
                  cause c "x" { shows slow often shows web.slow often shows web.only rarely }"#;
    let web = r#"symptom slow "x" { ask "x?" } symptom only "x" { ask "x?" }"#;
    let (program, remarks) = load(&[rule_text("a.rules", mail), rule_text("rules/web.rules", web)], None);
    assert!(remarks.iter().all(|(_, diagnostic)| diagnostic.severity == Severity::Warning), "{remarks:?}");
    let names: Vec<&str> = program.symptoms.iter().map(|symptom| symptom.name.as_str()).collect();
    assert_eq!(names, ["mail.slow", "queue", "web.slow", "only"]);
    assert_eq!(program.causes[0].shows, [(SymptomId(0), 0.70), (SymptomId(2), 0.70), (SymptomId(3), 0.10)]);
    let found = ["mail.slow", "queue", "mail.queue", "slow"].map(|name| program.symptom_named(name));
    assert_eq!(found, [Some(SymptomId(0)), Some(SymptomId(1)), Some(SymptomId(1)), None]);
    assert_eq!(program.cause_named("mail.c"), Some(CauseId(0)));
    assert_eq!(program.resolution_named("c"), None);
}

#[test]
fn what_depends_on_a_mistake_is_left_out_without_a_word() {
    let text = r#"
        symptom bad "x" { match "{" }
        symptom on_bad "on {what}" { for bad probe "x" run `x {what}` match "foobar" }
        symptom good "x" { match "foobar" }
        cause of_bad "of {what}" { shows bad often }
        cause of_good "x" { shows good often }
        resolution r "x" { resolves of_bad often resolves of_good often }
        resolution s "x" { resolves of_good often }
        test "t" { feed "x" expect top cause of_bad }
        test "u" { feed "x" expect good }"#;
    assert_eq!(errors(text), "error[R021] 2:34: the hole is not closed; help: add a `}`, or write `{{` for a brace\n");
    let (program, _) = load_one(text);
    let symptoms: Vec<&str> = program.symptoms.iter().map(|symptom| symptom.name.as_str()).collect();
    let causes: Vec<&str> = program.causes.iter().map(|cause| cause.name.as_str()).collect();
    let resolutions: Vec<&str> = program.resolutions.iter().map(|resolution| resolution.name.as_str()).collect();
    assert_eq!((symptoms, causes, resolutions), (vec!["good"], vec!["of_good"], vec!["s"]));
    assert_eq!(program.causes[0].shows, [(SymptomId(0), 0.70)]);
    assert_eq!(program.tests.len(), 1);
}

#[test]
fn keywords_are_free_as_captures_and_fields() {
    let text = r#"symptom s "{cost}" { match "took {cost:int} for {for}" where cost > 5 and .match == "x" and for != "y" cost 5m }"#;
    assert_eq!(errors(text), "");
}

#[test]
fn a_where_with_count_is_about_the_finding() {
    let (program, _) =
        load_one(r#"symptom s "x" { match "foobar {n:int}" where n > 3 match b: "barfoo" where count >= 2 }"#);
    let symptom = &program.symptoms[0];
    let compare = |left, right| Condition::Compare { left, op: Comparison::Greater, right: Right::Value(right) };
    assert_eq!(symptom.bindings[0].filter, Some(compare(Operand::Capture("n".into()), Value::Int(3))));
    assert_eq!(symptom.bindings[1].filter, None);
    let at_least =
        Condition::Compare { left: Operand::Count, op: Comparison::GreaterOrEqual, right: Right::Value(Value::Int(2)) };
    assert_eq!(symptom.filter, Some(at_least));
}

#[test]
fn conditions_are_typed() {
    let (program, diagnostics) = load_one(
        r#"define hosts = ["a", "b"]
           symptom s "x" {
             match "from {ip:ip} took {t:dur} of {b:size} {w} foobar" where
               ip == "192.0.2.7" and t > 5s and b >= 10MiB and (w in hosts or not w has "x")
               and .a.b[*].c ~ /^x/i and .pct > 3% and .ip in cidr "10.0.0.0/8" and .x exists and .y == .z
           }"#,
    );
    assert!(diagnostics.iter().all(|diagnostic| diagnostic.severity == Severity::Warning), "{diagnostics:?}");
    let Some(Condition::All(parts)) = &program.symptoms[0].bindings[0].filter else { panic!("a chain of `and`") };
    let capture = |name: &str| Operand::Capture(name.to_string());
    let text = |text: &str| Value::Text(text.as_bytes().to_vec().into());
    let field = |names: &[&str]| {
        let step = |name: &&str| if *name == "*" { PathStep::Each } else { PathStep::Name(name.to_string()) };
        Operand::Field(FieldPath(names.iter().map(step).collect()))
    };
    let compare = |left, op, right| Condition::Compare { left, op, right };
    use Comparison::*;
    let in_hosts = compare(capture("w"), Equal, Right::AnyOf(vec![text("a"), text("b")]));
    let has_no_x = Condition::Not(Box::new(compare(capture("w"), Has, Right::Value(text("x")))));
    let regex = Arc::new(Pattern::regex("^x", "i").expect("a regex"));
    let expected = [
        compare(capture("ip"), Equal, Right::Value(Value::Ip([192, 0, 2, 7].into()))),
        compare(capture("t"), Greater, Right::Value(Value::Duration(Duration::from_secs(5)))),
        compare(capture("b"), GreaterOrEqual, Right::Value(Value::Size(10 << 20))),
        Condition::AnyOf(vec![in_hosts, has_no_x]),
        Condition::Regex(field(&["a", "b", "*", "c"]), RegexTest(regex)),
        compare(field(&["pct"]), Greater, Right::Value(Value::Num(3.0))),
        Condition::InCidr(field(&["ip"]), [10, 0, 0, 0].into(), 8),
        Condition::Exists(field(&["x"])),
        compare(field(&["y"]), Equal, Right::Operand(field(&["z"]))),
    ];
    assert_eq!(parts, &expected);
}

mod fixtures {
    use super::*;

    fn root(path: &str) -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
    }

    fn fixtures() -> Vec<PathBuf> {
        let folder = fs::read_dir(root("tests/cases/rule_errors")).expect("the folder is there");
        let mut fixtures: Vec<PathBuf> = folder.map(|entry| entry.expect("a readable entry").path()).collect();
        fixtures.retain(|path| path.extension().is_some_and(|extension| extension == "rules"));
        fixtures.sort();
        fixtures
    }

    /// `UPDATE_EXPECT=1` rewrites the expectations. Review the diff.
    #[test]
    fn each_mistake_is_reported_as_expected() {
        let update = std::env::var_os("UPDATE_EXPECT").is_some();
        let mut wrong = Vec::new();
        for path in fixtures() {
            let text = fs::read_to_string(&path).expect("a fixture is UTF-8");
            let found = plain(&text, &load_one(&text).1);
            let out = path.with_extension("out");
            if update {
                fs::write(&out, &found).expect("the folder is writable");
            }
            let expected = fs::read_to_string(&out).unwrap_or_default();
            if found != expected {
                wrong.push(format!("{}\n--- expected\n{expected}--- found\n{found}", path.display()));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// Applies the fixes of the remarks again and again, and returns the text after them.
    fn fixed(text: &str) -> String {
        let mut text = text.to_owned();
        for _ in 0..10 {
            let next = revised(&text, &fixes(&load_one(&text).1));
            if next == text {
                break;
            }
            text = next;
        }
        text
    }

    #[test]
    fn each_fix_mends_what_it_is_for() {
        let mut wrong = Vec::new();
        for path in fixtures() {
            let text = fs::read_to_string(&path).expect("a fixture is UTF-8");
            let after = fixed(&text);
            let left: Vec<Diagnostic> = load_one(&after).1.into_iter().filter(|found| !found.fix.is_empty()).collect();
            if !left.is_empty() {
                wrong.push(format!("{}\n{after}{}", path.display(), plain(&after, &left)));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn each_code_has_a_fixture() {
        let report = |path: &PathBuf| load_one(&fs::read_to_string(path).expect("a fixture is UTF-8")).1;
        let reported: BTreeSet<&str> = fixtures().iter().flat_map(report).map(|found| found.code).collect();
        let codes: Vec<&str> = error::SECTIONS.iter().flat_map(|section| section.codes).map(|code| code.code).collect();
        let without: Vec<&&str> = codes.iter().filter(|code| !reported.contains(**code)).collect();
        assert_eq!(without, Vec::<&&str>::new(), "codes without a fixture");
        assert!(codes.is_sorted_by(|a, b| a < b), "codes out of order");
    }

    /// Returns the part of docs/diagnostics.md that is generated from the codes.
    fn documented() -> String {
        let mut shown = String::new();
        for section in error::SECTIONS {
            shown += &format!("\n# {}\n", section.title);
            for code in section.codes {
                for (at, line) in code.lines.iter().enumerate() {
                    let line = line.strip_prefix(' ').unwrap_or(line);
                    shown += &if at == 0 { format!("\n## {} {line}\n", code.code) } else { format!("{line}\n") };
                }
            }
        }
        shown + "\n"
    }

    #[test]
    fn the_docs_have_an_entry_for_each_code() {
        let path = root("docs/diagnostics.md");
        let docs = fs::read_to_string(&path).expect("docs/diagnostics.md is there");
        let (before, rest) = docs.split_once("rule/error -->\n").expect("a mark where the codes of rules begin");
        let (shown, after) = rest.split_once("<!-- end").expect("a mark where the codes of rules end");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            let docs = format!("{before}rule/error -->\n{}<!-- end{after}", documented());
            fs::write(&path, docs).expect("the file is writable");
            return;
        }
        assert_eq!(shown, documented(), "docs/diagnostics.md is out of date: run the tests with UPDATE_EXPECT=1");
    }

    #[test]
    fn ten_mistakes_are_ten_remarks() {
        let text =
            fs::read_to_string(root("tests/cases/rule_errors/ten_mistakes.rules")).expect("the fixture is there");
        let places: BTreeSet<Span> = load_one(&text).1.iter().map(Diagnostic::span).collect();
        let codes: BTreeSet<&str> = load_one(&text).1.iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!((places.len(), codes.len()), (10, 10));
    }
}

#[test]
fn deep_nesting_is_refused_and_does_not_overflow() {
    for (open, close) in [("(", ")"), ("not (", ")"), ("{", "}"), ("[", "]"), ("not ", "")] {
        let text =
            format!("symptom s \"x\" {{ match any where {}.a exists{} }}", open.repeat(20_000), close.repeat(20_000));
        load_one(&text);
    }
    let parentheses = |depth: usize| {
        errors(&format!("symptom s \"x\" {{ match any where {}.a exists{} }}", "(".repeat(depth), ")".repeat(depth)))
    };
    assert_eq!(parentheses(64), "");
    assert!(parentheses(65).starts_with("error[R006] 1:97:"), "{}", parentheses(65));
}

/// This would take minutes if each statement were parsed with all that follows it.
#[test]
fn a_long_file_takes_linear_time() {
    let item = "symptom s{} \"x\" {{ match \"foobar\" }}\n";
    let statements = "  match \"foobar {_} x\" or i\"y foobar\"\n".repeat(8_000);
    load_one(&format!("symptom s \"x\" {{\n{statements}}}"));
    let items: String =
        (0..2_000).map(|at| item.replace("{}", &at.to_string()).replace("{{", "{").replace("}}", "}")).collect();
    assert_eq!(load_one(&items).0.symptoms.len(), 2_000);
}

/// Checks that each place of each diagnostic is in the text, on character borders.
fn check_spans(text: &str) -> Result<(), TestCaseError> {
    for diagnostic in load_one(text).1 {
        let labels = diagnostic.labels.iter().map(|label| label.span);
        for span in labels.chain(diagnostic.fix.iter().map(|change| change.span)) {
            prop_assert!(text.get(span.start..span.end).is_some(), "{diagnostic:?}");
        }
    }
    Ok(())
}

/// A curly quote is read as a straight one, which is shorter.
#[test]
fn places_in_replaced_signs_are_whole_characters() -> Result<(), TestCaseError> {
    check_spans("“ \"x {a} é\"")?;
    check_spans("test i\"foo {x:int}\" '")?;
    check_spans("symptom “a” “b” { match “x.*y” or ‘z’ ; é“")
}

proptest! {
    #[test]
    fn arbitrary_text_is_no_panic(text in "\\PC{0,200}") {
        check_spans(&text)?;
    }

    #[test]
    fn words_of_the_language_in_any_order_are_no_panic(
        words in prop::collection::vec(prop::sample::select(vec![
            "pack", "symptom", "cause", "resolution", "rule", "test", "define", "format", "mute", "s", "t", "\"x {a} é\"",
            "{", "}", "(", ")", "match", "where", "or", "and", "not", "any", "i\"foo {x:int}\"", "/a(b/", "/x/i", "`id {a}`",
            "`", "\"", "/", "==", ">=", "5m", "3%", "1/20", "usually", "shows", "resolves", "step", "run", "verify", "no",
            "for", "ask", "probe", "kb", "applies", "expect", "top", "feed", "x", "every", ".a", "[*]", ",", "=", "[", "]",
            "in", "cidr", "exists", "\n", "#", "always", "prior", "when", "then", "within", "by", "é",
            "=", "&&", "contains", "is", "5", "minutes", "AND", "|", "$", "between", "'", ";", "“", "”", "\u{a0}", "//", "test", "run",
            "record", "starts_with", "json", "logfmt", "time", "zone", "level", "files", "on", "late",
        ]), 0..60),
    ) {
        check_spans(&words.join(" "))?;
    }

    #[test]
    fn a_damaged_sample_is_no_panic(
        cut in 0..SAMPLE.len(), len in 0_usize..40, insert in "[\"{}()/`#a é\n]{0,4}",
    ) {
        let border = |at: usize| (0..=at.min(SAMPLE.len())).rev().find(|&at| SAMPLE.is_char_boundary(at)).unwrap_or(0);
        let (from, to) = (border(cut), border(cut + len));
        check_spans(&format!("{}{insert}{}", &SAMPLE[..from], &SAMPLE[to..]))?;
    }
}
