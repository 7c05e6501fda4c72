//! Packs the articles in `kb/` and the rules in `rules/` into one compressed file each, which become part of the binary.

use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::DeflateEncoder;

fn main() -> io::Result<()> {
    pack("kb", "BOOK_KB")?;
    pack("rules", "BOOK_RULES")
}

/// Writes the files below `folder` to `OUT_DIR`, sorted by path, and sets an environment variable for the compiler to their
/// hash. In the file, before compression, a NUL byte follows each path and each content.
fn pack(folder: &str, variable: &str) -> io::Result<()> {
    println!("cargo:rerun-if-changed={folder}");
    let mut paths = Vec::new();
    collect(Path::new(folder), "", &mut paths)?;
    paths.sort_unstable();
    let mut plain = String::new();
    for path in paths {
        let text = fs::read_to_string(Path::new(folder).join(&path))
            .map_err(|error| io::Error::new(error.kind(), format!("{folder}/{path}: {error}")))?;
        assert!(!text.contains('\0'), "{folder}/{path} contains a NUL byte");
        plain.extend([&path, "\0", &text, "\0"]);
    }
    let mut hasher = DefaultHasher::new();
    hasher.write(plain.as_bytes());
    println!("cargo:rustc-env={variable}_HASH={:016x}", hasher.finish());
    let out = env::var_os("OUT_DIR").expect("cargo sets it");
    let mut packed = DeflateEncoder::new(fs::File::create(Path::new(&out).join(folder))?, Compression::best());
    packed.write_all(plain.as_bytes())?;
    packed.finish()?;
    Ok(())
}

/// Adds the paths of all files below `folder`, with `/` and beginning with `prefix`.
fn collect(folder: &Path, prefix: &str, paths: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().into_string().expect("names in the book are UTF-8");
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{path}/"), paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}
