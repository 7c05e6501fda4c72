#![no_main]
//! Codes, events, files and so on in any text.

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut last = 0;
    for found in casebook::identifier::find(text) {
        assert!(text.get(found.span.start..found.span.end).is_some_and(|printed| !printed.is_empty()));
        assert!(last <= found.span.start);
        last = found.span.start;
    }
});
