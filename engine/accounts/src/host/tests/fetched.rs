//! Keys by URL, from a real server that changes them, fails, and goes away.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use webim_egress::{HostRule, Inside, Rules};

use super::*;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// What the server says now: a status, and its document.
#[derive(Clone)]
struct Says(u16, String);

struct Portal {
    host: Host,
    says: Arc<Mutex<Says>>,
    asked: Arc<AtomicUsize>,
    /// While it is set, answers wait for it.
    gate: Arc<Mutex<Option<Arc<Notify>>>>,
    /// Rung when somebody asks.
    rung: Arc<Notify>,
}

fn document(keys: &[Value]) -> Says {
    Says(200, json!({"keys": keys}).to_string())
}

fn named(kid: &str) -> Value {
    let mut key = ec();
    key["kid"] = kid.into();
    key
}

impl Portal {
    async fn start(says: Says) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let rules = Rules {
            hosts: vec![HostRule::parse("127.0.0.1").unwrap()],
            http: true,
            inside: vec![Inside::parse("127.0.0.1").unwrap()],
            ..Rules::default()
        };
        let key = HostKey::JwksUrl {
            url: format!("http://{address}/keys"),
            egress: Egress::new(rules),
        };
        let portal = Self {
            host: Host::open(settings("https://public.example", key)).unwrap(),
            says: Arc::new(Mutex::new(says)),
            asked: Arc::default(),
            gate: Arc::default(),
            rung: Arc::default(),
        };
        let (says, asked) = (portal.says.clone(), portal.asked.clone());
        let (gate, rung) = (portal.gate.clone(), portal.rung.clone());
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let _ = socket.read(&mut [0; 4_096]).await;
                asked.fetch_add(1, Ordering::SeqCst);
                rung.notify_one();
                let wait = gate.lock().unwrap().clone();
                if let Some(wait) = wait {
                    wait.notified().await;
                }
                let Says(status, body) = says.lock().unwrap().clone();
                let head = format!(
                    "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                let _ = socket.write_all((head + &body).as_bytes()).await;
            }
        });
        portal
    }

    fn say(&self, says: Says) {
        *self.says.lock().unwrap() = says;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    async fn check(&self, kid: &str, at: i64) -> Result<String, Wrong> {
        check(self.host.clone(), kid, at).await
    }
}

async fn check(host: Host, kid: &str, at: i64) -> Result<String, Wrong> {
    let seconds = (NOW.0 + at) / 1_000;
    let times = json!({"iat": seconds, "exp": seconds + 60});
    let claims = claims("https://public.example", &times);
    let key = EncodingKey::from_ec_der(&STANDARD.decode(EC_PRIVATE).unwrap());
    let token = signed(Algorithm::ES256, Some(kid), &claims, &key);
    let hosts = [shared(), host];
    let found = vouch(&hosts, &token, NOW.plus(at)).await;
    found.map(|vouched| vouched.login)
}

#[expect(clippy::unnecessary_wraps, reason = "what is compared is wrapped")]
fn lina() -> Result<String, Wrong> {
    Ok("lina".to_owned())
}

fn unavailable() -> Result<String, Wrong> {
    Err(Wrong::Keys("https://public.example".to_owned()))
}

#[tokio::test]
async fn keys_are_fetched_at_need_and_kept() {
    let portal = Portal::start(document(&[named("one"), rsa(&json!({"kid": "rsa"}))])).await;
    assert_eq!(portal.asked(), 0, "not before a token comes");
    for at in [0, 1, MINUTE, 10 * MINUTE - 1] {
        assert_eq!(portal.check("one", at).await, lina());
    }
    assert_eq!(portal.asked(), 1);
    assert_eq!(portal.check("one", 10 * MINUTE).await, lina());
    assert_eq!(portal.asked(), 2, "fresh ones after ten minutes");
}

#[tokio::test]
async fn an_unknown_key_is_asked_for_once_a_minute() {
    let portal = Portal::start(document(&[named("one")])).await;
    assert_eq!(portal.check("one", 0).await, lina());
    portal.say(document(&[named("one"), named("two")]));
    for at in [1, 30_000, MINUTE - 1] {
        let refused = portal.check("two", at).await.unwrap_err().to_string();
        assert!(refused.starts_with("header.kid"), "{refused}");
    }
    assert_eq!(portal.asked(), 1, "the minute is not over");
    assert_eq!(portal.check("two", MINUTE).await, lina());
    // Names that nobody has do not wear the host out.
    for at in [MINUTE + 1, 2 * MINUTE - 1] {
        assert!(portal.check("nobody's", at).await.is_err());
        assert_eq!(portal.check("one", at).await, lina());
    }
    assert_eq!(portal.asked(), 2);
}

#[tokio::test]
async fn old_keys_count_for_a_day_while_the_host_cannot_be_reached() {
    let portal = Portal::start(document(&[named("one")])).await;
    assert_eq!(portal.check("one", 0).await, lina());
    for says in [
        Says(500, String::new()),
        Says(200, "<html>maintenance</html>".to_owned()),
        Says(200, json!({"keys": []}).to_string()),
        Says(200, "x".repeat(2_000_000)),
    ] {
        portal.say(says);
        let before = portal.asked();
        let at = HOUR + 2 * MINUTE * i64::try_from(before).unwrap();
        assert_eq!(portal.check("one", at).await, lina());
        assert_eq!(portal.check("one", at + 1).await, lina());
        assert_eq!(portal.asked(), before + 1, "tried once a minute");
    }
    assert_eq!(portal.check("one", 24 * HOUR - 1).await, lina());
    assert_eq!(portal.check("one", 24 * HOUR + MINUTE).await, unavailable());
    // It comes back: at most a minute later all is well.
    portal.say(document(&[named("one")]));
    assert_eq!(
        portal.check("one", 24 * HOUR + MINUTE + 1).await,
        unavailable()
    );
    assert_eq!(portal.check("one", 24 * HOUR + 2 * MINUTE).await, lina());
}

#[tokio::test]
async fn a_host_that_does_not_answer_holds_up_nobody_else() {
    let portal = Portal::start(document(&[named("one")])).await;
    assert_eq!(portal.check("one", 0).await, lina());
    let wait = Arc::new(Notify::new());
    *portal.gate.lock().unwrap() = Some(wait.clone());
    let renewing = tokio::spawn(check(portal.host.clone(), "one", HOUR));
    portal.rung.notified().await;
    portal.rung.notified().await;
    // The others of this host go on with the keys that were known, and other hosts know nothing of it.
    assert_eq!(portal.check("one", HOUR).await, lina());
    let (hosts, token) = ([shared(), portal.host.clone()], by_secret(&json!({})));
    assert!(vouch(&hosts, &token, NOW).await.is_ok());
    // Who asked goes away: what was begun is ended all the same, and counts.
    renewing.abort();
    assert!(renewing.await.unwrap_err().is_cancelled());
    portal.say(document(&[named("one"), named("two")]));
    wait.notify_one();
    assert_eq!(portal.check("two", HOUR).await, lina());
    assert_eq!(portal.asked(), 2);
}

#[tokio::test]
async fn an_address_inside_that_nobody_allowed_is_not_asked() {
    let portal = Portal::start(document(&[named("one")])).await;
    let HostKey::JwksUrl { url, .. } = &portal.host.0.settings.key else {
        unreachable!("it was made with one");
    };
    let rules = Rules {
        hosts: vec![HostRule::parse("127.0.0.1").unwrap()],
        http: true,
        ..Rules::default()
    };
    let key = HostKey::JwksUrl {
        url: url.clone(),
        egress: Egress::new(rules),
    };
    let host = Host::open(settings("https://public.example", key)).unwrap();
    assert_eq!(check(host, "one", 0).await, unavailable());
    assert_eq!(portal.asked(), 0);
}
