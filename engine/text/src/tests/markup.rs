//! What is left of micro-markup.

use std::borrow::Cow;

use crate::markup::plain;

#[test]
fn words_stay_and_markup_goes() {
    for (text, expected) in [
        ("nothing to do", "nothing to do"),
        ("看 file(/files/1)[季度 报告.pdf]。", "看 季度 报告.pdf 。"),
        ("img[/files/1]好face[微笑]", "好"),
        ("face[这不是一个表情的名字]", "face[这不是一个表情的名字]"),
        ("audio[/a] video[/v]", ""),
        ("a(http://x.y)[go] a(http://x.y)[]", "go http://x.y"),
        ("[pre class=layui-code]let x = [1];[/pre]", "let x = [1];"),
        ("[p]one[/p][strong]two", "one [strong]two"),
        (
            "img[a b] file(/x) [] [/] a( [p",
            "img[a b] file(/x) [] [/] a( [p",
        ),
    ] {
        let found = plain(text);
        let words: Vec<_> = found.split_whitespace().collect();
        assert_eq!(words.join(" "), expected, "{text}");
    }
    assert!(matches!(plain("no brackets"), Cow::Borrowed(_)));
}
