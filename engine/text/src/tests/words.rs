//! What texts are found by.

use crate::{CLAUSES, Query, TERM_BYTES, TERMS, fold, terms};

fn of(text: &str) -> Vec<String> {
    terms(text).iter().map(str::to_owned).collect()
}

/// Whether the index would propose `text` for `query`, and the scorer keep it.
fn finds(query: &str, text: &str) -> bool {
    let terms = terms(text);
    let query = Query::parse(query);
    let proposed = !query.is_empty()
        && query.clauses().iter().all(|clause| {
            clause.any.iter().any(|key| {
                terms.iter().any(|term| {
                    if key.prefix {
                        term.starts_with(&key.term)
                    } else {
                        term == key.term
                    }
                })
            })
        });
    let kept = query.look(text).is_some();
    assert!(!proposed || kept, "proposed but not kept: {text}");
    proposed
}

#[test]
fn one_form_for_many() {
    for (text, folded) in [
        ("Ａ４ＰＡＰＥＲ", "a4paper"),
        ("ＡＢＣ　１２３", "abc 123"),
        ("CAFÉ café cafe\u{301}", "cafe cafe cafe"),
        ("㎏ ① ﬁ", "kg 1 fi"),
        ("體育館", "體育館"),
        ("ﾊﾞｽ", "バス"),
        ("\u{1112}\u{1161}\u{11ab}", "한"),
        ("a\u{200b}b\u{feff}c\u{202e}d", "abcd"),
        ("a \t\r\n b\0c", "a b c"),
        ("İstanbul ẞ", "istanbul ß"),
        ("й", "й"),
    ] {
        assert_eq!(fold(text), folded, "{text}");
    }
}

#[test]
fn a_text_is_found_by_its_words() {
    for (query, text) in [
        ("会议室", "明天下午三点在二楼会议室开会"),
        ("会议", "明天下午三点在二楼会议室开会"),
        ("长江大桥", "南京市长江大桥"),
        ("市长", "南京市长江大桥"),
        ("南京", "南京市长江大桥"),
        ("张伟强", "请张伟强调整排班"),
        ("张伟强", "张伟强，明天到。"),
        ("王小明", "@王小明 请看一下"),
        ("晓明", "麻烦李晓明跟进一下"),
        ("议室", "二楼会议室"),
        ("A4纸", "打印机没有Ａ４纸了"),
        ("a4", "打印机没有A4纸了"),
        ("纸", "打印机没有A4纸了"),
        ("纸", "纸张不够"),
        ("报", "季度报表"),
        ("report", "Two Reports were filed"),
        ("REPORTING", "two reports"),
        ("repor", "two reports"),
        ("zhang.wei@example.com", "写信给 Zhang.Wei@Example.com 吧"),
        ("example.com", "写信给 Zhang.Wei@Example.com 吧"),
        (
            "https://intranet.example/wiki?id=42",
            "见 https://intranet.example/wiki?id=42。",
        ),
        ("ORD-2024-00123", "订单ORD-2024-00123已发货"),
        ("ord-2024", "订单ORD-2024-00123已发货"),
        ("00123", "订单ORD-2024-00123已发货"),
        ("3fa85f64", "id 3fa85f64-5717-4562-b3fc-2c963f66afa6"),
        ("13800138000", "电话 138-0013-8000"),
        ("138-0013-8000", "电话 13800138000"),
        ("1234567", "共 1,234,567 元"),
        ("covid 19", "covid19 test"),
        ("covid19", "COVID 19 test"),
        ("2024年", "2024年第一季度"),
        ("v2.3", "升级到 v2.3.1"),
        ("報告", "請看報告"),
        ("カタカナ", "これはカタカナです"),
        ("회의", "내일 회의 있습니다"),
        ("встреча", "Встреча завтра"),
        ("季度报告", "2024_季度报告(最终版).pdf"),
        ("pdf", "2024_季度报告(最终版).pdf"),
        ("嗯", "嗯"),
        ("the", "the"),
        ("\"report\" AND *", "and a report"),
    ] {
        assert!(finds(query, text), "{query} in {text}: {:?}", of(text));
    }
}

#[test]
fn a_text_is_not_found_by_what_it_has_not() {
    for (query, text) in [
        ("报告", "请看報告"),
        ("cat", "concatenate"),
        ("苹果", "香蕉"),
        ("meeting room", "the meeting"),
        ("report -sales", "a report on purchases"),
        ("NOT report", "a repor"),
        ("*", "everything"),
        ("%", "100%"),
        ("'", "it's"),
        ("\" OR 1=1 --", "nothing"),
        ("", "something"),
        ("👍", "👍"),
    ] {
        assert!(!finds(query, text), "{query} in {text}: {:?}", of(text));
    }
}

#[test]
fn operators_are_words_or_nothing() {
    for query in [
        "\"",
        "''",
        "*",
        "AND",
        "NOT",
        "a AND b",
        "x*",
        "NEAR(a b, 3)",
        "col:val",
        "^a",
        "-a",
        "+a -b",
        "(",
        ")))",
        "a\\",
        "%_%",
        "a | b & !c",
        "<->",
        ":*",
        "'a':*",
        "@@",
        "`",
        ";drop table x;--",
        "\0",
        "\u{feff}",
    ] {
        for clause in Query::parse(query).clauses() {
            for key in &clause.any {
                assert!(
                    key.term.chars().all(char::is_alphanumeric),
                    "{query}: {key:?}"
                );
            }
        }
    }
}

#[test]
fn what_says_nothing_is_kept_only_where_nothing_else_is() {
    assert_eq!(of("the sales of it"), ["sale"]);
    assert_eq!(of("The"), ["the"]);
    assert_eq!(of("吗"), ["吗"]);
    assert_eq!(of("……！"), [""; 0]);
}

#[test]
fn bounds_hold() {
    let words: String = (0..5_000).fold(String::new(), |all, n| all + &format!("w{n}x "));
    assert_eq!(terms(&words).len(), TERMS);
    let long = "x".repeat(10_000);
    assert_eq!(of(&long), [long[..TERM_BYTES].to_owned()]);
    assert!(finds(&long[..256], &long));
    let query = Query::parse(&"会议室 report 42 ".repeat(700));
    assert!(query.was_cut());
    assert_eq!(query.clauses().len(), 3);
    let many: String = (0..60).fold(String::new(), |all, n| all + &format!("w{n} "));
    let query = Query::parse(&many);
    assert!(query.was_cut());
    assert_eq!(query.clauses().len(), CLAUSES);
    assert!(!Query::parse("report").was_cut());
}

#[test]
fn the_same_text_gives_the_same_terms() {
    assert_eq!(
        of("张伟，请把A4纸放到会议室。Meetings"),
        [
            "张",
            "伟",
            "张伟",
            "请",
            "把",
            "请把",
            "a4",
            "纸",
            "放到",
            "纸放",
            "会议室",
            "会议",
            "议室",
            "meet"
        ]
    );
}
