//! Calls to real sockets: what is reached, what is refused, what is cut off.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::header::{AUTHORIZATION, HOST, HeaderValue};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::{
    Egress, EgressError, HostRule, Inside, Limits, Lookup, Method, Network, Request, Rules,
};

/// Names, each with the answers to the first question, the second...; the last one stays.
#[derive(Default)]
struct Names(Mutex<HashMap<String, Vec<Vec<IpAddr>>>>);

impl Names {
    fn of(names: &[(&str, &[&str])]) -> Arc<Self> {
        let answer = |text: &&str| vec![text.parse().unwrap()];
        let entry = |(name, answers): &(&str, &[&str])| {
            ((*name).to_owned(), answers.iter().map(answer).collect())
        };
        Arc::new(Self(Mutex::new(names.iter().map(entry).collect())))
    }
}

impl Lookup for Names {
    fn lookup(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let mut names = self.0.lock().unwrap();
        let found = names.get_mut(&host).map(|answers| {
            if answers.len() > 1 {
                answers.remove(0)
            } else {
                answers[0].clone()
            }
        });
        Box::pin(async move { found.ok_or_else(|| io::ErrorKind::NotFound.into()) })
    }
}

/// A server that says `answer` of each request's head, and counts its connections and remembers what was asked.
#[derive(Clone)]
struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    async fn start(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            asked: Arc::default(),
            connections: Arc::default(),
        };
        let (this, answer) = (server.clone(), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                this.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(socket, this.asked.clone(), answer.clone()));
            }
        });
        server
    }

    fn url(&self, host: &str) -> String {
        format!("http://{host}:{}/", self.address.port())
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn serve(
    mut socket: TcpStream,
    asked: Arc<Mutex<Vec<String>>>,
    answer: Arc<impl Fn(&str) -> Vec<u8>>,
) {
    let mut head = Vec::new();
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        let mut some = [0; 4_096];
        match socket.read(&mut some).await {
            Ok(read) if read > 0 => head.extend_from_slice(&some[..read]),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let said = answer(&head);
    asked.lock().unwrap().push(head);
    let _ = socket.write_all(&said).await;
    // A body that says no length and goes on for ever, if the answer begins one.
    if said.ends_with(b"endless") {
        while socket.write_all(&[b'x'; 8_192]).await.is_ok() {}
    } else if said.ends_with(b"slow") {
        std::future::pending::<()>().await;
    }
}

fn ok(body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
        .into_bytes()
}

fn to(status: u16, location: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} Go\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        .into_bytes()
}

fn rules() -> Rules {
    Rules {
        hosts: vec![HostRule::parse("*.example.org").unwrap()],
        http: true,
        inside: vec![Inside::Host(HostRule::parse("in.example.org").unwrap())],
        limits: Limits::default(),
    }
}

const NAMES: &[(&str, &[&str])] = &[
    ("in.example.org", &["127.0.0.1"]),
    ("evil.example.org", &["127.0.0.1"]),
    ("evil6.example.org", &["::ffff:127.0.0.1"]),
    ("metadata.example.org", &["169.254.169.254"]),
    ("private.example.org", &["10.0.0.1"]),
    ("rebinding.example.org", &["127.0.0.1"]),
];

fn egress(rules: Rules) -> Egress {
    Egress::with_lookup(rules, Names::of(NAMES))
}

async fn fails(egress: &Egress, url: &str) -> EgressError {
    egress
        .call(Request::get(url))
        .await
        .map(|answer| answer.status)
        .unwrap_err()
}

#[tokio::test]
async fn an_allowed_host_is_called_and_its_answer_given_whole() {
    let server = Server::start(|_| ok("words")).await;
    let egress = egress(rules());
    let mut request = Request::get(server.url("in.example.org"));
    request.method = Method::POST;
    request.body = "question".into();
    request
        .headers
        .insert("x-own", HeaderValue::from_static("1"));
    let answer = egress.call(request).await.unwrap();
    assert_eq!((answer.status, &answer.body[..]), (200, &b"words"[..]));
    assert_eq!(answer.headers["content-length"], "5");
    let asked = server.asked().concat().to_lowercase();
    assert!(asked.starts_with("post / http/1.1"), "{asked}");
    assert!(
        asked.contains("x-own: 1") && asked.contains("host: in.example.org"),
        "{asked}"
    );
}

#[tokio::test]
async fn what_leads_inside_is_never_connected_to() {
    let server = Server::start(|_| ok("secret")).await;
    let egress = egress(rules());
    for (host, expected) in [
        ("evil.example.org", EgressError::Address),
        ("evil6.example.org", EgressError::Address),
        ("metadata.example.org", EgressError::Address),
        ("private.example.org", EgressError::Address),
        ("unknown.example.org", EgressError::Name),
        ("localhost", EgressError::Host),
        ("127.0.0.1", EgressError::Host),
    ] {
        assert_eq!(fails(&egress, &server.url(host)).await, expected, "{host}");
    }
    assert_eq!(server.connections(), 0);
    // The network named, the same host is reached.
    let mut open = rules();
    open.inside = vec![Inside::Network(Network::parse("127.0.0.0/8").unwrap())];
    let open = Egress::with_lookup(open, Names::of(NAMES));
    let answer = open
        .call(Request::get(server.url("evil.example.org")))
        .await;
    assert_eq!(answer.unwrap().status, 200);
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_checked_each_time_it_is_looked_up() {
    let server = Server::start(|_| ok("secret")).await;
    // First an address outside that takes no connection (kept for documentation, allowed here), then the loopback.
    let names = Names::of(&[("rebinding.example.org", &["192.0.2.1", "127.0.0.1"])]);
    let mut changed = rules();
    changed.inside = vec![Inside::Network(Network::parse("192.0.2.0/24").unwrap())];
    changed.limits.deadline = Duration::from_millis(300);
    let egress = Egress::with_lookup(changed, names.clone());
    let url = server.url("rebinding.example.org");
    // Checked as 192.0.2.1 and connected to there: nothing is asked again behind the check.
    let first = fails(&egress, &url).await;
    assert!(
        [EgressError::Timeout, EgressError::Unreachable].contains(&first),
        "{first}"
    );
    assert_eq!(
        names.0.lock().unwrap()["rebinding.example.org"].len(),
        1,
        "one question"
    );
    assert_eq!(fails(&egress, &url).await, EgressError::Address);
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn each_redirect_is_checked_like_the_first_address() {
    let inner = Server::start(|_| ok("secret")).await;
    let port = inner.address.port();
    let server = Server::start(move |head| {
        let path = head.split(' ').nth(1).unwrap_or_default();
        match path {
            "/inside" => to(302, &format!("http://evil.example.org:{port}/")),
            "/literal" => to(307, &format!("http://127.0.0.1:{port}/")),
            "/elsewhere" => to(301, "https://other.example.com/"),
            "/file" => to(302, "file:///etc/passwd"),
            "/loop" => to(302, "/loop"),
            "/once" => to(303, "/end"),
            _ => ok("end"),
        }
    })
    .await;
    let egress = egress(rules());
    let url = |path: &str| format!("{}{path}", server.url("in.example.org"));
    for (path, expected) in [
        ("inside", EgressError::Address),
        ("literal", EgressError::Host),
        ("elsewhere", EgressError::Host),
        ("file", EgressError::Scheme),
        ("loop", EgressError::Redirects),
    ] {
        assert_eq!(fails(&egress, &url(path)).await, expected, "{path}");
    }
    assert_eq!(inner.connections(), 0);
    assert_eq!(
        server.asked().len(),
        4 + 1 + 3,
        "a redirect is followed three times"
    );
    let mut request = Request::get(url("once"));
    request.method = Method::POST;
    request.body = "question".into();
    let answer = egress.call(request).await.unwrap();
    assert_eq!((&answer.body[..], answer.url), (&b"end"[..], url("end")));
    assert!(server.asked().last().unwrap().starts_with("GET /end"));
}

#[tokio::test]
async fn another_host_does_not_learn_the_first_ones_key() {
    let other = Server::start(|_| ok("other")).await;
    let port = other.address.port();
    let server = Server::start(move |_| to(307, &format!("http://in.example.org:{port}/"))).await;
    let mut request = Request::get(server.url("in.example.org"));
    request
        .headers
        .insert(AUTHORIZATION, HeaderValue::from_static("Bearer secret"));
    request
        .headers
        .insert("x-api-key", HeaderValue::from_static("secret"));
    egress(rules()).call(request).await.unwrap();
    assert!(server.asked().concat().contains("Bearer secret"));
    assert!(!other.asked().concat().contains("secret"));
}

#[tokio::test]
async fn everything_has_a_limit() {
    let server = Server::start(|head| {
        let path = head.split(' ').nth(1).unwrap_or_default();
        let begin = |body: &str| format!("HTTP/1.1 200 OK\r\n\r\n{body}").into_bytes();
        let header = |bytes: usize| {
            format!(
                "HTTP/1.1 200 OK\r\nX: {}\r\nContent-Length: 0\r\n\r\n",
                "x".repeat(bytes)
            )
        };
        match path {
            "/endless" => begin("endless"),
            "/slow" => begin("slow"),
            "/liar" => b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nx".to_vec(),
            "/headers" => header(20_000).into_bytes(),
            "/huge" => header(2_000_000).into_bytes(),
            "/short" => b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nx".to_vec(),
            _ => b"not http at all\r\n\r\n".to_vec(),
        }
    })
    .await;
    let mut small = rules();
    small.limits.deadline = Duration::from_secs(2);
    let egress = egress(small);
    for (path, expected) in [
        ("endless", EgressError::ResponseTooLarge),
        ("slow", EgressError::Timeout),
        ("liar", EgressError::ResponseTooLarge),
        ("headers", EgressError::HeadersTooLarge),
        ("huge", EgressError::HeadersTooLarge),
        ("short", EgressError::Broken),
        ("nonsense", EgressError::Broken),
    ] {
        let url = format!("{}{path}", server.url("in.example.org"));
        assert_eq!(fails(&egress, &url).await, expected, "{path}");
    }
}

#[tokio::test]
async fn what_is_refused_before_anything_is_sent() {
    let server = Server::start(|_| ok("words")).await;
    let egress = egress(rules());
    let mut large = Request::get(server.url("in.example.org"));
    large.body = vec![0; 256 * 1_024 + 1].into();
    let mut host = Request::get(server.url("in.example.org"));
    host.headers
        .insert(HOST, HeaderValue::from_static("elsewhere"));
    let mut long = Request::get(server.url("in.example.org"));
    let value = HeaderValue::from_str(&"x".repeat(17_000)).unwrap();
    long.headers.insert("x", value);
    for (request, expected) in [
        (large, EgressError::RequestTooLarge),
        (host, EgressError::RequestHeaders),
        (long, EgressError::RequestHeaders),
        (Request::get("nonsense"), EgressError::Url),
        (Request::get("ftp://in.example.org/"), EgressError::Scheme),
    ] {
        assert_eq!(egress.call(request).await.unwrap_err(), expected);
    }
    assert_eq!(server.connections(), 0);
    // Nobody listens on this port.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url = format!("http://in.example.org:{port}/");
    assert_eq!(fails(&egress, &url).await, EgressError::Unreachable);
}

#[tokio::test]
async fn only_so_many_calls_at_once() {
    let server = Server::start(|_| b"HTTP/1.1 200 OK\r\n\r\nslow".to_vec()).await;
    let mut narrow = rules();
    narrow.limits.at_once = 1;
    narrow.limits.deadline = Duration::from_mins(1);
    let egress = egress(narrow);
    let url = server.url("in.example.org");
    let first = tokio::spawn({
        let (egress, url) = (egress.clone(), url.clone());
        async move {
            egress
                .call(Request::get(url))
                .await
                .map(|answer| answer.status)
        }
    });
    while server.asked().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(fails(&egress, &url).await, EgressError::Busy);
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    let again = tokio::time::timeout(Duration::from_millis(100), egress.call(Request::get(url)));
    assert!(
        again.await.is_err(),
        "the turn is free again, and the answer as slow"
    );
}
