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
use crate::{AppState, app, socket};

/// How long a connection may take to send the head of its next request.
const HEAD: Duration = Duration::from_mins(1);
/// Bytes of one request's head, at most.
const BUFFER: usize = 64 * 1024;
/// How long connections and sockets may take to end once the server stops.
const FAREWELL: Duration = Duration::from_secs(4);
/// How long to wait when no connection can be taken, mostly because no more files may be open.
const BREATH: Duration = Duration::from_millis(200);

/// Serves until the state's token is cancelled: then takes no new connection, lets requests finish, says
/// `going_away` to every socket, and returns when all have ended or after four seconds.
pub async fn serve(listener: TcpListener, state: AppState) {
    let app = app(state.clone());
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
                state
                    .tasks
                    .spawn(connection(stream, peer, app.clone(), state.clone()));
            }
            Err(error) => refused(&error).await,
        }
    }
    drop(listener);
    state.router.end_all();
    state.tasks.close();
    if timeout(FAREWELL, state.tasks.wait()).await.is_err() {
        tracing::warn!(
            left = state.tasks.len(),
            "some connections did not end in time"
        );
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
