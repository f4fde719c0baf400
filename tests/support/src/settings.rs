//! `webim.toml` of one test.

use toml::{Table, Value};

/// Keys by dotted path, written as the file.
#[derive(Clone, Debug)]
pub struct Settings(Table);

impl Settings {
    /// Nothing said.
    pub fn empty() -> Self {
        Self(Table::new())
    }

    /// A server for tests: on free ports, with limits on haste that no test meets by accident.
    pub fn for_tests(database: &str) -> Self {
        Self::empty()
            .with("server.listen", "127.0.0.1:0")
            .with("database.url", database)
            .with("database.readers", 2)
            .with("database.shards", 2)
            .with("limits.commands_per_second", 1_000_000)
            .with("limits.command_burst", 1_000_000)
            .with("limits.requests_per_second", 1_000_000)
            .with("limits.request_burst", 1_000_000)
            .with("server.stop_seconds", 200)
            .with("metrics.enabled", false)
            .with("log.format", "json")
    }

    /// The same with `key` (`section.key`) set.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.set(key, value);
        self
    }

    /// Sets `key` (`section.key`).
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        let (section, key) = key.split_once('.').unwrap_or(("", key));
        let section = self.0.entry(section).or_insert_with(|| Table::new().into());
        if let Some(section) = section.as_table_mut() {
            section.insert(key.to_owned(), value.into());
        }
    }

    /// The file's text.
    pub fn text(&self) -> String {
        self.0.to_string()
    }
}
