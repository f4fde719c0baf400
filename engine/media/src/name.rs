//! Names of files: for people to read and for `Content-Disposition`, never a path.

use unicode_normalization::UnicodeNormalization;

use crate::{Kind, Sniffed};

/// Most characters of a cleaned name.
pub const NAME_CHARS: usize = 120;

/// Most bytes of a cleaned name in UTF-8.
pub const NAME_BYTES: usize = 240;

/// Longest extension that is kept when a name is cut, in bytes, with its point.
const EXTENSION_BYTES: usize = 16;

/// What a nameless file is called.
const NAMELESS: &str = "file";

/// `name` as it may be shown and saved: the last part of a path, composed (NFC), without control characters, marks
/// that turn the direction or show nothing, characters that some system forbids in names, points and blanks at the
/// ends, and names that Windows keeps for devices; at most [`NAME_CHARS`] and [`NAME_BYTES`], its extension kept.
/// Never empty; cleaning twice changes nothing.
pub fn clean(name: &str) -> String {
    let last = name
        .rsplit(['/', '\\'])
        .find(|part| !part.trim().is_empty())
        .unwrap_or("");
    let mut cleaned = String::new();
    // Composing can make a character of several, so a bound on what is read comes first.
    let seen = last.chars().take(NAME_CHARS * 8).filter(|c| !is_hidden(*c));
    for c in seen.nfc() {
        match c {
            '<' | '>' | ':' | '"' | '|' | '?' | '*' | '/' | '\\' => cleaned.push('_'),
            c if c.is_whitespace() && cleaned.ends_with(' ') => {}
            c if c.is_whitespace() => cleaned.push(' '),
            c => cleaned.push(c),
        }
    }
    let trimmed = trim(&cleaned);
    if trimmed.is_empty() {
        NAMELESS.to_owned()
    } else if is_reserved(trimmed) {
        shorten(&format!("_{trimmed}"))
    } else {
        shorten(trimmed)
    }
}

fn trim(name: &str) -> &str {
    name.trim_matches(|c: char| c == '.' || c == ' ')
}

/// Control characters and everything else that is not seen.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Device names of Windows, with any extension.
fn is_reserved(name: &str) -> bool {
    let stem = name
        .split('.')
        .next()
        .unwrap_or(name)
        .trim_end()
        .to_ascii_uppercase();
    match stem.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" => true,
        _ => {
            let number = stem
                .strip_prefix("COM")
                .or_else(|| stem.strip_prefix("LPT"));
            number.is_some_and(|number| {
                matches!(
                    number,
                    "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
                )
            })
        }
    }
}

/// Cut from the middle, so that the extension stays.
fn shorten(name: &str) -> String {
    if name.len() <= NAME_BYTES && name.chars().count() <= NAME_CHARS {
        return name.to_owned();
    }
    let extension = name
        .rfind('.')
        .map(|at| &name[at..])
        .filter(|extension| extension.len() <= EXTENSION_BYTES)
        .unwrap_or("");
    let stem = &name[..name.len() - extension.len()];
    let end = stem
        .char_indices()
        .nth(NAME_CHARS - extension.chars().count())
        .map_or(stem.len(), |(at, _)| at);
    let stem = &stem[..stem.floor_char_boundary(end.min(NAME_BYTES - extension.len()))];
    trim(&format!("{}{extension}", trim(stem))).to_owned()
}

/// The cleaned `name` with the extension of what the file is, where the name claims another and the content tells:
/// `report.pdf` that is a program becomes `report.pdf.exe`. Containers that many formats share and plain text keep
/// theirs.
pub fn honest(name: &str, sniffed: &Sniffed) -> String {
    let cleaned = clean(name);
    let shared = matches!(
        sniffed.kind,
        Kind::Archive | Kind::Document | Kind::Text | Kind::Other
    );
    let claimed = cleaned
        .rsplit_once('.')
        .map_or("", |(_, extension)| extension)
        .to_ascii_lowercase();
    if sniffed.extension.is_empty() || shared || is_same(&claimed, sniffed) {
        return cleaned;
    }
    clean(&format!("{cleaned}.{}", sniffed.extension))
}

/// Whether the extension is one of those that such files have.
fn is_same(claimed: &str, sniffed: &Sniffed) -> bool {
    let group: &[&str] = match sniffed.mime {
        "image/jpeg" => &["jpg", "jpeg", "jpe", "jfif"],
        "image/tiff" => &["tif", "tiff"],
        "image/heif" => &["heic", "heif", "hif"],
        "video/mp4" | "video/x-m4v" | "video/quicktime" | "audio/m4a" => {
            &["mp4", "m4v", "mov", "m4a", "3gp"]
        }
        "video/webm" | "video/x-matroska" => &["webm", "weba", "mkv", "mka"],
        "video/mpeg" => &["mpg", "mpeg"],
        "audio/ogg" | "audio/opus" => &["ogg", "oga", "ogv", "opus"],
        "audio/midi" => &["mid", "midi"],
        "audio/x-aiff" => &["aif", "aiff"],
        "text/html" | "text/xml" => &["html", "htm", "xhtml", "xml", "svg"],
        "application/vnd.microsoft.portable-executable" => &["exe", "dll", "scr", "sys"],
        "text/x-shellscript" => &["sh", "bash", "py", "pl", "rb", "js"],
        _ => &[],
    };
    claimed == sniffed.extension || group.contains(&claimed)
}

/// The value of a `Content-Disposition` header (RFC 6266): the cleaned name in ASCII for old clients, and in full
/// (RFC 8187) where the two differ. Always plain ASCII, without line ends.
pub fn disposition(name: &str, inline: bool) -> String {
    let name = clean(name);
    let kind = if inline { "inline" } else { "attachment" };
    let plain: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' | '%' | ';' => '_',
            ' '..='~' => c,
            _ => '_',
        })
        .collect();
    if plain == name {
        return format!("{kind}; filename=\"{plain}\"");
    }
    format!(
        "{kind}; filename=\"{plain}\"; filename*=UTF-8''{}",
        percent(&name)
    )
}

fn percent(name: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    out
}
