#![no_main]
//! Articles in the web text layout, after a fixed title.

mod shared;

use casebook::article::Layout;

libfuzzer_sys::fuzz_target!(|data: &[u8]| shared::read("Mail stays in the queue (305394)\nThis article was previously published under Q305394\n", Layout::WebText, data));
