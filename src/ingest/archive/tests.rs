//! Tests with archives as real programs pack them, and with damaged and malicious ones.

use std::borrow::Cow;
use std::io::{Cursor, Write};

use ::tar::{Builder, EntryType, Header};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

/// What `expand` found in an archive: each member as `path: content` or `path! reason`, and the error that ended it.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    members: Vec<String>,
    hidden: u64,
    error: Option<String>,
}

fn expanded(archive: &[u8]) -> Found {
    expanded_as("packed.txt.gz", archive)
}

#[track_caller]
fn expanded_as(name: &str, archive: &[u8]) -> Found {
    let kind = sniff(&archive[..archive.len().min(512)]).expect("an archive");
    let mut members = Vec::new();
    let result = expand(kind, Cursor::new(archive), name, &mut |member| {
        members.push(match member.content {
            Ok(bytes) if bytes.len() > 40 => format!("{}: {} bytes", member.path, bytes.len()),
            Ok(bytes) => format!("{}: {}", member.path, String::from_utf8_lossy(&bytes)),
            Err(reason) => format!("{}! {reason}", member.path),
        });
        ControlFlow::Continue(())
    });
    let (seen, error) = match result {
        Ok(seen) => (seen, None),
        Err(error) => (error.seen, Some(error.cause.to_string())),
    };
    assert_eq!(seen.members, members.len() as u64);
    Found { members, hidden: seen.hidden, error }
}

fn found(members: &[&str]) -> Found {
    Found { members: members.iter().map(|&member| member.to_owned()).collect(), hidden: 0, error: None }
}

fn header(path: &[u8], kind: EntryType, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.as_old_mut().name[..path.len()].copy_from_slice(path);
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_cksum();
    header
}

fn tar_of(members: &[(&[u8], EntryType, &[u8])]) -> Vec<u8> {
    let mut tar = Builder::new(Vec::new());
    for (path, kind, content) in members {
        tar.append(&header(path, *kind, content.len() as u64), *content).expect("memory takes all");
    }
    tar.into_inner().expect("memory takes all")
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).expect("memory takes all")
}

const FILE: EntryType = EntryType::Regular;

#[test]
fn tar_archives_give_their_files_in_order_however_compressed() {
    let tar = tar_of(&[
        (b"kb", EntryType::Directory, b""),
        (b"kb/b.txt", FILE, b"two"),
        (b"kb/a.txt", FILE, &[b'x'; 513]),
        (b"old/", FILE, b""),
        (b"kb/empty", FILE, b""),
    ]);
    let expected = found(&["kb/b.txt: two", "kb/a.txt: 513 bytes", "kb/empty: "]);
    for archive in [tar.clone(), gz(&tar), zst(&tar), [gz(&tar[..700]), gz(&tar[700..])].concat()] {
        assert_eq!(expanded(&archive), expected);
    }
}

#[test]
fn a_compressed_file_is_one_member() {
    assert_eq!(expanded_as("notes.txt.gz", &gz(b"text")), found(&["notes.txt: text"]));
    assert_eq!(expanded_as("notes.md.ZST", &zst(b"text")), found(&["notes.md: text"]));
    assert_eq!(expanded_as("notes", &gz(b"")), found(&["notes: "]));
}

#[test]
fn names_of_members_are_harmless_and_different() {
    let members: [&[u8]; 7] = [b"../../etc/a", b"/etc/a", b"C:\\etc\\a", b"etc/a", b"\xf6l.txt", b"..", b"a\nb"];
    let tar = tar_of(&members.map(|path| (path, FILE, &b"x"[..])));
    let names = ["etc/a: x", "etc/a~2: x", "etc/a~3: x", "etc/a~4: x", "öl.txt: x", "unnamed: x", "a_b: x"];
    assert_eq!(expanded(&tar), found(&names));
}

#[test]
fn hidden_members_are_passed_over_and_counted() {
    let members: [&[u8]; 4] = [b".git/config", b"__MACOSX/x", b"a/._b", b"a/b"];
    let tar = tar_of(&members.map(|path| (path, FILE, &b"x"[..])));
    assert_eq!(expanded(&tar), Found { hidden: 3, ..found(&["a/b: x"]) });
}

#[test]
fn links_devices_and_files_with_holes_say_why_they_have_no_content() {
    let tar = tar_of(&[
        (b"link", EntryType::Symlink, b""),
        (b"hard", EntryType::Link, b""),
        (b"null", EntryType::Char, b""),
        (b"pipe", EntryType::Fifo, b""),
        (b"holes", EntryType::GNUSparse, b"x"),
        (b"last", FILE, b"x"),
    ]);
    let expected = [
        "link! a link",
        "hard! a link",
        "null! neither file nor folder",
        "pipe! neither file nor folder",
        "holes! a file with holes",
        "last: x",
    ];
    assert_eq!(expanded(&tar), found(&expected));
}

#[test]
fn long_names_and_sizes_of_either_extension_are_read() {
    let long = format!("{}/a.txt", "folder".repeat(40));
    let pax = "24 path=second/name.txt\n9 size=3\n";
    let mut tar = Builder::new(Vec::new());
    tar.append_data(&mut header(b"", FILE, 1), &long, &b"x"[..]).expect("memory takes all");
    tar.append(&header(b"x", EntryType::XHeader, pax.len() as u64), pax.as_bytes()).expect("memory takes all");
    let mut archive = tar.into_inner().expect("memory takes all");
    archive.truncate(archive.len() - 1024);
    archive.extend(header(b"short", FILE, 0).as_bytes());
    archive.extend([&b"abc"[..], &[0; 509]].concat());
    archive.extend([0; 1024]);
    assert_eq!(expanded(&archive), found(&[&format!("{long}: x"), "second/name.txt: abc"]));
}

#[test]
fn a_name_of_a_gigabyte_is_an_error_and_not_read() {
    let mut archive = tar_of(&[(b"a", FILE, b"x")]);
    archive.truncate(1024);
    archive.extend(header(b"././@LongLink", EntryType::GNULongName, 1 << 30).as_bytes());
    let error = Some("the archive is damaged: a header of 1073741824 bytes".to_owned());
    assert_eq!(expanded(&archive), Found { error, ..found(&["a: x"]) });
}

#[test]
fn large_members_and_nested_archives_are_passed_over_with_a_reason() {
    let large = vec![b'a'; MAX_FILE_BYTES as usize + 1];
    let inner = tar_of(&[(b"a", FILE, b"x")]);
    let archive = gz(&inner);
    let tar = tar_of(&[
        (b"large", FILE, &large),
        (b"inner.tar", FILE, &inner),
        (b"fits", FILE, &large[1..]),
        (b"a.gz", FILE, &archive),
    ]);
    let expected = [
        "large! larger than 16 MiB",
        "inner.tar! an archive within an archive",
        "fits: 16777216 bytes",
        "a.gz! an archive within an archive",
    ];
    assert_eq!(expanded(&tar), found(&expected));
    assert_eq!(expanded_as("large.gz", &gz(&large)), found(&["large! larger than 16 MiB"]));
    assert_eq!(expanded_as("twice.gz", &gz(&gz(b"x"))), found(&["twice! an archive within an archive"]));
}

#[test]
fn a_cut_off_archive_gives_what_was_before_the_cut() {
    let text: Vec<u8> = (0..60_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let tar = tar_of(&[(b"a", FILE, b"first"), (b"b", FILE, &text)]);
    let cut = Found { error: Some("the archive is cut off".to_owned()), ..found(&["a: first"]) };
    assert_eq!(expanded(&tar[..9000]), cut);
    let (gzipped, zstandard) = (gz(&tar), zst(&tar));
    assert_eq!(expanded(&gzipped[..gzipped.len() / 2]), cut);
    assert_eq!(expanded(&zstandard[..zstandard.len() / 2]), cut);
    // Between two members, and within the checksum after the last.
    assert_eq!(expanded(&tar[..1024]), cut);
    let error = expanded(&gzipped[..gzipped.len() - 4]).error;
    assert_eq!(error.as_deref(), Some("the archive is cut off"));
}

#[test]
fn a_damaged_archive_gives_what_was_before_the_damage() {
    let mut tar = tar_of(&[(b"a", FILE, b"first"), (b"b", FILE, b"second")]);
    tar[1024] ^= 1;
    let error = Some("the archive is damaged: a header has another checksum than it says".to_owned());
    assert_eq!(expanded(&tar), Found { error, ..found(&["a: first"]) });
    let mut wrong_checksum = gz(&tar_of(&[(b"a", FILE, b"first")]));
    let at = wrong_checksum.len() - 8;
    wrong_checksum[at] ^= 1;
    let error = Some("the archive is damaged: corrupt gzip stream does not have a matching checksum".to_owned());
    assert_eq!(expanded(&wrong_checksum), Found { error, ..found(&["a: first"]) });
}

#[test]
fn a_visit_may_end_the_reading() {
    let tar = tar_of(&[(b"a", FILE, b"first"), (b"b", FILE, b"second")]);
    for archive in [tar.clone(), gz(&tar), zip_of(&[Entry::new("a", b"first"), Entry::new("b", b"second")])] {
        let kind = sniff(&archive[..archive.len().min(512)]).expect("an archive");
        let seen = expand(kind, Cursor::new(archive), "", &mut |_| ControlFlow::Break(())).expect("a whole archive");
        assert_eq!(seen, Summary { members: 1, hidden: 0 });
    }
}

const BOMB: &str = "the archive expands to more than 250 times its size, or to more than 16 GiB";

/// The archives are frames of 8 MiB each: zeros of one large member, or headers of many empty members.
#[test]
fn compressed_zeros_end_at_the_budget() {
    let first = zst(&tar_of(&[(b"a", FILE, b"first")])[..1024]);
    let zeros = zst(&[0; 8 << 20]).repeat(10);
    let mut one_member = first.clone();
    one_member.extend(zst(header(b"zeros", FILE, 4 << 30).as_bytes()));
    one_member.extend(&zeros);
    assert_eq!(expanded(&one_member), Found { error: Some(BOMB.to_owned()), ..found(&["a: first"]) });
    let empty_members = zst(&header(b".hidden", FILE, 0).as_bytes().repeat(2 << 10)).repeat(80);
    let many = expanded(&[first.clone(), empty_members].concat());
    assert_eq!((many.error.as_deref(), many.members), (Some(BOMB), vec!["a: first".to_owned()]));
    let after_the_end = expanded(&[zst(&tar_of(&[(b"a", FILE, b"first")])), zeros].concat());
    assert_eq!(after_the_end, Found { error: Some(BOMB.to_owned()), ..found(&["a: first"]) });
}

/// One member of a zip archive that [`zip_of`] packs. Tests set its fields to false values.
#[derive(Clone)]
struct Entry<'a> {
    name: &'a [u8],
    packed: Cow<'a, [u8]>,
    size: u32,
    crc: u32,
    method: u16,
    flags: u16,
    mode: u32,
}

impl<'a> Entry<'a> {
    fn new(name: &'a str, content: &'a [u8]) -> Self {
        let (packed, size) = (deflated(content).into(), content.len() as u32);
        Entry { name: name.as_bytes(), packed, size, crc: crc(content), method: 8, flags: 0, mode: 0 }
    }

    fn stored(name: &'a str, content: &'a [u8]) -> Self {
        Entry { packed: content.into(), method: 0, ..Entry::new(name, content) }
    }
}

fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn crc(content: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(content);
    crc.sum()
}

/// The fields that local and central headers have in common, from the version to the lengths of name and extra field.
fn zip_fields(entry: &Entry<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    [20, entry.flags, entry.method, 0, 0].iter().for_each(|field: &u16| out.extend(field.to_le_bytes()));
    [entry.crc, entry.packed.len() as u32, entry.size].iter().for_each(|field| out.extend(field.to_le_bytes()));
    [entry.name.len() as u16, 0].iter().for_each(|field| out.extend(field.to_le_bytes()));
    out
}

fn push_local(out: &mut Vec<u8>, entry: &Entry<'_>) {
    out.extend([b"PK\x03\x04", &zip_fields(entry)[..], entry.name, &entry.packed].concat());
}

fn push_central(out: &mut Vec<u8>, entry: &Entry<'_>, at: u32) {
    out.extend([b"PK\x01\x02\x14\x03", &zip_fields(entry)[..], &[0; 6]].concat());
    out.extend((entry.mode << 16).to_le_bytes());
    out.extend([&at.to_le_bytes(), entry.name].concat());
}

fn push_end(out: &mut Vec<u8>, n_entries: u16, directory_at: usize) {
    let directory_len = out.len() - directory_at;
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([n_entries.to_le_bytes(), n_entries.to_le_bytes()].concat());
    out.extend([(directory_len as u32).to_le_bytes(), (directory_at as u32).to_le_bytes()].concat());
    out.extend([0, 0]);
}

fn zip_of(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut places = Vec::new();
    for entry in entries {
        places.push(out.len() as u32);
        push_local(&mut out, entry);
    }
    let directory_at = out.len();
    for (entry, at) in entries.iter().zip(places) {
        push_central(&mut out, entry, at);
    }
    push_end(&mut out, entries.len() as u16, directory_at);
    out
}

#[test]
fn zip_archives_give_their_files_in_order() {
    let long = "line\n".repeat(100);
    let archive = zip_of(&[
        Entry::new("kb/", b""),
        Entry::new("kb/b.txt", b"two"),
        Entry::stored("kb/a.txt", b"one"),
        Entry::new("kb\\long.txt", long.as_bytes()),
        Entry::new(".git/config", b"x"),
        Entry::new("kb/b.txt", b"again"),
    ]);
    let expected = found(&["kb/b.txt: two", "kb/a.txt: one", "kb/long.txt: 500 bytes", "kb/b.txt~2: again"]);
    assert_eq!(expanded(&archive), Found { hidden: 1, ..expected });
    assert_eq!(expanded(&zip_of(&[])), found(&[]));
}

#[test]
fn zip_members_that_cannot_be_read_say_why_and_the_others_are_read() {
    let archive = zip_of(&[
        Entry { flags: 1, ..Entry::new("secret", b"x") },
        Entry { method: 14, ..Entry::new("lzma", b"x") },
        Entry { mode: 0o120_777, ..Entry::new("link", b"x") },
        Entry { mode: 0o020_666, ..Entry::new("null", b"x") },
        Entry { size: 1, ..Entry::new("lies", b"xyz") },
        Entry { size: u32::MAX - 1, ..Entry::new("boasts", b"x") },
        Entry { name: b"../\xf6", ..Entry::new("", b"x") },
    ]);
    let members = expanded(&archive).members;
    assert_eq!(
        members[..4],
        [
            "secret! encrypted",
            "lzma! compressed by a method that is not supported: Lzma",
            "link! a link",
            "null! neither file nor folder"
        ]
    );
    assert!(members[4].starts_with("lies! damaged: "), "{}", members[4]);
    assert_eq!(members[5..], ["boasts! larger than 16 MiB", "÷: x"]);
}

#[test]
fn a_zip_archive_without_its_directory_is_read_from_the_start() {
    let archive = zip_of(&[Entry::new("a", b"first"), Entry::new("b", b"second"), Entry::new("c", b"third")]);
    let end_of_b = archive.windows(4).rposition(|four| four == b"PK\x03\x04").expect("three members");
    let cut = expanded(&archive[..end_of_b + 20]);
    assert_eq!(cut.members, ["a: first", "b: second"]);
    assert!(cut.error.is_some_and(|error| error.starts_with("the archive is damaged: ")));
}

/// All entries of the directory point to the same member.
#[test]
fn a_zip_bomb_of_shared_members_ends_when_their_bytes_are_spent() {
    let zeros = vec![0; 1 << 20];
    let kernel = Entry::new("a", &zeros);
    let mut archive = Vec::new();
    push_local(&mut archive, &kernel);
    let directory_at = archive.len();
    (0..1000).for_each(|_| push_central(&mut archive, &kernel, 0));
    push_end(&mut archive, 1000, directory_at);
    let bomb = expanded(&archive);
    assert_eq!(bomb.error.as_deref(), Some("members of the archive share their bytes"));
    assert!(bomb.members.len() < 50, "{}", bomb.members.len());
}

#[test]
fn a_zip_bomb_of_zeros_ends_at_the_budget() {
    let zeros = vec![0; 16 << 20];
    let entries = vec![Entry::new("a", &zeros); 8];
    let bomb = expanded(&zip_of(&entries));
    assert_eq!(bomb.error.as_deref(), Some(BOMB));
    assert_eq!(bomb.members.len(), 5, "64 MiB and 250 times 130 kB");
}
