//! Customers at the door: who a host system says they are, and the token that they keep.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use webim_model::{Millis, PersonId, PersonKind, Refusal, SessionId};
use webim_store::SessionRow;

use super::{Accounts, DAY, refused, signed};
use crate::master::Place;
use crate::token::digest;
use crate::{Denial, SignedIn, Token};

/// Longest token that is looked at, in bytes.
const LONGEST: usize = 8_192;
/// Shortest and longest secret, in bytes.
const SECRET: std::ops::RangeInclusive<usize> = 32..=255;
/// By how much clocks may differ, in seconds.
const SKEW: i64 = 60;
/// Longest name of a user in their host system, in characters.
const NAME: usize = 190;

/// Who a host system says somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    /// What the host system calls them.
    pub external: String,
    /// What people call them, if it says.
    pub name: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: f64,
    #[serde(default)]
    nbf: Option<f64>,
    #[serde(default)]
    name: Option<String>,
}

impl Accounts {
    /// A channel's secret as it is kept. Refused with `bad_field` if it can be guessed.
    pub fn seal_channel_secret(&self, code: &str, secret: &str) -> Result<String, Denial> {
        if secret.is_empty() {
            return Ok(String::new());
        }
        if !SECRET.contains(&secret.len()) {
            let (least, most) = (SECRET.start(), SECRET.end());
            let detail = format!("secret: {least} to {most} bytes");
            return Err(Denial::because(Refusal::BadField, detail));
        }
        Ok(self.seal(code, secret))
    }

    /// Who the host system of a channel says somebody is. Refused with `identity_invalid`, and what is wrong.
    pub fn vouched(
        &self,
        code: &str,
        sealed: Option<&str>,
        token: &str,
    ) -> Result<Vouched, Denial> {
        let now = self.0.sources.now();
        let sealed = sealed.ok_or("this channel has no secret to check it with");
        let secret = sealed.and_then(|sealed| self.open_sealed(code, sealed));
        let vouched = secret.and_then(|secret| vouched(&secret, code, token, now));
        vouched.map_err(|detail| {
            tracing::info!(channel = code, detail, "a customer's identity was refused");
            Denial::because(Refusal::IdentityInvalid, detail)
        })
    }

    /// Whether somebody new may come from this address now: each makes rows that stay.
    pub fn admits_newcomer(&self, from: std::net::IpAddr) -> bool {
        self.0.newcomers.check(&from).is_ok()
    }

    /// Lets a customer in on one device; the token holds for so many days without being used.
    pub async fn let_in(
        &self,
        customer: PersonId,
        device: &str,
        days: u32,
    ) -> Result<(SignedIn, Token), Denial> {
        let this = &self.0;
        let person = this.store.person(customer).await?;
        let person = person.filter(|person| person.active && person.kind == PersonKind::Customer);
        let person = person.ok_or(Refusal::CustomerUnknown)?;
        let token = Token::new(&this.sources);
        let now = this.sources.now();
        let row = SessionRow {
            id: SessionId(this.sources.uuid()),
            person: person.id,
            token_hash: digest(token.reveal()).expect("a fresh token has a token's form"),
            created: now,
            expires: now.plus(i64::from(days).saturating_mul(DAY)),
            seen: now,
            device: device
                .chars()
                .filter(|char| !char.is_control())
                .take(100)
                .collect(),
        };
        this.store.insert_session(&row).await.map_err(refused)?;
        Ok((signed(&row, &person), token))
    }

    fn seal(&self, code: &str, secret: &str) -> String {
        let sealed = self
            .0
            .master
            .seal(place(code), secret.as_bytes(), &self.0.sources);
        STANDARD.encode(sealed)
    }

    fn open_sealed(&self, code: &str, sealed: &str) -> Result<String, &'static str> {
        const LOST: &str = "this channel's secret cannot be opened: set it anew";
        let sealed = STANDARD.decode(sealed).map_err(|_| LOST)?;
        let opened = self.0.master.open(place(code), &sealed);
        let opened = opened.map_err(|error| {
            tracing::error!(%error, channel = code, "a channel's secret cannot be opened");
            LOST
        })?;
        String::from_utf8(opened).map_err(|_| LOST)
    }
}

/// Where a channel's secret lies.
fn place(code: &str) -> Place<'_> {
    Place {
        table: "channels.secret",
        row: code,
    }
}

fn vouched(secret: &str, code: &str, token: &str, now: Millis) -> Result<Vouched, &'static str> {
    if token.len() > LONGEST {
        return Err("longer than 8192 bytes");
    }
    let mut rules = Validation::new(Algorithm::HS256);
    rules.set_audience(&[code]);
    rules.set_required_spec_claims(&["exp", "sub", "aud"]);
    // Times are compared with the server's clock below.
    rules.validate_exp = false;
    rules.validate_nbf = false;
    let key = DecodingKey::from_secret(secret.as_bytes());
    let data = jsonwebtoken::decode::<Claims>(token, &key, &rules).map_err(|error| {
        use jsonwebtoken::errors::ErrorKind;
        match error.kind() {
            ErrorKind::InvalidSignature => "signature: it does not match this channel's secret",
            ErrorKind::InvalidAlgorithm => "header.alg: HS256 is wanted",
            ErrorKind::InvalidAudience => "aud: not this channel's key",
            ErrorKind::MissingRequiredClaim(_) => "sub, exp and aud are wanted",
            _ => "not a JWT with sub, exp and aud",
        }
    })?;
    let claims = data.claims;
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds since 1970 are far from where it matters"
    )]
    let seconds = (now.0 / 1_000) as f64;
    #[expect(clippy::cast_precision_loss, reason = "it is 60")]
    let skew = SKEW as f64;
    if !(claims.exp + skew > seconds) {
        return Err("exp: it is over");
    }
    if claims.nbf.is_some_and(|begins| begins > seconds + skew) {
        return Err("nbf: not yet");
    }
    let external = claims.sub.trim();
    let length = external.chars().count();
    if length == 0 || length > NAME || external.contains(char::is_control) {
        return Err("sub: 1 to 190 characters");
    }
    Ok(Vouched {
        external: external.to_owned(),
        name: claims.name.filter(|name| !name.trim().is_empty()),
    })
}
