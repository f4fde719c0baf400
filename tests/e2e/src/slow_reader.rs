//! A reader that stops reading costs a bounded amount, delays nobody, and comes back to where it was.

use anyhow::{Context, Result};
use webim_support::{TestPerson, TestServer, TestSocket};
use webim_wire::client::Target;

/// A text of 15 KB.
fn long(n: u64) -> String {
    format!("{n}{}", "字".repeat(4_990))
}

/// More than the connection's own buffers and the server's queue for it hold together.
const MANY: u64 = 600;

async fn catches_up(
    person: &TestPerson,
    mut socket: TestSocket,
    conversation: uuid::Uuid,
) -> Result<()> {
    loop {
        let epoch = socket.welcome()?.epoch;
        let (position, _) = socket.ledger.thread(conversation).position();
        let more = socket.recovered(conversation).is_ok_and(|entry| entry.more);
        if position == MANY && !more {
            assert!(socket.ledger.thread(conversation).gaps().is_empty());
            return Ok(());
        }
        let ledger = socket.ledger.clone();
        drop(socket);
        socket = person.resume(epoch, ledger).await?;
        assert!(socket.recovered(conversation)?.recovered);
        let (next, _) = socket.ledger.thread(conversation).position();
        assert!(next > position, "each resume brings something");
    }
}

#[tokio::test]
async fn a_reader_that_stops_reading() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang, liu) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
        server.sign_in("liuyang").await?,
    );
    let research = lina.unit("研发部").await?;
    let (mut at_lina, mut at_zhang) = (lina.connect().await?, zhang.connect().await?);
    let mut door = liu.door();
    door.room = Some(4_096);
    let mut stuck = door.greet("stuck", None).await?;
    let mut phone = liu.connect().await?;
    let mut conversation = uuid::Uuid::nil();
    for n in 1..=MANY {
        conversation = at_lina.tell(research, &long(n)).await?.conversation;
        // Whoever reads has it before the next is said, and so has another device of the same person.
        assert_eq!(at_zhang.message().await?.seq, n);
        assert_eq!(phone.message().await?.seq, n);
    }
    stuck.ledger.begins(conversation, 0);
    let closed = stuck.ended().await?;
    // It is told why, unless its line stayed full for longer than the server waits for it to take its leave.
    if let Some(bye) = closed.bye {
        assert_eq!(
            (bye.code, &*bye.word, bye.reconnect),
            (4001, "slow_reader", true)
        );
    }
    assert!(
        matches!(closed.code, None | Some(4001)),
        "{:?}",
        closed.code
    );
    let thread = stuck.ledger.thread(conversation);
    let (held, _) = thread.position();
    assert!((1..MANY).contains(&held), "it read {held}");
    assert!(thread.gaps().is_empty());
    catches_up(&liu, stuck, conversation).await
}

#[tokio::test]
async fn one_too_many_and_one_that_left() -> Result<()> {
    let server = webim_support::Setup::sqlite()?
        .with("limits.connections_per_person", 2)
        .start()
        .await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let (mut first, second) = (lina.connect().await?, lina.connect().await?);
    let mut third = TestSocket::new(lina.door().open().await?);
    third.say_text(r#"{"op":"hello","device":"third"}"#).await?;
    let closed = third.ended().await?;
    assert_eq!(
        (closed.code, closed.bye.context("bye")?.word),
        (Some(4007), "too_many_connections".into())
    );
    // The others are as they were, and where one leaves there is room again.
    let mut at_zhang = zhang.connect().await?;
    let conversation = at_zhang
        .tell(lina.as_target(), "still there?")
        .await?
        .conversation;
    assert_eq!(first.message().await?.seq, 1);
    drop(second);
    let mut again =
        webim_support::until("room for another", async || Ok(lina.connect().await.ok())).await?;
    at_zhang
        .tell(Target::Conversation(conversation), "and you?")
        .await?;
    assert_eq!(again.message().await?.seq, 2);
    Ok(())
}
