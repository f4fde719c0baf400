//! When what the server stands on gives way: a full disk, a database that may not be written, that goes away and comes
//! back. Nobody is told that something is stored which is not, nobody hears of it, and it goes on by itself.

use anyhow::{Context, Result, ensure};
use uuid::Uuid;
use webim_support::{Database, Proxy, Setup, TestDatabase, TestServer, id, until};
use webim_wire::client::Target;
use webim_wire::server::{Nack, Stored};

use crate::bad_input::Pair;
use crate::once::again;

/// Sends until something is refused; how many were stored before, and the refusal with its text's name.
async fn until_refused(pair: &mut Pair) -> Result<(u64, Nack, Uuid)> {
    let to = Target::Conversation(pair.conversation);
    let mut stored = 0;
    loop {
        let client_id = id();
        pair.at_lina
            .send_as(client_id, to, &"x".repeat(4_000))
            .await?;
        match pair.at_lina.answer(client_id).await? {
            Ok(_) => stored += 1,
            Err(nack) => return Ok((stored, nack, client_id)),
        }
        ensure!(stored < 10_000, "nothing is ever refused");
    }
}

#[tokio::test]
async fn a_full_disk() -> Result<()> {
    let mut server = TestServer::start().await?;
    let size = std::fs::metadata(server.database.path()?)?.len();
    server.stop().await?;
    // Room for a while: the log of the database may grow to a little more than the database is now.
    server.file_limit = Some(size.max(1_000_000) / 512 + 200);
    server.run().await?;
    let mut pair = Pair::on(&server).await?;
    let (stored, nack, refused) = until_refused(&mut pair).await?;
    assert_eq!((&*nack.code, nack.retry), ("store_unavailable", true));
    // What was stored is there, was heard, and nothing else was.
    for n in 0..stored {
        assert_eq!(pair.at_zhang.message().await?.seq, n + 2);
    }
    assert_eq!(
        pair.lina.history(pair.conversation).await?.len() as u64,
        stored + 1,
        "one can still read"
    );
    let again_refused = pair
        .at_lina
        .send(pair.zhang.as_target(), &"x".repeat(4_000))
        .await?;
    assert_eq!(
        pair.at_lina.refusal(again_refused).await?.code,
        "store_unavailable"
    );
    let body =
        serde_json::json!({"to": {"person": pair.zhang.id}, "body": {"text": "x".repeat(4_000)}});
    let request = pair.lina.request(reqwest::Method::POST, "/api/v1/messages");
    let answer = pair
        .lina
        .ask(
            request
                .header("idempotency-key", id().to_string())
                .json(&body),
        )
        .await?;
    assert_eq!(answer.problem()?.code, "store_unavailable");
    assert_eq!(server.stranger()?.get("/healthz").await?.status, 200);

    server.kill9().await?;
    server.file_limit = None;
    server.run().await?;
    let (mut at_lina, mut at_zhang) = (pair.lina.connect().await?, pair.zhang.connect().await?);
    let to = Target::Conversation(pair.conversation);
    at_lina.say(&again(refused, to, &"x".repeat(4_000))).await?;
    assert_eq!(
        at_lina.stored(refused).await?.seq,
        stored + 2,
        "no number was lost"
    );
    assert_eq!(at_zhang.message().await?.seq, stored + 2);
    server.stop().await?;
    assert_eq!(server.webim(&["verify"]).await?.code, 0);
    Ok(())
}

/// Says it again; where it is stored, unless it was refused once more.
async fn stored_once(pair: &mut Pair, client_id: Uuid, text: &str) -> Result<Option<Stored>> {
    let frame = again(client_id, pair.zhang.as_target(), text);
    pair.at_lina.say(&frame).await?;
    match pair.at_lina.answer(client_id).await? {
        Ok(stored) => Ok(stored),
        Err(nack) => {
            ensure!(nack.retry, "{nack:?}");
            Ok(None)
        }
    }
}

/// On a database server that the test can make read-only under the running server, and back.
async fn read_only_for_a_while(kind: Database, lock: &[&str], unlock: &[&str]) -> Result<()> {
    let Some(database) = TestDatabase::new(kind).await? else {
        return Ok(());
    };
    let server = Setup::on(database).start().await?;
    let mut pair = Pair::on(&server).await?;
    let name = server.database.name()?.to_owned();
    for sql in lock {
        server
            .database
            .administer(&sql.replace("{name}", &name))
            .await?;
    }
    // Connections that were cut off may cost the first answer.
    until("to be refused", async || {
        let client_id = pair.at_lina.send(pair.zhang.as_target(), "x").await?;
        let nack = pair.at_lina.refusal(client_id).await?;
        ensure!(
            ["store_unavailable", "outcome_unknown"].contains(&&*nack.code),
            "{nack:?}"
        );
        Ok((nack.code == "store_unavailable").then_some(()))
    })
    .await?;
    let read = until("to be read", async || {
        Ok(pair.lina.history(pair.conversation).await.ok())
    });
    assert_eq!(read.await?.len(), 1, "one can still read");
    until("not to be ready", async || {
        Ok((server.stranger()?.get("/readyz").await?.status == 503).then_some(()))
    })
    .await?;
    for sql in unlock {
        server
            .database
            .administer(&sql.replace("{name}", &name))
            .await?;
    }
    until("to be ready", async || {
        Ok((server.stranger()?.get("/readyz").await?.status == 200).then_some(()))
    })
    .await?;
    // Connections of before that were cut off may cost a refusal, too; what is repeated is stored once.
    let client_id = id();
    let stored = until("to be stored", async || {
        stored_once(&mut pair, client_id, "good").await
    })
    .await?;
    assert_eq!(stored.seq, 2);
    assert_eq!(pair.at_zhang.message().await?.message, stored.message);
    Ok(())
}

#[tokio::test]
async fn postgres_read_only_for_a_while() -> Result<()> {
    // The sessions that are there keep their old setting: they are ended, and the new ones have the new.
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'";
    let lock = [
        "ALTER DATABASE {name} SET default_transaction_read_only = on",
        end,
    ];
    let unlock = [
        "ALTER DATABASE {name} SET default_transaction_read_only = off",
        end,
    ];
    read_only_for_a_while(Database::Postgres, &lock, &unlock).await
}

/// A server whose database is behind a wire that the test can cut.
async fn behind_a_wire(kind: Database) -> Result<Option<(TestServer, Proxy)>> {
    let Some(database) = TestDatabase::new(kind).await? else {
        return Ok(None);
    };
    let proxy = Proxy::new(database.authority()).await?;
    let url = database
        .url
        .replace(database.authority(), &proxy.address.to_string());
    let server = Setup::on(database)
        .with("database.url", url)
        .start()
        .await?;
    Ok(Some((server, proxy)))
}

async fn goes_away_and_comes_back(kind: Database) -> Result<()> {
    let Some((server, proxy)) = behind_a_wire(kind).await? else {
        return Ok(());
    };
    let mut pair = Pair::on(&server).await?;
    for round in 0..3 {
        proxy.cut();
        let mut open = Vec::new();
        for n in 0..5 {
            let text = format!("round {round}, {n}");
            let client_id = pair.at_lina.send(pair.zhang.as_target(), &text).await?;
            let nack = pair.at_lina.refusal(client_id).await?;
            assert!(
                nack.retry && ["store_unavailable", "outcome_unknown"].contains(&&*nack.code),
                "{nack:?}"
            );
            open.push((client_id, text));
        }
        let ready = server.stranger()?.get("/readyz").await?;
        assert_eq!(
            (ready.status, ready.code()?),
            (503, "store_unavailable".to_owned())
        );
        let path = format!("/api/v1/conversations/{}/messages", pair.conversation);
        assert_eq!(pair.lina.get(&path).await?.code()?, "store_unavailable");
        assert_eq!(
            server.stranger()?.get("/healthz").await?.status,
            200,
            "it is not the server that is ill"
        );
        proxy.mend();
        until("to be ready", async || {
            Ok((server.stranger()?.get("/readyz").await?.status == 200).then_some(()))
        })
        .await?;
        // The sockets have lived through it; what was refused can be said again, and is then there once.
        for (client_id, text) in open {
            // A connection that was cut off may cost one more refusal; the client says it again.
            let stored = until("to be stored", async || {
                stored_once(&mut pair, client_id, &text).await
            })
            .await?;
            let heard = pair.at_zhang.message().await?;
            assert_eq!((heard.seq, heard.message), (stored.seq, stored.message));
        }
    }
    let rows = pair.zhang.history(pair.conversation).await?;
    assert_eq!(rows.len(), 1 + 3 * 5);
    assert!(rows.iter().zip(1..).all(|(row, seq)| row.seq == seq));
    Ok(())
}

#[tokio::test]
async fn postgres_goes_away_and_comes_back() -> Result<()> {
    goes_away_and_comes_back(Database::Postgres).await
}

#[tokio::test]
async fn mariadb_goes_away_and_comes_back() -> Result<()> {
    goes_away_and_comes_back(Database::MariaDb).await
}

#[tokio::test]
async fn postgres_goes_away_in_the_middle_of_it() -> Result<()> {
    let Some((server, proxy)) = behind_a_wire(Database::Postgres).await? else {
        return Ok(());
    };
    let mut pair = Pair::on(&server).await?;
    let mut open: Vec<Uuid> = Vec::new();
    let dice = webim_support::Dice::new(11);
    let name = |client_id: &Uuid| client_id.to_string();
    for _ in 0..5 {
        // A burst under way; some are stored, some are not, of some nobody knows.
        let mut sent = Vec::new();
        for _ in 0..60 {
            let client_id = id();
            pair.at_lina
                .send_as(client_id, pair.zhang.as_target(), &name(&client_id))
                .await?;
            sent.push(client_id);
        }
        let answered = usize::try_from(dice.between(1, 50))?;
        for (n, client_id) in sent.into_iter().enumerate() {
            if n == answered {
                proxy.cut();
            }
            if let Err(nack) = pair.at_lina.answer(client_id).await? {
                ensure!(
                    ["store_unavailable", "outcome_unknown"].contains(&&*nack.code),
                    "{nack:?}"
                );
                open.push(client_id);
            }
        }
        proxy.mend();
        until("to be ready", async || {
            Ok((server.stranger()?.get("/readyz").await?.status == 200).then_some(()))
        })
        .await?;
        for client_id in open.drain(..) {
            let text = name(&client_id);
            until("to be stored", async || {
                stored_once(&mut pair, client_id, &text).await
            })
            .await?;
        }
    }
    let rows = pair.zhang.history(pair.conversation).await?;
    let last = rows.last().context("a row")?.seq;
    crate::chat::reads_to(&mut pair.at_zhang, pair.conversation, last).await?;
    assert_eq!((rows.len(), last), (1 + 5 * 60, 1 + 5 * 60), "each once");
    assert!(
        pair.at_zhang
            .ledger
            .thread(pair.conversation)
            .gaps()
            .is_empty()
    );
    Ok(())
}
