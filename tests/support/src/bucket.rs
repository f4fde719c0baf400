//! A store that speaks S3, for one test: an emulator in a process of its own, behind a real socket.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use webim_model::Sources;

use crate::database::{is_ci, left_out};
use crate::{Settings, built, soon};

/// A bucket of one test.
pub struct TestBucket {
    /// Where the store listens.
    pub endpoint: String,
    /// What it is called.
    pub name: String,
    client: reqwest::Client,
    _child: Child,
}

/// The emulator: `WEBIM_TEST_S3`, or where `tests/run` puts it.
fn program() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("WEBIM_TEST_S3") {
        return Ok(path.into());
    }
    let target = built()?;
    let target = target.parent().context("a build lies in a folder")?;
    Ok(target.join("tools/moto/bin/moto_server"))
}

impl TestBucket {
    /// An empty one. `None` if there is no emulator, which is said aloud; with `CI=true` that is an error.
    pub async fn new() -> Result<Option<Self>> {
        let program = program()?;
        if !program.exists() {
            let sentence = "no S3 to test against: tests/run installs moto, WEBIM_TEST_S3 names another moto_server";
            if is_ci() {
                bail!(sentence);
            }
            left_out(sentence);
            return Ok(None);
        }
        let mut child = Command::new(program)
            .args(["-H", "127.0.0.1", "-p", "0"])
            .env("PYTHONUNBUFFERED", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut said = BufReader::new(child.stderr.take().context("its words")?).lines();
        let endpoint = soon("the emulator's address", async {
            while let Some(line) = said.next_line().await? {
                if let Some((_, address)) = line.split_once("Running on ") {
                    return anyhow::Ok(address.trim().to_owned());
                }
            }
            bail!("it ended")
        });
        let endpoint = endpoint.await??;
        // Whoever speaks must be heard, or it stops in the middle of a word.
        tokio::spawn(async move { while let Ok(Some(_)) = said.next_line().await {} });
        crate::cryptography();
        let bucket = Self {
            endpoint,
            name: format!("webim-{}", Sources::system().uuid().simple()),
            client: reqwest::Client::new(),
            _child: child,
        };
        let url = format!("{}/{}", bucket.endpoint, bucket.name);
        let made = soon("a bucket", bucket.client.put(url).send()).await??;
        made.error_for_status()?;
        Ok(Some(bucket))
    }

    /// The same as `webim.toml` has it, below a prefix.
    pub fn settings(&self, settings: &mut Settings) {
        settings.set("files.store", format!("s3://{}/some/where", self.name));
        settings.set("files.endpoint", self.endpoint.clone());
        settings.set("files.region", "us-east-1");
        settings.set("files.access_key", "key");
        settings.set("files.secret_key", "secret");
    }

    /// Keys that lie in it.
    pub async fn keys(&self) -> Result<Vec<String>> {
        self.listed("list-type=2").await
    }

    /// Keys of the uploads that are begun and not ended.
    pub async fn halves(&self) -> Result<Vec<String>> {
        self.listed("uploads").await
    }

    async fn listed(&self, query: &str) -> Result<Vec<String>> {
        let url = format!("{}/{}?{query}", self.endpoint, self.name);
        let answer = soon("a list of the bucket", self.client.get(url).send()).await??;
        let text = soon("all of it", answer.error_for_status()?.text()).await??;
        let keys = text.split("<Key>").skip(1);
        let keys = keys.filter_map(|part| part.split_once("</Key>"));
        Ok(keys.map(|(key, _)| key.to_owned()).collect())
    }
}
