//! What a host system signs with: a shared secret, or the public keys of a JWKS file.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};

use super::HostError;

/// The shortest shared secret in bytes: as long as what HS256 makes of it.
pub const SHORTEST_SECRET: usize = 32;
/// The shortest RSA modulus in bytes.
const SHORTEST_MODULUS: usize = 256;

/// What an RSA key may be used for; which of them is decided by the token's header, and no other family ever is.
const RSA: [Algorithm; 6] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
];

/// One key, and what it may be used for.
pub(super) struct Key {
    /// What tokens name it by, if it has a name.
    pub id: Option<String>,
    pub algorithms: Vec<Algorithm>,
    pub checks: DecodingKey,
}

/// A shared secret is good for HS256 and nothing else.
pub(super) fn secret(secret: &str) -> Result<Key, HostError> {
    if secret.len() < SHORTEST_SECRET {
        return Err(HostError::ShortSecret);
    }
    Ok(Key {
        id: None,
        algorithms: vec![Algorithm::HS256],
        checks: DecodingKey::from_secret(secret.as_bytes()),
    })
}

/// The keys of a JWKS document that check signatures; those for other purposes and of unknown kinds are passed over.
pub(super) fn jwks(text: &[u8]) -> Result<Vec<Key>, HostError> {
    let set: JwkSet = serde_json::from_slice(text)
        .map_err(|error| HostError::Jwks(format!("not a JWKS document: {error}")))?;
    let mut keys = Vec::new();
    for (at, jwk) in set.keys.iter().enumerate() {
        let wrong = |why: &str| HostError::Jwks(format!("keys[{at}]: {why}"));
        let Some(algorithms) = usable(jwk).map_err(wrong)? else {
            continue;
        };
        let key = DecodingKey::from_jwk(jwk).map_err(|_| wrong("its numbers cannot be read"))?;
        keys.push(Key {
            id: jwk.common.key_id.clone(),
            algorithms,
            checks: key,
        });
    }
    if keys.is_empty() {
        return Err(HostError::Jwks("no key that checks signatures".into()));
    }
    Ok(keys)
}

/// What a key may be used for; none if it is for something else.
fn usable(jwk: &Jwk) -> Result<Option<Vec<Algorithm>>, &'static str> {
    let checks = match &jwk.common.public_key_use {
        None | Some(PublicKeyUse::Signature) => true,
        Some(_) => false,
    };
    if !checks {
        return Ok(None);
    }
    let mut algorithms = match &jwk.algorithm {
        AlgorithmParameters::RSA(rsa) => {
            let modulus = URL_SAFE_NO_PAD.decode(&rsa.n);
            let modulus = modulus.map_err(|_| "n is not base64url")?;
            let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
            if modulus.len() - zeros < SHORTEST_MODULUS {
                return Err("an RSA key needs at least 2048 bits");
            }
            RSA.to_vec()
        }
        AlgorithmParameters::EllipticCurve(curve) => match curve.curve {
            EllipticCurve::P256 => vec![Algorithm::ES256],
            EllipticCurve::P384 => vec![Algorithm::ES384],
            _ => return Ok(None),
        },
        AlgorithmParameters::OctetKeyPair(pair) => match pair.curve {
            EllipticCurve::Ed25519 => vec![Algorithm::EdDSA],
            _ => return Ok(None),
        },
        AlgorithmParameters::OctetKey(_) => {
            return Err("a shared secret does not belong in a JWKS file; set `secret` instead");
        }
        _ => return Ok(None),
    };
    if let Some(named) = &jwk.common.key_algorithm {
        algorithms.retain(|algorithm| format!("{algorithm:?}") == named.to_string());
        if algorithms.is_empty() {
            return Ok(None);
        }
    }
    Ok(Some(algorithms))
}
