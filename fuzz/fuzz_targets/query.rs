#![no_main]
//! Any text as a query: read without loss, and printed so that it is read again as the same query.

use casebook::query::{QueryPiece, parse};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let query = parse(text);
    assert_eq!(parse(&query.to_string()), query);
    let words = |text: &str| text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count();
    let kept = query.pieces.iter().map(|piece| match piece {
        QueryPiece::Text(text) | QueryPiece::Phrase(text) | QueryPiece::Excluded(text) => words(text),
        QueryPiece::Filter(filter) => words(filter.field().name()) + words(&filter.written),
    });
    assert_eq!(kept.sum::<usize>(), words(text));
});
