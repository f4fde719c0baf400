//! Whatever comes in: a stable code, a sentence, and nothing half done. After each case the numbers go on without a
//! gap and the other side has heard nothing of it.

mod connections;

use anyhow::{Context, Result, ensure};
use tokio_tungstenite::tungstenite::Message as Raw;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use uuid::Uuid;
use webim_support::{Closed, Setup, TestPerson, TestServer, TestSocket, id};
use webim_wire::client::Target;
use webim_wire::server::Nack;

/// Two who talk, and a check that nothing but their talk is there.
pub struct Pair {
    pub lina: TestPerson,
    pub zhang: TestPerson,
    pub at_lina: TestSocket,
    pub at_zhang: TestSocket,
    pub conversation: Uuid,
    last: u64,
}

impl Pair {
    pub async fn on(server: &TestServer) -> Result<Self> {
        let (lina, zhang) = (
            server.sign_in("lina").await?,
            server.sign_in("zhangwei").await?,
        );
        let (mut at_lina, mut at_zhang) = (lina.connect().await?, zhang.connect().await?);
        let conversation = at_lina.tell(zhang.as_target(), "first").await?.conversation;
        at_zhang.message().await?;
        Ok(Self {
            lina,
            zhang,
            at_lina,
            at_zhang,
            conversation,
            last: 1,
        })
    }

    /// A good message has the next number, and is the next that the other hears.
    pub async fn goes_on(&mut self) -> Result<()> {
        let stored = self
            .at_lina
            .tell(Target::Conversation(self.conversation), "good")
            .await?;
        ensure!(
            stored.seq == self.last + 1,
            "{} after {}",
            stored.seq,
            self.last
        );
        let heard = self.at_zhang.message().await?;
        ensure!(
            heard.message == stored.message,
            "something else was heard: {heard:?}"
        );
        self.last = stored.seq;
        let rows = self.lina.history(self.conversation).await?.len() as u64;
        ensure!(rows == self.last, "{rows} rows, the last is {}", self.last);
        Ok(())
    }

    async fn refused(&mut self, frame: &str) -> Result<Nack> {
        self.at_lina.say_text(frame).await?;
        let nack = self.at_lina.nack().await?;
        ensure!(
            !nack.reason.is_empty() && nack.reason.len() < 200,
            "{nack:?}"
        );
        Ok(nack)
    }
}

fn send(to: &str, body: &str, rest: &str) -> String {
    format!(
        r#"{{"op":"send","client_id":"{}","to":{to},"body":{body}{rest}}}"#,
        id()
    )
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one list, to be read from top to bottom"
)]
async fn frames_that_are_none() -> Result<()> {
    let server = TestServer::start().await?;
    let mut pair = Pair::on(&server).await?;
    let someone = id();
    let cases = [
        (r#"{"op":"send""#.to_owned(), "bad_json", false),
        ("nonsense".to_owned(), "bad_json", false),
        (String::new(), "bad_json", false),
        ("[]".to_owned(), "bad_field", false),
        ("null".to_owned(), "bad_field", false),
        ("42".to_owned(), "bad_field", false),
        ("{}".to_owned(), "unknown_op", false),
        (r#"{"op":"fly"}"#.to_owned(), "unknown_op", false),
        (
            format!(r#"{{"op":"fly","client_id":"{someone}"}}"#),
            "unknown_op",
            true,
        ),
        (r#"{"op":7}"#.to_owned(), "bad_field", false),
        (
            r#"{"op":"send","client_id":"x"}"#.to_owned(),
            "bad_field",
            false,
        ),
        (
            format!(r#"{{"op":"send","client_id":"{someone}"}}"#),
            "bad_field",
            true,
        ),
        (
            format!(
                r#"{{"op":"read","client_id":"{someone}","conversation":"{someone}","seq":-1}}"#
            ),
            "bad_field",
            true,
        ),
        (
            format!(
                r#"{{"op":"read","client_id":"{someone}","conversation":"{someone}","seq":1.5}}"#
            ),
            "bad_field",
            true,
        ),
        (
            format!(
                r#"{{"op":"read","client_id":"{someone}","conversation":"{someone}","seq":1}} {{}}"#
            ),
            "bad_json",
            false,
        ),
        (
            format!(r#"{{"op":"status","client_id":"{someone}","status":"dead"}}"#),
            "bad_field",
            true,
        ),
        (
            format!(r#"{{"op":"watch","client_id":"{someone}","people":"all"}}"#),
            "bad_field",
            true,
        ),
        (
            r#"{"op":"pong","client_id":3}"#.to_owned(),
            "bad_field",
            false,
        ),
        (
            format!("{}1{}", "[".repeat(30_000), "]".repeat(30_000)),
            "bad_field",
            false,
        ),
    ];
    for (frame, code, named) in cases {
        let shown: String = frame.chars().take(80).collect();
        let nack = pair.refused(&frame).await.context(shown.clone())?;
        assert_eq!(
            (&*nack.code, nack.client_id.is_some(), nack.retry),
            (code, named, false),
            "{shown}"
        );
        assert!(nack.detail.is_some(), "{shown}");
    }
    let hello = pair.refused(r#"{"op":"hello","device":"again"}"#).await?;
    assert_eq!(hello.code, "hello_repeated");
    pair.goes_on().await
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one list, to be read from top to bottom"
)]
async fn messages_that_nobody_may_send() -> Result<()> {
    let server = TestServer::start().await?;
    let mut pair = Pair::on(&server).await?;
    let (john, wang) = (
        server.sign_in("john").await?,
        server.sign_in("wangfang").await?,
    );
    let strangers = john
        .connect()
        .await?
        .tell(wang.as_target(), "between us")
        .await?
        .conversation;
    let (zhang, hi, nobody) = (pair.zhang.id, r#"{"text":"hi"}"#, id());
    let to_zhang = format!(r#"{{"person":"{zhang}"}}"#);
    let text = |text: &str| format!(r#"{{"text":"{text}"}}"#);
    let cases = [
        // Forged: who says it is decided by the session, and a frame that says otherwise is not obeyed in part.
        (
            send(&to_zhang, hi, &format!(r#","sender":"{zhang}""#)),
            "bad_field",
        ),
        (
            send(
                &to_zhang,
                &format!(r#"{{"text":"hi","sender":"{zhang}"}}"#),
                "",
            ),
            "bad_field",
        ),
        (send(&to_zhang, hi, r#","kind":"system""#), "bad_field"),
        (send(&to_zhang, hi, r#","seq":1"#), "bad_field"),
        (send(&to_zhang, hi, r#","retry":"yes""#), "bad_field"),
        (send(&to_zhang, hi, r#","lease":-1"#), "bad_field"),
        (send(&to_zhang, r#"{"text":1}"#, ""), "bad_field"),
        (send(&to_zhang, r#""hi""#, ""), "bad_field"),
        (send(&to_zhang, "{}", ""), "bad_field"),
        (
            send(
                &format!(r#"{{"person":"{zhang}","unit":"{zhang}"}}"#),
                hi,
                "",
            ),
            "bad_field",
        ),
        (send("{}", hi, ""), "bad_field"),
        (send(r#""everybody""#, hi, ""), "bad_field"),
        (send(r#"{"everybody":true}"#, hi, ""), "bad_field"),
        (send(r#"{"person":"zhangwei"}"#, hi, ""), "bad_field"),
        (
            send(&format!(r#"{{"conversation":"{strangers}"}}"#), hi, ""),
            "conversation_unknown",
        ),
        (
            send(&format!(r#"{{"conversation":"{nobody}"}}"#), hi, ""),
            "conversation_unknown",
        ),
        (
            send(&format!(r#"{{"person":"{nobody}"}}"#), hi, ""),
            "person_unknown",
        ),
        (
            send(&format!(r#"{{"unit":"{nobody}"}}"#), hi, ""),
            "unit_unknown",
        ),
        (
            send(&format!(r#"{{"person":"{}"}}"#, pair.lina.id), hi, ""),
            "person_is_self",
        ),
        (send(&to_zhang, &text(""), ""), "text_empty"),
        (send(&to_zhang, &text(" \\t\\n\u{3000}"), ""), "text_empty"),
        (send(&to_zhang, &text("a\\u0000b"), ""), "text_invalid"),
        (send(&to_zhang, &text("a\u{0}b"), ""), "bad_json"),
        (
            send(&to_zhang, &text(&"字".repeat(5_001)), ""),
            "text_too_long",
        ),
        (
            send(
                &to_zhang,
                &text(&format!("e{}", "\u{301}".repeat(5_000))),
                "",
            ),
            "text_too_long",
        ),
        (send(&to_zhang, &text("\\ud83d"), ""), "bad_json"),
        (send(&to_zhang, &text("\\ude00\\ud83d"), ""), "bad_json"),
    ];
    for (frame, code) in cases {
        let shown: String = frame.chars().skip(60).take(120).collect();
        let nack = pair.refused(&frame).await.context(shown.clone())?;
        assert_eq!(nack.code, code, "{shown}");
        // Of JSON that breaks off nobody can know whose id is in it.
        assert!(nack.client_id.is_some() || code == "bad_json", "{shown}");
    }
    pair.goes_on().await?;
    assert_eq!(wang.history(strangers).await?.len(), 1);
    assert_eq!(
        pair.lina
            .conversations()
            .await?
            .items
            .iter()
            .filter(|one| one.person.is_some())
            .count(),
        1
    );
    Ok(())
}

#[tokio::test]
async fn the_longest_text_is_stored_as_it_is() -> Result<()> {
    let server = TestServer::start().await?;
    let mut pair = Pair::on(&server).await?;
    let to = Target::Conversation(pair.conversation);
    let whole = "😀e\u{301}字\u{202e}\u{feff}<b>\"\\\u{7}\u{1f}";
    for text in [
        &"😀".repeat(5_000),
        &format!("e{}", "\u{301}".repeat(4_999)),
        whole,
    ] {
        let stored = pair.at_lina.tell(to, text).await?;
        let heard = pair.at_zhang.message().await?;
        assert_eq!((heard.seq, crate::chat::text(&heard)), (stored.seq, text));
        let row = pair
            .zhang
            .history(pair.conversation)
            .await?
            .pop()
            .context("a row")?;
        assert_eq!(row, heard);
    }
    Ok(())
}
