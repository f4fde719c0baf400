//! How files look: the rules that no compiler keeps. Functions of up to 60 lines and five arguments are clippy's.

use anyhow::Result;

use crate::files::{self, File};
use crate::{manifests, unused};

/// Longest Rust, TypeScript or JavaScript file, in lines.
const LINES: usize = 400;

/// Largest committed file.
const BYTES: usize = 1024 * 1024;

/// What the top level may hold beside hidden files.
const TOP: [&str; 10] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "engine",
    "forms",
    "migrations",
    "plugins",
    "scripts",
    "tests",
];

const CODE: [&str; 6] = ["rs", "ts", "tsx", "js", "mjs", "rhai"];

/// Words that mean "later" or "not run", and what to do instead. They are written in two halves, so that this file
/// does not find itself.
const STUBS: [(&str, &str, &str); 8] = [
    ("TO", "DO", "do it, or leave it out"),
    ("FIX", "ME", "fix it"),
    ("#[ig", "nore", "a test that is not run is not a test"),
    ("#[should", "_panic", "assert on the error instead"),
    (".on", "ly(", "the other tests would not run"),
    (".sk", "ip(true", "a test that is not run is not a test"),
    ("describe.sk", "ip", "a test that is not run is not a test"),
    ("test.sk", "ip", "a test that is not run is not a test"),
];

/// Everything that is not tidy, one sentence each, beginning with its place.
pub fn findings() -> Result<Vec<String>> {
    let files = files::all()?;
    let mut found: Vec<String> = files.iter().flat_map(of_file).collect();
    found.extend(manifests::findings(&files)?);
    found.extend(unused::findings(&files)?);
    Ok(found)
}

fn of_file(file: &File) -> Vec<String> {
    let mut found = place(file);
    if let Some(text) = &file.text
        && !file.is_generated()
        && file.name() != "Cargo.lock"
        && file.name() != "package-lock.json"
    {
        found.extend(look(file, text));
        if file.is(&CODE) {
            found.extend(code(file, text));
        }
    }
    found
}

/// Where a file lies and how large it is.
fn place(file: &File) -> Vec<String> {
    let path = &file.path;
    let top = path.split('/').next().unwrap_or(path);
    let mut found = Vec::new();
    if !top.starts_with('.') && !TOP.contains(&top) {
        found.push(format!(
            "{path}: the top level holds only {}",
            TOP.join(", ")
        ));
    }
    let name = file.name().to_ascii_lowercase();
    let layim = name.starts_with("layim") && (file.is(&["js", "css", "ts"]));
    if layim && !path.starts_with("engine/web/src/") {
        found.push(format!(
            "{path}: LayIM is not ours to pass on; our own is in engine/web/src"
        ));
    }
    if file.bytes > BYTES {
        found.push(format!("{path}: larger than {} KiB", BYTES / 1024));
    }
    found
}

/// Spaces and line ends.
fn look(file: &File, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.ends_with([' ', '\t', '\r']) {
            found.push(format!("{}:{}: trailing space", file.path, number + 1));
        }
    }
    if !text.is_empty() && !text.ends_with('\n') {
        found.push(format!("{}: no line end at the end", file.path));
    }
    found
}

/// Opening words, length, stubs.
fn code(file: &File, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if file.is(&["rs"]) && !text.starts_with("//!") {
        found.push(format!(
            "{}:1: open with //! and what the file is for",
            file.path
        ));
    }
    let lines = text.lines().count();
    if lines > LINES {
        found.push(format!("{}: {lines} lines, {LINES} at most", file.path));
    }
    for (number, line) in text.lines().enumerate() {
        for (head, tail, instead) in STUBS {
            if line.contains(&[head, tail].concat()) {
                found.push(format!(
                    "{}:{}: {head}{tail}: {instead}",
                    file.path,
                    number + 1
                ));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str) -> Vec<String> {
        of_file(&File {
            path: path.into(),
            bytes: text.len(),
            text: Some(text.into()),
        })
    }

    #[test]
    fn a_tidy_file_has_no_findings() {
        assert_eq!(
            check("engine/x/src/a.rs", "//! Words.\n\nfn a() {}\n"),
            [""; 0]
        );
        assert_eq!(check("engine/web/src/layim.ts", "export {};\n"), [""; 0]);
        assert_eq!(check(".ci/run", "#!/bin/sh\n"), [""; 0]);
    }

    #[test]
    fn each_rule_finds_its_own() {
        let one = |path: &str, text: &str, part: &str| {
            let found = check(path, text);
            assert!(found.len() == 1 && found[0].contains(part), "{found:?}");
        };
        one("engine/x/src/a.rs", "fn a() {}\n", "open with //!");
        one("engine/x/src/a.rs", "//! W. \n", "trailing space");
        one("engine/x/a.ts", "a", "no line end");
        one("docs/a.md", "a\n", "top level");
        one("engine/web/vendor/layim.js", "1;\n", "LayIM");
        one(
            "tests/a.ts",
            &["test.on", "ly(1)\n"].concat(),
            "would not run",
        );
        one("tests/a.ts", &"1;\n".repeat(LINES + 1), "401 lines");
        one("tests/a.rs", &["//! W.\n// TO", "DO\n"].concat(), "do it");
    }

    #[test]
    fn generated_files_may_be_long() {
        let path = "engine/web/src/generated/api.ts";
        assert_eq!(check(path, &"1; \n".repeat(LINES + 1)), [""; 0]);
    }
}
