use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::*;
use crate::article;

/// An article with this title, and `text` as its symptoms.
fn article(title: &str, text: &str) -> Article {
    let text = format!("DOCUMENT:Q100100  12-NOV-2026  [test]\nTITLE   :{title}\n\nSYMPTOMS\n========\n\n{text}\n");
    article::parse(&text, "").expect("the layout is known")
}

fn sketch(title: &str, text: &str) -> Sketch {
    Sketch::for_article(&article(title, text)).expect("the text is long enough")
}

/// A text of `n` words that no text with another `seed` contains.
fn prose(seed: &str, n: usize) -> String {
    (0..n).map(|n| format!("{seed}{n} ")).collect()
}

/// The share of shingles that two articles have in common, counted one by one.
fn jaccard(a: &Article, b: &Article) -> f32 {
    let shingles = |article: &Article| -> BTreeSet<Vec<String>> {
        let text = format!("{} {}", article.title, article.sections[0].text).to_lowercase();
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        words.windows(SHINGLE).map(<[String]>::to_vec).collect()
    };
    let (a, b) = (shingles(a), shingles(b));
    a.intersection(&b).count() as f32 / a.union(&b).count() as f32
}

#[track_caller]
fn check(a: (&str, &str), b: (&str, &str), expected: bool) {
    let (a, b) = (sketch(a.0, a.1), sketch(b.0, b.1));
    assert_eq!((a.near(&b).is_some(), b.near(&a).is_some()), (expected, expected), "{}", a.similarity(&b));
}

#[test]
fn the_same_article_for_another_product_is_a_near_copy() {
    let text = |product: &str| {
        format!(
            "When you send a message with {product}, it stays in the queue and is not sent until the service is \
             restarted. This happens when the name server answers late, and the connection is closed before the answer \
             comes. Other messages in the queue are not sent either, and nothing is written to the event log of the \
             computer on which {product} runs. To see which message it is, stop the service and look at the files in \
             the folder of outgoing mail: the oldest one is the one that holds up the others."
        )
    };
    check(
        ("PRB: Messages Stay in the Queue", &text("Test Server")),
        ("FIX: Messages stay in the queue", &text("Test Gateway 2")),
        true,
    );
    let elsewhere = prose("other", 90);
    check(("Messages Stay in the Queue", &text("Test Server")), ("Messages Stay in the Queue", &elsewhere), false);
}

#[test]
fn what_differs_in_its_error_number_is_no_near_copy() {
    let with = |code: &str| format!("{} It fails with error 0x{code} then. {}", prose("a", 100), prose("b", 100));
    check(("It Fails", &with("80040e14")), ("It Fails", &with("80040e14")), true);
    check(("It Fails", &with("80040e14")), ("It Fails", &with("80040e15")), false);
    let text = prose("a", 200);
    check(("Error 10061 in Bay", &text), ("Error 10060 in Bay", &text), false);
    check(("Error in Bay 97", &text), ("Error in Bay 2000", &text), true);
}

#[test]
fn the_less_the_titles_share_the_more_the_texts_must() {
    let half = format!("{}{}", prose("a", 200), prose("b", 60));
    let other_half = format!("{}{}", prose("a", 200), prose("c", 60));
    check(("It hums loudly at night", &half), ("It hums loudly at night", &other_half), true);
    check(("It hums loudly at night", &half), ("The door is open", &other_half), false);
    check(("It hums loudly at night", &half), ("The door is open", &half), true);
}

#[test]
fn signs_that_name_something_count() {
    let half = format!("{}{}", prose("a", 200), prose("b", 60));
    let other_half = format!("{}{}", prose("a", 200), prose("c", 60));
    check(("Sorting Strings (in C#)", &half), ("Sorting strings, in C#.", &other_half), true);
    check(("Sorting Strings in C#", &half), ("Sorting Strings in C++", &other_half), false);
}

#[test]
fn a_short_article_is_no_near_copy_of_anything() {
    assert_eq!(Sketch::for_article(&article("It hums", &prose("a", 15))), None);
    assert_eq!(Sketch::for_article(&article("It hums", &"hum ".repeat(1000))), None);
    assert!(Sketch::for_article(&article("It hums", &prose("a", 30))).is_some());
}

#[test]
fn what_is_said_of_the_status_and_where_else_to_read_does_not_count() {
    let text = prose("a", 60);
    let more =
        format!("{text}\n\nSTATUS\n======\n\n{}\n\nREFERENCES\n==========\n\n{}", prose("s", 90), prose("r", 90));
    assert_eq!(sketch("It hums", &text), sketch("It hums", &more));
}

#[test]
fn what_is_stored_is_read_again() {
    let sketch = sketch("It hums", &prose("a", 60));
    assert_eq!(Sketch::from_stored(&sketch.stored(), &sketch.keys), Some(sketch));
    assert_eq!(Sketch::from_stored(&sketch.stored()[1..], &sketch.keys), None);
    assert_eq!(Sketch::from_stored(&[], &[]), None);
}

/// Generates a text and another one that differs from it in some words, as numbers of words.
fn pair() -> impl Strategy<Value = (Vec<u16>, Vec<u16>)> {
    let words = prop::collection::vec(0u16..5000, 60..400);
    words.prop_flat_map(|words| {
        let n_words = words.len();
        let changes = prop::collection::vec((0..n_words, 5000u16..10_000), 0..n_words / 4);
        changes.prop_map(move |changes| {
            let mut other = words.clone();
            changes.into_iter().for_each(|(place, word)| other[place] = word);
            (words.clone(), other)
        })
    })
}

fn written(words: &[u16]) -> String {
    words.iter().map(|word| format!("w{word} ")).collect()
}

proptest! {
    /// The tolerance of 0.3 is six standard errors of the estimate for the shortest of these texts.
    #[test]
    fn the_estimate_is_near_the_exact_similarity((one, other) in pair()) {
        let (one, other) = (article("It hums", &written(&one)), article("It hums", &written(&other)));
        let exact = jaccard(&one, &other);
        let (a, b) = (Sketch::for_article(&one).expect("60 words"), Sketch::for_article(&other).expect("60 words"));
        prop_assert!((a.similarity(&b) - exact).abs() < 0.3, "{exact} {}", a.similarity(&b));
        prop_assert!(exact < 0.8 || a.near(&b).is_some(), "{exact}");
        prop_assert!(exact > 0.2 || a.near(&b).is_none(), "{exact}");
    }

    #[test]
    fn any_text_has_a_sketch_or_none(title in ".{0,40}", text in "(.{0,12}[ \n]){0,80}") {
        if let Some(sketch) = Sketch::for_article(&article(&title, &text)) {
            prop_assert_eq!(sketch.near(&sketch), Some(1.0));
        }
    }
}

/// If titles differ, copies are found only by a common band. Bands are hashes, so one pair in some hundreds has no band
/// in common by chance.
#[test]
fn very_similar_texts_nearly_always_share_a_key() {
    let mut runner = TestRunner::deterministic();
    let mut shares_one = |_: &u32| {
        let drawn = (pair(), 0usize..60).new_tree(&mut runner).expect("nothing is rejected");
        let ((one, _), place) = drawn.current();
        let mut other = one.clone();
        other[place] = 10_000;
        let (a, b) = (sketch("It hums", &written(&one)), sketch("The door is open", &written(&other)));
        a.keys.iter().zip(&b.keys).any(|(a, b)| a == b)
    };
    let n_sharing = (0..300).filter(&mut shares_one).count();
    assert!(n_sharing >= 295, "{n_sharing} of 300");
}
