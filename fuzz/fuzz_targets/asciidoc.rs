#![no_main]
//! AsciiDoc articles, after a fixed title and section.

mod shared;

use casebook::article::Layout;

libfuzzer_sys::fuzz_target!(|data: &[u8]| shared::read_file("a.adoc", "= A title\n:toc:\n\n[source]\n----\nx\n----\n\n== Symptoms\n\nIt hums.\n\n", Layout::AsciiDoc, data));
