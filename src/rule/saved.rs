//! A [`Program`] as bytes, so that rules that did not change need not be parsed again.

use super::{Program, RuleText};

/// The number of bytes of a hash.
const HASH_BYTES: usize = 32;

/// Identifies rule files and the build of this program: a saved program is only read by the build that saved it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgramKey([u8; HASH_BYTES]);

impl ProgramKey {
    /// Returns the key of `files` for a build that has the identity `build`.
    pub fn new(files: &[RuleText], build: &[u8]) -> ProgramKey {
        let mut hasher = blake3::Hasher::new();
        for part in
            [build].into_iter().chain(files.iter().flat_map(|file| [file.path.as_bytes(), file.text.as_bytes()]))
        {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        ProgramKey(hasher.finalize().into())
    }

    /// Returns a name for a file with the program.
    pub fn name(self) -> String {
        self.0[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Returns the bytes of a program: the key, the hash of what follows, and the program without its tests. `None` for a
/// program that describes log formats: those are not saved.
pub fn saved(program: &Program, key: ProgramKey) -> Option<Vec<u8>> {
    if program.formats.iter().next().is_some() {
        return None;
    }
    let body = postcard::to_stdvec(program).ok()?;
    let hash = blake3::hash(&body);
    Some([key.0.as_slice(), hash.as_bytes(), &body].concat())
}

/// Reads a program that was saved under `key`. `None` if it has another key or is damaged.
pub fn read_saved(bytes: &[u8], key: ProgramKey) -> Option<Program> {
    let (known, rest) = bytes.split_first_chunk::<HASH_BYTES>()?;
    let (hash, body) = rest.split_first_chunk::<HASH_BYTES>()?;
    let is_whole = *known == key.0 && *hash == *blake3::hash(body).as_bytes();
    if is_whole { postcard::from_bytes(body).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::load_without_tests;

    fn files(text: &str) -> Vec<RuleText> {
        vec![RuleText { path: "a.rules".to_owned(), text: text.to_owned() }]
    }

    const RULES: &str = r#"
        symptom full "The disk is full" {
            match i"write to {dev:path} failed" or /dis(?<what>k|c) full/i where .host in ["a", "b"] and .code == 5
            match other: any where .program ~ /x+/i and not .ip in cidr "10.0.0.0/8"
        }
        cause no_space "No space on {dev}" { applies exchange >= 5.0, < 6.0 prior common shows full always kb "cb-1" }
        resolution free "Free it" {
            resolves no_space usually
            cost 5m
            step "Look" run `du -xh {dev}`
            verify no full for 1h
        }
    "#;

    #[test]
    fn a_program_is_read_as_it_was_saved() {
        let (program, mistakes) = load_without_tests(&files(RULES));
        assert_eq!(mistakes, []);
        let key = ProgramKey::new(&files(RULES), b"build");
        let bytes = saved(&program, key).expect("it describes no formats");
        let read = read_saved(&bytes, key).expect("it is whole");
        let again = saved(&read, key).expect("it describes no formats");
        assert_eq!(again, bytes);
        let of = |program: &Program, text: &[u8]| {
            let patterns = program.symptoms[0].bindings[0].alternatives.iter();
            let found = patterns.map(|matcher| match matcher {
                crate::rule::Matcher::Pattern(pattern) => pattern.captures(text),
                crate::rule::Matcher::Any => None,
            });
            found.collect::<Vec<_>>()
        };
        for text in [&b"WRITE to /dev/sda1 failed"[..], b"DISC FULL", b"nothing"] {
            assert_eq!(of(&read, text), of(&program, text));
        }
        assert!(of(&read, b"Disk full")[1].is_some());
    }

    #[test]
    fn what_is_stale_or_damaged_is_not_read() {
        let (program, _) = load_without_tests(&files(RULES));
        let key = ProgramKey::new(&files(RULES), b"build");
        let bytes = saved(&program, key).expect("it describes no formats");
        for other in [ProgramKey::new(&files("# other"), b"build"), ProgramKey::new(&files(RULES), b"other build")] {
            assert!(read_saved(&bytes, other).is_none());
        }
        for at in [0, HASH_BYTES, 2 * HASH_BYTES, bytes.len() - 1] {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(read_saved(&damaged, key).is_none(), "byte {at}");
        }
        assert!(read_saved(&bytes[..bytes.len() - 1], key).is_none());
        assert!(read_saved(&[], key).is_none());
    }

    #[test]
    fn log_formats_are_not_saved() {
        let text = r#"format app { match "{level} {message:rest}" }"#;
        let (program, mistakes) = load_without_tests(&files(text));
        assert_eq!(mistakes, []);
        assert!(saved(&program, ProgramKey::new(&files(text), b"")).is_none());
    }
}
