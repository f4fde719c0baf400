//! `webim setup-link`, and the link that `webim serve` prints while nobody administers the server.

use serde_json::json;
use webim_accounts::{Accounts, AccountsConfig};
use webim_model::{Millis, Sources};
use webim_store::Store;

use crate::cli::SetupLinkArgs;
use crate::exit::{End, Exit, Failure};
use crate::{config, node, output};

pub async fn run(args: &SetupLinkArgs) -> End {
    let config = config::load(Some(&args.config.config))?;
    let sources = Sources::system();
    let store = node::open_migrated(&config.database, &sources).await?;
    let base = node::public_url(&config, config.server.listen);
    let Some((url, expires)) = make(store, &sources, &base).await? else {
        let message =
            "somebody administers this server already; `webim admin create` makes another admin";
        return Err(Failure::new(Exit::Failed, message));
    };
    if args.json {
        output::json(&json!({"url": url, "expires_at": expires.0}));
    } else {
        output::line(&url);
        output::note("It works once and for 24 hours; a link that was printed before is void.");
    }
    Ok(Exit::Ok)
}

/// A new link below `base` and its end; none if somebody administers the server.
pub async fn make(
    store: Store,
    sources: &Sources,
    base: &str,
) -> Result<Option<(String, Millis)>, Failure> {
    let accounts = Accounts::new(store, sources.clone(), AccountsConfig::default());
    let link = accounts.setup_link().await?;
    Ok(link.map(|link| {
        let url = format!("{base}/setup?token={}", link.secret.reveal());
        (url, link.expires)
    }))
}
