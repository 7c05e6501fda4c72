//! A list of items of a program, each of which is read from its bytes when it is first asked for.
//!
//! A program has thousands of items, and a log is about a few of them.

use std::fmt;
use std::ops::{Index, IndexMut, Range};
use std::sync::{Arc, OnceLock};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The items of one kind, by number.
pub struct ItemList<T> {
    items: Vec<OnceLock<Box<T>>>,
    /// The bytes of all items, if they were saved; otherwise all of them are in `items`.
    saved: Option<SavedItems>,
}

/// A part of the bytes of a saved program with the items of one kind.
struct SavedItems {
    bytes: Arc<Vec<u8>>,
    /// Where the first item begins, and where each of them ends.
    borders: Vec<usize>,
}

impl<T> ItemList<T> {
    /// The number of items.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl<T: DeserializeOwned> ItemList<T> {
    /// Returns the items whose bytes, one after the other, begin at the offset `start` of `bytes`. `lens` are their lengths.
    pub(super) fn of_saved(bytes: &Arc<Vec<u8>>, start: usize, lens: &[u32]) -> Self {
        let ends = lens.iter().scan(start, |end, len| {
            *end += *len as usize;
            Some(*end)
        });
        let saved = SavedItems { bytes: Arc::clone(bytes), borders: [start].into_iter().chain(ends).collect() };
        ItemList { items: lens.iter().map(|_| OnceLock::new()).collect(), saved: Some(saved) }
    }

    /// Returns the item with this number, if there is one.
    pub fn get(&self, index: usize) -> Option<&T> {
        let item = self.items.get(index)?;
        Some(item.get_or_init(|| self.read(index)))
    }

    /// Returns all items in order.
    pub fn iter(&self) -> Items<'_, T> {
        Items { list: self, rest: 0..self.len() }
    }

    fn read(&self, index: usize) -> Box<T> {
        let saved = self.saved.as_ref().expect("an item that was not saved is there from the beginning");
        let bytes = &saved.bytes[saved.borders[index]..saved.borders[index + 1]];
        Box::new(postcard::from_bytes(bytes).expect("the hash of the bytes that this build saved is right"))
    }

    fn read_all(&mut self) {
        for index in 0..self.len() {
            self.get(index);
        }
    }
}

impl<T: DeserializeOwned> ItemList<T> {
    /// Takes the items from this number on out of the list.
    pub(super) fn split_off(&mut self, at: usize) -> Vec<T> {
        self.read_all();
        self.items.split_off(at).into_iter().filter_map(OnceLock::into_inner).map(|item| *item).collect()
    }
}

#[cfg(test)]
impl<T> ItemList<T> {
    /// Adds an item.
    pub(crate) fn push(&mut self, item: T) {
        self.items.push(OnceLock::from(Box::new(item)));
    }
}

impl<T: Serialize + DeserializeOwned> ItemList<T> {
    /// Appends the bytes of all items, and returns their lengths; `None` if an item cannot be written.
    pub(super) fn save(&self, bytes: &mut Vec<u8>) -> Option<Vec<u32>> {
        let save = |item: &T| {
            let item = postcard::to_stdvec(item).ok()?;
            bytes.extend_from_slice(&item);
            u32::try_from(item.len()).ok()
        };
        self.iter().map(save).collect()
    }
}

impl<T> Default for ItemList<T> {
    fn default() -> Self {
        ItemList { items: Vec::new(), saved: None }
    }
}

impl<T> FromIterator<T> for ItemList<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        ItemList { items: items.into_iter().map(|item| OnceLock::from(Box::new(item))).collect(), saved: None }
    }
}

impl<T> From<Vec<T>> for ItemList<T> {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().collect()
    }
}

impl<T: DeserializeOwned> Index<usize> for ItemList<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        self.items[index].get_or_init(|| self.read(index))
    }
}

impl<T: DeserializeOwned> IndexMut<usize> for ItemList<T> {
    fn index_mut(&mut self, index: usize) -> &mut T {
        self.get(index);
        self.items[index].get_mut().expect("the item was read above")
    }
}

impl<T: DeserializeOwned + fmt::Debug> fmt::Debug for ItemList<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

/// The items of a list, in order.
pub struct Items<'a, T> {
    list: &'a ItemList<T>,
    rest: Range<usize>,
}

impl<T> Clone for Items<'_, T> {
    fn clone(&self) -> Self {
        Items { list: self.list, rest: self.rest.clone() }
    }
}

impl<T> fmt::Debug for Items<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "items {:?}", self.rest)
    }
}

impl<'a, T: DeserializeOwned> Iterator for Items<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        self.rest.next().map(|index| &self.list[index])
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rest.size_hint()
    }
}

impl<T: DeserializeOwned> DoubleEndedIterator for Items<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.rest.next_back().map(|index| &self.list[index])
    }
}

impl<T: DeserializeOwned> ExactSizeIterator for Items<'_, T> {}

impl<'a, T: DeserializeOwned> IntoIterator for &'a ItemList<T> {
    type Item = &'a T;
    type IntoIter = Items<'a, T>;

    fn into_iter(self) -> Items<'a, T> {
        self.iter()
    }
}

impl<'a, T: DeserializeOwned> IntoIterator for &'a mut ItemList<T> {
    type Item = &'a mut T;
    type IntoIter = Box<dyn Iterator<Item = &'a mut T> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.read_all();
        Box::new(self.items.iter_mut().filter_map(OnceLock::get_mut).map(Box::as_mut))
    }
}

impl<T: DeserializeOwned> IntoIterator for ItemList<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(mut self) -> Self::IntoIter {
        self.read_all();
        let items: Vec<T> = self.items.into_iter().filter_map(OnceLock::into_inner).map(|item| *item).collect();
        items.into_iter()
    }
}
