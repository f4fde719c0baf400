//! Host systems that sign their users in: each shows a JWT for its user, signed with a secret that it shares with us
//! or with a key whose public half lies in a JWKS file or is fetched by URL.
//!
//! What a token says of itself chooses nothing but the host: which algorithms may be used is decided by the host's own
//! keys, so neither `none` nor a public key taken for a secret gets anywhere. Times are the server's own clock's.

mod claims;
mod keys;
mod known;
#[cfg(test)]
mod tests;
mod used;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::verify;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use webim_egress::Egress;
use webim_model::Millis;

use claims::Claimed;
use keys::Key;
use known::Known;

pub use keys::SHORTEST_SECRET;
pub(crate) use used::{Taken, Used};

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
    /// Any of the public keys at an address: fetched when a token comes, kept for ten minutes, and for a day where the
    /// host cannot be reached; a token that names an unknown key has them fetched again, once a minute at most.
    JwksUrl {
        /// The address.
        url: String,
        /// What fetches it; its rules allow that host.
        egress: Egress,
    },
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
    keys: Known,
}

/// Why a token does not sign anybody in.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Wrong {
    /// What is wrong with it: for the host's developer, without anything that is secret.
    #[error("{0}")]
    Token(String),
    /// The keys of this host are not known and cannot be fetched now.
    #[error("the keys of {0} cannot be fetched")]
    Keys(String),
}

impl From<String> for Wrong {
    fn from(what: String) -> Self {
        Self::Token(what)
    }
}

impl From<&str> for Wrong {
    fn from(what: &str) -> Self {
        Self::Token(what.to_owned())
    }
}

/// What a token that holds says.
pub(crate) struct Vouched<'a> {
    pub login: String,
    /// The host's name, for the log.
    pub host: &'a str,
    /// What tells this token from others: its issuer and `jti`, or what was signed where it has none.
    pub once: [u8; 32],
    /// When it is refused for its age.
    pub until: Millis,
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
    /// With its keys, which are read now and, from a file, again later; those at an address are not fetched before a
    /// token comes.
    pub fn open(settings: HostSettings) -> Result<Self, HostError> {
        let keys = Known::open(&settings.key)?;
        Ok(Self(Arc::new(Inner { settings, keys })))
    }

    /// What `token`, which was cut into `head` and `claims`, vouches for, or what is wrong with it.
    async fn check(
        &self,
        token: &str,
        head: &Head,
        claims: &Map<String, Value>,
        now: Millis,
    ) -> Result<Claimed, Wrong> {
        if head.crit.is_some() {
            return Err("header.crit: no extension is understood here".into());
        }
        let keys = known::keys(&self.0, head, now).await?;
        let (algorithm, key) = choose(&keys, head)?;
        let (message, signature) = token.rsplit_once('.').unwrap_or_default();
        match verify(signature, message.as_bytes(), key, algorithm) {
            Ok(true) => Ok(claims::read(claims, &self.0.settings, now)?),
            _ => Err("signature: it does not match this host's key".into()),
        }
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

/// What `token` vouches for with the host that vouches, or what is wrong with it.
pub(crate) async fn vouch<'a>(
    hosts: &'a [Host],
    token: &str,
    now: Millis,
) -> Result<Vouched<'a>, Wrong> {
    const FORM: &str = "not a JWT: three parts in base64url with dots between them";
    if token.len() > LONGEST {
        return Err(format!("longer than {LONGEST} bytes").into());
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
    let Claimed { login, until } = host.check(token, &head, &claims, now).await?;
    Ok(Vouched {
        login,
        host: &host.0.settings.name,
        once: once(issuer, &claims, token),
        until,
    })
}

/// What tells a token from all others. What was signed, not the signature: the same claims may be signed in many ways.
fn once(issuer: &str, claims: &Map<String, Value>, token: &str) -> [u8; 32] {
    let named = claims.get("jti").and_then(Value::as_str);
    let mut digest = Sha256::new();
    if let Some(id) = named.filter(|id| !id.is_empty()) {
        digest.update(b"jti\0");
        digest.update((issuer.len() as u64).to_be_bytes());
        digest.update(issuer);
        digest.update(id);
    } else {
        let signed = token.rsplit_once('.').map_or(token, |(signed, _)| signed);
        digest.update(b"token\0");
        digest.update(signed);
    }
    digest.finalize().into()
}

fn part<T: DeserializeOwned>(text: &str) -> Option<T> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    serde_json::from_slice(&bytes).ok()
}
