//! Names that people and attackers give.

use proptest::prelude::*;

use super::seeded;
use crate::{NAME_BYTES, NAME_CHARS, clean, disposition, honest, sniff};

#[test]
fn names_are_cleaned() {
    for (name, cleaned) in [
        ("报告 2024.pdf", "报告 2024.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("C:\\fakepath\\a.txt", "a.txt"),
        ("/", "file"),
        ("", "file"),
        ("..", "file"),
        ("a/", "a"),
        (".htaccess", "htaccess"),
        ("a.txt. . ", "a.txt"),
        ("a\0b\r\nc\u{7f}.txt", "abc.txt"),
        ("annual\u{202e}fdp.exe", "annualfdp.exe"),
        ("a\u{200b}\u{feff}\u{2066}b.txt", "ab.txt"),
        ("a\t  b　c.txt", "a b c.txt"),
        ("a<b>:c\"|?*.txt", "a_b__c____.txt"),
        ("con", "_con"),
        ("CON.txt", "_CON.txt"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("LPT².x", "_LPT².x"),
        ("console.txt", "console.txt"),
        ("cafe\u{301}.txt", "café.txt"),
        ("\u{e0041}\u{2028}", "file"),
    ] {
        assert_eq!(clean(name), cleaned, "{name:?}");
    }
}

#[test]
fn long_names_keep_their_extension() {
    let cleaned = clean(&format!("{}.tar.docx", "会".repeat(500)));
    assert!(cleaned.starts_with('会') && cleaned.rsplit('.').next() == Some("docx"));
    assert!(cleaned.len() <= NAME_BYTES && cleaned.chars().count() <= NAME_CHARS);
    let cleaned = clean(&format!("{}.txt", "a".repeat(500)));
    assert_eq!(cleaned.chars().count(), NAME_CHARS);
    let cleaned = clean(&format!("a.{}", "x".repeat(500)));
    assert_eq!(cleaned.len(), NAME_CHARS);
}

#[test]
fn a_name_does_not_claim_what_the_file_is_not() {
    for (name, bytes, honest_name) in [
        ("report.pdf", &b"MZ\x90\0\x03\0"[..], "report.pdf.exe"),
        ("setup.dll", b"MZ\x90\0\x03\0", "setup.dll"),
        ("photo.JPEG", b"\xff\xd8\xff\xe0\0\x10JFIF\0", "photo.JPEG"),
        (
            "photo.png",
            b"\xff\xd8\xff\xe0\0\x10JFIF\0",
            "photo.png.jpg",
        ),
        ("photo", b"\xff\xd8\xff\xe0\0\x10JFIF\0", "photo.jpg"),
        ("logo.svg", b"<svg>", "logo.svg"),
        ("logo.png", b"<svg>", "logo.png.html"),
        ("plan.docx", b"PK\x03\x04\x14\0\0\0", "plan.docx"),
        ("notes.md", b"# words", "notes.md"),
        ("data.bin", b"\x01\x02\x03", "data.bin"),
    ] {
        assert_eq!(honest(name, &sniff(bytes)), honest_name, "{name}");
    }
}

#[test]
fn dispositions() {
    for (name, inline, value) in [
        ("a b.txt", false, "attachment; filename=\"a b.txt\""),
        (
            "报告.pdf",
            true,
            "inline; filename=\"__.pdf\"; filename*=UTF-8''%E6%8A%A5%E5%91%8A.pdf",
        ),
        (
            "50%;x.txt",
            false,
            "attachment; filename=\"50__x.txt\"; filename*=UTF-8''50%25%3Bx.txt",
        ),
        (
            "a\"; filename=\"b.exe",
            false,
            "attachment; filename=\"a__ filename=_b.exe\"; filename*=UTF-8''a_%3B%20filename%3D_b.exe",
        ),
        (
            "a\r\nSet-Cookie: x=1",
            false,
            "attachment; filename=\"aSet-Cookie_ x=1\"",
        ),
    ] {
        assert_eq!(disposition(name, inline), value);
    }
}

proptest! {
    #![proptest_config(seeded(500))]

    #[test]
    fn cleaned_names_are_harmless(
        pieces in prop::collection::vec(prop_oneof![
            prop::sample::select(vec![
                "..", "/", "\\", ".", " ", "con", "COM1", "\u{202e}", "\0", "\r\n", "e\u{301}", "会", "\u{200d}", "\"", ".txt", "\u{1100}", "\u{1161}",
            ]).prop_map(str::to_owned),
            any::<String>(),
            "[a-z. ]{0,60}",
        ], 0..12),
        inline in any::<bool>(),
    ) {
        let name = pieces.concat();
        let cleaned = clean(&name);
        prop_assert!(!cleaned.is_empty() && cleaned != "." && cleaned != "..");
        prop_assert!(cleaned.len() <= NAME_BYTES && cleaned.chars().count() <= NAME_CHARS);
        let harmful = |c: char| c.is_control() || matches!(c, '/' | '\\' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let found = cleaned.contains(harmful);
        prop_assert!(!found);
        prop_assert!(!cleaned.starts_with(['.', ' ']) && !cleaned.ends_with(['.', ' ']));
        prop_assert_eq!(clean(&cleaned), cleaned.clone());
        let header = disposition(&name, inline);
        prop_assert!(header.bytes().all(|b| (b' '..=b'~').contains(&b)));
        prop_assert_eq!(header.matches('"').count(), 2);
        for bytes in [&b"MZ\x90\0\x03\0"[..], b"<svg>", b"words"] {
            let told = honest(&name, &sniff(bytes));
            prop_assert_eq!(clean(&told), told);
        }
    }
}
