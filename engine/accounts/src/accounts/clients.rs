//! Programs: each has a token that an administrator made, for some scopes and until some time.

use std::collections::HashSet;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use moka::sync::Cache;
use webim_model::{ApiTokenId, Millis, PersonId, Refusal, Role, Scope, Scopes, SessionId};
use webim_store::ApiTokenRow;

use super::{Accounts, FRESH, KEPT, allowed_to, refused};
use crate::import::check;
use crate::token::{digest_api, is_api};
use crate::{Denial, SignedIn, Token};

/// How many programs are remembered; more tokens than that are not made.
const MOST: usize = 1_000;
/// When a token was last used is written at most this often, in milliseconds.
const TOUCH: i64 = 60_000;
/// The longest name of a program, in characters.
const LONGEST_NAME: usize = 100;

/// A program behind a valid token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiClient {
    /// Which.
    pub id: ApiTokenId,
    /// What it is called.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// The administrator who let it in.
    pub created_by: PersonId,
}

impl ApiClient {
    /// Refused with `scope_missing` unless it has `scope`.
    pub fn may(&self, scope: Scope) -> Result<(), Refusal> {
        if self.scopes.has(scope) {
            Ok(())
        } else {
            Err(Refusal::ScopeMissing)
        }
    }
}

/// What an administrator says of a new token.
#[derive(Clone, Debug)]
pub struct NewApiToken {
    /// What the program is called: one line.
    pub name: String,
    /// What it is to be good for: at least one.
    pub scopes: Scopes,
    /// When it is to be worth nothing any more; none: when it is revoked.
    pub expires: Option<Millis>,
}

/// What is remembered of programs.
pub(super) struct Clients {
    known: Cache<[u8; 32], Known>,
    /// Those whose use is to be written down.
    used: Mutex<HashSet<ApiTokenId>>,
}

#[derive(Clone)]
struct Known {
    client: ApiClient,
    expires: Option<Millis>,
    read_at: Millis,
    generation: u64,
}

impl Clients {
    pub fn new() -> Self {
        Self {
            known: Cache::builder()
                .max_capacity(MOST as u64)
                .time_to_live(KEPT)
                .build(),
            used: Mutex::default(),
        }
    }

    fn take_used(&self) -> Vec<ApiTokenId> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *used).into_iter().collect()
    }
}

impl Accounts {
    /// Whether a bearer token is a program's, as far as its form says.
    pub fn is_api_token(token: &str) -> bool {
        is_api(token)
    }

    /// Which program is behind `token`. Refused with `not_authenticated` if it is unknown, revoked or has expired.
    pub async fn api_client(&self, token: &str) -> Result<ApiClient, Refusal> {
        let this = &self.0;
        let digest = digest_api(token).ok_or(Refusal::NotAuthenticated)?;
        let now = this.sources.now();
        let generation = this.generation.load(Ordering::Acquire);
        let over = |expires: Option<Millis>| expires.is_some_and(|expires| expires <= now);
        if let Some(known) = this.clients.known.get(&digest)
            && known.generation == generation
            && (0..FRESH).contains(&(now.0 - known.read_at.0))
            && !over(known.expires)
        {
            return Ok(known.client);
        }
        let found = this.store.api_token_by_hash(&digest).await;
        let row = found.map_err(refused)?.ok_or(Refusal::NotAuthenticated)?;
        if over(row.expires) {
            return Err(Refusal::NotAuthenticated);
        }
        if row.used.is_none_or(|used| now.since(used) >= TOUCH) {
            let used = this.clients.used.lock();
            used.unwrap_or_else(PoisonError::into_inner).insert(row.id);
        }
        let known = Known {
            client: ApiClient {
                id: row.id,
                name: row.name,
                scopes: row.scopes,
                created_by: row.created_by,
            },
            expires: row.expires,
            read_at: now,
            generation,
        };
        this.clients.known.insert(digest, known.clone());
        Ok(known.client)
    }

    /// Counts a request of a program that only reads. Refused with the milliseconds to wait.
    pub fn pace_client(&self, client: &ApiClient) -> Result<(), u64> {
        // Ids of tokens and of sessions are never the same.
        self.0.pace.check(&SessionId(client.id.0))
    }

    /// All API tokens, for administrators.
    pub async fn api_tokens(&self, by: &SignedIn) -> Result<Vec<ApiTokenRow>, Refusal> {
        allowed_to(by, Role::Admin)?;
        self.flush_clients().await;
        self.0.store.api_tokens().await.map_err(refused)
    }

    /// Makes a token; only its digest is kept, so that it is shown this once.
    pub async fn make_api_token(
        &self,
        by: &SignedIn,
        new: NewApiToken,
    ) -> Result<(ApiTokenRow, Token), Denial> {
        allowed_to(by, Role::Admin)?;
        let wrong = |detail: &str| Denial::because(Refusal::BadField, detail);
        let now = self.0.sources.now();
        let name = new.name.trim().to_owned();
        if let Some(detail) = check::line("name", &name, LONGEST_NAME) {
            return Err(wrong(&detail));
        }
        if new.scopes.is_empty() {
            return Err(wrong("scopes: name at least one"));
        }
        if new.expires.is_some_and(|expires| expires <= now) {
            return Err(wrong("expires_at: is not in the future"));
        }
        if self.0.store.api_tokens().await?.len() >= MOST {
            return Err(wrong("there are 1,000 API tokens already; revoke some"));
        }
        let token = Token::api(&self.0.sources);
        let row = ApiTokenRow {
            id: ApiTokenId(self.0.sources.uuid()),
            name,
            token_hash: digest_api(token.reveal()).expect("a fresh token has a token's form"),
            scopes: new.scopes,
            created_by: by.person,
            created: now,
            expires: new.expires,
            used: None,
        };
        self.0.store.insert_api_token(&row).await?;
        tracing::info!(token = %row.id, by = %by.person, name = row.name, "an API token was made");
        Ok((row, token))
    }

    /// Revokes a token: it is worth nothing from now on. Refused with `token_unknown`.
    pub async fn revoke_api_token(&self, by: &SignedIn, token: ApiTokenId) -> Result<(), Refusal> {
        allowed_to(by, Role::Admin)?;
        let deleted = self.0.store.delete_api_token(token).await;
        if !deleted.map_err(refused)? {
            return Err(Refusal::TokenUnknown);
        }
        self.forget_known();
        tracing::info!(%token, by = %by.person, "an API token was revoked");
        Ok(())
    }

    /// Writes which tokens were used.
    pub(super) async fn flush_clients(&self) {
        let used = self.0.clients.take_used();
        if used.is_empty() {
            return;
        }
        let now = self.0.sources.now();
        if let Err(error) = self.0.store.touch_api_tokens(&used, now).await {
            tracing::warn!(%error, "the use of API tokens was not written down");
        }
    }
}
