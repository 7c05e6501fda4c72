#![no_main]
//! Articles in the page layout, after fixed front matter.

mod shared;

use casebook::article::Layout;

libfuzzer_sys::fuzz_target!(|data: &[u8]| shared::read("---\nlayout: page\ntitle: \"Q123456: A title\"\nid: Q123456\n---\n", Layout::Page, data));
