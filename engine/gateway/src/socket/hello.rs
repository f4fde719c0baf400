//! The beginning of a socket: `hello` within ten seconds, answered by `welcome`.

use std::time::Duration;

use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use webim_hub::Frame;
use webim_model::{Bye, Refusal};
use webim_router::Live;
use webim_wire::client::Hello;
use webim_wire::server::{Nack, ServerFrame};
use webim_wire::{ClientFrame, FrameError, parse_client};

use super::connection::reason;
use super::line::{Cut, Line, compose};
use crate::AppState;
use crate::extract::Signed;

/// How long a client may take to say `hello`.
const PATIENCE: Duration = Duration::from_secs(10);

/// Waits for `hello` and answers it; the connection is registered from then on.
pub(super) async fn greet(
    socket: &mut Line,
    signed: &Signed,
    state: &AppState,
) -> Result<Live, Cut> {
    let hello = state
        .stop
        .run_until_cancelled(timeout(PATIENCE, first(socket)))
        .await;
    let hello = hello.ok_or(Cut::Ended(Bye::GoingAway))?;
    let hello = hello.map_err(|_| Cut::Ended(Bye::ProtocolError))??;
    state.figures.frames_in.increment(1);
    let (live, welcome) = state
        .router
        .hello(&signed.caller, hello)
        .await
        .map_err(Cut::Ended)?;
    // One that was registered after all others were told would hear nothing of it.
    if state.stop.is_cancelled() {
        return Err(Cut::Ended(Bye::GoingAway));
    }
    state.figures.frames_out.increment(1);
    socket
        .write(&compose(&mut [welcome].into()), live.ended())
        .await?;
    Ok(live)
}

async fn first(socket: &mut Line) -> Result<Hello, Cut> {
    loop {
        let message = socket.heard().await.ok_or(Cut::Gone)?;
        match message.map_err(|error| reason(&error))? {
            Message::Text(text) => match parse_client(&text) {
                Ok(ClientFrame::Hello(hello)) => return Ok(hello),
                Ok(frame) => {
                    let id = frame.client_id();
                    return refuse(socket, Nack::new(id, Refusal::HelloFirst, None)).await;
                }
                Err(FrameError {
                    refusal,
                    detail,
                    client_id,
                }) => {
                    return refuse(socket, Nack::new(client_id, refusal, Some(detail))).await;
                }
            },
            Message::Binary(_) => return Err(Cut::Ended(Bye::ProtocolError)),
            _ => {}
        }
    }
}

async fn refuse(socket: &mut Line, nack: Nack) -> Result<Hello, Cut> {
    let frame = Frame::new(ServerFrame::Nack(nack).encode());
    socket
        .write(&compose(&mut [frame].into()), std::future::pending())
        .await?;
    Err(Cut::Ended(Bye::ProtocolError))
}
