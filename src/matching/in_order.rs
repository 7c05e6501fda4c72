//! Works on the items of a sequence on several threads, and returns the results in the order of the items.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Threads work on rules and patterns that users write, so they get the stack that the main thread has.
const STACK_BYTES: usize = 8 << 20;

/// The most items, apart from one for each thread, that are read and not folded yet. So a thread need not wait while another
/// one works on a difficult item.
const AHEAD: usize = 3;

/// Passes what `work` makes of each item to `fold`, in the order of the items. `next` returns the items until it returns
/// `None`.
///
/// `next` and `fold` run on the calling thread, which works on items as well when there is nothing to read or to fold.
/// `n_threads` counts the calling thread. At most `n_threads` + [`AHEAD`] items are held at a time. If a thread cannot be
/// started, the others do its work.
pub(super) fn map_in_order<I: Send, O: Send>(
    n_threads: usize,
    mut next: impl FnMut() -> Option<I>,
    work: impl Fn(I) -> O + Sync,
    mut fold: impl FnMut(O),
) {
    let line = Line::default();
    thread::scope(|scope| {
        let _ends = EndsLine(&line);
        for _ in 1..n_threads {
            let worker = || line.work_until_end(&work);
            if thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, worker).is_err() {
                break;
            }
        }
        let (mut n_read, mut n_folded, mut has_more) = (0, 0, true);
        loop {
            if let Some(result) = line.take_result(n_folded) {
                n_folded += 1;
                fold(result);
            } else if has_more && n_read - n_folded < n_threads + AHEAD {
                match next() {
                    Some(item) => line.add(n_read, item),
                    None => has_more = false,
                }
                n_read += usize::from(has_more);
            } else if n_folded == n_read {
                break;
            } else if let Some((number, item)) = line.take_item() {
                line.add_result(number, work(item));
            } else if !line.wait_for(n_folded) {
                // The scope passes the panic of the thread on.
                break;
            }
        }
    });
}

/// The items that are read and not folded yet.
struct Line<I, O> {
    state: Mutex<State<I, O>>,
    has_items: Condvar,
    has_results: Condvar,
}

struct State<I, O> {
    items: VecDeque<(usize, I)>,
    results: BTreeMap<usize, O>,
    /// Whether no more items come.
    is_ended: bool,
    /// Whether a thread has panicked.
    is_broken: bool,
}

/// Ends the line when it is dropped, so that threads end even if the calling thread panics.
struct EndsLine<'l, I, O>(&'l Line<I, O>);

/// Notes that its thread has panicked.
struct Watched<'l, I, O>(&'l Line<I, O>);

impl<I, O> Default for Line<I, O> {
    fn default() -> Self {
        let state = State { items: VecDeque::new(), results: BTreeMap::new(), is_ended: false, is_broken: false };
        Line { state: Mutex::new(state), has_items: Condvar::new(), has_results: Condvar::new() }
    }
}

impl<I, O> Line<I, O> {
    fn state(&self) -> MutexGuard<'_, State<I, O>> {
        // No code that can panic runs while the lock is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, number: usize, item: I) {
        self.state().items.push_back((number, item));
        self.has_items.notify_one();
    }

    fn take_item(&self) -> Option<(usize, I)> {
        self.state().items.pop_front()
    }

    fn add_result(&self, number: usize, result: O) {
        self.state().results.insert(number, result);
        self.has_results.notify_one();
    }

    fn take_result(&self, number: usize) -> Option<O> {
        self.state().results.remove(&number)
    }

    /// Waits until the result is there. Returns `false` if it will never be, because a thread has panicked.
    fn wait_for(&self, number: usize) -> bool {
        let waits = |state: &mut State<I, O>| !state.results.contains_key(&number) && !state.is_broken;
        let waited = self.has_results.wait_while(self.state(), waits);
        !waited.unwrap_or_else(PoisonError::into_inner).is_broken
    }

    fn work_until_end(&self, work: &impl Fn(I) -> O) {
        let _watched = Watched(self);
        loop {
            let waits = |state: &mut State<I, O>| state.items.is_empty() && !state.is_ended;
            let waited = self.has_items.wait_while(self.state(), waits);
            let item = waited.unwrap_or_else(PoisonError::into_inner).items.pop_front();
            let Some((number, item)) = item else { break };
            self.add_result(number, work(item));
        }
    }
}

impl<I, O> Drop for EndsLine<'_, I, O> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.items.clear();
        state.is_ended = true;
        drop(state);
        self.0.has_items.notify_all();
    }
}

impl<I, O> Drop for Watched<'_, I, O> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.state().is_broken = true;
            self.0.has_results.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    fn squares(n_threads: usize, n: usize) -> Vec<usize> {
        let (mut items, mut results) = (0..n, Vec::new());
        let work = |item: usize| {
            // Later items are ready earlier.
            thread::sleep(Duration::from_micros((n - item) as u64 % 7 * 50));
            item * item
        };
        map_in_order(n_threads, || items.next(), work, |result| results.push(result));
        results
    }

    #[test]
    fn the_results_come_in_the_order_of_the_items() {
        let expected: Vec<usize> = (0..200).map(|item| item * item).collect();
        for n_threads in [1, 2, 7] {
            assert_eq!(squares(n_threads, 200), expected);
            assert_eq!(squares(n_threads, 0), [] as [usize; 0]);
        }
    }

    #[test]
    fn few_items_are_held_at_a_time() {
        let (held, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut items = 0..100;
        let next = || {
            let item = items.next()?;
            most.fetch_max(held.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            Some(item)
        };
        map_in_order(3, next, |item| item, |_| _ = held.fetch_sub(1, Ordering::SeqCst));
        assert!(most.into_inner() <= 3 + AHEAD);
    }

    #[test]
    fn a_panic_is_passed_on_wherever_it_happens() {
        for n_threads in [1, 3] {
            let mut items = 0..50;
            let panics = |item: usize| assert!(item != 20, "no");
            let run = || map_in_order(n_threads, || items.next(), panics, drop);
            assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
            let (mut items, mut n_folded) = (0..50, 0);
            let fold = |()| {
                n_folded += 1;
                assert!(n_folded < 10, "no");
            };
            let run = || map_in_order(n_threads, || items.next(), |_| (), fold);
            assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
        }
    }
}
