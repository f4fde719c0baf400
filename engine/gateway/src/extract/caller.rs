//! Who calls: from a bearer token or the session cookie, and from nothing that the request says.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use webim_accounts::SignedIn;
use webim_model::Refusal;
use webim_router::Caller;

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
            Some(token) => (token, false),
            None => (
                cookie::token(&parts.headers).ok_or(Refusal::NotAuthenticated)?,
                true,
            ),
        };
        if cookie && !parts.method.is_safe() {
            state.origins.check(&parts.headers)?;
        }
        let session = state.accounts.authenticate(token).await?;
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

/// The token of an `Authorization: Bearer` header.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
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
    use super::*;

    #[test]
    fn a_bearer_token_is_taken_out_of_its_header() {
        let found = |text: &str| {
            let headers: HeaderMap = [(AUTHORIZATION, text.parse().unwrap())]
                .into_iter()
                .collect();
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(found("Bearer wim_x").as_deref(), Some("wim_x"));
        assert_eq!(found("bearer  wim_x ").as_deref(), Some("wim_x"));
        assert_eq!(found("Basic wim_x"), None);
        assert_eq!(found("wim_x"), None);
    }
}
