//! Lists in which every item stands once.

use std::collections::HashSet;

/// The items in order, the repetitions left out.
pub(super) fn once<'a>(items: impl IntoIterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    let mut seen = HashSet::new();
    items.into_iter().filter(move |item| seen.insert(*item))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equal_items_stays() {
        assert_eq!(once(["b", "a", "b", "c", "a"]).collect::<Vec<_>>(), ["b", "a", "c"]);
    }
}
