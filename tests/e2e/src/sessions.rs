//! Who may come in, and until when: signing in and out, tokens, tickets, origins, and guessing.

mod deactivated;

use anyhow::{Context, Result};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite;
use webim_support::{Answer, Door, Office, PASSWORD, Rest, Setup, TestServer, id, until};
use webim_wire::rest::{Session, Ticket};
use webim_wire::server::ServerFrame;

async fn sign_in(rest: &Rest, login: &str, password: &str) -> Result<Answer> {
    rest.post(
        "/api/v1/session",
        &json!({"login": login, "password": password}),
    )
    .await
}

/// The session cookie of an answer, as a browser would send it back.
fn cookie(answer: &Answer) -> String {
    let set = answer.header("set-cookie");
    let pair = set.split(';').next().unwrap_or_default();
    assert!(pair.starts_with("webim_session=wim_"), "{set}");
    for flag in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(set.contains(flag), "{set}");
    }
    pair.to_owned()
}

/// The status with which a handshake is refused; 101 if it is not.
async fn handshake(door: &Door) -> Result<u16> {
    match door.open().await {
        Ok(_) => Ok(101),
        Err(error) => match error.downcast::<tungstenite::Error>()? {
            tungstenite::Error::Http(answer) => Ok(answer.status().as_u16()),
            other => Err(other.into()),
        },
    }
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one list, to be read from top to bottom"
)]
async fn a_cookie_is_proof_only_from_our_own_pages() -> Result<()> {
    let server = Setup::sqlite()?
        .with(
            "server.allowed_origins",
            vec!["https://intranet.example.com"],
        )
        .start()
        .await?;
    let stranger = server.stranger()?;
    let answer = sign_in(&stranger, "lina", PASSWORD).await?;
    let cookie = cookie(&answer);
    assert!(
        answer.ok::<Session>()?.token.is_none(),
        "a page's script has no business with the token"
    );

    let own = format!("http://{}", server.address());
    let put = |origin: Option<&str>| -> RequestBuilder {
        let request = stranger
            .request(Method::PUT, "/api/v1/me/status")
            .header("cookie", &cookie);
        let request = origin
            .into_iter()
            .fold(request, |request, origin| request.header("origin", origin));
        request.json(&json!({"status": "busy"}))
    };
    for origin in [own.as_str(), "https://intranet.example.com"] {
        stranger.ask(put(Some(origin))).await?.done()?;
        let headers = vec![("cookie", cookie.clone()), ("origin", origin.to_owned())];
        assert_eq!(handshake(&server.door().with_headers(headers)).await?, 101);
    }
    let others = [
        None,
        Some("https://evil.example"),
        Some("null"),
        Some("http://127.0.0.1:1"),
        Some("https://intranet.example.com.evil.example"),
    ];
    for origin in others {
        let problem = stranger.ask(put(origin)).await?.problem()?;
        assert_eq!(
            (problem.status, &*problem.code),
            (403, "origin_not_allowed"),
            "{origin:?}"
        );
        let mut headers = vec![("cookie", cookie.clone())];
        headers.extend(origin.map(|origin| ("origin", origin.to_owned())));
        assert_eq!(
            handshake(&server.door().with_headers(headers)).await?,
            403,
            "{origin:?}"
        );
    }
    // What changes nothing needs no origin; a page elsewhere cannot read the answer anyway.
    let who = stranger
        .request(Method::GET, "/api/v1/session")
        .header("cookie", &cookie);
    assert_eq!(
        stranger.ask(who).await?.ok::<Session>()?.person.name,
        "李娜"
    );
    // A page elsewhere signs nobody in, and a bearer token is proof from anywhere.
    let request = stranger
        .request(Method::POST, "/api/v1/session")
        .header("origin", "https://evil.example");
    let body = json!({"login": "lina", "password": PASSWORD});
    assert_eq!(
        stranger.ask(request.json(&body)).await?.code()?,
        "origin_not_allowed"
    );
    let mut door = server.sign_in("lina").await?.door();
    door.headers
        .push(("origin", "https://evil.example".to_owned()));
    assert_eq!(handshake(&door).await?, 101);
    Ok(())
}

#[tokio::test]
async fn signing_out_ends_this_session_and_no_other() -> Result<()> {
    let server = TestServer::start().await?;
    let (one, other) = (server.sign_in("lina").await?, server.sign_in("lina").await?);
    let (mut first, mut second, mut at_other) = (
        one.connect().await?,
        one.connect().await?,
        other.connect().await?,
    );
    let ticket: Ticket = one.post("/api/v1/tickets", &json!({})).await?.ok()?;
    one.delete("/api/v1/session").await?.done()?;
    for socket in [&mut first, &mut second] {
        let closed = socket.ended().await?;
        let bye = closed.bye.context("bye")?;
        assert_eq!(
            (bye.code, &*bye.word, bye.reconnect, closed.code),
            (4003, "session_ended", false, Some(4003))
        );
    }
    assert_eq!(
        one.get("/api/v1/session").await?.code()?,
        "not_authenticated"
    );
    assert_eq!(
        one.delete("/api/v1/session").await?.code()?,
        "not_authenticated"
    );
    assert_eq!(handshake(&one.door()).await?, 401);
    let door = server
        .door()
        .with_query(format!("?ticket={}", ticket.ticket));
    assert_eq!(
        handshake(&door).await?,
        401,
        "its tickets are worth nothing either"
    );
    let zhang = server.sign_in("zhangwei").await?;
    at_other.tell(zhang.as_target(), "still here").await?;
    other.get("/api/v1/session").await?.ok::<Session>()?;
    Ok(())
}

#[tokio::test]
async fn tokens_that_are_none() -> Result<()> {
    let server = TestServer::start().await?;
    let lina = server.sign_in("lina").await?;
    let elsewhere = TestServer::start().await?.sign_in("lina").await?.token;
    let expired = server.sign_in("zhangwei").await?;
    server.database.say("UPDATE sessions SET expires_at = 1 WHERE person_id IN (SELECT id FROM people WHERE login = 'zhangwei')").await?;
    let (cut, long) = (
        lina.token[..lina.token.len() - 1].to_owned(),
        format!("{}x", lina.token),
    );
    let upper = lina.token.to_uppercase();
    let wrong = [
        &elsewhere,
        &expired.token,
        &cut,
        &long,
        &upper,
        "",
        "x",
        "wim_",
        "Bearer",
        &"x".repeat(4_000),
    ];
    for token in wrong {
        let answer = server.holder_of(token)?.get("/api/v1/session").await?;
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        let problem = answer.problem()?;
        assert_eq!(
            (problem.status, &*problem.code),
            (401, "not_authenticated"),
            "{token}"
        );
        let headers = vec![("authorization", format!("Bearer {token}"))];
        assert_eq!(
            handshake(&server.door().with_headers(headers)).await?,
            401,
            "{token}"
        );
        // A wrong token is not made up for by a good cookie: whoever shows both is refused.
        let both = server.holder_of(token)?;
        let request = both
            .request(Method::GET, "/api/v1/session")
            .header("cookie", format!("webim_session={}", lina.token));
        assert_eq!(both.ask(request).await?.status, 401, "{token}");
    }
    assert_eq!(handshake(&server.door()).await?, 401);
    // A header without a token in it is wrong, too; one for a proxy before us is not ours.
    let stranger = server.stranger()?;
    let with = async |header: &str| {
        let request = stranger.request(Method::GET, "/api/v1/session");
        let request = request.header("authorization", header);
        let cookie = format!("webim_session={}", lina.token);
        Ok::<u16, anyhow::Error>(stranger.ask(request.header("cookie", cookie)).await?.status)
    };
    for header in ["", "Bearer", "bearer ", &lina.token] {
        assert_eq!(with(header).await?, 401, "{header:?}");
    }
    assert_eq!(with("Basic bGluYTp4").await?, 200);
    lina.get("/api/v1/session").await?.ok::<Session>()?;
    Ok(())
}

#[tokio::test]
async fn a_ticket_works_once() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let ticket: Ticket = lina.post("/api/v1/tickets", &json!({})).await?.ok()?;
    assert!((1..=30).contains(&ticket.expires_in));
    assert_ne!(ticket.ticket, lina.token);
    let door = server
        .door()
        .with_query(format!("?ticket={}", ticket.ticket));
    let mut socket = door.greet("by ticket", None).await?;
    assert_eq!(socket.welcome()?.me.id, lina.id);
    socket.tell(zhang.as_target(), "hi").await?;
    assert_eq!(handshake(&door).await?, 401);
    assert_eq!(
        server
            .holder_of(&ticket.ticket)?
            .get("/api/v1/session")
            .await?
            .code()?,
        "not_authenticated"
    );
    for query in ["?ticket=", "?ticket=x", &format!("?ticket={}", lina.token)] {
        assert_eq!(
            handshake(&server.door().with_query(query)).await?,
            401,
            "{query}"
        );
    }
    // Hoarding is refused, and the socket that a ticket opened ends with its session.
    let refused = until("hoarding to be refused", async || {
        let answer = lina.post("/api/v1/tickets", &json!({})).await?;
        Ok((answer.status != 200).then_some(answer))
    });
    assert_eq!(refused.await?.code()?, "rate_limited");
    lina.delete("/api/v1/session").await?.done()?;
    assert_eq!(socket.ended().await?.code, Some(4003));
    Ok(())
}

#[tokio::test]
async fn guessing_is_slowed_down() -> Result<()> {
    // One failure a minute: no pause between two of these lines is long enough for it to be forgiven.
    let setup = Setup::sqlite()?
        .with("sign_in.failures_per_login", 1)
        .with("sign_in.failures_per_address", 1)
        .with("server.trusted_proxies", vec!["127.0.0.1"]);
    let server = setup.start().await?;
    let stranger = server.stranger()?;
    let from = async |address: &str, login: &str, password: &str| {
        let request = stranger.request(Method::POST, "/api/v1/session");
        let body = json!({"login": login, "password": password});
        let request = request.header("x-forwarded-for", address).json(&body);
        stranger.ask(request).await
    };
    let wrong = from("192.0.2.1", "lina", "wrong password")
        .await?
        .problem()?;
    let unknown = from("192.0.2.2", "nobody", "wrong password")
        .await?
        .problem()?;
    assert_eq!((wrong.status, &*wrong.code), (401, "login_failed"));
    assert_eq!(wrong, unknown, "which of the two was wrong is not said");
    // The login is slowed down from wherever it is tried, and however it is written.
    for login in ["lina", " LINA "] {
        let throttled = from("192.0.2.3", login, PASSWORD).await?.problem()?;
        assert_eq!(
            (throttled.status, &*throttled.code),
            (429, "login_throttled")
        );
    }
    // So is the address, whoever is tried there; everybody else may sign in.
    let throttled = from("192.0.2.2", "zhangwei", PASSWORD).await?;
    assert_eq!(throttled.code()?, "login_throttled");
    from("192.0.2.3", "zhangwei", PASSWORD)
        .await?
        .ok::<Session>()?;
    Ok(())
}

#[tokio::test]
async fn signing_in_with_nonsense() -> Result<()> {
    let server = TestServer::start().await?;
    let stranger = server.stranger()?;
    let long = "x".repeat(2_000);
    for (login, password) in [
        ("", ""),
        ("lina", ""),
        ("", PASSWORD),
        ("lina", &long),
        (&long, PASSWORD),
        ("lina\u{0}", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
    ] {
        let problem = sign_in(&stranger, login, password).await?.problem()?;
        assert!(
            ["login_failed", "bad_field"].contains(&&*problem.code),
            "{login:.20} {password:.20}: {problem:?}"
        );
        assert!(!problem.detail.unwrap_or_default().contains(PASSWORD));
    }
    for body in [
        json!({"login": "lina"}),
        json!({"login": 1, "password": 2}),
        json!([]),
        json!({"login": "lina", "password": PASSWORD, "roles": ["admin"]}),
    ] {
        assert_eq!(
            stranger.post("/api/v1/session", &body).await?.code()?,
            "bad_field",
            "{body}"
        );
    }
    // In whatever case it is typed, with a space behind: the same person.
    let session: Session = sign_in(&stranger, " Lina ", PASSWORD).await?.ok()?;
    assert_eq!(session.person.name, "李娜");
    let said = server.log()?;
    assert!(
        !said.contains(PASSWORD) && !said.contains("wim_"),
        "secrets in the log"
    );
    Ok(())
}
