//! One device of a person: a socket that answers pings, keeps a ledger, and waits for what a test names.

use std::collections::VecDeque;
use std::fmt;

use anyhow::{Context, Result, bail, ensure};
use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message as Raw};
use tokio_tungstenite::{WebSocketStream, client_async};
use uuid::Uuid;
use webim_model::Sources;
use webim_wire::SUBPROTOCOL;
use webim_wire::client::{ClientFrame, Hello, Pong, Resume, Send, Target};
use webim_wire::server::{ByeFrame, Message, Nack, Recovered, ServerFrame, Stored, Welcome};

use crate::rest::Site;
use crate::{Ledger, soon};

/// A new id, as a client makes them.
pub fn id() -> Uuid {
    Sources::system().uuid()
}

/// How a socket is opened.
#[derive(Clone)]
pub struct Door {
    pub(crate) site: Site,
    /// Behind `/ws`.
    pub query: String,
    /// Headers beside those of every handshake.
    pub headers: Vec<(&'static str, String)>,
    /// Bytes that the client's side of the connection takes in before the test reads; the system's choice if `None`.
    pub room: Option<u32>,
}

/// An open WebSocket, before `hello`.
pub type Wire = WebSocketStream<TcpStream>;

impl Door {
    /// The same with these headers and no others.
    #[must_use]
    pub fn with_headers(mut self, headers: Vec<(&'static str, String)>) -> Self {
        self.headers = headers;
        self
    }

    /// The same with this behind `/ws`.
    #[must_use]
    pub fn with_query(mut self, query: impl Into<String>) -> Self {
        self.query = query.into();
        self
    }

    /// Shakes hands. The error is tungstenite's where the server refuses.
    pub async fn open(&self) -> Result<Wire> {
        let address = self.site.address();
        let socket = TcpSocket::new_v4()?;
        if let Some(room) = self.room {
            socket.set_recv_buffer_size(room)?;
        }
        let stream = soon("a connection", socket.connect(address)).await??;
        stream.set_nodelay(true)?;
        let mut request = format!("ws://{address}/ws{}", self.query).into_client_request()?;
        let headers = request.headers_mut();
        headers.insert(
            "sec-websocket-protocol",
            HeaderValue::from_static(SUBPROTOCOL),
        );
        for (name, value) in &self.headers {
            headers.insert(*name, HeaderValue::from_str(value)?);
        }
        let (wire, answer) = soon("a handshake", client_async(request, stream)).await??;
        let chosen = answer.headers().get("sec-websocket-protocol");
        ensure!(
            chosen.is_some_and(|chosen| chosen == SUBPROTOCOL),
            "no subprotocol was chosen"
        );
        Ok(wire)
    }

    /// Opens it and says `hello`.
    pub async fn greet(&self, device: &str, resume: Option<Resume>) -> Result<TestSocket> {
        let mut socket = TestSocket::new(self.open().await?);
        socket
            .say(&ClientFrame::Hello(Hello {
                device: device.into(),
                resume,
            }))
            .await?;
        let pick = |frame: &ServerFrame| match frame {
            ServerFrame::Welcome(welcome) => Some((**welcome).clone()),
            _ => None,
        };
        socket.welcome = Some(socket.take("welcome", pick).await?);
        Ok(socket)
    }
}

/// Why there is nothing more to read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Closed {
    /// What the server said before.
    pub bye: Option<ByeFrame>,
    /// The close code.
    pub code: Option<u16>,
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.bye.as_ref().map_or("no bye", |bye| &bye.word);
        write!(
            f,
            "the socket was closed with {word} and code {:?}",
            self.code
        )
    }
}

impl std::error::Error for Closed {}

/// A socket that has been welcomed.
pub struct TestSocket {
    wire: Wire,
    welcome: Option<Welcome>,
    kept: VecDeque<ServerFrame>,
    closed: Option<Closed>,
    /// What it knows.
    pub ledger: Ledger,
}

impl TestSocket {
    /// Over an open WebSocket on which nothing was said yet.
    pub fn new(wire: Wire) -> Self {
        Self {
            wire,
            welcome: None,
            kept: VecDeque::new(),
            closed: None,
            ledger: Ledger::default(),
        }
    }

    /// How it was welcomed.
    pub fn welcome(&self) -> Result<&Welcome> {
        self.welcome.as_ref().context("it has not been welcomed")
    }

    /// How the resume of one conversation came out.
    pub fn recovered(&self, conversation: Uuid) -> Result<&Recovered> {
        let mut all = self.welcome()?.recovered.iter();
        all.find(|entry| entry.conversation == conversation)
            .context("the conversation is not in the welcome")
    }

    /// Continues a ledger that was kept under an earlier socket: checks and enters what was missed.
    pub fn continues(&mut self, ledger: Ledger) -> Result<()> {
        let welcome = self.welcome()?.clone();
        self.ledger = ledger;
        self.ledger.resumed(&welcome.recovered);
        welcome
            .missed
            .iter()
            .try_for_each(|message| self.ledger.told(message))
    }

    /// Says a frame.
    pub async fn say(&mut self, frame: &ClientFrame) -> Result<()> {
        self.say_text(&serde_json::to_string(frame)?).await
    }

    /// Says a text that may be no frame at all.
    pub async fn say_text(&mut self, text: &str) -> Result<()> {
        self.say_raw(Raw::text(text)).await
    }

    /// Says what may not even be text.
    pub async fn say_raw(&mut self, message: Raw) -> Result<()> {
        soon("the server to take a frame", self.wire.send(message))
            .await?
            .context("saying a frame")
    }

    /// Sends a text and returns its `client_id`.
    pub async fn send(&mut self, to: Target, text: &str) -> Result<Uuid> {
        let client_id = id();
        self.send_as(client_id, to, text).await?;
        Ok(client_id)
    }

    /// Sends a text under this `client_id`.
    pub async fn send_as(&mut self, client_id: Uuid, to: Target, text: &str) -> Result<()> {
        self.say(&ClientFrame::Send(text_frame(client_id, to, text)))
            .await
    }

    /// Sends a text and waits until it is stored.
    pub async fn tell(&mut self, to: Target, text: &str) -> Result<Stored> {
        let client_id = self.send(to, text).await?;
        self.stored(client_id).await
    }

    /// The next frame, whatever it is; pings are answered and not told. `Err` inside: the connection has ended.
    pub async fn next(&mut self) -> Result<Result<ServerFrame, Closed>> {
        match self.kept.pop_front() {
            Some(frame) => Ok(Ok(frame)),
            None => soon("a frame", self.read()).await?,
        }
    }

    async fn read(&mut self) -> Result<Result<ServerFrame, Closed>> {
        loop {
            if let Some(closed) = &self.closed {
                return Ok(Err(closed.clone()));
            }
            let message = match self.wire.next().await {
                // What is half closed or reset has ended, too.
                None
                | Some(Err(
                    Error::ConnectionClosed
                    | Error::AlreadyClosed
                    | Error::Protocol(_)
                    | Error::Io(_),
                )) => None,
                Some(other) => Some(other?),
            };
            match message {
                None => self.close(None),
                Some(Raw::Close(frame)) => self.close(frame.map(|frame| frame.code.into())),
                Some(Raw::Text(text)) => {
                    if let Some(frame) = self.hear(&text).await? {
                        return Ok(Ok(frame));
                    }
                }
                Some(other) => ensure!(
                    other.is_ping() || other.is_pong(),
                    "the server said {other:?}"
                ),
            }
        }
    }

    fn close(&mut self, code: Option<u16>) {
        let closed = self.closed.get_or_insert_default();
        closed.code = closed.code.or(code);
    }

    async fn hear(&mut self, text: &str) -> Result<Option<ServerFrame>> {
        let frame: ServerFrame = serde_json::from_str(text).with_context(|| text.to_owned())?;
        ensure!(
            text.starts_with(r#"{"op":""#),
            "op does not come first: {text}"
        );
        match &frame {
            ServerFrame::Ping(_) => {
                let pong = serde_json::to_string(&ClientFrame::Pong(Pong {}))?;
                // A server that is going may no longer take it.
                drop(self.wire.send(Raw::text(pong)).await);
                return Ok(None);
            }
            ServerFrame::Ack(ack) => ack
                .stored
                .iter()
                .try_for_each(|stored| self.ledger.acked(stored))?,
            ServerFrame::Message(message) => self.ledger.told(message)?,
            _ => {}
        }
        Ok(Some(frame))
    }

    /// Waits for the first frame that `pick` takes, and keeps those before it for later.
    pub async fn take<T>(
        &mut self,
        what: &str,
        mut pick: impl FnMut(&ServerFrame) -> Option<T>,
    ) -> Result<T> {
        if let Some((at, found)) = self
            .kept
            .iter()
            .enumerate()
            .find_map(|(at, frame)| Some((at, pick(frame)?)))
        {
            self.kept.remove(at);
            return Ok(found);
        }
        loop {
            match soon(what, self.read()).await?? {
                Ok(frame) => match pick(&frame) {
                    Some(found) => return Ok(found),
                    None => self.kept.push_back(frame),
                },
                Err(closed) => {
                    let instead = format!("instead of {what} the end, after {:?}", self.kept);
                    return Err(anyhow::Error::new(closed).context(instead));
                }
            }
        }
    }

    /// The answer to `client_id`: done (with the place of what was sent) or not.
    pub async fn answer(&mut self, client_id: Uuid) -> Result<Result<Option<Stored>, Nack>> {
        let pick = |frame: &ServerFrame| match frame {
            ServerFrame::Ack(ack) if ack.client_id == client_id => Some(Ok(ack.stored)),
            ServerFrame::Nack(nack) if nack.client_id == Some(client_id) => Some(Err(nack.clone())),
            _ => None,
        };
        self.take("the answer to a command", pick).await
    }

    /// Where what was sent as `client_id` is stored.
    pub async fn stored(&mut self, client_id: Uuid) -> Result<Stored> {
        match self.answer(client_id).await? {
            Ok(stored) => stored.context("the ack says no place"),
            Err(nack) => bail!("{nack:?}"),
        }
    }

    /// Says a frame that is not `send`, and waits until it is done.
    pub async fn does(&mut self, frame: &ClientFrame) -> Result<()> {
        self.say(frame).await?;
        let client_id = frame.client_id().context("the frame has no client_id")?;
        match self.answer(client_id).await? {
            Ok(stored) => ensure!(stored.is_none(), "only a message has a place"),
            Err(nack) => bail!("{nack:?}"),
        }
        Ok(())
    }

    /// The refusal of what was sent as `client_id`.
    pub async fn refusal(&mut self, client_id: Uuid) -> Result<Nack> {
        match self.answer(client_id).await? {
            Ok(stored) => bail!("it was done: {stored:?}"),
            Err(nack) => Ok(nack),
        }
    }

    /// The next refusal, also of a frame too broken to hold an id.
    pub async fn nack(&mut self) -> Result<Nack> {
        let pick = |frame: &ServerFrame| match frame {
            ServerFrame::Nack(nack) => Some(nack.clone()),
            _ => None,
        };
        self.take("nack", pick).await
    }

    /// The next message of anybody else, or of one's own other devices.
    pub async fn message(&mut self) -> Result<Message> {
        let pick = |frame: &ServerFrame| match frame {
            ServerFrame::Message(message) => Some(message.clone()),
            _ => None,
        };
        self.take("message", pick).await
    }

    /// Whether nothing came that was not asked for, as far as was read.
    pub fn kept(&self) -> impl Iterator<Item = &ServerFrame> {
        self.kept.iter()
    }

    /// Reads to the end, and says how it came.
    pub async fn ended(&mut self) -> Result<Closed> {
        loop {
            let closed = match soon("the end of the socket", self.read()).await?? {
                Ok(frame) => {
                    self.kept.push_back(frame);
                    continue;
                }
                Err(closed) => closed,
            };
            {
                let said = self.kept.iter().rev().find_map(|frame| match frame {
                    ServerFrame::Bye(bye) => Some(bye.clone()),
                    _ => None,
                });
                return Ok(Closed {
                    bye: said,
                    ..closed
                });
            }
        }
    }
}

pub(crate) fn text_frame(client_id: Uuid, to: Target, text: &str) -> Send {
    Send::text(client_id, to, text)
}
