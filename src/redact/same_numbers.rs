//! Tests that a redacted diagnosis has the numbers of the diagnosis, and that no format shows a name.

use std::sync::LazyLock;

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::Value as Json;

use super::{Redactor, learn_inputs, redacted};
use crate::book;
use crate::infer::{self, Diagnosis, Facts};
use crate::log::Input;
use crate::matching::{ScanOptions, scan};
use crate::report::text::{self, Page};
use crate::report::{Amount, DiagnosisView, html, json, markdown};
use crate::rule::{Program, RuleText, load};

static BOOK: LazyLock<Program> = LazyLock::new(|| {
    let text = |file: book::BookFile| RuleText { path: file.path.to_owned(), text: file.text.to_owned() };
    load(&book::rules().into_iter().map(text).collect::<Vec<_>>(), None).0
});

/// The names in a generated log.
#[derive(Debug, Clone)]
struct Named {
    host: String,
    peer: String,
    user: String,
    address: String,
    secret: String,
}

fn named() -> impl Strategy<Value = Named> {
    let address = (0..=255u8, 0..=255u8, 1..=254u8).prop_map(|(b, c, d)| format!("10.{b}.{c}.{d}"));
    ("xh[a-z]{3,6}[0-9]{1,2}", "xp[a-z]{3,6}\\.[a-z]{4,7}\\.(de|local)", "xu[a-z]{4,7}", address, "xS[A-Z0-9]{6,10}")
        .prop_map(|(host, peer, user, address, secret)| Named { host, peer, user, address, secret })
}

/// Writes a log with faults of several kinds. `order` picks the records.
fn log(named: &[Named], order: &[(usize, usize)]) -> String {
    let mut log = String::new();
    for (second, (kind, who)) in order.iter().enumerate() {
        let Named { host, peer, user, address, secret } = &named[who % named.len()];
        let said = match kind % 8 {
            0 => format!("sshd[7]: Failed password for invalid user {user} from {address} port 22 ssh2"),
            1 => format!("postfix/smtp[8]: connect to {peer}[{address}]:25: Connection timed out"),
            2 => format!("app[9]: java.lang.OutOfMemoryError: Java heap space in /home/{user}/app of {user}@{peer}"),
            3 => {
                format!("app[9]: cannot reach {peer} as {user}: password={secret} at https://{user}:{secret}@{peer}/x")
            }
            4 => "kernel: EXT4-fs error (device sda1): No space left on device".to_owned(),
            5 => format!("named[3]: client {address}#53: query for {host} failed, retry by {user}"),
            6 => format!("app[9]: Authorization: Bearer {secret}; job of {user} on {host} ended"),
            _ => format!(
                "nginx: connect() failed (111: Connection refused) while connecting to upstream, server: {peer}, upstream: \"http://{address}:80/\""
            ),
        };
        log.push_str(&format!("Nov 12 10:00:{:02} {host} {said}\n", second % 60));
    }
    log
}

fn shown(diagnosis: &Diagnosis) -> (Json, Vec<String>) {
    let view = DiagnosisView { program: &BOOK, diagnosis, amount: Amount::All, why: None, why_not: &[] };
    let json = serde_json::to_value(json::diagnose(view)).expect("a value");
    let mut forms = [Vec::new(), Vec::new(), Vec::new()];
    text::diagnosis(&mut Page::new(&mut forms[0], 1000), view).expect("a Vec");
    markdown::diagnosis(&mut forms[1], view).expect("a Vec");
    html::diagnosis(&mut forms[2], view).expect("a Vec");
    let texts = forms.into_iter().map(|form| String::from_utf8(form).expect("UTF-8")).chain([json.to_string()]);
    (json, texts.collect())
}

/// Keeps the structure, the numbers, and the names that rules give; blanks all other texts.
fn blank(key: &str, value: &mut Json) {
    const KEPT: [&str; 9] =
        ["verdict", "cause", "symptom", "resolution", "state", "status", "risk", "first", "not_applicable"];
    match value {
        Json::String(text) if !KEPT.contains(&key) => text.clear(),
        Json::Array(values) => values.iter_mut().for_each(|value| blank(key, value)),
        Json::Object(members) => members.iter_mut().for_each(|(key, value)| blank(key, value)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_redacted_diagnosis_has_the_same_numbers_and_no_name(
        named in proptest::collection::vec(named(), 1..4),
        order in proptest::collection::vec((0..8usize, 0..4usize), 1..30),
    ) {
        let name = format!("/home/{}/{}.log", named[0].user, named[0].host);
        let input = Input::bytes(name, log(&named, &order));
        let options = ScanOptions::at(Timestamp::UNIX_EPOCH);
        let scan = scan(&BOOK, vec![input.clone()], &options);
        let diagnosis = infer::diagnose(&BOOK, scan, &Facts::default(), &infer::Searched::default(), &|_| None);
        let mut redactor = Redactor::new();
        learn_inputs(&mut redactor, vec![input], &options.all_reading(), &options.zones);
        let answer = redacted(&mut redactor, &diagnosis);
        let ((mut plain, _), (mut hidden, texts)) = (shown(&diagnosis), shown(&answer));
        for Named { host, peer, user, address, secret } in &named[..named.len().min(1 + order.len())] {
            let is_used = |kinds: &[usize]| order.iter().any(|(kind, who)| {
                kinds.contains(kind) && named[who % named.len()].user == *user
            });
            for text in &texts {
                let text = text.to_lowercase();
                for (name, kinds) in [(host, [0, 1, 2, 3, 4, 5, 6, 7].as_slice()), (peer, &[1, 2, 3, 7]), (user, &[0, 2, 3]), (secret, &[3, 6])] {
                    prop_assert!(!is_used(kinds) || !text.contains(&name.to_lowercase()), "{name} in {text}");
                }
                let address = regex::Regex::new(&format!(r"\b{}\b", regex::escape(address))).expect("valid");
                prop_assert!(!address.is_match(&text), "{address} in {text}");
            }
        }
        blank("", &mut plain);
        blank("", &mut hidden);
        prop_assert_eq!(plain, hidden);
    }
}
