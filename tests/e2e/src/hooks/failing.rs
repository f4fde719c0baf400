//! Hooks that are late, fail, panic or answer each other, and what becomes of those who wait.

use super::*;

#[tokio::test]
async fn a_hook_that_does_not_answer_in_time() -> Result<()> {
    for (fail, expected) in [(Fail::Open, Ok(1)), (Fail::Closed, Err("hook_failed"))] {
        let settings = Settings {
            fail,
            deadline: Duration::from_millis(50),
            ..before("sleepy")
        };
        let router = RouterSetup::default()
            .hook(settings, Arc::new(Late::default()))
            .start()
            .await?;
        let mut lina = router.connect("lina").await?;
        let zhang = to(&router, "zhangwei")?;
        let client_id = lina.send(zhang, "anybody?").await?;
        let outcome = lina.answer(client_id).await?;
        let seen = outcome
            .as_ref()
            .map(|stored| stored.map_or(0, |stored| stored.seq));
        assert_eq!(seen.map_err(|nack| &*nack.code), expected);
        if let Err(nack) = outcome {
            assert!(nack.retry && nack.detail.is_some_and(|detail| detail.contains("sleepy")));
            lina.say(again(client_id, zhang, "anybody?")).await?;
            assert_eq!(
                lina.stored(client_id).await?.seq,
                1,
                "it was not stored the first time"
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_hook_that_fails_or_panics() -> Result<()> {
    let ways: [fn(Asked); 2] = [Asked::fail, Asked::panic];
    for way in ways {
        for (fail, expected) in [(Fail::Open, Ok(1)), (Fail::Closed, Err("hook_failed"))] {
            let (router, mut asked) = with_puppet(Settings {
                fail,
                ..before("broken")
            })
            .await?;
            let mut lina = router.connect("lina").await?;
            let zhang = to(&router, "zhangwei")?;
            let client_id = lina.send(zhang, "anybody?").await?;
            way(question(&mut asked).await?);
            let outcome = lina.answer(client_id).await?;
            let seen = outcome
                .as_ref()
                .map(|stored| stored.map_or(0, |stored| stored.seq));
            assert_eq!(seen.map_err(|nack| &*nack.code), expected);
            // Chat goes on behind it, for this sender too.
            let next = lina.send(zhang, "go on").await?;
            question(&mut asked).await?.answer(Verdict::Allow);
            assert_eq!(lina.stored(next).await?.seq, outcome.map_or(1, |_| 2));
            assert_eq!(
                router.router.chain().hooks()[0]
                    .failures
                    .load(Ordering::Relaxed),
                1
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_hook_that_fails_again_and_again_is_left_alone_for_a_while() -> Result<()> {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let hook = Rule::judges(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        Err(HookError("always".into()))
    });
    let settings = Settings {
        fail: Fail::Closed,
        ..before("broken")
    };
    let router = RouterSetup::default().hook(settings, hook).start().await?;
    let mut lina = router.connect("lina").await?;
    let zhang = to(&router, "zhangwei")?;
    for attempt in 1..=12 {
        let client_id = lina.send(zhang, "anybody?").await?;
        assert_eq!(
            lina.refusal(client_id).await?.code,
            "hook_failed",
            "closed is closed: nothing slips through"
        );
        assert_eq!(calls.load(Ordering::SeqCst), attempt.min(5));
    }
    let state = || router.router.chain().hooks()[0].breaker.state();
    assert!(matches!(state(), BreakerState::Open(_)));
    router.clock.advance(10_000);
    let client_id = lina.send(zhang, "and now?").await?;
    lina.refusal(client_id).await?;
    assert_eq!(calls.load(Ordering::SeqCst), 6, "one trial");
    assert!(matches!(state(), BreakerState::Open(_)));
    Ok(())
}

#[tokio::test]
async fn hooks_that_answer_each_other_are_stopped() -> Result<()> {
    let depths = Arc::new(std::sync::Mutex::new(Vec::new()));
    let (seen, other) = (depths.clone(), Arc::new(std::sync::OnceLock::new()));
    let to_whom = other.clone();
    let echo = Rule::reacts(move |message, depth| {
        seen.lock().expect("nobody panics here").push(depth);
        let Some((one, two)) = to_whom.get() else {
            return Ok(Vec::new());
        };
        let (from, to) = if message.sender == Some(*one) {
            (*two, *one)
        } else {
            (*one, *two)
        };
        let to = webim_model::Target::Person(to);
        Ok(vec![Effect::Post {
            sender: from,
            to,
            body: body("echo"),
        }])
    });
    let (watch, mut asked) = Puppet::with_strings();
    let setup = RouterSetup::default()
        .hook(after("echo"), echo)
        .hook(before("watch"), watch);
    let router = setup.start().await?;
    other
        .set((router.person("lina")?, router.person("zhangwei")?))
        .expect("set once");
    let mut lina = router.connect("lina").await?;
    let first = lina.send(to(&router, "zhangwei")?, "one").await?;
    for depth in 0..=MAX_DEPTH {
        let asked = question(&mut asked).await?;
        assert_eq!(asked.draft.depth, depth);
        let person = asked.draft.origin == Origin::Person;
        assert!(
            person == (depth == 0) && (person || asked.draft.origin == Origin::Hook("echo".into()))
        );
        asked.answer(Verdict::Allow);
    }
    let conversation = lina.stored(first).await?.conversation;
    crate::in_process::reads_to(&mut lina, conversation, u64::from(MAX_DEPTH) + 1).await?;
    // The guard has spoken: what comes next is the person's.
    let next = lina.send(to(&router, "zhangwei")?, "two").await?;
    let asked = question(&mut asked).await?;
    assert_eq!((asked.draft.depth, says(&asked.draft)), (0, "two"));
    asked.answer(Verdict::Refuse("enough".into()));
    lina.refusal(next).await?;
    assert_eq!(
        router.history("lina", conversation).await?.len(),
        usize::from(MAX_DEPTH) + 1
    );
    assert_eq!(
        *depths.lock().expect("nobody panics here"),
        (0..=MAX_DEPTH).collect::<Vec<_>>()
    );
    Ok(())
}

#[tokio::test]
async fn more_waiting_than_there_is_room_is_told_so() -> Result<()> {
    const ROOM: usize = 64;
    let (router, mut asked) = with_puppet(before("slow")).await?;
    let mut lina = router.connect("lina").await?;
    let zhang = to(&router, "zhangwei")?;
    let mut sent = Vec::new();
    for n in 0..ROOM + 11 {
        sent.push(lina.send(zhang, &format!("{n}")).await?);
    }
    // One is with the hook, so many wait, and the rest is told so at once.
    let refused = sent.split_off(ROOM + 1);
    assert_eq!(refused.len(), 10);
    for client_id in refused {
        let nack = lina.refusal(client_id).await?;
        assert_eq!((&*nack.code, nack.retry), ("busy", true));
    }
    for (n, client_id) in sent.into_iter().enumerate() {
        question(&mut asked).await?.answer(Verdict::Allow);
        assert_eq!(lina.stored(client_id).await?.seq, n as u64 + 1);
    }
    Ok(())
}

#[tokio::test]
async fn stopping_waits_for_what_was_taken() -> Result<()> {
    let (router, mut asked) = with_puppet(before("slow")).await?;
    let mut lina = router.connect("lina").await?;
    let client_id = lina
        .send(to(&router, "zhangwei")?, "before the end")
        .await?;
    let held = question(&mut asked).await?;
    let stopping = tokio::spawn(router.stop());
    tokio::task::yield_now().await;
    assert!(!stopping.is_finished());
    held.answer(Verdict::Allow);
    assert_eq!(lina.stored(client_id).await?.seq, 1);
    drop(lina);
    stopping.await?
}
