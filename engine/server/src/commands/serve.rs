//! `webim serve`.

use webim_model::Sources;

use super::setup_link;
use crate::cli::ConfigArgs;
use crate::config::{self, Config};
use crate::exit::{End, Exit, Failure};
use crate::lifecycle::Signals;
use crate::node::{self, Node};
use crate::{output, telemetry};

pub async fn run(args: &ConfigArgs) -> End {
    let config = config::load(Some(&args.config)).map_err(|error| hint(error, args))?;
    telemetry::log(&config.log);
    let signals = Signals::listen().map_err(anyhow::Error::from)?;
    let sources = Sources::system();
    let starting = Box::pin(start(args, &config, &sources, &signals));
    let Some(node) = signals.soft.run_until_cancelled(starting).await else {
        return Ok(Exit::Ok);
    };
    let node = node?;
    tracing::info!(address = %node.address, "serving");
    until_stopped(node, &signals).await
}

fn hint(error: config::ConfigError, args: &ConfigArgs) -> Failure {
    let missing = matches!(&error, config::ConfigError::Read { source, .. } if source.kind() == std::io::ErrorKind::NotFound);
    if missing {
        let file = args.config.display();
        let message = format!("there is no {file}; make one with `webim config sample > {file}`");
        return Failure::new(Exit::Config, message);
    }
    error.into()
}

async fn start(
    args: &ConfigArgs,
    config: &Config,
    sources: &Sources,
    signals: &Signals,
) -> Result<Node, Failure> {
    let listener = node::listen(config.server.listen, "server.listen").await?;
    let store = node::open_migrated(&config.database, sources).await?;
    let lost = signals.soft.clone();
    let node = Node::start(config, listener, store.clone(), sources.clone(), lost).await?;
    if let Some((url, _)) = setup_link::make(store, sources, &node.public_url).await? {
        let file = args.config.display();
        output::note(&format!(
            "Nobody administers this server yet. Make the first admin within 24 hours at\n  {url}\nIt works once, and only until the next start; `webim setup-link --config {file}` prints another."
        ));
    }
    Ok(node)
}

/// Waits for the first signal and stops; a second one ends the process at once.
pub(super) async fn until_stopped(node: Node, signals: &Signals) -> End {
    signals.soft.cancelled().await;
    let clean = signals.hard.run_until_cancelled(node.stop()).await;
    match clean {
        Some(true) => {
            tracing::info!("stopped");
            Ok(Exit::Ok)
        }
        Some(false) => Ok(Exit::Failed),
        None => Err(Failure::new(
            Exit::Failed,
            "stopped at once, as asked twice",
        )),
    }
}
