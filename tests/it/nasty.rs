//! Tests malicious and damaged inputs: each takes bounded time and memory, does not affect the other inputs, and is
//! reported by name.

use std::collections::BTreeMap;
use std::fs::File;

use crate::support::{Workspace, document};

fn tar_of(path: &str, content: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_old();
    // Writes the name directly into the header, because the `tar` crate refuses such a name.
    header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    let mut archive = header.as_bytes().to_vec();
    archive.extend(content);
    archive.resize(archive.len().next_multiple_of(512) + 1024, 0);
    archive
}

#[test]
fn nasty_inputs_are_bounded_and_accounted_for() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");

    // 2 GiB of zeros in some 64 KiB, as frames of 32 MiB: they are read like a single one, and compressed only once.
    let packed = |bytes: &[u8]| zstd::encode_all(bytes, 1).expect("a stream in memory");
    let frame = packed(&vec![0; 32 << 20]);
    workspace.write("kb/bomb.zst", frame.repeat(64));
    let member = |n: usize| {
        let mut header = tar::Header::new_ustar();
        header.set_path(format!("{n}.txt")).expect("a short name");
        header.set_size(32 << 20);
        header.set_mode(0o644);
        header.set_cksum();
        [&packed(header.as_bytes())[..], &frame].concat()
    };
    workspace.write("kb/bomb.tar.zst", (0..64).flat_map(member).collect::<Vec<u8>>());

    workspace.write("kb/climb.tar", tar_of("../../etc/climb.txt", document("Q200", "Two", "It climbs.").as_bytes()));
    workspace.write("kb/root.tar", tar_of("/root\\x\\..\\r.txt", document("Q300", "Three", "It roots.").as_bytes()));

    // A record of 24 MiB on one line between two good ones, and a sparse file of one GiB, which takes no room on the
    // disk.
    let record = |id: &str, body: &str| format!("{{\"id\":\"{id}\",\"title\":\"Fine\",\"body\":\"{body}\"}}\n");
    let long = record("L-2", &"x".repeat(24 << 20));
    workspace.write("kb/line.jsonl", record("L-1", "It hums.") + &long + &record("L-3", "It hums."));
    let huge = File::create(workspace.path("kb/huge.txt")).expect("a new file");
    huge.set_len(1 << 30).expect("a file with a hole");

    let deep = format!("<html><body><h1>Deep</h1>{}<p>Down here.</p></body></html>", "<div><b>".repeat(50_000));
    workspace.write("kb/deep.html", deep);
    let nested = format!("# Nested\n\n## Symptoms\n\n{}It hums.\n", "> - ".repeat(20_000));
    workspace.write("kb/nested.md", nested);
    workspace.write(
        "kb/deep.json",
        format!("{{\"title\":\"Deep\",\"body\":{}1{}}}\n", "[".repeat(90_000), "]".repeat(90_000)),
    );

    workspace.write("kb/nul.txt", document("Q400", "Nul", "It\0hums."));
    workspace.write("kb/surrogate.jsonl", "{\"id\":\"S-1\",\"title\":\"Half \\ud83d\",\"body\":\"It hums.\"}\n");
    workspace.write(
        "kb/surrogate.html",
        "<html><body><h1>Half &#xD83D;</h1><p>It hums, and that is all there is to say.</p></body></html>",
    );
    let lines = document("Q500", "Line ends", "It hums.").replace("TITLE", "\rTITLE").replace("\n\n", "\r\n\n\r");
    workspace.write("kb/line-ends.txt", lines);

    let report = workspace.json(&["ingest"]);
    let root = workspace.path("kb").canonicalize().expect("a folder").display().to_string();
    let skipped: BTreeMap<String, String> = report["skipped"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|skipped| {
            let text = |key: &str| skipped[key].as_str().expect("a text").to_owned();
            (text("path").replacen(&format!("{root}/"), "", 1), text("reason"))
        })
        .collect();
    let expected = expect_test::expect![[r#"
        {
            "bomb.tar.zst": "the archive expands to more than 250 times its size, or to more than 16 GiB, after 2 members",
            "bomb.tar.zst!/0.txt": "larger than 16 MiB",
            "bomb.tar.zst!/1.txt": "larger than 16 MiB",
            "bomb.zst": "the archive expands to more than 250 times its size, or to more than 16 GiB, after 0 members",
            "deep.json!/1": "line 1: damaged JSON: recursion limit exceeded",
            "huge.txt": "an archive without files",
            "line.jsonl!/2": "line 2: larger than 16 MiB",
            "nul.txt": "binary file",
        }
    "#]];
    expected.assert_debug_eq(&skipped);
    for id in ["Q100", "Q200", "Q300", "l-1", "l-3", "s-1", "Q500", "kb/deep", "kb/nested", "kb/surrogate"] {
        workspace.json(&["show", id]);
    }
    let climbed = workspace.json(&["show", "Q200"]);
    assert!(climbed["source"].as_str().expect("a path").ends_with("/climb.tar!/etc/climb.txt"), "{climbed}");
    assert_eq!(workspace.json(&["show", "s-1"])["title"], "Half \u{fffd}");
}

/// If nothing can be told, the exit code still tells the kind of the error.
#[cfg(target_os = "linux")]
#[test]
fn exit_codes_do_not_depend_on_where_the_message_goes() {
    let workspace = Workspace::bare();
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").expect("the device of Linux");
    let status = workspace.process(&["diagnose", "missing.log"]).stderr(full()).status().expect("the binary runs");
    assert_eq!(status.code(), Some(3));
    let output = workspace.process(&["--help"]).stdout(full()).output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(4));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "error: cannot write the answer: the disk is full\n");
}
