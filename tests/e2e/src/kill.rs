//! Killed at any moment, or asked to stop: nothing that was acknowledged is lost, nothing is there twice, nothing has
//! moved.

use anyhow::{Result, ensure};
use webim_support::{Database, Dice, Setup, TestDatabase, TestServer};

use crate::crowd::Crowd;

const ROUNDS: u64 = 10;

async fn verify(server: &TestServer) -> Result<()> {
    let found = server.webim(&["verify", "--json"]).await?;
    ensure!(found.code == 0, "{found:?}");
    ensure!(
        found.json()?["faults"] == serde_json::json!([]),
        "{found:?}"
    );
    Ok(())
}

async fn killed_again_and_again(kind: Database, seed: u64) -> Result<()> {
    let Some(database) = TestDatabase::new(kind).await? else {
        return Ok(());
    };
    let mut server = Setup::on(database).start().await?;
    let (mut crowd, dice) = (Crowd::gather(&server, seed).await?, Dice::new(seed));
    for _ in 0..ROUNDS {
        let ends = crowd
            .talk(dice.between(1, 300), async || server.kill9().await)
            .await?;
        ensure!(
            ends.iter().all(|end| end.bye.is_none()),
            "nobody had time for a farewell: {ends:?}"
        );
        server.run().await?;
    }
    crowd.settle().await?;
    server.stop().await?;
    verify(&server).await
}

#[tokio::test]
async fn sqlite_survives_kill_9() -> Result<()> {
    killed_again_and_again(Database::Sqlite, 1).await
}

#[tokio::test]
async fn postgres_survives_kill_9() -> Result<()> {
    killed_again_and_again(Database::Postgres, 2).await
}

#[tokio::test]
async fn mariadb_survives_kill_9() -> Result<()> {
    killed_again_and_again(Database::MariaDb, 3).await
}

#[tokio::test]
async fn asked_to_stop_it_says_goodbye_and_loses_nothing() -> Result<()> {
    let mut server = TestServer::start().await?;
    let mut crowd = Crowd::gather(&server, 4).await?;
    for _ in 0..3 {
        let ends = crowd
            .talk(100, async || {
                server.ask_to_stop()?;
                let status = server.ended().await?;
                ensure!(status.success(), "{status}");
                Ok(())
            })
            .await?;
        for end in ends {
            let bye = end.bye.map(|bye| (bye.code, bye.word, bye.reconnect));
            ensure!(
                bye == Some((4000, "going_away".into(), true)) && end.code == Some(4000),
                "{bye:?} {:?}",
                end.code
            );
        }
        server.run().await?;
    }
    crowd.settle().await?;
    server.stop().await?;
    verify(&server).await
}
