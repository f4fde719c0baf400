//! `[[sign_in.hosts]]`: host systems that sign their users in.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webim_accounts::{Host, HostKey, HostSettings, SHORTEST_SECRET};
use webim_egress::{Egress, HostRule, Inside, Limits, Rules};

use super::{Config, ConfigError, Finding};

/// A host system that signs its users in by a JWT.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HostSection {
    /// What it is called in the log.
    pub name: String,
    /// Its tokens' `iss`.
    pub issuer: String,
    /// What must be among its tokens' `aud`.
    pub audience: String,
    /// A secret that it shares with us, for HS256.
    #[serde(default)]
    pub secret: Secret,
    /// A file with its public keys (JWKS), in place of a secret.
    #[serde(default)]
    pub jwks_file: String,
    /// An address with its public keys (JWKS), in place of a secret.
    #[serde(default)]
    pub jwks_url: String,
    /// The claim that holds the login.
    #[serde(default = "claim")]
    pub claim: String,
    /// Seconds by which its clock may differ from ours.
    #[serde(default = "skew_seconds")]
    pub skew_seconds: u32,
    /// Seconds after its `iat` in which a token is taken, however long it says that it lives.
    #[serde(default = "max_age_seconds")]
    pub max_age_seconds: u32,
}

/// A text that is not shown in logs.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Most seconds that a host's clock may differ by.
const SKEW: u32 = 600;
/// Most seconds that a token may live.
const AGE: u32 = 86_400;

fn claim() -> String {
    "sub".to_owned()
}

fn skew_seconds() -> u32 {
    60
}

fn max_age_seconds() -> u32 {
    300
}

impl HostSection {
    /// The same as the door wants to know it.
    fn settings(&self, inside: &[Inside]) -> HostSettings {
        let key = if !self.jwks_url.is_empty() {
            HostKey::JwksUrl {
                url: self.jwks_url.clone(),
                egress: self.egress(inside),
            }
        } else if !self.jwks_file.is_empty() {
            HostKey::JwksFile(PathBuf::from(&self.jwks_file))
        } else {
            HostKey::Secret(self.secret.0.clone())
        };
        HostSettings {
            name: self.name.clone(),
            issuer: self.issuer.clone(),
            audience: self.audience.clone(),
            key,
            claim: self.claim.clone(),
            skew_seconds: self.skew_seconds,
            max_age_seconds: self.max_age_seconds,
        }
    }

    /// What fetches its keys, and nothing else.
    fn egress(&self, inside: &[Inside]) -> Egress {
        Egress::new(Rules {
            hosts: host_of(&self.jwks_url).into_iter().collect(),
            http: self.jwks_url.starts_with("http:"),
            inside: inside.to_vec(),
            limits: Limits {
                response_bytes: 256 * 1_024,
                deadline: Duration::from_secs(5),
                ..Limits::default()
            },
        })
    }

    /// Makes the path of its file one that stands in `folder`.
    pub(super) fn absolute(&mut self, folder: &Path) {
        if !self.jwks_file.is_empty() {
            self.jwks_file = folder.join(&self.jwks_file).display().to_string();
        }
    }

    /// What is wrong with it alone: the key and why.
    fn wrong(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        for (key, text) in [
            ("name", &self.name),
            ("issuer", &self.issuer),
            ("audience", &self.audience),
            ("claim", &self.claim),
        ] {
            if text.trim().is_empty() {
                wrong.push((key, "must not be empty".to_owned()));
            }
        }
        let keys = [&self.secret.0, &self.jwks_file, &self.jwks_url];
        match keys.iter().filter(|key| !key.is_empty()).count() {
            0 => wrong.push((
                "secret",
                "is missing, and jwks_file and jwks_url too".to_owned(),
            )),
            1 if !self.secret.0.is_empty() && self.secret.0.len() < SHORTEST_SECRET => {
                let message = format!("must have at least {SHORTEST_SECRET} bytes");
                wrong.push(("secret", message));
            }
            1 => {}
            _ => {
                let message = "choose one of secret, jwks_file and jwks_url";
                wrong.push(("secret", message.to_owned()));
            }
        }
        if !self.jwks_url.is_empty() && !is_jwks_url(&self.jwks_url) {
            let message =
                "must be like \"https://idp.example.com/keys\"; http only on this machine itself";
            wrong.push(("jwks_url", message.to_owned()));
        }
        if self.skew_seconds > SKEW {
            wrong.push(("skew_seconds", format!("must be at most {SKEW}")));
        }
        if !(1..=AGE).contains(&self.max_age_seconds) {
            wrong.push(("max_age_seconds", format!("must be between 1 and {AGE}")));
        }
        wrong
    }
}

/// The host in an address, as a rule for that host alone.
fn host_of(url: &str) -> Option<HostRule> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let after = authority.rfind(']').map_or(0, |at| at + 1);
    let port = authority[after..].find(':').map(|at| after + at);
    HostRule::parse(&authority[..port.unwrap_or(authority.len())]).ok()
}

/// Whoever can change the keys on their way can sign in as anybody: so https, or not over any network.
fn is_jwks_url(url: &str) -> bool {
    let here = ["localhost", "127.0.0.1", "[::1]"].map(HostRule::parse);
    match (url.split_once("://"), host_of(url)) {
        (Some(("https", _)), Some(_)) => true,
        (Some(("http", _)), Some(host)) => here.contains(&Ok(host)),
        _ => false,
    }
}

/// The host systems with their keys, or which key of the settings is why not.
pub fn open_hosts(config: &Config) -> Result<Vec<Host>, ConfigError> {
    let inside = config.egress.inside();
    let hosts = config.sign_in.hosts.iter().enumerate().map(|(at, host)| {
        Host::open(host.settings(&inside)).map_err(|error| {
            let path = format!("sign_in.hosts[{at}].jwks_file");
            ConfigError::Wrong(vec![Finding::new(path, error.to_string())])
        })
    });
    hosts.collect()
}

/// What is wrong with these hosts.
pub(super) fn validate(hosts: &[HostSection]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, host) in hosts.iter().enumerate() {
        let path = |key: &str| format!("sign_in.hosts[{at}].{key}");
        let wrong = host.wrong().into_iter();
        findings.extend(wrong.map(|(key, message)| Finding::new(path(key), message)));
        // The issuer tells whose token it is.
        if hosts[..at].iter().any(|other| other.issuer == host.issuer) {
            findings.push(Finding::new(path("issuer"), "is another host's already"));
        }
    }
    findings
}
