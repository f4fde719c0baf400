//! LayIM's own pages beside its panel: the log of a chat, the message box, signatures.

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Value, json};
use webim_support::{TestServer, TestSocket, id};
use webim_wire::client::{ClientFrame, Edit, React, Recall};
use webim_wire::server::{ServerFrame, Stored};

use crate::files::{PNG, upload};

/// What LayIM's page of the log shows.
fn contents(log: &Value) -> Result<Vec<&str>> {
    let lines = log["data"].as_array().context("data")?;
    lines
        .iter()
        .map(|entry| entry["content"].as_str().context("content"))
        .collect()
}

async fn amends(socket: &mut TestSocket, frame: ClientFrame) -> Result<Stored> {
    let client_id = frame.client_id().context("a name")?;
    socket.say(&frame).await?;
    socket.stored(client_id).await
}

#[tokio::test]
async fn the_log_of_a_chat_in_layims_shape() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let before = zhang.conversations().await?.items.len();
    let address = format!("/layim/chatlog?type=friend&id={}", lina.id);
    let empty: Value = zhang.read(&address).await?;
    assert_eq!((&empty["code"], &empty["data"]), (&json!(0), &json!([])));
    // Reading a log begins no conversation.
    assert_eq!(zhang.conversations().await?.items.len(), before);
    let mut at_zhang = zhang.connect().await?;
    let mut said = Vec::new();
    for text in ["one", "two", "three"] {
        said.push(at_zhang.tell(lina.as_target(), text).await?);
    }
    let (conversation, seq) = (said[0].conversation, said[0].seq);
    let edit = Edit {
        client_id: id(),
        conversation,
        seq,
        text: "first".into(),
        mention: None,
    };
    amends(&mut at_zhang, ClientFrame::Edit(edit)).await?;
    let react = React {
        client_id: id(),
        conversation,
        seq,
        emoji: "👍".into(),
        on: true,
    };
    amends(&mut at_zhang, ClientFrame::React(react)).await?;
    let recall = Recall {
        client_id: id(),
        conversation,
        seq: seq + 1,
    };
    amends(&mut at_zhang, ClientFrame::Recall(recall)).await?;
    let log: Value = zhang.read(&address).await?;
    assert_eq!(contents(&log)?, ["first", "three"]);
    let entry = &log["data"][0];
    assert_eq!(entry["id"], json!(zhang.id));
    assert_eq!(entry["timestamp"], json!(said[0].time));
    assert_eq!(entry["cid"], json!(said[0].message));
    // The other's page names the same lines by the other's chat; a page of one goes on where the last one began.
    let theirs: Value = lina
        .read(&format!("/layim/chatlog?type=friend&id={}", zhang.id))
        .await?;
    assert_eq!(theirs["data"], log["data"]);
    let older: Value = zhang.read(&format!("{address}&before=3&limit=1")).await?;
    assert_eq!(contents(&older)?, ["first"]);
    let refused: Value = zhang.read("/layim/chatlog?type=friend&id=x").await?;
    assert_eq!(refused["code"], json!(400));
    Ok(())
}

#[tokio::test]
async fn the_message_box_is_empty_and_in_shape() -> Result<()> {
    let server = TestServer::start().await?;
    let lina = server.sign_in("lina").await?;
    let shown: Value = lina.read("/layim/msgbox?page=1").await?;
    assert_eq!(shown, json!({"code": 0, "msg": "", "pages": 0, "data": []}));
    Ok(())
}

#[tokio::test]
async fn a_signature_is_everybodys_to_see() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let mut at_zhang = zhang.connect().await?;
    let before = at_zhang.welcome()?.directory;
    let put = json!({"sign": "  在会议室\n302  "});
    let done: Value = lina.put("/layim/sign", &put).await?.ok()?;
    assert_eq!(done["code"], json!(0));
    let version = at_zhang
        .take("the directory", |frame| match frame {
            ServerFrame::Directory(directory) => Some(directory.version),
            _ => None,
        })
        .await?;
    assert_eq!(version, before + 1);
    let panel: Value = zhang.read("/layim/init").await?;
    let text = serde_json::to_string(&panel["data"]["friend"])?;
    assert!(text.contains(r#""sign":"在会议室 302""#), "{text}");
    for (sign, code) in [("字".repeat(101), 400), ("a\u{0}b".into(), 400)] {
        let refused: Value = lina
            .put("/layim/sign", &json!({"sign": sign}))
            .await?
            .ok()?;
        assert_eq!(refused["code"], json!(code));
    }
    Ok(())
}

#[tokio::test]
async fn a_signature_and_a_background_as_forms_of_layims_pages() -> Result<()> {
    let server = TestServer::start().await?;
    let lina = server.sign_in("lina").await?;
    let fields = |path: &str, fields: &str| {
        lina.request(Method::POST, path)
            .header(
                "content-type",
                "application/x-www-form-urlencoded; charset=UTF-8",
            )
            .body(fields.to_owned())
    };
    let ask = |request| async { anyhow::Ok(lina.ask(request).await?.ok::<Value>()?) };
    let signed = ask(fields("/layim/sign", "sign=in+302+%E2%9C%93")).await?;
    assert_eq!(signed["data"], json!({"sign": "in 302 ✓"}));
    let panel: Value = lina.read("/layim/init").await?;
    assert_eq!(panel["data"]["mine"]["sign"], json!("in 302 ✓"));
    let chosen = ask(fields(
        "/layim/skin",
        "filename=3.jpg&src=data%3Aimage%2Fsvg",
    ))
    .await?;
    assert_eq!(chosen["data"], json!({"filename": "3.jpg", "src": ""}));
    let nothing = ask(fields("/layim/skin", "filename=&src=")).await?;
    assert_eq!(nothing["data"], json!({"filename": "", "src": ""}));
    let refused = ask(fields("/layim/skin", "colour=red")).await?;
    assert_eq!(refused["code"], json!(400));
    Ok(())
}

#[tokio::test]
async fn a_background_is_on_every_device_and_nobody_elses_file() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let fresh: Value = lina.read("/layim/skin").await?;
    assert_eq!(fresh, json!({"code": 0, "msg": "", "data": null}));
    let (picture, text) = (
        upload(&lina, "sky.png", PNG).await?,
        upload(&lina, "a.txt", b"words").await?,
    );
    let own = json!({"filename": "", "src": picture.url});
    let done: Value = lina.post("/layim/skin", &own).await?.ok()?;
    assert_eq!(done["data"], own);
    let elsewhere = server.sign_in("lina").await?;
    let shown: Value = elsewhere.read("/layim/skin").await?;
    assert_eq!(shown["data"], own);
    let refused = [
        (json!({"src": text.url}), 415),
        (json!({"src": "javascript:alert(1)"}), 400),
        (json!({"src": "//elsewhere.example/a.png"}), 400),
        (json!({"src": "https://a.example/a b.png"}), 400),
        (json!({"src": format!("/files/{}", id())}), 404),
        (json!({"src": "/files/x"}), 404),
        (json!({"filename": "n".repeat(101)}), 400),
        (json!({"src": format!("/{}", "s".repeat(500))}), 400),
    ];
    for (skin, code) in refused {
        let answer: Value = lina.post("/layim/skin", &skin).await?.ok()?;
        assert_eq!(answer["code"], json!(code), "{skin}");
    }
    let theirs: Value = zhang.post("/layim/skin", &own).await?.ok()?;
    assert_eq!(theirs["code"], json!(404));
    let shown: Value = elsewhere.read("/layim/skin").await?;
    assert_eq!(shown["data"], own);
    Ok(())
}
