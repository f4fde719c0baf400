//! A database that goes away and comes back, through a wire that a case can cut.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use webim_model::Refusal;
use webim_store::{Outcome, StoreError};

use super::Case;
use super::committer::stored;
use crate::database::Kind;
use crate::world::World;

mod postgres {
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn goes_and_comes_back() {
        crate::cases::on(crate::database::Kind::Postgres, super::goes_and_comes_back).await;
    }
}
mod mariadb {
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn goes_and_comes_back() {
        crate::cases::on(crate::database::Kind::MariaDb, super::goes_and_comes_back).await;
    }
}
mod sqlite {
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn has_no_room_and_then_has() {
        crate::cases::on(
            crate::database::Kind::Sqlite,
            super::has_no_room_and_then_has,
        )
        .await;
    }
}

/// A wire to a server, which can be cut and mended.
struct Wire {
    address: String,
    whole: Arc<AtomicBool>,
    cuts: watch::Sender<u32>,
}

impl Wire {
    async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let whole = Arc::new(AtomicBool::new(true));
        let (cuts, cut) = watch::channel(0);
        let open = whole.clone();
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let mut cut = cut.clone();
                cut.mark_unchanged();
                if !open.load(Ordering::SeqCst) {
                    continue;
                }
                let server = server.clone();
                tokio::spawn(async move {
                    let mut far = TcpStream::connect(server).await.unwrap();
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        _ = cut.changed() => {}
                    }
                });
            }
        });
        Self {
            address,
            whole,
            cuts,
        }
    }

    fn cut(&self) {
        self.whole.store(false, Ordering::SeqCst);
        self.cuts.send_modify(|cuts| *cuts += 1);
    }

    fn mend(&self) {
        self.whole.store(true, Ordering::SeqCst);
    }
}

async fn goes_and_comes_back(case: Arc<Case>) {
    let (server, database) = case.database.url.rsplit_once('/').unwrap();
    let (scheme, server) = server.split_once("://").unwrap();
    let (user, server) = server.rsplit_once('@').unwrap();
    let wire = Wire::to(server.into()).await;
    let url = format!("{scheme}://{user}@{}/{database}", wire.address);
    let world = World::new(case.database.open(&url).await, case.world.sources.clone());
    let people = world.people(2).await;
    let conversation = world.store.direct(people[0], people[1]).await.unwrap();
    world.say(conversation, people[0], "before").await;
    wire.cut();
    for _ in 0..2 {
        let message = world.text(conversation, people[0], "into the void");
        let outcomes = world.commit(vec![message]).await;
        assert_eq!(outcomes, [Outcome::Refused(Refusal::StoreUnavailable)]);
        assert!(matches!(
            world.store.ping().await,
            Err(StoreError::Unavailable(_))
        ));
        assert!(world.store.members(conversation).await.is_err());
    }
    wire.mend();
    let message = world.text(conversation, people[0], "after");
    let outcomes = world.commit(vec![message]).await;
    assert_eq!(stored(&outcomes[0]).seq, 2);
    let (_, members) = world.store.members(conversation).await.unwrap();
    assert_eq!(members.len(), 2);
    world.store.ping().await.unwrap();
    world.store.close().await;
    assert_ne!(case.database.kind, Kind::Sqlite);
}

async fn has_no_room_and_then_has(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(2).await;
    let conversation = world.store.direct(people[0], people[1]).await.unwrap();
    // Another process holds the file for longer than the store waits: the same refusal, without filling a disk.
    let other = case.database.beside().await;
    other
        .run(
            "CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'full'); END",
            Vec::new(),
        )
        .await;
    let message = world.text(conversation, people[0], "no");
    let outcomes = world.commit(vec![message.clone()]).await;
    assert_eq!(outcomes, [Outcome::Refused(Refusal::Internal)]);
    other.run("DROP TRIGGER full", Vec::new()).await;
    let outcomes = world.commit(vec![message]).await;
    assert_eq!(stored(&outcomes[0]).seq, 1);
}
