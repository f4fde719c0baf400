//! The figures of this crate. Handles are taken once; those of sockets cost one addition each.

use std::time::Duration;

use metrics::{
    Counter, Gauge, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use webim_model::{Bye, Refusal};

/// Handles of the figures.
pub(crate) struct Figures {
    /// Sockets that are open.
    pub sockets: Gauge,
    /// Frames from clients.
    pub frames_in: Counter,
    /// Frames to clients.
    pub frames_out: Counter,
}

impl Figures {
    pub fn new() -> Self {
        describe_gauge!("webim_sockets", "Sockets that are open");
        describe_counter!(
            "webim_socket_frames_total",
            "Frames over sockets, by direction"
        );
        describe_counter!(
            "webim_socket_byes_total",
            "Sockets that the server closed, by reason"
        );
        describe_counter!(
            "webim_connections_refused_total",
            "Connections that came when as many were open as may be"
        );
        describe_counter!(
            "webim_sign_ins_total",
            "Sign-ins by outcome: ok, or the code of the refusal"
        );
        describe_counter!(
            "webim_http_requests_total",
            "HTTP requests, by method, route and status"
        );
        describe_histogram!(
            "webim_http_request_seconds",
            "Seconds an HTTP request took, by route"
        );
        Self {
            sockets: gauge!("webim_sockets"),
            frames_in: counter!("webim_socket_frames_total", "direction" => "in"),
            frames_out: counter!("webim_socket_frames_total", "direction" => "out"),
        }
    }
}

/// Counts a request.
pub(crate) fn http(method: &'static str, route: &str, status: u16, took: Duration) {
    let route = route.to_owned();
    let status = status.to_string();
    histogram!("webim_http_request_seconds", "route" => route.clone()).record(took);
    counter!("webim_http_requests_total", "method" => method, "route" => route, "status" => status)
        .increment(1);
}

/// Counts a sign-in: done, or refused.
pub(crate) fn sign_in(refused: Option<Refusal>) {
    let outcome = refused.map_or("ok", Refusal::code);
    counter!("webim_sign_ins_total", "outcome" => outcome).increment(1);
}

/// Counts a connection for which there is no room.
pub(crate) fn refused_connection() {
    counter!("webim_connections_refused_total").increment(1);
}

/// Counts a socket that is closed on purpose.
pub(crate) fn bye(bye: Bye) {
    counter!("webim_socket_byes_total", "word" => bye.word()).increment(1);
}
