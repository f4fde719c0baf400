//! The law of edges as tables: which of our crates a crate may see, what must never be reachable from where, and
//! which outside crates belong to whom. A new edge is a decision about the design: change it here and say so in
//! `engine/ARCHITECTURE.md`.

/// For each crate, those of ours that its normal and build dependencies may name, beside `webim-model`.
pub const MAY_SEE: [(&str, &[&str]); 19] = [
    ("webim-model", &[]),
    ("webim-wire", &[]),
    ("webim-migrations", &[]),
    ("webim-dispatch", &[]),
    ("webim-media", &[]),
    ("webim-text", &[]),
    ("webim-egress", &[]),
    ("webim-hub", &[]),
    ("webim-hooks", &[]),
    ("webim-web", &[]),
    ("webim-robot", &["webim-hooks", "webim-egress"]),
    ("webim-plugin-host", &["webim-hooks", "webim-egress"]),
    ("webim-forms", &["webim-hooks"]),
    (
        "webim-store",
        &["webim-wire", "webim-migrations", "webim-text"],
    ),
    (
        "webim-router",
        &[
            "webim-wire",
            "webim-dispatch",
            "webim-hooks",
            "webim-store",
            "webim-hub",
            "webim-forms",
            "webim-media",
            "webim-text",
        ],
    ),
    ("webim-accounts", &["webim-store", "webim-egress"]),
    (
        "webim-jobs",
        &["webim-wire", "webim-store", "webim-router", "webim-egress"],
    ),
    (
        "webim-gateway",
        &[
            "webim-wire",
            "webim-router",
            "webim-accounts",
            "webim-hub",
            "webim-media",
            "webim-web",
        ],
    ),
    ("webim", EVERYTHING),
];

/// The binary wires all of it together.
pub const EVERYTHING: &[&str] = &["*"];

/// Crates that must not be anywhere in the tree of a crate's normal dependencies.
pub const NEVER: [(&str, &[&str]); 7] = [
    (
        "webim-model",
        &["serde", "serde_json", "tokio", "axum", "hyper", "sea-orm"],
    ),
    ("webim-wire", &["tokio", "axum", "hyper", "sea-orm"]),
    ("webim-hub", &["serde_json", "axum", "hyper", "sea-orm"]),
    (
        "webim-text",
        &["serde_json", "tokio", "axum", "hyper", "sea-orm"],
    ),
    ("webim-media", &["serde_json", "axum", "hyper", "sea-orm"]),
    (
        "webim-hooks",
        &["axum", "hyper", "sea-orm", "rhai", "wasmtime"],
    ),
    (
        "webim-router",
        &[
            "webim-robot",
            "webim-plugin-host",
            "webim-gateway",
            "axum",
            "hyper",
            "wasmtime",
            "rhai",
        ],
    ),
];

/// Outside crates that only these crates of ours may name themselves.
pub const ONLY: [(&str, &[&str]); 10] = [
    ("sea-orm", &["webim-store", "webim-migrations"]),
    ("sea-orm-migration", &["webim-store", "webim-migrations"]),
    ("axum", &["webim-gateway", "webim"]),
    ("reqwest", &["webim-egress"]),
    ("wasmtime", &["webim-plugin-host"]),
    ("object_store", &["webim-media", "webim"]),
    ("image", &["webim-media"]),
    ("jieba-rs", &["webim-text"]),
    ("rhai", &["webim-robot"]),
    ("handlebars", &["webim-forms"]),
];
