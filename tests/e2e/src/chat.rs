//! Two people and a department chat: whoever should gets each message once, in one order, on every device.

use anyhow::Result;
use uuid::Uuid;
use webim_support::{TestPerson, TestServer, TestSocket};
use webim_wire::client::{ClientFrame, Read, Target, Typing};
use webim_wire::payload::Payload;
use webim_wire::server::{Message, ServerFrame};

/// What a message says.
pub fn text(message: &Message) -> &str {
    match &message.payload {
        Payload::Text(text) | Payload::System(text) | Payload::Edit(text) => &text.text,
        _ => "",
    }
}

#[tokio::test]
async fn two_people_chat() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let (mut at_lina, mut at_zhang) = (lina.connect().await?, zhang.connect().await?);

    let first = at_lina.tell(zhang.as_target(), "你好").await?;
    assert_eq!(first.seq, 1);
    let heard = at_zhang.message().await?;
    assert_eq!(
        (heard.conversation, heard.seq, heard.message),
        (first.conversation, 1, first.message)
    );
    assert_eq!(
        (heard.sender, heard.time, text(&heard)),
        (Some(lina.id), first.time, "你好")
    );

    let here = Target::Conversation(first.conversation);
    let second = at_zhang.tell(here, "Hello, face[微笑]").await?;
    assert_eq!((second.conversation, second.seq), (first.conversation, 2));
    assert_eq!(text(&at_lina.message().await?), "Hello, face[微笑]");
    // The other way round it is the same conversation.
    assert_eq!(
        at_zhang.tell(lina.as_target(), "again").await?.conversation,
        first.conversation
    );

    let history = lina.history(first.conversation).await?;
    assert_eq!(history, zhang.history(first.conversation).await?);
    let said: Vec<_> = history
        .iter()
        .map(|message| (message.seq, message.sender, text(message)))
        .collect();
    let expected = [
        (1, lina.id, "你好"),
        (2, zhang.id, "Hello, face[微笑]"),
        (3, zhang.id, "again"),
    ];
    assert_eq!(
        said,
        expected.map(|(seq, sender, text)| (seq, Some(sender), text))
    );
    Ok(())
}

#[tokio::test]
async fn a_department_chats_among_itself() -> Result<()> {
    let server = TestServer::start().await?;
    let lina = server.sign_in("lina").await?;
    let (zhang, liu) = (
        server.sign_in("zhangwei").await?,
        server.sign_in("liuyang").await?,
    );
    let wang = server.sign_in("wangfang").await?;
    let mut at_lina = lina.connect().await?;
    let mut others = [zhang.connect().await?, liu.connect().await?];
    let mut at_wang = wang.connect().await?;

    let research = lina.unit("研发部").await?;
    let stored = at_lina.tell(research, "meeting").await?;
    for other in &mut others {
        let heard = other.message().await?;
        assert_eq!(
            (heard.conversation, heard.message),
            (stored.conversation, stored.message)
        );
    }
    // Whoever is not in it hears nothing: what she hears next is what was said to her later.
    at_lina.tell(wang.as_target(), "hi").await?;
    assert_eq!(text(&at_wang.message().await?), "hi");
    let refused = at_wang.send(research, "may I?").await?;
    assert_eq!(at_wang.refusal(refused).await?.code, "unit_unknown");
    let refused = at_wang
        .send(Target::Conversation(stored.conversation), "may I?")
        .await?;
    assert_eq!(at_wang.refusal(refused).await?.code, "conversation_unknown");
    assert_eq!(lina.history(stored.conversation).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn every_device_hears_once() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let (mut desk, mut phone) = (lina.connect().await?, lina.connect().await?);
    let mut at_zhang = zhang.connect().await?;

    let client_id = desk.send(zhang.as_target(), "from the desk").await?;
    let stored = desk.stored(client_id).await?;
    let on_phone = phone.message().await?;
    assert_eq!(
        (on_phone.message, on_phone.client_id),
        (stored.message, Some(client_id))
    );
    assert_eq!(at_zhang.message().await?.message, stored.message);
    // What is said over HTTP has no device of its own: all of them hear it.
    let body = serde_json::json!({"to": {"person": zhang.id}, "body": {"text": "over HTTP"}});
    let request = lina.request(reqwest::Method::POST, "/api/v1/messages");
    let request = request
        .header("idempotency-key", webim_support::id().to_string())
        .json(&body);
    lina.ask(request).await?.ok::<serde_json::Value>()?;
    for socket in [&mut desk, &mut phone, &mut at_zhang] {
        // At the desk this is the first message: its own was answered by the ack and not told again.
        let heard = socket.message().await?;
        assert_eq!((heard.seq, text(&heard)), (2, "over HTTP"));
    }
    Ok(())
}

/// Reads until everything up to `seq` is known.
pub async fn reads_to(socket: &mut TestSocket, conversation: Uuid, seq: u64) -> Result<()> {
    while socket.ledger.thread(conversation).position().0 < seq {
        let next = socket.next().await?;
        anyhow::ensure!(next.is_ok(), "the end before {seq}: {next:?}");
    }
    Ok(())
}

#[tokio::test]
async fn one_order_for_everybody() -> Result<()> {
    const EACH: usize = 60;
    let server = TestServer::start().await?;
    let mut people: Vec<TestPerson> = Vec::new();
    for login in ["lina", "zhangwei", "liuyang"] {
        people.push(server.sign_in(login).await?);
    }
    let mut sockets = Vec::new();
    for person in &people {
        sockets.push(person.connect().await?);
    }
    let research = people[0].unit("研发部").await?;
    let conversation = sockets[0].tell(research, "first").await?.conversation;
    for socket in &mut sockets {
        socket.ledger.begins(conversation, 0);
    }
    for n in 0..EACH {
        for (who, socket) in sockets.iter_mut().enumerate() {
            socket.send(research, &format!("{who}:{n}")).await?;
        }
    }
    sockets[0].ledger.begins(conversation, 1);
    let all = 1 + u64::try_from(EACH * sockets.len())?;
    for socket in &mut sockets {
        reads_to(socket, conversation, all).await?;
    }

    let history = people[0].history(conversation).await?;
    let numbers: Vec<u64> = history.iter().map(|message| message.seq).collect();
    assert_eq!(numbers, (1..=history.len() as u64).collect::<Vec<_>>());
    assert_eq!(history.len(), 1 + EACH * sockets.len());
    for socket in &sockets {
        for (seq, message) in socket.ledger.thread(conversation).known() {
            assert_eq!(history[usize::try_from(seq)? - 1].message, message);
        }
        assert!(socket.ledger.thread(conversation).gaps().is_empty());
    }
    // What one of them said keeps the order in which they said it.
    for who in 0..sockets.len() {
        let own = history
            .iter()
            .map(text)
            .filter_map(|text| text.strip_prefix(&format!("{who}:")));
        let own: Vec<usize> = own.map(str::parse).collect::<Result<_, _>>()?;
        assert_eq!(own, (0..EACH).collect::<Vec<_>>());
    }
    Ok(())
}

async fn unread(person: &TestPerson) -> Result<(u64, u64)> {
    let all = person.conversations().await?;
    let direct = all.items.iter().find(|one| one.person.is_some());
    Ok(direct.map_or((0, 0), |one| (one.read_seq, one.unread)))
}

#[tokio::test]
async fn unread_and_read_marks() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let (mut desk, mut phone) = (lina.connect().await?, lina.connect().await?);
    let mut at_zhang = zhang.connect().await?;
    let mut conversation = Uuid::nil();
    for text in ["one", "two", "three"] {
        conversation = at_zhang.tell(lina.as_target(), text).await?.conversation;
    }
    assert_eq!(unread(&lina).await?, (0, 3));
    assert_eq!(unread(&zhang).await?.1, 0, "one's own messages are read");

    let read = |seq| {
        ClientFrame::Read(Read {
            client_id: webim_support::id(),
            conversation,
            seq,
        })
    };
    desk.does(&read(2)).await?;
    let told = |frame: &ServerFrame| match frame {
        ServerFrame::Unread(unread) => Some((unread.read_seq, unread.unread)),
        _ => None,
    };
    assert_eq!(phone.take("unread", told).await?, (2, 1));
    let mark = |frame: &ServerFrame| match frame {
        ServerFrame::Read(mark) => Some((mark.conversation, mark.person, mark.seq)),
        _ => None,
    };
    assert_eq!(
        at_zhang.take("read", mark).await?,
        (conversation, lina.id, 2)
    );
    // Marks only grow; one beyond the end means the end, said over HTTP or over a socket.
    desk.does(&read(1)).await?;
    assert_eq!(unread(&lina).await?, (2, 1));
    let path = format!("/api/v1/conversations/{conversation}/read");
    for seq in [1_000_000, 3] {
        lina.put(&path, &serde_json::json!({"seq": seq}))
            .await?
            .done()?;
        assert_eq!(unread(&lina).await?, (3, 0));
    }
    assert_eq!(at_zhang.take("read", mark).await?.2, 3);
    at_zhang.tell(lina.as_target(), "four").await?;
    assert_eq!(unread(&lina).await?, (3, 1));
    let peer = zhang.conversations().await?.items.remove(0);
    assert_eq!(peer.peer_read_seq, Some(3));
    desk.does(&read(u64::MAX)).await?;
    assert_eq!(at_zhang.take("read", mark).await?.2, 4);
    at_zhang.tell(lina.as_target(), "five").await?;
    assert_eq!(
        unread(&lina).await?,
        (4, 1),
        "what came after the end was not read"
    );
    Ok(())
}

#[tokio::test]
async fn who_types_is_shown_and_not_stored() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let (mut at_lina, mut at_zhang) = (lina.connect().await?, zhang.connect().await?);
    let conversation = at_lina.tell(zhang.as_target(), "one").await?.conversation;
    at_lina
        .does(&ClientFrame::Typing(Typing {
            client_id: webim_support::id(),
            conversation,
        }))
        .await?;
    let typing = |frame: &ServerFrame| match frame {
        ServerFrame::Typing(typing) => Some((typing.conversation, typing.person)),
        _ => None,
    };
    assert_eq!(
        at_zhang.take("typing", typing).await?,
        (conversation, lina.id)
    );
    assert_eq!(at_lina.tell(zhang.as_target(), "two").await?.seq, 2);
    assert_eq!(at_zhang.message().await?.seq, 1);
    assert!(
        !at_lina.kept().any(|frame| typing(frame).is_some()),
        "not to oneself"
    );
    Ok(())
}
