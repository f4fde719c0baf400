//! What a `Cargo.toml` below the top may say: versions, edition and lints come from the workspace.

use anyhow::{Context, Result};
use toml::{Table, Value};

use crate::files::File;

const INHERITED: [&str; 5] = ["version", "edition", "rust-version", "license", "publish"];

/// The tables of a manifest that name other crates.
pub const DEPENDENCIES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// What the manifests say themselves instead of inheriting it.
pub fn findings(files: &[File]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.name() == "Cargo.toml") {
        let manifest = parse(file)?;
        // The guests' crates are outside the workspace and cannot inherit from it.
        if file.path == "Cargo.toml" || manifest.contains_key("workspace") {
            continue;
        }
        found.extend(of_manifest(&manifest).map(|what| format!("{}: {what}", file.path)));
    }
    Ok(found)
}

/// A manifest as a table.
pub fn parse(file: &File) -> Result<Table> {
    file.text
        .as_deref()
        .unwrap_or_default()
        .parse()
        .with_context(|| file.path.clone())
}

fn of_manifest(manifest: &Table) -> impl Iterator<Item = String> {
    let package = manifest.get("package").and_then(Value::as_table);
    let own = INHERITED
        .into_iter()
        .filter(move |key| {
            !package
                .and_then(|table| table.get(*key))
                .is_some_and(inherits)
        })
        .map(|key| format!("package.{key} is the workspace's: {key}.workspace = true"));
    let lints = (!manifest.get("lints").is_some_and(inherits))
        .then(|| "lints are the workspace's: [lints] workspace = true".to_owned());
    let versions = dependencies(manifest)
        .filter(|(_, value)| !inherits(value))
        .map(|(name, _)| format!("{name}: its version belongs into the workspace's Cargo.toml"));
    own.chain(lints).chain(versions)
}

/// Every dependency a manifest names, of each kind and platform.
pub fn dependencies(manifest: &Table) -> impl Iterator<Item = (&String, &Value)> {
    let platforms = manifest
        .get("target")
        .and_then(Value::as_table)
        .into_iter()
        .flat_map(|targets| targets.values().filter_map(Value::as_table));
    std::iter::once(manifest)
        .chain(platforms)
        .flat_map(|table| DEPENDENCIES.iter().filter_map(|kind| table.get(*kind)))
        .filter_map(Value::as_table)
        .flat_map(Table::iter)
}

fn inherits(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_said_here_is_found() {
        let text =
            "package = { version = '1', edition.workspace = true, rust-version.workspace = true,
            license.workspace = true, publish.workspace = true }
            lints.workspace = true
            dependencies = { a = '1', b = { version = '2' }, c.workspace = true }
            target.'cfg(unix)'.dependencies.d = '1'";
        let found: Vec<String> = of_manifest(&text.parse().expect("it is TOML")).collect();
        let names: Vec<&str> = found
            .iter()
            .filter_map(|line| line.split([':', ' ']).next())
            .collect();
        assert_eq!(names, ["package.version", "a", "b", "d"]);
    }
}
