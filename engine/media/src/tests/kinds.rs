//! What bytes are, and what may be uploaded.

use proptest::prelude::*;

use super::seeded;
use crate::{Denied, HEAD, Kind, KindSet, Policy, sniff};

/// What browsers record into.
fn webm() -> Vec<u8> {
    [
        &b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"[..],
        &[0; 300],
    ]
    .concat()
}

#[test]
fn the_content_decides() {
    let long = [b"plain words, ".repeat(2_000), b"<script>".to_vec()].concat();
    let cut = "会".repeat(HEAD);
    let utf16 = b"\xff\xfeh\0i\0";
    let gbk = b"\xc4\xe3\xba\xc3, \xca\xc0\xbd\xe7";
    for (bytes, kind, mime) in [
        (
            &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..],
            Kind::Picture,
            "image/png",
        ),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", Kind::Picture, "image/jpeg"),
        (b"GIF89a\x01\0\x01\0", Kind::Picture, "image/gif"),
        (b"RIFF\x10\0\0\0WEBPVP8L", Kind::Picture, "image/webp"),
        (b"BM\x3a\0\0\0\0\0\0\0", Kind::Image, "image/bmp"),
        (b"BMW is a car", Kind::Text, "text/plain; charset=utf-8"),
        (b"%PDF-1.7\n1 0 obj", Kind::Document, "application/pdf"),
        (b"PK\x03\x04\x14\0\0\0", Kind::Archive, "application/zip"),
        (
            b"MZ\x90\0\x03\0",
            Kind::Program,
            "application/vnd.microsoft.portable-executable",
        ),
        (b"#!/bin/sh\nrm", Kind::Program, "text/x-shellscript"),
        (&webm(), Kind::Video, "video/webm"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", Kind::Video, "video/mp4"),
        (b"\0\0\0\x18ftyp3gp5\0\0\0\0", Kind::Video, "video/mp4"),
        (b"\0\0\0\x18ftypM4A \0\0\0\0", Kind::Audio, "audio/m4a"),
        (b"OggS\0\x02\0\0", Kind::Audio, "audio/ogg"),
        (b"ID3\x03\0\0\0", Kind::Audio, "audio/mpeg"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'>",
            Kind::Page,
            "text/html",
        ),
        (b"<!-- words --> <SVG>", Kind::Page, "text/html"),
        (b"<?xml version='1.0'?><svg/>", Kind::Page, "text/xml"),
        (b"  <!DOCTYPE html>", Kind::Page, "text/html"),
        (b"\xef\xbb\xbf<html>", Kind::Page, "text/html"),
        (b"GIF89a/*<script>*/=1", Kind::Page, "text/html"),
        (b"a,b\r\n1,2\r\n", Kind::Text, "text/plain; charset=utf-8"),
        (cut.as_bytes(), Kind::Text, "text/plain; charset=utf-8"),
        (&long, Kind::Text, "text/plain; charset=utf-8"),
        (utf16, Kind::Text, "application/octet-stream"),
        (gbk, Kind::Text, "application/octet-stream"),
        (b"\x01\x02\x03\x04", Kind::Other, "application/octet-stream"),
        (b"", Kind::Other, "application/octet-stream"),
    ] {
        let found = sniff(bytes);
        assert_eq!(
            (found.kind, found.mime),
            (kind, mime),
            "{}",
            bytes[..bytes.len().min(30)].escape_ascii()
        );
    }
}

#[test]
fn what_a_browser_would_run_is_never_shown() {
    for bytes in [
        &b"<svg>"[..],
        b"<?xml ?>",
        b"<html>",
        b"MZ\x90\0\x03\0",
        b"#!/bin/sh",
    ] {
        let found = sniff(bytes);
        assert!(!found.is_inline());
        assert_eq!(found.content_type(), "application/octet-stream");
    }
    assert!(!sniff(b"%PDF-1.7\n").is_inline());
    assert!(sniff(b"OggS\0\x02\0\0").is_inline());
    assert!(sniff(&webm()).can_sound());
}

#[test]
fn kinds_have_names() {
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.name()), Some(kind));
        assert!(KindSet::all().has(kind));
        assert!(!KindSet::all().without(kind).has(kind));
        assert!(KindSet::default().with(kind).has(kind));
    }
    assert_eq!(Kind::parse("svg"), None);
}

#[test]
fn limits_go_by_kind_and_person() {
    let policy = Policy {
        bytes: 100,
        by_kind: vec![(Kind::Picture, 10), (Kind::Video, 1_000)],
        ..Policy::default()
    };
    assert_eq!(policy.most(), 1_000);
    for (kind, bytes, left, answer) in [
        (Kind::Picture, 10, 10, Ok(())),
        (Kind::Picture, 11, 100, Err(Denied::TooLarge { limit: 10 })),
        (Kind::Picture, 10, 9, Err(Denied::NothingLeft { left: 9 })),
        (Kind::Text, 100, 1_000, Ok(())),
        (Kind::Video, 1_000, u64::MAX, Ok(())),
        (Kind::Text, 0, 1, Err(Denied::Empty)),
        (Kind::Program, 1, 1, Err(Denied::Kind(Kind::Program))),
        (Kind::Text, 1, 0, Err(Denied::NothingLeft { left: 0 })),
    ] {
        assert_eq!(
            policy.admit(kind, bytes, left),
            answer,
            "{kind:?} {bytes} {left}"
        );
    }
    assert_eq!(policy.begin(Kind::Video, 500), Ok(500));
    let nothing = Policy {
        allowed: KindSet::default(),
        ..policy
    };
    assert_eq!(nothing.most(), 0);
}

proptest! {
    #![proptest_config(seeded(2_000))]

    #[test]
    fn any_bytes_are_something(
        start in prop::sample::select(vec![
            &b""[..], b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"RIFF", b"\0\0\0\x20ftyp", b"\x89PNG", b"GIF8", b"\xff\xd8\xff",
            b"ID3", b"OggS", b"\x7fELF", b"MZ", b"%PDF", b"\x1a\x45\xdf\xa3", b"FORM", b"\x1f\x8b", b"[Content_Types].xml",
        ]),
        rest in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let bytes = [start, &rest].concat();
        let found = sniff(&bytes);
        prop_assert!(found.mime.contains('/'));
        prop_assert!(found.kind != Kind::Page || !found.is_inline());
        prop_assert_eq!(found, sniff(&bytes));
    }
}
