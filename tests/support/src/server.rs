//! The real server, on a database and ports of its own.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::program::{binary, log_file};
use crate::rest::Site;
use crate::{Door, Ended, Office, Rest, Settings, TestDatabase, TestPerson, soon, until, webim};

/// What a server is started with.
pub struct Setup {
    /// Where it keeps everything.
    pub database: TestDatabase,
    /// Who is there.
    pub office: Office,
    /// Its `webim.toml`.
    pub settings: Settings,
}

impl Setup {
    /// On this database, with the small office.
    pub fn on(database: TestDatabase) -> Self {
        Self {
            settings: Settings::for_tests(&database.url),
            office: Office::default(),
            database,
        }
    }

    /// On SQLite, with the small office.
    pub fn sqlite() -> Result<Self> {
        Ok(Self::on(TestDatabase::file()?))
    }

    /// The same with a key of `webim.toml` set.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<toml::Value>) -> Self {
        self.settings.set(key, value);
        self
    }

    /// Starts it.
    pub async fn start(self) -> Result<TestServer> {
        let mut server = self.prepare().await?;
        server.run().await?;
        Ok(server)
    }

    /// Makes the database and imports the office, and does not start the server.
    pub async fn prepare(self) -> Result<TestServer> {
        let folder = tempfile::Builder::new().prefix("webim-test-").tempdir()?;
        let server = TestServer {
            folder,
            database: self.database,
            settings: self.settings,
            site: Site::new(SocketAddr::from(([127, 0, 0, 1], 0))),
            file_limit: None,
            child: None,
            log: log_file(true)?,
        };
        server.write_settings()?;
        server.webim(&["migrate"]).await?.ok()?;
        if !self.office.people.is_empty() {
            server.import(&self.office, &[]).await?.ok()?;
        }
        Ok(server)
    }
}

/// A server of one test.
pub struct TestServer {
    folder: TempDir,
    /// Where it keeps everything.
    pub database: TestDatabase,
    /// Its `webim.toml` as the next start will read it.
    pub settings: Settings,
    /// The largest file it may write from its next start on, in blocks of 512 bytes.
    pub file_limit: Option<u64>,
    site: Site,
    child: Option<Child>,
    log: PathBuf,
}

impl TestServer {
    /// A server on SQLite with the small office.
    pub async fn start() -> Result<Self> {
        Setup::sqlite()?.start().await
    }

    /// Its folder: settings and imported files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn site(&self) -> &Site {
        &self.site
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.site.address()
    }

    /// Somebody who has not signed in.
    pub fn stranger(&self) -> Result<Rest> {
        Rest::new(self.site.clone(), None)
    }

    /// Somebody with a token that may be anything.
    pub fn holder_of(&self, token: &str) -> Result<Rest> {
        Rest::new(self.site.clone(), Some(token.to_owned()))
    }

    /// A way in for somebody who has shown nothing yet.
    pub fn door(&self) -> Door {
        Door {
            site: self.site.clone(),
            query: String::new(),
            headers: Vec::new(),
            room: None,
        }
    }

    /// Signs somebody of the office in.
    pub async fn sign_in(&self, login: &str) -> Result<TestPerson> {
        TestPerson::sign_in(self.site.clone(), login)
            .await
            .with_context(|| format!("signing {login} in"))
    }

    /// Runs the command line in the server's folder, with its settings unless `arguments` name others.
    pub async fn webim(&self, arguments: &[&str]) -> Result<Ended> {
        webim(self.folder(), arguments).await
    }

    /// Imports an office, while the server runs or not.
    pub async fn import(&self, office: &Office, flags: &[&str]) -> Result<Ended> {
        fs::write(self.folder().join("units.csv"), office.units_csv())?;
        fs::write(self.folder().join("people.csv"), office.people_csv())?;
        let mut arguments = vec!["directory", "import"];
        arguments.extend(flags);
        arguments.extend(["units.csv", "people.csv"]);
        self.webim(&arguments).await
    }

    fn write_settings(&self) -> Result<()> {
        Ok(fs::write(
            self.folder().join("webim.toml"),
            self.settings.text(),
        )?)
    }

    fn command(&self) -> Result<Command> {
        let binary = binary()?;
        Ok(match self.file_limit {
            None => Command::new(binary),
            Some(blocks) => {
                // Without the trap the first write beyond the limit would end the process; with it, the write fails.
                let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
                let mut shell = Command::new("sh");
                shell.args(["-c", &script]).arg(binary);
                shell
            }
        })
    }

    /// Starts it and returns once it is ready, or with what it said when it ended instead.
    pub async fn run(&mut self) -> Result<()> {
        ensure!(self.child.is_none(), "it runs already");
        self.write_settings()?;
        let log = File::options().create(true).append(true).open(&self.log)?;
        let begins = log.metadata()?.len();
        let child = self
            .command()?
            .args(["serve", "--config", "webim.toml"])
            .current_dir(self.folder())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        self.child = Some(child);
        let rest = Rest::new(self.site.clone(), None)?;
        until("the server to be ready", async || {
            let child = self.child.as_mut().context("it was started")?;
            if let Some(status) = child.try_wait()? {
                self.child = None;
                bail!("the server ended with {status}:\n{}", self.said(begins)?);
            }
            let Some(address) = listening(&self.said(begins)?) else {
                return Ok(None);
            };
            self.site.moved(address);
            let ready = rest.get("/readyz").await;
            Ok(ready.is_ok_and(|answer| answer.status == 200).then_some(()))
        })
        .await
    }

    /// Its log from this byte on.
    fn said(&self, from: u64) -> Result<String> {
        let mut file = File::open(&self.log)?;
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// All that it has logged in this test.
    pub fn log(&self) -> Result<String> {
        self.said(0)
    }

    /// Where the running server tells its figures, with `metrics.enabled`.
    pub fn figures(&self) -> Result<SocketAddr> {
        said_address(&self.log()?, "figures are served").context("it serves no figures")
    }

    /// kill -9: it gets no chance to put anything in order.
    pub async fn kill9(&mut self) -> Result<()> {
        let mut child = self.child.take().context("it runs")?;
        Ok(child.kill().await?)
    }

    /// kill -9 and a new start.
    pub async fn restart(&mut self) -> Result<()> {
        self.kill9().await?;
        self.run().await
    }

    /// SIGTERM, without waiting.
    pub fn ask_to_stop(&self) -> Result<()> {
        let id = self.child.as_ref().and_then(Child::id).context("it runs")?;
        let status = std::process::Command::new("kill")
            .args(["-TERM", &id.to_string()])
            .status()?;
        ensure!(status.success(), "kill -TERM {id}");
        Ok(())
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> Result<ExitStatus> {
        let mut child = self.child.take().context("it runs")?;
        Ok(soon("the server's end", child.wait()).await??)
    }

    /// Stops it in good order.
    pub async fn stop(&mut self) -> Result<()> {
        self.ask_to_stop()?;
        let status = self.ended().await?;
        ensure!(
            status.success(),
            "it stopped with {status}:\n{}",
            self.log()?
        );
        Ok(())
    }
}

/// The address that a log says is served.
fn listening(log: &str) -> Option<SocketAddr> {
    said_address(log, "serving")
}

/// The address in the last line of a log with this message.
fn said_address(log: &str, message: &str) -> Option<SocketAddr> {
    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut said = lines.filter(|line| line["message"] == message);
    said.next_back()?["address"].as_str()?.parse().ok()
}
