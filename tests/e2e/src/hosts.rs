//! Host systems that sign their users in, and those who pretend to be one.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use webim_model::Sources;
use webim_support::{Setup, TestServer, id};
use webim_wire::Problem;
use webim_wire::rest::Session;

/// Keys that sign nothing but tests: an RSA modulus, and an EC key (P-256, PKCS #8) with its public half.
const MODULUS: &str = "vp0OaBKQpynnFBxh2c8YBL5HdaE1MMLCx_E2nE7RbKGqP_OlkzR61BMo4MV_vz_Z77zRKSVYEOQSu6PmsesykkYc5ayzmR3h\
    A6iDnlpC7CgNPlvf6a7pXFP4tygCL5V7wUG3al92xTkTvyW8ADgr14ieIrOtlj5vO1Xw28oaNXpo4BSvZh7SAnTPn7hde8yG\
    G3ZYlqg49Gpj7mE8u3FfqVUMpv4ulGFqO5TOkoIrpVlYB05cT7jx39xusgfqTBNCaaFvdOuS7LVrFYBAchMK2pkkoAEo7HXX\
    D66vs6HBLX9GKibo-Td7N8j8HXn2gth5ckPPwKiJtiWe-zf1fMSOhQ";
pub const EC_PRIVATE: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEqZNd0ClWO7HmuXAaVioKru+3llezBez8WKR4hqbgeChRANC\
    AAS0ULDo4lYyvDlBi19nN2QW5YdmmiKNV5JRGups7X726LZZ0H67S54kHT5nrJ949PZjFzJpnWWNCrlIkGeD1PPG";
pub const EC_X: &str = "tFCw6OJWMrw5QYtfZzdkFuWHZpoijVeSURrqbO1-9ug";
pub const EC_Y: &str = "tlnQfrtLniQdPmesn3j09mMXMmmdZY0KuUiQZ4PU88Y";
const SECRET: &str = "a shared secret of 32 bytes, or more";

async fn server() -> Result<TestServer> {
    let host = |name: &'static str, key: &'static str, value: &'static str| {
        BTreeMap::from([
            ("name", name),
            ("issuer", name),
            ("audience", "webim"),
            (key, value),
        ])
    };
    let hosts = vec![
        host("intranet", "secret", SECRET),
        host("portal", "jwks_file", "keys.json"),
    ];
    let mut server = Setup::sqlite()?
        .with("sign_in.hosts", hosts)
        .prepare()
        .await?;
    let missing = server
        .webim(&["check", "--config", "webim.toml", "--json"])
        .await?;
    assert_eq!(missing.code, 3, "{}", missing.err);
    let found = missing.out;
    assert!(found.contains("sign_in.hosts[1].jwks_file"), "{found}");
    let keys = json!({"keys": [
        {"kty": "RSA", "kid": "rsa", "n": MODULUS, "e": "AQAB"},
        {"kty": "EC", "kid": "ec", "crv": "P-256", "x": EC_X, "y": EC_Y},
    ]});
    std::fs::write(server.folder().join("keys.json"), keys.to_string())?;
    server.run().await?;
    Ok(server)
}

pub fn claims(issuer: &str, login: &str) -> Value {
    let now = Sources::system().now().0 / 1_000;
    json!({"iss": issuer, "aud": "webim", "sub": login, "iat": now, "exp": now + 60})
}

fn by_secret(claims: &Value, secret: &[u8]) -> Result<String> {
    Ok(encode(
        &Header::default(),
        claims,
        &EncodingKey::from_secret(secret),
    )?)
}

async fn refused(server: &TestServer, token: &str) -> Result<Problem> {
    let body = json!({"token": token});
    let problem = server
        .stranger()?
        .post("/api/v1/session", &body)
        .await?
        .problem()?;
    let said = format!("{problem:?}");
    assert!(!said.contains(SECRET) && !said.contains("lina"), "{said}");
    Ok(problem)
}

#[tokio::test]
async fn a_host_signs_its_users_in() -> Result<()> {
    let server = server().await?;
    let token = by_secret(&claims("intranet", "lina"), SECRET.as_bytes())?;
    let stranger = server.stranger()?;
    let body = json!({"token": token, "device": "intranet", "bearer": true});
    let session: Session = stranger.post("/api/v1/session", &body).await?.ok()?;
    assert_eq!(session.person.name, "李娜");
    let lina = server.holder_of(&session.token.context("a token")?)?;
    let devices: Value = lina.read("/api/v1/me/sessions").await?;
    assert_eq!(devices["items"][0]["device"], "intranet");
    // As a page does it, with the other host's key: a cookie and no token.
    let mut header = Header::new(Algorithm::ES256);
    header.kid = Some("ec".to_owned());
    let key = EncodingKey::from_ec_der(&STANDARD.decode(EC_PRIVATE)?);
    let token = encode(&header, &claims("portal", "zhangwei"), &key)?;
    let answer = stranger
        .post("/api/v1/session", &json!({"token": token}))
        .await?;
    assert!(
        answer
            .header("set-cookie")
            .starts_with("webim_session=wim_")
    );
    assert_eq!(answer.ok::<Session>()?.person.name, "张伟");
    // Never in an address.
    let path = format!("/api/v1/session?token={token}");
    assert_eq!(stranger.get(&path).await?.code()?, "not_authenticated");
    let log = server.log()?;
    assert!(
        !log.contains(&token) && !log.contains(SECRET),
        "secrets in the log"
    );
    Ok(())
}

#[tokio::test]
async fn who_pretends_is_told_what_is_wrong_and_is_not_let_in() -> Result<()> {
    let server = server().await?;
    let good = claims("intranet", "lina");
    let iat = good["iat"].as_i64().context("iat")?;
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        by_secret(&claims, SECRET.as_bytes())
    };
    let signed = by_secret(&good, SECRET.as_bytes())?;
    let body = signed.split('.').nth(1).context("a body")?;
    let confused = by_secret(&claims("portal", "lina"), MODULUS.as_bytes())?;
    // {"alg":"none"} and {"alg":"HS256"}
    let none = format!("eyJhbGciOiJub25lIn0.{body}.");
    let unsigned = format!("eyJhbGciOiJIUzI1NiJ9.{body}.");
    for (token, said) in [
        (none, "header.alg"),
        (unsigned, "signature"),
        (
            by_secret(&good, b"another secret of at least 32 bytes!")?,
            "signature",
        ),
        (confused, "header.kid"),
        (with("aud", json!("elsewhere"))?, "aud"),
        (with("iss", json!("nobody"))?, "iss"),
        (with("exp", json!(iat - 61))?, "exp"),
        (with("iat", json!(iat - 900))?, "iat"),
        (with("nbf", json!(iat + 900))?, "nbf"),
        (with("sub", json!(null))?, "sub"),
        (format!("wim_{}", "a".repeat(43)), "not a JWT"),
        (String::new(), "not a JWT"),
    ] {
        let problem = refused(&server, &token).await?;
        assert_eq!(
            (problem.status, &*problem.code),
            (401, "host_token_invalid"),
            "{said}"
        );
        assert!(
            problem.detail.context("detail")?.starts_with(said),
            "{said}"
        );
    }
    // The RSA key's public half, by its name, as if it were a shared secret.
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("rsa".to_owned());
    let key = EncodingKey::from_secret(MODULUS.as_bytes());
    let confused = encode(&header, &claims("portal", "lina"), &key)?;
    let problem = refused(&server, &confused).await?;
    assert!(problem.detail.context("detail")?.starts_with("header.alg"));
    // A token that holds, for nobody.
    let problem = refused(&server, &with("sub", json!("nobody"))?).await?;
    assert_eq!(
        (problem.status, &*problem.code, problem.detail),
        (401, "login_failed", None)
    );
    Ok(())
}

#[tokio::test]
async fn a_token_stands_alone() -> Result<()> {
    let server = TestServer::start().await?;
    let stranger = server.stranger()?;
    for body in [
        json!({"token": "x", "login": "lina"}),
        json!({"token": "x", "login": "lina", "password": "y"}),
        json!({"password": "y"}),
        json!({}),
    ] {
        let refused = stranger.post("/api/v1/session", &body).await?;
        assert_eq!(refused.code()?, "bad_field", "{body}");
    }
    // Where no host is known, none vouches.
    let token = by_secret(&claims("intranet", &id().to_string()), SECRET.as_bytes())?;
    let problem = refused(&server, &token).await?;
    assert_eq!(problem.code, "host_token_invalid");
    Ok(())
}
