//! Customer service from outside: a customer comes, is served, is passed on, and at every moment one and only one must
//! answer.

mod refused;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use uuid::Uuid;
use webim_support::{Office, Setup, TestPerson, TestServer, TestSocket};

/// The office with those who serve.
pub fn staffed() -> Office {
    Office::default()
        .with_roles("amy", "艾米", &["sales"], &["agent"])
        .with_roles("bo", "薄荷", &["sales"], &["agent"])
        .with_roles("sue", "苏主管", &["sales"], &["agent", "supervisor"])
}

/// A server with one channel, `shop`, of this configuration.
pub async fn shop(config: Value) -> Result<TestServer> {
    let mut setup = Setup::sqlite()?;
    setup.office = staffed();
    let server = setup.start().await?;
    channel(&server, "shop", json!({"name": "Shop", "config": config})).await?;
    Ok(server)
}

/// Sets a channel.
pub async fn channel(server: &TestServer, key: &str, body: Value) -> Result<Value> {
    let admin = server.sign_in("zhaomin").await?;
    let path = format!("/api/v1/channels/{key}");
    admin.put(&path, &body).await?.ok()
}

/// An agent at a desk, ready.
pub async fn at_desk(server: &TestServer, login: &str) -> Result<(TestPerson, TestSocket)> {
    let agent = server.sign_in(login).await?;
    let mut desk = agent.connect().await?;
    desk.moves("watch", json!({"conversations": []})).await?;
    desk.moves("state", json!({"state": "ready"})).await?;
    Ok((agent, desk))
}

/// A customer who has opened a visit.
pub async fn opened(
    server: &TestServer,
    channel: &str,
    name: &str,
) -> Result<(webim_support::TestCustomer, TestSocket, Uuid)> {
    let customer = server.customer(channel, name).await?;
    let mut socket = customer.connect().await?;
    let done = socket.moves("open", json!({"channel": channel})).await?;
    Ok((
        customer,
        socket,
        done.conversation.context("a conversation")?,
    ))
}

#[tokio::test]
async fn one_agent_serves_from_start_to_end() -> Result<()> {
    let server = shop(json!({})).await?;
    let (amy, mut at_amy) = at_desk(&server, "amy").await?;
    let (_, mut at_customer, id) = opened(&server, "shop", "小明").await?;

    let held = at_customer.held_by(id, amy.id).await?;
    assert_eq!(at_amy.held_by(id, amy.id).await?.lease, held.lease);
    at_customer
        .answers(id, None, "有人吗")
        .await?
        .map_err(anyhow::Error::msg)?;
    at_amy.heard("有人吗").await?;
    let said = at_amy.answers(id, Some(held.lease), "您好").await?;
    said.map_err(anyhow::Error::msg)?;
    at_customer.heard("您好").await?;

    let list: Value = amy.read("/api/v1/service/customers").await?;
    assert_eq!(list["items"][0]["customer"]["name"], "小明");
    assert_eq!(list["items"][0]["owner"], true);
    at_amy.moves("close", json!({"conversation": id})).await?;
    at_customer.holder(id, "nobody").await?;

    // The next message opens the next visit, with the same agent, though another one is free, too.
    let (_, _at_bo) = at_desk(&server, "bo").await?;
    at_customer
        .answers(id, None, "还有一个问题")
        .await?
        .map_err(anyhow::Error::msg)?;
    let again = at_customer.held_by(id, amy.id).await?;
    assert!(again.lease > held.lease && again.visit != held.visit);
    let detail: Value = amy
        .read(&format!("/api/v1/service/conversations/{id}"))
        .await?;
    assert_eq!(detail["visits"].as_array().map(Vec::len), Some(2));
    assert_eq!(detail["visits"][1]["closed_by"], "agent");
    Ok(())
}

#[tokio::test]
async fn who_waits_is_served_as_soon_as_there_is_room() -> Result<()> {
    let server = shop(json!({})).await?;
    let (amy, mut at_amy) = at_desk(&server, "amy").await?;
    let admin = server.sign_in("zhaomin").await?;
    admin
        .put(
            &format!("/api/v1/agents/{}", amy.id),
            &json!({"capacity": 1}),
        )
        .await?
        .done()?;
    let (_, mut first, one) = opened(&server, "shop", "第一位").await?;
    first.held_by(one, amy.id).await?;
    let (_, mut second, two) = opened(&server, "shop", "第二位").await?;
    let (_, mut third, three) = opened(&server, "shop", "第三位").await?;
    second.holder(two, "queue").await?;
    third.holder(three, "queue").await?;
    let queue: Value = amy.read("/api/v1/service/queue").await?;
    let waiting = queue["items"].as_array().context("a list")?;
    let names: Vec<_> = waiting.iter().map(|one| &one["customer"]["name"]).collect();
    assert_eq!(names, ["第二位", "第三位"]);

    at_amy.moves("close", json!({"conversation": one})).await?;
    second.held_by(two, amy.id).await?;
    // Somebody else comes to work: the next one does not wait for Amy.
    let (bo, _at_bo) = at_desk(&server, "bo").await?;
    third.held_by(three, bo.id).await?;
    Ok(())
}

#[tokio::test]
async fn a_transfer_moves_the_customer_and_the_record() -> Result<()> {
    let server = shop(json!({})).await?;
    let (amy, mut at_amy) = at_desk(&server, "amy").await?;
    let (customer, mut at_customer, id) = opened(&server, "shop", "小明").await?;
    let held = at_customer.held_by(id, amy.id).await?;
    at_customer
        .answers(id, None, "我要退货")
        .await?
        .map_err(anyhow::Error::msg)?;
    at_amy.heard("我要退货").await?;
    let (bo, mut at_bo) = at_desk(&server, "bo").await?;

    let ask =
        json!({"conversation": id, "lease": held.lease, "to": {"agent": bo.id}, "note": "老客户"});
    at_amy.moves("transfer", ask).await?;
    let offer = at_bo.offer().await?;
    assert_eq!(
        (offer.note.as_str(), offer.customer.id),
        ("老客户", customer.id)
    );
    assert_eq!(offer.preview.len(), 2);
    // Until it is accepted, she answers.
    at_amy
        .answers(id, Some(held.lease), "请稍等")
        .await?
        .map_err(anyhow::Error::msg)?;
    at_bo
        .moves("answer", json!({"offer": offer.offer, "accept": true}))
        .await?;
    let now = at_customer.held_by(id, bo.id).await?;
    assert_eq!(now.lease, held.lease + 1);
    at_amy.held_by(id, bo.id).await?;

    let stale = at_amy.answers(id, Some(held.lease), "我在").await?;
    assert!(stale.is_err());
    at_bo
        .answers(id, Some(now.lease), "我来为您处理")
        .await?
        .map_err(anyhow::Error::msg)?;
    at_customer.heard("我来为您处理").await?;
    let hers: Value = amy.read("/api/v1/service/customers").await?;
    assert_eq!(hers["items"].as_array().map(Vec::len), Some(0));
    let his: Value = bo.read("/api/v1/service/customers").await?;
    assert_eq!(his["items"][0]["conversation"], json!(id));
    let said = bo.history(id).await?;
    assert_eq!(said[0].seq, 1, "he reads it from the beginning");
    Ok(())
}

#[tokio::test]
async fn a_decision_is_explained() -> Result<()> {
    let server = shop(json!({})).await?;
    let (amy, _at_amy) = at_desk(&server, "amy").await?;
    let (_, mut at_customer, id) = opened(&server, "shop", "小明").await?;
    at_customer.held_by(id, amy.id).await?;
    let detail: Value = amy
        .read(&format!("/api/v1/service/conversations/{id}"))
        .await?;
    let assignment = detail["assignments"][0]["id"].as_str().context("an id")?;
    let why: Value = amy
        .read(&format!("/api/v1/assignments/{assignment}/why"))
        .await?;
    assert_eq!(why["receipt"]["by"], "builtin");
    let candidates = why["receipt"]["candidates"].as_array().context("a list")?;
    let verdict = |who: Uuid| {
        let mut all = candidates.iter();
        all.find(|one| one["agent"] == json!(who))
            .map(|one| one["verdict"].clone())
    };
    assert_eq!(verdict(amy.id), Some("chosen".into()));
    assert!(
        candidates
            .iter()
            .any(|one| one["verdict"] == "not_connected")
    );
    assert!(
        why["sentence_zh"]
            .as_str()
            .is_some_and(|text| text.contains("艾米"))
    );
    assert!(
        why["sentence_en"]
            .as_str()
            .is_some_and(|text| text.contains("first of 1"))
    );
    Ok(())
}

#[tokio::test]
async fn a_killed_server_knows_who_must_answer() -> Result<()> {
    let mut server = shop(json!({})).await?;
    let (amy, mut at_amy) = at_desk(&server, "amy").await?;
    let (customer, mut at_customer, id) = opened(&server, "shop", "小明").await?;
    let held = at_customer.held_by(id, amy.id).await?;
    at_customer
        .answers(id, None, "在吗")
        .await?
        .map_err(anyhow::Error::msg)?;
    at_amy.heard("在吗").await?;
    server.restart().await?;
    let (_, mut at_amy) = at_desk(&server, "amy").await?;
    let mut at_customer = customer.connect().await?;
    at_customer
        .moves("open", json!({"channel": "shop"}))
        .await?;
    let said = at_amy.answers(id, Some(held.lease), "在的").await?;
    said.map_err(anyhow::Error::msg)?;
    at_customer.heard("在的").await?;
    Ok(())
}

#[tokio::test]
async fn a_supervisor_watches_whispers_and_takes_over() -> Result<()> {
    let server = shop(json!({})).await?;
    let (amy, mut at_amy) = at_desk(&server, "amy").await?;
    let (_, mut at_customer, id) = opened(&server, "shop", "小明").await?;
    at_customer.held_by(id, amy.id).await?;
    let sue = server.sign_in("sue").await?;
    let mut at_sue = sue.connect().await?;
    at_sue
        .moves("watch", json!({"conversations": [id], "board": true}))
        .await?;
    at_customer
        .answers(id, None, "多少钱")
        .await?
        .map_err(anyhow::Error::msg)?;
    at_sue.heard("多少钱").await?;
    at_sue
        .moves("whisper", json!({"conversation": id, "text": "可以打九折"}))
        .await?;
    let side = at_amy
        .take("the whisper", |frame| match frame {
            webim_wire::server::ServerFrame::Side(side) if side.text == "可以打九折" => {
                Some(side.clone())
            }
            _ => None,
        })
        .await?;
    assert_eq!(side.author, Some(sue.id));
    let board: Value = sue.read("/api/v1/service/board").await?;
    assert_eq!(board["serving"][0]["conversation"], json!(id));
    at_sue.moves("take", json!({"conversation": id})).await?;
    let now = at_customer.held_by(id, sue.id).await?;
    at_sue
        .answers(id, Some(now.lease), "您好，我是主管")
        .await?
        .map_err(anyhow::Error::msg)?;
    // The customer has seen nothing of what stands beside.
    assert!(
        !at_customer
            .kept()
            .any(|frame| matches!(frame, webim_wire::server::ServerFrame::Side(_)))
    );
    Ok(())
}

#[tokio::test]
async fn several_experts_at_once() -> Result<()> {
    let server = shop(json!({})).await?;
    channel(&server, "ask", json!({"name": "Ask", "mode": "expert"})).await?;
    let admin = server.sign_in("zhaomin").await?;
    let (amy, _at_amy) = at_desk(&server, "amy").await?;
    let (bo, _at_bo) = at_desk(&server, "bo").await?;
    let mut topics = Vec::new();
    for (code, expert) in [("tax", amy.id), ("law", bo.id)] {
        let body = json!({"name": code, "experts": [expert]});
        let path = format!("/api/v1/channels/ask/topics/{code}");
        let topic: Value = admin.put(&path, &body).await?.ok()?;
        topics.push(topic["id"].clone());
    }
    let customer = server.customer("ask", "小红").await?;
    let mut at_customer = customer.connect().await?;
    let mut lanes = Vec::new();
    for (topic, expert) in topics.iter().zip([amy.id, bo.id]) {
        let open = json!({"channel": "ask", "topic": topic});
        let lane = at_customer.moves("open", open).await?.conversation;
        let lane = lane.context("a lane")?;
        at_customer.held_by(lane, expert).await?;
        lanes.push(lane);
    }
    assert_ne!(lanes[0], lanes[1]);
    let told: Value = customer.read("/api/v1/service/lanes").await?;
    assert_eq!(told["items"].as_array().map(Vec::len), Some(2));
    Ok(())
}
