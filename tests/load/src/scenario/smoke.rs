//! Every scenario but the kills, small: it judges whether they work and whether anything was lost, not how fast.

use anyhow::Result;

use crate::cli::{Common, Group, History, Idle, Pairs, Storm};
use crate::report::Report;
use crate::scenario::{group, history, idle, pairs, storm};

/// Runs them one after the other.
pub async fn run(common: &Common) -> Result<Vec<Report>> {
    let pairs_closed = Pairs {
        count: 5,
        window: 4,
        bytes: 128,
        seconds: 2,
        rate: None,
    };
    let pairs_paced = Pairs {
        rate: Some(100),
        ..pairs_closed.clone()
    };
    let group_closed = Group {
        members: 40,
        rate: 0,
        writers: 3,
        seconds: 2,
    };
    let group_paced = Group {
        rate: 20,
        ..group_closed.clone()
    };
    let idle_few = Idle {
        connections: 200,
        seconds: 2,
    };
    let history_short = History {
        messages: 2_000,
        pages: 20,
        page: 50,
    };
    let storm_small = Storm {
        clients: 200,
        conversations: 8,
        within: 15,
    };
    Ok(vec![
        pairs::run(common, &pairs_closed).await?,
        pairs::run(common, &pairs_paced).await?,
        group::run(common, &group_closed).await?,
        group::run(common, &group_paced).await?,
        idle::run(common, &idle_few).await?,
        history::run(common, &history_short).await?,
        storm::run(common, &storm_small).await?,
    ])
}
