//! The keys of a host as they are known now: given, read from a file again and again, or fetched.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use webim_egress::{Egress, Request};
use webim_model::Millis;

use super::{Head, HostError, HostKey, Inner, Wrong, keys};
use crate::host::keys::Key;

/// A JWKS file is read again at most this often, in milliseconds, and only when a token comes.
pub(super) const REREAD: i64 = 10_000;
/// Keys from an address are fetched again after this time, in milliseconds.
const FRESH: i64 = 10 * 60_000;
/// And count for this long where fetching them fails.
const KEPT: i64 = 24 * 60 * 60_000;
/// An address is asked at most this often.
const RETRY: i64 = 60_000;

/// What is known of a host's keys.
pub(super) struct Known {
    now: Mutex<Now>,
    /// Held by the one who fetches.
    turn: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct Now {
    keys: Arc<Vec<Key>>,
    /// When they were read or fetched.
    read: Option<Millis>,
    /// When that was last tried.
    tried: Option<Millis>,
}

/// What is to be done for a token.
enum Next {
    /// These do.
    Use(Arc<Vec<Key>>),
    /// These do if somebody else is fetching newer ones at the moment.
    Renew(Arc<Vec<Key>>),
    /// They must be fetched first.
    Fetch,
    /// There are none, and it is too early to ask again.
    Nothing,
}

impl Known {
    pub fn open(key: &HostKey) -> Result<Self, HostError> {
        let keys = match key {
            HostKey::Secret(secret) => vec![keys::secret(secret)?],
            HostKey::JwksFile(file) => {
                let text = std::fs::read(file).map_err(|error| HostError::File(error.kind()))?;
                keys::jwks(&text)?
            }
            HostKey::JwksUrl { .. } => Vec::new(),
        };
        let now = Now {
            keys: Arc::new(keys),
            ..Now::default()
        };
        Ok(Self {
            now: Mutex::new(now),
            turn: Arc::default(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is to be done for a token with this head, where keys come from an address.
    fn next(&self, head: &Head, now: Millis) -> Next {
        let known = self.lock();
        let within = |time: Option<Millis>, span: i64| {
            time.is_some_and(|time| (0..span).contains(&(now.0 - time.0)))
        };
        let usable = within(known.read, KEPT);
        let named = names(&known.keys, head);
        if usable && named && within(known.read, FRESH) {
            return Next::Use(known.keys.clone());
        }
        let may = !within(known.tried, RETRY);
        match (usable, may) {
            (true, true) if named => Next::Renew(known.keys.clone()),
            (true, false) => Next::Use(known.keys.clone()),
            (_, true) => Next::Fetch,
            (false, false) => Next::Nothing,
        }
    }
}

/// Whether the key that a token names is among these; one that names none asks for none.
fn names(keys: &[Key], head: &Head) -> bool {
    let Some(kid) = &head.kid else {
        return true;
    };
    matches!(keys, [only] if only.id.is_none())
        || keys.iter().any(|key| key.id.as_ref() == Some(kid))
}

/// The keys that count now for a token with this head. Waits for whoever fetches them only where there is no other way.
pub(super) async fn keys(
    host: &Arc<Inner>,
    head: &Head,
    now: Millis,
) -> Result<Arc<Vec<Key>>, Wrong> {
    match &host.settings.key {
        HostKey::Secret(_) => Ok(host.keys.lock().keys.clone()),
        HostKey::JwksFile(file) => Ok(from_file(host, file, now).await),
        HostKey::JwksUrl { .. } => fetched(host, head, now).await,
    }
}

/// The keys as they were lately; those of a file that cannot be read stay as they were.
async fn from_file(host: &Inner, file: &std::path::Path, now: Millis) -> Arc<Vec<Key>> {
    {
        let mut known = host.keys.lock();
        let tried = *known.tried.get_or_insert(now);
        if (0..REREAD).contains(&(now.0 - tried.0)) {
            return known.keys.clone();
        }
        // The others go on with what is known while this one reads.
        known.tried = Some(now);
    }
    let read = tokio::fs::read(file).await;
    let read = read.map_err(|error| HostError::File(error.kind()));
    let read = read.and_then(|text| keys::jwks(&text));
    let mut known = host.keys.lock();
    match read {
        Ok(keys) => known.keys = Arc::new(keys),
        Err(error) => {
            let host = &host.settings.name;
            tracing::warn!(%error, host, "the keys stay as they were");
        }
    }
    known.keys.clone()
}

async fn fetched(host: &Arc<Inner>, head: &Head, now: Millis) -> Result<Arc<Vec<Key>>, Wrong> {
    let nothing = || Wrong::Keys(host.settings.name.clone());
    let turn = host.keys.turn.clone();
    let turn = match host.keys.next(head, now) {
        Next::Use(keys) => return Ok(keys),
        Next::Nothing => return Err(nothing()),
        Next::Renew(keys) => match turn.try_lock_owned() {
            Ok(turn) => turn,
            Err(_) => return Ok(keys),
        },
        Next::Fetch => turn.lock_owned().await,
    };
    // Somebody else may have fetched them while this one waited for its turn.
    if let Next::Fetch | Next::Renew(_) = host.keys.next(head, now) {
        let this = host.clone();
        // A task of its own, which ends with the call's deadline: a client that goes away meanwhile must not cost the
        // others the one attempt in a minute.
        let fetching = tokio::spawn(async move {
            fetch(&this, now).await;
            drop(turn);
        });
        let _ = fetching.await;
    }
    match host.keys.next(head, now) {
        Next::Use(keys) | Next::Renew(keys) => Ok(keys),
        Next::Fetch | Next::Nothing => Err(nothing()),
    }
}

async fn fetch(host: &Inner, now: Millis) {
    let HostKey::JwksUrl { url, egress } = &host.settings.key else {
        return;
    };
    let name = &host.settings.name;
    let got = get(url, egress).await;
    let mut known = host.keys.lock();
    // Not before: until then, who needs new keys waits for these.
    known.tried = Some(now);
    match got {
        Ok(keys) => {
            tracing::info!(host = name, keys = keys.len(), "keys were fetched");
            known.keys = Arc::new(keys);
            known.read = Some(now);
        }
        Err(why) => tracing::warn!(host = name, why, "keys could not be fetched"),
    }
}

async fn get(url: &str, egress: &Egress) -> Result<Vec<Key>, String> {
    let answer = egress.call(Request::get(url)).await;
    let answer = answer.map_err(|error| format!("{}: {error}", error.word()))?;
    if answer.status != 200 {
        return Err(format!("status {}", answer.status));
    }
    keys::jwks(&answer.body).map_err(|error| error.to_string())
}
