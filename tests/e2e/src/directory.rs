//! The directory's import: beside a running server, all or nothing, repeatable, at the size of a whole organisation.

use std::fs;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use webim_support::{Ended, Office, Organisation, Setup, Shape, TestServer, TestSocket};
use webim_wire::rest::Units;
use webim_wire::server::ServerFrame;

async fn version(socket: &mut TestSocket) -> Result<u64> {
    let pick = |frame: &ServerFrame| match frame {
        ServerFrame::Directory(directory) => Some(directory.version),
        _ => None,
    };
    socket.take("directory", pick).await
}

#[tokio::test]
async fn beside_a_running_server() -> Result<()> {
    let server = TestServer::start().await?;
    let lina = server.sign_in("lina").await?;
    let mut at_lina = lina.connect().await?;
    let before = at_lina.welcome()?.directory;
    let research = lina.unit("研发部").await?;
    let first = at_lina.tell(research, "before").await?;

    let changed = Office::default()
        .with("newcomer", "新人", &["rd"])
        .moved("zhangwei", &["sales"]);
    let told = server.import(&changed, &[]).await?.ok()?;
    assert!(
        told.contains("newcomer") && told.contains("zhangwei"),
        "{told}"
    );
    let after = version(&mut at_lina).await?;
    assert!(after > before);
    let units: Units = lina.read("/api/v1/units").await?;
    assert_eq!(units.version, after);
    let people = |name: &str| {
        units
            .items
            .iter()
            .find(|unit| unit.name == name)
            .map(|unit| unit.people)
    };
    assert_eq!((people("研发部"), people("Sales")), (Some(3), Some(3)));

    // Who came hears what is said from now on, and reads nothing from before; who went hears nothing.
    let (new, zhang) = (
        server.sign_in("newcomer").await?,
        server.sign_in("zhangwei").await?,
    );
    let (mut at_new, mut at_zhang) = (new.connect().await?, zhang.connect().await?);
    let second = at_lina.tell(research, "after").await?;
    assert_eq!(at_new.message().await?.message, second.message);
    let seen = new.history(first.conversation).await?;
    assert_eq!(
        seen.iter().map(|message| message.seq).collect::<Vec<_>>(),
        [second.seq]
    );
    at_lina.tell(zhang.as_target(), "you moved").await?;
    assert_eq!(at_zhang.message().await?.seq, 1);
    let refused = at_zhang.send(research, "let me in").await?;
    assert_eq!(at_zhang.refusal(refused).await?.code, "unit_unknown");
    let sales = zhang.unit("Sales").await?;
    assert_eq!(at_zhang.tell(sales, "here I am").await?.seq, 1);
    Ok(())
}

fn counts(ended: &Ended) -> Result<(Value, Value)> {
    let mut told = ended.json()?;
    assert_eq!(ended.code, 0, "{}", ended.err);
    Ok((told["units"].take(), told["people"].take()))
}

#[tokio::test]
async fn a_dry_run_and_a_repetition_change_nothing() -> Result<()> {
    let server = Setup::sqlite()?.prepare().await?;
    let none = json!({"added": 0, "changed": 0, "removed": 0});
    assert_eq!(
        counts(&server.import(&Office::default(), &["--json"]).await?)?,
        (none.clone(), none.clone())
    );
    let changed = Office::default()
        .with("newcomer", "新人", &["rd"])
        .without("john");
    let one = json!({"added": 1, "changed": 0, "removed": 1});
    for _ in 0..2 {
        let flags = ["--json", "--dry-run", "--deactivate-missing"];
        assert_eq!(
            counts(&server.import(&changed, &flags).await?)?,
            (none.clone(), one.clone())
        );
    }
    let flags = ["--json", "--deactivate-missing"];
    assert_eq!(
        counts(&server.import(&changed, &flags).await?)?,
        (none.clone(), one)
    );
    assert_eq!(
        counts(&server.import(&changed, &flags).await?)?,
        (none.clone(), none)
    );
    Ok(())
}

#[tokio::test]
async fn every_bad_line_is_named_and_nothing_is_done() -> Result<()> {
    let server = Setup::sqlite()?.prepare().await?;
    let lines = "login,name,units,roles\nnew,新人,rd,\nli na,X,,\nghost,,rd,\nsun,孙,moon,\nwang,王,rd,chef\nnew,again,,\n";
    fs::write(server.folder().join("bad.csv"), lines)?;
    let ended = server.webim(&["directory", "import", "bad.csv"]).await?;
    assert_eq!(ended.code, 3, "{ended:?}");
    for line in ["bad.csv:3:", "bad.csv:4:", "bad.csv:6:", "bad.csv:7:"] {
        assert!(
            ended.out.contains(line),
            "{line} is missing in {}",
            ended.out
        );
    }
    assert!(!ended.out.contains("bad.csv:2:"), "{}", ended.out);
    let told = server
        .webim(&["directory", "import", "--json", "bad.csv"])
        .await?;
    assert_eq!(
        (told.code, told.json()?["applied"].clone()),
        (3, json!(false))
    );
    let cases = [
        ("login,name,units\nsun,孙,moon\n", "moon"),
        ("login,name,phone\nsun,孙,1\n", "phone"),
        ("code,name,parent\na,A,b\nb,B,a\n", "inside itself"),
        ("login,name,roles\nzhaomin,赵敏,\n", "admin"),
        ("{\"people\": [{\"login\": 1}]}", ":1:"),
        ("\u{0}\u{1}", ":1:"),
    ];
    for (text, part) in cases {
        fs::write(server.folder().join("bad"), text)?;
        let ended = server.webim(&["directory", "import", "bad"]).await?;
        assert_eq!(ended.code, 3, "{text}: {ended:?}");
        assert!(
            format!("{}{}", ended.out, ended.err).contains(part),
            "{text}: {ended:?}"
        );
    }
    let gone = server
        .webim(&["directory", "import", "nowhere.csv"])
        .await?;
    assert!(
        gone.code != 0 && gone.err.contains("nowhere.csv"),
        "{gone:?}"
    );
    // All or nothing: the good line of the bad file is not there.
    let none = json!({"added": 0, "changed": 0, "removed": 0});
    assert_eq!(
        counts(
            &server
                .import(&Office::default(), &["--json", "--deactivate-missing"])
                .await?
        )?
        .1,
        none
    );
    Ok(())
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one list, to be read from top to bottom"
)]
async fn five_thousand_people_in_three_hundred_units() -> Result<()> {
    let all = Organisation::generate(Shape::BIG).with_password(2, webim_support::PASSWORD);
    let mut setup = Setup::sqlite()?;
    setup.office.people.clear();
    let mut server = setup.prepare().await?;
    fs::write(server.folder().join("units.csv"), all.units_csv())?;
    fs::write(server.folder().join("people.csv"), all.people_csv())?;
    fs::write(server.folder().join("tree.json"), all.json().to_string())?;
    let import = async |server: &TestServer, files: &[&str]| -> Result<(Value, Value)> {
        let arguments = [
            &["directory", "import", "--json", "--deactivate-missing"],
            files,
        ]
        .concat();
        counts(&server.webim(&arguments).await?)
    };
    let csv = ["units.csv", "people.csv"];
    let added = |count: usize| json!({"added": count, "changed": 0, "removed": 0});
    assert_eq!(
        import(&server, &[&["--dry-run"][..], &csv].concat()).await?,
        (added(300), added(5_000))
    );
    assert_eq!(import(&server, &csv).await?, (added(300), added(5_000)));
    assert_eq!(import(&server, &csv).await?, (added(0), added(0)));
    // Told in the other form it is the same organisation.
    assert_eq!(import(&server, &["tree.json"]).await?, (added(0), added(0)));

    server.run().await?;
    let admin = server.sign_in(&all.people[0].login).await?;
    let units: Units = admin.read("/api/v1/units").await?;
    assert_eq!(units.items.len(), 300);
    let expected = |code: &str| {
        all.people
            .iter()
            .filter(|person| person.units.iter().any(|unit| unit == code))
            .count() as u64
    };
    let named = all
        .units
        .iter()
        .map(|unit| (unit.name.clone(), expected(&unit.code)));
    let mut named: Vec<_> = named.collect();
    let mut shown: Vec<_> = units
        .items
        .iter()
        .map(|unit| (unit.name.clone(), unit.people))
        .collect();
    named.sort();
    shown.sort();
    assert_eq!(shown, named);
    let (mut after, mut count) = (String::new(), 0);
    loop {
        let page: webim_wire::rest::People = admin
            .read(&format!("/api/v1/people?limit=100{after}"))
            .await?;
        count += page.items.len();
        match page.next {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(count, 5_000);
    let panel: Value = admin.read("/layim/init").await?;
    assert_eq!(
        panel["data"]["friend"].as_array().context("friend")?.len(),
        300
    );
    Ok(())
}
