//! Killed between storing and taking in: everything is found.

use anyhow::{Result, ensure};
use webim_support::{Database, Setup, TestDatabase, until};

use super::{found, search};

async fn killed_it_finds_everything(kind: Database) -> Result<()> {
    let Some(database) = TestDatabase::new(kind).await? else {
        return Ok(());
    };
    // What was stored while nobody kept an index is taken in, too.
    let mut server = Setup::on(database)
        .with("search.enabled", false)
        .start()
        .await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let mut socket = lina.connect().await?;
    for number in 0..40 {
        socket
            .tell(zhang.as_target(), &format!("记录 before{number}"))
            .await?;
    }
    server.kill9().await?;
    server.settings.set("search.enabled", true);
    let mut said = 40;
    for _ in 0..4 {
        server.run().await?;
        let mut socket = lina.connect().await?;
        for number in 0..30 {
            socket
                .tell(zhang.as_target(), &format!("记录 word{number}"))
                .await?;
            said += 1;
        }
        // Somewhere between stored and taken in.
        server.kill9().await?;
    }
    server.run().await?;
    lina.connect()
        .await?
        .tell(zhang.as_target(), "the end")
        .await?;
    found(&zhang, "the end", 1).await?;
    let mut seqs = Vec::new();
    let mut after: Option<String> = None;
    until("all to be found", async || {
        seqs.clear();
        after = None;
        loop {
            let mut more = vec![("in", "messages")];
            more.extend(after.as_deref().map(|after| ("after", after)));
            let page = search(&zhang, "记录", &more).await?;
            seqs.extend(page.messages.iter().map(|hit| hit.item.seq));
            after = page.next;
            if after.is_none() {
                return Ok((seqs.len() >= said).then_some(()));
            }
        }
    })
    .await?;
    seqs.sort_unstable();
    let expected: Vec<u64> = (1..=said as u64).collect();
    ensure!(seqs == expected, "{seqs:?}");
    Ok(())
}

#[tokio::test]
async fn sqlite_killed_it_finds_everything() -> Result<()> {
    killed_it_finds_everything(Database::Sqlite).await
}

#[tokio::test]
async fn postgres_killed_it_finds_everything() -> Result<()> {
    killed_it_finds_everything(Database::Postgres).await
}

#[tokio::test]
async fn mariadb_killed_it_finds_everything() -> Result<()> {
    killed_it_finds_everything(Database::MariaDb).await
}
