#![no_main]
//! Any text as rules, and any bytes as a log: whatever compiles matches whatever comes, and places of mistakes are in the text.

use casebook::log::Input;
use casebook::matching::{ScanOptions, scan};
use casebook::rule::{RuleText, load};

libfuzzer_sys::fuzz_target!(|input: (&str, &[u8])| {
    let (rules, log) = input;
    let (program, found) = load(&[RuleText { path: "fuzz.rules".to_owned(), text: rules.to_owned() }], None);
    for (_, diagnostic) in &found {
        let labels = diagnostic.labels.iter().map(|label| label.span);
        for span in labels.chain(diagnostic.fix.iter().map(|change| change.span)) {
            assert!(rules.get(span.start..span.end).is_some(), "{diagnostic:?}");
        }
    }
    let options = ScanOptions::at("2017-01-02T00:00:00Z".parse().expect("a valid instant"));
    scan(&program, vec![Input::bytes("x", log)], &options);
});
