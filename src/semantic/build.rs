//! Encodes all passages that have no vector yet. A build can resume after a kill, and is fast when little has changed.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::path::Path;

use super::vectors::Direction;
use super::{ModelFingerprint, PassageKey, SemanticError, Vectors};

/// The number of passages to encode at once. They take some seconds on two cores, so that progress is visible and cores
/// rarely wait for each other.
const BATCH: usize = 128;

/// The number of passages to encode between two saves. They take about 20 seconds on two cores; a kill loses no more
/// than that.
const SAVED: usize = 8 * BATCH;

/// The name of the file in the folder that a build locks, so that only one process builds there.
const LOCK: &str = "lock";

/// The progress of a [`build()`], for display.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuildProgress {
    /// The number of passages encoded so far.
    pub done: usize,
    /// The number of passages that had no vector at the start.
    pub total: usize,
}

/// The result of a [`build()`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BuildSummary {
    /// The number of passages encoded.
    pub encoded: usize,
    /// The number of passages that already had a vector.
    pub reused: usize,
    /// The number of vectors dropped, because no article has their passage any more.
    pub dropped: usize,
    /// Whether the file of vectors was unusable, and all passages were encoded again.
    pub replaced: bool,
}

/// Brings the vectors of `model` in `folder` up to date with `passages`, which are those of all articles. `encode` returns the
/// vector of each text, in order. Saves after every thousand passages, and when `encode` fails.
///
/// Fails with [`SemanticError::Busy`] while another process builds in the same folder.
pub fn build(
    folder: &Path,
    model: ModelFingerprint,
    passages: &BTreeMap<PassageKey, String>,
    encode: impl Fn(&[&str]) -> Result<Vec<Vec<f32>>, SemanticError>,
    progress: impl Fn(BuildProgress),
) -> Result<BuildSummary, SemanticError> {
    let _lock = lock(folder)?;
    let (mut vectors, replaced) = match Vectors::open(folder, model) {
        Ok(vectors) => (vectors.unwrap_or_else(|| Vectors::empty(model)), false),
        Err(SemanticError::Damaged { .. } | SemanticError::Foreign { .. }) => (Vectors::empty(model), true),
        Err(error) => return Err(error),
    };
    let missing: Vec<(PassageKey, &str)> =
        passages.iter().filter(|(key, _)| !vectors.contains(**key)).map(|(&key, text)| (key, text.as_str())).collect();
    let reused = passages.len() - missing.len();
    let dropped = vectors.len() - reused;
    let is_held = |key: PassageKey| passages.contains_key(&key);
    let report = |done| progress(BuildProgress { done, total: missing.len() });
    report(0);
    // Keys are hashes, so short and long texts are mixed in the order of keys, and progress is steady.
    for (index, part) in missing.chunks(SAVED).enumerate() {
        let mut new = BTreeMap::new();
        let encoded = encode_part(part, &encode, &mut new, |n_new| report(index * SAVED + n_new));
        vectors = vectors.with(&new, is_held);
        vectors.save(folder)?;
        encoded?;
    }
    if missing.is_empty() && (dropped > 0 || replaced) {
        vectors.with(&BTreeMap::new(), is_held).save(folder)?;
    }
    Ok(BuildSummary { encoded: missing.len(), reused, dropped, replaced })
}

/// Encodes the passages of `part` batch by batch into `new`, which keeps the finished batches when one fails.
fn encode_part(
    part: &[(PassageKey, &str)],
    encode: &impl Fn(&[&str]) -> Result<Vec<Vec<f32>>, SemanticError>,
    new: &mut BTreeMap<PassageKey, Direction>,
    report: impl Fn(usize),
) -> Result<(), SemanticError> {
    for batch in part.chunks(BATCH) {
        let texts: Vec<&str> = batch.iter().map(|&(_, text)| text).collect();
        let encoded = encode(&texts)?;
        new.extend(batch.iter().zip(encoded).map(|(&(key, _), vector)| (key, Direction::from_vector(&vector))));
        report(new.len());
    }
    Ok(())
}

/// Creates the folder and locks it. The lock ends with the file handle or the process.
fn lock(folder: &Path) -> Result<File, SemanticError> {
    let path = folder.join(LOCK);
    let file = fs::create_dir_all(folder).and_then(|()| File::create(&path));
    let file = file.map_err(|source| SemanticError::Io { path: path.clone(), source })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(SemanticError::Busy { dir: folder.to_owned() }),
        Err(TryLockError::Error(source)) => Err(SemanticError::Io { path, source }),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    const MODEL: ModelFingerprint = ModelFingerprint(1);

    fn passages(numbers: impl IntoIterator<Item = usize>) -> BTreeMap<PassageKey, String> {
        numbers.into_iter().map(|number| number.to_string()).map(|text| (PassageKey::for_text(&text), text)).collect()
    }

    fn vector(text: &str) -> Vec<f32> {
        vec![1.0, text.parse::<f32>().expect("a number"), 3.0]
    }

    fn encode(texts: &[&str]) -> Result<Vec<Vec<f32>>, SemanticError> {
        Ok(texts.iter().map(|text| vector(text)).collect())
    }

    fn must_not_encode(_: &[&str]) -> Result<Vec<Vec<f32>>, SemanticError> {
        panic!("nothing is left to encode")
    }

    #[track_caller]
    fn holds(folder: &Path, passages: &BTreeMap<PassageKey, String>) {
        let new = passages.iter().map(|(&key, text)| (key, Direction::from_vector(&vector(text)))).collect();
        let expected = Vectors::empty(MODEL).with(&new, |_| true);
        assert_eq!(Vectors::open(folder, MODEL).expect("a file"), Some(expected));
    }

    #[test]
    fn what_has_a_vector_is_not_encoded_again_and_what_is_gone_is_dropped() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let first = passages(0..10);
        let built = build(folder.path(), MODEL, &first, encode, |_| {}).expect("a folder");
        assert_eq!(built, BuildSummary { encoded: 10, ..BuildSummary::default() });
        holds(folder.path(), &first);
        let second = passages(4..12);
        let built = build(folder.path(), MODEL, &second, encode, |_| {}).expect("a folder");
        assert_eq!(built, BuildSummary { encoded: 2, reused: 6, dropped: 4, replaced: false });
        holds(folder.path(), &second);
        let built = build(folder.path(), MODEL, &second, must_not_encode, |_| {}).expect("a folder");
        assert_eq!(built, BuildSummary { reused: 8, ..BuildSummary::default() });
        let third = passages(4..6);
        let built = build(folder.path(), MODEL, &third, must_not_encode, |_| {}).expect("a folder");
        assert_eq!(built, BuildSummary { reused: 2, dropped: 6, ..BuildSummary::default() });
        holds(folder.path(), &third);
    }

    #[test]
    fn a_build_that_ended_early_goes_on_where_it_was_saved() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let all = passages(0..3 * SAVED);
        let n_texts = Cell::new(0);
        let fails_late = |texts: &[&str]| {
            n_texts.set(n_texts.get() + texts.len());
            match n_texts.get() > SAVED + 2 * BATCH {
                true => Err(SemanticError::Encode { reason: "no more".to_owned() }),
                false => encode(texts),
            }
        };
        let failed = build(folder.path(), MODEL, &all, fails_late, |_| {});
        assert!(matches!(failed, Err(SemanticError::Encode { .. })));
        let built = build(folder.path(), MODEL, &all, encode, |_| {}).expect("a folder");
        let reused = SAVED + 2 * BATCH;
        assert_eq!(built, BuildSummary { encoded: all.len() - reused, reused, dropped: 0, replaced: false });
        holds(folder.path(), &all);
    }

    #[test]
    fn what_was_saved_before_a_kill_is_whole() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let all = passages(0..2 * SAVED);
        let n_texts = Cell::new(0);
        let looks_at_the_file = |texts: &[&str]| {
            if n_texts.get() == SAVED {
                let saved = Vectors::open(folder.path(), MODEL).expect("a file").expect("a file");
                assert_eq!(saved.len(), SAVED);
                assert!(all.keys().take(SAVED).all(|&key| saved.contains(key)));
            }
            n_texts.set(n_texts.get() + texts.len());
            encode(texts)
        };
        build(folder.path(), MODEL, &all, looks_at_the_file, |_| {}).expect("a folder");
        assert_eq!(n_texts.get(), 2 * SAVED);
    }

    #[test]
    fn a_damaged_file_is_built_anew() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let all = passages(0..3);
        build(folder.path(), MODEL, &all, encode, |_| {}).expect("a folder");
        fs::write(Vectors::path(folder.path(), MODEL), "cbvecs").expect("a writable file");
        let built = build(folder.path(), MODEL, &all, encode, |_| {}).expect("a folder");
        assert_eq!(built, BuildSummary { encoded: 3, replaced: true, ..BuildSummary::default() });
        holds(folder.path(), &all);
    }

    #[test]
    fn progress_counts_up_to_all_that_were_missing() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let seen = RefCell::new(Vec::new());
        let all = passages(0..BATCH + 1);
        build(folder.path(), MODEL, &all, encode, |progress| seen.borrow_mut().push(progress.done)).expect("a folder");
        assert_eq!(seen.into_inner(), [0, BATCH, BATCH + 1]);
    }

    #[test]
    fn two_builds_in_one_folder_are_one_too_many() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let second = |_: &[&str]| {
            let busy = build(folder.path(), MODEL, &passages(0..1), encode, |_| {});
            assert!(matches!(busy, Err(SemanticError::Busy { .. })));
            encode(&["0"])
        };
        build(folder.path(), MODEL, &passages(0..1), second, |_| {}).expect("a folder");
    }
}
