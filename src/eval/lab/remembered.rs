//! Encodes each query only once. A fit asks the same questions for every set of weights, and encoding one takes longer
//! than the rest of its search.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::semantic::{FindMeaning, Meaning};

/// Returns `find` with a cache of its results, about 600 bytes for each text. Two threads that ask for the same new
/// text at the same time may both call `find`.
pub(super) fn remembered(find: FindMeaning) -> FindMeaning {
    let known: Mutex<HashMap<String, Option<Meaning>>> = Mutex::new(HashMap::new());
    FindMeaning::new(move |text| {
        // Every call leaves the map consistent, so a panic of another thread does no harm.
        let known = || known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(meaning) = known().get(text) {
            return meaning.clone();
        }
        let meaning = find.find(text);
        known().insert(text.to_owned(), meaning.clone());
        meaning
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::semantic::{Direction, ModelFingerprint, PassageKey, Vectors};

    #[test]
    fn each_text_is_asked_for_once_and_means_what_it_meant() {
        let passage = PassageKey::for_text("east");
        let of_passage = BTreeMap::from([(passage, Direction::from_vector(&[1.0, 0.0]))]);
        let vectors = Arc::new(Vectors::empty(ModelFingerprint(1)).with(&of_passage, |_| true));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let find = remembered(FindMeaning::new(move |text| {
            log.lock().expect("one thread").push(text.to_owned());
            let vector = match text {
                "east" => [1.0, 0.0],
                "north" => [0.0, 1.0],
                _ => return None,
            };
            Some(Meaning { direction: Direction::from_vector(&vector), vectors: Arc::clone(&vectors) })
        }));
        let cosine = |text: &str| find.find(text).and_then(|meaning| meaning.similarity(passage));
        let texts = ["east", "north", "up", "north", "up", "east"];
        assert_eq!(texts.map(cosine), [Some(1.0), Some(0.0), None, Some(0.0), None, Some(1.0)]);
        assert_eq!(*asked.lock().expect("one thread"), ["east", "north", "up"]);
    }
}
