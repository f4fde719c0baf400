//! Requests over HTTP, and their answers with what every one of them must keep.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use reqwest::{Method, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use webim_wire::Problem;

use crate::soon;

/// Where a server is now; it moves when the server is started again.
#[derive(Clone, Debug)]
pub(crate) struct Site(Arc<Mutex<SocketAddr>>);

impl Site {
    pub fn new(address: SocketAddr) -> Self {
        Self(Arc::new(Mutex::new(address)))
    }

    pub fn address(&self) -> SocketAddr {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn moved(&self, address: SocketAddr) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = address;
    }
}

/// A client of the REST interface.
#[derive(Clone)]
pub struct Rest {
    site: Site,
    client: reqwest::Client,
    token: Option<String>,
}

impl Rest {
    pub(crate) fn new(site: Site, token: Option<String>) -> Result<Self> {
        crate::cryptography();
        // Connections are not kept: one to a server that was killed meanwhile would fail for a reason of ours.
        let client = reqwest::Client::builder()
            .pool_max_idle_per_host(0)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self {
            site,
            client,
            token,
        })
    }

    /// A request to `path`; with the token, if there is one.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .client
            .request(method, format!("http://{}{path}", self.site.address()));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends it and takes the whole answer.
    pub async fn ask(&self, request: RequestBuilder) -> Result<Answer> {
        let answer = soon("an answer over HTTP", request.send()).await??;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = soon("the rest of an answer over HTTP", answer.text()).await??;
        Ok(Answer {
            status,
            headers,
            text,
        })
    }

    /// `GET path`.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.ask(self.request(Method::GET, path)).await
    }

    /// `GET path`, which must succeed.
    pub async fn read<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        self.get(path).await?.ok()
    }

    /// `POST path`.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> Result<Answer> {
        self.ask(self.request(Method::POST, path).json(body)).await
    }

    /// `PUT path`.
    pub async fn put(&self, path: &str, body: &impl Serialize) -> Result<Answer> {
        self.ask(self.request(Method::PUT, path).json(body)).await
    }

    /// `DELETE path`.
    pub async fn delete(&self, path: &str) -> Result<Answer> {
        self.ask(self.request(Method::DELETE, path)).await
    }
}

/// An answer over HTTP.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: reqwest::header::HeaderMap,
    /// The body.
    pub text: String,
}

impl Answer {
    /// A header's text; empty if it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The body of a success.
    pub fn ok<T: DeserializeOwned>(self) -> Result<T> {
        ensure!(self.status == 200, "{}: {}", self.status, self.text);
        serde_json::from_str(&self.text).with_context(|| self.text)
    }

    /// A success without a body.
    pub fn done(self) -> Result<()> {
        ensure!(
            self.status == 204 && self.text.is_empty(),
            "{}: {}",
            self.status,
            self.text
        );
        Ok(())
    }

    /// The problem of a refusal: in the form that every refusal has, and with the same status as the answer.
    pub fn problem(self) -> Result<Problem> {
        ensure!(
            self.status >= 400,
            "no refusal: {} {}",
            self.status,
            self.text
        );
        let media = self.header("content-type");
        ensure!(
            media == "application/problem+json",
            "{}: {media}: {}",
            self.status,
            self.text
        );
        let problem: Problem =
            serde_json::from_str(&self.text).with_context(|| self.text.clone())?;
        ensure!(
            problem.status == self.status,
            "{problem:?} answered with {}",
            self.status
        );
        ensure!(
            problem.kind == format!("/problems/{}", problem.code),
            "{problem:?}"
        );
        ensure!(!problem.title.is_empty(), "{problem:?}");
        Ok(problem)
    }

    /// The code of a refusal.
    pub fn code(self) -> Result<String> {
        Ok(self.problem()?.code)
    }
}
