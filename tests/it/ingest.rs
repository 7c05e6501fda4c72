//! Tests that `ingest` adds, changes, removes and skips the right files, and loses none.

use serde_json::{Value, json};

use crate::support::{Workspace, document, shared};

/// The counts of a report, without times, layouts and diagnostics.
fn counts(report: &Value) -> [u64; 7] {
    ["files", "articles", "added", "changed", "removed", "unchanged", "duplicates"]
        .map(|name| report[name].as_u64().expect("a count"))
}

#[test]
fn files_are_added_changed_renamed_and_removed() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    workspace.article("Q200", "Two", "It rattles.");
    assert_eq!(counts(&workspace.json(&["ingest"])), [2, 2, 2, 0, 0, 0, 0]);
    assert_eq!(counts(&workspace.json(&["ingest"])), [2, 2, 0, 0, 0, 2, 0]);

    workspace.article("Q100", "One", "It hums loudly.");
    assert_eq!(counts(&workspace.json(&["ingest"])), [2, 2, 0, 1, 0, 1, 0]);
    assert_eq!(workspace.json(&["search", "loudly"])["hits"][0]["id"], "Q100");

    std::fs::rename(workspace.path("kb/Q200.txt"), workspace.path("kb/renamed.txt")).expect("a rename");
    let report = workspace.json(&["ingest"]);
    assert_eq!(counts(&report), [2, 2, 0, 0, 0, 1, 0]);
    assert_eq!(report["renamed"], 1);

    std::fs::remove_file(workspace.path("kb/renamed.txt")).expect("a removal");
    assert_eq!(counts(&workspace.json(&["ingest"])), [1, 1, 0, 0, 1, 1, 0]);
    workspace.casebook(&["show", "Q200"]).assert().code(3);
}

#[test]
fn an_unchanged_tree_writes_nothing() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    workspace.json(&["ingest"]);
    let files = || {
        let entries = std::fs::read_dir(workspace.path(".casebook/index")).expect("the index");
        let mut files: Vec<_> = entries
            .map(|entry| {
                entry.and_then(|entry| Ok((entry.file_name(), entry.metadata()?.modified()?))).expect("a file")
            })
            .collect();
        files.sort();
        files
    };
    let before = files();
    workspace.json(&["ingest"]);
    assert_eq!(files(), before);
}

#[test]
fn what_is_no_article_is_skipped_with_its_reason() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    workspace.write("kb/empty.txt", "");
    workspace.write("kb/notes.txt", "Remember the milk.\n");
    workspace.write("kb/program.bin", [0u8, 1, 2, 3, 0, 0]);
    workspace.write("kb/huge.txt", vec![b'x'; (16 << 20) + 1]);
    workspace.write("kb/.hidden.txt", "not looked at");
    let report = workspace.json(&["ingest"]);
    let skipped: Vec<(String, &str)> = report["skipped"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|skipped| {
            let path = skipped["path"].as_str().expect("a path");
            (path.rsplit('/').next().expect("a name").to_owned(), skipped["reason"].as_str().expect("a reason"))
        })
        .collect();
    let expected = [
        ("empty.txt", "empty file"),
        ("huge.txt", "larger than 16 MiB"),
        ("notes.txt", "no known article layout"),
        ("program.bin", "binary file"),
    ];
    assert_eq!(skipped, expected.map(|(name, reason)| (name.to_owned(), reason)));
    assert_eq!(counts(&report), [5, 1, 5, 0, 0, 0, 0]);
    workspace.casebook(&["ingest", "--strict"]).assert().code(3);
}

#[test]
fn the_first_file_of_an_article_is_held_and_the_next_one_takes_over() {
    let workspace = Workspace::bare();
    workspace.write("kb/a.txt", document("Q100", "First copy", "It hums."));
    workspace.write("kb/b.txt", document("Q100", "Second copy", "It hums."));
    assert_eq!(counts(&workspace.json(&["ingest"])), [2, 1, 2, 0, 0, 0, 1]);
    assert_eq!(workspace.json(&["show", "Q100"])["title"], "First copy");
    std::fs::remove_file(workspace.path("kb/a.txt")).expect("a removal");
    assert_eq!(counts(&workspace.json(&["ingest"])), [1, 1, 0, 0, 1, 1, 0]);
    assert_eq!(workspace.json(&["show", "Q100"])["title"], "Second copy");
}

#[test]
fn roots_are_remembered_until_pruned() {
    let workspace = Workspace::bare();
    workspace.write("elsewhere/a.txt", document("Q100", "Far", "It hums."));
    workspace.json(&["ingest", "elsewhere"]);
    workspace.article("Q200", "Near", "It rattles.");
    assert_eq!(workspace.json(&["ingest"])["articles"], 2);
    assert_eq!(workspace.json(&["ingest", "--prune", "kb"])["removed"], 1);
    workspace.casebook(&["show", "Q100"]).assert().code(3);
}

#[test]
fn one_place_in_several_spellings_is_ingested_once() {
    let workspace = Workspace::with_config("kb = ['./kb', 'kb/../kb', 'kb/sub']\nrules = []\n");
    workspace.article("Q100", "One", "It hums.");
    workspace.write("kb/sub/b.txt", document("Q200", "Two", "It rattles."));
    assert_eq!(workspace.json(&["search", "hums"])["total"], 1);
    let again = workspace.json(&["ingest", "kb/sub", "kb/.", "kb"]);
    assert_eq!(counts(&again)[1], 2, "{again}");
    std::fs::remove_file(workspace.path("kb/Q100.txt")).expect("a removal");
    assert_eq!(workspace.json(&["search", "hums"])["total"], 0);
}

#[test]
fn an_article_is_found_as_long_as_any_file_gives_it() {
    let workspace = Workspace::with_config("kb = ['a']\nrules = []\n");
    workspace.write("a/one.txt", document("Q100", "In a", "It hums."));
    workspace.write("b/one.txt", document("Q100", "In b", "It hums."));
    assert_eq!(counts(&workspace.json(&["ingest", "b"])), [2, 1, 2, 0, 0, 0, 1]);
    assert_eq!(workspace.json(&["show", "Q100"])["title"], "In a");
    std::fs::remove_file(workspace.path("a/one.txt")).expect("a removal");
    // The refresh before a search ingests `a` and all remembered roots. The library can be asked to ingest only `a`.
    let mut store = casebook::store::Store::open(&workspace.path(".casebook")).expect("the store");
    let inputs = casebook::ingest::Inputs::new([casebook::ingest::Root::new(workspace.path("a"))], false, 0);
    casebook::ingest::ingest(&mut store, &inputs, &|_| {}).expect("an ingest");
    assert_eq!(store.index().title_of("Q100").expect("a look-up").map(|(_, title)| title), Some("In b".to_owned()));
}

#[test]
fn which_of_two_twins_is_held_does_not_depend_on_history() {
    let workspace = Workspace::bare();
    workspace.write("kb/b.txt", document("Q100", "Second by path", "It hums."));
    workspace.json(&["ingest"]);
    workspace.write("kb/a.txt", document("Q100", "First by path", "It hums."));
    assert_eq!(counts(&workspace.json(&["ingest"])), [2, 1, 1, 0, 0, 1, 1]);
    assert_eq!(workspace.json(&["show", "Q100"])["title"], "First by path");
    assert_eq!(workspace.json(&["search", "hums"])["total"], 1);
}

#[test]
fn ones_own_article_comes_before_the_bundled_one() {
    let workspace = Workspace::with_config("kb = ['kb', 'book']\nrules = []\n");
    assert_eq!(
        workspace.json(&["show", "cb-disk-full"])["source"].as_str().map(|s| s.starts_with("book:")),
        Some(true)
    );
    workspace.write("kb/z.txt", document("cb-disk-full", "Ours", "It is full."));
    assert_eq!(workspace.json(&["show", "cb-disk-full"])["title"], "Ours");
}

#[test]
fn a_misspelt_path_is_not_remembered() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    workspace.casebook(&["ingest", "tpyo"]).assert().code(3);
    workspace.casebook(&["ingest"]).assert().success();
}

#[test]
#[cfg(unix)]
fn a_failing_write_leaves_the_old_state_and_says_what_to_do() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    workspace.json(&["ingest"]);
    for n in 0..200 {
        let text = format!("It rattles {n} times. {}", (0..400).map(|w| format!("w{n}x{w} ")).collect::<String>());
        workspace.article(&format!("Q{}", 1000 + n), "Many", &text);
    }
    // Limits the size of files, so that a write fails as on a full disk.
    let binary = assert_cmd::cargo::cargo_bin("casebook");
    let script = format!("trap '' XFSZ; ulimit -f 64; exec {} ingest", binary.display());
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(workspace.dir.path())
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("File too large") && !said.contains("remove"), "{said}");
    let store = casebook::store::Store::open(&workspace.path(".casebook")).expect("the old store");
    assert_eq!(store.head().articles, 1);
    assert_eq!(workspace.json(&["ingest"])["articles"], 201);
}

#[test]
fn a_root_that_is_not_there_is_said_and_costs_the_others_nothing() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    let output = workspace.casebook(&["ingest", "--format", "json", "nowhere"]).assert().code(3).get_output().clone();
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["articles"], 1);
    assert!(report["skipped"][0]["reason"].as_str().expect("a reason").starts_with("cannot read: "), "{report}");
}

#[test]
fn the_seeds_are_searchable() {
    let Some(seeds) = shared("seeds") else { return };
    let workspace = Workspace::with_config("kb = []\nrules = []\n");
    let report = workspace.json(&["ingest", seeds.to_str().expect("UTF-8")]);
    assert_eq!(report["layouts"], json!({ "document": 2, "page": 2, "web text": 1 }));
    assert_eq!(report["skipped"], json!([]));
    let top = |query: &str| workspace.json(&["search", query])["hits"][0]["id"].clone();
    assert_eq!(top("outgoing mail stays in the queue behind an ISA server"), "Q305394");
    assert_eq!(top("421 Unable to contact destination SMTP demon"), "Q169781");
    assert_eq!(workspace.json(&["show", "KB146556"])["referenced_by"], json!(["Q262270"]));
}

/// Packs these files into a tar archive.
fn tar(files: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, text) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, path, text.as_bytes()).expect("a file in memory");
    }
    builder.into_inner().expect("an archive in memory")
}

#[test]
fn an_archive_is_read_in_place_and_its_members_are_followed() {
    let workspace = Workspace::bare();
    let one = document("Q100", "One", "It hums.");
    let two = document("Q200", "Two", "It rattles.");
    let runbook = "# Three\n\n## Symptoms\n\nIt squeaks.\n\n## Fix\n\nOil it.\n";
    let pack = |files: &[(&str, &str)]| {
        let packed = zstd::encode_all(&*tar(files), 3).expect("a stream in memory");
        workspace.write("kb/all.tar.zst", packed);
    };
    pack(&[("a/one.txt", &one), ("two.txt", &two), ("mail/Three.md", runbook)]);
    assert_eq!(counts(&workspace.json(&["ingest"])), [3, 3, 3, 0, 0, 0, 0]);
    assert_eq!(counts(&workspace.json(&["ingest"])), [3, 3, 0, 0, 0, 3, 0]);
    let shown = workspace.json(&["show", "kb/all/mail/three"]);
    assert_eq!((&shown["title"], &shown["layout"]), (&json!("Three"), &json!("markdown")));
    assert!(shown["source"].as_str().expect("a path").ends_with("/kb/all.tar.zst!/mail/Three.md"), "{shown}");

    let louder = document("Q100", "One", "It hums loudly.");
    pack(&[("a/one.txt", &louder), ("mail/Three.md", runbook), ("moved.txt", &two)]);
    let report = workspace.json(&["ingest"]);
    assert_eq!(counts(&report), [3, 3, 0, 1, 0, 1, 0]);
    assert_eq!(report["renamed"], 1);
    assert_eq!(workspace.json(&["search", "loudly"])["hits"][0]["id"], "Q100");

    // A file outside the archive that has the same article holds it when the archive is removed.
    workspace.write("kb/z.txt", &two);
    assert_eq!(counts(&workspace.json(&["ingest"])), [4, 3, 1, 0, 0, 3, 1]);
    std::fs::remove_file(workspace.path("kb/all.tar.zst")).expect("a removal");
    assert_eq!(counts(&workspace.json(&["ingest"])), [1, 1, 0, 0, 3, 1, 0]);
    assert_eq!(workspace.json(&["show", "Q200"])["title"], "Two");
}

#[test]
fn a_damaged_archive_costs_nothing_that_was_held() {
    let workspace = Workspace::bare();
    let files: Vec<(String, String)> = (100..140)
        .map(|n| (format!("{n}.txt"), document(&format!("Q{n}"), "An article", &format!("It hums {n} times."))))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let whole = tar(&files);
    workspace.write("kb/all.tar", &whole);
    assert_eq!(counts(&workspace.json(&["ingest"]))[1], 40);
    workspace.write("kb/all.tar", &whole[..whole.len() / 2]);
    for _ in 0..2 {
        let report = workspace.json(&["ingest"]);
        assert_eq!(counts(&report)[1], 40, "what stands behind the damage is kept");
        assert_eq!(report["skipped"][0]["reason"], "the archive is cut off, after 20 members", "{report}");
    }
    workspace.casebook(&["ingest", "--strict"]).assert().code(3);
    workspace.write("kb/all.tar", &whole);
    assert_eq!(counts(&workspace.json(&["ingest"])), [40, 40, 0, 0, 0, 40, 0]);
}

#[test]
fn a_member_of_an_archive_takes_over_what_a_file_gave() {
    let workspace = Workspace::bare();
    workspace.write("kb/z.tar", tar(&[("one.txt", &document("Q100", "In the archive", "It hums."))]));
    workspace.write("kb/a.txt", document("Q100", "In a file", "It hums."));
    assert_eq!(counts(&workspace.json(&["ingest"])), [2, 1, 2, 0, 0, 0, 1]);
    std::fs::remove_file(workspace.path("kb/a.txt")).expect("a removal");
    assert_eq!(counts(&workspace.json(&["ingest"])), [1, 1, 0, 0, 1, 1, 0]);
    assert_eq!(workspace.json(&["show", "Q100"])["title"], "In the archive");
}

#[test]
fn exports_are_read_by_the_field_map_and_again_when_it_changes() {
    let workspace = Workspace::bare();
    workspace.write(
        "kb/export.jsonl",
        "{\"ref\":\"H-1\",\"headline\":\"It hums\",\"trouble\":\"A low tone.\"}\n{\"ref\":\"H-2\",\"headline\":\"It rattles\",\"trouble\":\"A loose bolt.\"}\n",
    );
    workspace.write("kb/table.csv", "number;short_description;text\nT-1;It squeaks;\"Oil it; then\nlisten.\"\n");
    assert_eq!(counts(&workspace.json(&["ingest"])), [2, 1, 2, 0, 0, 0, 0]);
    assert_eq!(workspace.json(&["show", "t-1"])["title"], "It squeaks");
    let config = "kb = ['kb']\nrules = ['rules']\n[export]\nid = 'ref'\ntitle = 'headline'\nsymptoms = ['trouble']\n";
    workspace.write("casebook.toml", config);
    assert_eq!(counts(&workspace.json(&["ingest"]))[1], 2);
    let shown = workspace.json(&["show", "h-2"]);
    assert_eq!(shown["sections"], json!([{ "kind": "symptoms", "title": "Symptoms", "text": "A loose bolt." }]));
    workspace.write("casebook.toml", config.replace("title", "titel"));
    workspace.casebook(&["ingest"]).assert().code(3);
}

#[test]
fn namesakes_are_said_and_both_can_be_had() {
    let workspace = Workspace::bare();
    let runbook = |fix: &str| format!("# The pump\n\n## Symptoms\n\nIt hums.\n\n## Fix\n\n{fix}\n");
    workspace.write("kb/pump.md", runbook("Oil it."));
    workspace.write("kb/Pump.markdown", runbook("Replace it."));
    let report = workspace.json(&["ingest"]);
    assert_eq!(counts(&report), [2, 2, 2, 0, 0, 0, 0]);
    let path = workspace.path("kb/pump.md").canonicalize().expect("a file");
    assert_eq!(report["namesakes"], json!([{ "path": path, "asked": "kb/pump", "id": "kb/pump.md" }]));
    workspace.write("kb/pump.md", format!("---\nid: old-pump\n---\n{}", runbook("Oil it.")));
    assert_eq!(counts(&workspace.json(&["ingest"]))[1], 2);
}

#[test]
fn only_verify_looks_at_files_that_claim_to_be_unchanged() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    let path = workspace.path("kb/Q100.txt");
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    let set_back = || std::fs::File::open(&path).and_then(|file| file.set_modified(old)).expect("a new time");
    set_back();
    workspace.json(&["ingest"]);
    let report = workspace.json(&["ingest", "--verify"]);
    assert_eq!(counts(&report), [1, 1, 0, 0, 0, 1, 0]);
    workspace.article("Q100", "One", "It sums.");
    set_back();
    // The change is found by its time. A copied disk may not preserve it, but `--verify` does not need times.
    assert_eq!(counts(&workspace.json(&["ingest", "--verify"])), [1, 1, 0, 1, 0, 0, 0]);
}

#[test]
fn collections_are_named_filtered_and_preferred() {
    let own = "[[collection]]\nname = 'own'\npath = 'runbooks'\n";
    let config = |more: &str| format!("kb = ['kb']\nrules = []\n{own}{more}");
    let workspace = Workspace::with_config(&config(""));
    for n in 0..20 {
        workspace.article(&format!("Q{}", 100 + n), "The pump hums", &format!("The pump hums and hums, case {n}."));
    }
    workspace.write("runbooks/pump.md", "# Noise in hall 3\n\n## Symptoms\n\nSometimes the pump there hums a little, and nobody knows why that is so.\n\n## Fix\n\nOil it.\n");
    let first = |args: &[&str]| workspace.json(args)["hits"][0]["id"].clone();
    assert_eq!(first(&["search", "--in", "own", "pump hums"]), "own/pump");
    assert_ne!(first(&["search", "pump hums"]), "own/pump");
    workspace.write("casebook.toml", config("weight = 20.0\n"));
    assert_eq!(first(&["search", "pump hums"]), "own/pump");
    // A new name of the collection changes the collection of its articles.
    workspace.write("casebook.toml", config("").replace("'own'", "'team'"));
    assert_eq!(counts(&workspace.json(&["ingest"])), [21, 21, 0, 0, 0, 21, 0]);
    assert_eq!(first(&["search", "--in", "team", "pump hums"]), "team/pump");
    assert_eq!(workspace.json(&["ingest", "--collection", "far", "runbooks"])["articles"], 21);
}

/// Articles whose folder is away are still held, and counted so.
#[test]
fn articles_of_a_folder_that_is_away_are_counted_as_held() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    workspace.write("kb/sub/Q200.txt", document("Q200", "Two", "It rattles."));
    assert_eq!(counts(&workspace.json(&["ingest"])), [2, 2, 2, 0, 0, 0, 0]);
    std::fs::rename(workspace.path("kb"), workspace.path("away")).expect("a rename");
    let output = workspace.casebook(&["ingest", "--format", "json"]).assert().code(3).get_output().stdout.clone();
    let report: Value = serde_json::from_slice(&output).expect("one JSON document");
    assert_eq!((&report["articles"], &report["removed"]), (&json!(2), &json!(0)));
    assert_eq!(workspace.json(&["status"])["articles"], 2);
}

#[cfg(unix)]
#[test]
fn a_device_is_no_input_and_is_not_remembered() {
    let workspace = Workspace::bare();
    let output = workspace.casebook(&["ingest", "/dev/zero"]).assert().code(3).get_output().stdout.clone();
    assert!(String::from_utf8_lossy(&output).contains("is neither a file nor a folder"), "{output:?}");
    let status = workspace.stdout(&["status"]);
    assert!(!status.contains("/dev/zero"), "{status}");
}

/// A link within the inputs is followed. One that leads out of them is reported and not followed.
#[cfg(unix)]
#[test]
fn a_link_that_leads_out_of_the_inputs_is_not_followed() {
    use std::os::unix::fs::symlink;
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    workspace.write("private/Q300.txt", document("Q300", "Three", "It whistles."));
    workspace.write("kb/sub/Q200.txt", document("Q200", "Two", "It rattles."));
    symlink(workspace.path("private"), workspace.path("kb/out")).expect("a link");
    symlink(workspace.path("private/Q300.txt"), workspace.path("kb/Q300.txt")).expect("a link");
    symlink(workspace.path("kb/sub/Q200.txt"), workspace.path("kb/also.txt")).expect("a link");
    let report = workspace.json(&["ingest"]);
    assert_eq!((&report["articles"], &report["duplicates"]), (&json!(2), &json!(1)));
    let skipped = report["skipped"].to_string();
    assert!(skipped.contains("/kb/out") && skipped.contains("a link leads out of the folder"), "{skipped}");
    workspace.casebook(&["show", "Q300"]).assert().code(3);
    workspace.stdout(&["ingest", workspace.path("private").to_str().expect("UTF-8")]);
    workspace.stdout(&["show", "Q300"]);
}

#[cfg(target_os = "linux")]
#[test]
fn an_ingest_says_how_much_memory_it_needs() {
    let workspace = Workspace::bare();
    workspace.article("Q100", "One", "It hums.");
    let within = |kib: u64, args: &[&str]| {
        let output = workspace.shell(&format!("ulimit -v {kib}"), args).output().expect("a shell");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, message) = within(380 << 10, &["ingest"]);
    assert_eq!(code, Some(4), "{message}");
    assert!(message.starts_with("error: an ingest needs 80 MiB of memory, and 60 are left\n"), "{message}");
    workspace.casebook(&["ingest", "--memory", "79M"]).assert().code(2);
    workspace.casebook(&["ingest", "--memory", "much"]).assert().code(2);
    assert_eq!(workspace.json(&["ingest", "--memory", "80M"])["articles"], 1);
}
