//! What costs the connection: frames that cannot be frames, doors opened wrongly, haste.

use webim_wire::server::ServerFrame;

use super::*;

fn code(closed: &Closed) -> (Option<u16>, &str) {
    (
        closed.code,
        closed.bye.as_ref().map_or("", |bye| &*bye.word),
    )
}

#[tokio::test]
async fn frames_that_end_the_connection() -> Result<()> {
    let server = TestServer::start().await?;
    let mut pair = Pair::on(&server).await?;
    let to = format!(r#"{{"person":"{}"}}"#, pair.zhang.id);
    let send_of = |text: &str| send(&to, &format!(r#"{{"text":"{text}"}}"#), "");
    let combining = send_of(&format!("e{}", "\u{301}".repeat(100_000)));
    let huge = send_of(&"x".repeat(10 * 1024 * 1024));
    let text = OpCode::Data(Data::Text);
    let surrogate = [&b"{\"op\":\"pong\",\"x\":\""[..], b"\xed\xa0\x80\"}"].concat();
    let broken = Frame::message(surrogate, text, true);
    let cases = [
        (Raw::text(huge), (4004, "frame_too_large")),
        (Raw::text(combining), (4004, "frame_too_large")),
        (Raw::binary(b"\x00\x01".to_vec()), (4005, "protocol_error")),
        (Raw::Frame(broken), (4005, "protocol_error")),
    ];
    for (frame, expected) in cases {
        let mut socket = pair.lina.connect().await?;
        // The server may close before it has read all of it.
        drop(socket.say_raw(frame).await);
        let closed = socket.ended().await?;
        assert_eq!(code(&closed), (Some(expected.0), expected.1));
        pair.goes_on().await?;
    }
    let mut socket = pair.lina.connect().await?;
    for _ in 0..200 {
        if socket.say_text("nonsense").await.is_err() {
            break;
        }
    }
    assert_eq!(
        code(&socket.ended().await?),
        (Some(4005), "protocol_error"),
        "too many in a row"
    );
    pair.goes_on().await
}

#[tokio::test]
async fn sockets_that_begin_wrongly() -> Result<()> {
    let server = TestServer::start().await?;
    let mut pair = Pair::on(&server).await?;
    let long = format!(r#"{{"op":"hello","device":"{}"}}"#, "x".repeat(65));
    let cases = [
        (
            format!(
                r#"{{"op":"typing","client_id":"{}","conversation":"{}"}}"#,
                id(),
                id()
            ),
            Some("hello_first"),
        ),
        ("nonsense".to_owned(), Some("bad_json")),
        (r#"{"op":"hello"}"#.to_owned(), Some("bad_field")),
        (
            r#"{"op":"hello","device":"x","person":"me"}"#.to_owned(),
            Some("bad_field"),
        ),
        (r#"{"op":"hello","device":""}"#.to_owned(), None),
        (long, None),
    ];
    for (frame, refused) in cases {
        let mut socket = TestSocket::new(pair.lina.door().open().await?);
        socket.say_text(&frame).await?;
        if let Some(refused) = refused {
            assert_eq!(socket.nack().await?.code, refused, "{frame}");
        }
        assert_eq!(
            code(&socket.ended().await?),
            (Some(4005), "protocol_error"),
            "{frame}"
        );
    }
    // Who says nothing at all is not waited for.
    let mut silent = TestSocket::new(pair.lina.door().open().await?);
    assert_eq!(code(&silent.ended().await?), (Some(4005), "protocol_error"));
    pair.goes_on().await
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one list, to be read from top to bottom"
)]
async fn faster_than_the_limit() -> Result<()> {
    // One a second: on the slowest machine two hundred are refused before the next is allowed.
    let setup = Setup::sqlite()?
        .with("limits.commands_per_second", 1)
        .with("limits.command_burst", 60);
    let server = setup.start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let mut at_lina = lina.connect().await?;
    // What is within the limit is answered; of what was on its way when the connection ended, nobody is promised that.
    crate::resume::pour(&mut at_lina, zhang.as_target(), 60).await?;
    let (mut stored, mut hasty) = (60, 0);
    let closed = 'all: loop {
        let mut open = 0;
        for _ in 0..250 {
            // Once it has ended, all that was said is read.
            open = match at_lina.send(zhang.as_target(), "hasty").await {
                Ok(_) => open + 1,
                Err(_) => usize::MAX,
            };
            if open == usize::MAX {
                break;
            }
        }
        while open > 0 {
            match at_lina.next().await? {
                Ok(ServerFrame::Ack(ack)) => {
                    stored = stored.max(ack.stored.context("a place")?.seq);
                    open -= 1;
                }
                Ok(ServerFrame::Nack(nack)) => {
                    assert_eq!((&*nack.code, nack.retry), ("rate_limited", true));
                    assert!(
                        nack.retry_after
                            .is_some_and(|wait| (1..=1_000).contains(&wait)),
                        "{nack:?}"
                    );
                    hasty += 1;
                    open -= 1;
                }
                Ok(ServerFrame::Bye(bye)) => {
                    assert_eq!((bye.code, &*bye.word, bye.reconnect), (4006, "flood", true));
                }
                Ok(other) => anyhow::bail!("{other:?}"),
                Err(closed) => break 'all closed,
            }
        }
    };
    assert_eq!(closed.code, Some(4006));
    assert!(hasty >= 200, "{hasty} refused");
    let conversation = lina.conversations().await?.items.remove(0);
    // What was on its way when the connection ended may be stored without an answer: that is what `retry` is for.
    assert!(conversation.last_seq >= stored, "{conversation:?}");
    assert!(lina.history(conversation.id).await?.len() as u64 >= stored);
    // Over HTTP the same bucket answers, with the header that says when to come back.
    let answer = loop {
        let body = serde_json::json!({"to": {"person": zhang.id}, "body": {"text": "hasty"}});
        let request = lina.request(reqwest::Method::POST, "/api/v1/messages");
        let answer = lina
            .ask(
                request
                    .header("idempotency-key", id().to_string())
                    .json(&body),
            )
            .await?;
        if answer.status != 200 {
            break answer;
        }
    };
    assert_eq!((answer.status, answer.header("retry-after")), (429, "1"));
    let problem = answer.problem()?;
    assert!(problem.code == "rate_limited" && problem.retry_after.is_some());
    Ok(())
}
