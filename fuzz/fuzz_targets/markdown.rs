#![no_main]
//! Markdown articles, after a fixed title and section.

mod shared;

use casebook::article::Layout;

libfuzzer_sys::fuzz_target!(|data: &[u8]| shared::read_file("a.md", "# A title\n\nWhat is seen, and what to do about it.\n\n## Symptoms\n\nIt hums.\n\n", Layout::Markdown, data));
