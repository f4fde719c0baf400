//! Addresses of files that hold for a short time without a session.

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use webim_accounts::FileLink;
use webim_model::{FileId, PersonId, Refusal};
use webim_router::Caller;
use webim_wire::{Problem, rest};

use super::Answer;
use super::files::{FileQuery, Size};
use crate::AppState;
use crate::extract::{Body, Id, Signed, fields};
use crate::failure::Failure;

/// Seconds that a link holds when nobody says.
const USUAL: u32 = 300;

/// Who wants a file: somebody with a session, or whoever shows a signed address.
pub(crate) enum Reader {
    Signed(Caller),
    Link(PersonId),
}

impl FromRequestParts<AppState> for Reader {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Failure> {
        let query: FileQuery = fields(&parts.uri)?;
        match (query.until, &query.sig) {
            (None, None) => {
                let signed = Signed::from_request_parts(parts, state).await?;
                Ok(Self::Signed(signed.caller))
            }
            // The signature alone counts: what a session would add is not asked.
            (Some(until), Some(signature)) => {
                let Id(file) = Id::from_request_parts(parts, state).await?;
                let link = FileLink {
                    file,
                    small: query.size == Some(Size::Small),
                    until,
                };
                let person = state.accounts.check_link(link, signature)?;
                Ok(Self::Link(person))
            }
            _ => Err(Failure::because(
                Refusal::BadField,
                "until and sig come together",
            )),
        }
    }
}

/// A link to a file.
///
/// An address that gives the file without a session until its time is over: for a player, an office program, a download
/// in the background. It holds for as long as the caller may have the file, and no longer: who is removed from the
/// conversation, or deactivated, takes their links with them. Altered it is `link_invalid`, afterwards `link_expired`.
#[utoipa::path(
    post, path = "/api/v1/files/{id}/link", tag = "files",
    params(("id" = uuid::Uuid, Path, description = "The file")),
    request_body = rest::MakeLink,
    responses(
        (status = 200, body = rest::Link),
        (status = 404, description = "`file_unknown`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn link(
    State(state): State<AppState>,
    signed: Signed,
    Id(file): Id<FileId>,
    Body(body): Body<rest::MakeLink>,
) -> Result<Answer<rest::Link>, Failure> {
    let most = state.config.link_seconds;
    let seconds = body.seconds.unwrap_or(USUAL.min(most));
    if !(1..=most).contains(&seconds) {
        let detail = format!("seconds: between 1 and {most}");
        return Err(Failure::because(Refusal::BadField, detail));
    }
    let row = state.router.file(&signed.caller, file).await?;
    let small = body.small.unwrap_or(false) && row.thumbnail;
    let until = state.sources.now().0.div_euclid(1_000) + i64::from(seconds);
    let link = FileLink { file, small, until };
    let signature = state.accounts.sign_link(link, signed.caller.person);
    let size = if small { "size=small&" } else { "" };
    Ok(Answer(rest::Link {
        url: format!("/files/{file}?{size}until={until}&sig={signature}"),
        until: until * 1_000,
    }))
}
