//! Documents that wait for a thread of the index. tantivy lets ten thousand wait, of whatever size; here their bytes are bounded.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tantivy::TantivyDocument;
use tantivy::schema::Document;

/// A document is added although there is no room if none was taken for this long: then the threads of the index have ended, and
/// adding tells why.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The room for documents that wait.
pub(super) struct Room {
    most: usize,
    used: Mutex<usize>,
    freed: Condvar,
}

/// A document that takes room until the index takes it.
pub(super) struct WaitingDocument {
    document: TantivyDocument,
    place: Place,
}

/// A part of the room. It becomes free when this is dropped.
struct Place {
    room: Arc<Room>,
    bytes: usize,
}

impl Room {
    /// Makes room for documents of `most` bytes.
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Room { most, used: Mutex::new(0), freed: Condvar::new() })
    }

    /// Waits until there is room for `document`, which takes about `bytes`. One that is larger than all of the room waits alone.
    pub(super) fn take(self: &Arc<Self>, document: TantivyDocument, bytes: usize) -> WaitingDocument {
        let is_full = |used: &mut usize| *used > 0 && *used + bytes > self.most;
        let waited = self.freed.wait_timeout_while(self.used(), LONGEST_WAIT, is_full);
        *waited.unwrap_or_else(PoisonError::into_inner).0 += bytes;
        WaitingDocument { document, place: Place { room: Arc::clone(self), bytes } }
    }

    fn used(&self) -> MutexGuard<'_, usize> {
        // No code that can panic runs while the lock is held.
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        *self.room.used() -= self.bytes;
        self.room.freed.notify_one();
    }
}

impl Document for WaitingDocument {
    type Value<'a> = <TantivyDocument as Document>::Value<'a>;
    type FieldsValuesIter<'a> = <TantivyDocument as Document>::FieldsValuesIter<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.document.iter_fields_and_values()
    }

    fn into_tantivy_document(self) -> TantivyDocument {
        drop(self.place);
        self.document
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn documents_wait_for_room() {
        let room = Room::new(100);
        let held = [60, 40].map(|bytes| room.take(TantivyDocument::default(), bytes));
        thread::scope(|scope| {
            let waits = scope.spawn(|| room.take(TantivyDocument::default(), 500).place.bytes);
            thread::sleep(Duration::from_millis(50));
            assert!(!waits.is_finished());
            held.into_iter().for_each(|document| drop(document.into_tantivy_document()));
            assert_eq!(waits.join().expect("no panic"), 500);
        });
        assert_eq!(*room.used(), 0);
    }
}
