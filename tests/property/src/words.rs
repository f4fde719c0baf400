//! Text as people and mischief write it.

use proptest::prelude::*;

/// Up to `most` characters, with more of the troublesome ones than chance would bring.
pub fn text(most: usize) -> impl Strategy<Value = String> {
    let char = prop_oneof![
        4 => any::<char>(),
        2 => proptest::char::range('a', 'z'),
        2 => proptest::char::range('\u{4e00}', '\u{9fff}'),
        1 => proptest::char::range('\u{300}', '\u{36f}'),
        1 => prop::sample::select(vec![' ', '\t', '\n', '\u{3000}', '\u{200b}', '"', '\\', '<', '{']),
        1 => Just('\0'),
    ];
    proptest::collection::vec(char, 0..=most).prop_map(|chars| chars.into_iter().collect())
}
