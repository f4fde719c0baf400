//! One WebSocket: frames in by way of tungstenite, frames out straight into the connection's own socket, many in one
//! system call and with no buffer that an idle connection would keep.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::{Sink, StreamExt};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{
    CloseFrame, Frame as WireFrame, FrameHeader,
};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use webim_hub::Frame;
use webim_model::Bye;
use webim_wire::server::ServerFrame;

/// Bytes read at once.
const READ: usize = 4 * 1024;
/// Bytes that the protocol's own answers (pongs) may wait in.
const ANSWERS: usize = 4 * 1024;
/// Bytes written at once, if one frame is not larger.
const WRITE: usize = 64 * 1024;
/// How long a client may take to make room for one write.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it may still take once the connection is to be closed.
const GRACE: Duration = Duration::from_secs(2);

/// Why nothing more can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// It is to be closed for this reason.
    Ended(Bye),
    /// Nobody is there any more.
    Gone,
}

/// An open WebSocket.
pub(super) struct Line(WebSocketStream<TcpStream>);

impl Line {
    /// The socket behind an accepted handshake; `None` if the client has gone meanwhile. Frames from it may have
    /// `most` bytes.
    pub async fn open(upgrade: OnUpgrade, most: usize) -> Option<Self> {
        let upgraded = upgrade.await.ok()?;
        let Ok(parts) = upgraded.downcast::<TokioIo<TcpStream>>() else {
            tracing::error!("sockets can only be opened through the gateway's own server loop");
            return None;
        };
        let (stream, early) = (parts.io.into_inner(), parts.read_buf.to_vec());
        Some(Self::over(stream, early, most).await)
    }

    async fn over(stream: TcpStream, early: Vec<u8>, most: usize) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ)
            .write_buffer_size(0)
            .max_write_buffer_size(ANSWERS)
            .max_message_size(Some(most))
            .max_frame_size(Some(most));
        let socket =
            WebSocketStream::from_partially_read(stream, early, Role::Server, Some(config));
        Self(socket.await)
    }

    /// The next message; `None` when there will be none.
    pub fn poll_heard(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Message, Error>>> {
        self.0.poll_next_unpin(cx)
    }

    /// The next message; `None` when there will be none.
    pub async fn heard(&mut self) -> Option<Result<Message, Error>> {
        poll_fn(|cx| self.poll_heard(cx)).await
    }

    /// Writes all of `bytes`, which are whole frames. If the client makes no room, until `ended` says that the
    /// connection is to be closed, or for twenty seconds.
    pub async fn write(
        &mut self,
        bytes: &[u8],
        ended: impl Future<Output = Bye>,
    ) -> Result<(), Cut> {
        let flushed = poll_fn(|cx| Poll::Ready(self.poll_flush(cx))).await;
        let mut written = 0;
        if let Poll::Ready(flushed) = flushed {
            flushed?;
            match self.0.get_mut().try_write(bytes) {
                Ok(count) if count == bytes.len() => return Ok(()),
                Ok(count) => written = count,
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => return Err(Cut::Gone),
            }
        }
        // Seldom; in a box, since every idle connection would otherwise keep room for it.
        Box::pin(self.insist(&bytes[written..], ended)).await
    }

    async fn insist(&mut self, rest: &[u8], ended: impl Future<Output = Bye>) -> Result<(), Cut> {
        let mut writing = std::pin::pin!(self.put(rest));
        let bye = tokio::select! {
            biased;
            done = writing.as_mut() => return done,
            bye = ended => bye,
            () = sleep(PATIENCE) => Bye::SlowReader,
        };
        // Half a frame stands there, and bye can only be said behind its end.
        match timeout(GRACE, writing).await {
            Ok(Ok(())) => Err(Cut::Ended(bye)),
            _ => Err(Cut::Gone),
        }
    }

    async fn put(&mut self, bytes: &[u8]) -> Result<(), Cut> {
        poll_fn(|cx| self.poll_flush(cx)).await?;
        self.0
            .get_mut()
            .write_all(bytes)
            .await
            .map_err(|_| Cut::Gone)
    }

    /// What the protocol itself has to say, a pong perhaps, must be out before anything else is written.
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Cut>> {
        Pin::new(&mut self.0).poll_flush(cx).map_err(|_| Cut::Gone)
    }

    /// Says `bye` and closes. What the client is still sending is read and thrown away for a while: closing a socket
    /// with unread bytes would take back what was written and not yet read, and the client would not learn why.
    pub async fn farewell(mut self, bye: Bye) {
        let said = timeout(GRACE, async {
            self.put(&last_words(bye)).await.ok()?;
            self.0.get_mut().shutdown().await.ok()
        });
        if said.await.ok().flatten().is_some() {
            let (mut stream, mut nowhere) = (self.0.into_inner(), tokio::io::sink());
            let _ = timeout(GRACE, tokio::io::copy(&mut stream, &mut nowhere)).await;
        }
    }
}

/// The next frames as bytes for one write; takes at least one.
pub(super) fn compose(frames: &mut VecDeque<Frame>) -> Vec<u8> {
    let mut size = 0;
    let fits = |frame: &&Frame| {
        let before = size;
        size += frame.bytes().len() + 10;
        before == 0 || size <= WRITE
    };
    let count = frames.iter().take_while(fits).count();
    let mut bytes = Vec::with_capacity(size);
    for frame in frames.drain(..count) {
        text(&mut bytes, frame.bytes());
    }
    bytes
}

fn last_words(bye: Bye) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    text(&mut bytes, ServerFrame::Bye(bye.into()).encode().as_bytes());
    let close = CloseFrame {
        code: bye.code().into(),
        reason: bye.word().into(),
    };
    WireFrame::close(Some(close))
        .format(&mut bytes)
        .expect("a vector takes everything");
    bytes
}

fn text(bytes: &mut Vec<u8>, payload: &[u8]) {
    let header = FrameHeader {
        opcode: OpCode::Data(Data::Text),
        ..FrameHeader::default()
    };
    header
        .format(payload.len() as u64, bytes)
        .expect("a vector takes everything");
    bytes.extend_from_slice(payload);
}

#[cfg(test)]
mod tests {
    use futures_util::SinkExt;
    use tokio::net::TcpListener;

    use super::*;

    async fn pair() -> (Line, WebSocketStream<TcpStream>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (client, server) = tokio::join!(TcpStream::connect(address), listener.accept());
        let line = Line::over(server.unwrap().0, Vec::new(), 1_000).await;
        (
            line,
            WebSocketStream::from_raw_socket(client.unwrap(), Role::Client, None).await,
        )
    }

    #[tokio::test]
    async fn a_client_that_makes_no_room_hears_all_that_was_begun_and_then_bye() {
        let (mut line, mut client) = pair().await;
        let big = "x".repeat(1024 * 1024);
        let frames = move || compose(&mut [Frame::new(big.clone())].into());
        let writer = tokio::spawn(async move {
            let mut begun = 1;
            let ended = || std::future::ready(Bye::GoingAway);
            while line.write(&frames(), ended()).await.is_ok() {
                begun += 1;
            }
            line.farewell(Bye::GoingAway).await;
            begun
        });
        let (mut big_ones, mut last) = (0, Vec::new());
        while let Some(Ok(message)) = client.next().await {
            match message {
                Message::Text(text) if text.len() == 1024 * 1024 => big_ones += 1,
                other => last.push(other),
            }
        }
        drop(client);
        assert_eq!(writer.await.unwrap(), big_ones);
        let Message::Text(bye) = &last[0] else {
            panic!("{last:?}")
        };
        assert!(bye.contains("going_away"));
        let Message::Close(Some(close)) = &last[1] else {
            panic!("{last:?}")
        };
        assert_eq!(u16::from(close.code), 4000);
    }

    #[tokio::test]
    async fn a_frame_over_the_limit_is_an_error_and_bye_still_arrives() {
        let (mut line, mut client) = pair().await;
        let sending = tokio::spawn(async move {
            // Too much for the buffers in between: the server must read on for the client to get so far.
            let _ = client
                .send(Message::text("x".repeat(8 * 1024 * 1024)))
                .await;
            client.next().await
        });
        let error = line.heard().await.unwrap().unwrap_err();
        assert!(matches!(error, Error::Capacity(_)), "{error}");
        line.farewell(Bye::FrameTooLarge).await;
        let heard = sending.await.unwrap().unwrap().unwrap();
        assert!(heard.to_text().unwrap().contains("frame_too_large"));
    }

    #[tokio::test]
    async fn pongs_and_frames_do_not_mix() {
        let (mut line, mut client) = pair().await;
        client
            .send(Message::Ping(b"p".as_slice().into()))
            .await
            .unwrap();
        client.send(Message::text("hi")).await.unwrap();
        assert!(matches!(line.heard().await, Some(Ok(Message::Ping(_)))));
        assert!(matches!(line.heard().await, Some(Ok(Message::Text(_)))));
        let frame = compose(&mut [Frame::new("{}".into())].into());
        line.write(&frame, std::future::pending()).await.unwrap();
        assert!(matches!(client.next().await, Some(Ok(Message::Pong(_)))));
        assert!(matches!(client.next().await, Some(Ok(Message::Text(_)))));
        client.close(None).await.unwrap();
        assert!(matches!(line.heard().await, Some(Ok(Message::Close(_)))));
        assert!(line.heard().await.is_none());
    }

    #[test]
    fn frames_are_put_together_up_to_a_bound() {
        let frame = |size: usize| Frame::new("x".repeat(size));
        let mut frames: VecDeque<_> = [frame(3), frame(300), frame(WRITE), frame(1)].into();
        let bytes = compose(&mut frames);
        assert_eq!(bytes.len(), 2 + 3 + 4 + 300);
        assert_eq!(bytes[..5], *b"\x81\x03xxx");
        assert_eq!(bytes[5..9], [0x81, 126, 1, 44]);
        let bytes = compose(&mut frames);
        assert_eq!(bytes.len(), 10 + WRITE);
        assert_eq!(bytes[..10], [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
        assert_eq!(compose(&mut frames).len(), 3);
        assert!(frames.is_empty());
    }

    #[test]
    fn bye_comes_as_a_frame_and_as_the_close_code() {
        let bytes = last_words(Bye::SlowReader);
        let text = r#"{"op":"bye","code":4001,"word":"slow_reader","reconnect":true,"#;
        assert_eq!(bytes[2..2 + text.len()], *text.as_bytes());
        let close = [
            b"\x88\x0d".as_slice(),
            &4001_u16.to_be_bytes(),
            b"slow_reader",
        ]
        .concat();
        assert!(bytes.ends_with(&close), "{bytes:?}");
    }
}
