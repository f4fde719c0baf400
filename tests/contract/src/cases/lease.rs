//! The lease row: one process at a time, and none waits for a dead one.

use std::sync::Arc;

use webim_model::Millis;
use webim_store::lease::{Holder, LeaseError};

use super::Case;

on_all!(one_process_at_a_time, a_dead_one_is_taken_over);

fn holder(case: &Case, host: &str, pid: u32) -> Holder {
    Holder {
        id: case.world.id(),
        host: host.into(),
        pid,
    }
}

async fn one_process_at_a_time(case: Arc<Case>) {
    let store = &case.world.store;
    let (first, second) = (holder(&case, "a", 1), holder(&case, "b", 2));
    let alive = |_: &str, _: u32| true;
    store
        .acquire_lease(&first, Millis(1_000), 500, alive)
        .await
        .unwrap();
    let held = store
        .acquire_lease(&second, Millis(1_499), 500, alive)
        .await;
    let Err(LeaseError::Held { host, pid, until }) = held else {
        panic!("two have it");
    };
    assert_eq!((host.as_str(), pid, until), ("a", 1, Millis(1_500)));
    // The same run may ask again.
    store
        .acquire_lease(&first, Millis(1_100), 500, alive)
        .await
        .unwrap();
    assert!(store.renew_lease(&first, Millis(1_200), 500).await.unwrap());
    assert!(
        !store
            .renew_lease(&second, Millis(1_200), 500)
            .await
            .unwrap()
    );
    // It ended.
    store
        .acquire_lease(&second, Millis(1_700), 500, alive)
        .await
        .unwrap();
    assert!(!store.renew_lease(&first, Millis(1_701), 500).await.unwrap());
    // Giving back what one does not have changes nothing.
    store.release_lease(&first).await.unwrap();
    let held = store.acquire_lease(&first, Millis(1_800), 500, alive).await;
    assert!(matches!(held, Err(LeaseError::Held { .. })));
    store.release_lease(&second).await.unwrap();
    store
        .acquire_lease(&first, Millis(1_801), 500, alive)
        .await
        .unwrap();
}

async fn a_dead_one_is_taken_over(case: Arc<Case>) {
    let store = &case.world.store;
    let killed = holder(&case, "a", 7);
    let now = Millis(1_000);
    store
        .acquire_lease(&killed, now, 60_000, |_, _| true)
        .await
        .unwrap();
    let next = holder(&case, "a", 8);
    let asked = |host: &str, pid: u32| !(host == "a" && pid == 7);
    store
        .acquire_lease(&next, now, 60_000, asked)
        .await
        .unwrap();
    assert!(!store.renew_lease(&killed, now, 60_000).await.unwrap());
    // In a container the next run has the number of the last one, and finds itself alive.
    let again = holder(&case, "a", 8);
    store
        .acquire_lease(&again, now, 60_000, |_, _| true)
        .await
        .unwrap();
    assert!(!store.renew_lease(&next, now, 60_000).await.unwrap());
}
