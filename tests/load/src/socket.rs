//! A client's socket: small buffers, writes that go out together, pings answered on the way.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Result, bail};
use futures_util::{FutureExt, SinkExt, StreamExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use webim_wire::SUBPROTOCOL;
use webim_wire::client::{ClientFrame, Hello, Pong, Resume, Send};
use webim_wire::server::Welcome;

use crate::frames::{self, Incoming};

/// Source addresses 127.0.0.2 to 127.0.0.9 share the ports.
const SOURCES: u64 = 8;

/// An open socket.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    unflushed: bool,
}

impl Socket {
    /// Connects as whoever `token` belongs to; `n` spreads the connections over source addresses.
    pub async fn open(address: SocketAddr, token: &str, n: u64) -> Result<Self> {
        let socket = TcpSocket::new_v4()?;
        let last = u8::try_from(2 + n % SOURCES).context("a small number")?;
        socket.bind((Ipv4Addr::new(127, 0, 0, last), 0).into())?;
        let stream = socket.connect(address).await.context("connecting")?;
        stream.set_nodelay(true)?;
        let mut request = format!("ws://{address}/ws").into_client_request()?;
        let headers = request.headers_mut();
        let bearer = HeaderValue::from_str(&format!("Bearer {token}"))?;
        headers.insert("authorization", bearer);
        headers.insert(
            "sec-websocket-protocol",
            HeaderValue::from_static(SUBPROTOCOL),
        );
        // The library would take 128 KiB for each connection at once.
        let config = WebSocketConfig::default().read_buffer_size(4096);
        let (stream, _) = client_async_with_config(request, stream, Some(config))
            .await
            .context("upgrading to a socket")?;
        Ok(Self {
            stream,
            unflushed: false,
        })
    }

    /// Says hello and waits for the welcome.
    pub async fn greet(&mut self, device: &str, resume: Option<Resume>) -> Result<Welcome> {
        let hello = Hello {
            device: device.into(),
            resume,
        };
        self.feed(&ClientFrame::Hello(hello)).await?;
        let text = self.next().await?;
        match frames::read(&text)? {
            Incoming::Welcome(welcome) => Ok(*welcome),
            other => bail!("instead of welcome: {other:?}"),
        }
    }

    /// Writes a message; it leaves with the next wait for a frame.
    pub async fn send(&mut self, send: Send) -> Result<()> {
        self.feed(&ClientFrame::Send(send)).await
    }

    async fn feed(&mut self, frame: &ClientFrame) -> Result<()> {
        let text = serde_json::to_string(frame)?;
        self.unflushed = true;
        Ok(self.stream.feed(Message::text(text)).await?)
    }

    /// The next frame. What was written goes out before this waits, so that answers to several frames leave together.
    /// May be dropped at any await.
    pub async fn next(&mut self) -> Result<Utf8Bytes> {
        loop {
            let waiting = self.stream.next().now_or_never();
            let message = if let Some(message) = waiting {
                message
            } else {
                if self.unflushed {
                    self.stream.flush().await?;
                    self.unflushed = false;
                }
                self.stream.next().await
            };
            match message.context("the server closed the connection")?? {
                Message::Text(text) if text.starts_with(r#"{"op":"ping""#) => {
                    self.feed(&ClientFrame::Pong(Pong {})).await?;
                }
                Message::Text(text) => return Ok(text),
                Message::Close(frame) => bail!("the server closed the connection: {frame:?}"),
                _ => {}
            }
        }
    }

    /// Closes it without waiting for the server's part.
    pub async fn close(mut self) {
        // It may be closed already, which is what is wanted.
        let _ = self.stream.close(None).await;
    }
}
