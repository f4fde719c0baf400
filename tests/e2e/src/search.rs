//! Search: what was said is found about a second later by those who may read it, and by nobody else.

use std::fmt::Write as _;

use anyhow::Result;
use uuid::Uuid;
use webim_support::{Answer, Office, Setup, TestPerson, TestServer, until};
use webim_wire::rest::History;
use webim_wire::search::SearchResults;

use crate::files::{PNG, upload};

mod changed;
mod killed;

/// Asks for `text` with other parameters behind it.
async fn ask(person: &TestPerson, text: &str, more: &[(&str, &str)]) -> Result<Answer> {
    let mut path = String::from("/api/v1/search?q=");
    let encode = |path: &mut String, text: &str| {
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() {
                path.push(char::from(byte));
            } else {
                write!(path, "%{byte:02X}").expect("writing to a string never fails");
            }
        }
    };
    encode(&mut path, text);
    for (name, value) in more {
        path.push('&');
        encode(&mut path, name);
        path.push('=');
        encode(&mut path, value);
    }
    person.get(&path).await
}

async fn search(person: &TestPerson, text: &str, more: &[(&str, &str)]) -> Result<SearchResults> {
    ask(person, text, more).await?.ok()
}

async fn refused(person: &TestPerson, text: &str, more: &[(&str, &str)]) -> Result<String> {
    ask(person, text, more).await?.code()
}

/// Asks until so many messages are found.
async fn found(person: &TestPerson, text: &str, count: usize) -> Result<SearchResults> {
    until(text, async || {
        let results = search(person, text, &[("in", "messages")]).await?;
        Ok((results.messages.len() >= count).then_some(results))
    })
    .await
}

/// What was found, with brackets around what is highlighted.
fn marked(shown: &str, spans: &[[u32; 2]]) -> String {
    let mut text = String::new();
    for (at, c) in (0..).zip(shown.chars()) {
        for [from, to] in spans {
            if *to == at {
                text.push(']');
            }
            if *from == at {
                text.push('[');
            }
        }
        text.push(c);
    }
    let end = u32::try_from(shown.chars().count()).unwrap_or(u32::MAX);
    if spans.iter().any(|[_, to]| *to == end) {
        text.push(']');
    }
    text
}

fn lines(results: &SearchResults) -> Vec<String> {
    let hits = results.messages.iter();
    hits.map(|hit| marked(&hit.shown, &hit.spans)).collect()
}

/// What 李娜 says to 张伟.
const SAID: [&str; 7] = [
    "季度报告已经发给财务部的同事了",
    "The quarterly reports are READY, see file(/files/none)[Ｐlan A.pdf]",
    "🙂👍🏽 请看季度报告 face[微笑]",
    "reporters asked about the \"budget report\" today",
    "白纸",
    "O'Brien\\ 100% AND * NEAR(x)",
    "last",
];

#[tokio::test]
async fn words_are_found_highlighted_and_in_their_place() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let mut socket = lina.connect().await?;
    for text in SAID {
        socket.tell(zhang.as_target(), text).await?;
    }
    found(&zhang, "last", 1).await?;
    for (query, expected) in [
        (
            "季度报告",
            &["🙂👍🏽 请看[季度报告] ", "[季度报告]已经发给财务部的同事了"][..],
        ),
        ("报告 财务", &["季度[报告]已经发给[财务]部的同事了"]),
        (
            "reporting",
            &[
                "[reporters] asked about the \"budget [report]\" today",
                "The quarterly [reports] are READY, see Ｐlan A.pdf ",
            ],
        ),
        (
            "\"budget report\"",
            &["[reporters] asked about the \"[budget report]\" today"],
        ),
        ("\"report budget\"", &[]),
        (
            "ready plan",
            &["The quarterly reports are [READY], see [Ｐlan] A.pdf "],
        ),
        ("纸", &["白[纸]"]),
        ("o'brien", &["[O'Brien]\\ 100% AND * NEAR(x)"]),
        ("100% AND", &["O'Brien\\ [100% AND] * NEAR(x)"]),
        ("files", &[]),
        ("微笑", &[]),
        ("\"unclosed quarterly", &[]),
        (
            "\"quarterly",
            &["The [quarterly] reports are READY, see Ｐlan A.pdf "],
        ),
    ] {
        let results = search(&zhang, query, &[("in", "messages")]).await?;
        let mut found = lines(&results);
        let mut expected: Vec<_> = expected.iter().map(|line| (*line).to_owned()).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{query}");
    }
    // Where it stands: the number leads into the history.
    let hit = search(&lina, "budget", &[]).await?.messages.remove(0).item;
    assert_eq!((hit.seq, hit.sender), (4, Some(lina.id)));
    let path = format!(
        "/api/v1/conversations/{}/messages?after={}&limit=1",
        hit.conversation,
        hit.seq - 1
    );
    let page: History = zhang.read(&path).await?;
    assert_eq!(page.items, [hit]);
    Ok(())
}

#[tokio::test]
async fn bad_questions_have_an_answer() -> Result<()> {
    let server = TestServer::start().await?;
    let lina = server.sign_in("lina").await?;
    let long = "x".repeat(10_000);
    let chinese = "字".repeat(5_000);
    let cjk = "报".repeat(256);
    for (text, code) in [
        ("", "query_empty"),
        (" ", "query_empty"),
        ("\"?!。，…\" -- ()", "query_empty"),
        ("🙂", "query_empty"),
        ("\0", "query_empty"),
        (&long, "query_too_long"),
        (&chinese, "query_too_long"),
    ] {
        assert_eq!(refused(&lina, text, &[]).await?, code, "{text:.20}");
    }
    assert_eq!(search(&lina, &cjk, &[]).await?.messages, []);
    for more in [
        ("in", "everything"),
        ("conversation", "x"),
        ("after", "x"),
        ("limit", "0"),
        ("limit", "-1"),
        ("other", "1"),
    ] {
        assert_eq!(refused(&lina, "x", &[more]).await?, "bad_field", "{more:?}");
    }
    let both = [
        ("in", "people"),
        ("conversation", &*Uuid::nil().to_string()),
    ];
    assert_eq!(refused(&lina, "x", &both).await?, "bad_field");
    let answer = lina.get("/api/v1/search").await?;
    assert_eq!(answer.code()?, "bad_field");
    Ok(())
}

#[tokio::test]
async fn nobody_finds_what_they_may_not_read() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang, john) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
        server.sign_in("john").await?,
    );
    let rd = lina.unit("研发部").await?;
    let mut socket = lina.connect().await?;
    let stored = socket.tell(rd, "机密 first").await?;
    socket.tell(zhang.as_target(), "机密 direct").await?;
    assert_eq!(found(&zhang, "机密", 2).await?.messages.len(), 2);
    assert_eq!(search(&john, "机密", &[]).await?.messages, []);
    let unit = stored.conversation.to_string();
    let within = [("conversation", &*unit)];
    assert_eq!(search(&zhang, "机密", &within).await?.messages.len(), 1);
    assert_eq!(
        refused(&john, "机密", &within).await?,
        "conversation_unknown"
    );
    // John moves in, Zhang out: from now on, and not before.
    let office = Office::default().without("zhangwei").without("john");
    let office = office
        .with("zhangwei", "张伟", &["sales"])
        .with("john", "John Smith", &["rd"]);
    server.import(&office, &[]).await?.ok()?;
    until("the rooms to be read again", async || {
        let sent = john.connect().await?.tell(rd, "hello").await;
        Ok(sent.ok())
    })
    .await?;
    socket.tell(rd, "机密 second").await?;
    assert_eq!(lines(&found(&john, "机密", 1).await?), ["[机密] second"]);
    assert_eq!(lines(&found(&zhang, "机密", 1).await?), ["[机密] direct"]);
    assert_eq!(
        refused(&zhang, "机密", &within).await?,
        "conversation_unknown"
    );
    assert_eq!(search(&lina, "机密", &[]).await?.messages.len(), 3);
    Ok(())
}

#[tokio::test]
async fn files_and_people_are_found() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang, john) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
        server.sign_in("john").await?,
    );
    let picture = upload(&lina, "团建 Photo.png", PNG).await?;
    let text = format!("img[{}]", picture.url);
    let stored = lina.connect().await?.tell(zhang.as_target(), &text).await?;
    let hit = until("a file", async || {
        let mut results = search(&zhang, "photos", &[]).await?;
        Ok(results.files.pop())
    })
    .await?;
    assert_eq!(
        (hit.seq, hit.conversation),
        (stored.seq, stored.conversation)
    );
    assert_eq!((hit.file, hit.sender), (picture.id, Some(lina.id)));
    assert_eq!(marked(&hit.name, &hit.spans), "团建 [Photo].png");
    assert_eq!(search(&john, "photos", &[]).await?.files, []);
    assert_eq!(
        search(&zhang, "photos", &[("in", "people")]).await?.files,
        []
    );
    for (query, name) in [
        ("张", "[张]伟"),
        ("zhangw", "张伟"),
        ("zw", "张伟"),
        ("zhang wei", "张伟"),
        ("smith", "John [Smith]"),
        ("JOHN", "[John] Smith"),
    ] {
        let results = search(&lina, query, &[]).await?;
        let people = results.people.iter();
        let names: Vec<_> = people
            .map(|hit| marked(&hit.person.card.name, &hit.spans))
            .collect();
        assert!(names.contains(&name.to_owned()), "{query}: {names:?}");
        assert!(results.messages.is_empty(), "{query}");
    }
    // The directory changes under it.
    let office = Office::default().with("newcomer", "欧阳修", &["rd"]);
    server.import(&office, &[]).await?.ok()?;
    let new = until("the newcomer", async || {
        let results = search(&lina, "oyx", &[("in", "people")]).await?;
        Ok(results.people.into_iter().next())
    });
    assert_eq!(new.await?.person.card.name, "欧阳修");
    Ok(())
}

#[tokio::test]
async fn pages_follow_each_other_while_others_talk() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let mut socket = lina.connect().await?;
    for number in 0..23 {
        let text = format!("项目 {number}{}", " 很长的一句话".repeat(number % 5));
        socket.tell(zhang.as_target(), &text).await?;
    }
    found(&zhang, "项目", 23).await?;
    let whole = search(&zhang, "项目", &[]).await?;
    assert_eq!((whole.messages.len(), whole.next.as_deref()), (23, None));
    let expected: Vec<u64> = whole.messages.iter().map(|hit| hit.item.seq).collect();
    let mut seen = Vec::new();
    let mut after: Option<String> = None;
    let mut pages = 0;
    loop {
        let mut more = vec![("limit", "5")];
        more.extend(after.as_deref().map(|after| ("after", after)));
        let page = search(&zhang, "项目", &more).await?;
        pages += 1;
        seen.extend(page.messages.iter().map(|hit| hit.item.seq));
        socket.tell(zhang.as_target(), "项目 项目 项目").await?;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((seen, pages), (expected, 5));
    Ok(())
}

#[tokio::test]
async fn switched_off_it_is_refused() -> Result<()> {
    let server = Setup::sqlite()?
        .with("search.enabled", false)
        .start()
        .await?;
    let lina = server.sign_in("lina").await?;
    assert_eq!(refused(&lina, "x", &[]).await?, "forbidden");
    Ok(())
}
