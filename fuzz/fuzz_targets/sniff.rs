#![no_main]
//! Bytes of any kind: decoded, their layout detected, and read.

mod shared;

use casebook::article::{decode, detect, parse};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(text) = decode(data) else { return };
    let layout = detect(&text);
    if let Ok(article) = parse(&text, "fuzz/article") {
        assert_eq!(Some(article.layout), layout);
        shared::check(&article, &text);
    }
});
