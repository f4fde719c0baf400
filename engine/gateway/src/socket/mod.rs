//! The socket: one task for each, which gives frames to the router and writes what the router put into its queue.

mod connection;
mod handshake;
mod hello;
mod line;
mod pulse;

use axum::extract::{FromRequestParts, Request, State};
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use webim_wire::Problem;

use crate::AppState;
use crate::extract::{Query, Signed};
use crate::failure::Failure;

pub(crate) use pulse::{Pulse, keep as keep_pulse};

/// How a socket may be opened.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OpenQuery {
    /// A ticket from `POST /api/v1/tickets`, in place of a cookie or header.
    ticket: Option<String>,
}

/// Open a socket.
///
/// WebSocket, subprotocol `webim.v1`, one JSON object in each text frame: `ClientFrame` to the server, `ServerFrame`
/// from it. The first frame is `hello`, within ten seconds. Whoever is silent for a heartbeat is asked by `ping`, and
/// closed after two and a half. Before every deliberate close comes `bye`; its `code` is the close code too.
#[utoipa::path(
    get, path = "/ws", tag = "socket", params(OpenQuery),
    responses(
        (status = 101, description = "The socket is open"),
        (status = 401, description = "`not_authenticated`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`origin_not_allowed`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn open(
    State(state): State<AppState>,
    Query(query): Query<OpenQuery>,
    request: Request,
) -> Result<Response, Failure> {
    let (mut parts, _) = request.into_parts();
    let signed = match &query.ticket {
        Some(ticket) => Signed::by_ticket(&state, ticket)?,
        None => Signed::from_request_parts(&mut parts, &state).await?,
    };
    // A handshake is a GET, but what it opens can do anything.
    if signed.cookie {
        state.origins.check(&parts.headers)?;
    }
    let answer = handshake::answer(&parts.headers)?;
    let upgrade = hyper::upgrade::on(Request::from_parts(parts, ()));
    let tasks = state.tasks.clone();
    tasks.spawn(connection::run(upgrade, Box::new(signed), state));
    Ok(answer)
}
