//! What people manage of their own sessions, and administrators of people and programs.

use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::json;
use webim_model::{ApiTokenId, Roles, Scope, Scopes, SessionId};

use super::*;
use crate::{By, Denial, Host, HostKey, HostSettings, NewApiToken};

fn code<T>(done: Result<T, Denial>) -> Refusal {
    done.err().expect("a refusal").refusal
}

#[tokio::test]
async fn guessing_an_old_password_is_guessing_at_the_door() {
    let door = Door::new().await;
    let (signed, _) = door.lina().await;
    let change = async |old: &str| {
        let new = "another horse";
        code(door.accounts.change_password(&signed, old, new, HERE).await)
    };
    for _ in 0..5 {
        assert_eq!(change("guess").await, Refusal::PasswordWrong);
    }
    assert_eq!(change("correct horse").await, Refusal::LoginThrottled);
    let at_the_door = door.sign_in("lina", "correct horse").await;
    assert_eq!(at_the_door.unwrap_err(), Refusal::LoginThrottled);
}

#[tokio::test]
async fn ones_own_sessions_and_no_others() {
    let door = Door::new().await;
    let (first, old) = door.lina().await;
    door.pass(1_000);
    let (second, token) = door.lina().await;
    let (wang, theirs) = door.sign_in("wang", "battery staple").await.unwrap();
    let listed = door.accounts.sessions(&second).await.unwrap();
    let ids: Vec<_> = listed.iter().map(|row| row.id).collect();
    assert_eq!(ids, [second.session, first.session]);
    assert_eq!(listed[0].token_hash, [0; 32], "nothing to look it up by");
    let unknown = SessionId(door.sources.uuid());
    for session in [wang.session, unknown] {
        let ended = door.accounts.end_session(&second, session).await;
        assert_eq!(ended, Err(Refusal::SessionUnknown));
    }
    assert_eq!(door.who(&theirs).await, Ok(wang.person));
    door.accounts
        .end_session(&second, first.session)
        .await
        .unwrap();
    assert_eq!(door.who(&old).await, Err(Refusal::NotAuthenticated));
    assert_eq!(door.who(&token).await, Ok(second.person));
    let (person, session) = (first.person, first.session);
    assert_eq!(door.heard(), [Ended::Session { person, session }]);
    door.pass(30 * DAY);
    assert!(door.accounts.sessions(&second).await.unwrap().is_empty());
}

fn token(scopes: &[Scope], expires: Option<Millis>) -> NewApiToken {
    NewApiToken {
        name: " payroll ".to_owned(),
        scopes: scopes.iter().copied().collect(),
        expires,
    }
}

#[tokio::test]
async fn a_program_lives_until_its_end_or_its_revocation() {
    let door = Door::new().await;
    let accounts = &door.accounts;
    let (lina, _) = door.lina().await;
    let soon = door.clock.now().plus(MINUTE);
    let scopes = [Scope::DirectoryRead];
    let (row, secret) = accounts
        .make_api_token(&lina, token(&scopes, Some(soon)))
        .await
        .unwrap();
    assert_eq!((&*row.name, row.created_by), ("payroll", lina.person));
    let client = accounts.api_client(secret.reveal()).await.unwrap();
    assert_eq!((client.id, client.created_by), (row.id, lina.person));
    assert_eq!(client.may(Scope::DirectoryRead), Ok(()));
    assert_eq!(
        client.may(Scope::DirectoryWrite),
        Err(Refusal::ScopeMissing)
    );
    let used = accounts.api_tokens(&lina).await.unwrap()[0].used;
    assert_eq!(used, Some(door.clock.now()));
    // It is no session's, and a session's is no program's.
    let as_session = accounts.authenticate(secret.reveal()).await;
    assert_eq!(as_session, Err(Refusal::NotAuthenticated));
    let (_, session) = door.lina().await;
    let as_program = accounts.api_client(session.reveal()).await;
    assert_eq!(as_program, Err(Refusal::NotAuthenticated));
    // Remembered or not, its end is its end.
    door.pass(MINUTE - 1);
    assert!(accounts.api_client(secret.reveal()).await.is_ok());
    door.pass(1);
    let late = accounts.api_client(secret.reveal()).await;
    assert_eq!(late, Err(Refusal::NotAuthenticated));

    let (row, secret) = accounts
        .make_api_token(&lina, token(&scopes, None))
        .await
        .unwrap();
    door.pass(365 * DAY);
    assert!(accounts.api_client(secret.reveal()).await.is_ok());
    accounts.revoke_api_token(&lina, row.id).await.unwrap();
    let revoked = accounts.api_client(secret.reveal()).await;
    assert_eq!(revoked, Err(Refusal::NotAuthenticated), "at once");
    let again = accounts.revoke_api_token(&lina, row.id).await;
    assert_eq!(again, Err(Refusal::TokenUnknown));
}

#[tokio::test]
async fn who_makes_tokens_and_which() {
    let door = Door::new().await;
    let accounts = &door.accounts;
    let (wang, _) = door.sign_in("wang", "battery staple").await.unwrap();
    let made = accounts
        .make_api_token(&wang, token(&Scope::ALL, None))
        .await;
    assert_eq!(code(made), Refusal::Forbidden);
    assert_eq!(accounts.api_tokens(&wang).await, Err(Refusal::Forbidden));
    let revoked = accounts
        .revoke_api_token(&wang, ApiTokenId(door.sources.uuid()))
        .await;
    assert_eq!(revoked, Err(Refusal::Forbidden));
    let (lina, _) = door.lina().await;
    let good = token(&Scope::ALL, None);
    for bad in [
        token(&[], None),
        token(&Scope::ALL, Some(door.clock.now())),
        NewApiToken {
            name: " ".into(),
            ..good.clone()
        },
        NewApiToken {
            name: "x".repeat(101),
            ..good.clone()
        },
        NewApiToken {
            name: "two\nlines".into(),
            ..good.clone()
        },
    ] {
        let made = accounts.make_api_token(&lina, bad.clone()).await;
        assert_eq!(code(made), Refusal::BadField, "{bad:?}");
    }
    let (_, secret) = accounts.make_api_token(&lina, good).await.unwrap();
    assert_eq!(
        accounts.api_client(secret.reveal()).await.unwrap().scopes,
        Scopes(7)
    );
}

#[tokio::test]
async fn the_last_admin_stays() {
    let door = Door::new().await;
    let accounts = &door.accounts;
    let (lina, _) = door.lina().await;
    let (wang, _) = door.sign_in("wang", "battery staple").await.unwrap();
    let by = By::Person(&lina);
    let last = accounts.set_active(by, lina.person, false).await;
    assert_eq!(code(last), Refusal::LastAdmin);
    let none = accounts
        .set_roles(&lina, lina.person, Roles::default())
        .await;
    assert_eq!(code(none), Refusal::LastAdmin);
    let up = accounts
        .set_roles(&wang, wang.person, Roles::default().with(Role::Admin))
        .await;
    assert_eq!(code(up), Refusal::Forbidden, "nobody raises themselves");
    let unknown = PersonId(door.sources.uuid());
    assert_eq!(
        code(accounts.set_active(by, unknown, true).await),
        Refusal::PersonUnknown
    );

    let before = door.store.directory_version().await.unwrap();
    let admin = Roles::default().with(Role::Admin);
    accounts.set_roles(&lina, wang.person, admin).await.unwrap();
    accounts.set_roles(&lina, wang.person, admin).await.unwrap();
    let version = door.store.directory_version().await.unwrap();
    assert_eq!(version, before + 1, "the same again changes nothing");
    // An admin who is deactivated is none.
    accounts.set_active(by, wang.person, false).await.unwrap();
    assert_eq!(
        door.heard(),
        [Ended::Person {
            person: wang.person
        }]
    );
    let last = accounts
        .set_roles(&lina, lina.person, Roles::default())
        .await;
    assert_eq!(code(last), Refusal::LastAdmin);
    accounts.set_active(by, wang.person, true).await.unwrap();
    accounts
        .set_roles(&lina, lina.person, Roles::default())
        .await
        .unwrap();
    let (again, _) = door.lina().await;
    assert!(!again.roles.has(Role::Admin));
}

#[tokio::test]
async fn a_program_changes_who_is_active_with_its_scope() {
    let door = Door::new().await;
    let accounts = &door.accounts;
    let (lina, _) = door.lina().await;
    let (wang, theirs) = door.sign_in("wang", "battery staple").await.unwrap();
    let mut results = Vec::new();
    for scope in [Scope::DirectoryRead, Scope::DirectoryWrite] {
        let (_, secret) = accounts
            .make_api_token(&lina, token(&[scope], None))
            .await
            .unwrap();
        let client = accounts.api_client(secret.reveal()).await.unwrap();
        let done = accounts
            .set_active(By::Client(&client), wang.person, false)
            .await;
        results.push(done.map_err(|denial| denial.refusal));
    }
    assert_eq!(results, [Err(Refusal::ScopeMissing), Ok(())]);
    assert_eq!(door.who(&theirs).await, Err(Refusal::NotAuthenticated));
}

#[tokio::test]
async fn an_admin_helps_who_forgot_their_password() {
    let door = Door::new().await;
    let accounts = &door.accounts;
    let (lina, _) = door.lina().await;
    let (wang, theirs) = door.sign_in("wang", "battery staple").await.unwrap();
    let reset = async |by: &SignedIn, person: PersonId, new: &str| {
        let done = accounts.reset_password(by, person, new).await;
        done.map_err(|denial| denial.refusal)
    };
    assert_eq!(
        reset(&wang, lina.person, "a new horse").await,
        Err(Refusal::Forbidden)
    );
    assert_eq!(
        reset(&lina, lina.person, "a new horse").await,
        Err(Refusal::Forbidden)
    );
    assert_eq!(
        reset(&lina, wang.person, "Wang2026").await,
        Err(Refusal::PasswordWeak)
    );
    let unknown = PersonId(door.sources.uuid());
    assert_eq!(
        reset(&lina, unknown, "a new horse").await,
        Err(Refusal::PersonUnknown)
    );
    assert_eq!(
        door.who(&theirs).await,
        Ok(wang.person),
        "nothing was done so far"
    );
    assert_eq!(reset(&lina, wang.person, "a new staple").await, Ok(()));
    assert_eq!(door.who(&theirs).await, Err(Refusal::NotAuthenticated));
    door.sign_in("wang", "a new staple").await.unwrap();
}

#[tokio::test]
async fn a_host_vouches_only_for_those_who_may_come_in() {
    let door = Door::new().await;
    let secret = "a shared secret of 32 bytes, or more";
    let host = Host::open(HostSettings {
        name: "intranet".to_owned(),
        issuer: "intranet".to_owned(),
        audience: "webim".to_owned(),
        key: HostKey::Secret(secret.to_owned()),
        claim: "login".to_owned(),
        skew_seconds: 60,
        max_age_seconds: 300,
    });
    let config = AccountsConfig {
        hosts: vec![host.unwrap()],
        ..AccountsConfig::default()
    };
    let accounts = Accounts::new(door.store.clone(), door.sources.clone(), config);
    let by_host = async |login: &str| {
        let now = door.clock.now().0 / 1_000;
        let claims =
            json!({"iss": "intranet", "aud": "webim", "login": login, "iat": now, "exp": now + 60});
        let key = EncodingKey::from_secret(secret.as_bytes());
        let token = encode(&Header::default(), &claims, &key).unwrap();
        let signed = accounts.sign_in_by_host(&token, "phone", HERE).await;
        signed.map_err(|denial| (denial.refusal, denial.detail))
    };
    let (lina, token) = by_host("LiNa").await.unwrap();
    assert_eq!(door.who(&token).await, Ok(lina.person));
    // One who has no password can come in this way.
    assert!(by_host("robot").await.is_ok());
    let (wang, _) = by_host("wang").await.unwrap();
    accounts
        .set_active(By::Person(&lina), wang.person, false)
        .await
        .unwrap();
    // Another token than the one that signed her in.
    door.pass(1_000);
    for login in ["wang", "nobody"] {
        assert_eq!(
            by_host(login).await.unwrap_err(),
            (Refusal::LoginFailed, None)
        );
    }
    let (refusal, detail) = by_host("").await.unwrap_err();
    assert_eq!(refusal, Refusal::HostTokenInvalid);
    assert!(detail.unwrap().starts_with("login: "));
    // With no host known, nothing holds.
    let nobody = door.accounts.sign_in_by_host("a.b.c", "", HERE).await;
    assert_eq!(code(nobody), Refusal::HostTokenInvalid);
}
