//! What must hold for every text.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed};
use unicode_segmentation::UnicodeSegmentation;

use crate::{CLAUSES, Query, Span, TERM_BYTES, TERMS, fold, people_keys, terms};

/// The same cases in every run.
fn seeded() -> Config {
    Config {
        cases: 400,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(0x7465_7874),
        ..Config::default()
    }
}

/// Texts as people write them, and as nobody does.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(vec![
            "会议", "张", "伟", "强调", "的", "研究生命", "A4纸", "Ａ４", "runs", "Running", "the", "ORD-2024-001", "138-0013",
            "1,234", "a@b.cn", "https://x.cn/y?z=1", "👨‍👩‍👧", "👍🏽", "e\u{301}", "\u{301}", "㎏", "ﷺ", "カナ", "ﾊﾞ", "ไทย",
            "한국", "İ", "ß", "\u{200d}", "\u{202e}", "\0", "\r\n", "covid19", "々", "〇", "\u{20bb7}", "म\u{94d}न",
        ]).prop_map(str::to_owned),
        4 => prop::sample::select(vec![" ", "，", "。", "\"", "*", "-", "_", "'", "\t"]).prop_map(str::to_owned),
        2 => "[a-zA-Z0-9]{1,6}",
        2 => "\\PC{1,4}",
        1 => any::<String>().prop_map(|text| text.chars().take(6).collect()),
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

/// Whether `spans` are in order, apart, within `text` and at the edges of its graphemes.
fn fit(text: &str, spans: &[Span]) -> bool {
    let mut edges = vec![0];
    for grapheme in text.graphemes(true) {
        edges.push(edges[edges.len() - 1] + grapheme.encode_utf16().count());
    }
    let mut last = None;
    spans.iter().all(|span| {
        let after = last.is_none_or(|end| span.start > end);
        last = Some(span.end);
        after && span.start < span.end && edges.contains(&span.start) && edges.contains(&span.end)
    })
}

proptest! {
    #![proptest_config(seeded())]

    #[test]
    fn terms_are_bounded_and_plain(text in text()) {
        let terms = terms(&text);
        prop_assert!(terms.len() <= TERMS);
        let mut seen = std::collections::HashSet::new();
        for term in terms.iter() {
            prop_assert!(!term.is_empty() && term.len() <= TERM_BYTES);
            prop_assert!(!term.contains(|c: char| c.is_whitespace() || c.is_ascii_punctuation() || c.is_control()));
            prop_assert!(seen.insert(term.to_owned()));
        }
    }

    #[test]
    fn folding_twice_changes_nothing(text in text()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn a_text_answers_itself(text in text()) {
        prop_assume!(text.chars().count() <= 250);
        let terms = terms(&text);
        let query = Query::parse(&text);
        prop_assert_eq!(query.is_empty(), terms.is_empty());
        prop_assert!(query.clauses().len() <= CLAUSES);
        for clause in query.clauses() {
            let there = clause.any.iter().any(|key| {
                terms.iter().any(|term| if key.prefix { term.starts_with(&key.term) } else { term == key.term })
            });
            prop_assert!(there, "{:?} is not among {:?}", clause, terms.iter().collect::<Vec<_>>());
        }
        if !query.is_empty() {
            let found = query.look(&text);
            prop_assert!(found.is_some_and(|found| found.score() > 0 && !found.spans().is_empty()));
        }
    }

    #[test]
    fn what_is_shown_is_whole(query in text(), text in text(), chars in 0_usize..40) {
        for query in [&query, &text] {
            if let Some(found) = Query::parse(query).look(&text) {
                prop_assert!(fit(&text, &found.spans()));
                let snippet = found.snippet(chars);
                prop_assert!(fit(&snippet.text, &snippet.spans));
                prop_assert!(!snippet.text.is_empty());
                let whole: String = text.chars().map(crate::show::visible).collect();
                prop_assert!(whole.contains(&snippet.text));
                prop_assert_eq!(snippet.before, !whole.starts_with(&snippet.text) || snippet.before);
            }
        }
    }

    #[test]
    fn what_the_index_proposes_the_scorer_keeps(query in text(), text in text()) {
        let terms = terms(&text);
        let query = Query::parse(&query);
        let proposed = !query.is_empty() && query.clauses().iter().all(|clause| {
            clause.any.iter().any(|key| {
                terms.iter().any(|term| if key.prefix { term.starts_with(&key.term) } else { term == key.term })
            })
        });
        if proposed {
            prop_assert!(query.look(&text).is_some());
        }
    }

    #[test]
    fn any_name_has_keys(name in text(), login in text()) {
        for key in people_keys(&name, &login) {
            prop_assert!(key.len() <= 64 && !key.is_empty());
        }
    }
}

#[test]
fn long_texts_are_no_trouble() {
    for piece in [
        "会",
        "的",
        "a",
        "ﷺ",
        "e\u{301}",
        "\u{301}",
        "👨‍👩‍👧",
        "1-",
        "ไ",
        "\u{1161}",
        "会议室 report ",
    ] {
        let text = piece.repeat(10_000);
        let query = Query::parse(&text);
        terms(&text);
        if let Some(found) = query.look(&text) {
            assert!(found.spans().len() <= 256);
            assert!(!found.snippet(80).text.is_empty());
        }
    }
}
