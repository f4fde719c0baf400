//! What stands beside messages: signs, quotes, sources, mentions, drafts, files and cards.

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use webim_model::ClientId;
use webim_support::{Answer, Rest, RouterSetup, TestPerson, TestServer, id};
use webim_wire::amend::{PutDraft, Readers};
use webim_wire::client::{ClientFrame, Read, Target};
use webim_wire::payload::Payload;
use webim_wire::server::{Message, Stored};

use super::{Pair, answer, done, edit, failed, forward, mention, pair, react, refused};
use crate::chat::text;
use crate::files::{PNG, upload};

#[tokio::test]
async fn signs_stand_beside_a_message() -> Result<()> {
    let Pair {
        router,
        mut lina,
        mut zhang,
        first,
    } = pair().await?;
    done(&mut zhang, react(&first, "👍", true)).await?;
    done(&mut lina, react(&first, "👍", true)).await?;
    for (sign, on) in [("🎉", true), ("👍", true), ("🎉", false)] {
        done(&mut zhang, react(&first, sign, on)).await?;
    }
    let (lina, zhang) = (router.person("lina")?.0, router.person("zhangwei")?.0);
    let page = router.history("lina", first.conversation).await?;
    let shown: Vec<_> = page[0]
        .reactions
        .iter()
        .map(|one| (&*one.emoji, one.people.clone()))
        .collect();
    assert_eq!(shown, [("👍", vec![lina, zhang])]);
    let reaction = &page[1];
    assert_eq!(reaction.refers, Some(1));
    assert!(
        matches!(&reaction.payload, Payload::Reaction(sign) if sign.on && &*sign.emoji == "👍")
    );
    Ok(())
}

#[tokio::test]
async fn an_answer_quotes_and_a_forward_names_its_source() -> Result<()> {
    let Pair {
        router,
        mut lina,
        mut zhang,
        first,
    } = pair().await?;
    done(&mut lina, edit(&first, "会议在四点")).await?;
    zhang.message().await?;
    done(
        &mut zhang,
        answer(Target::Conversation(first.conversation), 1, "收到"),
    )
    .await?;
    let heard = lina.message().await?;
    let quote = heard.quote.as_deref().context("a quote")?;
    let sender = Some(router.person("lina")?.0);
    assert_eq!(
        (quote.seq, quote.sender, &*quote.kind, &*quote.text),
        (1, sender, "text", "会议在四点")
    );
    let page = router.history("lina", first.conversation).await?;
    assert_eq!(page.last().context("a message")?.quote, heard.quote);
    // Into her department, where the first conversation is unknown.
    let unit = Target::Unit(router.unit("rd")?.0);
    let mut liu = router.connect("liuyang").await?;
    done(&mut zhang, forward(&first, unit)).await?;
    let heard: Message = liu.message().await?;
    let source = heard.forwarded.context("a source")?;
    assert_eq!(
        (text(&heard), source.sender, source.time),
        ("会议在四点", sender, first.time)
    );
    assert_eq!(heard.sender, Some(router.person("zhangwei")?.0));
    // Forwarded again, it still names who said it.
    let again = Stored {
        conversation: heard.conversation,
        seq: heard.seq,
        message: heard.message,
        time: heard.time,
    };
    let to_john = Target::Person(router.person("john")?.0);
    let stored = done(&mut liu, forward(&again, to_john)).await?;
    let page = router.history("john", stored.conversation).await?;
    assert_eq!(page[0].forwarded.context("a source")?.sender, sender);
    Ok(())
}

#[tokio::test]
async fn a_mention_is_found_until_it_is_read() -> Result<()> {
    let router = RouterSetup::default().start().await?;
    let unit = Target::Unit(router.unit("rd")?.0);
    let (mut lina, mut zhang) = (
        router.connect("lina").await?,
        router.connect("zhangwei").await?,
    );
    let (me, stranger) = (router.person("zhangwei")?.0, router.person("john")?.0);
    let said = done(&mut lina, mention(unit, "@张伟 看一下", &[me, me], false)).await?;
    let heard = zhang.message().await?;
    assert_eq!(heard.mention.context("a mention")?.people, [me]);
    assert_eq!(
        refused(&mut lina, mention(unit, "@John", &[stranger], false)).await?,
        "mention_unknown"
    );
    let many: Vec<Uuid> = (0..101).map(|_| id()).collect();
    assert_eq!(
        refused(&mut lina, mention(unit, "@", &many, false)).await?,
        "bad_field"
    );
    let mentioned = async |login: &str| -> Result<Option<u64>> {
        let caller = router.caller(login)?;
        let entry = router
            .router
            .conversation(&caller, said.conversation.into())
            .await;
        Ok(entry.map_err(failed)?.mentioned)
    };
    assert_eq!(
        (mentioned("zhangwei").await?, mentioned("liuyang").await?),
        (Some(1), None)
    );
    let everyone = done(&mut lina, mention(unit, "@所有人", &[], true)).await?;
    assert_eq!(
        (mentioned("zhangwei").await?, mentioned("liuyang").await?),
        (Some(2), Some(2))
    );
    let read = Read {
        client_id: id(),
        conversation: said.conversation,
        seq: everyone.seq,
    };
    zhang.say(ClientFrame::Read(read)).await?;
    router.router.flush_marks().await;
    assert_eq!(
        (mentioned("zhangwei").await?, mentioned("liuyang").await?),
        (None, Some(2))
    );
    let readers: Readers = router
        .router
        .readers(&router.caller("lina")?, (said.conversation.into(), 2))
        .await
        .map_err(failed)?;
    assert_eq!(readers.read, [me]);
    assert!(
        readers.unread.contains(&router.person("liuyang")?.0)
            && !readers.unread.contains(&router.person("lina")?.0)
    );
    Ok(())
}

#[tokio::test]
async fn drafts_are_found_on_another_device() -> Result<()> {
    let router = RouterSetup::default().start().await?;
    let caller = router.caller("lina")?;
    let keep = async |to: Uuid, text: &str| {
        let put = PutDraft {
            to: Target::Person(to),
            text: text.into(),
        };
        router.clock.advance(1);
        router
            .router
            .keep_draft(&caller, put)
            .await
            .map_err(|nay| nay.refusal.code())
    };
    let mine = async || -> Result<Vec<String>> {
        let drafts = router.router.drafts(&caller).await.map_err(failed)?;
        Ok(drafts.items.into_iter().map(|draft| draft.text).collect())
    };
    let (zhang, liu) = (router.person("zhangwei")?.0, router.person("liuyang")?.0);
    for (to, text) in [(zhang, "一"), (liu, "二"), (zhang, "三")] {
        assert_eq!(keep(to, text).await, Ok(()));
    }
    assert_eq!(mine().await?, ["三", "二"]);
    assert_eq!(keep(zhang, "").await, Ok(()));
    assert_eq!(mine().await?, ["二"]);
    assert_eq!(keep(zhang, &"字".repeat(5_001)).await, Err("text_too_long"));
    assert_eq!(keep(zhang, "a\0b").await, Err("text_invalid"));
    for _ in 0..120 {
        assert_eq!(keep(id(), "flood").await, Ok(()));
    }
    assert_eq!(mine().await?.len(), 100);
    let other = router.router.drafts(&router.caller("zhangwei")?).await;
    assert!(other.map_err(failed)?.items.is_empty());
    Ok(())
}

async fn post(from: &Rest, to: &TestPerson, kind: &str, body: Value) -> Result<Answer> {
    let to = json!({"person": to.id});
    let body = json!({"to": to, "kind": kind, "body": body});
    let request = from.request(Method::POST, "/api/v1/messages");
    let request = request.header("idempotency-key", id().to_string());
    from.ask(request.json(&body)).await
}

async fn take_back(from: &Rest, conversation: Uuid, seq: u64) -> Result<Stored> {
    let path = format!("/api/v1/conversations/{conversation}/messages/{seq}");
    let request = from.request(Method::DELETE, &path);
    let request = request.header("idempotency-key", id().to_string());
    from.ask(request).await?.ok()
}

#[tokio::test]
async fn typed_kinds_say_what_they_are() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let (picture, words) = (
        upload(&lina, "a.png", PNG).await?,
        upload(&lina, "计划.txt", b"words").await?,
    );
    let post = async |kind: &str, body| post(&lina, &zhang, kind, body).await;
    let first: Stored = post("picture", json!({"file": picture.id})).await?.ok()?;
    post("file", json!({"file": words.id}))
        .await?
        .ok::<Stored>()?;
    let card = json!({"title": "第三季度", "text": "结果", "link": "https://example.com/q3", "picture": picture.id});
    post("card", card).await?.ok::<Stored>()?;
    let page = zhang.history(first.conversation).await?;
    let Payload::Picture(shown) = &page[0].payload else {
        panic!("{page:?}")
    };
    assert_eq!(
        (shown.file, &*shown.name, &*shown.media_type, shown.width),
        (picture.id, "a.png", "image/png", 1)
    );
    assert!(
        matches!(&page[1].payload, Payload::File(file) if &*file.name == "计划.txt" && file.bytes == 5)
    );
    assert!(matches!(&page[2].payload, Payload::Card(card) if &*card.title == "第三季度"));
    assert_eq!(zhang.get(&picture.url).await?.status, 200);
    // Recalled, it is gone for those who saw it.
    take_back(&lina, first.conversation, 1).await?;
    // The card shows it still.
    assert_eq!(zhang.get(&picture.url).await?.status, 200);
    take_back(&lina, first.conversation, 3).await?;
    assert_eq!(zhang.get(&picture.url).await?.code()?, "file_unknown");
    assert_eq!(lina.get(&picture.url).await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn what_no_message_can_be() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let (picture, words) = (
        upload(&lina, "a.png", PNG).await?,
        upload(&lina, "计划.txt", b"words").await?,
    );
    let post = async |kind: &str, body| post(&lina, &zhang, kind, body).await;
    let wrong = [
        ("picture", json!({"file": words.id}), "file_kind"),
        ("voice", json!({"file": words.id}), "file_kind"),
        ("video", json!({"file": picture.id}), "file_kind"),
        ("file", json!({"file": id()}), "file_unknown"),
        ("file", json!({"text": "x"}), "bad_field"),
        ("text", json!({"text": "x", "file": words.id}), "bad_field"),
        (
            "voice",
            json!({"file": words.id, "seconds": 100_000}),
            "bad_field",
        ),
        ("card", json!({"text": "x"}), "bad_field"),
        (
            "card",
            json!({"title": "x", "link": "javascript:alert(1)"}),
            "card_invalid",
        ),
        ("card", json!({"title": "字".repeat(201)}), "card_invalid"),
        ("edit", json!({"text": "x"}), "bad_field"),
    ];
    for (kind, body, code) in wrong {
        assert_eq!(
            post(kind, body.clone()).await?.code()?,
            code,
            "{kind} {body}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_repeat_over_rest_is_done_once() -> Result<()> {
    let Pair { router, first, .. } = pair().await?;
    let caller = router.caller("lina")?;
    let (key, at) = (ClientId(id()), (first.conversation.into(), 1));
    let one = router
        .router
        .recall(&caller, key, at)
        .await
        .map_err(failed)?;
    let two = router
        .router
        .recall(&caller, key, at)
        .await
        .map_err(failed)?;
    assert_eq!(one, two);
    assert_eq!(router.history("lina", first.conversation).await?.len(), 2);
    Ok(())
}
