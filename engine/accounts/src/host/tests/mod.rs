//! Tokens of all kinds, most of them wrong, under a clock that stands.

mod fetched;
mod keys;

use std::path::Path;

use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::json;

use super::known::REREAD;
use super::*;
use keys::{EC_PRIVATE, EC_X, EC_Y, MODULUS, SMALL_MODULUS};

const NOW: Millis = Millis(1_800_000_000_000);
const SECRET: &str = "a shared secret of 32 bytes, or more";

fn settings(issuer: &str, key: HostKey) -> HostSettings {
    HostSettings {
        name: issuer.to_owned(),
        issuer: issuer.to_owned(),
        audience: "webim".to_owned(),
        key,
        claim: "sub".to_owned(),
        skew_seconds: 60,
        max_age_seconds: 300,
    }
}

fn shared() -> Host {
    let key = HostKey::Secret(SECRET.to_owned());
    Host::open(settings("https://shared.example", key)).unwrap()
}

fn rsa(more: &Value) -> Value {
    let mut key = json!({"kty": "RSA", "n": MODULUS, "e": "AQAB"});
    key.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    key
}

fn ec() -> Value {
    json!({"kty": "EC", "crv": "P-256", "x": EC_X, "y": EC_Y, "kid": "ec"})
}

fn write(file: &Path, keys: &[Value]) {
    std::fs::write(file, json!({"keys": keys}).to_string()).unwrap();
}

/// A host with public keys; its file lies in the folder.
fn public(folder: &tempfile::TempDir, keys: &[Value]) -> Result<Host, HostError> {
    let file = folder.path().join("keys.json");
    write(&file, keys);
    Host::open(settings("https://public.example", HostKey::JwksFile(file)))
}

fn claims(issuer: &str, change: &Value) -> Value {
    let now = NOW.0 / 1_000;
    let mut claims =
        json!({"iss": issuer, "aud": "webim", "sub": " lina ", "iat": now, "exp": now + 60});
    let all = claims.as_object_mut().unwrap();
    for (name, value) in change.as_object().unwrap() {
        if value.is_null() {
            all.remove(name);
        } else {
            all.insert(name.clone(), value.clone());
        }
    }
    claims
}

fn signed(algorithm: Algorithm, kid: Option<&str>, claims: &Value, key: &EncodingKey) -> String {
    let mut header = Header::new(algorithm);
    header.kid = kid.map(str::to_owned);
    encode(&header, claims, key).unwrap()
}

fn by_secret(change: &Value) -> String {
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    let claims = claims("https://shared.example", change);
    signed(Algorithm::HS256, None, &claims, &key)
}

fn private() -> EncodingKey {
    let text: String = include_str!("rsa.txt").split_whitespace().collect();
    EncodingKey::from_rsa_der(&STANDARD.decode(text).unwrap())
}

async fn checked(host: &Host, token: &str) -> Result<String, String> {
    let hosts = [shared(), host.clone()];
    let found = vouch(&hosts, token, NOW).await;
    let found = found.map(|vouched| vouched.login);
    found.map_err(|wrong| wrong.to_string())
}

async fn refused(token: &str) -> String {
    checked(&shared(), token).await.unwrap_err()
}

#[tokio::test]
async fn a_shared_secret_vouches() {
    assert_eq!(
        checked(&shared(), &by_secret(&json!({}))).await.unwrap(),
        "lina"
    );
    let several = json!({"aud": ["other", "webim"], "nbf": 1_800_000_000.5, "sub": 1042});
    assert_eq!(
        checked(&shared(), &by_secret(&several)).await.unwrap(),
        "1042"
    );
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one list, to be read from top to bottom"
)]
async fn what_a_token_must_say() {
    let now = NOW.0 / 1_000;
    for (change, said) in [
        (
            json!({"aud": null}),
            "aud: missing, or neither a text nor a list",
        ),
        (json!({"aud": "other"}), "aud: not for this server"),
        (json!({"aud": ["other"]}), "aud: not for this server"),
        (json!({"iss": null}), "iss: missing, or not a text"),
        (
            json!({"iss": "https://evil.example"}),
            "iss: no host with this name is known here",
        ),
        (json!({"exp": null}), "exp: missing"),
        (
            json!({"exp": "soon"}),
            "exp: not a time in seconds since 1970",
        ),
        (json!({"exp": -1}), "exp: not a time in seconds since 1970"),
        (
            json!({"exp": 1e300}),
            "exp: not a time in seconds since 1970",
        ),
        (
            json!({"exp": now - 60}),
            "exp: 60 seconds ago, with 60 seconds of skew allowed",
        ),
        (
            json!({"nbf": now + 61}),
            "nbf: in 61 seconds, with 60 seconds of skew allowed",
        ),
        (json!({"iat": null}), "iat: missing"),
        (
            json!({"iat": now + 61}),
            "iat: in 61 seconds, with 60 seconds of skew allowed",
        ),
        (
            json!({"iat": now - 361, "exp": now + 9999}),
            "iat: 361 seconds ago; 300 are allowed",
        ),
        (
            json!({"sub": null}),
            "sub: missing, or not a text that names a login",
        ),
        (
            json!({"sub": " "}),
            "sub: missing, or not a text that names a login",
        ),
        (
            json!({"sub": ["lina"]}),
            "sub: missing, or not a text that names a login",
        ),
    ] {
        assert_eq!(refused(&by_secret(&change)).await, said, "{change}");
    }
    // At the edge of what the clocks may differ by.
    for change in [
        json!({"exp": now - 59}),
        json!({"nbf": now + 60}),
        json!({"iat": now + 60}),
        json!({"iat": now - 360, "exp": now + 9999}),
    ] {
        let found = checked(&shared(), &by_secret(&change)).await;
        assert_eq!(found.unwrap(), "lina", "{change}");
    }
}

#[tokio::test]
async fn only_the_hosts_own_keys_count() {
    const MISMATCH: &str = "signature: it does not match this host's key";
    const ALGORITHM: &str = "header.alg: this host's key takes HS256";
    let good = by_secret(&json!({}));
    let (head, rest) = good.split_once('.').unwrap();
    let (body, _) = rest.split_once('.').unwrap();
    let with_head = |head: &str| format!("{}.{body}.", URL_SAFE_NO_PAD.encode(head));
    for alg in ["none", "None", "NONE", "", "HS384", "RS256", "HS256 "] {
        let token = with_head(&json!({"alg": alg}).to_string());
        assert_eq!(refused(&token).await, ALGORITHM, "{alg}");
    }
    assert_eq!(refused(&with_head(r#"{"alg":"HS256"}"#)).await, MISMATCH);
    let crit = with_head(r#"{"alg":"HS256","crit":["b64"],"b64":false}"#);
    assert_eq!(
        refused(&crit).await,
        "header.crit: no extension is understood here"
    );
    let other = EncodingKey::from_secret(b"another secret of at least 32 bytes!");
    let claims = claims("https://shared.example", &json!({}));
    let forged = signed(Algorithm::HS256, None, &claims, &other);
    assert_eq!(refused(&forged).await, MISMATCH);
    let changed = by_secret(&json!({"sub": "zhaomin"}));
    let signature = good.rsplit('.').next().unwrap();
    let swapped = format!("{}.{signature}", changed.rsplit_once('.').unwrap().0);
    assert_eq!(refused(&swapped).await, MISMATCH);
    for broken in [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c",
        "a.b.c.d",
        head,
        &"x".repeat(9_000),
    ] {
        assert!(checked(&shared(), broken).await.is_err(), "{broken}");
    }
}

#[tokio::test]
async fn a_public_key_vouches_and_is_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let host = public(
        &folder,
        &[rsa(&json!({"kid": "one", "alg": "RS256"})), ec()],
    )
    .unwrap();
    let claims = claims("https://public.example", &json!({}));
    let token = signed(Algorithm::RS256, Some("one"), &claims, &private());
    assert_eq!(checked(&host, &token).await.unwrap(), "lina");
    let key = EncodingKey::from_ec_der(&STANDARD.decode(EC_PRIVATE).unwrap());
    let token = signed(Algorithm::ES256, Some("ec"), &claims, &key);
    assert_eq!(checked(&host, &token).await.unwrap(), "lina");

    // The confusion of keys: what is public, taken for a shared secret.
    let file = std::fs::read(folder.path().join("keys.json")).unwrap();
    let modulus = URL_SAFE_NO_PAD.decode(MODULUS).unwrap();
    for public in [MODULUS.as_bytes(), &modulus, &file] {
        let forged = EncodingKey::from_secret(public);
        let token = signed(Algorithm::HS256, Some("one"), &claims, &forged);
        let said = checked(&host, &token).await.unwrap_err();
        assert_eq!(said, "header.alg: this host's key takes RS256");
    }
    for (algorithm, kid, said) in [
        (
            Algorithm::RS512,
            Some("one"),
            "header.alg: this host's key takes RS256",
        ),
        (
            Algorithm::RS256,
            Some("ec"),
            "header.alg: this host's key takes ES256",
        ),
        (
            Algorithm::RS256,
            Some("two"),
            "header.kid: this host has no such key",
        ),
        (
            Algorithm::RS256,
            None,
            "header.kid: missing, and this host has several keys",
        ),
    ] {
        let token = signed(algorithm, kid, &claims, &private());
        assert_eq!(checked(&host, &token).await.unwrap_err(), said);
    }
    // One host cannot speak for another.
    let token = signed(
        Algorithm::RS256,
        Some("one"),
        &self::claims("https://shared.example", &json!({})),
        &private(),
    );
    assert_eq!(
        checked(&host, &token).await.unwrap_err(),
        "header.alg: this host's key takes HS256"
    );
}

#[tokio::test]
async fn a_file_of_keys_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let host = public(&folder, &[ec()]).unwrap();
    let claims = claims("https://public.example", &json!({}));
    let token = signed(Algorithm::PS256, Some("new"), &claims, &private());
    let at = async |millis: i64| {
        let hosts = [host.clone()];
        vouch(&hosts, &token, NOW.plus(millis)).await.is_ok()
    };
    assert!(!at(0).await);
    write(
        &folder.path().join("keys.json"),
        &[rsa(&json!({"kid": "new"}))],
    );
    assert!(!at(REREAD - 1).await, "not at each token");
    assert!(at(REREAD).await);
    std::fs::write(folder.path().join("keys.json"), "half a fi").unwrap();
    assert!(at(2 * REREAD).await, "what is broken changes nothing");
}

#[test]
fn keys_that_are_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let why = |keys: &[Value]| public(&folder, keys).unwrap_err().to_string();
    let cannot = "the JWKS file cannot be used: ";
    for (key, said) in [
        (
            rsa(&json!({"n": SMALL_MODULUS})),
            "keys[0]: an RSA key needs at least 2048 bits",
        ),
        (rsa(&json!({"n": "?"})), "keys[0]: n is not base64url"),
        (
            json!({"kty": "oct", "k": "c2VjcmV0"}),
            "keys[0]: a shared secret does not belong in a JWKS file; set `secret` instead",
        ),
        (rsa(&json!({"use": "enc"})), "no key that checks signatures"),
        (
            rsa(&json!({"alg": "HS256"})),
            "no key that checks signatures",
        ),
    ] {
        assert_eq!(why(&[key]), format!("{cannot}{said}"));
    }
    assert_eq!(why(&[]), format!("{cannot}no key that checks signatures"));
    let missing = HostKey::JwksFile(folder.path().join("missing"));
    let missing = Host::open(settings("x", missing)).unwrap_err();
    assert_eq!(missing, HostError::File(std::io::ErrorKind::NotFound));
    let short = HostKey::Secret("x".repeat(31));
    assert_eq!(
        Host::open(settings("x", short)).unwrap_err(),
        HostError::ShortSecret
    );
    assert_eq!(format!("{:?}", shared()), "Host(https://shared.example)");
}

#[tokio::test]
async fn no_letter_can_be_changed() {
    let good = by_secret(&json!({}));
    for at in 0..good.len() {
        for letter in ["A", "_", ".", "="] {
            let mut changed = good.clone();
            changed.replace_range(at..=at, letter);
            let accepted = checked(&shared(), &changed).await.is_ok();
            assert!(!accepted || changed == good, "{at} {letter}");
        }
        assert!(checked(&shared(), &good[..at]).await.is_err(), "{at}");
    }
}
