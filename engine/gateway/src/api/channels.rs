//! Channels: what administrators set, what customers see, and the door through which they come.

use axum::extract::{FromRequestParts, Path, State};
use axum::http::header::{ORIGIN, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use webim_accounts::SignedIn;
use webim_model::{PersonKind, Refusal, TeamId};
use webim_router::{Door, Newcomer};
use webim_wire::channel::{
    Channel, ChannelFace, Channels, PutChannel, PutTeam, PutTopic, Team, Teams, Topic,
};
use webim_wire::service::rest::{AgentFaces, PostVisitor, Visitor};
use webim_wire::{Problem, channel};

use super::Answer;
use crate::AppState;
use crate::extract::{Address, Body, Id, Signed};
use crate::failure::Failure;

/// What a path says as text.
pub(crate) struct Words<T>(pub T);

impl<T, S> FromRequestParts<S> for Words<T>
where
    T: serde::de::DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        let Path(words) =
            path.map_err(|error| Failure::because(Refusal::BadField, error.body_text()))?;
        Ok(Self(words))
    }
}

/// All channels.
///
/// For administrators, and for those who serve customers.
#[utoipa::path(
    get, path = "/api/v1/channels", tag = "service",
    responses((status = 200, body = Channels)),
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Answer<Channels>, Failure> {
    Ok(Answer(state.router.channels(&signed.caller)?))
}

/// A channel as its customers see it.
///
/// For everybody: no session is needed.
#[utoipa::path(
    get, path = "/api/v1/channels/{key}", tag = "service", security(()),
    params(("key" = String, Path, description = "The channel's key")),
    responses(
        (status = 200, body = ChannelFace),
        (status = 404, description = "`channel_unknown`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn face(
    State(state): State<AppState>,
    Words(key): Words<String>,
) -> Result<Answer<ChannelFace>, Failure> {
    Ok(Answer(state.router.channel_face(&key)?))
}

/// Set a channel.
///
/// A new one, or the one with this key. For administrators.
#[utoipa::path(
    put, path = "/api/v1/channels/{key}", tag = "service",
    params(("key" = String, Path, description = "1 to 64 letters, digits, `-` or `_`")),
    request_body = PutChannel,
    responses(
        (status = 200, body = Channel),
        (status = 403, description = "`forbidden`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn put(
    State(state): State<AppState>,
    signed: Signed,
    Words(key): Words<String>,
    Body(put): Body<PutChannel>,
) -> Result<Answer<Channel>, Failure> {
    let secret = put.secret.as_deref();
    let sealed = secret.map(|secret| state.accounts.seal_channel_secret(&key, secret));
    let sealed = sealed.transpose()?;
    let channel = state.router.put_channel(&signed.caller, &key, put, sealed);
    Ok(Answer(channel.await?))
}

/// Close a channel.
///
/// Nobody comes in any more; what is open goes on. For administrators.
#[utoipa::path(
    delete, path = "/api/v1/channels/{key}", tag = "service",
    params(("key" = String, Path, description = "The channel's key")),
    responses(
        (status = 204, description = "Closed"),
        (status = 403, description = "`forbidden`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`channel_unknown`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn close(
    State(state): State<AppState>,
    signed: Signed,
    Words(key): Words<String>,
) -> Result<StatusCode, Failure> {
    state.router.close_channel(&signed.caller, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set a topic of a channel.
///
/// For administrators.
#[utoipa::path(
    put, path = "/api/v1/channels/{key}/topics/{code}", tag = "service",
    params(
        ("key" = String, Path, description = "The channel's key"),
        ("code" = String, Path, description = "What host systems call the topic; 1 to 64 characters"),
    ),
    request_body = PutTopic,
    responses(
        (status = 200, body = Topic),
        (status = 404, description = "`channel_unknown`, `agent_unknown`", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn put_topic(
    State(state): State<AppState>,
    signed: Signed,
    Words((key, code)): Words<(String, String)>,
    Body(put): Body<PutTopic>,
) -> Result<Answer<Topic>, Failure> {
    let topic = state.router.put_topic(&signed.caller, (&key, &code), put);
    Ok(Answer(topic.await?))
}

/// The agents whom a customer of a channel can choose.
///
/// Those who are there come first.
#[utoipa::path(
    get, path = "/api/v1/channels/{key}/agents", tag = "service",
    params(("key" = String, Path, description = "The channel's key")),
    responses(
        (status = 200, body = AgentFaces),
        (status = 403, description = "`forbidden`: this channel does not list them", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn agents(
    State(state): State<AppState>,
    signed: Signed,
    Words(key): Words<String>,
) -> Result<Answer<AgentFaces>, Failure> {
    Ok(Answer(state.router.channel_agents(&signed.caller, &key)?))
}

/// Come as a customer.
///
/// A visitor gets a token to keep, which is a bearer token everywhere. With `identity`, a JWT that the host system signed
/// with the channel's secret, they are that system's user, on every device. Who shows a visitor's token of theirs is who
/// they were.
#[utoipa::path(
    post, path = "/api/v1/channels/{key}/visitors", tag = "service", security(()),
    params(("key" = String, Path, description = "The channel's key")),
    request_body = PostVisitor,
    responses(
        (status = 200, body = Visitor),
        (status = 401, description = "`identity_invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`origin_not_allowed`", body = Problem,
            content_type = "application/problem+json"),
        (status = 409, description = "`channel_closed`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn come(
    State(state): State<AppState>,
    Words(key): Words<String>,
    Address(from): Address,
    headers: HeaderMap,
    Body(post): Body<PostVisitor>,
) -> Result<Answer<Visitor>, Failure> {
    let door = state.router.door(&key)?;
    allowed(&state, &door, &headers)?;
    if !state.accounts.admits_newcomer(from) {
        return Err(Refusal::RateLimited.into());
    }
    let device = headers
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    let device = device.unwrap_or_default().to_owned();
    let mut newcomer = Newcomer {
        name: post.name.unwrap_or_default(),
        external: None,
        page: post.page.unwrap_or_default(),
        device: device.clone(),
    };
    if let Some(identity) = &post.identity {
        let vouched = state
            .accounts
            .vouched(&door.code, door.secret.as_deref(), identity)?;
        newcomer.external = Some(vouched.external);
        newcomer.name = vouched.name.unwrap_or(newcomer.name);
    }
    let shown = known(&state, &headers).await?;
    let person = shown.as_ref().map(|shown| shown.person);
    let arrived = state.router.arrive_at(&door, newcomer, person).await?;
    let (session, token) = match shown.filter(|_| arrived.known) {
        Some(session) => {
            let crate::extract::Bearer::Token(token) = crate::extract::bearer(&headers) else {
                return Err(Refusal::NotAuthenticated.into());
            };
            (session, token.to_owned())
        }
        None => {
            let days = door.visitor_days;
            let (session, token) = state.accounts.let_in(arrived.person, &device, days).await?;
            (session, token.reveal().to_owned())
        }
    };
    let caller = crate::extract::caller(&session);
    let lanes = state.router.lanes(&caller).await?;
    Ok(Answer(Visitor {
        person: arrived.person.0,
        name: arrived.name,
        token,
        identified: arrived.identified,
        conversations: lanes.items,
    }))
}

/// The customer whose token is shown, if one is; a token that is worth nothing is as none: they come anew.
async fn known(state: &AppState, headers: &HeaderMap) -> Result<Option<SignedIn>, Failure> {
    let crate::extract::Bearer::Token(token) = crate::extract::bearer(headers) else {
        return Ok(None);
    };
    match state.accounts.authenticate(token).await {
        Ok(session) if session.kind == PersonKind::Customer => Ok(Some(session)),
        Ok(_) | Err(Refusal::NotAuthenticated) => Ok(None),
        Err(refusal) => Err(refusal.into()),
    }
}

/// A page elsewhere lets people in only where the channel says so; a program that names no origin may.
fn allowed(state: &AppState, door: &Door, headers: &HeaderMap) -> Result<(), Failure> {
    let Some(origin) = headers.get(ORIGIN) else {
        return Ok(());
    };
    let named = origin.to_str().unwrap_or_default();
    if door
        .origins
        .iter()
        .any(|known| known.eq_ignore_ascii_case(named))
    {
        return Ok(());
    }
    Ok(state.origins.check_if_named(headers)?)
}

/// All teams.
///
/// For administrators, and for those who serve customers.
#[utoipa::path(
    get, path = "/api/v1/teams", tag = "service",
    responses((status = 200, body = Teams)),
)]
pub(crate) async fn teams(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Answer<Teams>, Failure> {
    Ok(Answer(state.router.teams(&signed.caller)?))
}

/// Make a team.
///
/// For administrators.
#[utoipa::path(
    post, path = "/api/v1/teams", tag = "service", request_body = PutTeam,
    responses((status = 200, body = Team)),
)]
pub(crate) async fn make_team(
    State(state): State<AppState>,
    signed: Signed,
    Body(put): Body<PutTeam>,
) -> Result<Answer<Team>, Failure> {
    let team = state.router.put_team(&signed.caller, None, put);
    Ok(Answer(team.await?))
}

/// Set a team.
///
/// For administrators.
#[utoipa::path(
    put, path = "/api/v1/teams/{id}", tag = "service",
    params(("id" = Uuid, Path, description = "The team")),
    request_body = PutTeam,
    responses(
        (status = 200, body = Team),
        (status = 404, description = "`team_unknown`, `agent_unknown`", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn put_team(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<TeamId>,
    Body(put): Body<PutTeam>,
) -> Result<Answer<Team>, Failure> {
    let team = state.router.put_team(&signed.caller, Some(id), put);
    Ok(Answer(team.await?))
}

/// Take a team away.
///
/// For administrators.
#[utoipa::path(
    delete, path = "/api/v1/teams/{id}", tag = "service",
    params(("id" = Uuid, Path, description = "The team")),
    responses((status = 204, description = "Gone")),
)]
pub(crate) async fn delete_team(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<TeamId>,
) -> Result<StatusCode, Failure> {
    state.router.delete_team(&signed.caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set what an agent takes.
///
/// For administrators.
#[utoipa::path(
    put, path = "/api/v1/agents/{id}", tag = "service",
    params(("id" = Uuid, Path, description = "The agent")),
    request_body = channel::PutAgent,
    responses(
        (status = 204, description = "Done"),
        (status = 404, description = "`agent_unknown`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn put_agent(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<webim_model::PersonId>,
    Body(put): Body<channel::PutAgent>,
) -> Result<StatusCode, Failure> {
    state.router.put_agent(&signed.caller, id, put).await?;
    Ok(StatusCode::NO_CONTENT)
}
