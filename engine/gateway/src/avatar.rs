//! Pictures for those who have none: letters of the name on a colour of the id.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;
use webim_model::{PersonId, Refusal, UnitId};

use crate::AppState;
use crate::escape::escape;
use crate::extract::{Id, Signed};
use crate::failure::Failure;
use crate::pages::matches;

/// A picture drawn from a name.
///
/// For people and units without one of their own; `{file}` is the id and `.svg`. Needs a session, since it shows
/// letters of the name.
#[utoipa::path(
    get, path = "/avatars/{file}", tag = "pages",
    params(("file" = String, Path, description = "The id of a person or unit, and `.svg`")),
    responses((status = 200, description = "The picture", body = String, content_type = "image/svg+xml")),
)]
pub(crate) async fn avatar(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<Uuid>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let name = match state.router.person(&signed.caller, PersonId(id)).await {
        Ok(person) => person.card.name,
        Err(nay) if nay.refusal == Refusal::PersonUnknown => {
            let unit = state.router.unit_name(&signed.caller, UnitId(id)).await;
            unit.map_err(|nay| {
                if nay.refusal == Refusal::UnitUnknown {
                    Refusal::NotFound.into()
                } else {
                    nay
                }
            })?
        }
        Err(nay) => return Err(nay.into()),
    };
    let etag = format!("\"{}\"", letters(&name).escape_unicode());
    let common = [
        (ETAG, etag.as_str()),
        (CACHE_CONTROL, "private, max-age=86400"),
    ];
    if matches(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    // Opened by itself a picture is a page: it may do nothing.
    let kind = [
        (CONTENT_TYPE, "image/svg+xml"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((common, kind, draw(id, &name)).into_response())
}

/// 64 by 64, without script, style or anything from elsewhere.
fn draw(id: Uuid, name: &str) -> String {
    let letters = escape(&letters(name));
    // The last byte of a version 7 id is random. Between 30 % and 40 % of light, white text is readable on any hue.
    let hue = u32::from(id.as_bytes()[15]) * 360 / 256;
    let size = if letters.chars().count() > 1 { 24 } else { 30 };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 64 64\" width=\"64\" height=\"64\">\
         <rect width=\"64\" height=\"64\" fill=\"hsl({hue},45%,38%)\"/>\
         <text x=\"32\" y=\"33\" fill=\"#fff\" font-family=\"sans-serif\" font-size=\"{size}\" \
         text-anchor=\"middle\" dominant-baseline=\"central\">{letters}</text></svg>"
    )
}

/// The last two characters of a Chinese name, or the first letters of the first and the last word.
fn letters(name: &str) -> String {
    let name = name.trim();
    let chinese: Vec<char> = name.chars().filter(|char| is_han(*char)).collect();
    if !chinese.is_empty() {
        return chinese[chinese.len().saturating_sub(2)..].iter().collect();
    }
    let first = |word: &str| word.chars().find(|char| char.is_alphanumeric());
    let mut initials = name.split_whitespace().filter_map(first);
    let letters = initials.next().into_iter().chain(initials.next_back());
    letters.flat_map(char::to_uppercase).take(2).collect()
}

fn is_han(char: char) -> bool {
    matches!(char, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_names() {
        for (name, expected) in [
            ("张伟", "张伟"),
            ("欧阳娜娜", "娜娜"),
            ("李", "李"),
            ("Li Na 李娜", "李娜"),
            ("Ada Lovelace", "AL"),
            ("ada", "A"),
            ("Ana María de la Cruz", "AC"),
            ("ß", "SS"),
            ("  (7) seven ", "7S"),
            ("<script>", "S"),
            ("🙂", ""),
            ("", ""),
        ] {
            assert_eq!(letters(name), expected, "{name}");
        }
    }

    #[test]
    fn nothing_of_a_name_can_be_markup() {
        assert_eq!(
            escape("<a href=\"x\">'&'"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;"
        );
        for name in [
            "<script>alert(1)</script>",
            "\"/><image href=x onerror=alert(1)>",
            "]]>&amp;",
        ] {
            let svg = draw(Uuid::nil(), name);
            assert_eq!(svg.matches('<').count(), 5, "{svg}");
            assert!(!svg.contains("script") && !svg.contains("onerror"), "{svg}");
        }
    }
}
