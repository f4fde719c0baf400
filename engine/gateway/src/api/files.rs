//! Files on their way out.

use std::fmt::Write as _;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_RANGE, RANGE,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use serde::Deserialize;
use utoipa::IntoParams;
use webim_media::{Kind, Wanted, disposition, range, sniff};
use webim_model::{FileId, Refusal};

use super::links::Reader;
use crate::AppState;
use crate::extract::{Id, Query};
use crate::failure::Failure;
use crate::pages::matches;

/// Bytes of a small picture, at most: of 320 pixels a side, not compressed at all.
const SMALL: u64 = 512 * 1024;

/// How a file is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileQuery {
    /// `small`: the small picture of a picture; of other files the whole.
    #[param(inline)]
    pub size: Option<Size>,
    /// With `sig`, of a link: until when it holds, in seconds since 1970.
    pub until: Option<i64>,
    /// The link's signature, in place of a session.
    pub sig: Option<String>,
}

/// Which size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Size {
    Small,
}

/// A file that the caller may have: their own, or one that a message shows which they may read.
///
/// Asked for at each request, so that it ends with the membership. One range of bytes is understood. A link
/// (`POST /api/v1/files/{id}/link`) needs no session.
#[utoipa::path(
    get, path = "/files/{id}", tag = "files",
    security(("cookie" = []), ("bearer" = []), ()),
    params(("id" = uuid::Uuid, Path, description = "The file"), FileQuery),
    responses(
        (status = 200, description = "The file", content_type = "application/octet-stream"),
        (status = 206, description = "The part that `Range` asks for", content_type = "application/octet-stream"),
        (status = 304, description = "As the caller has it"),
        (status = 403, description = "`link_invalid`", body = webim_wire::Problem,
            content_type = "application/problem+json"),
        (status = 404, description = "`file_unknown`", body = webim_wire::Problem,
            content_type = "application/problem+json"),
        (status = 410, description = "`link_expired`", body = webim_wire::Problem,
            content_type = "application/problem+json"),
        (status = 416, description = "`range_unsatisfiable`", body = webim_wire::Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn file(
    State(state): State<AppState>,
    reader: Reader,
    Id(id): Id<FileId>,
    Query(query): Query<FileQuery>,
    request: Request,
) -> Result<Response, Failure> {
    let (
        Parts {
            method, headers, ..
        },
        _,
    ) = request.into_parts();
    let row = match reader {
        Reader::Signed(caller) => state.router.file(&caller, id).await?,
        Reader::Link(person) => state.router.file_by_link(person, id).await?,
    };
    let small = query.size == Some(Size::Small) && row.thumbnail;
    let etag = etag(&row.digest, small);
    if matches(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, etag)]).into_response());
    }
    let inline = matches!(
        Kind::parse(&row.kind),
        Some(Kind::Picture | Kind::Audio | Kind::Video)
    );
    if small {
        let download = state.router.file_bytes(&row, true, None).await?;
        let bytes = download.bytes(SMALL).await;
        let bytes = bytes.map_err(|_| Failure::from(Refusal::StoreUnavailable))?;
        // Its own kind is not written down; it says so itself.
        let mime = sniff(&bytes).content_type();
        let (size, named) = (bytes.len() as u64, disposition(&row.name, true));
        let shown = Shown::new(mime, &named, &etag);
        return Ok(shown.answer(StatusCode::OK, size, Body::from(bytes)));
    }
    let wanted = range(asked(&headers, &etag), row.bytes);
    if wanted == Wanted::Unsatisfiable {
        let mut refused = Failure::from(Refusal::RangeUnsatisfiable).into_response();
        put(
            &mut refused,
            CONTENT_RANGE,
            &format!("bytes */{}", row.bytes),
        );
        return Ok(refused);
    }
    let bytes = wanted.bytes(row.bytes);
    let length = bytes.end - bytes.start;
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        let download = state.router.file_bytes(&row, false, Some(bytes)).await?;
        Body::from_stream(download.into_stream().boxed())
    };
    let named = disposition(&row.name, inline);
    let shown = Shown::new(&row.media_type, &named, &etag);
    let status = if wanted == Wanted::Whole {
        StatusCode::OK
    } else {
        StatusCode::PARTIAL_CONTENT
    };
    let mut response = shown.answer(status, length, body);
    if let Some(content_range) = wanted.content_range(row.bytes) {
        put(&mut response, CONTENT_RANGE, &content_range);
    }
    Ok(response)
}

/// The range that is asked for, if it is asked of this very content.
fn asked<'a>(headers: &'a HeaderMap, etag: &str) -> Option<&'a str> {
    let same = headers
        .get(IF_RANGE)
        .is_none_or(|value| value.as_bytes() == etag.as_bytes());
    let range = headers.get(RANGE).filter(|_| same)?;
    range.to_str().ok()
}

fn etag(digest: &[u8; 32], small: bool) -> String {
    let mut etag = String::from("\"");
    for byte in &digest[..16] {
        write!(etag, "{byte:02x}").expect("a string takes text");
    }
    etag.push_str(if small { "-small\"" } else { "\"" });
    etag
}

/// The headers of a file.
struct Shown<'a> {
    media_type: &'a str,
    disposition: &'a str,
    etag: &'a str,
}

impl<'a> Shown<'a> {
    fn new(media_type: &'a str, disposition: &'a str, etag: &'a str) -> Self {
        Self {
            media_type,
            disposition,
            etag,
        }
    }

    fn answer(&self, status: StatusCode, length: u64, body: Body) -> Response {
        let mut response = (status, body).into_response();
        for (name, value) in [
            (CONTENT_TYPE, self.media_type),
            (CONTENT_DISPOSITION, self.disposition),
            (ETAG, self.etag),
            (ACCEPT_RANGES, "bytes"),
            // Kept, but asked about each time: whoever leaves a conversation loses its files.
            (CACHE_CONTROL, "private, no-cache"),
            // Opened by itself a file is a page: it may do nothing but be shown.
            (
                CONTENT_SECURITY_POLICY,
                "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox",
            ),
            (CONTENT_LENGTH, &length.to_string()),
        ] {
            put(&mut response, name, value);
        }
        response
    }
}

fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().insert(name, value);
    }
}
