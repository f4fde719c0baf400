//! Builds the browser side with npm and lists the result for embedding.
//!
//! The result lies in one folder below the target directory, named by a hash of its sources, so that profiles,
//! clippy, doc and analyzer passes share one run of npm. `WEBIM_WEB_DIST` names a finished build instead.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Finished builds that are kept; a switch between two branches should not build each time.
const KEPT: usize = 5;

fn main() {
    println!("cargo::rerun-if-env-changed=WEBIM_WEB_DIST");
    if let Err(message) = run() {
        // One directive is one line.
        for line in message.lines() {
            println!("cargo::error={line}");
        }
    }
}

fn run() -> Result<(), String> {
    let dist = match std::env::var_os("WEBIM_WEB_DIST") {
        Some(dist) => {
            println!("cargo::rerun-if-changed={}", dist.display());
            PathBuf::from(dist)
        }
        None => built()?,
    };
    if !dist.join("index.html").is_file() {
        return Err(format!(
            "{} holds no index.html: not a build of engine/web",
            dist.display()
        ));
    }
    let list = listing(&dist).map_err(|error| format!("reading {}: {error}", dist.display()))?;
    let out = env_path("OUT_DIR")?.join("assets.rs");
    fs::write(&out, list).map_err(|error| format!("writing {}: {error}", out.display()))
}

fn env_path(name: &str) -> Result<PathBuf, String> {
    std::env::var_os(name)
        .map(PathBuf::from)
        .ok_or_else(|| format!("cargo did not set {name}"))
}

/// The folder with the build of the present sources, made if it is not there.
fn built() -> Result<PathBuf, String> {
    let source = env_path("CARGO_MANIFEST_DIR")?;
    for watched in [
        "src",
        "static",
        "build.mjs",
        "package.json",
        "package-lock.json",
        ".npmrc",
    ] {
        println!("cargo::rerun-if-changed={}", source.join(watched).display());
    }
    let failed = |error: io::Error| format!("preparing the build of engine/web: {error}");
    let inputs = inputs(&source).map_err(failed)?;
    let root = target_dir(&env_path("OUT_DIR")?).join("webim-web");
    let dist = root.join(hash(&source, &inputs).map_err(failed)?);
    if dist.is_dir() {
        return Ok(dist);
    }
    fs::create_dir_all(&root).map_err(failed)?;
    let lock = File::create(root.join("lock")).map_err(failed)?;
    lock.lock().map_err(failed)?;
    // Whoever held the lock may have built the same.
    if !dist.is_dir() {
        let work = root.join("work");
        mirror(&source, &inputs, &work).map_err(failed)?;
        install(&work)?;
        let part = root.join("part");
        tool(
            &work,
            "node",
            &["build.mjs", "--out", &part.to_string_lossy()],
        )?;
        fs::rename(&part, &dist).map_err(failed)?;
        prune(&root, &dist).map_err(failed)?;
    }
    Ok(dist)
}

/// The directory cargo marks as its own; `OUT_DIR` lies somewhere below it.
fn target_dir(out: &Path) -> PathBuf {
    out.ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").is_file())
        .unwrap_or(out)
        .to_owned()
}

/// Every file that the build reads, relative to `source`, in a stable order.
fn inputs(source: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = ["build.mjs", "package.json", "package-lock.json", ".npmrc"]
        .map(PathBuf::from)
        .to_vec();
    for folder in ["src", "static"] {
        walk(source, Path::new(folder), &mut found)?;
    }
    found.retain(|file| {
        let is_test = file
            .file_stem()
            .is_some_and(|stem| stem.to_string_lossy().ends_with(".test"));
        let is_rust = file.extension().is_some_and(|extension| extension == "rs");
        !is_rust && !is_test && !file.iter().any(|part| part == "testing")
    });
    found.sort();
    Ok(found)
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            walk(root, &path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

/// FNV-1a with 128 bits: enough to tell states of sources apart, and no dependency.
#[derive(Clone, Copy)]
struct Fnv(u128);

impl Fnv {
    const START: Self = Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);

    fn eat(self, bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(self.0, |hash, byte| {
            (hash ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        }))
    }

    fn hex(self) -> String {
        format!("{:032x}", self.0)
    }
}

fn hash(source: &Path, inputs: &[PathBuf]) -> io::Result<String> {
    let mut hash = Fnv::START;
    for file in inputs {
        let bytes = fs::read(source.join(file))?;
        hash = hash
            .eat(file.to_string_lossy().as_bytes())
            .eat(&bytes.len().to_le_bytes())
            .eat(&bytes);
    }
    Ok(hash.hex())
}

/// Copies the inputs to `work`, where npm may write without touching the checkout.
fn mirror(source: &Path, inputs: &[PathBuf], work: &Path) -> io::Result<()> {
    for folder in ["src", "static"] {
        remove(&work.join(folder))?;
    }
    for file in inputs {
        let to = work.join(file);
        fs::create_dir_all(to.parent().unwrap_or(work))?;
        fs::copy(source.join(file), to)?;
    }
    Ok(())
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Installs the packages of the lock file, unless they are there.
fn install(work: &Path) -> Result<(), String> {
    let failed = |error: io::Error| format!("preparing npm: {error}");
    let lock = hash(
        work,
        &["package.json", "package-lock.json", ".npmrc"].map(PathBuf::from),
    );
    let (lock, stamp) = (lock.map_err(failed)?, work.join("node_modules/.installed"));
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    tool(
        work,
        "npm",
        &[
            "ci",
            "--omit=dev",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ],
    )?;
    fs::write(&stamp, lock).map_err(failed)
}

fn tool(work: &Path, program: &str, arguments: &[&str]) -> Result<(), String> {
    // On Windows npm is a batch file, which only the shell finds.
    let mut command = if cfg!(windows) {
        let mut shell = Command::new("cmd");
        shell.arg("/C").arg(program);
        shell
    } else {
        Command::new(program)
    };
    let output = command.args(arguments).current_dir(work).output().map_err(|error| {
        format!(
            "The browser client is built with Node.js 20 or newer, and `{program}` could not be run: {error}.\n\
             Install Node.js with npm, or set WEBIM_WEB_DIST to a folder that holds a finished build of engine/web."
        )
    })?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "`{program} {}` failed in {}:\n{}{}",
        arguments.join(" "),
        work.display(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    ))
}

/// Removes all but the newest builds.
fn prune(root: &Path, dist: &Path) -> io::Result<()> {
    let mut builds = Vec::new();
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_build = name.len() == 32
            && name
                .to_string_lossy()
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit());
        if is_build && entry.path() != dist {
            builds.push((entry.metadata()?.modified()?, entry.path()));
        }
    }
    builds.sort();
    for (_, folder) in builds.iter().rev().skip(KEPT - 1) {
        remove(folder)?;
    }
    Ok(())
}

/// The Rust expression that lists every file of `dist`.
fn listing(dist: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    walk(dist, Path::new(""), &mut files)?;
    files.sort();
    let mut list = String::from("&[\n");
    for file in &files {
        let name = file.to_string_lossy().replace('\\', "/");
        if file
            .extension()
            .is_some_and(|ending| ending == "br" || ending == "gz")
        {
            continue;
        }
        let etag = Fnv::START.eat(&fs::read(dist.join(file))?).hex();
        let packed = |ending: &str| {
            let packed = dist.join(format!("{name}.{ending}"));
            if packed.is_file() {
                format!("Some({})", include(&packed))
            } else {
                "None".into()
            }
        };
        writeln!(
            list,
            "(\"{name}\", Asset {{ bytes: {}, brotli: {}, gzip: {}, mime: \"{}\", etag: \"W/\\\"{etag}\\\"\", immutable: {} }}),",
            include(&dist.join(file)),
            packed("br"),
            packed("gz"),
            mime(&name),
            immutable(&name),
        )
        .map_err(io::Error::other)?;
    }
    list.push(']');
    Ok(list)
}

fn include(file: &Path) -> String {
    format!("include_bytes!({:?})", file.to_string_lossy())
}

fn mime(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json" | "map") => "application/json",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// Whether the name changes with the content: a stamp of ten hexadecimal digits, or layui's version.
fn immutable(name: &str) -> bool {
    let stem = name
        .rsplit('/')
        .next()
        .and_then(|file| file.split('.').next())
        .unwrap_or("");
    let stamp = stem.rsplit_once('-').map_or("", |(_, stamp)| stamp);
    name.starts_with("assets/layui-")
        || (stamp.len() == 10 && stamp.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
