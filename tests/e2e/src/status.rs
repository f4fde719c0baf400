//! What people show, to those who look and to nobody else; and whether a silent socket is still there.

use anyhow::{Context, Result};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message as Raw;
use uuid::Uuid;
use webim_support::{Setup, TestServer, TestSocket, id, soon, until};
use webim_wire::client::{ClientFrame, SetStatus, StatusName, Watch};
use webim_wire::server::{ServerFrame, Shows};

/// Waits until `person` is said to show `shows`.
async fn sees(socket: &mut TestSocket, person: Uuid, shows: Shows) -> Result<()> {
    let pick = |frame: &ServerFrame| match frame {
        ServerFrame::Presence(presence) => presence
            .people
            .iter()
            .any(|shown| shown.person == person && shown.shows == shows)
            .then_some(()),
        _ => None,
    };
    socket
        .take(&format!("{person} to show {shows:?}"), pick)
        .await
}

fn watch(people: &[Uuid]) -> ClientFrame {
    ClientFrame::Watch(Watch {
        client_id: id(),
        people: people.to_vec(),
    })
}

fn status(status: StatusName) -> ClientFrame {
    ClientFrame::Status(SetStatus {
        client_id: id(),
        status,
    })
}

#[tokio::test]
async fn presence_goes_to_those_who_look() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let john = server.sign_in("john").await?;
    let (mut at_lina, mut at_john) = (lina.connect().await?, john.connect().await?);

    at_lina.does(&watch(&[zhang.id, john.id])).await?;
    sees(&mut at_lina, zhang.id, Shows::Offline).await?;
    let mut desk = zhang.connect().await?;
    sees(&mut at_lina, zhang.id, Shows::Online).await?;
    desk.does(&status(StatusName::Busy)).await?;
    sees(&mut at_lina, zhang.id, Shows::Busy).await?;
    zhang
        .put("/api/v1/me/status", &json!({"status": "away"}))
        .await?
        .done()?;
    sees(&mut at_lina, zhang.id, Shows::Away).await?;

    // Two devices: only the last one's end is seen.
    let phone = zhang.connect().await?;
    drop(phone);
    desk.does(&status(StatusName::Online)).await?;
    sees(&mut at_lina, zhang.id, Shows::Online).await?;
    drop(desk);
    sees(&mut at_lina, zhang.id, Shows::Offline).await?;

    // Whoever does not look is told nothing.
    at_john.does(&status(StatusName::Online)).await?;
    assert!(
        !at_john
            .kept()
            .any(|frame| matches!(frame, ServerFrame::Presence(_)))
    );
    Ok(())
}

async fn in_panel(server: &TestServer, who: &str, of: Uuid) -> Result<String> {
    let panel: Value = server.sign_in(who).await?.read("/layim/init").await?;
    let groups = panel["data"]["friend"].as_array().context("friend")?;
    let mut friends = groups
        .iter()
        .filter_map(|group| group["list"].as_array())
        .flatten();
    let friend = friends
        .find(|friend| friend["id"] == json!(of))
        .context("the friend")?;
    Ok(friend["status"].as_str().context("status")?.to_owned())
}

#[tokio::test]
async fn who_hides_is_offline_for_others_and_stays_hidden() -> Result<()> {
    let mut server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let (mut at_lina, mut at_zhang) = (lina.connect().await?, zhang.connect().await?);
    at_lina.does(&watch(&[zhang.id])).await?;
    sees(&mut at_lina, zhang.id, Shows::Online).await?;
    assert_eq!(in_panel(&server, "lina", zhang.id).await?, "online");
    at_zhang.does(&status(StatusName::Hide)).await?;
    sees(&mut at_lina, zhang.id, Shows::Offline).await?;
    assert_eq!(in_panel(&server, "lina", zhang.id).await?, "offline");
    // He is there all the same.
    at_lina
        .tell(zhang.as_target(), "I know you are there")
        .await?;
    at_zhang.message().await?;
    // And it is his choice, not the connection's: also after a restart.
    server.restart().await?;
    let at_zhang = zhang.connect().await?;
    assert_eq!(at_zhang.welcome()?.status, StatusName::Hide);
    let mut at_lina = lina.connect().await?;
    at_lina.does(&watch(&[zhang.id])).await?;
    sees(&mut at_lina, zhang.id, Shows::Offline).await?;
    let session: Value = zhang.read("/api/v1/session").await?;
    assert_eq!(session["status"], "hide");
    Ok(())
}

#[tokio::test]
async fn a_list_of_people_to_look_at_is_replaced() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang, liu) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
        server.sign_in("liuyang").await?,
    );
    let mut at_lina = lina.connect().await?;
    at_lina.does(&watch(&[zhang.id])).await?;
    at_lina.does(&watch(&[liu.id])).await?;
    sees(&mut at_lina, zhang.id, Shows::Offline).await?;
    let _at_zhang = zhang.connect().await?;
    let _at_liu = liu.connect().await?;
    sees(&mut at_lina, liu.id, Shows::Online).await?;
    let told_of_zhang = at_lina.kept().any(|frame| match frame {
        ServerFrame::Presence(presence) => {
            presence.people.iter().any(|shown| shown.person == zhang.id)
        }
        _ => false,
    });
    assert!(!told_of_zhang, "she no longer looks at him");
    // A list over the limit is refused, and the old one stays.
    let many: Vec<Uuid> = (0..1_001).map(|_| id()).collect();
    let frame = watch(&many);
    at_lina.say(&frame).await?;
    let refused = at_lina.refusal(frame.client_id().context("an id")?).await?;
    assert_eq!(refused.code, "bad_field");
    Ok(())
}

/// Seconds. The one that answers has one and a half times as long to do so: more than any pause of a busy machine.
const HEARTBEAT: u32 = 8;

#[tokio::test]
async fn a_silent_socket_is_asked_and_then_closed() -> Result<()> {
    let server = Setup::sqlite()?
        .with("heartbeat.seconds", HEARTBEAT)
        .start()
        .await?;
    let lina = server.sign_in("lina").await?;
    // One that answers pings stays; one that does not goes.
    let mut lively = lina.connect().await?;
    assert_eq!(lively.welcome()?.heartbeat, HEARTBEAT);
    let mut silent = lina.door().open().await?;
    futures_util::SinkExt::send(&mut silent, Raw::text(r#"{"op":"hello","device":"test"}"#))
        .await?;
    let (mut pings, mut bye) = (0, String::new());
    let code = loop {
        tokio::select! {
            heard = soon("a frame", silent.next()) => match heard?.context("a frame")?? {
                Raw::Text(text) if text.starts_with(r#"{"op":"ping""#) => pings += 1,
                Raw::Text(text) if text.starts_with(r#"{"op":"bye""#) => bye = text.to_string(),
                Raw::Close(frame) => break frame.context("a code")?.code,
                _ => {}
            },
            kept = lively.next() => anyhow::bail!("the lively one was told {kept:?}"),
        }
    };
    assert!(pings >= 1);
    assert_eq!(u16::from(code), 4002);
    assert!(bye.contains("heartbeat_lost"), "{bye}");
    lively.does(&status(StatusName::Online)).await?;
    // Who is gone is offline for others, too.
    let mut at_zhang = server.sign_in("zhangwei").await?.connect().await?;
    drop(lively);
    until("lina to be offline", async || {
        at_zhang.does(&watch(&[lina.id])).await?;
        let shown = at_zhang.take("presence", |frame| match frame {
            ServerFrame::Presence(presence) => Some(presence.people[0].shows),
            _ => None,
        });
        Ok((shown.await? == Shows::Offline).then_some(()))
    })
    .await
}
