//! What the server tells those who run it: a log with ids and no message text, and figures for Prometheus.

use std::io::{IsTerminal, stderr};

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::{Format, Log};

/// Upper bounds of the buckets of durations, in seconds.
const BUCKETS: [f64; 14] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];

/// Begins to log to standard error.
pub fn log(settings: &Log) {
    // What a part of the server logs is meant for those who run it; what a library logs often is not.
    let level = format!("sea_orm_migration=warn,sqlx=warn,{}", settings.level);
    let filter = EnvFilter::try_new(&level).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(stderr().is_terminal())
        .with_writer(stderr);
    // A second call in one process, as in a test, keeps the first log.
    drop(match settings.format {
        Format::Text => log.try_init(),
        Format::Json => log.json().flatten_event(true).try_init(),
    });
}

/// Begins to collect figures; to be called before anything takes a handle of one.
pub fn metrics() -> anyhow::Result<PrometheusHandle> {
    Ok(PrometheusBuilder::new()
        .set_buckets(&BUCKETS)?
        .install_recorder()?)
}

/// What the listener of `/metrics` serves.
pub fn pages(handle: PrometheusHandle) -> Router {
    let render = move || {
        let text = handle.render();
        async move {
            (
                [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
                text,
            )
        }
    };
    Router::new().route("/metrics", get(render))
}
