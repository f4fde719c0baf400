//! The one-time link with which the first administrator is made: printed while there is none, dead afterwards.

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use webim_support::{Answer, Office, Rest, Setup, TestServer, until};
use webim_wire::rest::Session;

const PASSWORD: &str = "a long enough secret";

/// A server that nobody administers.
async fn fresh() -> Result<TestServer> {
    let mut setup = Setup::sqlite()?;
    setup.office.people.clear();
    setup.start().await
}

/// The token of the last link that the server has printed.
async fn printed(server: &TestServer) -> Result<String> {
    until("the set-up link", async || {
        Ok(token(&server.log()?).map(str::to_owned))
    })
    .await
}

fn token(text: &str) -> Option<&str> {
    let (_, rest) = text.rsplit_once("/setup?token=")?;
    rest.split_whitespace().next()
}

/// As a browser asks: for a page, in this language.
async fn opens(rest: &Rest, token: &str, language: &str) -> Result<Answer> {
    let request = rest.request(Method::GET, &format!("/setup?token={token}"));
    let request = request
        .header("accept", "text/html,application/xhtml+xml")
        .header("accept-language", language);
    rest.ask(request).await
}

/// What is typed into the form.
struct Form<'a> {
    token: &'a str,
    login: &'a str,
    name: &'a str,
    password: &'a str,
    repeat: &'a str,
}

impl<'a> Form<'a> {
    fn good(token: &'a str) -> Self {
        Self {
            token,
            login: "Boss",
            name: "王经理",
            password: PASSWORD,
            repeat: PASSWORD,
        }
    }

    fn body(&self) -> String {
        let fields = [
            ("token", self.token),
            ("login", self.login),
            ("name", self.name),
            ("password", self.password),
            ("repeat", self.repeat),
        ];
        let fields = fields.map(|(name, value)| format!("{name}={}", encoded(value)));
        fields.join("&")
    }
}

/// As a browser writes a form's field.
fn encoded(value: &str) -> String {
    let one = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' => char::from(byte).to_string(),
        b' ' => "+".to_owned(),
        _ => format!("%{byte:02X}"),
    };
    value.bytes().map(one).collect()
}

/// Sends the form from a page of this origin; the answer is the one that programs get.
async fn sends(server: &TestServer, form: &Form<'_>, origin: Option<&str>) -> Result<Answer> {
    let rest = server.stranger()?;
    let request = rest
        .request(Method::POST, "/setup")
        .header("content-type", "application/x-www-form-urlencoded");
    let request = origin
        .into_iter()
        .fold(request, |request, origin| request.header("origin", origin));
    rest.ask(request.body(form.body())).await
}

async fn sends_here(server: &TestServer, form: &Form<'_>) -> Result<Answer> {
    let origin = format!("http://{}", server.address());
    sends(server, form, Some(&origin)).await
}

async fn signs_in(server: &TestServer, login: &str, password: &str) -> Result<Answer> {
    let body = serde_json::json!({"login": login, "password": password});
    server.stranger()?.post("/api/v1/session", &body).await
}

#[tokio::test]
async fn the_first_administrator_is_made_once() -> Result<()> {
    let mut server = fresh().await?;
    let link = printed(&server).await?;
    let stranger = server.stranger()?;
    let page = opens(&stranger, &link, "zh-CN").await?;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("lang=\"zh-CN\"") && page.text.contains("创建管理员"));
    assert!(
        !page.text.contains("<script")
            && page
                .header("content-security-policy")
                .starts_with("default-src 'none'")
    );
    assert_eq!(
        (page.header("cache-control"), page.header("referrer-policy")),
        ("no-store", "same-origin")
    );
    let english = opens(&stranger, &link, "en").await?.text;
    assert!(english.contains("lang=\"en\"") && english.contains("Create the administrator"));

    // Only from our own page.
    for origin in [None, Some("https://evil.example"), Some("null")] {
        let refused = sends(&server, &Form::good(&link), origin).await?;
        assert_eq!(refused.code()?, "origin_not_allowed", "{origin:?}");
    }
    let done = sends_here(&server, &Form::good(&link)).await?;
    ensure!(done.status == 200, "{}: {}", done.status, done.text);
    let session: Session = signs_in(&server, "boss", PASSWORD).await?.ok()?;
    assert_eq!(session.person.name, "王经理");
    assert_eq!(
        serde_json::to_value(session.roles)?,
        serde_json::json!(["admin"])
    );

    // The link is dead: at once, by another one's hand, and after a restart, which prints none.
    let before = server.log()?.len();
    for round in 0..2 {
        let again = Form {
            login: "other",
            ..Form::good(&link)
        };
        assert_eq!(
            sends_here(&server, &again).await?.code()?,
            "setup_done",
            "{round}"
        );
        let page = opens(&server.stranger()?, &link, "en").await?;
        assert!(
            page.status == 410 && page.text.contains("setup_done"),
            "{}",
            page.text
        );
        server.restart().await?;
    }
    let said = server.log()?;
    assert!(token(&said[before..]).is_none(), "a link was printed again");
    assert!(!said.contains(PASSWORD));
    let refused = server.webim(&["setup-link"]).await?;
    assert!(
        refused.code == 1 && refused.err.contains("admin create"),
        "{refused:?}"
    );
    Ok(())
}

#[tokio::test]
async fn two_at_once_make_one() -> Result<()> {
    let server = fresh().await?;
    let link = printed(&server).await?;
    let forms = ["one", "two", "three", "four"].map(|login| Form {
        login,
        ..Form::good(&link)
    });
    let all = forms.iter().map(|form| sends_here(&server, form));
    let mut made = 0;
    for answer in futures_util::future::try_join_all(all).await? {
        if answer.status == 200 {
            made += 1;
        } else {
            assert_eq!(answer.code()?, "setup_done");
        }
    }
    assert_eq!(made, 1);
    let mut admins = 0;
    for form in &forms {
        admins += usize::from(signs_in(&server, form.login, PASSWORD).await?.status == 200);
    }
    assert_eq!(admins, 1);
    Ok(())
}

#[tokio::test]
async fn links_that_open_nothing() -> Result<()> {
    let mut server = fresh().await?;
    let first = printed(&server).await?;
    let stranger = server.stranger()?;
    let cut = &first[..first.len() - 1];
    for wrong in ["", "x", "wim_", cut, "%00"] {
        let path = format!("/setup?token={wrong}");
        assert_eq!(
            stranger.get(&path).await?.code()?,
            "setup_link_unknown",
            "{wrong:?}"
        );
        let page = opens(&stranger, wrong, "zh-CN").await?;
        assert!(page.status == 404 && page.text.contains("setup_link_unknown"));
        assert!(page.text.contains("webim setup-link"), "what to do is said");
    }
    assert_eq!(stranger.get("/setup").await?.code()?, "setup_link_unknown");
    assert_eq!(stranger.get("/setup?tokn=x").await?.code()?, "bad_field");

    // A new one makes the one before it void, also while the server runs; so does a new start.
    let told = server.webim(&["setup-link", "--json"]).await?.json()?;
    let second = token(told["url"].as_str().context("url")?)
        .context("a token")?
        .to_owned();
    assert_eq!(
        sends_here(&server, &Form::good(&first)).await?.code()?,
        "setup_link_unknown"
    );
    assert_eq!(opens(&stranger, &second, "en").await?.status, 200);
    server.restart().await?;
    assert_eq!(
        sends_here(&server, &Form::good(&second)).await?.code()?,
        "setup_link_unknown"
    );
    let third = printed(&server).await?;
    assert_ne!(third, first);

    // Only its digest is kept, and its time passes.
    let path = server.database.path()?;
    for file in [path.clone(), path.with_extension("db-wal")] {
        let bytes = std::fs::read(file).unwrap_or_default();
        let found = bytes
            .windows(third.len())
            .any(|window| window == third.as_bytes());
        assert!(!found, "the token itself stands in the database");
    }
    server
        .database
        .say("UPDATE settings SET value = substr(value, 1, 65) || '1' WHERE name = 'setup_link'")
        .await?;
    assert_eq!(
        sends_here(&server, &Form::good(&third)).await?.code()?,
        "setup_link_expired"
    );
    let page = opens(&stranger, &third, "zh-CN").await?;
    assert!(page.status == 410 && page.text.contains("setup_link_expired"));
    Ok(())
}

#[tokio::test]
async fn what_is_typed_wrongly_is_said_and_the_link_stays() -> Result<()> {
    let server = fresh().await?;
    let link = printed(&server).await?;
    let long = "x".repeat(1_025);
    let cases = [
        ("", "A", PASSWORD, PASSWORD, "login"),
        ("wang li", "A", PASSWORD, PASSWORD, "login"),
        (&long[..65], "A", PASSWORD, PASSWORD, "login"),
        ("a", " ", PASSWORD, PASSWORD, "name"),
        ("a", "a\nb", PASSWORD, PASSWORD, "name"),
        ("a", "A", "short", "short", "password"),
        ("a", "A", &long, &long, "password"),
        ("a", "A", PASSWORD, "another secret", "repeat"),
    ];
    for (login, name, password, repeat, field) in cases {
        let token = &*link;
        let form = Form {
            token,
            login,
            name,
            password,
            repeat,
        };
        let problem = sends_here(&server, &form).await?.problem()?;
        let detail = problem.detail.unwrap_or_default();
        assert_eq!(
            (&*problem.code, problem.status),
            ("bad_field", 400),
            "{detail}"
        );
        assert!(
            detail.starts_with(field) && !detail.contains("secret"),
            "{detail}"
        );
    }
    for body in ["", "token", "a=b", "token=x&x=y", "\u{0}"] {
        let origin = format!("http://{}", server.address());
        let rest = server.stranger()?;
        let request = rest.request(Method::POST, "/setup");
        let answer = rest
            .ask(request.header("origin", origin).body(body))
            .await?;
        assert_eq!(answer.code()?, "bad_field", "{body}");
    }
    let done = sends_here(&server, &Form::good(&link)).await?;
    assert_eq!(done.status, 200);
    Ok(())
}

#[tokio::test]
async fn a_browser_sees_the_form_again() -> Result<()> {
    let server = fresh().await?;
    let link = printed(&server).await?;
    let form = Form {
        login: "<b>",
        repeat: "another",
        ..Form::good(&link)
    };
    let rest = server.stranger()?;
    let request = rest
        .request(Method::POST, "/setup")
        .header("origin", format!("http://{}", server.address()))
        .header("accept", "text/html");
    let page = rest.ask(request.body(form.body())).await?;
    assert!(page.status == 400 && page.text.contains("role=\"alert\""));
    // With what was typed, as text, and without the password.
    assert!(page.text.contains("&lt;b&gt;") && !page.text.contains("<b>"));
    assert!(page.text.contains("王经理") && !page.text.contains(PASSWORD));
    Ok(())
}

#[tokio::test]
async fn somebody_of_the_directory_can_be_the_first() -> Result<()> {
    let mut setup = Setup::sqlite()?;
    setup.office = Office::default().without("zhaomin");
    let server = setup.start().await?;
    let before = server.sign_in("lina").await?;
    let link = printed(&server).await?;
    let form = Form {
        login: "lina",
        name: "李娜",
        ..Form::good(&link)
    };
    assert_eq!(sends_here(&server, &form).await?.status, 200);
    // She is who she was, with a password of her own: whoever knew the old one is out.
    assert_eq!(
        before.get("/api/v1/session").await?.code()?,
        "not_authenticated"
    );
    assert_eq!(
        signs_in(&server, "lina", webim_support::PASSWORD)
            .await?
            .code()?,
        "login_failed"
    );
    let session: Session = signs_in(&server, "lina", PASSWORD).await?.ok()?;
    assert_eq!(session.person.id, before.id);
    Ok(())
}
