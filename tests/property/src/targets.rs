//! What strangers' bytes are given to: one function for each parser, which panics if a promise about it is broken.
//! The fuzz targets in `tests/fuzz` call them with whatever libFuzzer finds, the tests beside this file with random
//! and mutated samples, so that every run tries them.

use webim_accounts::import::{self, ImportError, Source};
use webim_gateway::outside;
use webim_model::Refusal;
use webim_wire::accounts::{PostApiToken, PutActive, PutPassword, PutRoles};
use webim_wire::rest::{Post, PutRead, PutStatus, SetUp, SignIn};
use webim_wire::{FrameError, parse_body, parse_client};

/// A parser under attack: its name, what tries it, and samples of what it takes.
pub struct Target {
    /// The name of its fuzz target.
    pub name: &'static str,
    /// Panics if a promise is broken.
    pub attack: fn(&[u8]),
    /// Bytes to begin with.
    pub samples: &'static [&'static [u8]],
}

/// All of them.
pub const ALL: [Target; 5] = [
    Target {
        name: "frames",
        attack: frames,
        samples: &[
            br#"{"op":"hello","device":"x","resume":{"epoch":"0190a0c0-0000-7000-8000-000000000001","positions":{"0190a0c0-0000-7000-8000-000000000002":[7,"0190a0c0-0000-7000-8000-000000000003"]}}}"#,
            br#"{"op":"send","client_id":"0190a0c0-0000-7000-8000-000000000001","to":{"person":"0190a0c0-0000-7000-8000-000000000002"},"kind":"text","body":{"text":"hi \u4f60"},"lease":3,"retry":true}"#,
            br#"{"op":"read","client_id":"0190a0c0-0000-7000-8000-000000000001","conversation":"0190a0c0-0000-7000-8000-000000000002","seq":9}"#,
            br#"{"op":"watch","client_id":"0190a0c0-0000-7000-8000-000000000001","people":["0190a0c0-0000-7000-8000-000000000002"]}"#,
            br#"{"op":"status","client_id":"0190a0c0-0000-7000-8000-000000000001","status":"busy"}"#,
            br#"{"op":"pong"}"#,
        ],
    },
    Target {
        name: "bodies",
        attack: bodies,
        samples: &[
            br#"{"login":"lina","password":"correct horse","bearer":true,"device":"phone"}"#,
            br#"{"to":{"unit":"0190a0c0-0000-7000-8000-000000000002"},"body":{"text":"hi"}}"#,
            br#"{"seq":18446744073709551615}"#,
            br#"{"status":"hide"}"#,
            br#"{"token":"eyJhbGciOiJub25lIn0.e30."}"#,
            br#"{"old":"correct horse","new":"another horse"}"#,
            br#"{"name":"payroll","scopes":["messages:push","directory:read"],"expires_at":1800000000000}"#,
            br#"{"roles":["admin","auditor"]}"#,
        ],
    },
    Target {
        name: "directory",
        attack: directory,
        samples: &[
            "code,name,parent,position\nhq,华远科技,,1\nrd,\"Web, and more\",hq,2\n".as_bytes(),
            "\u{feff}login;name;units;roles;password\r\nlina;李娜;\"rd;hq\";admin;correct horse\r\n"
                .as_bytes(),
            br#"{"units":[{"code":"hq","name":"A","position":3,"units":[{"code":"rd","name":"B"}],
              "people":[{"login":"a","name":"A","units":["rd"],"roles":["agent"]}]}],"people":[]}"#,
        ],
    },
    Target {
        name: "config",
        attack: config,
        samples: &[
            b"[server]\nlisten = \"127.0.0.1:0\"\nallowed_origins = [\"https://a.example\"]\n[limits]\npage = 7\n",
            b"[database]\nurl = \"postgres://webim@db/webim\"\nreaders = 3\n\n[log]\nlevel = \"info,webim_router=debug\"\nformat = \"json\"\n",
        ],
    },
    Target {
        name: "headers",
        attack: headers,
        samples: &[
            b"0190a0c0-0000-7000-8000-000000000001",
            b"1790000000000.0190a0c0-0000-7000-8000-000000000001",
            b"Bearer wim_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            b"a=b; webim_session=wim_x;c=d",
            b"203.0.113.9, 198.51.100.7, [::1], 10.0.0.2",
            b"zh-CN,zh;q=0.9,en;q=0.8",
            b"W/\"b\", \"a\"",
            b"https://chat.example.com:443",
            b"token=wim_x&login=boss&name=%E6%9D%8E+N&password=a%20b&repeat=a%20b",
        ],
    },
];

fn refused(error: &FrameError) {
    let codes = [Refusal::BadJson, Refusal::UnknownOp, Refusal::BadField];
    assert!(codes.contains(&error.refusal), "{error:?}");
    assert!(!error.detail.is_empty());
}

/// A frame over the socket: a code for what is none, and what is one is read again as it is written.
pub fn frames(bytes: &[u8]) {
    // The socket has refused what is not UTF-8 before.
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match parse_client(text) {
        Err(error) => refused(&error),
        Ok(frame) => {
            let written = serde_json::to_string(&frame).expect("frames are JSON");
            assert_eq!(parse_client(&written), Ok(frame));
        }
    }
}

/// A REST body, as each of those that there are.
pub fn bodies(bytes: &[u8]) {
    let outcomes = [
        parse_body::<SignIn>(bytes).map(drop),
        parse_body::<Post>(bytes).map(drop),
        parse_body::<PutRead>(bytes).map(drop),
        parse_body::<PutStatus>(bytes).map(drop),
        parse_body::<SetUp>(bytes).map(drop),
        parse_body::<PutPassword>(bytes).map(drop),
        parse_body::<PostApiToken>(bytes).map(drop),
        parse_body::<PutActive>(bytes).map(drop),
        parse_body::<PutRoles>(bytes).map(drop),
    ];
    let errors = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    errors.for_each(refused);
}

/// A file of the directory, CSV or JSON: each problem stands on a line that exists, and what is taken is in order.
pub fn directory(bytes: &[u8]) {
    let source = Source {
        name: "file",
        bytes,
    };
    let lines = bytes.split(|byte| *byte == b'\n').count() as u64;
    match import::read(&[source]) {
        Ok(file) => assert!(import::check(&file).is_ok(), "{file:?}"),
        Err(ImportError::NoAdmin) => panic!("nothing is stored that could be taken away"),
        Err(ImportError::Bad(problems)) => {
            assert!(!problems.is_empty());
            for problem in problems {
                assert!(
                    (1..=lines).contains(&problem.place.line),
                    "{problem} of {lines}"
                );
                assert!(!problem.message.is_empty());
            }
        }
    }
}

/// `webim.toml`: what is wrong is said in words, and what is right is read again as it is written.
pub fn config(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match webim::config::read(text) {
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(config) => {
            let written = toml::to_string(&config).expect("settings are TOML");
            let again = webim::config::read(&written);
            assert_eq!(again.ok(), Some(config));
        }
    }
}

/// What stands in a request's head: keys, tokens, cursors, addresses, languages, and forms, which are written alike.
pub fn headers(bytes: &[u8]) {
    if let Ok(key) = outside::idempotency_key(bytes) {
        assert_eq!(
            outside::idempotency_key(key.0.to_string().as_bytes()),
            Ok(key)
        );
    }
    if let Ok(Some(token)) = outside::authorization(bytes) {
        assert_eq!(token.trim(), token);
    }
    if let Some(cookie) = outside::session_cookie(bytes) {
        assert!(!cookie.is_empty());
    }
    outside::forwarded_for(bytes);
    outside::preferences(bytes);
    let (origin, host) = bytes.split_at(bytes.len() / 2);
    outside::origin_allowed(origin, host);
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match webim_router::conversations_cursor(text) {
        Err(nay) => assert_eq!(nay.refusal, Refusal::BadField),
        Ok((time, id)) => {
            let again = webim_router::conversations_cursor(&format!("{}.{id}", time.0));
            assert_eq!(again, Ok((time, id)));
        }
    }
    if let Err(refusal) = outside::form(text) {
        assert_eq!(refusal, Refusal::BadField);
    }
}
