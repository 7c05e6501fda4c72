//! Divides questions into folds for cross-validation. Questions that share a right article stay together; otherwise
//! weights fitted to one would be measured on another that is nearly the same.

use std::collections::HashMap;

use crate::eval::judged::Question;
use crate::eval::random::Random;

/// Returns the fold of each question, from 0, below `n_folds`; the questions of `sets` come one set after the other. A
/// group is all questions that share an article, directly or through others, also across sets. The largest groups are
/// placed first, groups of one size in an order that depends only on `seed`. Each goes to the fold with the fewest
/// questions of the group's sets so far; if several have as few, to the one with the fewest questions of all sets. With
/// fewer groups than folds, some folds stay empty.
pub fn folds(sets: &[&[Question]], n_folds: usize, seed: u64) -> Vec<usize> {
    let questions: Vec<&Question> = sets.iter().copied().flatten().collect();
    let set_of: Vec<usize> = (0..).zip(sets).flat_map(|(set, questions)| vec![set; questions.len()]).collect();
    let mut groups = groups(&questions);
    Random::new(seed).shuffle(&mut groups);
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let n_folds = n_folds.max(1);
    let mut sizes = vec![vec![0; n_folds]; sets.len()];
    let mut fold_of = vec![0; questions.len()];
    for group in groups {
        let own = |fold: usize| group.iter().map(|&question| sizes[set_of[question]][fold]).sum::<usize>();
        let all = |fold: usize| sizes.iter().map(|of_set| of_set[fold]).sum::<usize>();
        let smallest = (0..n_folds).min_by_key(|&fold| (own(fold), all(fold))).expect("there is at least one fold");
        for question in group {
            sizes[set_of[question]][smallest] += 1;
            fold_of[question] = smallest;
        }
    }
    fold_of
}

/// Returns the groups of questions that share an article, as indices, in order of their first question.
fn groups(questions: &[&Question]) -> Vec<Vec<usize>> {
    let mut parents: Vec<usize> = (0..questions.len()).collect();
    let mut first_with: HashMap<&str, usize> = HashMap::new();
    for (index, question) in questions.iter().enumerate() {
        for id in &question.relevant {
            let other = *first_with.entry(id).or_insert(index);
            let (a, b) = (root(&mut parents, index), root(&mut parents, other));
            parents[a.max(b)] = a.min(b);
        }
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); questions.len()];
    for index in 0..questions.len() {
        groups[root(&mut parents, index)].push(index);
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// Returns the first question of the group that `index` belongs to, and shortens the path to it in `parents`.
fn root(parents: &mut [usize], mut index: usize) -> usize {
    while parents[index] != index {
        parents[index] = parents[parents[index]];
        index = parents[index];
    }
    index
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn questions(relevant: &[&str]) -> Vec<Question> {
        let question = |(index, ids): (usize, &&str)| Question {
            id: index.to_string(),
            query: String::new(),
            relevant: ids.split(' ').map(str::to_owned).collect(),
            style: None,
        };
        relevant.iter().enumerate().map(question).collect()
    }

    #[test]
    fn questions_that_share_an_article_stay_together() {
        let asked = questions(&["a", "b", "c", "b d", "e", "d f", "f"]);
        assert_eq!(groups(&asked.iter().collect::<Vec<_>>()), [vec![0], vec![1, 3, 5, 6], vec![2], vec![4]]);
        for seed in 0..20 {
            let folds = folds(&[&asked], 3, seed);
            assert!([3, 5, 6].iter().all(|&twin| folds[twin] == folds[1]), "{folds:?}");
        }
    }

    #[test]
    fn folds_are_even_and_follow_from_the_seed() {
        let names: Vec<String> = (0..23).map(|n| format!("q{n}")).collect();
        let asked = questions(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let dealt = folds(&[&asked], 5, 1);
        let sizes: Vec<usize> = (0..5).map(|fold| dealt.iter().filter(|&&of| of == fold).count()).collect();
        assert_eq!(sizes, [5, 5, 5, 4, 4]);
        assert_eq!(folds(&[&asked], 5, 1), dealt);
        assert_ne!(folds(&[&asked], 5, 2), dealt);
        assert_eq!(folds(&[&asked], 0, 1), vec![0; 23]);
        assert_eq!(folds(&[&[]], 5, 1), Vec::<usize>::new());
    }

    #[test]
    fn each_set_is_spread_over_the_folds_and_twins_in_two_sets_stay_together() {
        let names: Vec<String> = (0..10).map(|n| format!("q{n}")).collect();
        let one = questions(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let other = questions(&["a", "q3", "b", "c", "d"]);
        for seed in 0..20 {
            let dealt = folds(&[&one, &other], 5, seed);
            assert_eq!(dealt[11], dealt[3]);
            let sizes = |of: &[usize]| (0..5).map(|fold| of.iter().filter(|&&f| f == fold).count()).collect::<Vec<_>>();
            assert_eq!((sizes(&dealt[..10]), sizes(&dealt[10..])), (vec![2; 5], vec![1; 5]));
        }
        // The remaining questions of each set go to different folds.
        assert_eq!(folds(&[&one[..1], &one[1..2], &one[2..3]], 3, 1).iter().collect::<BTreeSet<_>>().len(), 3);
    }
}
