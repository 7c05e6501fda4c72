#![no_main]
//! Articles in the document layout, after a fixed first line.

mod shared;

use casebook::article::Layout;

libfuzzer_sys::fuzz_target!(|data: &[u8]| shared::read("DOCUMENT:Q123456  16-MAR-1999  [mail]\nTITLE   :", Layout::Document, data));
