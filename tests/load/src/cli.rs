//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Puts a webim server under load and checks that nothing was lost, doubled or reordered.
///
/// Example: webim-load --server target/release/webim pairs --pairs 50 --window 1
#[derive(Parser)]
#[command(version)]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub scenario: Scenario,
}

/// What every scenario takes.
#[derive(Args, Clone)]
pub struct Common {
    /// The server's binary.
    #[arg(long, global = true, default_value = "target/release/webim")]
    pub server: PathBuf,
    /// Which database to put under it. PostgreSQL and MariaDB are looked for where `WEBIM_TEST_POSTGRES` and
    /// `WEBIM_TEST_MARIADB` say, or on this machine.
    #[arg(long, global = true, value_enum, default_value_t = Database::Sqlite)]
    pub database: Database,
    /// Print one JSON object for each scenario instead of a table.
    #[arg(long, global = true)]
    pub json: bool,
    /// Where the run's folder is made: a real disk, or `synchronous=FULL` costs nothing.
    #[arg(long, global = true, default_value = "target/load")]
    pub folder: PathBuf,
    /// Keep the run's folder and database.
    #[arg(long, global = true)]
    pub keep: bool,
}

/// Where rows are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Database {
    /// A file.
    Sqlite,
    /// A database of its own on a PostgreSQL server.
    Postgres,
    /// A database of its own on a MariaDB server.
    Mariadb,
}

/// What is done to the server.
#[derive(Subcommand, Clone)]
pub enum Scenario {
    /// Pairs of people, one of each writing to the other.
    Pairs(Pairs),
    /// A unit in which everybody is online.
    Group(Group),
    /// Connections on which nothing happens.
    Idle(Idle),
    /// Pages from both ends of a long conversation.
    History(History),
    /// Questions over many messages.
    Search(Search),
    /// Everybody comes back at once.
    Storm(Storm),
    /// kill -9 at random moments, restart, resume.
    Kill(Kill),
    /// What a write to a socket and to the disk costs on this machine today, without a server.
    Yardstick(Yardstick),
    /// Every scenario, small: whether they work, not how fast.
    Smoke,
}

#[derive(Args, Clone)]
pub struct Pairs {
    /// Pairs of people.
    #[arg(long = "pairs", default_value_t = 50)]
    pub count: usize,
    /// Messages a sender has under way before waiting for an ack.
    #[arg(long, default_value_t = 1)]
    pub window: usize,
    /// Bytes of each text; at least 16.
    #[arg(long, default_value_t = 128)]
    pub bytes: usize,
    /// Seconds that are measured, after two to warm up.
    #[arg(long, default_value_t = 20)]
    pub seconds: u64,
    /// Messages a second, all pairs together, whether or not acks come; without it as fast as acks come.
    #[arg(long)]
    pub rate: Option<u32>,
}

#[derive(Args, Clone)]
pub struct Group {
    /// Members of the unit, all online.
    #[arg(long, default_value_t = 1_000)]
    pub members: usize,
    /// Messages a second; 0 is as many as the members receive.
    #[arg(long, default_value_t = 5)]
    pub rate: u32,
    /// Members who write.
    #[arg(long, default_value_t = 4)]
    pub writers: usize,
    /// Seconds that are measured, after two to warm up.
    #[arg(long, default_value_t = 20)]
    pub seconds: u64,
}

#[derive(Args, Clone)]
pub struct Idle {
    /// Connections, each of another person.
    #[arg(long, default_value_t = 15_000)]
    pub connections: usize,
    /// Seconds over which the server's CPU is measured; two heartbeats of the sample's 45 by default.
    #[arg(long, default_value_t = 90)]
    pub seconds: u64,
}

#[derive(Args, Clone)]
pub struct History {
    /// Messages in the conversation.
    #[arg(long, default_value_t = 1_000_000)]
    pub messages: u64,
    /// Pages read at each place.
    #[arg(long, default_value_t = 2_000)]
    pub pages: u64,
    /// Messages in a page.
    #[arg(long, default_value_t = 50)]
    pub page: u64,
}

#[derive(Args, Clone)]
pub struct Search {
    /// Messages in all.
    #[arg(long, default_value_t = 5_000_000)]
    pub messages: u64,
    /// People, fifty in each unit.
    #[arg(long, default_value_t = 5_000)]
    pub people: usize,
    /// Direct conversations that each person begins.
    #[arg(long, default_value_t = 10)]
    pub pairs: usize,
    /// Questions of each kind.
    #[arg(long, default_value_t = 500)]
    pub questions: u64,
}

#[derive(Args, Clone)]
pub struct Yardstick {
    /// Sockets that are written to.
    #[arg(long, default_value_t = 1_000)]
    pub sockets: usize,
    /// Writes to each of them.
    #[arg(long, default_value_t = 50)]
    pub rounds: u32,
}

#[derive(Args, Clone)]
pub struct Storm {
    /// People who come back.
    #[arg(long, default_value_t = 10_000)]
    pub clients: usize,
    /// Conversations of each: half direct, half of units.
    #[arg(long, default_value_t = 20)]
    pub conversations: usize,
    /// Seconds within which all must be welcome.
    #[arg(long, default_value_t = 15)]
    pub within: u64,
}

#[derive(Args, Clone)]
pub struct Kill {
    /// Times that the server is killed.
    #[arg(long, default_value_t = 10)]
    pub rounds: u32,
    /// People who write; a fifth of them stay away for some rounds.
    #[arg(long, default_value_t = 20)]
    pub people: usize,
    /// Longest time before a kill, in milliseconds.
    #[arg(long, default_value_t = 1_500)]
    pub longest: u64,
}
