//! Finds an order in which to sum over the causes of a block, so that few are open at once (variable elimination, Zhang
//! & Poole 1996).
//!
//! A cause is open from the first step that mentions it to the last. It is settled after all causes that lead to it,
//! and closed after the last step in which it leads to another. The order goes depth first and closes a cause before
//! the last of its consequences is settled. So a chain of any length has two causes open at a time, and so do a cause
//! that leads to many and a cause that many lead to.

use super::model::BlockCause;

/// An order of elimination.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EliminationOrder {
    /// Each cause is opened once, settled once after all `Lead` steps to it, and closed once after all `Lead` steps
    /// from it.
    pub(crate) steps: Vec<EliminationStep>,
    /// The largest number of causes that are open at once.
    pub(crate) widest: usize,
}

/// One step of an order. The open causes have the slots `0..n` without a gap: a new one gets the highest slot, and
/// where one is closed, those above it move down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum EliminationStep {
    /// Opens a cause. It may have arisen by itself.
    Open(usize),
    /// A settled cause may lead to another open one.
    Lead {
        /// Slot of the settled cause.
        from: usize,
        /// Slot of the other.
        to: usize,
        /// Chance that the first leads to the other, if it is present.
        chance: f64,
    },
    /// From here on it is fixed whether the cause is present: no `Lead` step to it follows.
    Settle {
        /// Index of the cause.
        cause: usize,
        /// Its slot.
        slot: usize,
    },
    /// Sums the cause out: no later step depends on it.
    Close {
        /// Its slot.
        slot: usize,
    },
}

/// Returns an order for `causes`, whose links form no cycle. Takes time proportional to causes and links, times the
/// number of causes open at once.
pub(crate) fn order(causes: &[BlockCause]) -> EliminationOrder {
    let mut led_to_by: Vec<Vec<usize>> = vec![Vec::new(); causes.len()];
    for (index, cause) in causes.iter().enumerate() {
        cause.leads_to.iter().for_each(|&(to, _)| led_to_by[to].push(index));
    }
    let missing = led_to_by.iter().map(Vec::len).collect();
    let mut schedule = Schedule {
        causes,
        led_to_by,
        missing,
        is_settled: vec![false; causes.len()],
        open: Vec::new(),
        order: EliminationOrder { steps: Vec::new(), widest: 0 },
    };
    let mut next = 0;
    while next < causes.len() {
        let root = schedule.root_of_open().unwrap_or(next);
        if schedule.is_settled[root] || schedule.missing[root] > 0 {
            next += 1;
            continue;
        }
        schedule.open(root);
        let mut tasks = vec![Task::Settle(root)];
        while let Some(task) = tasks.pop() {
            schedule.perform(task, &mut tasks);
        }
    }
    debug_assert!(schedule.open.is_empty(), "every cause that was opened is closed");
    debug_assert!(schedule.is_settled.iter().all(|settled| *settled), "every cause is settled");
    schedule.order
}

/// An order that is being built.
struct Schedule<'a> {
    causes: &'a [BlockCause],
    /// For each cause, those that lead to it.
    led_to_by: Vec<Vec<usize>>,
    /// For each cause, the number of causes that lead to it and have no `Lead` step yet.
    missing: Vec<usize>,
    is_settled: Vec<bool>,
    /// The open causes by slot.
    open: Vec<usize>,
    order: EliminationOrder,
}

enum Task {
    Settle(usize),
    Lead(usize, usize, f64),
    Close(usize),
}

impl Schedule<'_> {
    /// Adds the step of a task, and pushes the tasks that follow from it.
    fn perform(&mut self, task: Task, tasks: &mut Vec<Task>) {
        match task {
            Task::Settle(cause) => {
                debug_assert_eq!(self.missing[cause], 0, "a cause is settled after all that lead to it");
                self.is_settled[cause] = true;
                self.order.steps.push(EliminationStep::Settle { cause, slot: self.slot(cause) });
                let mut leads_to = self.causes[cause].leads_to.clone();
                // A consequence that waits for other causes stays open longest, so it is opened last.
                leads_to.sort_by_key(|&(to, _)| self.missing[to]);
                tasks.push(Task::Close(cause));
                tasks.extend(leads_to.into_iter().rev().map(|(to, chance)| Task::Lead(cause, to, chance)));
            }
            Task::Lead(cause, to, chance) => {
                debug_assert!(self.is_settled[cause] && !self.is_settled[to], "links form no cycle");
                if !self.open.contains(&to) {
                    self.open(to);
                }
                self.order.steps.push(EliminationStep::Lead { from: self.slot(cause), to: self.slot(to), chance });
                self.missing[to] -= 1;
                if matches!(tasks.last(), Some(Task::Close(_))) {
                    tasks.pop();
                    self.close(cause);
                }
                if self.missing[to] == 0 {
                    tasks.push(Task::Settle(to));
                }
            }
            Task::Close(cause) => self.close(cause),
        }
    }

    /// Returns the cause to start from so that the open cause with the fewest missing `Lead` steps is settled soon;
    /// `None` when no cause is open.
    fn root_of_open(&self) -> Option<usize> {
        let mut at = self.open.iter().copied().min_by_key(|&cause| (self.missing[cause], cause))?;
        while self.missing[at] > 0 {
            at = self.led_to_by[at].iter().copied().find(|&from| !self.is_settled[from])?;
        }
        Some(at)
    }

    fn slot(&self, cause: usize) -> usize {
        self.open.iter().position(|&open| open == cause).expect("a cause is open until it is closed")
    }

    fn open(&mut self, cause: usize) {
        debug_assert!(!self.open.contains(&cause), "a cause is opened once");
        self.open.push(cause);
        self.order.widest = self.order.widest.max(self.open.len());
        self.order.steps.push(EliminationStep::Open(cause));
    }

    fn close(&mut self, cause: usize) {
        let slot = self.slot(cause);
        self.open.remove(slot);
        self.order.steps.push(EliminationStep::Close { slot });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn causes(links: &[&[usize]]) -> Vec<BlockCause> {
        let cause = |to: &&[usize]| BlockCause {
            arises: 0.1,
            stays_away: 0.9,
            fits: 1.0,
            shows: Vec::new(),
            leads_to: to.iter().map(|&to| (to, 0.5)).collect(),
        };
        links.iter().map(cause).collect()
    }

    fn widest(links: &[&[usize]]) -> usize {
        order(&causes(links)).widest
    }

    #[test]
    fn chains_fans_and_funnels_need_two_at_a_time() {
        assert_eq!(widest(&[&[], &[]]), 1);
        assert_eq!(widest(&[&[1], &[2], &[3], &[]]), 2);
        assert_eq!(widest(&[&[1, 2, 3, 4], &[], &[], &[], &[]]), 2);
        assert_eq!(widest(&[&[4], &[4], &[4], &[4], &[]]), 2);
        // Several funnels (many causes that lead to one), with the names in any order.
        assert_eq!(widest(&[&[2], &[3], &[], &[], &[2], &[3]]), 2);
        // Two causes that both lead to the same two.
        assert_eq!(widest(&[&[2, 3], &[2, 3], &[], &[]]), 3);
    }

    #[test]
    fn a_cause_is_settled_after_all_that_lead_to_it() {
        let lead = |from, to| EliminationStep::Lead { from, to, chance: 0.5 };
        let expected = [
            EliminationStep::Open(0),
            EliminationStep::Settle { cause: 0, slot: 0 },
            EliminationStep::Open(2),
            lead(0, 1),
            EliminationStep::Close { slot: 0 },
            EliminationStep::Open(1),
            EliminationStep::Settle { cause: 1, slot: 1 },
            lead(1, 0),
            EliminationStep::Close { slot: 1 },
            EliminationStep::Settle { cause: 2, slot: 0 },
            EliminationStep::Close { slot: 0 },
        ];
        assert_eq!(order(&causes(&[&[2], &[2], &[]])).steps, expected);
    }

    #[test]
    fn a_long_chain_is_no_trouble() {
        let n = 100_000;
        let links: Vec<Vec<usize>> = (1..=n).map(|next| if next < n { vec![next] } else { Vec::new() }).collect();
        let links: Vec<&[usize]> = links.iter().map(Vec::as_slice).collect();
        assert_eq!(widest(&links), 2);
    }
}
