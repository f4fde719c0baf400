//! What is done to the server: one file for each scenario.

mod group;
mod history;
mod idle;
mod kill;
mod pairs;
mod search;
mod smoke;
mod storm;
mod yardstick;

use anyhow::Result;

use crate::cli::{Common, Scenario};
use crate::report::Report;

/// Runs a scenario.
pub async fn run(common: &Common, scenario: &Scenario) -> Result<Vec<Report>> {
    let report = match scenario {
        Scenario::Pairs(asked) => pairs::run(common, asked).await,
        Scenario::Group(asked) => group::run(common, asked).await,
        Scenario::Idle(asked) => idle::run(common, asked).await,
        Scenario::History(asked) => history::run(common, asked).await,
        Scenario::Search(asked) => search::run(common, asked).await,
        Scenario::Storm(asked) => storm::run(common, asked).await,
        Scenario::Kill(asked) => kill::run(common, asked).await,
        Scenario::Yardstick(asked) => yardstick::run(common, asked).await,
        Scenario::Smoke => return smoke::run(common).await,
    };
    Ok(vec![report?])
}
