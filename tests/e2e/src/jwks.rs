//! A host system whose keys are fetched from its address, and one whose address is not to be called.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use webim_support::{Setup, TestServer, id};

use crate::hosts::{EC_PRIVATE, EC_X, EC_Y, claims};

/// The portal's keys over HTTP, while it is up.
async fn portal(up: Arc<AtomicBool>) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/keys", listener.local_addr()?);
    let keys = json!({"keys": [{"kty": "EC", "kid": "ec", "crv": "P-256", "x": EC_X, "y": EC_Y}]});
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.read(&mut [0; 4_096]).await;
            let (status, body) = if up.load(Ordering::SeqCst) {
                (200, keys.to_string())
            } else {
                (502, String::new())
            };
            let head = format!(
                "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            let _ = socket.write_all((head + &body).as_bytes()).await;
        }
    });
    Ok(url)
}

async fn server(url: &str, inside: &[&str]) -> Result<TestServer> {
    let host = BTreeMap::from([
        ("name", "portal"),
        ("issuer", "portal"),
        ("audience", "webim"),
        ("jwks_url", url),
    ]);
    let setup = Setup::sqlite()?
        .with("sign_in.hosts", vec![host])
        .with("egress.inside", inside.to_vec());
    setup.start().await
}

/// A token of the portal's, each another.
fn token() -> Result<String> {
    let mut header = Header::new(Algorithm::ES256);
    header.kid = Some("ec".to_owned());
    let mut claims = claims("portal", "lina");
    claims["jti"] = json!(id());
    let key = EncodingKey::from_ec_der(&STANDARD.decode(EC_PRIVATE)?);
    Ok(encode(&header, &claims, &key)?)
}

#[tokio::test]
async fn keys_are_fetched_from_the_hosts_address() -> Result<()> {
    let up = Arc::new(AtomicBool::new(true));
    let server = server(&portal(up.clone()).await?, &["127.0.0.1"]).await?;
    let stranger = server.stranger()?;
    let body = json!({"token": token()?});
    assert_eq!(stranger.post("/api/v1/session", &body).await?.status, 200);
    let again = stranger.post("/api/v1/session", &body).await?;
    assert_eq!((again.status, &*again.code()?), (401, "host_token_used"));
    // It goes away, and what is known counts.
    up.store(false, Ordering::SeqCst);
    let body = json!({"token": token()?});
    assert_eq!(stranger.post("/api/v1/session", &body).await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn a_host_without_keys_does_not_stand_in_others_way() -> Result<()> {
    let up = Arc::new(AtomicBool::new(false));
    let url = portal(up).await?;
    let failing = server(&url, &["127.0.0.1"]).await?;
    // The other one's portal is up, and nobody said that it may be called.
    let unnamed = server(&portal(Arc::new(AtomicBool::new(true))).await?, &[]).await?;
    for server in [failing, unnamed] {
        let body = json!({"token": token()?});
        let answer = server.stranger()?.post("/api/v1/session", &body).await?;
        assert_eq!(
            (answer.status, &*answer.code()?),
            (503, "host_keys_unavailable")
        );
        server.sign_in("lina").await?;
    }
    Ok(())
}
