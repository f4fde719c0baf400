//! What programs push: to a person, a unit, everyone and everyone online; once, and into places where nobody else writes.

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use webim_support::{Answer, Office, Rest, TestPerson, TestServer, id, until};
use webim_wire::accounts::MadeApiToken;
use webim_wire::client::{ClientFrame, React, Send, Target};
use webim_wire::payload::Payload;
use webim_wire::rest::{Conversation, ConversationKindName, Units};
use webim_wire::server::{Message, Stored};

/// A program that may push, and its id.
async fn program(server: &TestServer, scopes: &[&str]) -> Result<(Rest, Uuid)> {
    let admin = server.sign_in("zhaomin").await?;
    let body = json!({"name": "工资系统", "scopes": scopes});
    let made: MadeApiToken = admin.post("/api/v1/tokens", &body).await?.ok()?;
    Ok((server.holder_of(&made.token)?, made.made.id))
}

async fn push_as(program: &Rest, key: Uuid, body: &Value) -> Result<Answer> {
    let request = program.request(Method::POST, "/api/v1/messages");
    let request = request.header("idempotency-key", key.to_string());
    program.ask(request.json(body)).await
}

async fn push(program: &Rest, to: Value, text: &str) -> Result<Answer> {
    push_as(program, id(), &json!({"to": to, "body": {"text": text}})).await
}

/// The notice conversations that somebody's list shows.
async fn notices(person: &TestPerson) -> Result<Vec<Conversation>> {
    let list = person.conversations().await?.items.into_iter();
    Ok(list
        .filter(|entry| entry.kind == ConversationKindName::Notice)
        .collect())
}

fn words(message: &Message) -> &str {
    match &message.payload {
        Payload::Text(text) => &text.text,
        _ => "",
    }
}

#[tokio::test]
async fn to_a_person_a_unit_and_everyone() -> Result<()> {
    let server = TestServer::start().await?;
    let (program, robot) = program(&server, &["messages:push"]).await?;
    let (lina, john) = (server.sign_in("lina").await?, server.sign_in("john").await?);
    let mut at_lina = lina.connect().await?;
    assert!(notices(&lina).await?.is_empty());
    let first: Stored = push(&program, json!({"person": lina.id}), "发工资了")
        .await?
        .ok()?;
    let told = at_lina.message().await?;
    assert_eq!((told.message, told.sender), (first.message, Some(robot)));
    assert_eq!(words(&told), "发工资了");
    // The same conversation by what she signs in with; a card does as well.
    let card = json!({
        "to": {"login": "LiNa"}, "kind": "card",
        "body": {"title": "请假单", "text": "已批准", "link": "https://oa.example.com/1"},
    });
    let second: Stored = push_as(&program, id(), &card).await?.ok()?;
    assert_eq!((second.conversation, second.seq), (first.conversation, 2));
    let entry = notices(&lina).await?.pop().context("her notices")?;
    assert_eq!(
        (&*entry.title, entry.unread, entry.last_seq),
        ("系统通知", 2, 2)
    );
    assert!(notices(&john).await?.is_empty());
    let path = format!("/api/v1/conversations/{}/messages", first.conversation);
    assert_eq!(john.get(&path).await?.code()?, "conversation_unknown");
    // Who says it has a name.
    let shown: Value = lina.read(&format!("/api/v1/people/{robot}")).await?;
    assert_eq!(shown["name"], "工资系统");

    // A unit hears it in its own conversation, and answers there.
    let units: Units = lina.read("/api/v1/units").await?;
    let unit = units.items.iter().find(|unit| unit.name == "研发部");
    let unit = unit.context("research")?;
    at_lina.message().await?;
    let said: Stored = push(&program, json!({"unit": unit.id}), "构建失败")
        .await?
        .ok()?;
    assert_eq!(Some(said.conversation), unit.conversation);
    let again: Stored = push(&program, json!({"unit_code": "rd"}), "构建成功")
        .await?
        .ok()?;
    assert_eq!((again.conversation, again.seq), (said.conversation, 2));
    assert_eq!(at_lina.message().await?.sender, Some(robot));
    assert_eq!(at_lina.tell(Target::Unit(unit.id), "好").await?.seq, 3);

    // Everyone: stored once, read by all, unread for each.
    let all: Stored = push(&program, json!({"everyone": true}), "放假")
        .await?
        .ok()?;
    for login in ["lina", "john", "expert", "zhaomin"] {
        let person = server.sign_in(login).await?;
        let notices = notices(&person).await?;
        let entry = notices.iter().find(|entry| entry.id == all.conversation);
        let entry = entry.with_context(|| login.to_owned())?;
        assert_eq!((&*entry.title, entry.unread), ("全员通知", 1), "{login}");
        let history = person.history(all.conversation).await?;
        assert_eq!(history.iter().map(words).collect::<Vec<_>>(), ["放假"]);
    }
    let mark = format!("/api/v1/conversations/{}/read", all.conversation);
    john.put(&mark, &json!({"seq": 1})).await?.done()?;
    assert_eq!(notices(&john).await?[0].unread, 0);
    Ok(())
}

#[tokio::test]
async fn once_however_often_it_is_said() -> Result<()> {
    let mut server = TestServer::start().await?;
    let (program, _) = program(&server, &["messages:push"]).await?;
    let lina = server.sign_in("lina").await?;
    let key = id();
    let bodies = [
        json!({"to": {"person": lina.id}, "body": {"text": "once"}}),
        json!({"to": {"unit_code": "rd"}, "body": {"text": "once"}}),
        json!({"to": {"everyone": true}, "body": {"text": "once"}}),
    ];
    let mut first = Vec::new();
    for body in &bodies {
        first.push(push_as(&program, key, body).await?.ok::<Stored>()?);
    }
    for round in 0..2 {
        for (body, first) in bodies.iter().zip(&first) {
            let again: Stored = push_as(&program, key, body).await?.ok()?;
            assert_eq!(again, *first);
            if round == 1 {
                assert_eq!(lina.history(first.conversation).await?.len(), 1);
            }
        }
        server.restart().await?;
    }
    let other = json!({"to": {"person": lina.id}, "body": {"text": "another"}});
    let reused = push_as(&program, key, &other).await?;
    assert_eq!(reused.code()?, "client_id_reused");
    // Fifty at once make one conversation.
    let john = server.sign_in("john").await?;
    let pushes = (0..50).map(|_| push(&program, json!({"person": john.id}), "many"));
    let mut seen = Vec::new();
    for answer in futures_util::future::join_all(pushes).await {
        let stored: Stored = answer?.ok()?;
        seen.push((stored.conversation, stored.seq));
    }
    seen.sort_unstable();
    let one = seen[0].0;
    let expected: Vec<_> = (1..=50).map(|seq| (one, seq)).collect();
    assert_eq!(seen, expected);
    Ok(())
}

#[tokio::test]
async fn those_who_are_online() -> Result<()> {
    let server = TestServer::start().await?;
    let (program, _) = program(&server, &["messages:push"]).await?;
    let (lina, john) = (server.sign_in("lina").await?, server.sign_in("john").await?);
    let body = json!({"to": {"online": true}, "body": {"text": "重启"}});
    let key = id();
    let nobody: Value = push_as(&program, key, &body).await?.ok()?;
    assert_eq!(nobody, json!({"count": 0}));
    let (mut at_lina, mut phone) = (lina.connect().await?, lina.connect().await?);
    let one: Value = push_as(&program, key, &body).await?.ok()?;
    assert_eq!(one, json!({"count": 1}));
    assert_eq!(words(&at_lina.message().await?), "重启");
    assert_eq!(words(&phone.message().await?), "重启");
    assert!(notices(&john).await?.is_empty());
    let mut at_john = john.connect().await?;
    let two: Value = push_as(&program, key, &body).await?.ok()?;
    assert_eq!(two, json!({"count": 2}));
    assert_eq!(words(&at_john.message().await?), "重启");
    let entry = notices(&lina).await?.pop().context("her notices")?;
    assert_eq!((entry.last_seq, entry.unread), (1, 1), "not twice");
    Ok(())
}

#[tokio::test]
async fn nobody_else_writes_there() -> Result<()> {
    let server = TestServer::start().await?;
    let (program, _) = program(&server, &["messages:push"]).await?;
    let lina = server.sign_in("lina").await?;
    let own: Stored = push(&program, json!({"person": lina.id}), "told")
        .await?
        .ok()?;
    let all: Stored = push(&program, json!({"everyone": true}), "told")
        .await?
        .ok()?;
    let mut at_lina = lina.connect().await?;
    for told in [&own, &all] {
        let to = Target::Conversation(told.conversation);
        let sent = at_lina.send(to, "an answer").await?;
        assert_eq!(at_lina.refusal(sent).await?.code, "forbidden");
        let react = ClientFrame::React(React {
            client_id: id(),
            conversation: told.conversation,
            seq: 1,
            emoji: "👍".into(),
            on: true,
        });
        let answer = ClientFrame::Send(Send {
            reply: Some(1),
            ..Send::text(id(), to, "an answer")
        });
        for frame in [react, answer] {
            at_lina.say(&frame).await?;
            let client_id = frame.client_id().context("a name")?;
            assert_eq!(at_lina.refusal(client_id).await?.code, "forbidden");
        }
        let body = json!({"to": {"conversation": told.conversation}, "body": {"text": "x"}});
        assert_eq!(push_as(&lina, id(), &body).await?.code()?, "forbidden");
        assert_eq!(lina.history(told.conversation).await?.len(), 1);
    }
    // An admin is no exception, and a stranger is not even told that it is there.
    let admin = server.sign_in("zhaomin").await?;
    let body = json!({"to": {"conversation": own.conversation}, "body": {"text": "x"}});
    assert_eq!(
        push_as(&admin, id(), &body).await?.code()?,
        "conversation_unknown"
    );
    let body = json!({"to": {"conversation": all.conversation}, "body": {"text": "x"}});
    assert_eq!(push_as(&admin, id(), &body).await?.code()?, "forbidden");
    Ok(())
}

#[tokio::test]
async fn everyone_is_who_is_there() -> Result<()> {
    let server = TestServer::start().await?;
    let (program, _) = program(&server, &["messages:push"]).await?;
    let lina = server.sign_in("lina").await?;
    let first: Stored = push(&program, json!({"everyone": true}), "first")
        .await?
        .ok()?;
    let changed = Office::default()
        .with("newcomer", "新人", &[])
        .without("john");
    let flags = ["--deactivate-missing"];
    server.import(&changed, &flags).await?.ok()?;
    let new = server.sign_in("newcomer").await?;
    let mut at_new = new.connect().await?;
    let second: Stored = push(&program, json!({"everyone": true}), "second")
        .await?
        .ok()?;
    assert_eq!(second.seq, 2);
    assert_eq!(at_new.message().await?.message, second.message);
    let seen = new.history(first.conversation).await?;
    assert_eq!(seen.iter().map(words).collect::<Vec<_>>(), ["second"]);
    assert_eq!(notices(&new).await?[0].unread, 1);
    assert_eq!(lina.history(first.conversation).await?.len(), 2);
    let members = format!("/api/v1/conversations/{}/members", first.conversation);
    let members: Value = lina.read(&members).await?;
    let logins = members["items"].as_array().context("members")?;
    assert_eq!(logins.len(), 7, "john is out, the newcomer in");
    let gone = push(&program, json!({"login": "john"}), "hello").await?;
    assert_eq!(gone.code()?, "person_unknown");
    Ok(())
}

#[tokio::test]
async fn what_is_not_pushed() -> Result<()> {
    let server = TestServer::start().await?;
    let (program, robot) = program(&server, &["messages:push"]).await?;
    let (reader, _) = self::program(&server, &["directory:read", "directory:write"]).await?;
    let lina = server.sign_in("lina").await?;
    let to = json!({"person": lina.id});
    let scope = push(&reader, to.clone(), "x").await?.problem()?;
    assert_eq!((scope.status, &*scope.code), (403, "scope_missing"));
    let text = |text: &str| json!({"to": to, "body": {"text": text}});
    let with = |to: Value| json!({"to": to, "body": {"text": "x"}});
    for (body, code) in [
        (with(json!({"person": id()})), "person_unknown"),
        (with(json!({"person": robot})), "person_unknown"),
        (with(json!({"login": "nobody"})), "person_unknown"),
        (with(json!({"unit": id()})), "unit_unknown"),
        (with(json!({"unit_code": "x' OR 1=1"})), "unit_unknown"),
        (with(json!({"conversation": id()})), "bad_field"),
        (with(json!({"everyone": false})), "bad_field"),
        (with(json!({"online": false})), "bad_field"),
        (with(json!({"everyone": true, "online": true})), "bad_field"),
        (with(json!({})), "bad_field"),
        (text(""), "text_empty"),
        (text(&"长".repeat(5_001)), "text_too_long"),
        (text("a\0b"), "text_invalid"),
        (
            json!({"to": to, "kind": "file", "body": {"file": id()}}),
            "bad_field",
        ),
        (
            json!({"to": to, "kind": "card", "body": {"title": "x", "picture": id()}}),
            "file_unknown",
        ),
        (
            json!({"to": to, "kind": "card", "body": {"title": "x", "link": "javascript:alert(1)"}}),
            "card_invalid",
        ),
        (
            json!({"to": to, "body": {"text": "x"}, "reply": 1}),
            "bad_field",
        ),
    ] {
        let answer = push_as(&program, id(), &body).await?;
        assert_eq!(answer.code()?, code, "{body}");
    }
    let request = program.request(Method::POST, "/api/v1/messages");
    let keyless = program.ask(request.json(&text("x"))).await?;
    assert_eq!(keyless.code()?, "idempotency_key");
    // Whoever has no token pushes to nobody.
    let everyone = with(json!({"everyone": true}));
    assert_eq!(push_as(&lina, id(), &everyone).await?.code()?, "bad_field");
    assert!(notices(&lina).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn hostile_text_is_text() -> Result<()> {
    let server = TestServer::start().await?;
    let (program, _) = program(&server, &["messages:push"]).await?;
    let lina = server.sign_in("lina").await?;
    let hostile = "<img src=x onerror=alert('1')> & \"face[微笑]\" '; DROP TABLE people";
    let told: Stored = push(&program, json!({"person": lina.id}), hostile)
        .await?
        .ok()?;
    let history = lina.history(told.conversation).await?;
    assert_eq!(words(&history[0]), hostile);
    // As text in the message box, too, which is JSON and whose page shows text.
    let page: Value = lina.read("/layim/msgbox?page=1").await?;
    let entry = &page["data"][0];
    assert_eq!(entry["content"], hostile);
    assert_eq!((&page["code"], &page["pages"]), (&json!(0), &json!(1)));
    assert_eq!(
        (&entry["from"], &entry["read"], &entry["uid"]),
        (&Value::Null, &json!(0), &json!(lina.id))
    );
    push(&program, json!({"everyone": true}), "second")
        .await?
        .ok::<Stored>()?;
    let mark = format!("/api/v1/conversations/{}/read", told.conversation);
    lina.put(&mark, &json!({"seq": 1})).await?.done()?;
    let page: Value = lina.read("/layim/msgbox?t=1").await?;
    let seen: Vec<_> = page["data"]
        .as_array()
        .context("lines")?
        .iter()
        .map(|entry| entry["read"].clone())
        .collect();
    assert_eq!(seen, [json!(0), json!(1)]);
    let beyond: Value = lina.read("/layim/msgbox?page=2").await?;
    assert_eq!(beyond["data"], json!([]));
    let wrong: Value = lina.read("/layim/msgbox?page=0").await?;
    assert_eq!(wrong["code"], 400);
    Ok(())
}

#[tokio::test]
async fn a_program_is_paced_and_has_an_end() -> Result<()> {
    let mut setup = webim_support::Setup::sqlite()?;
    setup.settings.set("limits.commands_per_second", 1);
    setup.settings.set("limits.command_burst", 3);
    let server = setup.start().await?;
    let (program, token) = program(&server, &["messages:push"]).await?;
    let lina = server.sign_in("lina").await?;
    let to = json!({"person": lina.id});
    until("the program to be too fast", async || {
        let answer = push(&program, to.clone(), "x").await?;
        if answer.status == 200 {
            return Ok(None);
        }
        let problem = answer.problem()?;
        ensure!(problem.code == "rate_limited" && problem.retry_after.is_some());
        Ok(Some(()))
    })
    .await?;
    let admin = server.sign_in("zhaomin").await?;
    admin
        .delete(&format!("/api/v1/tokens/{token}"))
        .await?
        .done()?;
    let revoked = push(&program, to, "x").await?;
    assert_eq!(revoked.code()?, "not_authenticated");
    // What it said keeps its name.
    let shown: Value = lina.read(&format!("/api/v1/people/{token}")).await?;
    assert_eq!(shown["name"], "工资系统");
    Ok(())
}
