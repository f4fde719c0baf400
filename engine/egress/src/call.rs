//! One call: checked, made, followed, read within its limits.

use std::error::Error;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use reqwest::header::{
    AUTHORIZATION, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, EXPECT,
    HOST, HeaderMap, HeaderName, LOCATION, PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING,
    UPGRADE,
};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, StatusCode, Url};
use tokio::sync::Semaphore;

use crate::lookup::Guard;
use crate::{EgressError, Lookup, Rules, SystemLookup};

/// Headers that say how the message travels, which is not the caller's to say.
const OURS: [HeaderName; 9] = [
    HOST,
    CONTENT_LENGTH,
    CONNECTION,
    TRANSFER_ENCODING,
    TE,
    TRAILER,
    UPGRADE,
    EXPECT,
    PROXY_AUTHORIZATION,
];

/// What is to be called.
#[derive(Clone, Debug)]
pub struct Request {
    /// How.
    pub method: Method,
    /// Where, with its scheme.
    pub url: String,
    /// With what; `Host` and those that say how a message travels are set here.
    pub headers: HeaderMap,
    /// Saying what.
    pub body: Bytes,
}

impl Request {
    /// `GET url`.
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            url: url.into(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }
}

/// The whole answer, as it came: nothing is decompressed.
#[derive(Clone, Debug)]
pub struct Response {
    /// Its status; only redirects that could be followed are not shown.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
    /// The address that it came from, after redirects.
    pub url: String,
}

/// A client under rules; cheap to clone, and its clones share its limits.
#[derive(Clone)]
pub struct Egress(Arc<Inner>);

struct Inner {
    client: Client,
    rules: Arc<Rules>,
    turns: Semaphore,
}

impl Egress {
    /// Under these rules, with the machine's own lookups.
    pub fn new(rules: Rules) -> Self {
        Self::with_lookup(rules, Arc::new(SystemLookup))
    }

    /// The same with other lookups.
    pub fn with_lookup(rules: Rules, lookup: Arc<dyn Lookup>) -> Self {
        // Whoever comes first; what is there already is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let rules = Arc::new(rules);
        let guard = Guard {
            rules: rules.clone(),
            lookup,
        };
        let client = Client::builder()
            .dns_resolver(Arc::new(guard))
            .redirect(Policy::none())
            // A proxy from the environment would connect in our place, to whatever it likes.
            .no_proxy()
            .referer(false)
            .pool_max_idle_per_host(2)
            .user_agent(concat!("webim/", env!("CARGO_PKG_VERSION")))
            .build()
            .expect("the settings are constant, and the cryptography is installed");
        Self(Arc::new(Inner {
            client,
            turns: Semaphore::new(rules.limits.at_once),
            rules,
        }))
    }

    /// Calls, follows redirects, and reads the whole answer. A refusal by the other side (any status) is an answer.
    pub async fn call(&self, request: Request) -> Result<Response, EgressError> {
        let turn = self.0.turns.try_acquire();
        let _turn = turn.map_err(|_| EgressError::Busy)?;
        let deadline = self.0.rules.limits.deadline;
        let called = tokio::time::timeout(deadline, self.0.follow(request)).await;
        let called = called.unwrap_or(Err(EgressError::Timeout));
        if let Err(error) = &called {
            tracing::debug!(word = error.word(), "a call to the outside failed");
        }
        called
    }
}

impl Inner {
    async fn follow(&self, mut request: Request) -> Result<Response, EgressError> {
        self.admit(&request)?;
        let mut url = Url::parse(&request.url).map_err(|_| EgressError::Url)?;
        for _ in 0..=self.rules.limits.redirects {
            self.rules.check(&url)?;
            let sent = self
                .client
                .request(request.method.clone(), url.clone())
                .headers(request.headers.clone())
                .body(request.body.clone())
                .send();
            let answer = sent.await.map_err(|error| cause(&error))?;
            if size(answer.headers()) > self.rules.limits.header_bytes {
                return Err(EgressError::HeadersTooLarge);
            }
            let Some(next) = target(&answer, &url)? else {
                return self.take(answer, &url).await;
            };
            redirected(&mut request, answer.status(), &url, &next);
            url = next;
        }
        Err(EgressError::Redirects)
    }

    fn admit(&self, request: &Request) -> Result<(), EgressError> {
        let limits = &self.rules.limits;
        if request.body.len() > limits.request_bytes {
            return Err(EgressError::RequestTooLarge);
        }
        let ours = OURS.iter().any(|name| request.headers.contains_key(name));
        if ours || size(&request.headers) > limits.header_bytes {
            return Err(EgressError::RequestHeaders);
        }
        Ok(())
    }

    async fn take(
        &self,
        mut answer: reqwest::Response,
        url: &Url,
    ) -> Result<Response, EgressError> {
        let most = self.rules.limits.response_bytes;
        // What it says of itself saves reading; what comes is counted all the same.
        if answer
            .content_length()
            .is_some_and(|length| length > most as u64)
        {
            return Err(EgressError::ResponseTooLarge);
        }
        let mut body = BytesMut::new();
        while let Some(piece) = answer.chunk().await.map_err(|error| cause(&error))? {
            if body.len() + piece.len() > most {
                return Err(EgressError::ResponseTooLarge);
            }
            body.extend_from_slice(&piece);
        }
        Ok(Response {
            status: answer.status().as_u16(),
            headers: std::mem::take(answer.headers_mut()),
            body: body.freeze(),
            url: url.to_string(),
        })
    }
}

fn size(headers: &HeaderMap) -> usize {
    // Each line has a colon, a space and its end.
    let line = |(name, value): (&HeaderName, &reqwest::header::HeaderValue)| {
        name.as_str().len() + value.len() + 4
    };
    headers.iter().map(line).sum()
}

/// Where the answer sends its reader, if it does.
fn target(answer: &reqwest::Response, from: &Url) -> Result<Option<Url>, EgressError> {
    if !matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = answer.headers().get(LOCATION) else {
        return Ok(None);
    };
    let location = location.to_str().map_err(|_| EgressError::Url)?;
    let next = from.join(location).map_err(|_| EgressError::Url)?;
    if from.scheme() == "https" && next.scheme() != "https" {
        return Err(EgressError::Scheme);
    }
    Ok(Some(next))
}

/// Makes of `request` what is sent to `next`: as browsers do, and without what only the first host may know.
fn redirected(request: &mut Request, status: StatusCode, from: &Url, next: &Url) {
    let see_other = status == StatusCode::SEE_OTHER && request.method != Method::HEAD;
    let moved = status == StatusCode::MOVED_PERMANENTLY || status == StatusCode::FOUND;
    if see_other || (moved && request.method == Method::POST) {
        request.method = Method::GET;
        request.body = Bytes::new();
        for name in [CONTENT_TYPE, CONTENT_ENCODING] {
            request.headers.remove(name);
        }
    }
    if from.origin() != next.origin() {
        // A key may stand in any header: only what says how to answer goes along.
        let kept = [CONTENT_TYPE, CONTENT_ENCODING, reqwest::header::ACCEPT];
        let gone = request.headers.keys().filter(|name| !kept.contains(name));
        let gone: Vec<HeaderName> = gone.cloned().chain([AUTHORIZATION, COOKIE]).collect();
        for name in gone {
            request.headers.remove(name);
        }
    }
}

/// What a failure of the client means here: our own refusal in its depths, or its kind.
fn cause(error: &reqwest::Error) -> EgressError {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(one) = next {
        if let Some(own) = one.downcast_ref::<EgressError>() {
            return *own;
        }
        // The client's own bound on what it reads before the body; it has no other name.
        if one.to_string() == "message head is too large" {
            return EgressError::HeadersTooLarge;
        }
        next = one.source();
    }
    if error.is_connect() {
        EgressError::Unreachable
    } else if error.is_timeout() {
        EgressError::Timeout
    } else {
        EgressError::Broken
    }
}
