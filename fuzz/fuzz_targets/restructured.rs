#![no_main]
//! Articles in reStructuredText, after a fixed title and section.

mod shared;

use casebook::article::Layout;

libfuzzer_sys::fuzz_target!(|data: &[u8]| shared::read_file("a.rst", "A title\n=======\n\n.. _hums:\n\n.. note:: Slowly.\n\nSymptoms\n--------\n\nIt hums.\n\n", Layout::ReStructuredText, data));
