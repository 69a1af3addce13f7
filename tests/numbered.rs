//! The examples of behaviour by which the library was specified, and the bad inputs and faults that it has to survive, are numbered.
//! Each number has a case in the C tests, `acceptance_NNN_...` or `fault_NNN_...`, or stands here with why it has none.

use std::{collections::BTreeSet, fs, path::PathBuf};

const EXAMPLES: u32 = 123;
const EXAMPLES_WITHOUT: &[(u32, &str)] = &[(106, "views have no order: there is nothing to call")];

const FAULTS: u32 = 72;
const FAULTS_WITHOUT: &[(u32, &str)] = &[
    (1, "NULL for each pointer: a program that tools/null_sweep.py makes of the header"),
    (2, "NULL for each out-parameter: the same program"),
    (51, "a count at its limit: src/object/tests/count.rs sets it; counting so far takes too long"),
    (56, "interchange formats are not there yet"),
    (71, "interchange formats are not there yet"),
    (72, "interchange formats are not there yet"),
];

/// The numbers that cases of this kind have.
fn numbers(kind: &str) -> BTreeSet<u32> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("c-tests");
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("the C tests") {
        let path = entry.expect("an entry").path();
        if !path.is_file() {
            continue;
        }
        let text = fs::read_to_string(path).expect("a file in UTF-8");
        let cases = text.lines().filter_map(|line| line.strip_prefix("TEST(")?.strip_prefix(kind));
        found.extend(cases.filter_map(|rest| rest.split_once('_')?.0.parse::<u32>().ok()));
    }
    found
}

/// What is neither a case nor excused, what is both, and what is no number of this kind.
fn wrong(count: u32, cases: &BTreeSet<u32>, without: &[(u32, &str)]) -> Vec<u32> {
    let is_excused = |number: u32| without.iter().any(|(one, _)| *one == number);
    let mut wrong: Vec<u32> =
        (1..=count).filter(|number| cases.contains(number) == is_excused(*number)).collect();
    wrong.extend(cases.iter().filter(|number| !(1..=count).contains(number)));
    wrong
}

#[test]
fn every_example_has_a_case() {
    assert_eq!(wrong(EXAMPLES, &numbers("acceptance_"), EXAMPLES_WITHOUT), []);
}

#[test]
fn every_fault_has_a_case() {
    assert_eq!(wrong(FAULTS, &numbers("fault_"), FAULTS_WITHOUT), []);
}

#[test]
fn the_comparison_sees_what_is_missing() {
    let cases = BTreeSet::from([1, 3, 4]);
    assert_eq!(wrong(4, &cases, &[(2, "why")]), []);
    assert_eq!(wrong(4, &cases, &[]), [2]);
    assert_eq!(wrong(4, &cases, &[(2, "why"), (3, "why")]), [3]);
    assert_eq!(wrong(3, &cases, &[(2, "why")]), [4]);
}
