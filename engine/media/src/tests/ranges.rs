//! Ranges that clients ask for.

use proptest::prelude::*;

use super::seeded;
use crate::{Wanted, range};

#[test]
fn ranges_are_read_as_the_rfc_says() {
    use Wanted::{Part, Unsatisfiable, Whole};
    for (header, wanted) in [
        ("bytes=0-499", Part(0..500)),
        ("bytes=500-999", Part(500..1_000)),
        ("bytes=-500", Part(500..1_000)),
        ("bytes=500-", Part(500..1_000)),
        ("bytes=0-0", Part(0..1)),
        ("bytes=-1", Part(999..1_000)),
        ("BYTES=1-2", Part(1..3)),
        (" bytes=1-2 ", Part(1..3)),
        ("bytes= 1-2", Part(1..3)),
        ("bytes=0-99999999999999999999999", Part(0..1_000)),
        ("bytes=0-18446744073709551615", Part(0..1_000)),
        ("bytes=-99999999999999999999999", Part(0..1_000)),
        ("bytes=999-5000", Part(999..1_000)),
        ("bytes=1000-", Unsatisfiable),
        ("bytes=99999999999999999999-", Unsatisfiable),
        ("bytes=-0", Unsatisfiable),
        ("bytes=5-2", Whole),
        ("bytes=", Whole),
        ("bytes=-", Whole),
        ("bytes=a-b", Whole),
        ("bytes=1 -2", Whole),
        ("bytes=+1-2", Whole),
        ("bytes=--1", Whole),
        ("bytes=0-1,3-4", Whole),
        ("items=0-1", Whole),
        ("bytes 0-1", Whole),
        ("", Whole),
    ] {
        assert_eq!(range(Some(header), 1_000), wanted, "{header}");
    }
    assert_eq!(range(None, 1_000), Whole);
    assert_eq!(range(Some("bytes=0-"), 0), Unsatisfiable);
    assert_eq!(range(Some("bytes=-5"), 0), Unsatisfiable);
}

#[test]
fn answers() {
    let part = range(Some("bytes=-10"), 100);
    assert_eq!((part.status(), part.bytes(100)), (206, 90..100));
    assert_eq!(part.content_range(100).as_deref(), Some("bytes 90-99/100"));
    let whole = range(None, 100);
    assert_eq!(
        (whole.status(), whole.bytes(100), whole.content_range(100)),
        (200, 0..100, None)
    );
    let none = range(Some("bytes=100-"), 100);
    assert_eq!((none.status(), none.bytes(100)), (416, 0..0));
    assert_eq!(none.content_range(100).as_deref(), Some("bytes */100"));
}

proptest! {
    #![proptest_config(seeded(3_000))]

    #[test]
    fn any_header_has_an_answer(header in "(bytes|BYTES|x)?=?[-0-9, a]{0,30}|\\PC{0,20}", size in prop_oneof![0_u64..5, any::<u64>()]) {
        let wanted = range(Some(&header), size);
        if let Wanted::Part(part) = &wanted {
            prop_assert!(part.start < part.end && part.end <= size);
        }
        prop_assert!(wanted.bytes(size).end <= size);
        prop_assert_eq!(wanted.content_range(size).is_some(), wanted.status() != 200);
    }

    #[test]
    fn what_is_asked_is_given(first in 0_u64..50, last in 0_u64..50, size in 1_u64..40) {
        let wanted = range(Some(&format!("bytes={first}-{last}")), size);
        let expected = match () {
            () if last < first => Wanted::Whole,
            () if first >= size => Wanted::Unsatisfiable,
            () => Wanted::Part(first..size.min(last + 1)),
        };
        prop_assert_eq!(wanted, expected);
    }
}
