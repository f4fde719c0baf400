//! Ten faults put into the machine on purpose: the second opinion of the property test must see each.

mod world;

use webim_dispatch::fault::Fault;
use world::World;

/// What the second opinion finds in random worlds with this fault, within a bounded number of them.
#[track_caller]
fn caught(fault: Fault) {
    for seed in 0..60 {
        let mut world = World::new(seed);
        world.faulty(fault);
        for _ in 0..250 {
            world.live();
            if !world.oracle.findings.is_empty() {
                return;
            }
        }
    }
    panic!("nobody saw {fault:?}");
}

#[test]
fn two_holders() {
    caught(Fault::TwoHolders);
}

#[test]
fn a_lost_customer() {
    caught(Fault::LostCustomer);
}

#[test]
fn last_in_first_out() {
    caught(Fault::LastInFirstOut);
}

#[test]
fn capacity_ignored() {
    caught(Fault::CapacityIgnored);
}

#[test]
fn a_lease_that_does_not_grow() {
    caught(Fault::LeaseNotGrown);
}

#[test]
fn a_veto_ignored() {
    caught(Fault::VetoIgnored);
}

#[test]
fn an_owner_forgotten() {
    caught(Fault::OwnerForgotten);
}

#[test]
fn an_offer_that_never_ends() {
    caught(Fault::OfferForEver);
}

#[test]
fn requeued_at_the_end() {
    caught(Fault::RequeuedAtTheEnd);
}

#[test]
fn a_transfer_that_drops_the_customer() {
    caught(Fault::TransferDrops);
}
