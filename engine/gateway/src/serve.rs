//! The server loop: connections in, and a graceful end.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tower::Service;

use crate::extract::Peer;
use crate::{AppState, app, figures, routes, socket};

/// How long a connection may take to send the head of its next request.
const HEAD: Duration = Duration::from_mins(1);
/// Bytes of one request's head, at most.
const BUFFER: usize = 64 * 1024;
/// Connections over the limit that are told so at the same time; more are closed without a word.
const TOLD: usize = 256;
/// How long to wait when no connection can be taken, mostly because no more files may be open.
const BREATH: Duration = Duration::from_millis(200);

/// Serves until the state's token is cancelled: then takes no new connection, lets requests finish, says
/// `going_away` to every socket, and returns when all have ended or after the time that the settings give them.
pub async fn serve(listener: TcpListener, state: AppState) {
    let app = app(state.clone());
    let full = routes::full();
    state.tasks.spawn(socket::keep_pulse(state.clone()));
    loop {
        let accepted = tokio::select! {
            biased;
            () = state.stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Small frames must not wait for an acknowledgement of earlier ones.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "a connection was gone at once");
                    continue;
                }
                match room(state.tasks.len(), state.config.connections) {
                    Room::Free => drop(state.tasks.spawn(connection(
                        stream,
                        peer,
                        app.clone(),
                        state.clone(),
                    ))),
                    Room::Full => {
                        figures::refused_connection();
                        drop(state.tasks.spawn(connection(
                            stream,
                            peer,
                            full.clone(),
                            state.clone(),
                        )));
                    }
                    Room::None => figures::refused_connection(),
                }
            }
            Err(error) => refused(&error).await,
        }
    }
    drop(listener);
    state.router.end_all();
    state.tasks.close();
    if timeout(state.config.farewell, state.tasks.wait())
        .await
        .is_err()
    {
        tracing::warn!(
            left = state.tasks.len(),
            "some connections did not end in time"
        );
    }
}

/// What becomes of a new connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    /// It is served.
    Free,
    /// It is told that there is no room.
    Full,
    /// It is closed.
    None,
}

/// With so many open, of so many that may be.
fn room(open: usize, most: usize) -> Room {
    if open < most {
        Room::Free
    } else if open < most.saturating_add(TOLD) {
        Room::Full
    } else {
        Room::None
    }
}

async fn refused(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    // These are about one connection that is gone already.
    if !matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    ) {
        tracing::error!(%error, "no connection can be taken");
        tokio::time::sleep(BREATH).await;
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, app: Router, state: AppState) {
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        app.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = state.stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_up_to_the_limit() {
        assert_eq!(room(0, 1), Room::Free);
        assert_eq!(room(1, 1), Room::Full);
        assert_eq!(room(TOLD, 1), Room::Full);
        assert_eq!(room(TOLD + 1, 1), Room::None);
        assert_eq!(room(usize::MAX - 1, usize::MAX), Room::Free);
    }
}
