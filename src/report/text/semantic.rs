//! Writes `casebook semantic build` and `casebook semantic status`.

use std::io;
use std::path::Path;

use super::{GOOD, Page, counted, thousands};
use crate::report::clean::on_one_line;
use crate::semantic::{BuildSummary, ModelFingerprint};

/// The sentence encoder in use, and how many passages have vectors.
pub struct SemanticStatus<'a> {
    /// Folder of the model.
    pub model: &'a Path,
    /// Identifies the model.
    pub fingerprint: ModelFingerprint,
    /// Different passages of all articles.
    pub passages: usize,
    /// Passages that have a vector.
    pub with_vector: usize,
}

/// Writes the result of a build.
pub fn semantic_built(page: &mut Page, built: &BuildSummary, seconds: f64) -> io::Result<()> {
    let held = counted((built.encoded + built.reused) as u64, "passage has a vector", "passages have vectors");
    page.line(format_args!("{GOOD}{held}{GOOD:#}"))?;
    let rate = built.encoded as f64 / seconds.max(0.001);
    let encoded = match built.encoded {
        0 => "none encoded".to_owned(),
        encoded => format!("{} encoded in {seconds:.1} s ({rate:.0}/s)", thousands(encoded as u64)),
    };
    let [reused, dropped] = [built.reused, built.dropped].map(|count| thousands(count as u64));
    page.line(format_args!("  {encoded}, {reused} reused, {dropped} dropped"))
}

/// Writes which model is in use, and how many passages have no vector yet.
pub fn semantic_status(page: &mut Page, status: &SemanticStatus) -> io::Result<()> {
    let model = on_one_line(&status.model.display().to_string());
    page.line(format_args!("model: {model} ({})", status.fingerprint))?;
    let [with_vector, passages] = [status.with_vector, status.passages].map(|count| thousands(count as u64));
    page.line(format_args!("vectors: {with_vector} of {passages} passages"))?;
    match status.passages - status.with_vector {
        0 => Ok(()),
        missing => page.note(&format!("`casebook semantic build` computes the other {}.", thousands(missing as u64))),
    }
}
