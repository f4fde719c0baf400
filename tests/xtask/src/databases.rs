//! Which databases, and which S3, the tests can reach. SQLite is inside the binary; the others are named by an address each, and by
//! default stand on this machine.

use std::net::{TcpStream, ToSocketAddrs};
use std::path::Path;
use std::time::Duration;

use crate::say;

/// A database server that tests use.
pub struct Database {
    /// What it is called here.
    name: &'static str,
    /// The variable that names its address.
    variable: &'static str,
    default: &'static str,
    start: &'static str,
}

/// The servers beside SQLite.
pub const DATABASES: [Database; 2] = [
    Database {
        name: "PostgreSQL",
        variable: "WEBIM_TEST_POSTGRES",
        default: "postgres://postgres@127.0.0.1:5432/postgres",
        start: "service postgresql start",
    },
    Database {
        name: "MariaDB",
        variable: "WEBIM_TEST_MARIADB",
        default: "mysql://root@127.0.0.1:3306/mysql",
        start: "service mariadb start",
    },
];

/// The variable that names the program of the S3 emulator, and where it lies without it.
const S3: (&str, &str) = ("WEBIM_TEST_S3", "target/tools/moto/bin/moto_server");

impl Database {
    /// Where it is looked for.
    pub fn url(&self) -> String {
        std::env::var(self.variable).unwrap_or_else(|_| self.default.into())
    }

    /// Whether something listens there.
    pub fn answers(&self) -> bool {
        let url = self.url();
        let Ok(addresses) = host_and_port(&url).to_socket_addrs() else {
            return false;
        };
        addresses
            .into_iter()
            .any(|address| TcpStream::connect_timeout(&address, Duration::from_secs(2)).is_ok())
    }

    /// What to say when it does not answer.
    pub fn missing(&self) -> String {
        format!(
            "{} does not answer at {} (where it is installed: {}; elsewhere: {}=url)",
            self.name,
            host_and_port(&self.url()),
            self.start,
            self.variable
        )
    }
}

/// Each server that does not answer, where that is an error: in the run that counts. Elsewhere it is only said.
pub fn findings(ci: bool) -> Vec<String> {
    let mut missing: Vec<String> = DATABASES
        .iter()
        .filter(|database| !database.answers())
        .map(Database::missing)
        .collect();
    missing.extend(without_s3());
    if ci {
        return missing;
    }
    for line in missing {
        say::line(&format!("left out: {line}"));
    }
    Vec::new()
}

/// What to say where there is no S3 to test against: an emulator that `tests/run` installs.
fn without_s3() -> Option<String> {
    let program = std::env::var_os(S3.0).unwrap_or_else(|| S3.1.into());
    let missing = !Path::new(&program).exists();
    missing.then(|| {
        let (variable, default) = S3;
        format!("no S3 at {default} (tests/run installs it; elsewhere: {variable}=path of a moto_server)")
    })
}

/// The part of a URL between `@` or `//` and the path; never the password before it.
fn host_and_port(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_left_out() {
        assert_eq!(host_and_port("mysql://root:secret@db:3306/x?y"), "db:3306");
        assert_eq!(host_and_port("postgres://[::1]:5432"), "[::1]:5432");
    }
}
