#![no_main]
//! Exports: detects the format, splits it into records, and parses each record as an article.

mod shared;

use std::ops::ControlFlow;

use casebook::article::export::{FieldMap, records, sniff};
use casebook::article::parse;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let fields = FieldMap::default();
    let Some(kind) = sniff(data, &fields) else { return };
    let ended = records(kind, data, &fields, &mut |record| {
        if let Ok(text) = record.content {
            let article = parse(&text, "fuzz/article").expect("a record is an article");
            shared::check(&article, &text);
        }
        ControlFlow::Continue(())
    });
    drop(ended);
});
