//! `webim directory import`.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use webim_accounts::Passwords;
use webim_accounts::import::{
    self, Comparison, Diff, ImportError, Missing, Noun, Problem, Source, Way,
};
use webim_model::Sources;
use webim_store::Store;

use crate::cli::ImportArgs;
use crate::exit::{End, Exit, Failure};
use crate::{config, node, output};

pub async fn import(args: &ImportArgs) -> End {
    let config = config::load(Some(&args.config.config))?;
    let sources = Sources::system();
    let files = read_files(&args.files)?;
    let named: Vec<_> = files
        .iter()
        .map(|(name, bytes)| Source { name, bytes })
        .collect();
    let file = match import::read(&named) {
        Ok(file) => file,
        Err(error) => return Ok(refused(&error, args.json)),
    };
    let store = node::open(&config.database, &sources).await?;
    super::up_to_date(&store).await?;
    let stored = store.directory_snapshot().await?;
    let missing = if args.deactivate_missing {
        Missing::Remove
    } else {
        Missing::Keep
    };
    let comparison = match import::compare(&file, &stored, missing, &sources) {
        Ok(comparison) => comparison,
        Err(error) => return Ok(refused(&error, args.json)),
    };
    let diff = comparison.diff.clone();
    if !args.dry_run && !comparison.plan.is_empty() {
        apply(
            args.initial_passwords.as_ref(),
            &store,
            &sources,
            config.sign_in.passwords_at_once,
            comparison,
        )
        .await?;
    }
    tell(&diff, args);
    Ok(Exit::Ok)
}

/// The files' names and what they hold.
pub(super) fn read_files(paths: &[PathBuf]) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let read = |path: &PathBuf| {
        let bytes = std::fs::read(path).map_err(|error| {
            Failure::new(
                Exit::Failed,
                format!("{} cannot be read: {error}", path.display()),
            )
        })?;
        Ok((path.display().to_string(), bytes))
    };
    paths.iter().map(read).collect()
}

/// Applies a plan; new people without a password get one each in the file `initial`, if there is to be one.
pub(super) async fn apply(
    initial: Option<&PathBuf>,
    store: &Store,
    sources: &Sources,
    at_once: usize,
    mut comparison: Comparison,
) -> Result<(), Failure> {
    let secrets = match initial {
        Some(path) => Some((
            path,
            secret_file(path, &comparison.generate_passwords(sources))?,
        )),
        None => None,
    };
    let progress = output::Progress::new("passwords hashed:");
    let passwords = Passwords::new(sources.clone(), at_once);
    let hashed = comparison
        .hash_passwords(&passwords, |done, all| progress.at(done, all))
        .await;
    let applied = match hashed {
        Ok(()) => store
            .apply_directory(&comparison.plan)
            .await
            .map_err(Failure::from),
        Err(error) => Err(Failure::new(Exit::Failed, error.to_string())),
    };
    if let (Err(_), Some((path, file))) = (&applied, secrets) {
        drop(file);
        // Passwords of people who were not made would only mislead.
        drop(std::fs::remove_file(path));
    }
    applied.map(drop)
}

/// A new file that only its owner may read, with these logins and passwords in it.
fn secret_file(path: &Path, secrets: &[(String, String)]) -> Result<File, Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let write = || {
        let mut file = options.open(path)?;
        writeln!(file, "login,password")?;
        for (login, password) in secrets {
            writeln!(file, "{login},{password}")?;
        }
        file.sync_all()?;
        Ok(file)
    };
    write().map_err(|error: std::io::Error| {
        Failure::new(
            Exit::Failed,
            format!("{} cannot be written: {error}", path.display()),
        )
    })
}

fn refused(error: &ImportError, as_json: bool) -> Exit {
    let problems = match error {
        ImportError::Bad(problems) => problems.as_slice(),
        ImportError::NoAdmin => &[],
    };
    if as_json {
        let list = list(problems);
        output::json(&json!({"applied": false, "error": error.to_string(), "problems": list}));
    } else {
        for problem in problems {
            output::line(&problem.to_string());
        }
        output::note(&format!("webim: {error}"));
    }
    Exit::Findings
}

/// Problems for machines.
pub(super) fn list(problems: &[Problem]) -> Vec<Value> {
    let one = |problem: &Problem| {
        let place = &problem.place;
        json!({"file": place.file, "line": place.line, "message": problem.message})
    };
    problems.iter().map(one).collect()
}

fn tell(diff: &Diff, args: &ImportArgs) {
    if !args.json {
        output::line(&diff.to_string());
        if args.dry_run && !diff.changes.is_empty() {
            output::note("nothing was changed: this was a dry run");
        }
        return;
    }
    let changes: Vec<Value> = diff
        .changes
        .iter()
        .map(|change| {
            json!({
                "change": change.way.name(),
                "what": change.noun.name(),
                "key": change.key,
                "detail": change.detail,
            })
        })
        .collect();
    output::json(&json!({
        "applied": !args.dry_run,
        "units": count(diff, Noun::Unit),
        "people": count(diff, Noun::Person),
        "changes": changes,
    }));
}

/// How many were added, changed and removed, for machines.
pub(super) fn count(diff: &Diff, noun: Noun) -> Value {
    json!({
        "added": diff.count(Way::Added, noun),
        "changed": diff.count(Way::Changed, noun),
        "removed": diff.count(Way::Removed, noun),
    })
}
