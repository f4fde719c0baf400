//! Every address, once: the server's routes and the interface's description are made from the same list.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::CONNECTION;
use axum::middleware::from_fn;
use utoipa::OpenApi as _;
use utoipa::openapi::{OpenApi, PathItem};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use webim_model::Refusal;

use crate::api::{
    account, amend, channels, devices, directory_rest, layim_log, people, search, tokens,
};
use crate::api::{
    conversations, directory, files, layim, links, me, messages, service, session, uploads,
};
use crate::failure::Failure;
use crate::{AppState, avatar, docs, finish, health, pages, setup, socket};

fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(docs::Api::openapi())
        .routes(routes!(
            session::who_am_i,
            session::sign_in,
            session::sign_out
        ))
        .routes(routes!(session::ticket))
        .routes(routes!(me::status))
        .routes(routes!(account::password))
        .routes(routes!(account::settings, account::put_settings))
        .routes(routes!(devices::list, devices::end_all))
        .routes(routes!(devices::end))
        .routes(routes!(tokens::list, tokens::make))
        .routes(routes!(tokens::revoke))
        .routes(routes!(people::active))
        .routes(routes!(people::roles))
        .routes(routes!(people::password))
        .routes(routes!(directory::units))
        .routes(routes!(directory::people))
        .routes(routes!(directory::person, people::erase))
        .routes(routes!(directory_rest::all))
        .routes(routes!(
            directory_rest::put_unit,
            directory_rest::remove_unit
        ))
        .routes(routes!(
            directory_rest::put_person,
            directory_rest::remove_person
        ))
        .routes(routes!(me::sign))
        .routes(routes!(conversations::list))
        .routes(routes!(conversations::one))
        .routes(routes!(conversations::history))
        .routes(routes!(conversations::members))
        .routes(routes!(conversations::read))
        .routes(routes!(messages::post))
        .routes(routes!(amend::edit, amend::recall))
        .routes(routes!(amend::react))
        .routes(routes!(amend::forward))
        .routes(routes!(amend::readers))
        .routes(routes!(amend::versions))
        .routes(routes!(amend::drafts, amend::keep_draft))
        .routes(routes!(search::search))
        .merge(kept())
        .merge(bridge())
        .merge(customer_service())
        .routes(routes!(socket::open))
        .routes(routes!(avatar::avatar))
        .routes(routes!(setup::show, setup::create))
        .routes(routes!(pages::home))
        .routes(routes!(pages::desk))
        .routes(routes!(pages::customer))
        .routes(routes!(pages::widget))
        .routes(routes!(pages::asset))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(docs::document))
}

/// In the shapes of LayIM.
fn bridge() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(layim::init))
        .routes(routes!(layim::members))
        .routes(routes!(layim_log::chatlog))
        .routes(routes!(layim_log::msgbox))
        .routes(routes!(layim_log::sign, layim_log::post_sign))
        .routes(routes!(layim_log::skin, layim_log::put_skin))
        .routes(routes!(uploads::layim_image))
        .routes(routes!(uploads::layim_file))
}

fn customer_service() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(channels::list))
        .routes(routes!(channels::face, channels::put, channels::close))
        .routes(routes!(channels::put_topic))
        .routes(routes!(channels::agents))
        .routes(routes!(channels::come))
        .routes(routes!(channels::teams, channels::make_team))
        .routes(routes!(channels::put_team, channels::delete_team))
        .routes(routes!(service::agents))
        .routes(routes!(channels::put_agent))
        .routes(routes!(service::lanes))
        .routes(routes!(service::served))
        .routes(routes!(service::detail))
        .routes(routes!(service::side))
        .routes(routes!(service::queue))
        .routes(routes!(service::board))
        .routes(routes!(service::why))
        .routes(routes!(service::customer, service::put_customer))
        .routes(routes!(service::canned, service::make_canned))
        .routes(routes!(service::put_canned, service::delete_canned))
}

/// Files.
fn kept() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(uploads::upload))
        .routes(routes!(files::file))
        .routes(routes!(links::link))
}

/// The server's side of every address. [`crate::serve()`] runs it; without that loop no heartbeat is kept.
pub fn app(state: AppState) -> Router {
    let (routes, _) = routes().split_for_parts();
    routes
        .fallback(async || Failure::from(Refusal::NotFound))
        .method_not_allowed_fallback(async || Failure::from(Refusal::MethodNotAllowed))
        // Bodies have limits of their own, each where it is read.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(finish::finish))
        .with_state(state)
}

/// What connections get for which there is no room: one answer to everything, and the end.
pub(crate) fn full() -> Router {
    let answer = async || ([(CONNECTION, "close")], Failure::from(Refusal::ServerFull));
    Router::new()
        .fallback(answer)
        .layer(from_fn(finish::finish))
}

/// The description that `/openapi.json` serves; the frames of the socket are among its schemas.
pub fn openapi() -> OpenApi {
    let mut openapi = routes().into_openapi();
    let paths = std::mem::take(&mut openapi.paths.paths);
    // OpenAPI has no word for "the rest of the path".
    openapi.paths.paths = paths
        .into_iter()
        .map(|(path, item)| (path.replace("{*", "{"), item))
        .collect();
    openapi
}

/// Every method and path that is served, in the order of the paths: for tests that must know them all.
pub fn route_table() -> Vec<(&'static str, String)> {
    let paths = routes().into_openapi().paths.paths;
    let rows = paths.into_iter().flat_map(|(path, item)| {
        methods(&item)
            .into_iter()
            .map(move |method| (method, path.clone()))
    });
    rows.collect()
}

fn methods(item: &PathItem) -> Vec<&'static str> {
    let all = [
        ("GET", &item.get),
        ("POST", &item.post),
        ("PUT", &item.put),
        ("DELETE", &item.delete),
        ("PATCH", &item.patch),
    ];
    all.into_iter()
        .filter(|(_, operation)| operation.is_some())
        .map(|(method, _)| method)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::too_many_lines, reason = "one line for each address")]
    fn the_list_of_addresses() {
        let lines: Vec<_> = route_table()
            .iter()
            .map(|(method, path)| format!("{method} {path}"))
            .collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        GET /
        GET /api/v1/agents
        PUT /api/v1/agents/{id}
        GET /api/v1/assignments/{id}/why
        GET /api/v1/canned
        POST /api/v1/canned
        PUT /api/v1/canned/{id}
        DELETE /api/v1/canned/{id}
        GET /api/v1/channels
        GET /api/v1/channels/{key}
        PUT /api/v1/channels/{key}
        DELETE /api/v1/channels/{key}
        GET /api/v1/channels/{key}/agents
        PUT /api/v1/channels/{key}/topics/{code}
        POST /api/v1/channels/{key}/visitors
        GET /api/v1/conversations
        GET /api/v1/conversations/{id}
        GET /api/v1/conversations/{id}/members
        GET /api/v1/conversations/{id}/messages
        PUT /api/v1/conversations/{id}/messages/{seq}
        DELETE /api/v1/conversations/{id}/messages/{seq}
        POST /api/v1/conversations/{id}/messages/{seq}/forward
        PUT /api/v1/conversations/{id}/messages/{seq}/reactions
        GET /api/v1/conversations/{id}/messages/{seq}/readers
        GET /api/v1/conversations/{id}/messages/{seq}/versions
        PUT /api/v1/conversations/{id}/read
        GET /api/v1/customers/{id}
        PUT /api/v1/customers/{id}
        GET /api/v1/directory
        PUT /api/v1/directory/people/{login}
        DELETE /api/v1/directory/people/{login}
        PUT /api/v1/directory/units/{code}
        DELETE /api/v1/directory/units/{code}
        GET /api/v1/drafts
        PUT /api/v1/drafts
        POST /api/v1/files/{id}/link
        PUT /api/v1/me/password
        GET /api/v1/me/sessions
        DELETE /api/v1/me/sessions
        DELETE /api/v1/me/sessions/{id}
        GET /api/v1/me/settings
        PUT /api/v1/me/settings
        PUT /api/v1/me/sign
        PUT /api/v1/me/status
        POST /api/v1/messages
        GET /api/v1/people
        GET /api/v1/people/{id}
        DELETE /api/v1/people/{id}
        PUT /api/v1/people/{id}/active
        PUT /api/v1/people/{id}/password
        PUT /api/v1/people/{id}/roles
        GET /api/v1/search
        GET /api/v1/service/board
        GET /api/v1/service/conversations/{id}
        GET /api/v1/service/conversations/{id}/side
        GET /api/v1/service/customers
        GET /api/v1/service/lanes
        GET /api/v1/service/queue
        GET /api/v1/session
        POST /api/v1/session
        DELETE /api/v1/session
        GET /api/v1/teams
        POST /api/v1/teams
        PUT /api/v1/teams/{id}
        DELETE /api/v1/teams/{id}
        POST /api/v1/tickets
        GET /api/v1/tokens
        POST /api/v1/tokens
        DELETE /api/v1/tokens/{id}
        GET /api/v1/units
        POST /api/v1/uploads
        GET /assets/{*path}
        GET /avatars/{file}
        GET /c/{channel}
        GET /desk
        GET /files/{id}
        GET /healthz
        GET /layim/chatlog
        GET /layim/init
        GET /layim/members
        GET /layim/msgbox
        POST /layim/sign
        PUT /layim/sign
        GET /layim/skin
        POST /layim/skin
        POST /layim/upload/file
        POST /layim/upload/image
        GET /openapi.json
        GET /readyz
        GET /setup
        POST /setup
        GET /widget.js
        GET /ws
        ");
    }

    #[test]
    fn every_schema_that_is_named_is_there() {
        let text = openapi().to_json().unwrap();
        let schemas = openapi().components.unwrap().schemas;
        for reference in text.split("\"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(schemas.contains_key(name), "{name}");
        }
        for frame in [
            "ClientFrame",
            "ServerFrame",
            "Welcome",
            "Nack",
            "RefusalCode",
            "ByeWord",
        ] {
            assert!(schemas.contains_key(frame), "{frame}");
        }
    }
}
