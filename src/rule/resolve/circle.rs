//! Finds causes that lead to themselves, directly or through others.

use crate::source::Span;

/// For each cause, by provisional id: the causes that it leads to, each with the place of its `leads to`.
pub(super) type Links = Vec<Vec<(usize, Span)>>;

/// At most this many causes of a circle are named in a diagnostic: the first ones and the last.
const MOST_NAMED: usize = 8;

/// A chain of causes that leads back to its first cause.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Circle {
    /// The causes in order, by provisional id. Of a long circle, only the first ones and the last, which leads to the
    /// first.
    pub(super) causes: Vec<usize>,
    /// The number of causes that are left out before the last.
    pub(super) n_left_out: usize,
    /// The place of the `leads to` with which the last cause leads back to the first.
    pub(super) span: Span,
}

/// Finds circles in `links`, at most one for each cause that leads back into its own chain (the last cause of a
/// circle). Without these last causes no circle is left. Takes time linear in causes and links.
pub(super) fn circles(links: &Links) -> Vec<Circle> {
    let mut circles = Vec::new();
    let mut seen = vec![false; links.len()];
    let mut place: Vec<Option<usize>> = vec![None; links.len()];
    for start in 0..links.len() {
        if seen[start] {
            continue;
        }
        // The chain of causes from `start` to here, each with the number of its links that were followed.
        let mut way = vec![(start, 0)];
        (seen[start], place[start]) = (true, Some(0));
        while let Some((at, followed)) = way.last_mut() {
            let Some(&(next, span)) = links[*at].get(*followed) else {
                place[*at] = None;
                way.pop();
                continue;
            };
            *followed += 1;
            if let Some(first) = place[next] {
                // This cause is left out, together with everything else that it leads to.
                *followed = links[*at].len();
                circles.push(circle(&way[first..], span));
            } else if !seen[next] {
                (seen[next], place[next]) = (true, Some(way.len()));
                way.push((next, 0));
            }
        }
    }
    circles
}

fn circle(way: &[(usize, usize)], span: Span) -> Circle {
    let n_left_out = way.len().saturating_sub(MOST_NAMED);
    let (first, last) = way.split_at(way.len() - 1);
    let causes = first[..first.len() - n_left_out].iter().chain(last).map(|(cause, _)| *cause).collect();
    Circle { causes, n_left_out, span }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn links(of: &[&[usize]]) -> Links {
        of.iter().map(|to| to.iter().map(|&to| (to, Span::new(to, to))).collect()).collect()
    }

    #[test]
    fn a_circle_is_told_from_a_cause_reached_twice() {
        assert_eq!(circles(&links(&[&[1, 2], &[3], &[3], &[]])), []);
        let circle =
            |causes: &[usize], to: usize| Circle { causes: causes.to_vec(), n_left_out: 0, span: Span::new(to, to) };
        assert_eq!(circles(&links(&[&[1, 2], &[3], &[3], &[1]])), [circle(&[1, 3], 1)]);
        assert_eq!(circles(&links(&[&[], &[1]])), [circle(&[1], 1)]);
    }

    #[test]
    fn a_long_way_is_no_trouble() {
        let n = 200_000;
        let way: Links = (0..n).map(|at| vec![((at + 1) % n, Span::new(0, 0))]).collect();
        let [circle] = &circles(&way)[..] else { panic!("one circle") };
        assert_eq!((&circle.causes[..], circle.n_left_out), (&[0, 1, 2, 3, 4, 5, 6, n - 1][..], n - 8));
    }

    proptest! {
        #[test]
        fn without_the_last_of_each_circle_nothing_leads_to_itself(
            mut links in prop::collection::vec(prop::collection::vec((0..8usize, Just(Span::new(0, 0))), 0..4), 8),
        ) {
            let found = circles(&links);
            for circle in &found {
                for (at, &cause) in circle.causes.iter().enumerate() {
                    let next = circle.causes[(at + 1) % circle.causes.len()];
                    prop_assert!(links[cause].iter().any(|(to, _)| *to == next));
                }
            }
            for circle in &found {
                links[*circle.causes.last().expect("a circle has causes")].clear();
            }
            // Causes that lead to no other cause are removed until none is left.
            let mut left: Vec<usize> = (0..links.len()).collect();
            for _ in 0..links.len() {
                let stays = |cause: &usize| links[*cause].iter().any(|(to, _)| left.contains(to));
                left = left.iter().copied().filter(stays).collect();
            }
            prop_assert_eq!(left, Vec::<usize>::new());
        }
    }
}
