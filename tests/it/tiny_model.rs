//! Writes a sentence encoder that is small enough to be made by a test: each word of its vocabulary has a vector, and
//! the vector of a text is their mean.
//!
//! The network is one lookup in a table. Its ONNX file is written byte by byte.

use std::fs;
use std::path::Path;

/// The vocabulary, each word with its vector.
const WORDS: [(&str, [f32; 3]); 7] = [
    ("[UNK]", [0.0, 0.0, 0.1]),
    ("[CLS]", [0.0, 0.0, 0.0]),
    ("[SEP]", [0.0, 0.0, 0.0]),
    ("mail", [1.0, 0.0, 0.0]),
    ("message", [0.8, 0.6, 0.0]),
    ("disk", [0.0, 0.0, 1.0]),
    (".", [0.0, 0.0, 0.0]),
];

/// The numbers that ONNX uses for the types of tensors.
const FLOAT: u64 = 1;
const INT64: u64 = 7;

/// Creates the folder `dir` and writes the model into it.
pub(crate) fn write(dir: &Path) {
    fs::create_dir_all(dir).expect("a new folder");
    let vocabulary: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
    fs::write(dir.join("vocab.txt"), vocabulary.join("\n")).expect("a writable folder");
    fs::write(dir.join("model.onnx"), network()).expect("a writable folder");
}

fn network() -> Vec<u8> {
    let lookup = [text(1, "table"), text(1, "input_ids"), text(2, "last_hidden_state"), text(4, "Gather")].concat();
    let table = [
        number(1, WORDS.len() as u64),
        number(1, 3),
        number(2, FLOAT),
        text(8, "table"),
        bytes(
            9,
            &WORDS.iter().flat_map(|(_, vector)| vector).flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>(),
        ),
    ];
    let graph = [
        bytes(1, &lookup),
        text(2, "words"),
        bytes(5, &table.concat()),
        bytes(11, &tensor("input_ids", INT64, &["batch", "sequence"])),
        bytes(11, &tensor("attention_mask", INT64, &["batch", "sequence"])),
        bytes(12, &tensor("last_hidden_state", FLOAT, &["batch", "sequence", "width"])),
    ];
    [number(1, 8), bytes(7, &graph.concat()), bytes(8, &number(2, 17))].concat()
}

/// The description of an input or output. Its dimensions have names instead of sizes.
fn tensor(name: &str, kind: u64, dimensions: &[&str]) -> Vec<u8> {
    let shape: Vec<u8> = dimensions.iter().flat_map(|name| bytes(1, &text(2, name))).collect();
    let tensor = [number(1, kind), bytes(2, &shape)].concat();
    [text(1, name), bytes(2, &bytes(1, &tensor))].concat()
}

/// Encodes a field of a protocol buffer that holds bytes: a text, or nested fields.
fn bytes(field: u64, content: &[u8]) -> Vec<u8> {
    [varint(field << 3 | 2), varint(content.len() as u64), content.to_vec()].concat()
}

fn text(field: u64, content: &str) -> Vec<u8> {
    bytes(field, content.as_bytes())
}

fn number(field: u64, value: u64) -> Vec<u8> {
    [varint(field << 3), varint(value)].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}
