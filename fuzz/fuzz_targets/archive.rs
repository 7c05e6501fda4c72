#![no_main]
//! Archives of any kind: their members have harmless names of their own and bounded sizes.

use std::collections::HashSet;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let mut names = HashSet::new();
    casebook::ingest::fuzz_archive(data, &mut |name, bytes| {
        assert!(!name.is_empty() && !name.starts_with('/') && !name.contains('\\') && !name.contains('\0'));
        assert!(name.split('/').all(|part| !part.is_empty() && part != ".."));
        assert!(bytes.is_none_or(|bytes| bytes as u64 <= casebook::ingest::MAX_FILE_BYTES));
        assert!(names.insert(name.to_owned()), "two members are called {name:?}");
    });
});
