//! Coming back: exactly what was missed, or a plain word that what is held cannot be trusted.

use std::collections::HashMap;

use anyhow::{Context, Result};
use uuid::Uuid;
use webim_support::{Ledger, Office, Setup, TestPerson, TestServer, TestSocket, id};
use webim_wire::client::{Resume, Target};
use webim_wire::server::{Message, ServerFrame, Welcome};

/// Sends so many texts without waiting in between, and then waits until the last is stored.
pub async fn pour(socket: &mut TestSocket, to: Target, count: usize) -> Result<(Uuid, u64)> {
    const WINDOW: usize = 500;
    let (mut waiting, mut last) = (std::collections::VecDeque::new(), (Uuid::nil(), 0));
    for n in 0..count + WINDOW {
        if n < count {
            waiting.push_back(socket.send(to, &format!("number {n}")).await?);
        }
        if n >= WINDOW.min(count)
            && let Some(client_id) = waiting.pop_front()
        {
            let stored = socket.stored(client_id).await?;
            last = (stored.conversation, stored.seq);
        }
    }
    Ok(last)
}

async fn comes_back(person: &TestPerson, epoch: Uuid, ledger: &Ledger) -> Result<TestSocket> {
    person.resume(epoch, ledger.clone()).await
}

fn numbers(messages: &[Message]) -> Vec<u64> {
    messages.iter().map(|message| message.seq).collect()
}

#[tokio::test]
async fn nothing_one_and_some_missed() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let (mut at_lina, mut at_zhang) = (lina.connect().await?, zhang.connect().await?);
    let conversation = at_lina.tell(zhang.as_target(), "one").await?.conversation;
    at_zhang.message().await?;
    let epoch = at_zhang.welcome()?.epoch;
    assert!(
        at_zhang.welcome()?.recovered.is_empty(),
        "without a resume there is nothing to recover"
    );
    let ledger = at_zhang.ledger.clone();
    drop(at_zhang);

    let nothing = comes_back(&zhang, epoch, &ledger).await?;
    let entry = nothing.recovered(conversation)?;
    assert_eq!(
        (entry.recovered, entry.more, entry.last_seq, entry.unread),
        (true, false, 1, 1)
    );
    assert!(nothing.welcome()?.missed.is_empty());
    assert_eq!(nothing.welcome()?.epoch, epoch);
    drop(nothing);

    at_lina.tell(zhang.as_target(), "two").await?;
    let one = comes_back(&zhang, epoch, &ledger).await?;
    assert_eq!(numbers(&one.welcome()?.missed), [2]);
    assert_eq!(
        one.welcome()?.missed,
        zhang.history(conversation).await?[1..]
    );
    // A conversation that is new to the client is named, with nothing recovered of it.
    let research = lina.unit("研发部").await?;
    let unit = at_lina.tell(research, "to all").await?.conversation;
    pour(&mut at_lina, zhang.as_target(), 98).await?;
    let some = comes_back(&zhang, epoch, &ledger).await?;
    assert_eq!(
        numbers(&some.welcome()?.missed),
        (2..=100).collect::<Vec<_>>()
    );
    let unknown = some.recovered(unit)?;
    assert_eq!(
        (unknown.recovered, unknown.last_seq, unknown.unread),
        (false, 1, 1)
    );
    Ok(())
}

/// Reads the rest of a conversation by history, behind what the ledger holds.
async fn reads_the_rest(
    person: &TestPerson,
    socket: &mut TestSocket,
    conversation: Uuid,
) -> Result<()> {
    loop {
        let after = socket.ledger.thread(conversation).position().0;
        let path = format!("/api/v1/conversations/{conversation}/messages?after={after}&limit=100");
        let page: webim_wire::rest::History = person.read(&path).await?;
        page.items
            .iter()
            .try_for_each(|message| socket.ledger.told(message))?;
        if !page.more {
            return Ok(());
        }
    }
}

#[tokio::test]
async fn ten_thousand_missed() -> Result<()> {
    const MANY: usize = 10_000;
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let (mut at_lina, mut at_zhang) = (lina.connect().await?, zhang.connect().await?);
    let conversation = at_lina.tell(zhang.as_target(), "one").await?.conversation;
    at_zhang.message().await?;
    let (epoch, ledger) = (at_zhang.welcome()?.epoch, at_zhang.ledger.clone());
    drop(at_zhang);
    pour(&mut at_lina, zhang.as_target(), MANY).await?;

    let mut back = comes_back(&zhang, epoch, &ledger).await?;
    let entry = back.recovered(conversation)?.clone();
    let last = 1 + MANY as u64;
    assert_eq!(
        (entry.recovered, entry.more, entry.last_seq, entry.unread),
        (true, true, last, last)
    );
    let missed = &back.welcome()?.missed;
    assert_eq!(numbers(missed), (2..=101).collect::<Vec<_>>());
    reads_the_rest(&zhang, &mut back, conversation).await?;
    let thread = back.ledger.thread(conversation);
    assert_eq!((thread.position().0, thread.gaps()), (last, vec![]));
    // What comes from now on follows without a gap.
    at_lina.tell(zhang.as_target(), "and now").await?;
    assert_eq!(back.message().await?.seq, last + 1);
    Ok(())
}

#[tokio::test]
async fn a_welcome_is_bounded_in_all() -> Result<()> {
    let setup = Setup::sqlite()?
        .with("limits.missed_in_all", 10)
        .with("limits.missed_per_conversation", 4);
    let server = setup.start().await?;
    let zhang = server.sign_in("zhangwei").await?;
    let mut at_zhang = zhang.connect().await?;
    let epoch = at_zhang.welcome()?.epoch;
    let mut last = HashMap::new();
    for (login, count) in [("lina", 3), ("liuyang", 4), ("john", 5), ("wangfang", 9)] {
        let mut socket = server.sign_in(login).await?.connect().await?;
        socket.tell(zhang.as_target(), "one").await?;
        at_zhang.message().await?;
        let (conversation, seq) = pour(&mut socket, zhang.as_target(), count).await?;
        last.insert(conversation, seq);
    }
    let mut ledger = Ledger::default();
    for message in last.keys() {
        let first = &zhang.history(*message).await?[0];
        ledger.told(first)?;
    }
    drop(at_zhang);
    let back = comes_back(&zhang, epoch, &ledger).await?;
    let Welcome {
        recovered, missed, ..
    } = back.welcome()?;
    assert_eq!(missed.len(), 10);
    for entry in recovered {
        let seq = last[&entry.conversation];
        let own: Vec<u64> = missed
            .iter()
            .filter(|m| m.conversation == entry.conversation)
            .map(|m| m.seq)
            .collect();
        assert!(own.len() <= 4 && entry.recovered, "{entry:?}");
        assert_eq!(own, (2..2 + own.len() as u64).collect::<Vec<_>>());
        assert_eq!(entry.more, own.len() as u64 + 1 < seq, "{entry:?}");
        assert_eq!(entry.last_seq, seq);
    }
    Ok(())
}

#[tokio::test]
async fn an_older_database_that_has_grown_again() -> Result<()> {
    let mut server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let mut at_lina = lina.connect().await?;
    let (with_zhang, _) = pour(&mut at_lina, zhang.as_target(), 3).await?;
    let research = lina.unit("研发部").await?;
    let (in_unit, _) = pour(&mut at_lina, research, 3).await?;
    server.stop().await?;
    let backup = server.database.back_up()?;

    server.run().await?;
    let (mut at_lina, mut at_zhang) = (lina.connect().await?, zhang.connect().await?);
    let epoch = at_zhang.welcome()?.epoch;
    for message in zhang.history(in_unit).await? {
        at_zhang.ledger.told(&message)?;
    }
    pour(&mut at_lina, zhang.as_target(), 4).await?;
    at_zhang.ledger.begins(with_zhang, 3);
    crate::chat::reads_to(&mut at_zhang, with_zhang, 7).await?;
    let ledger = at_zhang.ledger.clone();
    server.stop().await?;

    server.database.restore(&backup)?;
    server.run().await?;
    // Shorter than what the client holds, then grown past it: the number alone would look right.
    let shorter = comes_back(&zhang, epoch, &ledger).await?;
    assert!(!shorter.recovered(with_zhang)?.recovered);
    assert!(
        shorter.recovered(in_unit)?.recovered,
        "this one is as it was"
    );
    assert_eq!(shorter.recovered(with_zhang)?.last_seq, 3);
    for count in [4, 5] {
        let mut at_lina = lina.connect().await?;
        pour(&mut at_lina, zhang.as_target(), count).await?;
        let grown = comes_back(&zhang, epoch, &ledger).await?;
        let entry = grown.recovered(with_zhang)?;
        assert!(!entry.recovered && !entry.more, "{entry:?}");
        assert!(grown.welcome()?.missed.is_empty());
    }
    assert_eq!(zhang.history(with_zhang).await?.len(), 3 + 4 + 5);
    Ok(())
}

#[tokio::test]
async fn positions_of_another_database_mean_nothing() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let (mut at_lina, mut at_zhang) = (lina.connect().await?, zhang.connect().await?);
    let conversation = at_lina.tell(zhang.as_target(), "one").await?.conversation;
    at_zhang.message().await?;
    let ledger = at_zhang.ledger.clone();
    let foreign = comes_back(&zhang, id(), &ledger).await?;
    let entry = foreign.recovered(conversation)?;
    assert_eq!(
        (entry.recovered, entry.last_seq, entry.unread),
        (false, 1, 1)
    );
    assert!(foreign.welcome()?.missed.is_empty());
    // A conversation that nobody has is not the caller's, and is not told from one of others.
    let mut positions = ledger.positions();
    positions.insert(id(), (5, id()));
    let resume = Resume {
        epoch: at_zhang.welcome()?.epoch,
        positions: positions.clone(),
    };
    let back = zhang.door().greet("test", Some(resume)).await?;
    for unknown in positions.keys().filter(|key| **key != conversation) {
        let entry = back.recovered(*unknown)?;
        assert_eq!(
            (entry.recovered, entry.last_seq, entry.unread, entry.more),
            (false, 0, 0, false)
        );
    }
    assert!(back.recovered(conversation)?.recovered);
    Ok(())
}

#[tokio::test]
async fn who_was_moved_away_is_told_so() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let (mut at_lina, mut at_zhang) = (lina.connect().await?, zhang.connect().await?);
    let research = lina.unit("研发部").await?;
    let unit = at_lina.tell(research, "one").await?.conversation;
    at_zhang.message().await?;
    let (epoch, ledger) = (at_zhang.welcome()?.epoch, at_zhang.ledger.clone());
    drop(at_zhang);
    server
        .import(&Office::default().moved("zhangwei", &["sales"]), &[])
        .await?
        .ok()?;
    let directory = |frame: &ServerFrame| matches!(frame, ServerFrame::Directory(_)).then_some(());
    at_lina.take("directory", directory).await?;
    at_lina.tell(research, "without him").await?;
    let back = comes_back(&zhang, epoch, &ledger).await?;
    let entry = back.recovered(unit)?;
    assert_eq!(
        (entry.recovered, entry.last_seq, entry.unread),
        (false, 0, 0)
    );
    assert!(back.welcome()?.missed.is_empty());
    let path = format!("/api/v1/conversations/{unit}/messages");
    assert_eq!(zhang.get(&path).await?.code()?, "conversation_unknown");
    // Back again, he reads on from then; what was said meanwhile was not for him.
    server.import(&Office::default(), &[]).await?.ok()?;
    at_lina.take("directory", directory).await?;
    let stored = at_lina.tell(research, "welcome back").await?;
    let seen = zhang.history(unit).await?;
    assert_eq!(seen.last().context("a message")?.message, stored.message);
    assert!(
        seen.iter()
            .all(|message| crate::chat::text(message) != "without him")
    );
    Ok(())
}
