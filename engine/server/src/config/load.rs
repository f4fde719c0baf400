//! Reading `webim.toml` and the environment over it, and saying by dotted path what is wrong.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use config::{Environment, File, FileFormat};
use serde_json::Value;

use super::{Config, Finding, schema};

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is not there or cannot be read.
    #[error("the settings in {} cannot be read: {source}", file.display())]
    Read {
        /// Which.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is not TOML.
    #[error("the settings are not valid TOML: {0}")]
    Syntax(String),
    /// These keys are wrong.
    #[error("the settings are wrong:{}", list(.0))]
    Wrong(Vec<Finding>),
}

fn list(findings: &[Finding]) -> String {
    findings.iter().fold(String::new(), |mut text, finding| {
        let Finding { path, message } = finding;
        write!(text, "\n  {path}: {message}").expect("writing to a string cannot fail");
        text
    })
}

/// The settings of `file` (none: the defaults) with the environment variables of this process over them.
/// A relative path in them is made relative to the file's folder.
pub fn load(file: Option<&Path>) -> Result<Config, ConfigError> {
    let environment = std::env::vars().collect();
    let text = match file {
        None => String::new(),
        Some(file) => std::fs::read_to_string(file).map_err(|source| ConfigError::Read {
            file: file.to_owned(),
            source,
        })?,
    };
    let mut config = parse(&text, environment)?;
    let folder = file.and_then(Path::parent).unwrap_or(Path::new(""));
    config.database.url = absolute(&config.database.url, folder);
    config.files.folder = folder.join(&config.files.folder).display().to_string();
    let keys = &mut config.security.master_key_file;
    *keys = folder.join(&*keys).display().to_string();
    if !config.layim.dir.is_empty() {
        config.layim.dir = folder.join(&config.layim.dir).display().to_string();
    }
    for host in &mut config.sign_in.hosts {
        host.absolute(folder);
    }
    Ok(config)
}

/// The settings in `text` alone; paths stay as they are.
pub fn read(text: &str) -> Result<Config, ConfigError> {
    parse(text, HashMap::new())
}

/// The settings in `text` with those of `environment` over them.
fn parse(text: &str, environment: HashMap<String, String>) -> Result<Config, ConfigError> {
    let schema = schema();
    let environment = lists(&schema).into_iter().fold(
        Environment::with_prefix("WEBIM")
            .prefix_separator("__")
            .separator("__")
            .try_parsing(true)
            .list_separator(",")
            .source(Some(environment)),
        |environment, key| environment.with_list_parse_key(&key),
    );
    let merged = config::Config::builder()
        .add_source(File::from_str(text, FileFormat::Toml))
        .add_source(environment)
        .build()
        .and_then(config::Config::try_deserialize::<Value>)
        .map_err(|error| ConfigError::Syntax(error.to_string().trim_end().to_owned()))?;
    let mut findings = schema::findings(&schema, &merged, "");
    match serde_path_to_error::deserialize::<_, Config>(merged) {
        Ok(config) => {
            findings.extend(config.validate());
            if findings.is_empty() {
                Ok(config)
            } else {
                Err(ConfigError::Wrong(findings))
            }
        }
        Err(error) => {
            let path = error.path().to_string();
            // An unknown key is among the findings already, with a suggestion.
            if !findings.iter().any(|finding| finding.path == path) {
                findings.push(Finding::new(path, error.inner().to_string()));
            }
            Err(ConfigError::Wrong(findings))
        }
    }
}

/// The dotted paths of all keys that are lists.
fn lists(schema: &Value) -> Vec<String> {
    let mut paths = Vec::new();
    for (section, schema) in schema::properties(schema).into_iter().flatten() {
        for (key, schema) in schema::properties(schema).into_iter().flatten() {
            if schema.get("type").is_some_and(|kind| kind == "array") {
                paths.push(format!("{section}.{key}"));
            }
        }
    }
    paths
}

/// An SQLite address whose file stands relative to `folder`; other addresses stay as they are. The file is made if it
/// is not there, unless the address says otherwise.
fn absolute(url: &str, folder: &Path) -> String {
    let Some(rest) = url.strip_prefix("sqlite:") else {
        return url.to_owned();
    };
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, "mode=rwc"));
    format!("sqlite://{}?{query}", folder.join(path).display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str, environment: &[(&str, &str)]) -> Result<Config, String> {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let environment = environment.iter().map(owned).collect();
        parse(text, environment).map_err(|error| error.to_string())
    }

    fn wrong(text: &str) -> String {
        with(text, &[]).unwrap_err()
    }

    #[test]
    fn nothing_said_means_the_defaults() {
        assert_eq!(with("", &[]), Ok(Config::default()));
    }

    #[test]
    fn every_wrong_key_is_named_with_a_suggestion() {
        insta::assert_snapshot!(
            wrong("[server]\nlisen = \"x\"\n[databse]\nurl = \"x\"\n[limits]\nfrobnicate = 1"),
            @r#"
        the settings are wrong:
          databse: there is no such key; did you mean "database"?
          limits.frobnicate: there is no such key; there are command_burst, commands_per_second, connections, connections_per_person, frame_bytes, missed_in_all, missed_per_conversation, page, request_burst, requests_per_second, text_chars, watched
          server.lisen: there is no such key; did you mean "listen"?
        "#
        );
    }

    #[test]
    fn wrong_types_and_ranges_are_named_by_path() {
        insta::assert_snapshot!(wrong("[database]\nreaders = \"four\""), @r#"
        the settings are wrong:
          database.readers: invalid type: string "four", expected u32
        "#);
        insta::assert_snapshot!(wrong("[database]\nreaders = 0\nbatch = 99999"), @r"
        the settings are wrong:
          database.batch: is 99999; it must be between 1 and 5000
          database.readers: is 0; it must be between 1 and 256
        ");
        insta::assert_snapshot!(wrong("[server]\nlisten = \"localhost\""), @r"
        the settings are wrong:
          server.listen: invalid socket address syntax
        ");
        insta::assert_snapshot!(wrong("[log]\nformat = \"xml\""), @r"
        the settings are wrong:
          log.format: unknown variant `xml`, expected `text` or `json`
        ");
        insta::assert_snapshot!(wrong("server = 3"), @r"
        the settings are wrong:
          server: invalid type: integer `3`, expected struct Server
        ");
    }

    #[test]
    fn rules_between_keys() {
        insta::assert_snapshot!(
            wrong("[limits]\ntext_chars = 90000\n[metrics]\nlisten = \"127.0.0.1:8080\"\n[database]\nurl = \"oracle://x\"\n[server]\npublic_url = \"chat\"\ntrusted_proxies = [\"10.0.0.0/8\", \"proxy\"]"),
            @r#"
        the settings are wrong:
          server.public_url: must be empty or like "https://chat.example.com", without a path
          server.trusted_proxies[1]: "proxy" is neither an IP address nor a network
          database.url: must begin with sqlite://, postgres:// or mysql://
          limits.frame_bytes: must be at least 360512, so that a text of limits.text_chars fits
          metrics.listen: is the same address as server.listen; metrics need their own
        "#
        );
    }

    #[test]
    fn what_is_wrong_with_a_host() {
        let host = |rest: &str| {
            format!("[[sign_in.hosts]]\nname = \"a\"\nissuer = \"i\"\naudience = \"w\"\n{rest}\n")
        };
        let (short, long) = (
            "secret = \"short\"",
            format!("secret = \"{}\"", "x".repeat(32)),
        );
        assert!(with(&host(&long), &[]).is_ok());
        let text = [
            host(short),
            host(&format!("{long}\njwks_file = \"keys\"\nskew_seconds = 601")),
            host("jwks_url = \"http://idp.example/keys\""),
            host("claim = \"\"\nmax_age_seconds = 0"),
        ];
        insta::assert_snapshot!(wrong(&text.concat()), @r#"
        the settings are wrong:
          sign_in.hosts[0].secret: must have at least 32 bytes
          sign_in.hosts[1].secret: choose one of secret, jwks_file and jwks_url
          sign_in.hosts[1].skew_seconds: must be at most 600
          sign_in.hosts[1].issuer: is another host's already
          sign_in.hosts[2].jwks_url: must be like "https://idp.example.com/keys"; http only on this machine itself
          sign_in.hosts[2].issuer: is another host's already
          sign_in.hosts[3].claim: must not be empty
          sign_in.hosts[3].secret: is missing, and jwks_file and jwks_url too
          sign_in.hosts[3].max_age_seconds: must be between 1 and 86400
          sign_in.hosts[3].issuer: is another host's already
        "#);
        for url in [
            "https://x/keys",
            "http://127.0.0.1:8000/",
            "http://[::1]:80/k",
        ] {
            let text = host(&format!("jwks_url = \"{url}\""));
            assert!(with(&text, &[]).is_ok(), "{url}");
        }
        let unknown = wrong(&host("jwks = \"https://x\""));
        assert!(
            unknown.contains("sign_in.hosts[0].jwks: unknown field"),
            "{unknown}"
        );
        let shown = format!("{:?}", with(&host(&long), &[]).unwrap());
        assert!(!shown.contains("xxxx"), "{shown}");
    }

    #[test]
    fn what_is_wrong_with_a_store() {
        insta::assert_snapshot!(
            wrong("[files]\nstore = \"ftp://x\"\nendpoint = \"s3.example.com\"\nsecret_key = \"x\"\n[egress]\ninside = [\"10.0.0.0/8\", \"a b\"]"),
            @r#"
        the settings are wrong:
          egress.inside[1]: "a b" is neither a host nor like "*.example.org", nor an IP address or network
          files.store: must be empty or like "s3://bucket/prefix"
          files.endpoint: must be empty or like "https://s3.example.com"
          files.access_key: access_key and secret_key come together
        "#
        );
        let good = with("[files]\nstore = \"s3://bucket/a/b/\"", &[]).unwrap();
        assert_eq!(good.files.bucket(), Some(("bucket", "a/b")));
        assert_eq!(with("", &[]).unwrap().files.bucket(), None);
    }

    #[test]
    fn not_toml_at_all() {
        let error = wrong("[server\nlisten");
        assert!(
            error.starts_with("the settings are not valid TOML: "),
            "{error}"
        );
        assert!(error.contains("line 1"), "{error}");
    }

    #[test]
    fn the_environment_is_over_the_file() {
        let environment = [
            ("WEBIM__SERVER__LISTEN", "0.0.0.0:80"),
            (
                "WEBIM__SERVER__ALLOWED_ORIGINS",
                "https://a.example,https://b.example",
            ),
            ("WEBIM__DATABASE__READERS", "8"),
            ("WEBIM__CHAT__ENABLED", "false"),
            ("WEBIM_WEB_DIST", "/elsewhere"),
        ];
        let config = with("[database]\nreaders = 2\nbatch = 3", &environment).unwrap();
        assert_eq!(config.server.listen.port(), 80);
        assert_eq!(config.server.allowed_origins.len(), 2);
        assert_eq!((config.database.readers, config.database.batch), (8, 3));
        assert!(!config.chat.enabled);
        let error = with("", &[("WEBIM__DATABASE__ULR", "x")]).unwrap_err();
        assert!(
            error.contains("database.ulr: there is no such key; did you mean \"url\"?"),
            "{error}"
        );
    }

    #[test]
    fn a_database_file_stands_beside_the_settings() {
        let folder = Path::new("/etc/webim");
        for (url, expected) in [
            ("sqlite://webim.db", "sqlite:///etc/webim/webim.db?mode=rwc"),
            (
                "sqlite:data/webim.db",
                "sqlite:///etc/webim/data/webim.db?mode=rwc",
            ),
            (
                "sqlite:///var/webim.db?mode=rw",
                "sqlite:///var/webim.db?mode=rw",
            ),
            ("postgres://a@b/c", "postgres://a@b/c"),
        ] {
            assert_eq!(absolute(url, folder), expected);
        }
    }
}
