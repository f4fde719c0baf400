//! The law of edges, checked against what cargo says. `tests/` is outside the law; nobody but `tests/` may need it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::files;
use crate::law::{EVERYTHING, MAY_SEE, NEVER, ONLY};

/// A crate of ours and the crates that its normal and build dependencies name.
struct Package {
    name: String,
    sees: BTreeSet<String>,
    is_test: bool,
}

/// Every broken edge, one sentence each.
pub fn findings() -> Result<Vec<String>> {
    let packages = packages()?;
    let ours: BTreeSet<&str> = packages.iter().map(|package| &*package.name).collect();
    let mut found = Vec::new();
    for package in packages.iter().filter(|package| !package.is_test) {
        found.extend(broken(package, &ours));
    }
    for (name, never) in NEVER {
        if ours.contains(name) {
            found.extend(reachable(name, never)?);
        }
    }
    Ok(found)
}

/// The edges of one crate that the law does not know.
fn broken(package: &Package, ours: &BTreeSet<&str>) -> Vec<String> {
    let name = &package.name;
    let Some((_, may)) = MAY_SEE.iter().find(|(row, _)| row == name) else {
        return vec![format!("{name} has no row in the law of edges")];
    };
    let inside = package
        .sees
        .iter()
        .filter(|seen| ours.contains(&***seen) && *may != EVERYTHING)
        .filter(|seen| *seen != "webim-model" && !may.contains(&&***seen))
        .map(|seen| format!("{name} must not see {seen}"));
    let outside = ONLY
        .iter()
        .filter(|(seen, owners)| package.sees.contains(*seen) && !owners.contains(&&**name))
        .map(|(seen, owners)| {
            format!(
                "{name} must not name {seen}: it belongs to {}",
                owners.join(", ")
            )
        });
    inside.chain(outside).collect()
}

/// Those of `never` that the crate's tree of normal dependencies holds. Features are resolved for this crate alone:
/// what the server switches on in a shared crate is not this crate's doing.
fn reachable(name: &str, never: &[&str]) -> Result<Vec<String>> {
    let tree = cargo(&[
        "tree",
        "--locked",
        "--package",
        name,
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ])?;
    let all: BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    Ok(never
        .iter()
        .filter(|seen| all.contains(**seen))
        .map(|seen| {
            format!("{name} must not reach {seen}: cargo tree -p {name} -e normal -i {seen}")
        })
        .collect())
}

fn packages() -> Result<Vec<Package>> {
    let metadata: Value = serde_json::from_str(&cargo(&[
        "metadata",
        "--locked",
        "--no-deps",
        "--format-version",
        "1",
    ])?)?;
    list(&metadata, "packages")?.iter().map(package).collect()
}

fn package(value: &Value) -> Result<Package> {
    let manifest = string(value, "manifest_path")?;
    let sees = list(value, "dependencies")?
        .iter()
        .filter(|dependency| dependency["kind"] != "dev")
        .map(|dependency| string(dependency, "name"))
        .collect::<Result<_>>()?;
    Ok(Package {
        name: string(value, "name")?,
        sees,
        is_test: Path::new(&manifest).starts_with(files::root().join("tests")),
    })
}

/// What cargo writes when it is run with these arguments.
pub fn cargo(arguments: &[&str]) -> Result<String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo)
        .args(arguments)
        .output()
        .context("cargo")?;
    if !output.status.success() {
        bail!(
            "cargo {}: {}",
            arguments[0],
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// The list under `key`.
pub fn list<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>> {
    value[key]
        .as_array()
        .with_context(|| format!("cargo gave no {key}"))
}

/// The string under `key`.
pub fn string(value: &Value, key: &str) -> Result<String> {
    let text = value[key]
        .as_str()
        .with_context(|| format!("cargo gave no {key}"))?;
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, sees: &[&str]) -> Vec<String> {
        let ours = [
            "webim-model",
            "webim-store",
            "webim-router",
            "webim-gateway",
            "webim",
            "webim-new",
        ];
        let package = Package {
            name: name.into(),
            sees: sees.iter().map(|name| (*name).to_owned()).collect(),
            is_test: false,
        };
        broken(&package, &BTreeSet::from(ours))
    }

    #[test]
    fn an_edge_outside_the_law_is_named() {
        assert_eq!(
            check("webim-router", &["webim-store", "webim-model", "tokio"]),
            [""; 0]
        );
        assert_eq!(check("webim", &["webim-gateway", "axum"]), [""; 0]);
        assert_eq!(
            check("webim-router", &["webim-gateway"]),
            ["webim-router must not see webim-gateway"]
        );
        assert_eq!(
            check("webim-router", &["sea-orm"]),
            ["webim-router must not name sea-orm: it belongs to webim-store, webim-migrations"]
        );
        assert_eq!(
            check("webim-new", &[]),
            ["webim-new has no row in the law of edges"]
        );
    }
}
