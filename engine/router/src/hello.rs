//! The welcome: who you are, where your conversations stand, and what you missed.

use webim_hub::Frame;
use webim_model::Bye;
use webim_store::StoreError;
use webim_wire::client::Hello;
use webim_wire::server::{ServerFrame, Welcome};

use crate::live::Live;
use crate::resume::{Gathered, gather};
use crate::{Caller, Router};

/// Longest name of a device, in characters.
const DEVICE: usize = 64;
/// Most positions a client may name: as many as fit into a frame.
const POSITIONS: usize = 700;

impl Router {
    /// Registers a connection and makes its `welcome`: from here on the connection's queue fills. `Err` holds the
    /// reason to close it with.
    pub async fn hello(&self, caller: &Caller, hello: Hello) -> Result<(Live, Frame), Bye> {
        let named = hello.device.chars().count();
        let positions = hello
            .resume
            .as_ref()
            .map_or(0, |resume| resume.positions.len());
        if named == 0 || named > DEVICE || positions > POSITIONS {
            return Err(Bye::ProtocolError);
        }
        let inner = &self.0;
        let failed = |error: StoreError| {
            tracing::warn!(%error, "no welcome could be made");
            Bye::GoingAway
        };
        let person = inner.store.person(caller.person).await.map_err(failed)?;
        let Some(person) = person.filter(|person| person.active) else {
            return Err(Bye::Deactivated);
        };
        // First the registration, then the reading: what is stored in between comes twice and is dropped once.
        let mut live = self.connect(caller, person.status)?;
        let directory = inner.directories.get().await.map_err(failed)?.version;
        let mut gathered = Gathered::default();
        if let Some(resume) = &hello.resume {
            inner.writer.flush_of(caller.person).await;
            let heads = inner.store.heads_of(caller.person).await.map_err(failed)?;
            live.welcomed(heads.iter().map(|head| (head.conversation, head.last_seq)));
            let trusted = resume.epoch == inner.epoch;
            gathered = gather(&inner.store, &inner.config.limits, resume, trusted, heads)
                .await
                .map_err(failed)?;
        }
        let welcome = Welcome {
            me: (&person).into(),
            status: person.status.into(),
            epoch: inner.epoch,
            heartbeat: inner.config.heartbeat,
            text_chars: u32::try_from(inner.config.limits.text_chars).unwrap_or(u32::MAX),
            edit_seconds: inner.config.edit_seconds,
            recall_seconds: inner.config.recall_seconds,
            directory,
            recovered: gathered.recovered,
            missed: gathered.missed,
        };
        let frame = Frame::new(ServerFrame::Welcome(Box::new(welcome)).encode());
        Ok((live, frame))
    }
}
