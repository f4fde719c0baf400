//! Host systems' tokens at the door: once each, and not too many that do not hold.

use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::*;
use crate::{Denial, Host, HostKey, HostSettings};

const SECRET: &str = "a shared secret of 32 bytes, or more";

/// The door, and accounts that know one host.
async fn with_host() -> (Door, Accounts) {
    let door = Door::new().await;
    let host = Host::open(HostSettings {
        name: "intranet".to_owned(),
        issuer: "intranet".to_owned(),
        audience: "webim".to_owned(),
        key: HostKey::Secret(SECRET.to_owned()),
        claim: "sub".to_owned(),
        skew_seconds: 60,
        max_age_seconds: 300,
    });
    let config = AccountsConfig {
        hosts: vec![host.unwrap()],
        failures_per_address: 5,
        ..AccountsConfig::default()
    };
    let accounts = Accounts::new(door.store.clone(), door.sources.clone(), config);
    (door, accounts)
}

fn token(door: &Door, login: &str, more: &Value) -> String {
    let now = door.clock.now().0 / 1_000;
    let mut claims =
        json!({"iss": "intranet", "aud": "webim", "sub": login, "iat": now, "exp": now + 3_600});
    let more = more.as_object().unwrap().clone();
    claims.as_object_mut().unwrap().extend(more);
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    encode(&Header::default(), &claims, &key).unwrap()
}

async fn enters(accounts: &Accounts, token: &str) -> Result<(), Refusal> {
    let signed = accounts.sign_in_by_host(token, "", HERE).await;
    signed.map(|_| ()).map_err(|denial: Denial| denial.refusal)
}

#[tokio::test]
async fn a_token_signs_in_once_in_its_life() {
    let (door, accounts) = with_host().await;
    let plain = token(&door, "lina", &json!({}));
    assert_eq!(enters(&accounts, &plain).await, Ok(()));
    assert_eq!(enters(&accounts, &plain).await, Err(Refusal::HostTokenUsed));
    // The same name on another token, and another name on the same words.
    let first = token(&door, "lina", &json!({"jti": "1"}));
    let same = token(&door, "wang", &json!({"jti": "1"}));
    let other = token(&door, "lina", &json!({"jti": "2"}));
    assert_eq!(enters(&accounts, &first).await, Ok(()));
    assert_eq!(enters(&accounts, &same).await, Err(Refusal::HostTokenUsed));
    assert_eq!(enters(&accounts, &other).await, Ok(()));
    // To the end of its life, with everything swept: then its age refuses it.
    door.pass(360_000);
    accounts.sweep();
    assert_eq!(enters(&accounts, &plain).await, Err(Refusal::HostTokenUsed));
    door.pass(1_000);
    accounts.sweep();
    assert_eq!(
        enters(&accounts, &plain).await,
        Err(Refusal::HostTokenInvalid)
    );
}

#[tokio::test]
async fn a_token_that_signed_nobody_in_is_not_used_up() {
    let (door, accounts) = with_host().await;
    let early = token(&door, "newcomer", &json!({}));
    assert_eq!(enters(&accounts, &early).await, Err(Refusal::LoginFailed));
    door.import(&format!("{PEOPLE}newcomer,新人,,\n")).await;
    assert_eq!(enters(&accounts, &early).await, Ok(()));
}

#[tokio::test]
async fn fifty_at_once_sign_in_once() {
    let (door, accounts) = with_host().await;
    let one = token(&door, "lina", &json!({}));
    let tries = (0..50).map(|_| {
        let (accounts, one) = (accounts.clone(), one.clone());
        tokio::spawn(async move { enters(&accounts, &one).await })
    });
    let mut entered = 0;
    for tried in tries.collect::<Vec<_>>() {
        match tried.await.unwrap() {
            Ok(()) => entered += 1,
            Err(refusal) => assert_eq!(refusal, Refusal::HostTokenUsed),
        }
    }
    assert_eq!(entered, 1);
}

#[tokio::test]
async fn guessing_tokens_is_slowed_down_by_address() {
    let (door, accounts) = with_host().await;
    for _ in 0..5 {
        let guess = enters(&accounts, "a.b.c").await;
        assert_eq!(guess, Err(Refusal::HostTokenInvalid));
    }
    let good = token(&door, "lina", &json!({}));
    assert_eq!(enters(&accounts, &good).await, Err(Refusal::LoginThrottled));
    let there = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 8));
    let other = accounts.sign_in_by_host(&good, "", there).await;
    assert!(other.is_ok(), "from elsewhere it goes on");
    door.pass(12_000);
    let next = token(&door, "lina", &json!({}));
    assert_eq!(enters(&accounts, &next).await, Ok(()));
}
