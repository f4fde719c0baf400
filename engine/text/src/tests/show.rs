//! What is highlighted and cut out.

use crate::{Query, Snippet};

/// `text` with brackets around what is highlighted.
fn marked(query: &str, text: &str) -> String {
    let found = Query::parse(query).look(text).unwrap();
    bracket(text, &found.spans())
}

fn bracket(text: &str, spans: &[crate::Span]) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut out = String::new();
    let mut at = 0;
    for span in spans {
        out += &String::from_utf16(&units[at..span.start]).unwrap();
        out.push('[');
        out += &String::from_utf16(&units[span.start..span.end]).unwrap();
        out.push(']');
        at = span.end;
    }
    out + &String::from_utf16(&units[at..]).unwrap()
}

#[test]
fn highlights() {
    for (query, text, shown) in [
        (
            "会议室",
            "二楼会议室，三楼会议室",
            "二楼[会议室]，三楼[会议室]",
        ),
        (
            "running",
            "He runs. Runners run",
            "He [runs]. Runners [run]",
        ),
        ("A4纸", "没有Ａ４纸了", "没有[Ａ４纸]了"),
        (
            "wei@example",
            "Zhang.Wei@Example.com",
            "Zhang.[Wei@Example].com",
        ),
        ("报告", "👨‍👩‍👧报告👍🏽", "👨‍👩‍👧[报告]👍🏽"),
        ("cafe", "un cafe\u{301}!", "un [cafe\u{301}]!"),
        ("kg", "5 ㎏", "5 [㎏]"),
        ("13800138000", "138-0013-8000", "[138-0013-8000]"),
        ("repor", "the reports", "the [reports]"),
    ] {
        assert_eq!(marked(query, text), shown, "{query}");
    }
}

fn cut(query: &str, text: &str, chars: usize) -> (Snippet, String) {
    let snippet = Query::parse(query).look(text).unwrap().snippet(chars);
    let shown = bracket(&snippet.text, &snippet.spans);
    (snippet, shown)
}

#[test]
fn a_snippet_is_around_the_best_place() {
    let text = format!(
        "{}报告在第三页，季度报告请看这里{}",
        "前面的话".repeat(40),
        "后面的话".repeat(40)
    );
    let (snippet, shown) = cut("季度报告", &text, 20);
    assert_eq!(shown, "在第三页，[季度报告]请看这里后面的话后面的");
    assert!(snippet.before && snippet.after);
    let (snippet, shown) = cut("报告", "报告\r\n完", 20);
    assert_eq!(shown, "[报告]  完");
    assert!(!snippet.before && !snippet.after);
    let (snippet, shown) = cut("季度报告", "一份季度报告", 2);
    assert_eq!(shown, "[季度]");
    assert!(snippet.before && snippet.after);
    let (_, shown) = cut("报告", "甲乙丙丁报告", 4);
    assert_eq!(shown, "丙丁[报告]");
}
