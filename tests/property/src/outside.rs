//! The parsers under attack: random bytes, and samples that were mutated as a fuzzer does. The same in every run.

use proptest::prelude::*;
use proptest::sample::Index;

use crate::seeded;
use crate::targets::{ALL, Target};

/// Bytes that parsers trip over more often than chance would bring them.
const TROUBLE: &[&[u8]] = &[
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b";",
    b":",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"\0",
    b"\n",
    b"\r\n",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xe4\xbd",
    b"-1",
    b"1e999",
    b"18446744073709551616",
    b"null",
    b" ",
    b"=",
    b"%00",
    b"%",
    b"#",
];

/// One step from a sample towards something else.
#[derive(Clone, Debug)]
enum Mutation {
    Flip(Index, u8),
    Cut(Index),
    Remove(Index, Index),
    Repeat(Index, Index),
    Insert(Index, Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let place = any::<Index>;
    prop_oneof![
        (place(), 1..=u8::MAX).prop_map(|(at, with)| Mutation::Flip(at, with)),
        place().prop_map(Mutation::Cut),
        (place(), place()).prop_map(|(from, to)| Mutation::Remove(from, to)),
        (place(), place()).prop_map(|(from, to)| Mutation::Repeat(from, to)),
        (place(), place()).prop_map(|(at, what)| Mutation::Insert(at, what)),
    ]
}

fn mutate(bytes: &mut Vec<u8>, mutation: &Mutation) {
    let size = bytes.len() + 1;
    let between = |one: &Index, other: &Index| {
        let (one, other) = (one.index(size), other.index(size));
        one.min(other)..one.max(other)
    };
    match mutation {
        Mutation::Flip(at, with) if !bytes.is_empty() => {
            let at = at.index(bytes.len());
            bytes[at] ^= with;
        }
        Mutation::Flip(..) => {}
        Mutation::Cut(at) => bytes.truncate(at.index(size)),
        Mutation::Remove(from, to) => drop(bytes.drain(between(from, to))),
        Mutation::Repeat(from, to) => {
            let again = bytes[between(from, to)].to_vec();
            bytes.extend(again);
        }
        Mutation::Insert(at, what) => {
            let at = at.index(size);
            drop(bytes.splice(at..at, what.get(TROUBLE).iter().copied()));
        }
    }
}

fn target(name: &str) -> &'static Target {
    ALL.iter()
        .find(|target| target.name == name)
        .expect("each test names one")
}

/// What is tried: anything, or a sample after a few steps.
fn bytes(target: &'static Target) -> impl Strategy<Value = Vec<u8>> {
    let samples = prop::sample::select(target.samples);
    let steps = proptest::collection::vec(mutation(), 0..6);
    let mutated = (samples, steps).prop_map(|(sample, steps)| {
        let mut bytes = sample.to_vec();
        for step in &steps {
            mutate(&mut bytes, step);
        }
        bytes
    });
    prop_oneof![
        1 => proptest::collection::vec(any::<u8>(), 0..300),
        4 => mutated,
    ]
}

proptest! {
    #![proptest_config(seeded(1_500))]

    #[test]
    fn frames(bytes in bytes(target("frames"))) {
        crate::targets::frames(&bytes);
    }

    #[test]
    fn bodies(bytes in bytes(target("bodies"))) {
        crate::targets::bodies(&bytes);
    }

    #[test]
    fn directory(bytes in bytes(target("directory"))) {
        crate::targets::directory(&bytes);
    }

    #[test]
    fn headers(bytes in bytes(target("headers"))) {
        crate::targets::headers(&bytes);
    }
}

proptest! {
    // Each makes the schema of all settings again.
    #![proptest_config(seeded(200))]

    #[test]
    fn config(bytes in bytes(target("config"))) {
        crate::targets::config(&bytes);
    }
}

#[test]
fn every_sample_is_taken_and_every_target_is_a_fuzz_target() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    for target in &ALL {
        for sample in target.samples {
            (target.attack)(sample);
        }
        let file = folder.join(format!("fuzz_targets/{}.rs", target.name));
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.contains(&format!("targets::{}", target.name)));
        assert!(manifest.contains(&format!("name = \"{}\"", target.name)));
    }
    assert_eq!(manifest.matches("[[bin]]").count(), ALL.len());
}
