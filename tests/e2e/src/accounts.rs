//! What people change about their own account, and administrators about other people's.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use uuid::Uuid;
use webim_support::{Answer, PASSWORD, Rest, Setup, TestPerson, TestServer, TestSocket, id};
use webim_wire::accounts::{Device, Devices};
use webim_wire::client::{ClientFrame, SetStatus, StatusName};
use webim_wire::rest::{PersonItem, Session};
use webim_wire::server::ServerFrame;

async fn sign_in(server: &TestServer, login: &str, password: &str) -> Result<Answer> {
    let body = json!({"login": login, "password": password, "bearer": true});
    server.stranger()?.post("/api/v1/session", &body).await
}

/// The word and code of the farewell of a socket.
async fn bye(socket: &mut TestSocket) -> Result<(String, u16)> {
    let bye = socket.ended().await?.bye.context("bye")?;
    Ok((bye.word, bye.code))
}

/// Whether the socket still answers.
async fn answers(socket: &mut TestSocket) -> Result<()> {
    let (client_id, status) = (id(), StatusName::Online);
    socket
        .does(&ClientFrame::Status(SetStatus { client_id, status }))
        .await
}

async fn devices(person: &Rest) -> Result<Vec<Device>> {
    Ok(person.read::<Devices>("/api/v1/me/sessions").await?.items)
}

async fn current(person: &Rest) -> Result<Uuid> {
    let mut devices = devices(person).await?.into_iter();
    Ok(devices
        .find(|device| device.current)
        .context("one asks")?
        .id)
}

#[tokio::test]
async fn a_new_password_keeps_this_session_and_ends_the_others() -> Result<()> {
    let server = Setup::sqlite()?
        .with("sign_in.password_chars", 10)
        .start()
        .await?;
    let (laptop, phone) = (server.sign_in("lina").await?, server.sign_in("lina").await?);
    let (mut at_laptop, mut at_phone) = (laptop.connect().await?, phone.connect().await?);
    let change = async |old: &str, new: &str| {
        let body = json!({"old": old, "new": new});
        laptop.put("/api/v1/me/password", &body).await
    };
    let wrong = change("correct hose", "another horse").await?.problem()?;
    assert_eq!((wrong.status, &*wrong.code), (403, "password_wrong"));
    for (new, rule) in [
        ("nine char", "min_length: at least 10 characters"),
        (&*"x".repeat(1_025), "max_length: at most 1024 bytes"),
        ("Lina202620", "login: not the login"),
        ("password123", "common: not one of the first that are tried"),
        (PASSWORD, "same: not the old one again"),
    ] {
        let weak = change(PASSWORD, new).await?.problem()?;
        let said = (weak.status, &*weak.code, weak.detail.as_deref());
        assert_eq!(said, (422, "password_weak", Some(rule)));
    }
    answers(&mut at_phone).await?;
    change(PASSWORD, "another horse").await?.done()?;
    assert_eq!(
        bye(&mut at_phone).await?,
        ("session_ended".to_owned(), 4003)
    );
    assert_eq!(
        phone.get("/api/v1/session").await?.code()?,
        "not_authenticated"
    );
    answers(&mut at_laptop).await?;
    assert_eq!(devices(&laptop).await?.len(), 1);
    assert_eq!(
        sign_in(&server, "lina", PASSWORD).await?.code()?,
        "login_failed"
    );
    sign_in(&server, "lina", "another horse")
        .await?
        .ok::<Session>()?;
    let log = server.log()?;
    assert!(
        !log.contains("another horse") && !log.contains(PASSWORD),
        "secrets in the log"
    );
    Ok(())
}

#[tokio::test]
async fn guessing_the_old_password_is_slowed_down() -> Result<()> {
    let server = Setup::sqlite()?
        .with("sign_in.failures_per_login", 3)
        .start()
        .await?;
    let lina = server.sign_in("lina").await?;
    let guess = json!({"old": "guess", "new": "another horse"});
    for _ in 0..3 {
        let guessed = lina.put("/api/v1/me/password", &guess).await?;
        assert_eq!(guessed.code()?, "password_wrong");
    }
    let right = json!({"old": PASSWORD, "new": "another horse"});
    let late = lina.put("/api/v1/me/password", &right).await?.problem()?;
    assert_eq!((late.status, &*late.code), (429, "login_throttled"));
    Ok(())
}

#[tokio::test]
async fn ones_own_devices_are_listed_and_ended() -> Result<()> {
    let server = TestServer::start().await?;
    let (laptop, phone, tablet) = (
        server.sign_in("lina").await?,
        server.sign_in("lina").await?,
        server.sign_in("lina").await?,
    );
    let zhang = server.sign_in("zhangwei").await?;
    let (mut at_laptop, mut at_phone) = (laptop.connect().await?, phone.connect().await?);
    let mut at_tablet = tablet.connect().await?;
    let mut at_zhang = zhang.connect().await?;
    let listed = devices(&laptop).await?;
    assert_eq!(listed.len(), 3);
    assert!(
        listed
            .iter()
            .all(|device| device.online && device.device == "test")
    );
    assert!(
        listed
            .iter()
            .all(|device| device.created_at <= device.seen_at)
    );
    assert_eq!(listed.iter().filter(|device| device.current).count(), 1);
    let text = laptop.get("/api/v1/me/sessions").await?.text;
    assert!(!text.contains("wim_") && !text.contains("hash"), "{text}");

    // Another's session is as unknown as one that there is not.
    for other in [current(&zhang).await?, id()] {
        let path = format!("/api/v1/me/sessions/{other}");
        let problem = laptop.delete(&path).await?.problem()?;
        assert_eq!((problem.status, &*problem.code), (404, "session_unknown"));
    }
    let path = format!("/api/v1/me/sessions/{}", current(&phone).await?);
    laptop.delete(&path).await?.done()?;
    assert_eq!(bye(&mut at_phone).await?.0, "session_ended");
    assert_eq!(
        laptop.delete(&path).await?.code()?,
        "session_unknown",
        "it is gone"
    );
    answers(&mut at_tablet).await?;

    let wrong = laptop.delete("/api/v1/me/sessions?keep=this").await?;
    assert_eq!(wrong.code()?, "bad_field");
    laptop
        .delete("/api/v1/me/sessions?keep=current")
        .await?
        .done()?;
    assert_eq!(bye(&mut at_tablet).await?.0, "session_ended");
    answers(&mut at_laptop).await?;
    assert_eq!(devices(&laptop).await?.len(), 1);

    let everywhere = laptop.delete("/api/v1/me/sessions").await?;
    assert!(everywhere.header("set-cookie").contains("Max-Age=0"));
    everywhere.done()?;
    assert_eq!(bye(&mut at_laptop).await?.0, "session_ended");
    assert_eq!(
        laptop.get("/api/v1/session").await?.code()?,
        "not_authenticated"
    );
    answers(&mut at_zhang).await
}

async fn put(by: &TestPerson, person: Uuid, what: &str, body: Value) -> Result<Answer> {
    by.put(&format!("/api/v1/people/{person}/{what}"), &body)
        .await
}

#[tokio::test]
async fn an_admin_puts_somebody_out_and_lets_them_in_again() -> Result<()> {
    let server = TestServer::start().await?;
    let (admin, lina) = (
        server.sign_in("zhaomin").await?,
        server.sign_in("lina").await?,
    );
    let zhang = server.sign_in("zhangwei").await?;
    let (mut at_lina, mut at_zhang) = (lina.connect().await?, zhang.connect().await?);
    let conversation = at_zhang
        .tell(lina.as_target(), "before")
        .await?
        .conversation;
    put(&admin, zhang.id, "active", json!({"active": false}))
        .await?
        .done()?;
    assert_eq!(bye(&mut at_zhang).await?, ("deactivated".to_owned(), 4008));
    assert_eq!(
        zhang.get("/api/v1/session").await?.code()?,
        "not_authenticated"
    );
    assert_eq!(
        sign_in(&server, "zhangwei", PASSWORD).await?.code()?,
        "login_failed"
    );
    let directory = |frame: &ServerFrame| match frame {
        ServerFrame::Directory(directory) => Some(directory.version),
        _ => None,
    };
    let version = at_lina.take("directory", directory).await?;
    let client_id = at_lina.send(zhang.as_target(), "are you there?").await?;
    assert_eq!(at_lina.refusal(client_id).await?.code, "person_unknown");
    let path = format!("/api/v1/people/{}", zhang.id);
    assert_eq!(lina.get(&path).await?.code()?, "person_unknown");
    // Once more is as good as once.
    put(&admin, zhang.id, "active", json!({"active": false}))
        .await?
        .done()?;
    put(&admin, zhang.id, "active", json!({"active": true}))
        .await?
        .done()?;
    assert!(at_lina.take("directory", directory).await? > version);
    let back = server.sign_in("zhangwei").await?;
    assert_eq!(
        (back.id, back.history(conversation).await?.len()),
        (zhang.id, 1)
    );
    let item: PersonItem = lina.read(&path).await?;
    assert!(
        item.units.is_empty(),
        "in no unit until the directory says so"
    );
    Ok(())
}

#[tokio::test]
async fn roles_count_at_once_and_the_last_admin_stays() -> Result<()> {
    let server = TestServer::start().await?;
    let (admin, john) = (
        server.sign_in("zhaomin").await?,
        server.sign_in("john").await?,
    );
    for (what, body) in [
        ("active", json!({"active": false})),
        ("roles", json!({"roles": ["agent"]})),
    ] {
        let last = put(&admin, admin.id, what, body).await?.problem()?;
        assert_eq!((last.status, &*last.code), (409, "last_admin"));
    }
    assert_eq!(john.get("/api/v1/tokens").await?.code()?, "forbidden");
    let both = json!({"roles": ["admin", "auditor", "admin"]});
    put(&admin, john.id, "roles", both).await?.done()?;
    let session: Value = john.read("/api/v1/session").await?;
    assert_eq!(session["roles"], json!(["admin", "auditor"]));
    assert_eq!(john.get("/api/v1/tokens").await?.status, 200);
    put(&john, admin.id, "roles", json!({"roles": []}))
        .await?
        .done()?;
    assert_eq!(admin.get("/api/v1/tokens").await?.code()?, "forbidden");
    let unknown = put(&john, id(), "roles", json!({"roles": []})).await?;
    assert_eq!(unknown.code()?, "person_unknown");
    let wrong = put(&john, john.id, "roles", json!({"roles": ["owner"]})).await?;
    assert_eq!(wrong.code()?, "bad_field");
    Ok(())
}

#[tokio::test]
async fn an_admin_helps_who_forgot_their_password() -> Result<()> {
    let server = TestServer::start().await?;
    let (admin, lina) = (
        server.sign_in("zhaomin").await?,
        server.sign_in("lina").await?,
    );
    let mut at_lina = lina.connect().await?;
    let own = put(&admin, admin.id, "password", json!({"new": "a new horse"})).await?;
    assert_eq!(own.code()?, "forbidden", "one's own with the old one");
    let weak = put(&admin, lina.id, "password", json!({"new": "12345678"})).await?;
    assert_eq!(weak.code()?, "password_weak");
    answers(&mut at_lina).await?;
    put(&admin, lina.id, "password", json!({"new": "a new horse"}))
        .await?
        .done()?;
    assert_eq!(bye(&mut at_lina).await?.0, "session_ended");
    assert_eq!(
        sign_in(&server, "lina", PASSWORD).await?.code()?,
        "login_failed"
    );
    sign_in(&server, "lina", "a new horse")
        .await?
        .ok::<Session>()?;
    Ok(())
}
