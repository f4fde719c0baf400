//! The server's own figures: how long it took to answer, by the buckets it tells Prometheus.

use anyhow::{Context, Result};

use crate::report::real;
use crate::server::Server;

/// How many answers took at most so many seconds, from the smallest bound on, each with all before it.
pub struct Buckets(Vec<(f64, u64)>);

impl Buckets {
    /// Those of one route, up to now.
    pub async fn read(server: &Server, route: &str) -> Result<Self> {
        let answer = reqwest::get(format!("http://{}/metrics", server.metrics)).await?;
        let text = answer.error_for_status()?.text().await?;
        Self::parse(&text, route)
    }

    fn parse(text: &str, route: &str) -> Result<Self> {
        let head = format!("webim_http_request_seconds_bucket{{route=\"{route}\",le=\"");
        let lines = text.lines().filter_map(|line| line.strip_prefix(&*head));
        let bucket = |line: &str| -> Result<(f64, u64)> {
            let (bound, count) = line
                .split_once("\"} ")
                .context("a bucket has a bound and a count")?;
            Ok((bound.parse()?, count.parse()?))
        };
        Ok(Self(lines.map(bucket).collect::<Result<_>>()?))
    }

    /// What was counted since `earlier`.
    pub fn since(&self, earlier: &Self) -> Self {
        let before = |n: usize| earlier.0.get(n).map_or(0, |(_, count)| *count);
        let buckets = self.0.iter().enumerate();
        Self(
            buckets
                .map(|(n, (bound, count))| (*bound, count - before(n)))
                .collect(),
        )
    }

    /// A bound in seconds that this part of the answers kept.
    pub fn at_most(&self, part: f64) -> f64 {
        let all = self.0.last().map_or(0, |(_, count)| *count);
        let kept = |(_, count): &&(f64, u64)| real(*count) >= real(all) * part;
        self.0
            .iter()
            .find(kept)
            .map_or(f64::NAN, |(bound, _)| *bound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_read_and_compared() {
        let text = |counts: [u64; 3]| {
            let line = |bound, count| {
                format!(
                    "webim_http_request_seconds_bucket{{route=\"/a\",le=\"{bound}\"}} {count}\n"
                )
            };
            line("0.001", counts[0]) + &line("0.005", counts[1]) + &line("+Inf", counts[2])
        };
        let before = Buckets::parse(&text([1, 10, 10]), "/a").unwrap();
        let after = Buckets::parse(&text([61, 109, 110]), "/a").unwrap();
        let since = after.since(&before);
        assert!((since.at_most(0.5) - 0.001).abs() < 1e-9);
        assert!((since.at_most(0.99) - 0.005).abs() < 1e-9);
        assert!(
            Buckets::parse(&text([1, 2, 3]), "/b")
                .unwrap()
                .at_most(0.5)
                .is_nan()
        );
    }
}
