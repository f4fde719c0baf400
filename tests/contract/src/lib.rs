//! What the store promises, tried on every database that it claims: SQLite, PostgreSQL and MariaDB.
//!
//! Each case is written once and runs three times, each time in a database of its own that is dropped afterwards. The
//! servers are those at 127.0.0.1, or at `WEBIM_TEST_POSTGRES` and `WEBIM_TEST_MARIADB`; where one cannot be reached
//! its cases are left out aloud, and fail where `CI` is set.

pub mod database;
pub mod sources;
pub mod world;

#[cfg(test)]
mod cases;
