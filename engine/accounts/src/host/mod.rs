//! Host systems that sign their users in: each shows a JWT for its user, signed with a secret that it shares with us
//! or with a key whose public half lies in a JWKS file.
//!
//! What a token says of itself chooses nothing but the host: which algorithms may be used is decided by the host's own
//! keys, so neither `none` nor a public key taken for a secret gets anywhere. Times are the server's own clock's.

mod claims;
mod keys;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::verify;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use webim_model::Millis;

use keys::Key;

pub use keys::SHORTEST_SECRET;

/// A JWKS file is read again at most this often, in milliseconds, and only when a token comes.
const REREAD: i64 = 10_000;
/// The longest token in bytes.
const LONGEST: usize = 8 * 1_024;

/// What an operator says of a host system.
#[derive(Clone)]
pub struct HostSettings {
    /// What it is called in the log.
    pub name: String,
    /// Its tokens' `iss`.
    pub issuer: String,
    /// What must be among its tokens' `aud`.
    pub audience: String,
    /// What it signs with.
    pub key: HostKey,
    /// The claim that holds the login.
    pub claim: String,
    /// Seconds by which its clock may differ from ours.
    pub skew_seconds: u32,
    /// Seconds after its `iat` in which a token is taken, however long it says that it lives.
    pub max_age_seconds: u32,
}

/// What a host system signs with.
#[derive(Clone)]
pub enum HostKey {
    /// HS256 with this.
    Secret(String),
    /// Any of the public keys in this file.
    JwksFile(PathBuf),
}

/// Why a host system cannot be served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// A shared secret that can be guessed.
    #[error("the secret must have at least {SHORTEST_SECRET} bytes")]
    ShortSecret,
    /// The file is not there, or cannot be read.
    #[error("the JWKS file cannot be read: {0}")]
    File(std::io::ErrorKind),
    /// It does not hold what it should.
    #[error("the JWKS file cannot be used: {0}")]
    Jwks(String),
}

/// A host system whose keys are at hand; cheap to clone.
#[derive(Clone)]
pub struct Host(Arc<Inner>);

struct Inner {
    settings: HostSettings,
    keys: Mutex<Known>,
}

struct Known {
    keys: Arc<Vec<Key>>,
    read_at: Millis,
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Host({})", self.0.settings.name)
    }
}

/// The part of a token before its first dot.
#[derive(Deserialize)]
struct Head {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    crit: Option<Value>,
}

impl Host {
    /// With its keys, which are read now and, from a file, again later.
    pub fn open(settings: HostSettings) -> Result<Self, HostError> {
        let keys = match &settings.key {
            HostKey::Secret(secret) => vec![keys::secret(secret)?],
            HostKey::JwksFile(file) => {
                let text = std::fs::read(file).map_err(|error| HostError::File(error.kind()))?;
                keys::jwks(&text)?
            }
        };
        let known = Known {
            keys: Arc::new(keys),
            read_at: Millis(0),
        };
        Ok(Self(Arc::new(Inner {
            settings,
            keys: Mutex::new(known),
        })))
    }

    /// The login that `token`, which was cut into `head` and `claims`, vouches for, or what is wrong with it.
    async fn login(
        &self,
        token: &str,
        head: &Head,
        claims: &Map<String, Value>,
        now: Millis,
    ) -> Result<String, String> {
        if head.crit.is_some() {
            return Err("header.crit: no extension is understood here".into());
        }
        let keys = self.keys(now).await;
        let (algorithm, key) = choose(&keys, head)?;
        let (message, signature) = token.rsplit_once('.').unwrap_or_default();
        match verify(signature, message.as_bytes(), key, algorithm) {
            Ok(true) => claims::login(claims, &self.0.settings, now),
            _ => Err("signature: it does not match this host's key".into()),
        }
    }

    /// The keys as they were lately; those of a file that cannot be read stay as they were.
    async fn keys(&self, now: Millis) -> Arc<Vec<Key>> {
        let HostKey::JwksFile(file) = &self.0.settings.key else {
            return self.known().keys.clone();
        };
        {
            let mut known = self.known();
            if known.read_at.0 == 0 {
                known.read_at = now;
            }
            if (0..REREAD).contains(&(now.0 - known.read_at.0)) {
                return known.keys.clone();
            }
            // The others go on with what is known while this one reads.
            known.read_at = now;
        }
        let read = tokio::fs::read(file).await;
        let read = read.map_err(|error| HostError::File(error.kind()));
        let read = read.and_then(|text| keys::jwks(&text));
        let mut known = self.known();
        match read {
            Ok(keys) => known.keys = Arc::new(keys),
            Err(error) => {
                let host = &self.0.settings.name;
                tracing::warn!(%error, host, "the keys stay as they were");
            }
        }
        known.keys.clone()
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The key that the header names, and the algorithm if the key is for it.
fn choose<'a>(keys: &'a [Key], head: &Head) -> Result<(Algorithm, &'a DecodingKey), String> {
    let named: Vec<&Key> = match (&head.kid, keys) {
        // A single key needs no name.
        (_, [only]) if head.kid.is_none() || only.id.is_none() => vec![only],
        (Some(kid), _) => keys
            .iter()
            .filter(|key| key.id.as_ref() == Some(kid))
            .collect(),
        (None, _) => return Err("header.kid: missing, and this host has several keys".into()),
    };
    if named.is_empty() {
        return Err("header.kid: this host has no such key".into());
    }
    let mut allowed = named.iter().flat_map(|key| {
        key.algorithms
            .iter()
            .map(|algorithm| (*algorithm, &key.checks))
    });
    let found = allowed.find(|(algorithm, _)| format!("{algorithm:?}") == head.alg);
    found.ok_or_else(|| {
        let words: Vec<_> = named
            .iter()
            .flat_map(|key| &key.algorithms)
            .map(|algorithm| format!("{algorithm:?}"))
            .collect();
        format!("header.alg: this host's key takes {}", words.join(", "))
    })
}

/// The login that `token` vouches for with the host that vouches, or what is wrong with it: for the host's developer,
/// without anything that is secret.
pub(crate) async fn login<'a>(
    hosts: &'a [Host],
    token: &str,
    now: Millis,
) -> Result<(String, &'a str), String> {
    const FORM: &str = "not a JWT: three parts in base64url with dots between them";
    if token.len() > LONGEST {
        return Err(format!("longer than {LONGEST} bytes"));
    }
    let parts: Vec<&str> = token.split('.').collect();
    let [head, claims, _] = parts[..] else {
        return Err(FORM.into());
    };
    let head: Head = part(head).ok_or("header: not JSON with a text `alg`, in base64url")?;
    let claims: Map<String, Value> = part(claims).ok_or(FORM)?;
    // Read before it is verified, to find the host; no other claim is looked at before.
    let issuer = claims.get("iss").and_then(Value::as_str);
    let issuer = issuer.ok_or("iss: missing, or not a text")?;
    let host = hosts.iter().find(|host| host.0.settings.issuer == issuer);
    let host = host.ok_or("iss: no host with this name is known here")?;
    let login = host.login(token, &head, &claims, now).await?;
    Ok((login, &host.0.settings.name))
}

fn part<T: DeserializeOwned>(text: &str) -> Option<T> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    serde_json::from_slice(&bytes).ok()
}
