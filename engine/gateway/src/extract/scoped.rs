//! Who calls where programs may: a person with a session, or a program whose token has the address's scope.
//!
//! An address takes API tokens by taking [`Scoped`] with one of the scopes below instead of `Signed`, and says so in
//! its description (`security(("cookie" = []), ("bearer" = []), ("token" = ["directory:read"]))`). All others refuse
//! them.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use webim_accounts::{Accounts, ApiClient, By};
use webim_model::{PersonId, PersonKind, Refusal, Roles, Scope, SessionId};
use webim_router::Caller;

use super::caller::{Bearer, Signed, bearer, paced, too_fast};
use crate::AppState;
use crate::failure::Failure;

/// A scope as a type.
pub(crate) trait Needs {
    /// Which.
    const SCOPE: Scope;
}

/// `messages:push`.
pub(crate) struct MessagesPush;

impl Needs for MessagesPush {
    const SCOPE: Scope = Scope::MessagesPush;
}

/// `directory:read`.
pub(crate) struct DirectoryRead;

impl Needs for DirectoryRead {
    const SCOPE: Scope = Scope::DirectoryRead;
}

/// `directory:write`.
pub(crate) struct DirectoryWrite;

impl Needs for DirectoryWrite {
    const SCOPE: Scope = Scope::DirectoryWrite;
}

/// Who calls: a person, whose roles are still to be looked at, or a program that has the scope.
pub(crate) enum Who {
    /// Signed in.
    Person(Box<Signed>),
    /// Let in by an administrator.
    Client(ApiClient),
}

impl Who {
    /// As the door wants to know who asks for a change.
    pub fn by(&self) -> By<'_> {
        match self {
            Self::Person(signed) => By::Person(&signed.session),
            Self::Client(client) => By::Client(client),
        }
    }

    /// As the router wants to know who reads the directory: a program sees what a member of staff does who is in no
    /// unit. Not for anything else: nobody has the id that it reads under.
    pub fn reader(&self) -> Caller {
        match self {
            Self::Person(signed) => signed.caller.clone(),
            Self::Client(client) => Caller {
                person: PersonId(client.id.0),
                kind: PersonKind::Member,
                session: SessionId(client.id.0),
                roles: Roles::default(),
            },
        }
    }
}

/// A caller of an address that takes API tokens with the scope `S`.
pub(crate) struct Scoped<S> {
    /// Who calls.
    pub who: Who,
    scope: PhantomData<S>,
}

impl<S: Needs> FromRequestParts<AppState> for Scoped<S> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Failure> {
        let who = match bearer(&parts.headers) {
            Bearer::Token(token) if Accounts::is_api_token(token) => {
                let client = state.accounts.api_client(token).await?;
                client
                    .may(S::SCOPE)
                    .map_err(|refusal| missing(refusal, Some(S::SCOPE)))?;
                if parts.method.is_safe() && paced(parts.uri.path()) {
                    state.accounts.pace_client(&client).map_err(too_fast)?;
                }
                Who::Client(client)
            }
            _ => Who::Person(Box::new(Signed::from_request_parts(parts, state).await?)),
        };
        Ok(Self {
            who,
            scope: PhantomData,
        })
    }
}

/// The refusal of a token that does not have the scope, or where none is enough.
pub(super) fn missing(refusal: Refusal, scope: Option<Scope>) -> Failure {
    let detail = match scope {
        Some(scope) => format!("the token needs the scope {}", scope.name()),
        None => "this address takes no API token".to_owned(),
    };
    Failure::because(refusal, detail)
}
