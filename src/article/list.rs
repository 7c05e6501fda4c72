//! Removes or renames repeated items of a list.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Returns the items in order, without repetitions.
pub(super) fn once<'a>(items: impl IntoIterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    let mut seen = HashSet::new();
    items.into_iter().filter(move |item| seen.insert(*item))
}

/// Makes names unique: the second `a` becomes `a~2`, the third `a~3`.
///
/// Keeps only a hash of each name, so that millions of long names take little memory. If two names have the same hash,
/// which practically happens only on purpose, one of them gets a number that it does not need.
#[derive(Debug, Default)]
pub(crate) struct DistinctNames {
    /// Maps the hash of a name to the last number that was given to this name; 1 if it occurred once.
    last: HashMap<u64, u32>,
}

impl DistinctNames {
    /// Returns `name`, with a number if an equal name was returned before. Takes linear time for all names together.
    pub(crate) fn name(&mut self, name: String) -> String {
        let Some(&last) = self.last.get(&hash(&name)) else {
            self.last.insert(hash(&name), 1);
            return name;
        };
        let numbered = (last + 1..).map(|number| (number, format!("{name}~{number}")));
        let (number, free) = numbered
            .into_iter()
            .find(|(_, candidate)| !self.last.contains_key(&hash(candidate)))
            .expect("there are more numbers than names");
        self.last.insert(hash(&name), number);
        self.last.insert(hash(&free), 1);
        free
    }
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_name_gets_the_next_free_number() {
        let mut distinct = DistinctNames::default();
        let names = ["a", "a~2", "b", "a", "a", "a~2", "b"].map(|name| distinct.name(name.to_owned()));
        assert_eq!(names, ["a", "a~2", "b", "a~3", "a~4", "a~2~2", "b~2"]);
    }

    #[test]
    fn the_first_of_equal_items_stays() {
        assert_eq!(once(["b", "a", "b", "c", "a"]).collect::<Vec<_>>(), ["b", "a", "c"]);
    }
}
