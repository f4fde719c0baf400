//! What a file is, by its first bytes.

/// How many of a file's first bytes decide what it is; more do no harm and are not looked at.
pub const HEAD: usize = 8 * 1024;

/// What kind of thing a file is, as policies and messages see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// PNG, JPEG, GIF, WebP: re-encoded and shown.
    Picture,
    /// A picture in a form that is not shown: HEIC, TIFF, BMP, PSD.
    Image,
    /// Film; a sound in a film's container, too.
    Video,
    /// Sound.
    Audio,
    /// PDF, office documents, books.
    Document,
    /// Plain text of any encoding.
    Text,
    /// ZIP and its relatives; never unpacked. Office documents of some programs cannot be told from it.
    Archive,
    /// What a machine would run: executables, scripts, installers.
    Program,
    /// What a browser would run: HTML, SVG, other XML. Never shown.
    Page,
    /// Anything else, and the empty file.
    Other,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Picture,
        Self::Image,
        Self::Video,
        Self::Audio,
        Self::Document,
        Self::Text,
        Self::Archive,
        Self::Program,
        Self::Page,
        Self::Other,
    ];

    /// The word in settings, in tables and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Document => "document",
            Self::Text => "text",
            Self::Archive => "archive",
            Self::Program => "program",
            Self::Page => "page",
            Self::Other => "other",
        }
    }

    /// The kind with this name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What the content says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sniffed {
    /// What kind of thing it is.
    pub kind: Kind,
    /// Its media type; `application/octet-stream` where there is nothing better.
    pub mime: &'static str,
    /// The usual extension without a point; empty where the content does not tell.
    pub extension: &'static str,
}

impl Sniffed {
    const OTHER: Self = Self::new(Kind::Other, "application/octet-stream", "");

    const fn new(kind: Kind, mime: &'static str, extension: &'static str) -> Self {
        Self {
            kind,
            mime,
            extension,
        }
    }

    /// Whether a page may show it within itself; everything else is a download. Pictures only once they were
    /// re-encoded by [`crate::prepare`].
    pub fn is_inline(&self) -> bool {
        matches!(self.kind, Kind::Picture | Kind::Video | Kind::Audio)
    }

    /// The `Content-Type` to answer with (together with `X-Content-Type-Options: nosniff`). Nothing that a browser
    /// would run keeps its own.
    pub fn content_type(&self) -> &'static str {
        match self.kind {
            Kind::Page | Kind::Program => Self::OTHER.mime,
            _ => self.mime,
        }
    }

    /// Whether it can be a voice message. Browsers record sound into the containers of films, and the first bytes do
    /// not tell whether a film is inside.
    pub fn can_sound(&self) -> bool {
        self.kind == Kind::Audio || matches!(self.mime, "video/webm" | "video/mp4")
    }
}

/// What a file is whose first bytes are `head`: [`HEAD`] of them, or all if there are fewer.
pub fn sniff(head: &[u8]) -> Sniffed {
    let head = &head[..head.len().min(HEAD)];
    let known = infer::get(head).map(|known| classify(known.mime_type(), known.extension()));
    match (known, Text::of(head)) {
        // `BM` and the like also begin sentences.
        (Some(known), Text::No) => known,
        (Some(known), _) if is_textual(known.mime) => known,
        (_, Text::Utf8) => text(head, "text/plain; charset=utf-8"),
        (_, Text::Bytes) => text(head, "application/octet-stream"),
        // Brands of MP4 are many, and telephones invent more.
        (None, Text::No) if head.get(4..8) == Some(b"ftyp") => {
            Sniffed::new(Kind::Video, "video/mp4", "mp4")
        }
        (None, Text::No) => Sniffed::OTHER,
    }
}

/// Formats that are made of text and are more than that.
fn is_textual(mime: &str) -> bool {
    matches!(
        mime,
        "application/pdf"
            | "application/rtf"
            | "application/postscript"
            | "text/html"
            | "text/xml"
            | "text/x-shellscript"
    )
}

fn classify(mime: &'static str, extension: &'static str) -> Sniffed {
    let kind = match mime {
        "image/png" | "image/jpeg" | "image/gif" | "image/webp" => Kind::Picture,
        "text/html" | "text/xml" => Kind::Page,
        "text/x-shellscript"
        | "application/wasm"
        | "application/x-executable"
        | "application/vnd.microsoft.portable-executable"
        | "application/java"
        | "application/x-llvm"
        | "application/x-mach-binary"
        | "application/vnd.android.dex"
        | "application/vnd.android.dey"
        | "application/x-shockwave-flash"
        | "application/x-google-chrome-extension"
        | "application/vnd.debian.binary-package"
        | "application/x-rpm" => Kind::Program,
        "application/zip"
        | "application/x-tar"
        | "application/vnd.rar"
        | "application/gzip"
        | "application/x-bzip2"
        | "application/vnd.bzip3"
        | "application/x-7z-compressed"
        | "application/x-xz"
        | "application/vnd.ms-cab-compressed"
        | "application/x-unix-archive"
        | "application/x-compress"
        | "application/x-lzip"
        | "application/zstd"
        | "application/x-lz4"
        | "application/x-cpio" => Kind::Archive,
        // Old office documents and installers share this container; telling them apart would mean reading into it.
        "application/x-ole-storage" => return Sniffed::new(Kind::Document, mime, ""),
        "application/pdf"
        | "application/rtf"
        | "application/postscript"
        | "application/msword"
        | "application/epub+zip"
        | "application/x-mobipocket-ebook" => Kind::Document,
        _ if mime.starts_with("application/vnd.o") || mime.starts_with("application/vnd.ms-") => {
            Kind::Document
        }
        _ if mime.starts_with("image/") => Kind::Image,
        _ if mime.starts_with("video/") => Kind::Video,
        _ if mime.starts_with("audio/") => Kind::Audio,
        _ => Kind::Other,
    };
    Sniffed::new(kind, mime, extension)
}

/// Whether bytes are text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    Utf8,
    /// Without control characters, or marked as UTF-16: GBK, Latin-1 and the like.
    Bytes,
    No,
}

impl Text {
    fn of(head: &[u8]) -> Self {
        if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
            return Self::Bytes;
        }
        let control = |b: &u8| matches!(b, 0..=8 | 11 | 14..=31 | 127);
        if head.is_empty() || head.iter().any(control) {
            return Self::No;
        }
        match str::from_utf8(head) {
            Ok(_) => Self::Utf8,
            // The last character may be cut.
            Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => Self::Utf8,
            Err(_) => Self::Bytes,
        }
    }
}

fn text(head: &[u8], mime: &'static str) -> Sniffed {
    const TAGS: [&[u8]; 9] = [
        b"<!doctype",
        b"<?xml",
        b"<html",
        b"<head",
        b"<body",
        b"<script",
        b"<svg",
        b"<iframe",
        b"<math",
    ];
    let is_page = TAGS.iter().any(|tag| {
        head.windows(tag.len())
            .any(|window| window.eq_ignore_ascii_case(tag))
    });
    if is_page {
        Sniffed::new(Kind::Page, "text/html", "html")
    } else if head.starts_with(b"#!") {
        Sniffed::new(Kind::Program, "text/x-shellscript", "sh")
    } else {
        Sniffed::new(Kind::Text, mime, "txt")
    }
}
