//! Moving from the predecessor: its tables come in, people find their old conversations, and nothing comes twice.

use std::fs;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use webim_support::{Database, Setup, TestDatabase, TestPerson, TestServer};
use webim_wire::rest::Conversation;

use crate::chat::text;

const UNITS: &str = "\u{feff}UNIT_CODE;UNIT_NAME;PARENT_UNIT;UNIT_ORDER;IS_VALID;UNIT_DESC\n\
    hq;华远科技;0;;T;\nrd;研发部;hq;;T;x\nsales;Sales;hq;;T;\nold;Old;hq;9;F;\n";
const USERS: &str = "USER_CODE,USER_NAME,LOGIN_NAME,IS_VALID,USER_PIN\nU1,李娜,lina,T,x\nU2,张伟,zhangwei,T,x\n\
    U3,刘洋,liuyang,T,x\nU4,王芳,wangfang,T,x\nU5,新人,,T,x\nU9,前同事,,F,x\n";
const CUSTOMERS: &str =
    "OS_ID,USER_CODE,USER_NAME,USER_TYPE\nweb,U1,李娜,S\nweb,X1,Expert,P\nweb,K1,顾客,C\n";
const MEMBERS: &str = "USER_CODE,UNIT_CODE\nU1,rd\nU2,rd\nU3,rd\nU4,sales\nU5,rd\nU1,old\n";
const READ: &str = "USER_CODE,UNIT_CODE,LAST_PUST_TIME\nU3,rd,2021-03-04 10:00:01\nU5,rd,NULL\n";
const QUESTIONS: &str = "QUESTION_ID,QUESTION_TITLE,ANSWER\n1,how,so\n";

const HEADER: &str =
    "MSG_ID,OS_ID,MSG_TYPE,SENDER,RECEIVER,SEND_TIME,MSG_STATE,CONTENT_TYPE,CONTENT\n";
const MESSAGES: &str = r#"m2,web,C,U2,U1,2021-03-04 09:00:02,C,text,"{""msg"":""second""}"
m1,web,C,U1,U2,2021-03-04 09:00:01,C,text,"{""msg"":""first\nline""}"
m3,web,C,U2,U1,2021/3/4 9:00:03,U,text,"plain, with
a line break"
m4,web,C,U2,U1,1614819604000,U,text,"""{\""msg\"":\""fourth\""}"""
m5,web,C,U9,U1,2021-03-04 09:00:05,C,text,from one who left
m6,web,C,U4,U1,2021-03-04T09:00:06.5,U,text,<img src=x onerror=alert(1)>'); DROP TABLE messages;--
g2,web,G,U2,rd,2021-03-04 10:00:02,,text,"{""msg"":""two""}"
g1,web,G,U1,rd,2021-03-04 10:00:01,,text,"{""msg"":""one""}"
g3,web,G,U9,rd,2021-03-04 10:00:03,,text,"{""msg"":""three""}"
x1,web,Q,U1,robot,2021-03-04 09:00:00,,text,how
x2,web,C,K1,U1,2021-03-04 09:00:00,,text,hello
x3,web,G,U1,handmade,2021-03-04 09:00:00,,text,hello
x4,web,C,U1,U2,2021-03-04 09:00:00,,text,
m2,web,C,U2,U1,2021-03-04 09:00:02,C,text,"{""msg"":""second""}"
"#;

/// 2021-03-04 09:00 in China.
const NINE: i64 = 1_614_819_600_000;

const FILES: [&str; 7] = [
    "units.csv",
    "users.csv",
    "customers.csv",
    "members.csv",
    "read.csv",
    "questions.csv",
    "messages.csv",
];

fn write(server: &TestServer) -> Result<()> {
    let long = format!(
        "x5,web,C,U1,U2,2021-03-04 09:00:00,,text,{}\n",
        "长".repeat(5_001)
    );
    let messages = format!("{HEADER}{MESSAGES}{long}");
    let texts = [UNITS, USERS, CUSTOMERS, MEMBERS, READ, QUESTIONS, &messages];
    for (name, text) in FILES.iter().zip(texts) {
        fs::write(server.folder().join(name), text)?;
    }
    Ok(())
}

/// Runs the import, which must end well, and returns what it told.
async fn import(server: &TestServer, flags: &[&str], files: &[&str]) -> Result<Value> {
    let arguments = [&["seed", "import", "--json"], flags, files].concat();
    let ended = server.webim(&arguments).await?;
    assert_eq!(ended.code, 0, "{ended:?}");
    ended.json()
}

async fn verified(server: &TestServer) -> Result<u64> {
    let told = server.webim(&["verify", "--json"]).await?;
    assert_eq!(told.code, 0, "{told:?}");
    told.json()?["messages"].as_u64().context("messages")
}

/// The conversation that is called so in the person's list, and what was said in it: who, what, when.
async fn talk(person: &TestPerson, title: &str) -> Result<(Conversation, Vec<(String, i64)>)> {
    let all = person.conversations().await?.items;
    let found = all.into_iter().find(|one| one.title == title);
    let found = found.with_context(|| format!("{} has no {title}", person.login))?;
    let history = person.history(found.id).await?;
    let said = history.iter().map(|one| (text(one).to_owned(), one.time));
    Ok((found, said.collect()))
}

#[expect(
    clippy::too_many_lines,
    reason = "one story, to be read from top to bottom"
)]
async fn moves(kind: Database) -> Result<()> {
    let Some(database) = TestDatabase::new(kind).await? else {
        return Ok(());
    };
    let mut server = Setup::on(database).prepare().await?;
    write(&server)?;
    for _ in 0..2 {
        let told = import(&server, &["--dry-run"], &FILES).await?;
        assert_eq!(told["applied"], false);
        assert_eq!(told["people"]["added"], 3, "{told}");
        assert_eq!(told["messages"]["imported"], 9, "{told}");
        assert_eq!(verified(&server).await?, 0);
    }

    let told = import(&server, &["--initial-passwords", "new.csv"], &FILES).await?;
    let left_out =
        json!({"kind": 1, "customer": 1, "group": 1, "no_text": 1, "too_long": 1, "twice": 1});
    let messages = json!({"imported": 9, "repeated": 0, "left_out": left_out, "kinds": {"Q": 1}});
    assert_eq!(told["messages"], messages, "{told}");
    assert_eq!(told["conversations"], json!({"direct": 3, "units": 1}));
    assert_eq!(
        (&told["customers"], &told["questions"]),
        (&json!(1), &json!({"added": 1, "changed": 0, "same": 0}))
    );
    assert_eq!(
        (&told["from"], &told["until"]),
        (&json!(NINE + 1_000), &json!(NINE + 3_603_000))
    );
    assert_eq!(told["reported"].as_array().map(Vec::len), Some(2), "{told}");
    let passwords = fs::read_to_string(server.folder().join("new.csv"))?;
    assert!(passwords.contains("u5,") && passwords.contains("x1,") && !passwords.contains("u9,"));

    server.run().await?;
    let lina = server.sign_in("lina").await?;
    let (with_zhang, said) = talk(&lina, "张伟").await?;
    let expected = [
        ("first\nline", 1_000),
        ("second", 2_000),
        ("plain, with\na line break", 3_000),
        ("fourth", 4_000),
    ];
    let expected = expected.map(|(text, after)| (text.to_owned(), NINE + after));
    assert_eq!(said, expected);
    assert_eq!((with_zhang.unread, with_zhang.read_seq), (2, 2));
    let (gone, _) = talk(&lina, "前同事").await?;
    assert_eq!((gone.unread, gone.last_seq), (0, 1));
    let (hostile, said) = talk(&lina, "王芳").await?;
    assert_eq!((hostile.unread, said[0].1), (1, NINE + 6_500));
    assert!(said[0].0.starts_with("<img src=x"), "{said:?}");
    let (group, said) = talk(&lina, "研发部").await?;
    let said: Vec<_> = said.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!((group.unread, said), (0, vec!["one", "two", "three"]));
    let liu = server.sign_in("liuyang").await?;
    assert_eq!(talk(&liu, "研发部").await?.0.unread, 2);
    let zhang = server.sign_in("zhangwei").await?;
    assert_eq!(talk(&zhang, "李娜").await?.0.unread, 0);
    assert_eq!(talk(&zhang, "研发部").await?.0.unread, 0);

    // Beside a server it counts and does not write.
    let refused = server
        .webim(&[&["seed", "import"][..], &FILES].concat())
        .await?;
    assert!(
        refused.code == 6 && refused.err.contains("stop it first"),
        "{refused:?}"
    );
    import(&server, &["--dry-run"], &FILES).await?;
    // It goes on where it ended.
    let mut at_zhang = zhang.connect().await?;
    assert_eq!(at_zhang.tell(lina.as_target(), "fifth").await?.seq, 5);
    drop(at_zhang);
    server.stop().await?;
    let told = import(&server, &[], &FILES).await?;
    assert_eq!(
        (&told["messages"]["imported"], &told["messages"]["repeated"]),
        (&json!(0), &json!(9))
    );
    let none = json!({"added": 0, "changed": 0, "removed": 0});
    assert_eq!((&told["units"], &told["people"]), (&none, &none));
    assert_eq!(told["read_marks"], 0, "{told}");
    assert_eq!(verified(&server).await?, 10);
    Ok(())
}

#[tokio::test]
async fn old_conversations_come_along_on_sqlite() -> Result<()> {
    moves(Database::Sqlite).await
}

#[tokio::test]
async fn old_conversations_come_along_on_postgres() -> Result<()> {
    moves(Database::Postgres).await
}

#[tokio::test]
async fn old_conversations_come_along_on_mariadb() -> Result<()> {
    moves(Database::MariaDb).await
}

#[tokio::test]
async fn history_is_not_put_in_before_what_was_said_here() -> Result<()> {
    let mut server = TestServer::start().await?;
    let (lina, liu) = (
        server.sign_in("lina").await?,
        server.sign_in("liuyang").await?,
    );
    let mut at_lina = lina.connect().await?;
    at_lina.tell(liu.as_target(), "here").await?;
    drop(at_lina);
    server.stop().await?;
    let rows = "a,o,C,lina,liuyang,2021-03-04 09:00:00,C,,old\nb,o,C,lina,john,2021-03-04 09:00:00,C,,old\n";
    fs::write(server.folder().join("m.csv"), format!("{HEADER}{rows}"))?;
    for imported in [1, 0] {
        let told = import(&server, &[], &["m.csv"]).await?;
        assert_eq!(told["messages"]["imported"], imported, "{told}");
        assert_eq!(told["messages"]["left_out"], json!({"held": 1}));
    }
    // A later export brings what was said since, as long as it comes last.
    let rows = format!(
        "{rows}c,o,C,john,lina,2021-03-04 09:00:01,C,,next\nd,o,C,john,lina,2021-03-04 08:00:00,C,,before\n"
    );
    fs::write(server.folder().join("m.csv"), format!("{HEADER}{rows}"))?;
    let told = import(&server, &[], &["m.csv"]).await?;
    assert_eq!(told["messages"]["imported"], 1, "{told}");
    assert_eq!(told["messages"]["left_out"]["held"], 2, "{told}");
    let rows = rows.replace("08:00:00", "09:00:02");
    fs::write(server.folder().join("m.csv"), format!("{HEADER}{rows}"))?;
    let told = import(&server, &[], &["m.csv"]).await?;
    assert_eq!(told["messages"]["imported"], 1, "{told}");
    assert_eq!(told["messages"]["repeated"], 2, "{told}");
    assert_eq!(verified(&server).await?, 4);
    Ok(())
}

#[tokio::test]
async fn bad_rows_are_named_and_nothing_is_done() -> Result<()> {
    let server = Setup::sqlite()?.prepare().await?;
    let good = "a,o,C,lina,john,2021-03-04 09:00:00,C,,x\n";
    let seed = async |flags: &[&str]| {
        let arguments = [&["seed", "import", "m.csv"], flags].concat();
        server.webim(&arguments).await
    };
    for (rows, told) in [
        ("b,o,C,lina,john,31.12.2020,C,,x", "m.csv:3: the SEND_TIME"),
        (
            "b,o,C,nobody,john,2021-03-04 09:00:00,C,,x",
            "m.csv:3: nobody has the code",
        ),
        (
            "a,o,C,lina,john,2021-03-04 09:00:00,C,,y",
            "m.csv:3: another message has",
        ),
        ("b,o,C,lina", "m.csv:3: the line has 4 fields"),
    ] {
        fs::write(
            server.folder().join("m.csv"),
            format!("{HEADER}{good}{rows}\n"),
        )?;
        let ended = seed(&[]).await?;
        assert!(ended.code == 3 && ended.out.contains(told), "{ended:?}");
        assert_eq!(seed(&["--json"]).await?.json()?["applied"], false);
        assert_eq!(verified(&server).await?, 0);
    }
    for (text, told) in [
        (
            "MSG_ID,MSG_TYPE,SENDER,RECEIVER,CONTENT\n",
            "\"SEND_TIME\" is missing",
        ),
        ("a,b\n1,2\n", "no table that is known"),
    ] {
        fs::write(server.folder().join("m.csv"), text)?;
        let ended = seed(&["--skip-bad"]).await?;
        assert!(ended.code == 3 && ended.out.contains(told), "{ended:?}");
    }
    fs::write(server.folder().join("m.csv"), b"MSG_ID\n\xff\xfe\n")?;
    assert_eq!(seed(&[]).await?.code, 3);
    let wrong = seed(&["--utc-offset", "Beijing"]).await?;
    assert!(wrong.code == 2 && wrong.err.contains("+08:00"), "{wrong:?}");
    let rows = format!("{HEADER}b,o,C,nobody,john,2021-03-04 09:00:00,C,,x\n{good}");
    fs::write(server.folder().join("m.csv"), rows)?;
    let skipped = seed(&["--skip-bad", "--utc-offset", "-03:30"])
        .await?
        .ok()?;
    assert!(
        skipped.contains("m.csv:2:") && skipped.contains("left out: 1 bad rows"),
        "{skipped}"
    );
    assert!(
        skipped.contains("sent between 2021-03-04 09:00:00"),
        "{skipped}"
    );
    assert_eq!(verified(&server).await?, 1);
    Ok(())
}
