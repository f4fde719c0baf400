//! A connection's queue: bounded, in order, and a reader that does not take is told so once.

use std::collections::VecDeque;

use proptest::prelude::*;
use uuid::Uuid;
use webim_hub::{Drained, Frame, Hub, Inlet, Outlet, QueueLimits};
use webim_model::{Bye, PersonId, SessionId};

use crate::seeded;

#[derive(Clone, Debug)]
enum Step {
    Push(usize),
    Take,
    Close(Bye),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        8 => (0_usize..40).prop_map(Step::Push),
        2 => Just(Step::Take),
        1 => prop::sample::select(Bye::ALL.to_vec()).prop_map(Step::Close),
    ];
    proptest::collection::vec(step, 1..80)
}

fn queue(limits: QueueLimits) -> (Outlet, Inlet) {
    let hub = Hub::new(limits, 1);
    let ids = (PersonId(Uuid::nil()), SessionId(Uuid::nil()));
    let (outlet, inlet, first) = hub.connect(ids.0, ids.1).expect("there is room for one");
    assert!(first);
    (outlet, inlet)
}

/// What the queue should hold.
#[derive(Default)]
struct Expected {
    frames: VecDeque<String>,
    bye: Option<Bye>,
}

impl Expected {
    fn push(&mut self, text: String, limits: QueueLimits) {
        if self.bye.is_some() {
            return;
        }
        let bytes: usize = self.frames.iter().map(String::len).sum();
        if self.frames.len() >= limits.frames || bytes + text.len() > limits.bytes {
            self.frames.clear();
            self.bye = Some(Bye::SlowReader);
        } else {
            self.frames.push_back(text);
        }
    }
}

fn texts(drained: &Drained) -> VecDeque<String> {
    let text = |frame: &Frame| String::from_utf8(frame.bytes().to_vec()).expect("it was a string");
    drained.frames.iter().map(text).collect()
}

proptest! {
    #![proptest_config(seeded(1_000))]

    /// Never more than the limits, never out of order, nothing lost but by `slow_reader`, and the first reason stands.
    #[test]
    fn it_is_bounded_and_in_order(steps in steps(), frames in 1_usize..12, bytes in 1_usize..200) {
        let limits = QueueLimits { frames, bytes };
        let (outlet, inlet) = queue(limits);
        let mut expected = Expected::default();
        for (n, step) in steps.into_iter().enumerate() {
            match step {
                Step::Push(size) => {
                    let text = format!("{n}{}", "x".repeat(size));
                    outlet.push(Frame::new(text.clone()));
                    expected.push(text, limits);
                }
                Step::Take => {
                    let drained = inlet.take();
                    prop_assert_eq!(texts(&drained), std::mem::take(&mut expected.frames));
                    prop_assert_eq!(drained.bye, expected.bye);
                }
                Step::Close(bye) => {
                    outlet.close(bye);
                    expected.bye.get_or_insert(bye);
                }
            }
            prop_assert_eq!(outlet.closed(), expected.bye);
        }
        let drained = inlet.take();
        prop_assert!(drained.frames.len() <= frames);
        prop_assert!(texts(&drained).iter().map(String::len).sum::<usize>() <= bytes);
        prop_assert_eq!(texts(&drained), expected.frames);
    }
}
