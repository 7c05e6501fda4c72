use proptest::prelude::*;

use super::*;

fn literal(text: &str) -> Literal {
    Literal::new(text.as_bytes().to_vec(), false)
}

/// A target that requires each of `words`.
fn all_of(words: &[&str]) -> TargetLiterals<'static> {
    TargetLiterals { sets: words.iter().map(|word| vec![literal(word)]).collect(), runs: &[] }
}

fn run(run: &Literal) -> TargetLiterals<'_> {
    TargetLiterals { sets: Cow::Borrowed(&[]), runs: std::slice::from_ref(run) }
}

/// Returns the targets found in each line of `text`.
fn by_line(prefilter: &Prefilter, text: &str) -> Vec<(usize, u32)> {
    let line = |at: usize| text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
    let mut found: Vec<_> = prefilter.candidates(text.as_bytes()).iter().map(|at| (line(at.at), at.target)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn a_long_literal_is_found_by_its_beginning() {
    let long = "ab".repeat(12_500);
    let prefilter = Prefilter::new(&[all_of(&[&long])]);
    assert_eq!(prefilter.literals[0].bytes.len(), MAX_SEARCHED);
    assert!(!prefilter.candidates(&long.as_bytes()[..64]).is_empty());
    assert!(prefilter.candidates(&long.as_bytes()[..63]).is_empty());
}

#[test]
fn literals_of_all_lengths_are_found_in_order() {
    let texts = ["abc", "bcdefg", "abcdefghijklm", "abc"];
    let prefilter = Prefilter::new(&texts.map(|text| all_of(&[text])));
    assert_eq!(
        by_line(&prefilter, "xabcdefghijklm\nabcdefg\nabcd\nxyz\nabcdefghijkl"),
        [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 1), (1, 3), (2, 0), (2, 3), (4, 0), (4, 1), (4, 3)]
    );
}

#[test]
fn case_counts_only_where_the_pattern_says_so() {
    let ignoring = Literal::new(b"refused".to_vec(), true);
    let ignoring = TargetLiterals { sets: vec![vec![ignoring]].into(), runs: &[] };
    let prefilter = Prefilter::new(&[ignoring, all_of(&["refused"])]);
    assert_eq!(by_line(&prefilter, "REFused\nrefused"), [(0, 0), (1, 0), (1, 1)]);
}

#[test]
fn a_record_with_the_rarest_set_is_searched_for_the_others() {
    let any = vec![literal("timeout"), Literal::new(b"refused".to_vec(), true)];
    let mut target = all_of(&["connection", "zebra2"]);
    target.sets.to_mut().push(any);
    let prefilter = Prefilter::new(&[target]);
    let found: Vec<_> = prefilter.candidates(b"connection timeout zebra2").iter().map(|found| found.at).collect();
    assert_eq!(found, [20]);
    let may_match = |record: &str| prefilter.may_match(0, record.as_bytes());
    assert!(may_match("connection timeout zebra2"));
    assert!(may_match("zebra2 connection REFused"));
    assert!(!may_match("zebra2 connection TIMEout"));
    assert!(!may_match("zebra2 refused refuse"));
}

#[test]
fn blanks_of_a_run_match_any_blanks() {
    let prefilter = Prefilter::new(&[run(&literal("no space left on device"))]);
    let lines =
        "no space left on device\nno  space left\ton \t device\nno space left\non device\nnospace left on device";
    assert_eq!(by_line(&prefilter, lines), [(0, 0), (1, 0)]);
    assert!(prefilter.may_match(0, b"no space left on device"));
}

#[test]
fn signs_that_are_equal_to_letters_make_every_such_target_possible() {
    let disk = Literal::new(b"disk".to_vec(), true);
    let find = Literal::new(b"find".to_vec(), true);
    let targets = [disk, find].map(|literal| TargetLiterals { sets: vec![vec![literal]].into(), runs: &[] });
    let prefilter = Prefilter::new(&targets);
    assert_eq!(
        by_line(&prefilter, "di\u{17F}\u{212A}\nDISK\ndi\\u017Fk\ndi\\u0170k\nfind"),
        [(0, 0), (1, 0), (2, 0), (3, 0), (4, 1)]
    );
    assert!(prefilter.may_match(0, "di\u{17F}k".as_bytes()));
}

#[test]
fn the_signs_are_those_that_the_engine_folds() {
    let written = FOLD_INTO_ASCII.map(|sign| [sign.to_string(), format!("\\u{:04x}", u32::from(sign))[..5].to_owned()]);
    assert_eq!(written.concat().iter().map(String::as_bytes).collect::<Vec<_>>(), SIGNS);
}

#[test]
fn no_literal_finds_nothing() {
    let prefilter = Prefilter::new(&[TargetLiterals::default()]);
    assert!(prefilter.candidates(b"abc").is_empty());
    assert!(prefilter.may_match(0, b"abc"));
}

proptest! {
    /// Targets of random literals over a small alphabet, so that many of them occur, overlap and share windows.
    #[test]
    fn every_line_that_contains_a_literal_has_its_candidate(
        literals in prop::collection::vec("[abA0]{3,20}", 1..40),
        runs in prop::collection::vec("[ab]{1,4}( [ab]{1,6}){1,4}", 0..20),
        lines in prop::collection::vec("[abA0 \t]{0,60}", 1..20),
    ) {
        let runs: Vec<_> = runs.into_iter().filter(|run| run.len() >= MIN_REQUIRED).collect();
        let run_literals: Vec<_> = runs.iter().map(|text| literal(text)).collect();
        let targets = literals.iter().map(|text| all_of(&[text])).chain(run_literals.iter().map(run));
        let targets: Vec<_> = targets.collect();
        let prefilter = Prefilter::new(&targets);
        // Occurrences are planted, because long ones are rare otherwise.
        let lines: Vec<_> = lines.iter().enumerate().map(|(number, line)| {
            let spread = runs.get(number % runs.len().max(1)).map_or(String::new(), |run| run.replace(' ', " \t"));
            format!("{line}{}{line} {spread}", literals[number % literals.len()])
        }).collect();
        let text = lines.join("\n");
        let found = by_line(&prefilter, &text);
        let for_log = Prefilter::for_log(&targets, text.as_bytes());
        prop_assert!(by_line(&for_log, &text).iter().filter(|(_, target)| (*target as usize) < literals.len()).eq(
            found.iter().filter(|(_, target)| (*target as usize) < literals.len())
        ));
        for (number, line) in lines.iter().enumerate() {
            let even = line.split(['\t', ' ']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
            for (target, literal) in (0..).zip(literals.iter().chain(&runs)) {
                let is_run = target as usize >= literals.len();
                let occurs = if is_run { even.contains(literal.as_str()) } else { line.contains(literal.as_str()) };
                let is_found = found.contains(&(number, target));
                // The beginning of a run may be found without its end.
                prop_assert!(if is_run { is_found || !occurs } else { is_found == occurs }, "{literal:?} in {line:?}");
            }
        }
    }
}
