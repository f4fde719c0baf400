//! Heartbeats of all sockets by one task: a wheel of seconds, and in each slot those who are looked at then. An idle
//! socket costs a few bytes and one look in each heartbeat, instead of a timer of its own.

use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::time::MissedTickBehavior;
use webim_accounts::SessionKey;
use webim_hub::{Frame, Outlet};
use webim_model::{Bye, Millis, Refusal};
use webim_wire::server::{Ping, ServerFrame};

use crate::AppState;
use crate::extract::Signed;

/// Milliseconds after which an open socket's session is looked at again; using a socket is using the session.
const AGAIN: i64 = 12 * 60 * 60 * 1_000;

/// What is watched of one socket.
pub(super) struct Beat {
    outlet: Outlet,
    /// When something last came in, in ticks.
    heard: AtomicU32,
    /// When its session is to be looked at again, in milliseconds.
    renew: AtomicI64,
    /// What the session is looked up by, whether a token or a ticket opened it.
    key: SessionKey,
}

impl Beat {
    pub fn new(outlet: Outlet, signed: &Signed, pulse: &Pulse, now: Millis) -> Arc<Self> {
        let expires = signed.session.expires;
        let again = expires.min(now.plus(AGAIN));
        let beat = Arc::new(Self {
            outlet,
            heard: AtomicU32::new(pulse.now()),
            renew: AtomicI64::new(again.0),
            key: signed.session.key,
        });
        pulse.watch(&beat, pulse.heartbeat);
        beat
    }

    /// Something came in.
    pub fn heard(&self, now: u32) {
        self.heard.store(now, Ordering::Relaxed);
    }
}

/// The clock of all heartbeats; its tick is a second.
pub(crate) struct Pulse {
    now: AtomicU32,
    heartbeat: u32,
    slots: Mutex<Box<[Vec<Weak<Beat>>]>>,
    ping: Frame,
}

/// What becomes of a socket that is looked at.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// Look again after so many ticks.
    Wait(u32),
    /// Ask it, and look again after so many ticks.
    Ask(u32),
    /// Too late.
    Lost,
}

impl Pulse {
    /// With so many seconds to a heartbeat.
    pub fn new(heartbeat: u32) -> Self {
        let heartbeat = heartbeat.max(1);
        // Nobody is looked at later than a heartbeat from now, so a wheel of that size is enough.
        let slots = (0..=heartbeat).map(|_| Vec::new()).collect();
        Self {
            now: AtomicU32::new(0),
            heartbeat,
            slots: Mutex::new(slots),
            ping: Frame::new(ServerFrame::Ping(Ping {}).encode()),
        }
    }

    /// Seconds since the start, coarsely.
    pub fn now(&self) -> u32 {
        self.now.load(Ordering::Relaxed)
    }

    /// Seconds of silence after which `ping` is said.
    pub fn heartbeat(&self) -> u32 {
        self.heartbeat
    }

    fn watch(&self, beat: &Arc<Beat>, after: u32) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = self.now().wrapping_add(after.clamp(1, self.heartbeat)) as usize % slots.len();
        slots[slot].push(Arc::downgrade(beat));
    }

    /// Moves on by a second; those whose turn it is are asked, closed, or put back. Says whose session is to be
    /// looked at.
    fn tick(&self, now: Millis) -> Vec<Arc<Beat>> {
        let tick = self.now().wrapping_add(1);
        self.now.store(tick, Ordering::Relaxed);
        let due = {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            let slot = tick as usize % slots.len();
            std::mem::take(&mut slots[slot])
        };
        let mut renew = Vec::new();
        for beat in due.iter().filter_map(Weak::upgrade) {
            let silent = tick.wrapping_sub(beat.heard.load(Ordering::Relaxed));
            match verdict(silent, self.heartbeat) {
                Verdict::Wait(ticks) => self.watch(&beat, ticks),
                Verdict::Ask(ticks) => {
                    beat.outlet.push(self.ping.clone());
                    self.watch(&beat, ticks);
                }
                Verdict::Lost => beat.outlet.close(Bye::HeartbeatLost),
            }
            if beat.renew.load(Ordering::Relaxed) <= now.0 {
                renew.push(beat);
            }
        }
        renew
    }
}

fn verdict(silent: u32, heartbeat: u32) -> Verdict {
    let lost = heartbeat.saturating_mul(5).div_ceil(2);
    if silent >= lost {
        Verdict::Lost
    } else if silent >= heartbeat {
        Verdict::Ask(heartbeat.min(lost - silent))
    } else {
        Verdict::Wait(heartbeat - silent)
    }
}

/// Keeps the heartbeats until the server stops.
pub(crate) async fn keep(state: AppState) {
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    // After a pause of the whole machine nobody should be lost before they could answer.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.tick().await;
    while state.stop.run_until_cancelled(ticks.tick()).await.is_some() {
        for beat in state.pulse.tick(state.sources.now()) {
            state.tasks.spawn(renew(beat, state.clone()));
        }
    }
}

/// Looks at a socket's session again: moves its expiry, or closes the socket if the session is over.
async fn renew(beat: Arc<Beat>, state: AppState) {
    match state.accounts.authenticate_again(beat.key).await {
        Ok(session) => {
            let next = session.expires.min(state.sources.now().plus(AGAIN));
            beat.renew.store(next.0, Ordering::Relaxed);
        }
        Err(Refusal::NotAuthenticated) => beat.outlet.close(Bye::SessionEnded),
        // Asked again at the next look.
        Err(refusal) => tracing::warn!(
            code = refusal.code(),
            "a socket's session could not be looked at"
        ),
    }
}

#[cfg(test)]
mod tests {
    use webim_accounts::SignedIn;
    use webim_hub::{Hub, Inlet, QueueLimits};
    use webim_model::{PersonId, PersonKind, Roles, SessionId, Sources};

    use super::*;
    use crate::extract::caller;

    const NOW: Millis = Millis(1_800_000_000_000);

    fn open(pulse: &Pulse, token: Option<&str>) -> (Arc<Beat>, Inlet) {
        let sources = Sources::system();
        let session = SignedIn {
            person: PersonId(sources.uuid()),
            kind: PersonKind::Member,
            session: SessionId(sources.uuid()),
            roles: Roles::default(),
            expires: NOW.plus(AGAIN + 1_000),
            key: SessionKey::default(),
        };
        let hub = Hub::new(QueueLimits::default(), 1);
        let (outlet, inlet, _) = hub.connect(session.person, session.session).unwrap();
        let signed = Signed {
            caller: caller(&session),
            session,
            token: token.map(str::to_owned),
            cookie: false,
        };
        (Beat::new(outlet, &signed, pulse, NOW), inlet)
    }

    #[test]
    fn a_silent_socket_is_asked_and_then_closed() {
        let pulse = Pulse::new(4);
        let (_beat, inlet) = open(&pulse, None);
        let mut said = Vec::new();
        for _ in 0..12 {
            pulse.tick(NOW);
            let drained = inlet.take();
            said.push((drained.frames.len(), drained.bye));
        }
        let asked: Vec<_> = (1..)
            .zip(&said)
            .filter(|(_, (pings, _))| *pings > 0)
            .collect();
        assert_eq!(
            asked.iter().map(|(tick, _)| *tick).collect::<Vec<_>>(),
            [4, 8]
        );
        assert_eq!(said[8].1, None);
        assert_eq!(said[9].1, Some(Bye::HeartbeatLost));
    }

    #[test]
    fn one_that_answers_is_asked_once_in_each_heartbeat() {
        let pulse = Pulse::new(4);
        let (beat, inlet) = open(&pulse, None);
        let mut asked = 0;
        for _ in 0..400 {
            pulse.tick(NOW);
            if inlet.take().frames.len() == 1 {
                asked += 1;
                beat.heard(pulse.now());
            }
        }
        assert_eq!(asked, 100);
        assert_eq!(inlet.take().bye, None);
    }

    #[test]
    fn one_that_is_gone_is_forgotten() {
        let pulse = Pulse::new(4);
        let (beat, _inlet) = open(&pulse, None);
        drop(beat);
        for _ in 0..4 {
            pulse.tick(NOW);
        }
        let left: usize = pulse.slots.lock().unwrap().iter().map(Vec::len).sum();
        assert_eq!(left, 0);
    }

    #[test]
    fn sessions_are_looked_at_again() {
        let pulse = Pulse::new(1);
        let (_by_token, _inlet) = open(&pulse, Some("wim_x"));
        let (_by_ticket, _inlet_too) = open(&pulse, None);
        assert_eq!(pulse.tick(NOW.plus(AGAIN - 1)).len(), 0);
        assert_eq!(pulse.tick(NOW.plus(AGAIN)).len(), 2);
    }

    #[test]
    fn silence_is_asked_about_and_then_ended() {
        assert_eq!(verdict(0, 40), Verdict::Wait(40));
        assert_eq!(verdict(39, 40), Verdict::Wait(1));
        assert_eq!(verdict(40, 40), Verdict::Ask(40));
        assert_eq!(verdict(80, 40), Verdict::Ask(20));
        assert_eq!(verdict(99, 40), Verdict::Ask(1));
        assert_eq!(verdict(100, 40), Verdict::Lost);
        assert_eq!(verdict(1, 1), Verdict::Ask(1));
        assert_eq!(verdict(3, 1), Verdict::Lost);
    }
}
