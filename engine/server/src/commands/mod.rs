//! One file for each command.

mod admin;
mod check;
mod demo;
mod directory;
mod erase;
mod keys;
mod migrate;
mod seed;
mod serve;
mod setup_link;
mod verify;

use webim_store::Store;

use crate::cli::{
    AdminCommand, Command, ConfigCommand, DirectoryCommand, KeysCommand, SeedCommand,
};
use crate::config;
use crate::exit::{End, Exit, Failure};
use crate::output;

/// Runs a command to its end.
pub async fn run(command: Command) -> End {
    match command {
        Command::Serve(args) => serve::run(&args).await,
        Command::SetupLink(args) => setup_link::run(&args).await,
        Command::Demo(args) => demo::run(args).await,
        Command::Migrate(args) => migrate::run(&args).await,
        Command::Check(args) => check::run(&args),
        Command::Directory(DirectoryCommand::Import(args)) => directory::import(&args).await,
        Command::Seed(SeedCommand::Import(args)) => seed::import(&args).await,
        Command::Admin(AdminCommand::Create(args)) => admin::create(&args).await,
        Command::Keys(KeysCommand::Rotate(args)) => keys::rotate(&args),
        Command::Erase(args) => erase::run(&args).await,
        Command::Verify(args) => verify::run(&args).await,
        Command::Config(ConfigCommand::Sample) => {
            output::line(config::sample().trim_end());
            Ok(Exit::Ok)
        }
        Command::Config(ConfigCommand::Schema) => {
            output::line(&format!("{:#}", config::schema()));
            Ok(Exit::Ok)
        }
        Command::Openapi => {
            let document = webim_gateway::openapi().to_json();
            output::line(&document.expect("the description has string keys only"));
            Ok(Exit::Ok)
        }
    }
}

/// Refuses to work on tables of another version.
async fn up_to_date(store: &Store) -> Result<(), Failure> {
    let pending = store.pending_migrations().await?;
    if pending.is_empty() {
        return Ok(());
    }
    let message = "the database's tables are not those of this version; run `webim migrate` first";
    Err(Failure::new(Exit::Database, message))
}
