use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;

use super::direction::dot;
use super::*;
use crate::semantic::SemanticError;

const MODEL: ModelFingerprint = ModelFingerprint(0x1234);

fn vectors(rows: &[(u64, &[f32])]) -> Vectors {
    let rows: BTreeMap<PassageKey, Direction> =
        rows.iter().map(|&(key, vector)| (PassageKey(key), Direction::from_vector(vector))).collect();
    Vectors::empty(MODEL).with(&rows, |_| true)
}

fn keys(nearest: &[NearPassage]) -> Vec<u64> {
    nearest.iter().map(|nearest| nearest.passage.0).collect()
}

#[test]
fn the_nearest_come_first_and_ties_go_by_key() {
    let vectors = vectors(&[(9, &[1.0, 0.0]), (3, &[2.0, 0.0]), (5, &[1.0, 1.0]), (1, &[-1.0, 0.0])]);
    let query = Direction::from_vector(&[0.5, 0.0]);
    assert_eq!(keys(&vectors.nearest(&query, 10)), [3, 9, 5, 1]);
    assert_eq!(keys(&vectors.nearest(&query, 2)), [3, 9]);
    assert_eq!(vectors.nearest(&query, 1), [NearPassage { passage: PassageKey(3), cosine: 1.0 }]);
    assert_eq!(vectors.nearest(&query, 0), []);
    assert_eq!(vectors.similarity(PassageKey(1), &query), Some(-1.0));
    assert_eq!(vectors.similarity(PassageKey(2), &query), None);
}

#[test]
fn a_query_of_another_dimension_is_near_to_nothing() {
    let vectors = vectors(&[(1, &[1.0, 0.0])]);
    let query = Direction::from_vector(&[1.0, 0.0, 0.0]);
    assert_eq!(vectors.nearest(&query, 5), []);
    assert_eq!(vectors.similarity(PassageKey(1), &query), None);
}

#[test]
fn a_vector_without_direction_is_at_a_right_angle_to_all() {
    let vectors = vectors(&[(1, &[0.0, 0.0]), (2, &[f32::NAN, 1.0]), (3, &[f32::INFINITY, 1.0])]);
    for key in 1..=3 {
        let cosine = vectors.similarity(PassageKey(key), &Direction::from_vector(&[1.0, 0.0]));
        assert_eq!(cosine, Some(0.0), "{key}");
    }
}

#[test]
fn new_vectors_replace_old_ones_and_what_is_not_held_goes() {
    let old = vectors(&[(1, &[1.0, 0.0]), (2, &[1.0, 0.0]), (3, &[1.0, 0.0])]);
    let new = BTreeMap::from([
        (PassageKey(2), Direction::from_vector(&[0.0, 1.0])),
        (PassageKey(7), Direction::from_vector(&[0.0, 1.0])),
    ]);
    let expected = vectors(&[(1, &[1.0, 0.0]), (2, &[0.0, 1.0]), (7, &[0.0, 1.0])]);
    assert_eq!(old.with(&new, |key| key != PassageKey(3)), expected);
}

#[test]
fn what_was_saved_is_read_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert_eq!(Vectors::open(folder.path(), MODEL).expect("a folder"), None);
    for vectors in [Vectors::empty(MODEL), vectors(&[(u64::MAX, &[1.0, -0.5, 0.25]), (0, &[0.1, 0.2, 0.3])])] {
        vectors.save(folder.path()).expect("a writable folder");
        assert_eq!(Vectors::open(folder.path(), MODEL).expect("a file"), Some(vectors));
    }
}

#[test]
fn a_file_that_was_cut_off_or_tampered_with_is_damaged() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    vectors(&[(1, &[1.0, 0.0]), (2, &[0.0, 1.0])]).save(folder.path()).expect("a writable folder");
    let path = Vectors::path(folder.path(), MODEL);
    let whole = std::fs::read(&path).expect("the file");
    let with = |place: usize, byte: u8| {
        let mut bytes = whole.clone();
        bytes[place] = byte;
        bytes
    };
    let longer = [whole.as_slice(), b"\0"].concat();
    let keys_out_of_order = with(32, 9);
    let huge = with(31, 0xff);
    for bytes in [&whole[..0], &whole[..31], &whole[..whole.len() - 1], &longer, &keys_out_of_order, &huge] {
        std::fs::write(&path, bytes).expect("a writable file");
        assert!(matches!(Vectors::open(folder.path(), MODEL), Err(SemanticError::Damaged { .. })), "{}", bytes.len());
    }
}

#[test]
fn a_file_of_another_model_or_format_is_foreign() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = Vectors::path(folder.path(), MODEL);
    let mut other = Vectors::empty(ModelFingerprint(7));
    other.save(folder.path()).expect("a writable folder");
    std::fs::rename(Vectors::path(folder.path(), ModelFingerprint(7)), &path).expect("a file");
    assert!(matches!(Vectors::open(folder.path(), MODEL), Err(SemanticError::Foreign { .. })));
    std::fs::write(&path, [0; 64]).expect("a writable file");
    assert!(matches!(Vectors::open(folder.path(), MODEL), Err(SemanticError::Foreign { .. })));
    other = Vectors::empty(MODEL);
    other.save(folder.path()).expect("a writable folder");
    assert_eq!(Vectors::open(folder.path(), MODEL).expect("a file"), Some(other));
}

fn naive_cosine(a: &[i8], b: &[i8]) -> f64 {
    let dot = |a: &[i8], b: &[i8]| a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum::<f64>();
    let lengths = dot(a, a).sqrt() * dot(b, b).sqrt();
    if lengths > 0.0 { dot(a, b) / lengths } else { 0.0 }
}

fn pairs() -> impl Strategy<Value = (Vec<f32>, Vec<f32>)> {
    (1usize..500).prop_flat_map(|n| (vec(-1.0f32..1.0, n), vec(-1.0f32..1.0, n)))
}

proptest! {
    #[test]
    fn the_fast_cosine_equals_the_naive_one((a, b) in pairs()) {
        let (a, b) = (Direction::from_vector(&a), Direction::from_vector(&b));
        let expected = naive_cosine(a.values(), b.values());
        let found = WideDirection::new(&a).cosine(b.values(), length(b.values()));
        prop_assert!((f64::from(found) - expected).abs() < 1e-6, "{found} {expected}");
        let wide: Vec<i16> = b.values().iter().map(|&value| i16::from(value)).collect();
        let exact: i64 = a.values().iter().zip(b.values()).map(|(&a, &b)| i64::from(a) * i64::from(b)).sum();
        prop_assert_eq!(i64::from(dot(a.values(), &wide)), exact);
    }

    #[test]
    fn one_byte_a_value_changes_the_angle_little((a, b) in pairs()) {
        let float = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum::<f64>();
        let lengths = (float(&a, &a) * float(&b, &b)).sqrt();
        prop_assume!(lengths > 1e-3);
        let expected = float(&a, &b) / lengths;
        let (a, b) = (Direction::from_vector(&a), Direction::from_vector(&b));
        let found = WideDirection::new(&a).cosine(b.values(), length(b.values()));
        prop_assert!((f64::from(found) - expected).abs() < 0.02, "{found} {expected}");
    }

    #[test]
    fn the_nearest_are_those_of_a_full_sort(
        rows in vec((0u64..50, vec(-1i8..=1, 3)), 0..40),
        query in vec(-1i8..=1, 3),
        limit in 0usize..45,
    ) {
        let floats = |values: &[i8]| values.iter().map(|&value| f32::from(value)).collect::<Vec<f32>>();
        let rows: BTreeMap<PassageKey, Direction> =
            rows.iter().map(|(key, row)| (PassageKey(*key), Direction::from_vector(&floats(row)))).collect();
        let query = Direction::from_vector(&floats(&query));
        let mut expected: Vec<NearPassage> = rows.iter().map(|(&passage, row)| NearPassage {
            passage,
            cosine: WideDirection::new(&query).cosine(row.values(), length(row.values())),
        }).collect();
        expected.sort_by(nearer);
        expected.truncate(limit);
        let vectors = Vectors::empty(MODEL).with(&rows, |_| true);
        prop_assert_eq!(vectors.nearest(&query, limit), expected);
    }
}
