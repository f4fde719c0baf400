//! The router inside the test: its clock, its queues, its limits.

use anyhow::Result;
use uuid::Uuid;
use webim_hub::QueueLimits;
use webim_model::Limits;
use webim_router::{Pacing, RouterConfig};
use webim_support::{RouterSetup, TestDesk, id};
use webim_wire::client::{ClientFrame, Target, Watch};

/// Reads until everything up to `seq` is known.
pub async fn reads_to(desk: &mut TestDesk, conversation: Uuid, seq: u64) -> Result<()> {
    while desk.ledger.thread(conversation).position().0 < seq {
        desk.message().await?;
    }
    Ok(())
}

#[tokio::test]
async fn haste_is_forgiven_with_time() -> Result<()> {
    let limits = Limits {
        commands_per_second: 5,
        command_burst: 10,
        ..Limits::default()
    };
    let config = RouterConfig {
        limits,
        ..RouterConfig::default()
    };
    let router = RouterSetup {
        config,
        ..RouterSetup::default()
    }
    .start()
    .await?;
    let (mut desk, mut phone) = (router.connect("lina").await?, router.connect("lina").await?);
    let zhang = Target::Person(router.person("zhangwei")?.0);
    let look = || {
        ClientFrame::Watch(Watch {
            client_id: id(),
            people: Vec::new(),
        })
    };
    for n in 0..10 {
        let one = if n % 2 == 0 { &desk } else { &phone };
        assert_eq!(one.say(look()).await?, Pacing::Kept);
    }
    // One bucket for all devices of a person.
    for socket in [&mut desk, &mut phone] {
        let client_id = socket.send(zhang, "hasty").await?;
        let nack = socket.refusal(client_id).await?;
        assert_eq!(
            (&*nack.code, nack.retry, nack.retry_after),
            ("rate_limited", true, Some(200))
        );
    }
    // Others are not touched, and it passes.
    assert_eq!(
        router.connect("liuyang").await?.say(look()).await?,
        Pacing::Kept
    );
    router.clock.advance(199);
    assert_eq!(desk.say(look()).await?, Pacing::TooFast);
    router.clock.advance(1);
    let client_id = desk.send(zhang, "patient").await?;
    assert_eq!(
        desk.stored(client_id).await?.seq,
        1,
        "what was refused was not stored"
    );
    router.clock.advance(60_000);
    router.router.sweep();
    for _ in 0..10 {
        assert_eq!(desk.say(look()).await?, Pacing::Kept);
    }
    assert_eq!(desk.say(look()).await?, Pacing::TooFast);
    Ok(())
}

#[tokio::test]
async fn times_come_from_the_clock() -> Result<()> {
    let router = RouterSetup::default().start().await?;
    let mut lina = router.connect("lina").await?;
    let zhang = Target::Person(router.person("zhangwei")?.0);
    let first = lina.tell(zhang, "one").await?;
    router.clock.advance(-5_000);
    let second = lina.tell(zhang, "the clock was set back").await?;
    assert_eq!((second.seq, second.time), (2, first.time - 5_000));
    router.clock.advance(60_000);
    assert_eq!(lina.tell(zhang, "three").await?.time, first.time + 55_000);
    Ok(())
}

#[tokio::test]
async fn a_full_queue_ends_its_connection_alone() -> Result<()> {
    let queues = QueueLimits {
        frames: 8,
        bytes: 1_000_000,
    };
    let router = RouterSetup {
        queues,
        ..RouterSetup::default()
    }
    .start()
    .await?;
    let research = Target::Unit(router.unit("rd")?.0);
    let mut lina = router.connect("lina").await?;
    let (mut reads, mut sleeps) = (
        router.connect("zhangwei").await?,
        router.connect("liuyang").await?,
    );
    for n in 1..=20 {
        lina.tell(research, "on and on").await?;
        assert_eq!(reads.message().await?.seq, n);
    }
    let ended = sleeps.message().await.expect_err("its queue was full");
    assert!(format!("{ended:#}").contains("SlowReader"), "{ended:#}");
    // Back again, the same person hears what comes.
    let mut back = router.connect("liuyang").await?;
    lina.tell(research, "and on").await?;
    assert_eq!(back.message().await?.seq, 21);
    Ok(())
}
