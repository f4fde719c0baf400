//! The same `client_id` twice is the same message once, whichever way and however often it is said.

mod looked_up;

use anyhow::Result;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use webim_support::{Answer, TestPerson, TestServer, TestSocket, id};
use webim_wire::client::{ClientFrame, Send, Target};
use webim_wire::server::Stored;

/// A text as a client says it that does not know whether it was heard the first time.
pub fn again(client_id: Uuid, to: Target, text: &str) -> ClientFrame {
    ClientFrame::Send(Send {
        retry: true,
        ..Send::text(client_id, to, text)
    })
}

async fn repeat(
    socket: &mut TestSocket,
    client_id: Uuid,
    to: Target,
    text: &str,
) -> Result<Stored> {
    socket.say(&again(client_id, to, text)).await?;
    socket.stored(client_id).await
}

async fn code(socket: &mut TestSocket, client_id: Uuid) -> Result<String> {
    Ok(socket.refusal(client_id).await?.code)
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer() -> Result<()> {
    let mut server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let (mut at_lina, to) = (lina.connect().await?, zhang.as_target());
    let client_id = id();
    at_lina.send_as(client_id, to, "once").await?;
    let first = at_lina.stored(client_id).await?;
    at_lina.send_as(client_id, to, "once").await?;
    assert_eq!(at_lina.stored(client_id).await?, first);
    assert_eq!(repeat(&mut at_lina, client_id, to, "once").await?, first);
    // On another device, and by the conversation's name instead of the person's.
    let here = Target::Conversation(first.conversation);
    let mut phone = lina.connect().await?;
    assert_eq!(repeat(&mut phone, client_id, here, "once").await?, first);
    // With nothing in memory: asked to look, and not asked to.
    server.restart().await?;
    let (mut at_lina, mut at_zhang) = (lina.connect().await?, zhang.connect().await?);
    at_lina.send_as(client_id, to, "once").await?;
    assert_eq!(at_lina.stored(client_id).await?, first);
    server.restart().await?;
    let mut at_lina_again = lina.connect().await?;
    assert_eq!(
        repeat(&mut at_lina_again, client_id, to, "once").await?,
        first
    );
    drop((at_lina, at_zhang.ended().await?));
    // And nobody was told more than once.
    assert_eq!(lina.history(first.conversation).await?.len(), 1);
    assert!(
        !at_zhang
            .kept()
            .any(|frame| matches!(frame, webim_wire::server::ServerFrame::Message(_)))
    );
    assert_eq!(at_lina_again.tell(to, "twice").await?.seq, 2);
    Ok(())
}

#[tokio::test]
async fn one_name_is_for_one_text() -> Result<()> {
    let mut server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let (mut at_lina, to) = (lina.connect().await?, zhang.as_target());
    let client_id = at_lina.send(to, "this").await?;
    let first = at_lina.stored(client_id).await?;
    at_lina.send_as(client_id, to, "that").await?;
    assert_eq!(code(&mut at_lina, client_id).await?, "client_id_reused");
    server.restart().await?;
    let mut at_lina = lina.connect().await?;
    at_lina.send_as(client_id, to, "that").await?;
    assert_eq!(code(&mut at_lina, client_id).await?, "client_id_reused");
    at_lina.say(&again(client_id, to, "that")).await?;
    assert_eq!(code(&mut at_lina, client_id).await?, "client_id_reused");
    // The name belongs to this sender in this conversation alone.
    let research = lina.unit("研发部").await?;
    at_lina.send_as(client_id, research, "that").await?;
    assert_ne!(
        at_lina.stored(client_id).await?.conversation,
        first.conversation
    );
    let mut at_zhang = zhang.connect().await?;
    at_zhang
        .send_as(client_id, lina.as_target(), "that")
        .await?;
    assert_eq!(at_zhang.stored(client_id).await?.seq, 2);
    assert_eq!(lina.history(first.conversation).await?.len(), 2);
    Ok(())
}

async fn post(person: &TestPerson, key: &str, body: &Value) -> Result<Answer> {
    let request = person
        .request(Method::POST, "/api/v1/messages")
        .header("idempotency-key", key);
    person.ask(request.json(body)).await
}

#[tokio::test]
async fn the_same_over_http() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let key = id();
    let body = json!({"to": {"person": zhang.id}, "body": {"text": "once"}});
    let first: Stored = post(&lina, &key.to_string(), &body).await?.ok()?;
    assert_eq!(
        post(&lina, &key.to_string(), &body).await?.ok::<Stored>()?,
        first
    );
    // The socket knows the key as the message's client_id.
    let mut at_lina = lina.connect().await?;
    assert_eq!(
        repeat(&mut at_lina, key, zhang.as_target(), "once").await?,
        first
    );
    let other = json!({"to": {"person": zhang.id}, "body": {"text": "other"}});
    let problem = post(&lina, &key.to_string(), &other).await?.problem()?;
    assert_eq!((problem.status, &*problem.code), (409, "client_id_reused"));
    for wrong in ["", "1", "not-a-uuid"] {
        assert_eq!(post(&lina, wrong, &body).await?.code()?, "idempotency_key");
    }
    assert_eq!(
        lina.post("/api/v1/messages", &body).await?.code()?,
        "idempotency_key"
    );
    assert_eq!(lina.history(first.conversation).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn many_at_once_are_one() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let mut sockets = Vec::new();
    for _ in 0..5 {
        sockets.push(lina.connect().await?);
    }
    for _ in 0..10 {
        let client_id = id();
        for socket in &mut sockets {
            socket.send_as(client_id, zhang.as_target(), "once").await?;
            socket
                .say(&again(client_id, zhang.as_target(), "once"))
                .await?;
        }
        let first = sockets[0].stored(client_id).await?;
        for (n, socket) in sockets.iter_mut().enumerate() {
            for _ in usize::from(n == 0)..2 {
                assert_eq!(socket.stored(client_id).await?, first);
            }
        }
    }
    let conversation = lina.conversations().await?.items.remove(0);
    let history = lina.history(conversation.id).await?;
    assert_eq!(history.len(), 10);
    Ok(())
}

#[tokio::test]
async fn fifty_first_messages_make_one_conversation() -> Result<()> {
    const EACH: usize = 5;
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let mut talkers = Vec::new();
    for n in 0..10 {
        let (one, other) = if n % 2 == 0 {
            (&lina, &zhang)
        } else {
            (&zhang, &lina)
        };
        talkers.push((one.connect().await?, other.as_target()));
    }
    let talking = talkers
        .into_iter()
        .map(async |(mut socket, to)| -> Result<Vec<Stored>> {
            let mut ids = Vec::new();
            for _ in 0..EACH {
                ids.push(socket.send(to, "are you there?").await?);
            }
            let mut places = Vec::new();
            for id in ids {
                places.push(socket.stored(id).await?);
            }
            Ok(places)
        });
    let places = futures_util::future::try_join_all(talking).await?.concat();
    let mut numbers: Vec<u64> = places.iter().map(|place| place.seq).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=50).collect::<Vec<_>>());
    assert!(
        places
            .iter()
            .all(|place| place.conversation == places[0].conversation)
    );
    for person in [&lina, &zhang] {
        let direct = person
            .conversations()
            .await?
            .items
            .into_iter()
            .filter(|one| one.person.is_some());
        assert_eq!(
            direct.map(|one| one.id).collect::<Vec<_>>(),
            [places[0].conversation]
        );
        assert_eq!(person.history(places[0].conversation).await?.len(), 50);
    }
    Ok(())
}
