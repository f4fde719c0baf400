//! The directory as other systems keep it: units by their code, people by what they sign in with. What is put is there
//! afterwards, and putting it again changes nothing; what is deleted is deactivated, and can be put again.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use webim_accounts::{self as accounts, DirectorySnapshot};
use webim_model::UnitId;
use webim_wire::Problem;
use webim_wire::directory::{
    Changed, DirectoryPerson, DirectoryUnit, PutPerson, PutUnit, WholeDirectory,
};

use super::Answer;
use super::people::changed;
use crate::AppState;
use crate::extract::{Body, DirectoryRead, DirectoryWrite, Name, Scoped, Seen};
use crate::failure::Failure;

/// All of the directory.
///
/// With the organisation's own keys, removed units and deactivated people too. For administrators, and for programs
/// with `directory:read`. The header `ETag` holds the version: give it as `If-Match` to change only what was seen.
#[utoipa::path(
    get, path = "/api/v1/directory", tag = "directory",
    security(("cookie" = []), ("bearer" = []), ("token" = ["directory:read"])),
    responses(
        (status = 200, body = WholeDirectory),
        (status = 403, description = "`forbidden`, `scope_missing`", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn all(
    State(state): State<AppState>,
    Scoped { who, .. }: Scoped<DirectoryRead>,
) -> Result<Response, Failure> {
    let stored = state.accounts.directory(who.by()).await?;
    let version = stored.version;
    Ok(tagged(version, Answer(shape(stored))))
}

/// Make a unit, change it, or bring it back.
///
/// For administrators, and for programs with `directory:write`. The rules are those of an import.
#[utoipa::path(
    put, path = "/api/v1/directory/units/{code}", tag = "directory",
    params(
        ("code" = String, Path, description = "The organisation's own key; at most 64 characters"),
        ("If-Match" = Option<String>, Header, description = "The version that the change is made from"),
    ),
    request_body = PutUnit,
    security(("cookie" = []), ("bearer" = []), ("token" = ["directory:write"])),
    responses(
        (status = 200, body = Changed),
        (status = 412, description = "`directory_changed`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`directory_invalid`: an unknown parent, a unit inside itself, a bad name", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn put_unit(
    State(state): State<AppState>,
    Scoped { who, .. }: Scoped<DirectoryWrite>,
    Name(code): Name,
    Seen(seen): Seen,
    Body(body): Body<PutUnit>,
) -> Result<Response, Failure> {
    let put = accounts::PutUnit {
        code,
        name: body.name,
        parent: body.parent,
        position: body.position,
    };
    let done = state.accounts.put_unit(who.by(), seen, put).await?;
    Ok(told(&state, done).await)
}

/// Deactivate a unit.
///
/// Nobody is in it any more and its conversation is closed; what was said stays. Refused while units are below it.
#[utoipa::path(
    delete, path = "/api/v1/directory/units/{code}", tag = "directory",
    params(
        ("code" = String, Path, description = "The organisation's own key"),
        ("If-Match" = Option<String>, Header, description = "The version that the change is made from"),
    ),
    security(("cookie" = []), ("bearer" = []), ("token" = ["directory:write"])),
    responses(
        (status = 200, body = Changed),
        (status = 404, description = "`unit_unknown`", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "`directory_changed`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`directory_invalid`: units are below it", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn remove_unit(
    State(state): State<AppState>,
    Scoped { who, .. }: Scoped<DirectoryWrite>,
    Name(code): Name,
    Seen(seen): Seen,
) -> Result<Response, Failure> {
    let done = state.accounts.remove_unit(who.by(), seen, &code).await?;
    Ok(told(&state, done).await)
}

/// Make a person, change them, or bring them back.
///
/// For administrators, and for programs with `directory:write`, which give no roles. Who changes units changes
/// conversations with them, and every page follows.
#[utoipa::path(
    put, path = "/api/v1/directory/people/{login}", tag = "directory",
    params(
        ("login" = String, Path, description = "What they sign in with; at most 64 characters"),
        ("If-Match" = Option<String>, Header, description = "The version that the change is made from"),
    ),
    request_body = PutPerson,
    security(("cookie" = []), ("bearer" = []), ("token" = ["directory:write"])),
    responses(
        (status = 200, body = Changed),
        (status = 403, description = "`forbidden`: roles from a program", body = Problem,
            content_type = "application/problem+json"),
        (status = 409, description = "`last_admin`", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "`directory_changed`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`directory_invalid`: an unknown unit, a bad name", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn put_person(
    State(state): State<AppState>,
    Scoped { who, .. }: Scoped<DirectoryWrite>,
    Name(login): Name,
    Seen(seen): Seen,
    Body(body): Body<PutPerson>,
) -> Result<Response, Failure> {
    let roles = body
        .roles
        .map(|roles| roles.into_iter().map(Into::into).collect());
    let put = accounts::PutPerson {
        login,
        name: body.name,
        units: body.units,
        roles,
        avatar: body.avatar,
        password: body.password,
    };
    let done = state.accounts.put_person(who.by(), seen, put).await?;
    Ok(told(&state, done).await)
}

/// Deactivate a person.
///
/// They are out at once, leave their units, and can be written to no more; what they said stays.
#[utoipa::path(
    delete, path = "/api/v1/directory/people/{login}", tag = "directory",
    params(
        ("login" = String, Path, description = "What they sign in with"),
        ("If-Match" = Option<String>, Header, description = "The version that the change is made from"),
    ),
    security(("cookie" = []), ("bearer" = []), ("token" = ["directory:write"])),
    responses(
        (status = 200, body = Changed),
        (status = 404, description = "`person_unknown`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`last_admin`", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "`directory_changed`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn remove_person(
    State(state): State<AppState>,
    Scoped { who, .. }: Scoped<DirectoryWrite>,
    Name(login): Name,
    Seen(seen): Seen,
) -> Result<Response, Failure> {
    let done = state.accounts.remove_person(who.by(), seen, &login).await?;
    Ok(told(&state, done).await)
}

/// The answer to a change, which everybody sees from now on.
async fn told(state: &AppState, done: accounts::Changed) -> Response {
    changed(state).await;
    let version = done.version;
    let body = Changed {
        id: done.id,
        version,
    };
    tagged(version, Answer(body))
}

fn tagged(version: u64, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    let tag = HeaderValue::try_from(format!("\"{version}\"")).expect("digits are ASCII");
    response.headers_mut().insert(ETAG, tag);
    response
}

fn shape(stored: DirectorySnapshot) -> WholeDirectory {
    let codes: HashMap<UnitId, String> = stored
        .units
        .iter()
        .map(|unit| (unit.id, unit.code.clone()))
        .collect();
    let mut units_of: HashMap<_, Vec<String>> = HashMap::new();
    for (unit, person) in &stored.memberships {
        let code = codes.get(unit).cloned();
        units_of.entry(*person).or_default().extend(code);
    }
    let units = stored.units.into_iter().map(|unit| DirectoryUnit {
        id: unit.id.0,
        parent: unit.parent.and_then(|parent| codes.get(&parent).cloned()),
        code: unit.code,
        name: unit.name,
        position: unit.position,
        active: unit.active,
    });
    let units = units.collect();
    let people = stored.people.into_iter().map(|person| DirectoryPerson {
        id: person.id.0,
        units: units_of.remove(&person.id).unwrap_or_default(),
        login: person.login,
        name: person.name,
        roles: person.roles.iter().map(Into::into).collect(),
        avatar: person.avatar,
        active: person.active,
    });
    WholeDirectory {
        version: stored.version,
        people: people.collect(),
        units,
    }
}
