//! In which order the causes of a block are gone through, so that few must be kept in mind at once.
//!
//! A cause that others lead to is settled after all of them, and forgotten once all that it leads to knows of it. Going depth
//! first, and closing a cause before the last of those that it leads to is settled, a chain needs two causes at a time however
//! long it is, and so do a cause that leads to many and a cause that many lead to.

use super::model::BlockCause;

/// What to do with the causes of a block.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Order {
    /// In order.
    pub(crate) steps: Vec<Step>,
    /// How many causes are open at once, at most.
    pub(crate) widest: usize,
}

/// One step. Open causes have slots, from 0 without a gap; where one is closed, those above it move down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Step {
    /// The cause gets the slot above all others. It may have arisen by itself.
    Open(usize),
    /// The settled cause in one slot may have led to the one in another.
    Lead {
        /// Slot of the settled one.
        from: usize,
        /// Slot of the other.
        to: usize,
        /// Chance that it did, if it is there.
        chance: f64,
    },
    /// Whether the cause in the slot is there will not change any more.
    Settle {
        /// Which.
        cause: usize,
        /// Where it is.
        slot: usize,
    },
    /// The cause in the slot has no more bearing on others.
    Close {
        /// Where it is.
        slot: usize,
    },
}

/// An order for `causes`. Linear in causes and links, but for looking through the open ones at each.
pub(crate) fn order(causes: &[BlockCause]) -> Order {
    let mut led_to_by: Vec<Vec<usize>> = vec![Vec::new(); causes.len()];
    for (index, cause) in causes.iter().enumerate() {
        cause.leads_to.iter().for_each(|&(to, _)| led_to_by[to].push(index));
    }
    let missing = led_to_by.iter().map(Vec::len).collect();
    let mut plan = Plan {
        causes,
        led_to_by,
        missing,
        is_settled: vec![false; causes.len()],
        open: Vec::new(),
        order: Order { steps: Vec::new(), widest: 0 },
    };
    let mut next = 0;
    while next < causes.len() {
        let root = plan.root_of_open().unwrap_or(next);
        if plan.is_settled[root] || plan.missing[root] > 0 {
            next += 1;
            continue;
        }
        plan.open(root);
        let mut tasks = vec![Task::Settle(root)];
        while let Some(task) = tasks.pop() {
            plan.take(task, &mut tasks);
        }
    }
    plan.order
}

/// An order in the making.
struct Plan<'a> {
    causes: &'a [BlockCause],
    /// Of each cause, those that lead to it.
    led_to_by: Vec<Vec<usize>>,
    /// Of each cause, how many that lead to it have not yet done so.
    missing: Vec<usize>,
    is_settled: Vec<bool>,
    /// Causes by slot.
    open: Vec<usize>,
    order: Order,
}

enum Task {
    Settle(usize),
    Lead(usize, usize, f64),
    Close(usize),
}

impl Plan<'_> {
    /// Does a task; what comes next is pushed onto `tasks`.
    fn take(&mut self, task: Task, tasks: &mut Vec<Task>) {
        match task {
            Task::Settle(cause) => {
                self.is_settled[cause] = true;
                self.order.steps.push(Step::Settle { cause, slot: self.slot(cause) });
                let mut leads_to = self.causes[cause].leads_to.clone();
                // Those that wait for others stay open longest, so they come last.
                leads_to.sort_by_key(|&(to, _)| self.missing[to]);
                tasks.push(Task::Close(cause));
                tasks.extend(leads_to.into_iter().rev().map(|(to, chance)| Task::Lead(cause, to, chance)));
            }
            Task::Lead(cause, to, chance) => {
                if !self.open.contains(&to) {
                    self.open(to);
                }
                self.order.steps.push(Step::Lead { from: self.slot(cause), to: self.slot(to), chance });
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

    /// Where to begin so that the open cause that waits for the fewest others is settled soon, if any is open.
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
        self.open.push(cause);
        self.order.widest = self.order.widest.max(self.open.len());
        self.order.steps.push(Step::Open(cause));
    }

    fn close(&mut self, cause: usize) {
        let slot = self.slot(cause);
        self.open.remove(slot);
        self.order.steps.push(Step::Close { slot });
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
        // Roots of several funnels, whatever the order of their names.
        assert_eq!(widest(&[&[2], &[3], &[], &[], &[2], &[3]]), 2);
        // Two that both lead to the same two.
        assert_eq!(widest(&[&[2, 3], &[2, 3], &[], &[]]), 3);
    }

    #[test]
    fn a_cause_is_settled_after_all_that_lead_to_it() {
        let lead = |from, to| Step::Lead { from, to, chance: 0.5 };
        let expected = [
            Step::Open(0),
            Step::Settle { cause: 0, slot: 0 },
            Step::Open(2),
            lead(0, 1),
            Step::Close { slot: 0 },
            Step::Open(1),
            Step::Settle { cause: 1, slot: 1 },
            lead(1, 0),
            Step::Close { slot: 1 },
            Step::Settle { cause: 2, slot: 0 },
            Step::Close { slot: 0 },
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
