//! Hooks around a message: what they may do, and how little a slow, wrong or hostile one can spoil. The router runs
//! inside the test, so that every answer of a hook is the test's.

mod failing;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::sync::mpsc::Receiver;
use webim_hooks::{BreakerState, Effect, Fail, HookError, MAX_DEPTH, Settings, Verdict};
use webim_model::{Body, Origin};
use webim_support::{Asked, Late, Puppet, RouterSetup, Rule, TestRouter, after, before, id, soon};
use webim_wire::client::Target;

use crate::chat::text;
use crate::once::again;

fn body(text: &str) -> Body {
    Body::Text { text: text.into() }
}

fn says(draft: &webim_hooks::Draft) -> &str {
    draft.body.words()
}

/// A router with one before-hook that asks the test.
async fn with_puppet(settings: Settings) -> Result<(TestRouter, Receiver<Asked>)> {
    let (hook, asked) = Puppet::with_strings();
    Ok((
        RouterSetup::default().hook(settings, hook).start().await?,
        asked,
    ))
}

async fn question(asked: &mut Receiver<Asked>) -> Result<Asked> {
    soon("the hook to be asked", asked.recv())
        .await?
        .context("the hook is gone")
}

fn to(router: &TestRouter, login: &str) -> Result<Target> {
    Ok(Target::Person(router.person(login)?.0))
}

#[tokio::test]
async fn a_hook_changes_and_the_next_one_sees_it() -> Result<()> {
    let shout = Rule::judges(|draft| Ok(Verdict::Change(body(&says(draft).to_uppercase()))));
    let check = Rule::judges(|draft| {
        Ok(if says(draft).contains("SECRET") {
            Verdict::Refuse("no secrets".into())
        } else {
            Verdict::Allow
        })
    });
    let second = Settings {
        order: 5,
        ..before("check")
    };
    let router = RouterSetup::default()
        .hook(second, check)
        .hook(before("shout"), shout)
        .start()
        .await?;
    let (mut lina, mut zhang) = (
        router.connect("lina").await?,
        router.connect("zhangwei").await?,
    );
    let zhang_id = to(&router, "zhangwei")?;
    let stored = lina.tell(zhang_id, "hello").await?;
    assert_eq!(text(&zhang.message().await?), "HELLO");
    let refused = lina.send(zhang_id, "a secret").await?;
    let nack = lina.refusal(refused).await?;
    assert_eq!(
        (&*nack.code, nack.detail.as_deref(), nack.retry),
        ("hook_refused", Some("no secrets"), false)
    );
    // The sender sees it changed too, in the history; a repeat of what they typed is still a repeat.
    let history = router.history("lina", stored.conversation).await?;
    assert_eq!(history.iter().map(text).collect::<Vec<_>>(), ["HELLO"]);
    let first = history[0].client_id.context("a client_id")?;
    lina.say(again(first, zhang_id, "hello")).await?;
    assert_eq!(lina.stored(first).await?, stored);
    lina.send_as(first, zhang_id, "HELLO").await?;
    assert_eq!(lina.refusal(first).await?.code, "client_id_reused");
    assert_eq!(
        router.history("zhangwei", stored.conversation).await?.len(),
        1
    );
    Ok(())
}

#[tokio::test]
async fn a_repeat_while_the_first_is_still_in_a_slow_hook() -> Result<()> {
    let (router, mut asked) = with_puppet(before("slow")).await?;
    let (mut lina, mut phone) = (router.connect("lina").await?, router.connect("lina").await?);
    let (client_id, zhang) = (id(), to(&router, "zhangwei")?);
    lina.send_as(client_id, zhang, "once").await?;
    let first = question(&mut asked).await?;
    lina.say(again(client_id, zhang, "once")).await?;
    phone.say(again(client_id, zhang, "once")).await?;
    let other = id();
    lina.send_as(other, zhang, "behind it").await?;
    lina.send_as(client_id, zhang, "another text").await?;
    assert!(asked.try_recv().is_err(), "one at a time");
    first.answer(Verdict::Allow);
    let stored = lina.stored(client_id).await?;
    assert_eq!(lina.stored(client_id).await?, stored);
    assert_eq!(phone.stored(client_id).await?, stored);
    let behind = question(&mut asked).await?;
    assert_eq!(
        says(&behind.draft),
        "behind it",
        "no hook runs again for a repeat"
    );
    behind.answer(Verdict::Allow);
    assert_eq!(lina.stored(other).await?.seq, 2);
    assert_eq!(lina.refusal(client_id).await?.code, "client_id_reused");
    assert!(asked.try_recv().is_err());
    assert_eq!(router.history("lina", stored.conversation).await?.len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_sender_keeps_their_order_and_holds_nobody_else_up() -> Result<()> {
    const EACH: usize = 10;
    let (router, mut asked) = with_puppet(before("slow")).await?;
    let research = Target::Unit(router.unit("rd")?.0);
    let (mut lina, mut zhang) = (
        router.connect("lina").await?,
        router.connect("zhangwei").await?,
    );
    let mut sent = Vec::new();
    for n in 0..EACH {
        sent.push(lina.send(research, &format!("{n}")).await?);
    }
    let held = question(&mut asked).await?;
    // Another sender passes, and the same sender in another conversation.
    let passes = zhang.send(research, "passes").await?;
    question(&mut asked).await?.answer(Verdict::Allow);
    assert_eq!(zhang.stored(passes).await?.seq, 1);
    let elsewhere = lina.send(to(&router, "zhangwei")?, "elsewhere").await?;
    question(&mut asked).await?.answer(Verdict::Allow);
    assert_eq!(lina.stored(elsewhere).await?.seq, 1);
    assert_eq!(says(&held.draft), "0");
    held.answer(Verdict::Allow);
    for n in 1..EACH {
        let next = question(&mut asked).await?;
        assert_eq!(says(&next.draft), n.to_string());
        // Every third one is refused: it is a hole in what was said, and none in the numbers.
        next.answer(if n % 3 == 0 {
            Verdict::Refuse("third".into())
        } else {
            Verdict::Allow
        });
    }
    let (mut seq, mut conversation) = (1, uuid::Uuid::nil());
    for (n, client_id) in sent.into_iter().enumerate() {
        if n > 0 && n % 3 == 0 {
            assert_eq!(lina.refusal(client_id).await?.code, "hook_refused");
        } else {
            let stored = lina.stored(client_id).await?;
            assert_eq!(stored.seq, seq + 1);
            (seq, conversation) = (stored.seq, stored.conversation);
        }
    }
    assert_eq!(
        router.history("liuyang", conversation).await?.len() as u64,
        seq
    );
    Ok(())
}

#[tokio::test]
async fn parallel_senders_through_a_slow_hook_lose_nothing() -> Result<()> {
    const EACH: usize = 20;
    let (router, mut asked) = with_puppet(before("slow")).await?;
    let research = Target::Unit(router.unit("rd")?.0);
    let mut people = Vec::new();
    for login in ["lina", "zhangwei", "liuyang"] {
        people.push((login, router.connect(login).await?, Vec::new()));
    }
    for n in 0..EACH {
        for (login, desk, sent) in &mut people {
            sent.push(desk.send(research, &format!("{login}:{n}")).await?);
        }
    }
    // Answered in whatever order they come, the last of those that wait first.
    let mut waiting = Vec::new();
    for _ in 0..3 * EACH {
        waiting.push(question(&mut asked).await?);
        if waiting.len() == people.len() {
            waiting.pop().context("one waits")?.answer(Verdict::Allow);
        }
        if let Some(last) = waiting.pop() {
            last.answer(Verdict::Allow);
        }
    }
    for last in waiting {
        last.answer(Verdict::Allow);
    }
    let mut conversation = uuid::Uuid::nil();
    for (_, desk, sent) in &mut people {
        for client_id in sent.drain(..) {
            conversation = desk.stored(client_id).await?.conversation;
        }
    }
    let history = router.history("lina", conversation).await?;
    assert_eq!(history.len(), 3 * EACH);
    for (login, ..) in &people {
        let own = history
            .iter()
            .map(text)
            .filter_map(|text| text.strip_prefix(&format!("{login}:")));
        assert!(
            own.map(str::parse::<usize>).eq((0..EACH).map(Ok)),
            "{login}'s order was lost"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_member_removed_while_their_message_is_in_a_hook() -> Result<()> {
    let (router, mut asked) = with_puppet(before("slow")).await?;
    let (mut lina, mut zhang) = (
        router.connect("lina").await?,
        router.connect("zhangwei").await?,
    );
    let research = Target::Unit(router.unit("rd")?.0);
    let last = zhang.send(research, "my last words").await?;
    let held = question(&mut asked).await?;
    router.takes_out("zhangwei", "rd").await?;
    held.answer(Verdict::Allow);
    assert_eq!(zhang.refusal(last).await?.code, "conversation_unknown");
    // Nothing of it is stored, no number is missing, and who is still there goes on.
    let first = lina.send(research, "he is gone").await?;
    question(&mut asked).await?.answer(Verdict::Allow);
    let stored = lina.stored(first).await?;
    assert_eq!(stored.seq, 1);
    let history = router.history("lina", stored.conversation).await?;
    assert_eq!(history.iter().map(text).collect::<Vec<_>>(), ["he is gone"]);
    // Not told of what was said after he went either: the next thing he hears is for him.
    let direct = lina.send(to(&router, "zhangwei")?, "farewell").await?;
    question(&mut asked).await?.answer(Verdict::Allow);
    lina.stored(direct).await?;
    assert_eq!(text(&zhang.message().await?), "farewell");
    Ok(())
}
