//! The presence book: whoever looks sees the final state of everybody they look at, and of nobody else.

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use uuid::Uuid;
use webim_hub::{Frame, Hub, Inlet, Outlet, Presence, QueueLimits, Shows};
use webim_model::{PersonId, SessionId, Status};

use crate::seeded;

const PEOPLE: u8 = 5;
const WATCHERS: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    Show(u8, Status),
    Leave(u8),
    /// Leaves, but a newer connection came meanwhile.
    Overtaken(u8),
    Watch(usize, Vec<u8>),
    Flush,
}

fn step() -> impl Strategy<Value = Step> {
    let status = prop::sample::select(Status::ALL.to_vec());
    let people = proptest::collection::vec(0..PEOPLE, 0..5);
    prop_oneof![
        4 => (0..PEOPLE, status).prop_map(|(person, status)| Step::Show(person, status)),
        2 => (0..PEOPLE).prop_map(Step::Leave),
        1 => (0..PEOPLE).prop_map(Step::Overtaken),
        2 => (0..WATCHERS, people).prop_map(|(watcher, people)| Step::Watch(watcher, people)),
        3 => Just(Step::Flush),
    ]
}

fn person(n: u8) -> PersonId {
    PersonId(Uuid::from_u128(u128::from(n) + 1))
}

fn word(shows: Shows) -> &'static str {
    match shows {
        Shows::Online => "online",
        Shows::Busy => "busy",
        Shows::Away => "away",
        Shows::Offline => "offline",
    }
}

fn encode(people: &[(PersonId, Shows)]) -> Frame {
    let words = people
        .iter()
        .map(|(person, shows)| format!("{person}={}", word(*shows)));
    Frame::new(words.collect::<Vec<_>>().join(" "))
}

struct Watcher {
    outlet: Outlet,
    inlet: Inlet,
    /// Whom it looks at, and what it was last told of each.
    told: BTreeMap<PersonId, &'static str>,
    /// Told of somebody it does not look at.
    strangers: usize,
}

impl Watcher {
    fn read(&mut self) {
        for frame in self.inlet.take().frames {
            let text = String::from_utf8(frame.bytes().to_vec()).expect("it was a string");
            for pair in text.split(' ') {
                let (id, shows) = pair.split_once('=').expect("it was encoded so");
                let id = PersonId(id.parse().expect("it was an id"));
                let known = ["online", "busy", "away", "offline"];
                let shows = known
                    .into_iter()
                    .find(|word| *word == shows)
                    .expect("a word");
                match self.told.get_mut(&id) {
                    Some(told) => *told = shows,
                    None => self.strangers += 1,
                }
            }
        }
    }
}

fn watchers(hub: &Hub) -> Vec<Watcher> {
    let one = |n: usize| {
        let id = PersonId(Uuid::from_u128(1_000 + n as u128));
        let (outlet, inlet, _) = hub
            .connect(id, SessionId(Uuid::nil()))
            .expect("there is room");
        Watcher {
            outlet,
            inlet,
            told: BTreeMap::new(),
            strangers: 0,
        }
    };
    (0..WATCHERS).map(one).collect()
}

proptest! {
    #![proptest_config(seeded(1_000))]

    #[test]
    fn who_looks_sees_the_final_state(steps in proptest::collection::vec(step(), 1..60)) {
        let hub = Hub::new(QueueLimits::default(), 1);
        let (book, mut watchers) = (Presence::default(), watchers(&hub));
        let mut here: HashMap<u8, Status> = HashMap::new();
        let shown = |here: &HashMap<u8, Status>, n: u8| {
            word(here.get(&n).map_or(Shows::Offline, |status| Shows::from(*status)))
        };
        for step in steps.into_iter().chain([Step::Flush]) {
            match step {
                Step::Show(n, status) => {
                    book.show(person(n), status);
                    here.insert(n, status);
                }
                Step::Leave(n) => {
                    book.leave(person(n), || false);
                    here.remove(&n);
                }
                Step::Overtaken(n) => book.leave(person(n), || true),
                Step::Watch(watcher, people) => {
                    let watcher = &mut watchers[watcher];
                    // What was flushed before belongs to the earlier list.
                    watcher.read();
                    let ids: Vec<_> = people.iter().map(|n| person(*n)).collect();
                    let now = book.watch(&watcher.outlet, &ids);
                    watcher.told = now.iter().map(|(id, shows)| (*id, word(*shows))).collect();
                    for n in people {
                        prop_assert_eq!(watcher.told[&person(n)], shown(&here, n));
                    }
                }
                Step::Flush => {
                    book.flush(encode);
                    for watcher in &mut watchers {
                        watcher.read();
                        prop_assert_eq!(watcher.strangers, 0);
                        for n in 0..PEOPLE {
                            if let Some(told) = watcher.told.get(&person(n)) {
                                prop_assert_eq!(*told, shown(&here, n), "person {}", n);
                            }
                        }
                    }
                    // Nothing has changed since: nobody is told anything.
                    book.flush(encode);
                    for watcher in &watchers {
                        prop_assert!(watcher.inlet.take().frames.is_empty());
                    }
                }
            }
            for n in 0..PEOPLE {
                prop_assert_eq!(word(book.shows(person(n))), shown(&here, n));
            }
        }
    }
}
