//! Reads the settings of a model directory, in the files that `sentence-transformers` writes.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::SemanticError;
use super::tokenizer::Tokenizer;

/// The paths in a model directory where the network may be; the first that exists is used. Published models have it in
/// `onnx`.
const NETWORKS: [&str; 4] = ["model.onnx", "model_quantized.onnx", "onnx/model.onnx", "onnx/model_quantized.onnx"];

/// The most tokens of a text if the model directory does not specify a limit.
const DEFAULT_TOKENS: usize = 256;

/// The highest limit of tokens to accept. No model of this kind has a higher one, and the time and memory for a text
/// grow with the square of its tokens.
const MOST_TOKENS: usize = 2048;

/// How the vectors of tokens are combined to the vector of their text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pooling {
    /// The mean of all vectors.
    Mean,
    /// The vector of the first token, `[CLS]`.
    First,
}

/// The settings of a model directory, with the path of its network.
pub(super) struct ModelSettings {
    pub(super) network: PathBuf,
    pub(super) tokenizer: Tokenizer,
    pub(super) pooling: Pooling,
    /// The most tokens of a text, `[CLS]` and `[SEP]` included; at least 2.
    pub(super) max_tokens: usize,
    /// The hash of all settings files that were read. The caller adds the network to it.
    pub(super) hasher: blake3::Hasher,
}

/// The settings used from `1_Pooling/config.json`.
#[derive(Deserialize)]
struct PoolingFile {
    #[serde(default)]
    pooling_mode_cls_token: bool,
    #[serde(default)]
    pooling_mode_mean_tokens: bool,
}

/// The settings used from `sentence_bert_config.json`.
#[derive(Deserialize)]
struct SentenceFile {
    max_seq_length: Option<usize>,
}

/// The settings used from `tokenizer_config.json`.
#[derive(Deserialize)]
struct TokenizerConfig {
    do_lower_case: Option<bool>,
}

/// The settings used from `tokenizer.json`.
#[derive(Deserialize)]
struct TokenizerFile {
    model: WordPiece,
    normalizer: Option<Normalizer>,
}

#[derive(Deserialize)]
struct WordPiece {
    vocab: HashMap<Box<str>, i32>,
}

#[derive(Deserialize)]
struct Normalizer {
    lowercase: Option<bool>,
}

impl ModelSettings {
    pub(super) fn read(dir: &Path) -> Result<ModelSettings, SemanticError> {
        let network = NETWORKS.iter().map(|name| dir.join(name)).find(|path| path.is_file());
        let network = network.ok_or(SemanticError::Missing { dir: dir.to_owned(), what: "model.onnx" })?;
        let mut files = ModelFiles { dir, hasher: blake3::Hasher::new() };
        Ok(ModelSettings {
            network,
            tokenizer: files.tokenizer()?,
            pooling: files.pooling()?,
            max_tokens: files.max_tokens()?,
            hasher: files.hasher,
        })
    }
}

/// Reads the small files of a model directory, which are all but the network.
struct ModelFiles<'a> {
    dir: &'a Path,
    /// The hash of all files read so far.
    hasher: blake3::Hasher,
}

impl ModelFiles<'_> {
    fn pooling(&mut self) -> Result<Pooling, SemanticError> {
        let name = "1_Pooling/config.json";
        match self.read_json::<PoolingFile>(name)? {
            None | Some(PoolingFile { pooling_mode_mean_tokens: true, pooling_mode_cls_token: false }) => {
                Ok(Pooling::Mean)
            }
            Some(PoolingFile { pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }) => Ok(Pooling::First),
            Some(_) => Err(self.wrong(name, "the pooling must be the mean of all tokens or the first token")),
        }
    }

    fn max_tokens(&mut self) -> Result<usize, SemanticError> {
        let name = "sentence_bert_config.json";
        let file: Option<SentenceFile> = self.read_json(name)?;
        match file.and_then(|file| file.max_seq_length).unwrap_or(DEFAULT_TOKENS) {
            max @ 2..=MOST_TOKENS => Ok(max),
            _ => Err(self.wrong(name, format!("`max_seq_length` must be a number from 2 to {MOST_TOKENS}"))),
        }
    }

    /// Creates the tokenizer from `vocab.txt`, which loads faster, or without that file from `tokenizer.json`.
    fn tokenizer(&mut self) -> Result<Tokenizer, SemanticError> {
        let config: Option<TokenizerConfig> = self.read_json("tokenizer_config.json")?;
        let is_lowercase = config.and_then(|config| config.do_lower_case);
        let (name, tokenizer) = if let Some(text) = self.read("vocab.txt")? {
            let pieces = text.lines().map(Box::from).zip(0..);
            ("vocab.txt", Tokenizer::new(pieces, is_lowercase.unwrap_or(true)))
        } else if let Some(TokenizerFile { model, normalizer }) = self.read_json("tokenizer.json")? {
            let is_lowercase = is_lowercase.or(normalizer.and_then(|normalizer| normalizer.lowercase));
            ("tokenizer.json", Tokenizer::new(model.vocab, is_lowercase.unwrap_or(true)))
        } else {
            return Err(SemanticError::Missing { dir: self.dir.to_owned(), what: "vocab.txt or tokenizer.json" });
        };
        tokenizer.map_err(|special| self.wrong(name, format!("it has no `{special}`")))
    }

    fn read_json<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, SemanticError> {
        let Some(text) = self.read(name)? else { return Ok(None) };
        serde_json::from_str(&text).map(Some).map_err(|error| self.wrong(name, error.to_string()))
    }

    /// Reads a file and adds it to the hash; `None` if it does not exist.
    fn read(&mut self, name: &str) -> Result<Option<String>, SemanticError> {
        let path = self.dir.join(name);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(SemanticError::Io { path, source }),
        };
        self.hasher.update(name.as_bytes()).update(&text.len().to_le_bytes()).update(text.as_bytes());
        Ok(Some(text))
    }

    fn wrong(&self, name: &str, reason: impl Into<String>) -> SemanticError {
        SemanticError::Settings { path: self.dir.join(name), reason: reason.into() }
    }
}
