//! `webim demo`.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use webim_accounts::Passwords;
use webim_accounts::import::{Missing, compare};
use webim_model::{Role, Sources};
use webim_store::Store;

use crate::cli::DemoArgs;
use crate::config::Config;
use crate::demo::{self, SAMPLES, Sample};
use crate::exit::{End, Exit, Failure};
use crate::lifecycle::Signals;
use crate::node::{self, Node};
use crate::{output, telemetry};

/// How long the sample messages may take.
const SEEDING: Duration = Duration::from_secs(5);
/// People shown with everything; the others are only counted.
const SHOWN: usize = 10;

pub async fn run(args: DemoArgs) -> End {
    let mut config = Config::default();
    "warn".clone_into(&mut config.log.level);
    config.metrics.enabled = false;
    // Everybody knows these passwords, so nobody else may reach them.
    config.server.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
    telemetry::log(&config.log);
    let signals = Signals::listen().map_err(anyhow::Error::from)?;
    let sources = Sources::system();
    let listener = node::listen(config.server.listen, "--port (0 takes any free one)").await?;
    let folder = folder(args.data, &sources)?;
    config.files.folder = folder.join("files").display().to_string();
    config.security.master_key_file = folder.join("master.key").display().to_string();
    config.database.url = format!("sqlite://{}?mode=rwc", folder.join("webim.db").display());
    if let Some(layim) = &args.layim {
        config.layim.dir = layim.display().to_string();
    }
    let store = node::open_migrated(&config.database, &sources).await?;
    let fresh = fill(&store, &sources).await?;
    let node = Node::start(
        &config,
        listener,
        store.clone(),
        sources,
        signals.soft.clone(),
    )
    .await?;
    if fresh {
        // Without them the demo is poorer and still a demo.
        match tokio::time::timeout(SEEDING, demo::seed_messages(&node.router, &store)).await {
            Ok(Ok(())) => {}
            Ok(Err(failure)) => output::note(&format!("webim: {failure}")),
            Err(_) => output::note("webim: the sample messages were not stored in time"),
        }
    }
    drop(store);
    let url = format!("http://{}", node.address);
    if args.json {
        output::json(&as_json(&url));
    } else {
        tell(&url, &folder);
    }
    super::serve::until_stopped(node, &signals).await
}

/// The folder for the database: the one asked for, or a fresh one.
fn folder(asked: Option<PathBuf>, sources: &Sources) -> Result<PathBuf, Failure> {
    let folder = asked.unwrap_or_else(|| {
        let id = sources.uuid().simple().to_string();
        std::env::temp_dir().join(format!("webim-demo-{}", &id[20..]))
    });
    let made = std::fs::create_dir_all(&folder).and_then(|()| folder.canonicalize());
    made.map_err(|error| {
        let message = format!("the folder {} cannot be made: {error}", folder.display());
        Failure::new(Exit::Failed, message)
    })
}

/// Makes the sample people; false if they were there.
async fn fill(store: &Store, sources: &Sources) -> Result<bool, Failure> {
    let stored = store.directory_snapshot().await?;
    if !stored.people.is_empty() {
        return Ok(false);
    }
    let compared = compare(&demo::directory(), &stored, Missing::Keep, sources);
    let mut comparison = compared.map_err(anyhow::Error::from)?;
    let at_once = std::thread::available_parallelism().map_or(2, usize::from);
    let passwords = Passwords::new(sources.clone(), at_once);
    comparison
        .hash_passwords(&passwords, |_, _| ())
        .await
        .map_err(anyhow::Error::from)?;
    store.apply_directory(&comparison.plan).await?;
    demo::fill_service(store, sources).await?;
    Ok(true)
}

fn roles(sample: &Sample) -> Vec<&'static str> {
    sample.roles.iter().map(|role| role.name()).collect()
}

fn as_json(url: &str) -> Value {
    let people: Vec<Value> = SAMPLES
        .iter()
        .map(|sample| {
            json!({
                "login": sample.login,
                "password": demo::password(sample.login),
                "name": sample.name,
                "roles": roles(sample),
            })
        })
        .collect();
    let admin = SAMPLES
        .iter()
        .find(|sample| sample.roles.contains(&Role::Admin));
    let admin =
        admin.map(|admin| json!({"login": admin.login, "password": demo::password(admin.login)}));
    json!({"url": url, "people": people, "channels": channels(url), "admin": admin})
}

fn channels(url: &str) -> Vec<Value> {
    let channels = demo::CHANNELS.iter();
    channels
        .map(|(key, name, mode)| {
            json!({"key": key, "name": name, "mode": mode, "page": format!("{url}/c/{key}")})
        })
        .collect()
}

fn tell(url: &str, folder: &Path) {
    output::line("webim demo is running.\n");
    output::line(&format!("  Open     {url}/"));
    output::line(&format!("  Desk     {url}/desk"));
    for (key, name, _) in demo::CHANNELS {
        output::line(&format!("  Customer {url}/c/{key}  ({name})"));
    }
    output::line(&format!(
        "  Data     {} (use it again with --data)\n",
        folder.display()
    ));
    output::line(&format!(
        "  {}{}{}Roles",
        output::pad("Login", 14),
        output::pad("Password", 20),
        output::pad("Name", 18)
    ));
    for sample in SAMPLES.iter().take(SHOWN) {
        let login = output::pad(sample.login, 14);
        let password = output::pad(&demo::password(sample.login), 20);
        let name = output::pad(sample.name, 18);
        output::line(&format!(
            "  {login}{password}{name}{}",
            roles(sample).join(", ")
        ));
    }
    let others = SAMPLES.len() - SHOWN;
    output::line(&format!(
        "  and {others} more, each with the password demo-LOGIN\n"
    ));
    output::line("Ctrl-C stops it.");
}
