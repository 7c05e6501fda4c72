//! Tests search by meaning: models that can and cannot be used, vectors that are built and kept, and the commands for
//! them.

use std::path::{Path, PathBuf};

use casebook::semantic::{Encoder, SemanticError};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;

use crate::support::Workspace;
use crate::tiny_model;

/// A workspace with two articles in its store, and a tiny model in a folder.
fn workspace() -> Workspace {
    let workspace = Workspace::bare();
    workspace.article("Q100001", "Mail waits", "Mail waits in the queue.");
    workspace.article("Q100002", "Disk full", "The disk is full.");
    workspace.stdout(&["ingest"]);
    tiny_model::write(&workspace.path("models/tiny"));
    workspace
}

/// Writes a tiny model, lets `change` break something in it, and returns the folder and the error that opening it
/// gives.
fn broken(change: impl Fn(&Path)) -> (tempfile::TempDir, SemanticError) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    tiny_model::write(dir.path());
    change(dir.path());
    let error = Encoder::open(dir.path()).err().expect("a model that cannot be used");
    (dir, error)
}

#[track_caller]
fn close(found: &[f32], expected: &[f32]) {
    let is_close = found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6);
    assert!(is_close, "{found:?} is not {expected:?}");
}

#[test]
fn texts_become_unit_vectors_in_their_order() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    tiny_model::write(dir.path());
    let encoder = Encoder::open(dir.path()).expect("a model");
    let texts = ["mail", "Message mail!", "disk", "mail disk", "", "message"];
    let vectors = encoder.encode(&texts[..4]).expect("texts");
    let half = 0.5f32.sqrt();
    close(&vectors[0], &[1.0, 0.0, 0.0]);
    let length = (1.8f32 * 1.8 + 0.6 * 0.6 + 0.1 * 0.1).sqrt();
    close(&vectors[1], &[1.8 / length, 0.6 / length, 0.1 / length]);
    close(&vectors[2], &[0.0, 0.0, 1.0]);
    close(&vectors[3], &[half, 0.0, half]);
    close(&encoder.encode(&texts[5..]).expect("a text")[0], &[0.8, 0.6, 0.0]);
    assert!(matches!(encoder.encode(&texts), Err(SemanticError::Encode { .. })), "an empty text has no direction here");
    assert_eq!(encoder.encode(&[]).expect("no texts"), Vec::<Vec<f32>>::new());
}

#[test]
fn the_first_token_is_taken_where_the_model_says_so() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    tiny_model::write(dir.path());
    let mean = Encoder::open(dir.path()).expect("a model").fingerprint();
    std::fs::create_dir(dir.path().join("1_Pooling")).expect("a new folder");
    std::fs::write(dir.path().join("1_Pooling/config.json"), r#"{"pooling_mode_cls_token": true}"#).expect("a file");
    let encoder = Encoder::open(dir.path()).expect("a model");
    assert_ne!(encoder.fingerprint(), mean);
    assert!(matches!(encoder.encode(&["mail"]), Err(SemanticError::Encode { .. })), "[CLS] has no direction here");
}

#[test]
fn a_model_that_cannot_be_used_says_which_file_and_why() {
    let remove = |name: &'static str| move |dir: &Path| std::fs::remove_file(dir.join(name)).expect("a file");
    let write = |name: &'static str, text: &'static str| {
        move |dir: &Path| {
            std::fs::create_dir_all(dir.join(name).parent().expect("a folder")).expect("a new folder");
            std::fs::write(dir.join(name), text).expect("a file");
        }
    };
    #[track_caller]
    fn check((dir, error): (tempfile::TempDir, SemanticError), expected: &str) {
        let message = error.to_string().replace(dir.path().to_str().expect("UTF-8"), "DIR");
        assert!(message.starts_with(expected), "{message}");
    }
    check(broken(remove("model.onnx")), "there is no model.onnx in `DIR`");
    check(broken(remove("vocab.txt")), "there is no vocab.txt or tokenizer.json in `DIR`");
    check(broken(write("model.onnx", "no network")), "the model `DIR/model.onnx` cannot be used: ");
    check(broken(write("vocab.txt", "mail\n[CLS]\n[UNK]")), "`DIR/vocab.txt` is not valid: it has no `[SEP]`");
    check(
        broken(write("1_Pooling/config.json", r#"{"pooling_mode_max_tokens": true}"#)),
        "`DIR/1_Pooling/config.json` is not valid: the pooling must be the mean of all tokens or the first token",
    );
    check(
        broken(write("sentence_bert_config.json", r#"{"max_seq_length": 1}"#)),
        "`DIR/sentence_bert_config.json` is not valid: `max_seq_length` must be a number from 2 to 2048",
    );
}

#[test]
fn damaged_vectors_are_made_anew() {
    let workspace = workspace();
    workspace.stdout(&["semantic", "use", "models/tiny"]);
    workspace.stdout(&["semantic", "build"]);
    let vectors = files(&workspace.path(".casebook/vectors"), "bin");
    let [file] = vectors.as_slice() else { panic!("one file, not {vectors:?}") };
    std::fs::write(file, "cut").expect("a writable file");
    workspace
        .casebook(&["semantic", "status"])
        .assert()
        .code(4)
        .stderr(contains("are damaged").and(contains("casebook semantic build")));
    let built = workspace.casebook(&["semantic", "build"]).assert().success();
    built.stdout(contains("2 encoded")).stderr(contains("could not be read; all vectors were computed again"));
}

/// To test with a real model, run `CASEBOOK_MODEL=DIR cargo test a_real_model`.
#[test]
fn a_real_model_finds_other_words_for_the_same_thing() {
    let Some(dir) = std::env::var_os("CASEBOOK_MODEL") else {
        eprintln!("skipped: CASEBOOK_MODEL names no model directory");
        return;
    };
    let encoder = Encoder::open(dir.as_ref()).expect("a model");
    let texts = ["the printer does not print", "nothing comes out of the print queue", "the mailbox store is corrupt"];
    let vectors = encoder.encode(&texts).expect("texts");
    let cosine = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let (same, other) = (cosine(&vectors[0], &vectors[1]), cosine(&vectors[0], &vectors[2]));
    assert!(same > other + 0.2, "{same} {other}");
    close(&encoder.encode(&texts[..1]).expect("a text")[0], &vectors[0]);
}

fn files(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
}
