//! What a verified token must say, beside the `iss` by which its host was found.

use serde_json::{Map, Value};
use webim_model::Millis;

use super::HostSettings;

/// Seconds since 1970 beyond which nothing means a time any more (the year 9999).
const LATEST: f64 = 253_402_300_799.0;

/// What holds of a token whose claims are in order.
pub(super) struct Claimed {
    pub login: String,
    /// When it is refused for its age, whatever else.
    pub until: Millis,
}

/// The login that the claims name, or what is wrong with them.
pub(super) fn read(
    claims: &Map<String, Value>,
    settings: &HostSettings,
    now: Millis,
) -> Result<Claimed, String> {
    audience(claims.get("aud"), &settings.audience)?;
    let until = times(claims, settings, now.0.div_euclid(1_000))?;
    let name = &settings.claim;
    let login = match claims.get(name) {
        Some(Value::String(login)) => login.trim().to_owned(),
        Some(Value::Number(login)) => login.to_string(),
        _ => String::new(),
    };
    if login.is_empty() {
        return Err(format!("{name}: missing, or not a text that names a login"));
    }
    // A second more than the checks allow, since they count in whole ones.
    let until = Millis((until + 1).saturating_mul(1_000));
    Ok(Claimed { login, until })
}

fn audience(claim: Option<&Value>, wanted: &str) -> Result<(), String> {
    let named = match claim {
        Some(Value::String(one)) => one == wanted,
        Some(Value::Array(several)) => several.iter().any(|one| one == wanted),
        _ => return Err("aud: missing, or neither a text nor a list".into()),
    };
    if named {
        Ok(())
    } else {
        Err("aud: not for this server".into())
    }
}

/// The second until which the token holds.
fn times(claims: &Map<String, Value>, settings: &HostSettings, now: i64) -> Result<i64, String> {
    let skew = i64::from(settings.skew_seconds);
    let needed = |name: &str| {
        let found = seconds(claims, name)?;
        found.ok_or_else(|| format!("{name}: missing"))
    };
    let (expires, issued) = (needed("exp")?, needed("iat")?);
    let allowed = format!("with {skew} seconds of skew allowed");
    if now - skew >= expires {
        return Err(format!("exp: {} seconds ago, {allowed}", now - expires));
    }
    if let Some(begins) = seconds(claims, "nbf")?
        && begins > now + skew
    {
        return Err(format!("nbf: in {} seconds, {allowed}", begins - now));
    }
    if issued > now + skew {
        return Err(format!("iat: in {} seconds, {allowed}", issued - now));
    }
    let oldest = i64::from(settings.max_age_seconds);
    if now - issued > oldest + skew {
        let age = now - issued;
        return Err(format!("iat: {age} seconds ago; {oldest} are allowed"));
    }
    Ok(expires.min(issued + oldest) + skew)
}

/// A time, which may have a fraction.
fn seconds(claims: &Map<String, Value>, name: &str) -> Result<Option<i64>, String> {
    let Some(claim) = claims.get(name) else {
        return Ok(None);
    };
    let number = claim
        .as_f64()
        .filter(|number| (0.0..=LATEST).contains(number));
    let number = number.ok_or_else(|| format!("{name}: not a time in seconds since 1970"))?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "between 0 and the year 9999"
    )]
    Ok(Some(number as i64))
}
