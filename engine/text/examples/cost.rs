//! Prints what words cost here: `cargo run --release --package webim-text --example cost`.

use std::hint::black_box;
use std::io::{self, Write};
use std::time::Instant;

use uuid::Uuid;
use webim_model::PersonId;
use webim_text::{Candidate, Entry, PeopleIndex, Query, rank, terms, warm};

const CHINESE: &str =
    "张伟，明天下午三点在二楼会议室开季度总结会，请把销售报表和A4纸打印好带过来。";
const ENGLISH: &str = "Could you please send me the quarterly sales reports before the meeting tomorrow? The printers on floor 2 are running again, ok.";
const SHORT: &str = "好的，收到，谢谢！";

fn main() -> io::Result<()> {
    let mut out = io::stdout();
    let began = Instant::now();
    warm();
    writeln!(
        out,
        "dictionary: {:.0} ms",
        began.elapsed().as_secs_f64() * 1e3
    )?;
    for (name, text) in [("Chinese", CHINESE), ("English", ENGLISH), ("short", SHORT)] {
        let found = terms(text);
        let cost = each(20_000, || {
            black_box(terms(black_box(text)));
        });
        writeln!(
            out,
            "terms, {name}, {} bytes: {cost:.2} us, {} terms",
            text.len(),
            found.len()
        )?;
    }
    let long = CHINESE.repeat(115);
    let cost = each(50, || {
        black_box(terms(black_box(&long)));
    });
    writeln!(out, "terms, {} bytes: {cost:.0} us", long.len())?;
    let query = Query::parse("销售报表 meeting");
    let texts: Vec<String> = (0..500).map(|n| format!("{n} {CHINESE} meeting")).collect();
    let candidates: Vec<Candidate<'_, usize>> = texts
        .iter()
        .enumerate()
        .map(|(key, text)| Candidate {
            key,
            text,
            boost: 0,
        })
        .collect();
    let cost = each(50, || {
        black_box(rank(&query, black_box(&candidates)));
    });
    writeln!(out, "rank, 500 candidates: {cost:.0} us")?;
    let cost = each(5_000, || {
        black_box(Query::parse(black_box("销售报表 meeting")));
    });
    writeln!(out, "query: {cost:.2} us")?;
    people(&mut out, 5_000)?;
    people(&mut out, 50_000)
}

/// Nanoseconds that this thread has been running, where the system tells (other work counts in the time of day).
fn spent(began: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = told.split(' ').next().and_then(|nanos| nanos.parse().ok());
    nanos.unwrap_or(began.elapsed().as_secs_f64() * 1e9)
}

/// Microseconds for one call, the median of nine rounds.
fn each(times: u32, mut work: impl FnMut()) -> f64 {
    let mut rounds: Vec<f64> = (0..9)
        .map(|_| {
            let began = Instant::now();
            let before = spent(began);
            (0..times).for_each(|_| work());
            (spent(began) - before) / 1e3 / f64::from(times)
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[4]
}

fn people(out: &mut impl Write, count: u32) -> io::Result<()> {
    let family: Vec<char> = "王李张刘陈杨黄赵周吴徐孙马朱胡林郭何高罗单曾解仇区查"
        .chars()
        .collect();
    let given: Vec<char> = "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂英华文建国志海"
        .chars()
        .collect();
    let names: Vec<(PersonId, String, String)> = (0..count)
        .map(|n| {
            let at = n as usize;
            let mut name = String::from(family[at % family.len()]);
            name.push(given[at / 7 % given.len()]);
            name.push(given[at / 31 % given.len()]);
            (
                PersonId(Uuid::from_u128(u128::from(n))),
                name,
                format!("user{n:05}"),
            )
        })
        .collect();
    let began = Instant::now();
    let index = PeopleIndex::new(names.iter().map(|(id, name, login)| Entry {
        id: *id,
        name,
        login,
    }));
    let built = began.elapsed().as_secs_f64() * 1e3;
    writeln!(
        out,
        "people, {count}: built in {built:.0} ms, {} KB",
        index.bytes() / 1024
    )?;
    for query in [
        "z",
        "zhang",
        "zhangwei",
        "zw",
        "张伟",
        "wei",
        "user",
        "user00042",
        "zhang wei",
    ] {
        let cost = each(300, || {
            black_box(index.search(black_box(query), 20));
        });
        writeln!(out, "  {query}: {cost:.1} us")?;
    }
    Ok(())
}
