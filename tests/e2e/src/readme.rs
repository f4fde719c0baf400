//! What README.md tells people to type works: every fenced command is run, in the order in which it stands, each block
//! in a fresh folder. A command that no rule knows fails the test.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use webim_support::{TestServer, binary, soon, webim};
use webim_wire::accounts::MadeApiToken;

/// The top of the repository.
fn top() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors()
        .nth(2)
        .map_or_else(PathBuf::new, Path::to_owned)
}

fn readme() -> Result<String> {
    fs::read_to_string(top().join("README.md")).context("README.md")
}

/// A fenced block: what stands behind the fence, and its lines.
struct Block {
    info: String,
    lines: Vec<String>,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut all = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let inside = lines.by_ref().take_while(|line| *line != "```");
            all.push(Block {
                info: info.to_owned(),
                lines: inside.map(str::to_owned).collect(),
            });
        }
    }
    all
}

/// What is done with a command.
#[derive(Debug, PartialEq, Eq)]
enum Rule {
    /// Builds what the test runs.
    Builds,
    /// A script of the repository, which runs this test among others: looked at and not run.
    Script(String),
    /// Ends by itself, and well.
    Ends(String),
    /// Runs until it is stopped.
    Serves(String),
    /// Tells people something, through a server that is there.
    Pushes(String),
}

/// The rule for a command, with the binary under test in the place of the one that people build.
fn rule(line: &str, binary: &str) -> Option<Rule> {
    if line == "cargo build --release" {
        return Some(Rule::Builds);
    }
    if line == "tests/run" || line.starts_with("tests/run ") {
        return Some(Rule::Script(line.to_owned()));
    }
    let curl = line.starts_with("curl ") && line.contains("\"$WEBIM_URL/api/v1/messages\"");
    if curl || line == "python3 push.py" || line == "java Push.java" {
        return Some(Rule::Pushes(line.to_owned()));
    }
    let ours = ["cargo run --release -- ", "target/release/webim "];
    let arguments = ours.iter().find_map(|start| line.strip_prefix(start))?;
    let command = format!("{binary} {arguments}");
    match arguments.split(' ').next()? {
        // Beside whatever else listens on this machine.
        "demo" => Some(Rule::Serves(format!("{command} --port 0"))),
        "serve" => Some(Rule::Serves(command)),
        "config" | "check" | "migrate" | "directory" | "seed" | "verify" | "setup-link"
        | "admin" => Some(Rule::Ends(command)),
        _ => None,
    }
}

/// A shell in `folder`, with ports and folders for temporary files of its own.
fn shell(command: &str, folder: &Path) -> Command {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", command])
        .current_dir(folder)
        .env("TMPDIR", folder)
        .env("WEBIM__SERVER__LISTEN", "127.0.0.1:0")
        .env("WEBIM__METRICS__LISTEN", "127.0.0.1:0")
        .env("WEBIM__SERVER__STOP_SECONDS", "200")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    shell
}

async fn ends(command: &str, folder: &Path) -> Result<()> {
    let output = soon(command, shell(command, folder).output()).await??;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{command}: {}\n{said}",
        output.status
    );
    Ok(())
}

/// What a block's lines are written into, for the commands beside it.
fn file_name(info: &str) -> Option<&str> {
    let kinds = ["csv ", "python ", "java "];
    kinds.iter().find_map(|kind| info.strip_prefix(kind))
}

/// Runs it against a server of its own and sees that somebody was told something; 0 if what it is run with is not here.
#[expect(clippy::print_stderr, reason = "what is left out must be seen")]
async fn pushes(command: &str, folder: &Path) -> Result<usize> {
    let program = command.split(' ').next().unwrap_or_default();
    let there = Command::new(program).arg("--version").output().await;
    if there.is_err() {
        ensure!(
            std::env::var_os("CI").is_none(),
            "{program} is not here, and CI leaves nothing out"
        );
        eprintln!("LEFT OUT: {command}: {program} is not here");
        return Ok(0);
    }
    let server = TestServer::start().await?;
    let (admin, lina) = (
        server.sign_in("zhaomin").await?,
        server.sign_in("lina").await?,
    );
    let body = json!({"name": "readme", "scopes": ["messages:push"]});
    let made: MadeApiToken = admin.post("/api/v1/tokens", &body).await?.ok()?;
    let mut at_lina = lina.connect().await?;
    let mut shell = shell(command, folder);
    shell
        .env("WEBIM_URL", format!("http://{}", server.address()))
        .env("WEBIM_TOKEN", &made.token);
    let output = soon(command, shell.output()).await??;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command}: {said}");
    let told = at_lina.message().await?;
    ensure!(told.sender == Some(made.made.id), "{command}: {told:?}");
    Ok(1)
}

/// Starts it, opens the page that it says it serves, and stops it in good order.
async fn serves(command: &str, folder: &Path) -> Result<String> {
    let mut child = shell(&format!("exec {command}"), folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let out = child.stdout.take().context("its output")?;
    let err = child.stderr.take().context("its log")?;
    let (mut out, mut err) = (Said::new(out), Said::new(err));
    let address = soon(&format!("{command} to say where it serves"), async {
        loop {
            let said = tokio::select! {
                line = out.line() => line?,
                line = err.line() => line?,
            };
            if let Some(address) = address(&said) {
                return Ok::<String, anyhow::Error>(address.to_owned());
            }
        }
    })
    .await??;
    webim_support::cryptography();
    let page = soon("the page", reqwest::get(format!("http://{address}/"))).await??;
    ensure!(page.status() == 200, "{command}: {}", page.status());
    ensure!(soon("the page", page.text()).await??.contains("id=\"app\""));
    stop(&mut child, command, &mut out, &mut err).await?;
    Ok(format!("{}{}", out.all, err.all))
}

async fn stop<O: AsyncRead + Unpin, E: AsyncRead + Unpin>(
    child: &mut Child,
    command: &str,
    out: &mut Said<O>,
    err: &mut Said<E>,
) -> Result<()> {
    let id = child.id().context("it runs")?.to_string();
    let asked = std::process::Command::new("kill")
        .args(["-TERM", &id])
        .status()?;
    ensure!(asked.success(), "kill -TERM {id}");
    // What it still says is read, so that it does not wait for a reader.
    let ((), (), ended) = tokio::join!(out.rest(), err.rest(), soon("its end", child.wait()));
    let ended = ended??;
    ensure!(
        ended.success(),
        "{command} ended with {ended}:\n{}",
        err.all
    );
    Ok(())
}

/// What a program says, line by line, and all of it.
struct Said<R> {
    lines: tokio::io::Lines<BufReader<R>>,
    all: String,
    over: bool,
}

impl<R: AsyncRead + Unpin> Said<R> {
    fn new(reader: R) -> Self {
        Self {
            lines: BufReader::new(reader).lines(),
            all: String::new(),
            over: false,
        }
    }

    /// The next line; waits for ever behind the last.
    async fn line(&mut self) -> Result<String> {
        if !self.over
            && let Some(line) = self.lines.next_line().await?
        {
            self.all.push_str(&line);
            self.all.push('\n');
            return Ok(line);
        }
        self.over = true;
        std::future::pending().await
    }

    async fn rest(&mut self) {
        while let Ok(Some(line)) = self.lines.next_line().await {
            self.all.push_str(&line);
            self.all.push('\n');
        }
    }
}

/// The address in a line that says what is served: of the demo's page, or of the server's log.
fn address(line: &str) -> Option<&str> {
    let rest = match line.trim().strip_prefix("Open") {
        Some(rest) => rest.trim().strip_prefix("http://")?,
        None if line.contains(" serving ") => line.split("address=").nth(1)?,
        None => return None,
    };
    Some(rest.trim_end_matches('/').trim())
}

/// The flags of `tests/run` on this page are those that it knows.
fn script(line: &str) -> Result<()> {
    let mut words = line.split(' ');
    let path = top().join(words.next().context("a script")?);
    let mode = fs::metadata(&path)
        .with_context(|| line.to_owned())?
        .permissions()
        .mode();
    ensure!(mode & 0o111 != 0, "{line} cannot be run");
    let text = fs::read_to_string(&path)?;
    for flag in words.filter(|word| word.starts_with('-')) {
        ensure!(
            text.contains(&format!("tests/run {flag}")),
            "{line}: it does not know {flag}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn every_command_works() -> Result<()> {
    let (text, binary) = (readme()?, binary()?);
    let binary = binary.to_str().context("a path that is text")?;
    let blocks = blocks(&text);
    for block in &blocks {
        let known = block.info == "sh" || file_name(&block.info).is_some();
        ensure!(known, "it is not known what a block of {:?} is", block.info);
    }
    let (mut run, mut pushed, mut served) = (0, 0, Vec::new());
    for block in blocks.iter().filter(|block| block.info == "sh") {
        let folder = tempfile::tempdir()?;
        for file in &blocks {
            if let Some(name) = file_name(&file.info) {
                fs::write(folder.path().join(name), file.lines.join("\n") + "\n")?;
            }
        }
        for line in &block.lines {
            match rule(line, binary).with_context(|| format!("there is no rule for: {line}"))? {
                Rule::Builds => {}
                Rule::Script(line) => script(&line)?,
                Rule::Ends(command) => ends(&command, folder.path()).await?,
                Rule::Pushes(command) => pushed += pushes(&command, folder.path()).await?,
                Rule::Serves(command) => served.push(serves(&command, folder.path()).await?),
            }
            run += 1;
        }
    }
    ensure!(run >= 12, "{run} commands were found");
    ensure!(pushed >= 2, "{pushed} examples told somebody something");
    let [demo, serve] = served.as_slice() else {
        bail!("the demo and the server: {served:?}");
    };
    // What is said of them beside the commands.
    ensure!(demo.contains("--data"), "{demo}");
    ensure!(serve.contains("/setup?token="), "{serve}");
    Ok(())
}

#[tokio::test]
async fn what_is_named_beside_the_commands_is_there() -> Result<()> {
    let text = readme()?;
    let folder = tempfile::tempdir()?;
    let inside: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    for code in inside.iter().filter(|code| code.starts_with("tests/run")) {
        script(code)?;
    }
    for code in inside.iter().filter_map(|code| code.strip_prefix("webim ")) {
        let words = code.split(' ').filter(|word| !word.starts_with('-'));
        let arguments: Vec<&str> = words.chain(["--help"]).collect();
        webim(folder.path(), &arguments).await?.ok()?;
    }
    let targets = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    for path in targets.filter(|target| !target.contains("://")) {
        ensure!(top().join(path).exists(), "{path} is named and not there");
    }
    let manifest = fs::read_to_string(top().join("Cargo.toml"))?;
    let oldest = manifest
        .split("rust-version = \"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let oldest = oldest.context("rust-version")?;
    ensure!(
        text.contains(&format!("({oldest} or newer)")),
        "the compiler is {oldest}"
    );
    let sample = webim(folder.path(), &["config", "sample"]).await?.ok()?;
    for key in ["url", "public_url", "trusted_proxies"] {
        ensure!(sample.contains(&format!("#{key} = ")), "{key}");
    }
    Ok(())
}

#[test]
fn a_command_without_a_rule_is_found() {
    assert_eq!(rule("cargo build --release", "w"), Some(Rule::Builds));
    let ends = rule("target/release/webim check --config webim.toml", "w");
    assert_eq!(ends, Some(Rule::Ends("w check --config webim.toml".into())));
    for unknown in [
        "curl -O x",
        "target/release/webim fly",
        "cargo install webim",
        "rm -rf x",
        "",
    ] {
        assert_eq!(rule(unknown, "w"), None, "{unknown}");
    }
}
