#![no_main]
//! Any bytes as a log of any format: nothing panics, and the chunk size does not change the result.

use std::sync::LazyLock;

use casebook::log::{Format, Input};
use casebook::matching::{ScanOptions, scan};
use casebook::rule::{Program, RuleText, load};

static PROGRAM: LazyLock<Program> = LazyLock::new(|| {
    let text = "rule any_error \"An error\" {\n  match any where .severity == \"error\" and .message exists\n}\n\
                rule queue \"The {name} queue is stuck\" {\n  match \"queue {name} is stuck\"\n}\n";
    load(&[RuleText { path: "fuzz.rules".to_owned(), text: text.to_owned() }], None).0
});

libfuzzer_sys::fuzz_target!(|input: (u8, u8, &[u8])| {
    let (format, chunk_bytes, log) = input;
    let format = Format::ALL.get(usize::from(format)).cloned();
    let scanned = |chunk_bytes: usize| {
        let now = "2017-01-02T00:00:00Z".parse().expect("a valid instant");
        let options = ScanOptions { chunk_bytes, format: format.clone(), ..ScanOptions::at(now) };
        let scan = scan(&PROGRAM, vec![Input::bytes("x", log)], &options);
        (scan.findings, scan.sources, scan.salient, scan.remarks)
    };
    let whole = scanned(1 << 20);
    assert_eq!(scanned(1 + usize::from(chunk_bytes)), whole);
});
