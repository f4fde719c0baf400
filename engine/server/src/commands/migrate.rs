//! `webim migrate`.

use serde_json::json;
use webim_model::Sources;

use crate::cli::MigrateArgs;
use crate::exit::{End, Exit};
use crate::{config, node, output};

pub async fn run(args: &MigrateArgs) -> End {
    let config = config::load(Some(&args.config.config))?;
    let store = node::open(&config.database, &Sources::system()).await?;
    let pending = store.pending_migrations().await?;
    let change = !args.check && !pending.is_empty();
    if change {
        store.migrate().await?;
    }
    if args.json {
        output::json(&json!({"pending": pending, "applied": change}));
    } else {
        for name in &pending {
            output::line(name);
        }
        output::note(match (pending.is_empty(), change) {
            (true, _) => "nothing is pending",
            (false, true) => "done",
            (false, false) => "these are pending; nothing was changed",
        });
    }
    let found = args.check && !pending.is_empty();
    Ok(if found { Exit::Findings } else { Exit::Ok })
}
