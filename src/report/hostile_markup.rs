//! Tests HTML and Markdown reports of diagnoses with malicious text: whatever a log, an article or a rule says, the
//! structure of the report stays the same.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;

use html5ever::tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser};

use super::clean::on_one_line;
use super::{Amount, DiagnosisView, html, markdown};
use crate::diagnostic::Severity;
use crate::identifier::IdentifierKind;
use crate::infer::{self, ArticleHit, CheckMeans, Diagnosis, Explanation, Facts, NextCheck, VersionCheck};
use crate::matching::{
    Captures, Evidence, Finding, NearMiss, NotSeen, Obstacle, Remark, Salient, Scan, SearchedSource, ShortFinding,
    SourceSummary, Status, TriedPattern, Unmet,
};
use crate::pattern::{HoleKind, MissKind, Next, PatternMiss};
use crate::rule::{
    CommandPiece, Comparison, Condition, FieldPath, Operand, PathStep, Program, ResolutionStep, Right, RuleText, Shell,
    ShellCommand, Template, TemplatePiece, Verify, load,
};
use crate::source::SourceId;
use crate::value::Value;

const RULES: &str = "
    symptom hum \"T\" { match \"hum {what:rest}\" how \"H\" }
    symptom asked \"A\" { ask \"Q\" cost 1s }
    symptom other \"O\" { on \"o\" match \"oo\" }
    cause motor \"M\" { prior common shows hum usually shows asked often kb \"Q1\" }
    cause belt \"B\" { shows asked often shows hum often shows other often applies \"p\" >= 5.0 }
    resolution fix \"F\" { resolves motor usually needs \"N\" undo \"U\" step \"S\" run `x` verify no hum for 1h }
    resolution swap \"W\" { resolves belt usually step \"S\" verify \"V\" run `y` }
";

/// Rules and a diagnosis by them. Every text in them is the same malicious text.
struct Case {
    program: Program,
    diagnosis: Diagnosis,
    why: Explanation,
    why_not: NotSeen,
}

impl Case {
    fn with_text(text: &str) -> Case {
        let (mut program, found) = load(&[RuleText { path: "a.rules".to_owned(), text: RULES.to_owned() }], None);
        assert!(found.iter().all(|(_, found)| found.severity == Severity::Warning), "{found:?}");
        say(&mut program, text);
        let captures = Captures::from([("what".to_owned(), Value::Text(text.as_bytes().to_vec().into()))]);
        let scan = scan(&program, text, &captures);
        let facts = Facts::default();
        let why = infer::explain(&program, &scan, &facts, program.cause_named("motor").expect("a cause"));
        let mut hit = ArticleHit::new(text, text, 1.0, 0);
        let signature =
            |kind| infer::Signature { kind, text: text.into(), section: 0, salient: 0, share: 1.0, weight: 1.0 };
        hit.signatures = [IdentifierKind::Message, IdentifierKind::File].map(signature).into();
        let titles = |name: &str| (name == "Q1").then(|| (text.to_owned() + "1", text.to_owned()));
        let records = scan.salient.clone();
        let mut diagnosis =
            infer::diagnose(&program, scan, &facts, &infer::Searched { records, hits: vec![hit] }, &titles);
        diagnosis.articles[0].near_copies = vec![text.to_owned()];
        diagnosis.articles[0].confidence = 0.5;
        let asked = program.symptom_named("asked").expect("a symptom");
        let check = |means| NextCheck { symptom: asked, means, captures: captures.clone(), value: Duration::ZERO };
        diagnosis.next_checks = [CheckMeans::Ask, CheckMeans::Source].map(check).into();
        let version = VersionCheck { product: text.to_owned(), causes: Vec::new(), value: Duration::ZERO };
        diagnosis.version_checks = vec![version];
        let why_not = not_seen(&program, text, captures);
        Case { program, diagnosis, why, why_not }
    }

    fn view(&self) -> DiagnosisView<'_> {
        DiagnosisView {
            program: &self.program,
            diagnosis: &self.diagnosis,
            amount: Amount::AtMost(9),
            why: Some(&self.why),
            why_not: std::slice::from_ref(&self.why_not),
        }
    }

    fn markdown(&self) -> String {
        let mut out = Vec::new();
        markdown::diagnosis(&mut out, self.view()).expect("a Vec");
        String::from_utf8(out).expect("UTF-8")
    }

    fn html(&self) -> String {
        let mut out = Vec::new();
        html::diagnosis(&mut out, self.view()).expect("a Vec");
        String::from_utf8(out).expect("UTF-8")
    }
}

/// Replaces every text of the rules that a reader sees by `text`, followed by a capture.
fn say(program: &mut Program, text: &str) {
    let template = || Template(vec![TemplatePiece::Text(text.to_owned()), TemplatePiece::Capture("what".to_owned())]);
    let step = |step: &mut ResolutionStep| {
        step.text = template();
        step.run = Some(ShellCommand { shell: Shell::Posix, pieces: vec![CommandPiece::Text(text.to_owned())] });
    };
    for symptom in &mut program.symptoms {
        symptom.title = template();
        symptom.how = Some(template());
        symptom.ask = symptom.ask.is_some().then(template);
        symptom.on.iter_mut().for_each(|name| *name = text.to_owned());
    }
    (&mut program.causes).into_iter().for_each(|cause| cause.title = template());
    for resolution in &mut program.resolutions {
        resolution.title = template();
        resolution.needs = vec![template()];
        resolution.undo = Some(template());
        resolution.steps.iter_mut().for_each(step);
        if let Some(Verify::Check(check)) = &mut resolution.verify {
            step(check);
        }
    }
}

fn scan(program: &Program, text: &str, captures: &Captures) -> Scan {
    let symptom = |name: &str| program.symptom_named(name).expect("a symptom");
    let evidence = |line| Evidence { source: SourceId(0), line, text: format!("hum {text}") };
    let hum = Finding {
        symptom: symptom("hum"),
        status: Status::Confirmed,
        count: 9,
        captures: captures.clone(),
        first: None,
        last: None,
        evidence: (1..=5).map(evidence).collect(),
        timing: crate::matching::FindingTiming::default(),
    };
    let source = SourceSummary {
        name: text.to_owned(),
        format: "plain".to_owned(),
        records: 9,
        left_out: 0,
        bytes: 9,
        first: None,
        last: None,
        not_looked_for: vec![symptom("other")],
        cut: 1,
    };
    let salient = Salient::new(7, text, 1.0);
    let remarks = vec![Remark::AssumedUtc(SourceId(0))];
    Scan { findings: vec![hum], sources: vec![source], salient: vec![salient], remarks, ..Scan::default() }
}

/// Explains why the symptom with an `on` was not seen. Every text from a log in it is `text`.
fn not_seen(program: &Program, text: &str, captures: Captures) -> NotSeen {
    let at = || Evidence { source: SourceId(0), line: 7, text: text.to_owned() };
    let text = || text.to_owned();
    let compared = Condition::Compare {
        left: Operand::Field(FieldPath(vec![PathStep::Name("field".to_owned())])),
        op: Comparison::Equal,
        right: Right::Value(Value::Text(text().into_bytes().into())),
    };
    let value = captures.get("what").cloned();
    let unmet = |left| Unmet { condition: compared.clone(), left, right: None };
    let missed = |kind| Obstacle::Pattern(PatternMiss { kind, nearness: 1 });
    let stopped = |next| missed(MissKind::Stopped { matched: text(), next, instead: text() });
    let because = [
        Obstacle::Where(vec![unmet(None), unmet(value.clone())]),
        missed(MissKind::Case { stands: text() }),
        missed(MissKind::Edge { part: text(), within: text() }),
        stopped(Next::Text(text())),
        stopped(Next::TextBehind(text())),
        stopped(Next::Hole(HoleKind::Host, text())),
        missed(MissKind::Words { missing: vec![text()] }),
        missed(MissKind::Literal { held: text() }),
        Obstacle::Header(text()),
    ];
    let nearest = |because| NearMiss { at: at(), records: 2, because, fields: vec![text()] };
    let tried = TriedPattern {
        binding: 0,
        alternative: 0,
        matched: 1,
        elsewhere: Some((3, at())),
        near: 99,
        nearest: because.map(nearest).into(),
        unheard: vec![text()],
    };
    let looked = SearchedSource { name: text(), names: vec![text()], programs: vec![text()], records: 9, read: 8 };
    let short = ShortFinding { captures, count: 2, at: Some(at()), unmet: vec![unmet(value)] };
    let symptom = program.symptom_named("other").expect("a symptom");
    let key = short.captures.clone();
    let shortfall = crate::timed::Shortfall::Few { seen: 1, wanted: 2 };
    let together = vec![crate::matching::TimedMiss { key, shortfall, at: (SourceId(0), 1) }];
    let (sources, patterns) = (vec![looked.clone(), looked], vec![tried]);
    NotSeen { symptom, sources, patterns, short: vec![short], n_short: 1, together }
}

/// Parses Markdown. Returns its blocks and spans in order, and all its text.
fn read_markdown(text: &str) -> (Vec<String>, String) {
    let extensions = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM;
    let (mut structure, mut all) = (Vec::new(), String::new());
    for event in Parser::new_ext(text, extensions) {
        match event {
            Event::Text(text) => all.push_str(&text),
            Event::Code(text) => {
                structure.push("code".to_owned());
                all.push_str(&text);
            }
            Event::SoftBreak => all.push('\n'),
            other => structure.push(format!("{other:?}")),
        }
    }
    (structure, all)
}

/// What an HTML parser finds in a page: tags with the names of their attributes (without `mark`, which depends on the
/// match), all text, the values of `id` and `href`, and errors.
#[derive(Default)]
struct Page {
    structure: RefCell<Vec<String>>,
    text: RefCell<String>,
    ids: RefCell<Vec<String>>,
    links: RefCell<BTreeSet<String>>,
    errors: RefCell<Vec<String>>,
}

impl TokenSink for Page {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) if &*tag.name != "mark" => {
                let sign = if tag.kind == TagKind::StartTag { "" } else { "/" };
                let names: Vec<&str> = tag.attrs.iter().map(|attribute| &*attribute.name.local).collect();
                self.structure.borrow_mut().push(format!("{sign}{} {}", &*tag.name, names.join(" ")));
                for attribute in &tag.attrs {
                    match &*attribute.name.local {
                        "id" => self.ids.borrow_mut().push(attribute.value.to_string()),
                        "href" => drop(self.links.borrow_mut().insert(attribute.value.to_string())),
                        _ => {}
                    }
                }
            }
            Token::TagToken(_) | Token::DoctypeToken(_) | Token::EOFToken => {}
            Token::CharacterTokens(text) => self.text.borrow_mut().push_str(&text),
            Token::CommentToken(_) | Token::NullCharacterToken => self.errors.borrow_mut().push(format!("{token:?}")),
            Token::ParseError(error) => self.errors.borrow_mut().push(error.into_owned()),
        }
        TokenSinkResult::Continue
    }
}

fn read_html(page: &str) -> Page {
    let input = BufferQueue::default();
    input.push_back(page.into());
    let options = TokenizerOpts { exact_errors: true, ..TokenizerOpts::default() };
    let tokenizer = Tokenizer::new(Page::default(), options);
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink
}

/// Checks that every element that is opened is closed, in the right order.
fn assert_balanced(structure: &[String]) {
    let mut open: Vec<&str> = Vec::new();
    for tag in structure {
        let name = tag.split(' ').next().expect("a name");
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if name == "meta" => {}
            None => open.push(name),
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

/// Pieces of text that act as markup if they are not escaped.
const PIECES: &[&str] = &[
    "```",
    "`",
    "~~~",
    "<script>",
    "</code>",
    "</pre>",
    "<!--",
    "-->",
    "]]>",
    "&lt;",
    "&",
    "\"",
    "'",
    ">",
    "|",
    "[x](javascript:x)",
    "![i](u)",
    "[^1]",
    "[ ] ",
    "<a@b.example>",
    "<https://a.example>",
    "&#x3c;",
    "# ",
    "- ",
    "+ ",
    "1. ",
    "2) ",
    "    ",
    "\n",
    "\n\n",
    "\t",
    "\r",
    "\0",
    "\u{2028}",
    "\u{1b}[1m",
    "\u{202e}",
    "\u{fffe}",
    "**",
    "__",
    "_",
    "*",
    "\\",
    "$$",
    "$x$",
    "~~",
    "---",
    "===",
    "www.a.example",
    "https://a.example",
    "@ops",
    "{#a}",
    ":",
    "!",
    "é",
    " ",
    "a",
];

fn hostile() -> impl Strategy<Value = String> {
    let piece = || proptest::collection::vec(proptest::sample::select(PIECES), 0..6);
    (piece(), piece()).prop_map(|(before, after)| format!("{}X{}", before.concat(), after.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_ticket_is_built_the_same_whatever_the_texts_say(text in hostile()) {
        let (structure, all) = read_markdown(&Case::with_text(&text).markdown());
        prop_assert_eq!(&structure, &read_markdown(&Case::with_text("X").markdown()).0);
        let visible = |text: &str| text.replace('\u{2060}', "");
        let shown = on_one_line(&text);
        prop_assert!(visible(&all).contains(shown.trim()), "{all:?}");
    }

    #[test]
    fn a_page_is_built_the_same_whatever_the_texts_say(text in hostile()) {
        let page = read_html(&Case::with_text(&text).html());
        let harmless = read_html(&Case::with_text("X").html());
        prop_assert_eq!(page.errors.into_inner(), Vec::<String>::new());
        prop_assert_eq!(page.structure.into_inner(), harmless.structure.into_inner());
        // HTML does not allow the noncharacters of Unicode.
        let shown = on_one_line(&text).replace('\u{fffe}', "\u{fffd}");
        prop_assert!(page.text.into_inner().contains(&shown));
    }
}

#[test]
fn a_page_is_whole_and_its_links_lead_somewhere() {
    let page = read_html(&Case::with_text("X").html());
    assert_balanced(&page.structure.into_inner());
    let (ids, links) = (page.ids.into_inner(), page.links.into_inner());
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
    let dead: Vec<&String> = links.iter().filter(|link| !ids.iter().any(|id| **link == format!("#{id}"))).collect();
    assert_eq!(dead, Vec::<&String>::new());
    assert!(links.contains("#L1") && links.contains("#L7") && links.contains("#finding-1"), "{links:?}");
}

#[test]
fn headings_are_in_order() {
    let page = read_html(&Case::with_text("X").html());
    let structure = page.structure.into_inner();
    let levels: Vec<u8> = structure
        .iter()
        .filter_map(|tag| tag.strip_prefix('h')?.as_bytes().first().filter(|byte| byte.is_ascii_digit()).copied())
        .collect();
    assert_eq!(levels.first(), Some(&b'1'));
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    assert_eq!(levels.iter().filter(|level| **level == b'1').count(), 1);
}
