//! The command line: what is wrong is said by name, in one sentence, with an exit code that means something.

use std::fs;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use webim_support::{
    Database, Ended, Office, Settings, Setup, TestDatabase, TestServer, soon, webim,
};

/// Runs `serve` with these settings; it must end by itself.
async fn serve(settings: &str) -> Result<Ended> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("webim.toml"), settings)?;
    webim(folder.path(), &["serve"]).await
}

#[tokio::test]
async fn a_wrong_key_is_named_by_its_path() -> Result<()> {
    let cases = [
        ("[databse]\nurl = \"x\"", "databse"),
        ("[database]\nulr = \"x\"", "database.ulr"),
        ("[database]\nurl = 5", "database.url"),
        ("[database]\nurl = \"oracle://x\"", "database.url"),
        ("[limits]\ntext_chars = 0", "limits.text_chars"),
        ("[limits]\ntext_chars = \"many\"", "limits.text_chars"),
        ("[server]\nlisten = \"everywhere\"", "server.listen"),
        ("[server]\npublic_url = \"chat\"", "server.public_url"),
        ("[log]\nlevel = \"a=b=c\"", "log.level"),
        ("[server", "line 1"),
    ];
    for (text, path) in cases {
        let ended = serve(text).await?;
        assert_eq!(ended.code, 4, "{text}: {ended:?}");
        assert!(ended.err.contains(path), "{text}: {}", ended.err);
        assert!(!ended.err.contains("panicked"), "{}", ended.err);
    }
    let folder = tempfile::tempdir()?;
    let missing = webim(folder.path(), &["serve"]).await?;
    assert_eq!(missing.code, 4);
    assert!(
        missing.err.contains("webim config sample"),
        "{}",
        missing.err
    );
    Ok(())
}

#[tokio::test]
async fn the_sample_and_the_schema() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let sample = webim(folder.path(), &["config", "sample"]).await?.ok()?;
    fs::write(folder.path().join("webim.toml"), &sample)?;
    webim(folder.path(), &["check"]).await?.ok()?;
    // With every key in force, too.
    let bare = sample.lines().map(|line| {
        if line.starts_with("# ") {
            line
        } else {
            line.trim_start_matches('#')
        }
    });
    fs::write(
        folder.path().join("webim.toml"),
        bare.collect::<Vec<_>>().join("\n"),
    )?;
    webim(folder.path(), &["check"]).await?.ok()?;
    let schema: Value = webim(folder.path(), &["config", "schema"]).await?.json()?;
    let sections = schema["properties"].as_object().context("properties")?;
    for section in sections.keys() {
        assert!(
            sample.contains(&format!("[{section}]")),
            "{section} is not in the sample"
        );
    }
    fs::write(
        folder.path().join("webim.toml"),
        "[limits]\npage = 0\n[x]\n",
    )?;
    let found = webim(folder.path(), &["check", "--json"]).await?;
    assert_eq!(found.code, 3);
    let findings = found.json()?["findings"]
        .as_array()
        .context("findings")?
        .len();
    assert_eq!(findings, 2);
    Ok(())
}

#[tokio::test]
async fn help_everywhere() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let commands: [&[&str]; 11] = [
        &["serve"],
        &["setup-link"],
        &["demo"],
        &["migrate"],
        &["check"],
        &["verify"],
        &["directory", "import"],
        &["seed", "import"],
        &["admin", "create"],
        &["config", "sample"],
        &["config", "schema"],
    ];
    for command in commands {
        let help = webim(folder.path(), &[command, &["--help"]].concat())
            .await?
            .ok()?;
        assert!(help.contains("Example"), "{command:?}");
    }
    for wrong in [
        &["fly"][..],
        &["serve", "--fast"],
        &["directory", "import"],
        &[],
    ] {
        let ended = webim(folder.path(), wrong).await?;
        assert_eq!(ended.code, 2, "{wrong:?}: {ended:?}");
    }
    assert!(
        webim(folder.path(), &["--help"])
            .await?
            .ok()?
            .contains("Exit codes")
    );
    Ok(())
}

#[tokio::test]
async fn a_port_in_use() -> Result<()> {
    let taken = std::net::TcpListener::bind("127.0.0.1:0")?;
    let address = taken.local_addr()?.to_string();
    let database = TestDatabase::file()?;
    for key in ["server.listen", "metrics.listen"] {
        let settings = Settings::for_tests(&database.url)
            .with("metrics.enabled", true)
            .with("metrics.listen", "127.0.0.1:0");
        let ended = serve(&settings.with(key, address.clone()).text()).await?;
        assert_eq!(ended.code, 7, "{key}: {ended:?}");
        assert!(
            ended.err.contains(&address) && ended.err.contains(key),
            "{key}: {}",
            ended.err
        );
    }
    // Nothing is left behind that would keep the next one out.
    let settings = Settings::for_tests(&database.url).with("server.listen", "203.0.113.1:1");
    assert_eq!(serve(&settings.text()).await?.code, 7);
    Setup::on(database).start().await?.stop().await
}

async fn second_process(kind: Database) -> Result<()> {
    let Some(database) = TestDatabase::new(kind).await? else {
        return Ok(());
    };
    let url = database.url.clone();
    let mut server = Setup::on(database).start().await?;
    let second = serve(&Settings::for_tests(&url).text()).await?;
    assert_eq!(second.code, 6, "{second:?}");
    assert!(second.err.contains("process"), "{}", second.err);
    // The first one has noticed nothing.
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let mut at_lina = lina.connect().await?;
    assert_eq!(at_lina.tell(zhang.as_target(), "still here").await?.seq, 1);
    // What only reads, and the import, may run beside it.
    server.webim(&["verify"]).await?.ok()?;
    server
        .import(&Office::default(), &["--dry-run"])
        .await?
        .ok()?;
    // After it has gone, in good order or not, the next one may come at once.
    server.kill9().await?;
    server.run().await?;
    server.stop().await?;
    server.run().await?;
    server.stop().await
}

#[tokio::test]
async fn a_second_process_on_sqlite() -> Result<()> {
    second_process(Database::Sqlite).await
}

#[tokio::test]
async fn a_second_process_on_postgres() -> Result<()> {
    second_process(Database::Postgres).await
}

#[tokio::test]
async fn a_second_process_on_mariadb() -> Result<()> {
    second_process(Database::MariaDb).await
}

#[tokio::test]
async fn databases_that_cannot_be_used() -> Result<()> {
    let mut server: TestServer = Setup::sqlite()?.prepare().await?;
    let path = server.database.path()?;
    server.settings.set(
        "database.url",
        format!("sqlite://{}?mode=ro", path.display()),
    );
    let read_only = server.run().await.expect_err("it cannot be written");
    let said = format!("{read_only:#}");
    ensure!(
        said.contains("exit status: 5") && said.contains("read-only"),
        "{said}"
    );

    let folder = tempfile::tempdir()?;
    let none = folder.path().join("none.db");
    fs::write(
        &none,
        "this is no database, but it is long enough to be looked at as one: ".repeat(100),
    )?;
    let missing = folder.path().join("nowhere/webim.db");
    let urls = [
        format!("sqlite://{}", none.display()),
        format!("sqlite://{}", missing.display()),
        format!("sqlite://{}", folder.path().display()),
        "postgres://postgres@127.0.0.1:1/webim".to_owned(),
        "mysql://root@127.0.0.1:1/webim".to_owned(),
    ];
    for url in urls {
        let ended = serve(&Settings::for_tests(&url).text()).await?;
        assert_eq!(ended.code, 5, "{url}: {ended:?}");
        assert!(
            !ended.err.contains("panicked") && ended.err.lines().count() <= 3,
            "{url}: {}",
            ended.err
        );
    }
    let secret =
        serve(&Settings::for_tests("postgres://postgres:geheim@127.0.0.1:1/webim").text()).await?;
    assert!(!secret.err.contains("geheim"), "{}", secret.err);
    Ok(())
}

#[tokio::test]
async fn migrating_by_hand() -> Result<()> {
    let database = TestDatabase::file()?;
    let folder = tempfile::tempdir()?;
    fs::write(
        folder.path().join("webim.toml"),
        Settings::for_tests(&database.url).text(),
    )?;
    let early = webim(folder.path(), &["verify"]).await?;
    assert!(
        early.code == 5 && early.err.contains("webim migrate"),
        "{early:?}"
    );
    let pending = webim(folder.path(), &["migrate", "--check"]).await?;
    assert!(pending.code == 3 && !pending.out.is_empty(), "{pending:?}");
    assert_eq!(webim(folder.path(), &["migrate"]).await?.ok()?, pending.out);
    assert_eq!(
        webim(folder.path(), &["migrate", "--check"]).await?.ok()?,
        ""
    );
    assert_eq!(webim(folder.path(), &["verify"]).await?.code, 0);
    Ok(())
}

#[tokio::test]
async fn a_demo_that_a_program_can_use() -> Result<()> {
    let data = tempfile::tempdir()?;
    let binary = webim_support::binary()?;
    let mut child = tokio::process::Command::new(binary)
        .args(["demo", "--port", "0", "--json", "--data"])
        .arg(data.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().context("its output")?).lines();
    let first = soon("the demo's first line", lines.next_line())
        .await??
        .context("a line")?;
    let told: Value = serde_json::from_str(&first).with_context(|| first.clone())?;
    let url = told["url"].as_str().context("url")?;
    let people = told["people"].as_array().context("people")?;
    assert!(
        people.len() >= 20 && told["admin"]["login"].is_string() && told["channels"].is_array()
    );
    // At once: the line means that it is ready.
    webim_support::cryptography();
    let client = reqwest::Client::new();
    for person in &people[..2] {
        let body = serde_json::json!({"login": person["login"], "password": person["password"]});
        let answer = client
            .post(format!("{url}/api/v1/session"))
            .json(&body)
            .send()
            .await?;
        assert_eq!(answer.status(), 200, "{person}");
    }
    assert_eq!(client.get(url).send().await?.status(), 200);
    Ok(())
}
