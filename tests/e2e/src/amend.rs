//! What is done to messages that are there already: edits and recalls; and what may not be done to them.

mod beside;

use anyhow::{Context, Result};
use uuid::Uuid;
use webim_model::Role;
use webim_router::RouterConfig;
use webim_support::{RouterSetup, TestDesk, TestRouter, id};
use webim_wire::amend::Versions;
use webim_wire::client::{ClientFrame, Edit, Forward, React, Recall, Resume, Send, Target};
use webim_wire::payload::{Mention, Payload};
use webim_wire::server::Stored;

use crate::chat::text;

fn edit(at: &Stored, text: &str) -> ClientFrame {
    ClientFrame::Edit(Edit {
        client_id: id(),
        conversation: at.conversation,
        seq: at.seq,
        text: text.into(),
        mention: None,
    })
}

fn recall(at: &Stored) -> ClientFrame {
    ClientFrame::Recall(Recall {
        client_id: id(),
        conversation: at.conversation,
        seq: at.seq,
    })
}

fn react(at: &Stored, emoji: &str, on: bool) -> ClientFrame {
    ClientFrame::React(React {
        client_id: id(),
        conversation: at.conversation,
        seq: at.seq,
        emoji: emoji.into(),
        on,
    })
}

fn forward(at: &Stored, to: Target) -> ClientFrame {
    ClientFrame::Forward(Forward {
        client_id: id(),
        to,
        conversation: at.conversation,
        seq: at.seq,
    })
}

fn answer(to: Target, seq: u64, text: &str) -> ClientFrame {
    ClientFrame::Send(Send {
        reply: Some(seq),
        ..Send::text(id(), to, text)
    })
}

fn mention(to: Target, text: &str, people: &[Uuid], everyone: bool) -> ClientFrame {
    ClientFrame::Send(Send {
        mention: Some(Mention {
            people: people.to_vec(),
            everyone,
        }),
        ..Send::text(id(), to, text)
    })
}

/// A refusal as an error of the test.
fn failed(nay: impl std::fmt::Debug) -> anyhow::Error {
    anyhow::anyhow!("{nay:?}")
}

async fn done(desk: &mut TestDesk, frame: ClientFrame) -> Result<Stored> {
    let client_id = frame.client_id().context("a name")?;
    desk.say(frame).await?;
    desk.stored(client_id).await
}

async fn refused(desk: &mut TestDesk, frame: ClientFrame) -> Result<String> {
    let client_id = frame.client_id().context("a name")?;
    desk.say(frame).await?;
    Ok(desk.refusal(client_id).await?.code)
}

/// Lina and Zhang Wei, and a first message of to_lina.
struct Pair {
    router: TestRouter,
    lina: TestDesk,
    zhang: TestDesk,
    first: Stored,
}

async fn pair() -> Result<Pair> {
    let router = RouterSetup::default().start().await?;
    let (mut lina, mut zhang) = (
        router.connect("lina").await?,
        router.connect("zhangwei").await?,
    );
    let to = Target::Person(router.person("zhangwei")?.0);
    let first = lina.tell(to, "会议在三点").await?;
    zhang.message().await?;
    Ok(Pair {
        router,
        lina,
        zhang,
        first,
    })
}

#[tokio::test]
async fn an_edit_is_told_and_stays() -> Result<()> {
    let Pair {
        router,
        mut lina,
        mut zhang,
        first,
    } = pair().await?;
    let stored = done(&mut lina, edit(&first, "会议在四点")).await?;
    assert_eq!(stored.seq, 2);
    let heard = zhang.message().await?;
    assert_eq!((heard.refers, text(&heard)), (Some(1), "会议在四点"));
    assert!(matches!(heard.payload, Payload::Edit(_)));
    let page = router.history("zhangwei", first.conversation).await?;
    assert_eq!(
        (text(&page[0]), page[0].edited),
        ("会议在四点", Some(stored.time))
    );
    // Nothing more to read: it is the same message.
    let caller = router.caller("zhangwei")?;
    let line = router
        .router
        .conversation(&caller, first.conversation.into())
        .await;
    assert_eq!(line.map_err(failed)?.unread, 1);
    // The last one wins.
    done(&mut lina, edit(&first, "会议在五点")).await?;
    assert_eq!(
        text(&router.history("lina", first.conversation).await?[0]),
        "会议在五点"
    );
    Ok(())
}

#[tokio::test]
async fn what_is_recalled_is_not_shown_again() -> Result<()> {
    let Pair {
        router,
        mut lina,
        mut zhang,
        first,
    } = pair().await?;
    done(&mut lina, edit(&first, "秘密之二")).await?;
    let quoting = done(
        &mut zhang,
        answer(Target::Conversation(first.conversation), 1, "好"),
    )
    .await?;
    done(&mut zhang, react(&first, "👍", true)).await?;
    let hello = webim_wire::client::Hello {
        device: "test".into(),
        resume: None,
    };
    let epoch = epoch(&router, hello).await?;
    done(&mut lina, recall(&first)).await?;
    let page = router.history("zhangwei", first.conversation).await?;
    let shown = serde_json::to_string(&page)?;
    assert!(
        !shown.contains("会议") && !shown.contains("秘密"),
        "{shown}"
    );
    assert!(matches!(page[0].payload, Payload::Recalled(_)));
    assert_eq!((&page[0].reactions, page[0].edited), (&Vec::new(), None));
    let quote = page[usize::try_from(quoting.seq)? - 1]
        .quote
        .as_deref()
        .context("a quote")?;
    assert_eq!((&*quote.kind, &*quote.text), ("recalled", ""));
    // Nor to one who comes back, whatever they held before.
    let positions = [(first.conversation, (1, first.message))].into();
    let resume = Some(Resume { epoch, positions });
    let hello = webim_wire::client::Hello {
        device: "test".into(),
        resume,
    };
    let caller = router.caller("zhangwei")?;
    let (_live, welcome) = router.router.hello(&caller, hello).await.map_err(failed)?;
    let told = String::from_utf8_lossy(welcome.bytes()).into_owned();
    assert!(!told.contains("会议") && !told.contains("秘密"), "{told}");
    // Auditors see all of it, and nobody else.
    let at = (first.conversation.into(), 1);
    let nay = router
        .router
        .versions(&caller, at)
        .await
        .err()
        .context("it was shown")?;
    assert_eq!(nay.refusal.code(), "forbidden");
    let mut auditor = router.caller("zhaomin")?;
    auditor.roles = [Role::Auditor].into_iter().collect();
    let versions: Versions = router.router.versions(&auditor, at).await.map_err(failed)?;
    let said: Vec<_> = versions.items.iter().map(text).collect();
    assert_eq!(said, ["会议在三点", "秘密之二", "", ""]);
    Ok(())
}

async fn epoch(router: &TestRouter, hello: webim_wire::client::Hello) -> Result<Uuid> {
    let caller = router.caller("lina")?;
    let (_live, welcome) = router.router.hello(&caller, hello).await.map_err(failed)?;
    let welcome: serde_json::Value = serde_json::from_slice(welcome.bytes())?;
    Ok(welcome["epoch"].as_str().context("epoch")?.parse()?)
}

#[tokio::test]
async fn a_second_too_late_is_too_late() -> Result<()> {
    let config = RouterConfig {
        edit_seconds: 60,
        recall_seconds: 10,
        ..RouterSetup::default().config
    };
    let router = RouterSetup {
        config,
        ..RouterSetup::default()
    }
    .start()
    .await?;
    let mut lina = router.connect("lina").await?;
    let to = Target::Person(router.person("zhangwei")?.0);
    let (first, second) = (lina.tell(to, "one").await?, lina.tell(to, "two").await?);
    router.clock.advance(10_000);
    let late = recall(&second);
    done(&mut lina, recall(&first)).await?;
    router.clock.advance(1);
    assert_eq!(refused(&mut lina, late).await?, "too_late");
    router.clock.advance(49_999);
    let in_time = edit(&second, "zwei");
    done(&mut lina, in_time.clone()).await?;
    router.clock.advance(1);
    assert_eq!(refused(&mut lina, edit(&second, "drei")).await?, "too_late");
    // Asking again what was done in time is answered as the first time.
    assert_eq!(done(&mut lina, in_time).await?.seq, 4);
    assert_eq!(router.history("lina", first.conversation).await?.len(), 4);
    Ok(())
}

/// Whatever can be done to a message.
fn changes(at: &Stored, to: Target) -> [ClientFrame; 4] {
    let sign = react(at, "👍", true);
    [edit(at, "x"), recall(at), sign, forward(at, to)]
}

#[tokio::test]
async fn what_may_not_be_changed() -> Result<()> {
    let Pair {
        router,
        mut lina,
        mut zhang,
        first,
    } = pair().await?;
    assert_eq!(
        refused(&mut zhang, edit(&first, "nein")).await?,
        "not_yours"
    );
    assert_eq!(refused(&mut zhang, recall(&first)).await?, "not_yours");
    let here = Target::Conversation(first.conversation);
    let nowhere = Stored { seq: 99, ..first };
    for frame in changes(&nowhere, here) {
        assert_eq!(refused(&mut lina, frame).await?, "message_unknown");
    }
    let beyond = Stored {
        seq: u64::MAX,
        ..first
    };
    assert_eq!(
        refused(&mut lina, recall(&beyond)).await?,
        "message_unknown"
    );
    let mut stranger = router.connect("john").await?;
    let to_lina = Target::Person(router.person("lina")?.0);
    for frame in changes(&first, to_lina) {
        assert_eq!(refused(&mut stranger, frame).await?, "conversation_unknown");
    }
    for sign in ["", "x", "赞", "👍 ", "<b>", "1", &"👍".repeat(30)] {
        assert_eq!(
            refused(&mut zhang, react(&first, sign, true)).await?,
            "emoji_invalid",
            "{sign}"
        );
    }
    assert_eq!(refused(&mut lina, edit(&first, "  ")).await?, "text_empty");
    let edited = done(&mut lina, edit(&first, "neu")).await?;
    for frame in changes(&edited, here) {
        assert_eq!(refused(&mut lina, frame).await?, "not_editable");
    }
    let of_an_edit = answer(here, edited.seq, "x");
    assert_eq!(refused(&mut lina, of_an_edit).await?, "not_editable");
    done(&mut lina, recall(&first)).await?;
    for frame in changes(&first, here) {
        assert_eq!(refused(&mut lina, frame).await?, "already_recalled");
    }
    let too_late = answer(here, 1, "x");
    assert_eq!(refused(&mut lina, too_late).await?, "already_recalled");
    // Of all that only what was done is there.
    assert_eq!(router.history("lina", first.conversation).await?.len(), 3);
    Ok(())
}
