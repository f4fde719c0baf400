//! The day, lived twice.

mod simulation;

use std::io::Write as _;

use simulation::Day;

#[test]
fn a_day_has_no_violation_and_is_the_same_twice() {
    let first = Day::new(2026).live();
    let _ = write!(std::io::stdout(), "{}", first.text());
    assert!(first.violations.is_empty(), "{:?}", first.violations);
    assert_eq!(first.visits, 20_000, "somebody was lost");
    assert_eq!(first.still_open, 0);
    assert!(
        first.transfers > 100 && first.abandoned > 0 && first.most_waiting > 50,
        "{first:?}"
    );
    let second = Day::new(2026).live();
    assert_eq!(first.digest, second.digest);
}
