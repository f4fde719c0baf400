//! A long conversation: what does a page cost at its newest end, at its oldest, and in the middle?

use std::time::Instant;

use anyhow::{Result, ensure};
use reqwest::Client;
use webim_wire::rest;

use crate::cli::{Common, History};
use crate::figures::Buckets;
use crate::filler::{Filler, Into};
use crate::place::Place;
use crate::report::{Report, real};
use crate::server::Server;
use crate::tally::histogram;
use crate::world::World;

/// Pages read before anything is measured.
const WARM: u64 = 100;

/// What the server calls the address in its figures.
const ROUTE: &str = "/api/v1/conversations/{id}/messages";

/// Runs it.
pub async fn run(common: &Common, asked: &History) -> Result<Report> {
    let place = Place::new(common, "history").await?;
    let store = place.open().await?;
    let world = World::new(&store, 2, &[]).await?;
    let (one, other) = (&world.people[0], &world.people[1]);
    let conversation = store.direct(one.id, other.id).await?;
    let (member_version, _) = store.members(conversation).await?;
    let began = Instant::now();
    let mut filler = Filler::new(&store);
    for n in 0..asked.messages {
        let sender = if n % 2 == 0 { one.id } else { other.id };
        let into = Into {
            conversation,
            sender,
            member_version,
        };
        filler
            .say(
                into,
                &format!("第 {n} 条：今天下午三点在二楼会议室开会，请带上上周的报表。"),
            )
            .await?;
    }
    filler.end().await?;
    let took = began.elapsed();
    store.close().await;
    let server = Server::start(&common.server, &place).await?;
    let reader = Reader {
        client: Client::new(),
        address: format!(
            "http://{}/api/v1/conversations/{conversation}/messages",
            server.address
        ),
        token: one.token.clone(),
        page: asked.page,
        pages: asked.pages,
    };
    let mut report = Report::new(format!(
        "history: {} messages, pages of {}, {:?}",
        asked.messages, asked.page, common.database
    ));
    report.figure("filled in", took.as_secs_f64(), "s");
    for (place, first) in [
        ("newest", asked.messages.saturating_sub(asked.page) + 1),
        ("middle", asked.messages / 2),
        ("oldest", 1),
    ] {
        reader.measure((place, first), &server, &mut report).await?;
    }
    server.stop().await?;
    place.remove().await?;
    Ok(report)
}

struct Reader {
    client: Client,
    address: String,
    token: String,
    page: u64,
    pages: u64,
}

impl Reader {
    /// Reads the page that begins at `first` again and again, one request at a time.
    async fn measure(
        &self,
        (place, first): (&str, u64),
        server: &Server,
        report: &mut Report,
    ) -> Result<()> {
        let pages = self.pages;
        for _ in 0..WARM.min(pages) {
            self.read(place, first).await?;
        }
        let (cpu, inside) = (server.process.cpu()?, Buckets::read(server, ROUTE).await?);
        let mut whole = histogram();
        for _ in 0..pages {
            let began = Instant::now();
            self.read(place, first).await?;
            let micros = u64::try_from(began.elapsed().as_micros())?;
            whole.saturating_record(micros);
        }
        let cpu = server.process.cpu()?.saturating_sub(cpu);
        let inside = Buckets::read(server, ROUTE).await?.since(&inside);
        report.each(&format!("{place} page, server CPU"), cpu, pages);
        for (part, word) in [(0.5, "p50"), (0.99, "p99")] {
            let name = |whose: &str| format!("{place} page, {word} {whose}");
            let client = real(whole.value_at_quantile(part)) / 1_000.0;
            report.figure(&name("at the client"), client, "ms");
            report.figure(
                &name("in the server, at most"),
                inside.at_most(part) * 1_000.0,
                "ms",
            );
        }
        Ok(())
    }

    /// Reads one page and checks that it is the right one.
    async fn read(&self, place: &str, first: u64) -> Result<()> {
        let after = first - 1;
        let window = if place == "newest" {
            String::new()
        } else {
            format!("after={after}&")
        };
        let address = format!("{}?{window}limit={}", self.address, self.page);
        let answer = self
            .client
            .get(address)
            .bearer_auth(&self.token)
            .send()
            .await?;
        let bytes = answer.error_for_status()?.bytes().await?;
        let page: rest::History = serde_json::from_slice(&bytes)?;
        let seqs = page.items.iter().map(|message| message.seq);
        ensure!(
            seqs.eq(first..first + self.page),
            "the {place} page holds other messages"
        );
        Ok(())
    }
}
