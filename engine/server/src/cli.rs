//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::exit;

/// A self-hosted chat engine for an organisation and its customers.
#[derive(Parser)]
#[command(name = "webim", version, after_help = exit::HELP, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Runs the server
    ///
    /// The first start makes the database and prints a one-time link with which the first admin is made. SIGTERM or
    /// Ctrl-C stops it within ten seconds: clients are told to come back, what was accepted is stored; a second signal
    /// stops it at once.
    #[command(
        after_help = "Example:\n  webim config sample > webim.toml\n  webim serve --config webim.toml"
    )]
    Serve(ConfigArgs),
    /// Prints a new one-time link with which the first admin is made
    ///
    /// The server prints one itself when it starts and nobody administers it. The new one makes the one before it void;
    /// it works for 24 hours, also on a server that runs already.
    #[command(after_help = "Example:\n  webim setup-link --config webim.toml")]
    SetupLink(SetupLinkArgs),
    /// Runs a server with sample people, on this machine only
    #[command(
        after_help = "Examples:\n  webim demo\n  webim demo --port 0 --data /tmp/demo --json"
    )]
    Demo(DemoArgs),
    /// Brings the database's tables up to this version
    #[command(after_help = "Example:\n  webim migrate --config webim.toml --check")]
    Migrate(MigrateArgs),
    /// Checks the settings
    #[command(after_help = "Example:\n  webim check --config webim.toml --json")]
    Check(CheckArgs),
    /// Units and people
    #[command(subcommand)]
    Directory(DirectoryCommand),
    /// What the predecessor, centit-webim, kept
    #[command(subcommand)]
    Seed(SeedCommand),
    /// People who administer the server
    #[command(subcommand)]
    Admin(AdminCommand),
    /// The master keys
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Checks every stored message: numbers without a gap, counts and hash chains
    ///
    /// It may run beside the server.
    #[command(after_help = "Example:\n  webim verify --config webim.toml")]
    Verify(VerifyArgs),
    /// Erases what was said: by a person, or longer ago than so many days
    ///
    /// Words and files go for good; who said something and when stays, so that `verify` still holds. What others
    /// forwarded is theirs. It may run beside the server. Backups made before hold the words still.
    #[command(
        after_help = "Examples:\n  webim erase --config webim.toml --older-than 365 --kind direct --dry-run\n  webim erase --config webim.toml --person lina"
    )]
    Erase(EraseArgs),
    /// The settings: a sample file and its schema
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Prints the OpenAPI document that the server would answer with: types of clients are generated from it
    #[command(hide = true, after_help = "Example:\n  webim openapi > openapi.json")]
    Openapi,
}

#[derive(Args)]
pub struct ConfigArgs {
    /// The settings; see `webim config sample`
    #[arg(
        long,
        env = "WEBIM_CONFIG",
        default_value = "webim.toml",
        value_name = "FILE"
    )]
    pub config: PathBuf,
}

#[derive(Args)]
pub struct SetupLinkArgs {
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Print one JSON object: url, and when it expires, in milliseconds since 1970
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct DemoArgs {
    /// Port on 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Folder for the database, kept and used again; without it a fresh one in the temporary folder
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Folder with a LayIM that you have a licence for, in place of ours
    #[arg(long, value_name = "DIR")]
    pub layim: Option<PathBuf>,
    /// Print one JSON object instead of text: url, people, channels, admin
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct MigrateArgs {
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Change nothing; list what is pending, and end with 3 if anything is
    #[arg(long)]
    pub check: bool,
    /// Print one JSON object with the names of the migrations
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct CheckArgs {
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Print one JSON object with the findings
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Print one JSON object with what was found
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct EraseArgs {
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Erase what was said more than so many days ago
    #[arg(long, value_name = "DAYS", required_unless_present = "person", conflicts_with = "person",
        value_parser = clap::value_parser!(u32).range(1..))]
    pub older_than: Option<u32>,
    /// Erase all that this person said, and what they began to write; an id will do as well, also after --account
    #[arg(long, value_name = "LOGIN")]
    pub person: Option<String>,
    /// Erase the person's account, too: name, login, password, picture, devices, settings. They must be deactivated
    #[arg(long, requires = "person", conflicts_with_all = ["kind", "older_than"])]
    pub account: bool,
    /// Only in conversations of this kind
    #[arg(long, value_enum)]
    pub kind: Option<KindArg>,
    /// Change nothing; count what would be erased
    #[arg(long)]
    pub dry_run: bool,
    /// Print one JSON object: erased, conversations, messages, files, drafts; with --account, what was of the account
    #[arg(long)]
    pub json: bool,
}

/// Kinds of conversation, by name.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum KindArg {
    /// Between two people
    Direct,
    /// In departments' groups
    Unit,
    /// With customers
    Service,
    /// What the system tells people
    Notice,
}

impl From<KindArg> for webim_model::ConversationKind {
    fn from(kind: KindArg) -> Self {
        match kind {
            KindArg::Direct => Self::Direct,
            KindArg::Unit => Self::Unit,
            KindArg::Service => Self::Service,
            KindArg::Notice => Self::Notice,
        }
    }
}

#[derive(Subcommand)]
pub enum DirectoryCommand {
    /// Imports units and people from CSV or JSON files, all or nothing
    ///
    /// CSV files have a first line that names their columns. Of units: code, name, parent, position. Of people: login,
    /// name, units, roles, password, avatar; several units or roles are separated by ";". A JSON file holds
    /// {"units": [...], "people": [...]}, nested as you like. The same files a second time change nothing. A server
    /// that runs on the database notices within seconds.
    #[command(
        after_help = "Examples:\n  webim directory import --config webim.toml --dry-run units.csv people.csv\n  webim directory import --config webim.toml --initial-passwords new.csv directory.json"
    )]
    Import(ImportArgs),
}

#[derive(Args)]
pub struct ImportArgs {
    #[command(flatten)]
    pub config: ConfigArgs,
    /// CSV or JSON files
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Change nothing; print what would change
    #[arg(long)]
    pub dry_run: bool,
    /// Print one JSON object with the changes or the problems
    #[arg(long)]
    pub json: bool,
    /// Deactivate people and remove units that the files do not name
    #[arg(long)]
    pub deactivate_missing: bool,
    /// Make passwords for new people who have none and write them to this new file, readable by you alone
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub initial_passwords: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum SeedCommand {
    /// Imports units, people and their messages from CSV exports of centit-webim's tables
    ///
    /// Which table a file is shows in its first line: F_UNITINFO, F_USERINFO, F_USERUNIT, F_WEB_IM_CUSTOMER,
    /// F_WEB_IM_MESSAGE, F_WEB_IM_GROUP_MEMBER; other columns do not matter. All is checked before anything is written. It
    /// may be repeated: what is there is not imported again. No server may run on the database while messages come in.
    #[command(
        after_help = "Examples:\n  webim seed import --config webim.toml --dry-run F_*.csv\n  webim seed import --config webim.toml --initial-passwords new.csv F_*.csv"
    )]
    Import(SeedArgs),
}

#[derive(Args)]
pub struct SeedArgs {
    #[command(flatten)]
    pub config: ConfigArgs,
    /// CSV files, one table each
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Change nothing; count what would be imported
    #[arg(long)]
    pub dry_run: bool,
    /// Print one JSON object with what was imported, what was left out and why, or the problems
    #[arg(long)]
    pub json: bool,
    /// How far the clocks that wrote the times were ahead of UTC
    #[arg(
        long,
        value_name = "OFFSET",
        default_value = "+08:00",
        allow_hyphen_values = true
    )]
    pub utc_offset: webim_accounts::seed::Offset,
    /// Leave bad rows out instead of importing nothing
    #[arg(long)]
    pub skip_bad: bool,
    /// Make passwords for new people and write them to this new file, readable by you alone
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub initial_passwords: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum AdminCommand {
    /// Makes a person who administers the server, or gives that role to one who is there
    #[command(
        after_help = "Example:\n  webim admin create --config webim.toml --login lina --name 李娜"
    )]
    Create(AdminArgs),
}

#[derive(Args)]
pub struct AdminArgs {
    #[command(flatten)]
    pub config: ConfigArgs,
    /// What they sign in with
    #[arg(long)]
    pub login: String,
    /// What others call them; for a new person, the login if not given
    #[arg(long)]
    pub name: Option<String>,
    /// Read the password from the first line of standard input instead of making one
    #[arg(long)]
    pub password_stdin: bool,
    /// Also give a person who is there already a new password
    #[arg(long)]
    pub reset_password: bool,
    /// Print one JSON object: login, and password where one was made
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum KeysCommand {
    /// Adds a new master key, which seals and signs from the server's next start on
    ///
    /// The older ones stay and open what they sealed.
    #[command(after_help = "Example:\n  webim keys rotate --config webim.toml")]
    Rotate(KeysRotateArgs),
}

#[derive(Args)]
pub struct KeysRotateArgs {
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Print one JSON object: what the new key is called, and the file
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum ConfigCommand {
    /// Prints a webim.toml with every key, its text and its default
    #[command(after_help = "Example:\n  webim config sample > webim.toml")]
    Sample,
    /// Prints the JSON schema of webim.toml, for editors
    #[command(after_help = "Example:\n  webim config schema > webim.schema.json")]
    Schema,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound_and_every_command_shows_an_example() {
        let mut command = Cli::command();
        command.build();
        command.clone().debug_assert();
        let mut open = vec![&command];
        while let Some(command) = open.pop() {
            // `help` is clap's own and repeats all the others.
            let below = command
                .get_subcommands()
                .filter(|below| below.get_name() != "help");
            open.extend(below);
            let help = command.get_after_help().map(ToString::to_string);
            let example = help.is_some_and(|help| help.contains("webim "));
            assert!(
                example || command.has_subcommands(),
                "{}",
                command.get_name()
            );
        }
    }
}
