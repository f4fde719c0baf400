//! The registry of connections: who is counted as connected, who is told, and how many one person may have.

use std::collections::HashMap;

use proptest::prelude::*;
use uuid::Uuid;
use webim_hub::{Frame, Hub, Inlet, Outlet, QueueLimits};
use webim_model::{Bye, PersonId, SessionId};

use crate::seeded;

const MOST: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    Connect(u8),
    /// Ends the n-th of the connections that are open.
    Disconnect(usize),
    Deliver(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0_u8..4).prop_map(Step::Connect),
        any::<usize>().prop_map(Step::Disconnect),
        (0_u8..4).prop_map(Step::Deliver),
    ]
}

fn person(n: u8) -> PersonId {
    PersonId(Uuid::from_u128(u128::from(n)))
}

struct Open {
    person: u8,
    outlet: Outlet,
    inlet: Inlet,
    told: usize,
}

proptest! {
    #![proptest_config(seeded(500))]

    #[test]
    fn connections_come_and_go(steps in proptest::collection::vec(step(), 1..60)) {
        let hub = Hub::new(QueueLimits::default(), MOST);
        let mut open: Vec<Open> = Vec::new();
        for step in steps {
            match step {
                Step::Connect(n) => {
                    let already = open.iter().filter(|open| open.person == n).count();
                    match hub.connect(person(n), SessionId(Uuid::nil())) {
                        Ok((outlet, inlet, first)) => {
                            prop_assert!(already < MOST);
                            prop_assert_eq!(first, already == 0);
                            open.push(Open { person: n, outlet, inlet, told: 0 });
                        }
                        Err(bye) => {
                            prop_assert_eq!(bye, Bye::TooManyConnections);
                            prop_assert_eq!(already, MOST);
                        }
                    }
                }
                Step::Disconnect(n) if !open.is_empty() => {
                    let gone = open.swap_remove(n % open.len());
                    let last = !open.iter().any(|open| open.person == gone.person);
                    prop_assert_eq!(hub.disconnect(&gone.outlet), last);
                    // The late end of an old connection says nothing about a new one.
                    prop_assert_eq!(hub.disconnect(&gone.outlet), false);
                }
                Step::Disconnect(_) => {}
                Step::Deliver(n) => {
                    let except = open.iter().find(|open| open.person == n).map(|open| open.outlet.id());
                    hub.deliver(person(n), except, &Frame::new("x".into()));
                    for open in &mut open {
                        open.told += usize::from(open.person == n && Some(open.outlet.id()) != except);
                    }
                }
            }
            let mut people: HashMap<u8, usize> = HashMap::new();
            for open in &open {
                *people.entry(open.person).or_default() += 1;
            }
            prop_assert_eq!(hub.len(), open.len());
            for n in 0..4 {
                prop_assert_eq!(hub.connected(person(n)), people.contains_key(&n));
            }
        }
        for open in &open {
            prop_assert_eq!(open.inlet.take().frames.len(), open.told);
        }
    }
}
