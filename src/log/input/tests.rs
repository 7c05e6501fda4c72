//! Tests of inputs: which texts and errors a file, a folder or an archive gives.

use std::io::Write;

use proptest::prelude::*;

use super::*;

/// Visits `input`. Returns each text as `NAME: TEXT`, and each error.
fn visited(input: Input) -> Vec<String> {
    let mut visited = Vec::new();
    input.visit(&mut |opened| match opened {
        Ok(mut opened) => {
            let mut text = Vec::new();
            let error = opened.reader.read_to_end(&mut text).err();
            visited.push(format!("{}: {}", opened.name, String::from_utf8_lossy(&text)));
            visited.extend(error.map(|error| format!("error in {}: {error}", opened.name)));
        }
        Err(failed) => visited.push(format!("error: {}", failed.error)),
    });
    visited
}

#[track_caller]
fn check(bytes: impl Into<Vec<u8>>, expected: &[&str]) {
    assert_eq!(visited(Input::bytes("x", bytes)), expected);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("writing to memory");
    encoder.finish().expect("writing to memory")
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ::tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = ::tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(1_700_000_000);
        let name = &mut header.as_old_mut().name;
        match path.len() <= name.len() {
            true => {
                name[..path.len()].copy_from_slice(path.as_bytes());
                header.set_cksum();
                archive.append(&header, *content).expect("writing to memory");
            }
            false => archive.append_data(&mut header, path, *content).expect("writing to memory"),
        }
    }
    archive.into_inner().expect("writing to memory")
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in files {
        let options = ::zip::write::SimpleFileOptions::default();
        archive.start_file(*path, options).expect("writing to memory");
        archive.write_all(content).expect("writing to memory");
    }
    archive.finish().expect("writing to memory").into_inner()
}

const PROGRAM: &[u8] = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0";

#[test]
fn texts_of_any_kind_read_alike() {
    check("zwölf\n", &["x: zwölf\n"]);
    check("", &["x: "]);
    check("\u{feff}zwölf\n", &["x: zwölf\n"]);
    check([gzip(b"one\n"), gzip(b"two\n")].concat(), &["x: one\ntwo\n"]);
    let utf_16: Vec<u8> = "\u{feff}zwölf\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(gzip(&utf_16), &["x: zwölf\n"]);
    check("__CURSOR=c\nMESSAGE=m\n\n", &["x: {\"__CURSOR\":\"c\",\"MESSAGE\":\"m\"}\n"]);
}

#[test]
fn a_damaged_file_is_read_up_to_the_damage() {
    let whole = gzip("line\n".repeat(1000).as_bytes());
    let texts = visited(Input::bytes("x", &whole[..whole.len() - 9]));
    assert!(texts[0].starts_with("x: line\nline\n"), "{texts:?}");
    assert_eq!(texts[1..].iter().map(|error| error.starts_with("error in x: ")).collect::<Vec<_>>(), [true]);
}

#[test]
fn files_that_cannot_be_read_have_an_error_with_the_remedy() {
    check(PROGRAM, &["error: x is not a text file"]);
    check("LPKSHHRH\0\0\0\0", &["error: x is a journal file; try `journalctl --file x -o json | casebook diagnose -`"]);
    let packed = "error: x is packed in a format that is not supported; try `7z x -so x | casebook diagnose -`";
    check(*b"7z\xbc\xaf\x27\x1c\0\x04", &[packed]);
    let document = zip(&[("[Content_Types].xml", b"<x/>")]);
    check(document, &["error: x is not a text file"]);
    let missing = visited(Input::path("no/such.log"));
    assert!(missing.len() == 1 && missing[0].starts_with("error: cannot open no/such.log: "), "{missing:?}");
}

#[test]
fn a_file_is_known_by_its_name_up_to_each_dot() {
    assert_eq!(Input::named("web", "logs/sshd.log.1").names(), ["web", "sshd", "sshd.log", "sshd.log.1"]);
    assert_eq!(Input::stdin().names(), ["-"]);
    let mut names = Vec::new();
    Input::bytes("b.tar", tar(&[("var/log/sshd.log", b"x\n")]))
        .visit(&mut |opened| names.extend(opened.map(|opened| (opened.names, opened.modified)).ok()));
    let expected = ["b.tar/var/log/sshd.log", "sshd", "sshd.log"].map(str::to_owned).to_vec();
    assert_eq!(names, [(expected, Timestamp::from_second(1_700_000_000).ok())]);
}

#[test]
fn each_text_of_an_archive_is_read() {
    let long = format!("{}/long.log", "d".repeat(150));
    let files: &[(&str, &[u8])] = &[
        ("./var/log/a.log", b"a\n"),
        ("b.log.gz", &gzip(b"b\n")),
        ("empty", b""),
        (&long, b"c\n"),
        ("/etc/../d\x1b.log", b"\xff\xfed\0\n\0"),
    ];
    let texts = [
        "x/var/log/a.log: a\n",
        "x/b.log.gz: b\n",
        "x/empty: ",
        &format!("x/{long}: c\n"),
        "x/etc/../d\u{fffd}.log: d\n",
    ];
    check(tar(files), &texts);
    check(gzip(&tar(files)), &texts);
    check(zip(files), &texts);
    check(gzip(&zip(files)), &texts);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("y.zip");
    std::fs::write(&path, zip(files)).expect("a writable folder");
    assert_eq!(
        visited(Input::named("x", path)),
        texts.map(|text| format!("x: {}", text.split_once(": ").expect("a name").1))
    );
}

#[test]
fn files_that_are_not_text_are_counted_once_for_an_archive() {
    let files: &[(&str, &[u8])] = &[("a.log", b"a\n"), ("bin/a", PROGRAM), ("bin/b", PROGRAM), (".hidden", b"h\n")];
    check(tar(files), &["x/a.log: a\n", "error: x: 2 of 3 files are not text"]);
    check(zip(files), &["x/a.log: a\n", "error: x: 2 of 3 files are not text"]);
    check(tar(&files[1..2]), &["error: x: 1 of 1 files is not text"]);
}

#[test]
fn an_archive_within_an_archive_is_read_and_no_deeper() {
    let inner = tar(&[("deep.log", b"deep\n")]);
    let middle = zip(&[("a.log", b"a\n"), ("inner.tar", &inner)]);
    check(gzip(&tar(&[("inner.tar.gz", &gzip(&inner))])), &["x/inner.tar.gz/deep.log: deep\n"]);
    let expected = ["x/middle.zip/a.log: a\n", "error: x/middle.zip: 1 of 2 files is not text", "x/b.log: b\n"];
    check(tar(&[("middle.zip", &middle), ("b.log", b"b\n")]), &expected);
}

#[test]
fn an_archive_is_read_up_to_the_damage() {
    let whole = tar(&[("a.log", b"a\n"), ("b.log", &b"b\n".repeat(400)), ("c.log", b"c\n")]);
    let cut = format!("x/b.log: {}", "b\n".repeat(128));
    let error = "error: cannot read x to its end: the archive is cut off";
    check(&whole[..4 * 512 - 256], &["x/a.log: a\n", &cut, error]);
    let mut damaged = whole.clone();
    damaged[2 * 512] ^= 1;
    let error = "error: cannot read x to its end: the archive is damaged: a header has another checksum than it states";
    check(damaged, &["x/a.log: a\n", error]);
    let gz = gzip(&whole);
    let texts = visited(Input::bytes("x", &gz[..gz.len() - 20]));
    assert_eq!(
        texts.iter().filter(|text| text.starts_with("error: cannot read x to its end: ")).count(),
        1,
        "{texts:?}"
    );
    assert!(!texts.iter().any(|text| text.starts_with("error in")), "{texts:?}");
}

#[test]
fn a_zip_archive_without_its_directory_is_read_from_its_start() {
    let whole = zip(&[("a.log", b"a\n"), ("b.log", b"b\n")]);
    let directory = memchr::memmem::find(&whole, b"PK\x01\x02").expect("a directory");
    let texts = visited(Input::bytes("x", &whole[..directory]));
    assert_eq!(texts[..2], ["x/a.log: a\n", "x/b.log: b\n"]);
    assert!(texts[2].starts_with("error: cannot read x to its end: the archive is damaged: "), "{texts:?}");
    assert_eq!(texts.len(), 3);
}

#[test]
fn the_number_of_members_is_limited() {
    let files: Vec<(String, &[u8])> = (0..20_001).map(|n| (format!("{n}"), b"".as_slice())).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, content)| (path.as_str(), *content)).collect();
    let texts = visited(Input::bytes("x", tar(&files)));
    assert_eq!(texts.len(), 20_001);
    assert_eq!(texts.last().map(String::as_str), Some("error: cannot read x to its end: it has more than 20000 files"));
}

#[test]
fn the_texts_of_a_folder_are_those_of_its_files() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let files: &[(&str, &[u8])] = &[
        ("b.log", b"b\n"),
        ("a.tar", &tar(&[("in.log", b"in\n")])),
        ("c", PROGRAM),
        ("d.journal", b"LPKSHHRH\0"),
        (".e", b""),
    ];
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).expect("a writable folder");
    }
    let path = folder.path().display();
    let journal = format!("{path}/d.journal");
    let expected = [
        format!("{path}/a.tar/in.log: in\n"),
        format!("{path}/b.log: b\n"),
        format!("error: {journal} is a journal file; try `journalctl --file {journal} -o json | casebook diagnose -`"),
        format!("error: {path}: 1 of 4 files is not text"),
    ];
    assert_eq!(visited(Input::path(folder.path())), expected);
}

/// Archives and compressed files, to be damaged.
fn containers() -> Vec<Vec<u8>> {
    let files: &[(&str, &[u8])] = &[("a.log", b"a\nb\n"), ("b.log.gz", &gzip(b"b\n")), ("c", PROGRAM)];
    let long = format!("{}/long.log", "d".repeat(150));
    let (tar, zip) = (tar(&[files, &[(&long, b"x\n")]].concat()), zip(files));
    let zstd = zstd::encode_all(tar.as_slice(), 1).expect("writing to memory");
    vec![gzip(&tar), zstd, zip, tar, b"__CURSOR=a\nMESSAGE\n\x03\0\0\0\0\0\0\0one\n\n".to_vec()]
}

proptest! {
    #[test]
    fn damaged_archives_are_read_without_panic(
        container in prop::sample::select(containers()),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        len in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let mut bytes = container;
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(len.index(bytes.len()));
        }
        prop_assert_eq!(visited(Input::bytes("x", bytes.clone())), visited(Input::bytes("x", bytes)));
    }
}
