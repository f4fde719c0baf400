//! Who calls: from a bearer token or the session cookie, and from nothing that the request says.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use webim_accounts::{Accounts, SignedIn};
use webim_model::Refusal;
use webim_router::{Caller, Nay};

use super::scoped::missing;
use crate::failure::Failure;
use crate::{AppState, cookie};

/// A caller with a valid session. A cookie is proof only for what changes nothing, or from an allowed page.
pub(crate) struct Signed {
    /// As the router wants to know them.
    pub caller: Caller,
    /// As the door knows them.
    pub session: SignedIn,
    /// The token; none where a ticket was shown.
    pub token: Option<String>,
    /// Whether the token came as a cookie, which a browser sends along by itself.
    pub cookie: bool,
}

impl FromRequestParts<AppState> for Signed {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Failure> {
        let (token, cookie) = match bearer(&parts.headers) {
            Bearer::Token(token) if Accounts::is_api_token(token) => {
                state.accounts.api_client(token).await?;
                return Err(missing(Refusal::ScopeMissing, None));
            }
            Bearer::Token(token) => (token, false),
            Bearer::Malformed => return Err(Refusal::NotAuthenticated.into()),
            Bearer::Absent => (
                cookie::token(&parts.headers).ok_or(Refusal::NotAuthenticated)?,
                true,
            ),
        };
        if cookie && !parts.method.is_safe() {
            state.origins.check(&parts.headers)?;
        }
        let session = state.accounts.authenticate(token).await?;
        if parts.method.is_safe() && paced(parts.uri.path()) {
            state.accounts.pace(&session).map_err(too_fast)?;
        }
        Ok(Self {
            caller: caller(&session),
            session,
            token: Some(token.to_owned()),
            cookie,
        })
    }
}

impl Signed {
    /// Somebody who has shown a one-time ticket.
    pub fn by_ticket(state: &AppState, ticket: &str) -> Result<Self, Failure> {
        let session = state.accounts.redeem(ticket)?;
        Ok(Self {
            caller: caller(&session),
            session,
            token: None,
            cookie: false,
        })
    }
}

/// What reads from the store. Pictures are kept by browsers, come by the hundred with a list, and cost little.
pub(super) fn paced(path: &str) -> bool {
    path.starts_with("/api/") || path.starts_with("/layim/")
}

pub(super) fn too_fast(millis: u64) -> Failure {
    Failure(Nay {
        refusal: Refusal::RateLimited,
        detail: None,
        retry_after: Some(millis),
    })
}

/// What `Authorization` says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Bearer<'a> {
    /// This token.
    Token(&'a str),
    /// Something was meant, but it is no token: whoever shows that is not asked for a cookie instead.
    Malformed,
    /// Nothing, or what is meant for a proxy before us (`Basic`).
    Absent,
}

/// The token of an `Authorization: Bearer` header.
pub(crate) fn bearer(headers: &HeaderMap) -> Bearer<'_> {
    let mut found = Bearer::Absent;
    for value in headers.get_all(AUTHORIZATION) {
        let Ok(value) = value.to_str() else {
            return Bearer::Malformed;
        };
        let Some((scheme, token)) = value.trim().split_once([' ', '\t']) else {
            return Bearer::Malformed;
        };
        if !scheme.eq_ignore_ascii_case("bearer") {
            continue;
        }
        // Which of two would be meant is not guessed.
        if found != Bearer::Absent {
            return Bearer::Malformed;
        }
        found = Bearer::Token(token.trim());
    }
    found
}

/// The same person as the router wants to know them.
pub(crate) fn caller(session: &SignedIn) -> Caller {
    Caller {
        person: session.person,
        kind: session.kind,
        session: session.session,
        roles: session.roles,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_bearer_token_is_taken_out_of_its_header() {
        let found = |lines: &[&str]| {
            let lines = lines
                .iter()
                .map(|line| (AUTHORIZATION, line.parse().unwrap()));
            let headers: HeaderMap = lines.collect();
            match bearer(&headers) {
                Bearer::Token(token) => token.to_owned(),
                Bearer::Malformed => "malformed".to_owned(),
                Bearer::Absent => "absent".to_owned(),
            }
        };
        assert_eq!(found(&["Bearer wim_x"]), "wim_x");
        assert_eq!(found(&["bearer  wim_x "]), "wim_x");
        assert_eq!(found(&["Basic eA=="]), "absent");
        assert_eq!(found(&["Basic eA==", "Bearer wim_x"]), "wim_x");
        assert_eq!(found(&[]), "absent");
        for malformed in ["", " ", "Bearer", "Bearer ", "bearer\t", "wim_x"] {
            assert_eq!(found(&[malformed]), "malformed", "{malformed:?}");
        }
        assert_eq!(found(&["Bearer wim_x", "Bearer wim_y"]), "malformed");
        let bytes = HeaderValue::from_bytes(b"Bearer wim_\xff").unwrap();
        let headers: HeaderMap = [(AUTHORIZATION, bytes)].into_iter().collect();
        assert_eq!(bearer(&headers), Bearer::Malformed);
    }
}
