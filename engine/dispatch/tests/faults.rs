//! Ten faults put into the machine on purpose: the second opinion of the property test must see each.

mod world;

use webim_dispatch::fault::Fault;
use world::World;

/// How many worlds a fault may hide in.
const WORLDS: u64 = 40;

/// What the second opinion finds first in random worlds with this fault.
fn found(fault: Option<Fault>) -> Option<String> {
    (0..WORLDS).find_map(|seed| {
        let mut world = World::new(seed, fault);
        for _ in 0..250 {
            world.live();
            if let Some(found) = world.oracle.findings.first() {
                return Some(found.clone());
            }
        }
        None
    })
}

/// It finds this fault, and calls it something that `means` it.
#[track_caller]
fn caught(fault: Fault, means: &[&str]) {
    let found = found(Some(fault));
    let text = found.as_deref().unwrap_or("nothing");
    assert!(
        means.iter().any(|word| text.contains(word)),
        "{fault:?} looks like: {text}"
    );
}

#[test]
fn nothing_where_nothing_is_wrong() {
    assert_eq!(found(None), None);
}

#[test]
fn two_holders() {
    caught(Fault::TwoHolders, &["two holders", "silence", "lease of"]);
}

#[test]
fn a_lost_customer() {
    caught(Fault::LostCustomer, &["waits although"]);
}

#[test]
fn last_in_first_out() {
    caught(Fault::LastInFirstOut, &["served before"]);
}

#[test]
fn capacity_ignored() {
    caught(Fault::CapacityIgnored, &["is full", "beyond capacity"]);
}

#[test]
fn a_lease_that_does_not_grow() {
    caught(Fault::LeaseNotGrown, &["lease of"]);
}

#[test]
fn a_veto_ignored() {
    caught(Fault::VetoIgnored, &["is vetoed"]);
}

#[test]
fn an_owner_forgotten() {
    caught(Fault::OwnerForgotten, &["owner"]);
}

#[test]
fn an_offer_that_never_ends() {
    caught(Fault::OfferForEver, &["an offer that is over"]);
}

#[test]
fn requeued_at_the_end() {
    caught(Fault::RequeuedAtTheEnd, &["lost its place"]);
}

#[test]
fn a_transfer_that_drops_the_customer() {
    caught(Fault::TransferDrops, &["dropped"]);
}
