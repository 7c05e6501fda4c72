//! Finds an order in which to sum over the causes and findings of a block, so that few are open at once (variable elimination,
//! Zhang & Poole 1996).
//!
//! A cause is open from the first step that mentions it to the last. It is settled after all causes that lead to it,
//! and closed after the last step in which it leads to another or shows a finding. A finding is open from the first cause that
//! shows it to the last. The order goes depth first along `leads to` and closes a cause before the last of its consequences is
//! settled. Otherwise it continues with the cause that opens the fewest findings and closes the most. So a chain of any length
//! has two or three open at a time, and so do a cause that leads to many and a cause that many lead to.

use super::model::CauseBlock;

/// An order of elimination.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EliminationOrder {
    /// Each cause is opened once, settled once after all `Lead` steps to it, and closed once after all `Lead` steps
    /// from it. Each finding is opened once and closed once after all `Lead` steps to it.
    pub(crate) steps: Vec<EliminationStep>,
    /// The largest number of causes and findings that are open at once.
    pub(crate) widest: usize,
    /// The findings that are open where most is open, in the first such place.
    pub(crate) findings_at_widest: Vec<usize>,
}

/// One step of an order. The open causes and findings have the slots `0..n` without a gap: a new one gets the highest slot, and
/// where one is closed, those above it move down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum EliminationStep {
    /// Opens a cause. It may have arisen by itself.
    Open(usize),
    /// Opens a finding. It may be seen without a cause.
    OpenFinding(usize),
    /// A settled cause may lead to another open one, or show an open finding.
    Lead {
        /// Slot of the settled cause.
        from: usize,
        /// Slot of the other.
        to: usize,
        /// Chance that the first leads to the other or shows it, if it is present.
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
    /// Keeps what has shown the finding: no later step can show it.
    CloseFinding {
        /// Its slot.
        slot: usize,
    },
}

/// Returns an order for the causes of `block`, whose links form no cycle. Takes time proportional to causes and links, times the
/// number of causes and findings open at once.
pub(crate) fn order(block: &CauseBlock) -> EliminationOrder {
    let mut schedule = Schedule::new(block);
    while let Some(root) = schedule.next_root() {
        schedule.open(Item::Cause(root));
        let mut tasks = vec![Task::Settle(root)];
        while let Some(task) = tasks.pop() {
            schedule.perform(task, &mut tasks);
        }
    }
    debug_assert!(schedule.open.is_empty(), "everything that was opened is closed");
    debug_assert!(schedule.is_settled.iter().all(|settled| *settled), "every cause is settled");
    schedule.order
}

/// A cause or a finding, by its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    Cause(usize),
    Finding(usize),
}

/// An order that is being built.
struct Schedule<'a> {
    block: &'a CauseBlock,
    /// For each cause, those that lead to it.
    led_to_by: Vec<Vec<usize>>,
    /// For each cause, the number of causes that lead to it and have no `Lead` step yet.
    missing: Vec<usize>,
    is_settled: Vec<bool>,
    /// All causes that are not settled are among these and those after the first of them.
    first_unsettled: usize,
    /// For each finding, the causes that show it.
    shown_by: Vec<Vec<usize>>,
    /// For each finding, the number of causes that show it and have no `Lead` step yet.
    unshown: Vec<usize>,
    /// The open causes and findings by slot.
    open: Vec<Item>,
    order: EliminationOrder,
}

enum Task {
    Settle(usize),
    Lead(usize, usize, f64),
    Close(usize),
}

impl Schedule<'_> {
    fn new(block: &CauseBlock) -> Schedule<'_> {
        let mut led_to_by: Vec<Vec<usize>> = vec![Vec::new(); block.causes.len()];
        let mut shown_by: Vec<Vec<usize>> = vec![Vec::new(); block.leaks.len()];
        for (index, cause) in block.causes.iter().enumerate() {
            cause.leads_to.iter().for_each(|&(to, _)| led_to_by[to].push(index));
            cause.shows.iter().for_each(|&(finding, _)| shown_by[finding].push(index));
        }
        Schedule {
            block,
            missing: led_to_by.iter().map(Vec::len).collect(),
            unshown: shown_by.iter().map(Vec::len).collect(),
            led_to_by,
            shown_by,
            is_settled: vec![false; block.causes.len()],
            first_unsettled: 0,
            open: Vec::new(),
            order: EliminationOrder { steps: Vec::new(), widest: 0, findings_at_widest: Vec::new() },
        }
    }

    /// Adds the step of a task, and pushes the tasks that follow from it.
    fn perform(&mut self, task: Task, tasks: &mut Vec<Task>) {
        match task {
            Task::Settle(cause) => {
                debug_assert_eq!(self.missing[cause], 0, "a cause is settled after all that lead to it");
                self.is_settled[cause] = true;
                self.order.steps.push(EliminationStep::Settle { cause, slot: self.slot(Item::Cause(cause)) });
                self.show(cause);
                let mut leads_to = self.block.causes[cause].leads_to.clone();
                // A consequence that waits for other causes stays open longest, so it is opened last.
                leads_to.sort_by_key(|&(to, _)| self.missing[to]);
                tasks.push(Task::Close(cause));
                tasks.extend(leads_to.into_iter().rev().map(|(to, chance)| Task::Lead(cause, to, chance)));
            }
            Task::Lead(cause, to, chance) => {
                debug_assert!(self.is_settled[cause] && !self.is_settled[to], "links form no cycle");
                if !self.open.contains(&Item::Cause(to)) {
                    self.open(Item::Cause(to));
                }
                self.lead(cause, Item::Cause(to), chance);
                self.missing[to] -= 1;
                if matches!(tasks.last(), Some(Task::Close(_))) {
                    tasks.pop();
                    self.close(Item::Cause(cause));
                }
                if self.missing[to] == 0 {
                    tasks.push(Task::Settle(to));
                }
            }
            Task::Close(cause) => self.close(Item::Cause(cause)),
        }
    }

    /// Adds the steps for the findings that a cause shows. Those that no other cause shows any more are closed first, and those
    /// that stay open are opened last.
    fn show(&mut self, cause: usize) {
        let mut shows = self.block.causes[cause].shows.clone();
        shows.sort_by_key(|&(finding, _)| (self.unshown[finding] > 1, !self.is_open(finding)));
        for (finding, chance) in shows {
            if !self.is_open(finding) {
                self.open(Item::Finding(finding));
            }
            self.lead(cause, Item::Finding(finding), chance);
            self.unshown[finding] -= 1;
            if self.unshown[finding] == 0 {
                self.close(Item::Finding(finding));
            }
        }
    }

    /// Returns the cause to go on with; `None` if all are settled.
    fn next_root(&mut self) -> Option<usize> {
        while *self.is_settled.get(self.first_unsettled)? {
            self.first_unsettled += 1;
        }
        let causes = self.open.iter().filter_map(|item| match item {
            Item::Cause(cause) => Some(*cause),
            Item::Finding(_) => None,
        });
        let near = causes.min_by_key(|&cause| (self.missing[cause], cause)).or_else(|| {
            let findings = self.open.iter().filter_map(|item| match item {
                Item::Finding(finding) => Some(*finding),
                Item::Cause(_) => None,
            });
            let linked = findings.flat_map(|finding| &self.shown_by[finding]).copied();
            linked.filter(|&cause| !self.is_settled[cause]).min_by_key(|&cause| self.gain(cause))
        });
        let near = near.or_else(|| {
            let rest = (self.first_unsettled..self.is_settled.len()).filter(|&cause| !self.is_settled[cause]);
            rest.min_by_key(|&cause| self.gain(cause))
        });
        let mut at = near?;
        while self.missing[at] > 0 {
            at = self.led_to_by[at].iter().copied().find(|&from| !self.is_settled[from])?;
        }
        Some(at)
    }

    /// By how much more findings are open after a cause than before it; then its index.
    fn gain(&self, cause: usize) -> (isize, usize) {
        let by = self.block.causes[cause].shows.iter().map(|&(finding, _)| {
            match (self.is_open(finding), self.unshown[finding]) {
                (true, 1) => -1,
                (true, _) | (false, 1) => 0,
                (false, _) => 1,
            }
        });
        (by.sum(), cause)
    }

    /// Whether a finding is open. One that was closed counts as not open.
    fn is_open(&self, finding: usize) -> bool {
        let left = self.unshown[finding];
        0 < left && left < self.shown_by[finding].len()
    }

    fn slot(&self, item: Item) -> usize {
        self.open.iter().position(|&open| open == item).expect("an item is open until it is closed")
    }

    fn open(&mut self, item: Item) {
        debug_assert!(!self.open.contains(&item), "an item is opened once");
        self.open.push(item);
        self.order.steps.push(match item {
            Item::Cause(cause) => EliminationStep::Open(cause),
            Item::Finding(finding) => EliminationStep::OpenFinding(finding),
        });
        if self.open.len() > self.order.widest {
            self.order.widest = self.open.len();
            let findings = self.open.iter().filter_map(|item| match item {
                Item::Finding(finding) => Some(*finding),
                Item::Cause(_) => None,
            });
            self.order.findings_at_widest = findings.collect();
        }
    }

    fn lead(&mut self, cause: usize, to: Item, chance: f64) {
        let (from, to) = (self.slot(Item::Cause(cause)), self.slot(to));
        self.order.steps.push(EliminationStep::Lead { from, to, chance });
    }

    fn close(&mut self, item: Item) {
        let slot = self.slot(item);
        self.open.remove(slot);
        self.order.steps.push(match item {
            Item::Cause(_) => EliminationStep::Close { slot },
            Item::Finding(_) => EliminationStep::CloseFinding { slot },
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::posterior::model::BlockCause;

    fn causes(links: &[&[usize]]) -> CauseBlock {
        let cause = |to: &&[usize]| BlockCause {
            arises: 0.1,
            stays_away: 0.9,
            fits: 1.0,
            shows: Vec::new(),
            leads_to: to.iter().map(|&to| (to, 0.5)).collect(),
        };
        CauseBlock { causes: links.iter().map(cause).collect(), leaks: Vec::new() }
    }

    /// The most that is open where each cause shows the findings that are named.
    fn widest_of_findings(shows: &[&[usize]]) -> usize {
        let mut block = causes(&vec![&[] as &[usize]; shows.len()]);
        for (cause, shows) in block.causes.iter_mut().zip(shows) {
            cause.shows = shows.iter().map(|&finding| (finding, 0.5)).collect();
        }
        block.leaks = vec![0.1; shows.iter().copied().flatten().max().map_or(0, |most| most + 1)];
        order(&block).widest
    }

    #[test]
    fn findings_are_open_only_between_the_causes_that_show_them() {
        assert_eq!(widest_of_findings(&[&[0]]), 2);
        assert_eq!(widest_of_findings(&[&[0, 1, 2, 3]]), 2);
        // A chain, in any order of the causes.
        assert_eq!(widest_of_findings(&[&[0, 1], &[1, 2], &[2, 3], &[3, 4]]), 2);
        assert_eq!(widest_of_findings(&[&[2, 3], &[0, 1], &[3, 4], &[1, 2]]), 2);
        assert_eq!(widest_of_findings(&[&[0, 1, 2], &[0, 1, 2], &[0, 1, 2]]), 4);
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
