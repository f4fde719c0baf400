//! Files on their way in: one file in the field `file` of a form, streamed.

use std::time::Duration;

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request, State};
use tokio::time::timeout;
use webim_model::Refusal;
use webim_router::Nay;
use webim_wire::layim::{Envelope, UploadedFile, UploadedImage};
use webim_wire::rest;

use super::Answer;
use crate::AppState;
use crate::extract::Signed;
use crate::failure::Failure;

/// How long the next bytes may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);
/// The form's field that holds the file; others are passed over.
const FIELD: &str = "file";

/// A form with a file in it, as browsers and curl send it.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only described: its field is streamed")]
pub(crate) struct UploadForm {
    /// The file, with its name.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Upload a file.
///
/// It is the caller's alone until a message of theirs names its address, `url`: whoever may read that message may have
/// the file. What it is is decided by its content. Pictures are written anew, without what else they carried along.
#[utoipa::path(
    post, path = "/api/v1/uploads", tag = "files",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, body = rest::Upload),
        (status = 413, description = "`file_too_large`, `file_quota`", body = webim_wire::Problem,
            content_type = "application/problem+json"),
        (status = 415, description = "`file_kind`", body = webim_wire::Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn upload(
    State(state): State<AppState>,
    signed: Signed,
    request: Request,
) -> Result<Answer<rest::Upload>, Failure> {
    take(&state, &signed, request, false).await.map(Answer)
}

/// Upload a picture, as LayIM's panel does.
#[utoipa::path(
    post, path = "/layim/upload/image", tag = "layim",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 200, body = Envelope<UploadedImage>)),
)]
pub(crate) async fn layim_image(
    State(state): State<AppState>,
    signed: Signed,
    request: Request,
) -> Result<Answer<Envelope<UploadedImage>>, Failure> {
    let taken = take(&state, &signed, request, true).await?;
    Ok(Answer(Envelope::ok(UploadedImage { src: taken.url })))
}

/// Upload a file, as LayIM's panel does.
#[utoipa::path(
    post, path = "/layim/upload/file", tag = "layim",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 200, body = Envelope<UploadedFile>)),
)]
pub(crate) async fn layim_file(
    State(state): State<AppState>,
    signed: Signed,
    request: Request,
) -> Result<Answer<Envelope<UploadedFile>>, Failure> {
    let taken = take(&state, &signed, request, false).await?;
    Ok(Answer(Envelope::ok(UploadedFile {
        src: taken.url,
        name: taken.name,
    })))
}

async fn take(
    state: &AppState,
    signed: &Signed,
    request: Request,
    picture: bool,
) -> Result<rest::Upload, Failure> {
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|_| Failure::from(Refusal::MediaType))?;
    loop {
        let next = timeout(PATIENCE, form.next_field()).await;
        let next = next.map_err(|_| slow())?.map_err(|error| broken(&error))?;
        let Some(field) = next else {
            return Err(Refusal::FileMissing.into());
        };
        if field.name() == Some(FIELD) {
            return stream(state, signed, field, picture).await;
        }
    }
}

async fn stream(
    state: &AppState,
    signed: &Signed,
    mut field: Field<'_>,
    picture: bool,
) -> Result<rest::Upload, Failure> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let mut incoming = state.router.begin_upload(&signed.caller, &name).await?;
    loop {
        let next = timeout(PATIENCE, field.chunk()).await;
        let next = next.map_err(|_| slow())?.map_err(|error| broken(&error))?;
        match next {
            Some(bytes) => incoming.write(bytes).await?,
            None => break,
        }
    }
    let row = incoming.finish(picture).await?;
    Ok(rest::Upload {
        url: format!("/files/{}", row.id),
        thumbnail: row
            .thumbnail
            .then(|| format!("/files/{}?size=small", row.id)),
        id: row.id.0,
        name: row.name,
        kind: row.kind,
        media_type: row.media_type,
        bytes: row.bytes,
        width: (row.width > 0).then_some(row.width),
        height: (row.height > 0).then_some(row.height),
    })
}

fn slow() -> Failure {
    let detail = "nothing of the file arrived for 30 seconds";
    Nay::because(Refusal::BadField, detail).into()
}

fn broken(error: &MultipartError) -> Failure {
    Failure::because(Refusal::BadField, error.body_text())
}
