//! Questions in folds for cross-validation. Questions that share a relevant article stay together, or else what was fitted
//! to one would be measured on its twin.

use std::collections::HashMap;

use super::chance::Random;
use super::judged::Question;

/// The fold of each question, below `n_folds`. Groups of questions that hang together, also through others, are dealt out
/// in an order that follows from `seed`, the largest first, each to the smallest fold so far; with fewer groups than folds
/// some folds stay empty.
pub fn folds(questions: &[Question], n_folds: usize, seed: u64) -> Vec<usize> {
    let mut groups = groups(questions);
    Random::new(seed).shuffle(&mut groups);
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let mut sizes = vec![0; n_folds.max(1)];
    let mut fold_of = vec![0; questions.len()];
    for group in groups {
        let smallest = (0..sizes.len()).min_by_key(|&fold| sizes[fold]).expect("there is at least one fold");
        sizes[smallest] += group.len();
        group.into_iter().for_each(|question| fold_of[question] = smallest);
    }
    fold_of
}

/// The questions by what they hang together with, groups in order of their first question.
fn groups(questions: &[Question]) -> Vec<Vec<usize>> {
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

/// The first question of the group, the way there shortened.
fn root(parents: &mut [usize], mut index: usize) -> usize {
    while parents[index] != index {
        parents[index] = parents[parents[index]];
        index = parents[index];
    }
    index
}

#[cfg(test)]
mod tests {
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
        assert_eq!(groups(&asked), [vec![0], vec![1, 3, 5, 6], vec![2], vec![4]]);
        for seed in 0..20 {
            let folds = folds(&asked, 3, seed);
            assert!([3, 5, 6].iter().all(|&twin| folds[twin] == folds[1]), "{folds:?}");
        }
    }

    #[test]
    fn folds_are_even_and_follow_from_the_seed() {
        let names: Vec<String> = (0..23).map(|n| format!("q{n}")).collect();
        let asked = questions(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let dealt = folds(&asked, 5, 1);
        let sizes: Vec<usize> = (0..5).map(|fold| dealt.iter().filter(|&&of| of == fold).count()).collect();
        assert_eq!(sizes, [5, 5, 5, 4, 4]);
        assert_eq!(folds(&asked, 5, 1), dealt);
        assert_ne!(folds(&asked, 5, 2), dealt);
        assert_eq!(folds(&asked, 0, 1), vec![0; 23]);
        assert_eq!(folds(&[], 5, 1), Vec::<usize>::new());
    }
}
