//! A [`Program`] as bytes, so that rules that did not change need not be parsed again.

use std::ops::Range;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::literal_table::LiteralTable;
use super::required::Spelling;
use super::{ItemList, Mute, Pack, Program, RuleText, SymptomId};
use crate::own_format::OwnFormat;

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

/// The parts of a saved program: all but its tests. Only the head is read at once.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    packs: Vec<Pack>,
    mutes: Vec<Mute>,
    timed: Vec<SymptomId>,
    /// The lengths of the items, which follow the head in this order.
    symptoms: Vec<u32>,
    causes: Vec<u32>,
    resolutions: Vec<u32>,
    full_names: Vec<u32>,
    formats: Vec<u32>,
    /// The lengths of the parts after them: the digest, and the literals in plain and in escaped sources.
    parts: [u32; 3],
}

/// The bytes of the digest of a saved program, and of its literals in plain and in escaped sources.
#[derive(Debug)]
pub(crate) struct SavedParts {
    bytes: Arc<Vec<u8>>,
    parts: [Range<usize>; 3],
}

impl SavedParts {
    pub(super) fn digest(&self) -> Option<Digest> {
        self.read(0)
    }

    /// Returns the literals of all patterns; `None` if they are not saved for this spelling, which is rare.
    pub(super) fn literals(&self, spelling: Spelling) -> Option<LiteralTable> {
        match spelling {
            Spelling::Plain => self.read(1),
            Spelling::Escaped => self.read(2),
            Spelling::WithResources => None,
        }
    }

    fn read<T: DeserializeOwned>(&self, part: usize) -> Option<T> {
        postcard::from_bytes(&self.bytes[self.parts[part].clone()]).ok()
    }
}

/// Returns the bytes of a program: the key, the hash of what follows, and the program without its tests. `None` for a
/// program that cannot be written, such as one with a format in a zone without a name.
pub fn saved(program: &Program, key: ProgramKey) -> Option<Vec<u8>> {
    let mut items = Vec::new();
    let symptoms = program.symptoms.save(&mut items)?;
    let causes = program.causes.save(&mut items)?;
    let resolutions = program.resolutions.save(&mut items)?;
    let full_names = program.full_names.save(&mut items)?;
    let mut formats = Vec::new();
    for format in program.formats.iter() {
        let format = postcard::to_stdvec(format.as_ref()).ok()?;
        formats.push(u32::try_from(format.len()).ok()?);
        items.extend(format);
    }
    let parts = [
        postcard::to_stdvec(program.digest()).ok()?,
        postcard::to_stdvec(program.literals(Spelling::Plain)).ok()?,
        postcard::to_stdvec(program.literals(Spelling::Escaped)).ok()?,
    ];
    let lens = parts.each_ref().map(|part| u32::try_from(part.len()).ok());
    let [Some(digest), Some(plain), Some(escaped)] = lens else { return None };
    let head = Head {
        packs: program.packs.clone(),
        mutes: program.mutes.clone(),
        timed: program.timed.clone(),
        symptoms,
        causes,
        resolutions,
        full_names,
        formats,
        parts: [digest, plain, escaped],
    };
    let body = [postcard::to_stdvec(&head).ok()?, items, parts.concat()].concat();
    let hash = blake3::hash(&body);
    Some([key.0.as_slice(), hash.as_bytes(), &body].concat())
}

/// Reads a program that was saved under `key`. `None` if it has another key or is damaged. The items are read from the bytes
/// when they are first asked for.
pub fn read_saved(bytes: Vec<u8>, key: ProgramKey) -> Option<Program> {
    let (known, rest) = bytes.split_first_chunk::<HASH_BYTES>()?;
    let (hash, body) = rest.split_first_chunk::<HASH_BYTES>()?;
    if *known != key.0 || *hash != *blake3::hash(body).as_bytes() {
        return None;
    }
    let (head, rest) = postcard::take_from_bytes::<Head>(body).ok()?;
    let mut start = bytes.len() - rest.len();
    let bytes = Arc::new(bytes);
    let symptoms = list(&bytes, &mut start, &head.symptoms)?;
    let causes = list(&bytes, &mut start, &head.causes)?;
    let resolutions = list(&bytes, &mut start, &head.resolutions)?;
    let full_names = list(&bytes, &mut start, &head.full_names)?;
    let formats = list::<OwnFormat>(&bytes, &mut start, &head.formats)?;
    let formats = formats.into_iter().map(Arc::new).collect();
    let mut part = |len: u32| {
        start += len as usize;
        start - len as usize..start
    };
    let parts = head.parts.map(&mut part);
    let saved = (start == bytes.len()).then_some(SavedParts { bytes, parts });
    let Head { packs, mutes, timed, .. } = head;
    let saved = Some(saved?);
    let program = Program { symptoms, causes, resolutions, full_names, formats, ..Program::default() };
    Some(Program { packs, mutes, timed, saved, ..program })
}

/// Returns the items that begin at `start`, and moves it behind them. `None` if the bytes end before.
fn list<T: DeserializeOwned>(bytes: &Arc<Vec<u8>>, start: &mut usize, lens: &[u32]) -> Option<ItemList<T>> {
    let items = ItemList::of_saved(bytes, *start, lens);
    *start += lens.iter().map(|len| *len as usize).sum::<usize>();
    (*start <= bytes.len()).then_some(items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::load_without_tests;

    fn files(text: &str) -> Vec<RuleText> {
        vec![RuleText { path: "a.rules".to_owned(), text: text.to_owned() }]
    }

    const RULES: &str = r#"
        symptom full "{dev} is full" {
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
        let read = read_saved(bytes.clone(), key).expect("it is whole");
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
            assert!(read_saved(bytes.clone(), other).is_none());
        }
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(read_saved(damaged, key).is_none(), "byte {at}");
        }
        assert!(read_saved(bytes[..bytes.len() - 1].to_vec(), key).is_none());
        assert!(read_saved(Vec::new(), key).is_none());
    }

    #[test]
    fn log_formats_are_saved() {
        let text = r#"
            format app { match "{time} {level} {message:rest}" zone "Europe/Berlin" on "app" }
            format other "Other" { starts with /^=/ json level "lvl" zone "+02:00" files "a*.log" }
        "#;
        let (program, mistakes) = load_without_tests(&files(text));
        assert_eq!(mistakes, []);
        let key = ProgramKey::new(&files(text), b"");
        let read = saved(&program, key).and_then(|bytes| read_saved(bytes, key)).expect("it is saved");
        assert!(read.formats == program.formats, "{:?}", read.formats);
        assert!(
            read.formats.iter().all(|format| format.patterns().iter().all(|pattern| pattern.around_time.is_some()))
        );
    }
}
