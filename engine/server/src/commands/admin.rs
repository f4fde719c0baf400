//! `webim admin create`.

use std::io::BufRead;

use serde_json::json;
use webim_accounts::Passwords;
use webim_accounts::import::{self, Comparison, DirectoryFile, Missing, PersonLine, Place};
use webim_model::{Role, Roles, Sources};
use webim_store::{DirectorySnapshot, PersonRecord, Store};

use crate::cli::AdminArgs;
use crate::exit::{End, Exit, Failure};
use crate::{config, node, output};

pub async fn create(args: &AdminArgs) -> End {
    let config = config::load(Some(&args.config.config))?;
    let sources = Sources::system();
    let given = args.password_stdin.then(first_line).transpose()?;
    let store = node::open_migrated(&config.database, &sources).await?;
    let stored = store.directory_snapshot().await?;
    let login = args.login.trim().to_lowercase();
    let mut people = stored.people.iter();
    let known = people.find(|person| person.login.to_lowercase() == login);
    let mut comparison = compare(args, &login, known, &stored, &sources)?;
    let fresh = known.is_none() || args.reset_password || given.is_some();
    let made = (fresh && given.is_none()).then(|| import::readable_password(&sources));
    if let Some(password) = given.as_ref().or(made.as_ref()) {
        let passwords = Passwords::new(sources.clone(), 1);
        let hashed = passwords.hash(password).await;
        let hash = hashed.map_err(anyhow::Error::from)?;
        match known {
            Some(person) => set_password(&store, person, &hash).await?,
            None => comparison.plan.people_insert[0].password_hash = Some(hash),
        }
    }
    store.apply_directory(&comparison.plan).await?;
    tell(args, &login, made.as_deref());
    Ok(Exit::Ok)
}

fn compare(
    args: &AdminArgs,
    login: &str,
    known: Option<&PersonRecord>,
    stored: &DirectorySnapshot,
    sources: &Sources,
) -> Result<Comparison, Failure> {
    let name = args.name.clone().or_else(|| Some(known?.name.clone()));
    let roles: Roles = known.map(|person| person.roles).unwrap_or_default();
    let file = DirectoryFile {
        units: Vec::new(),
        people: vec![PersonLine {
            place: Place {
                file: "command line".to_owned(),
                line: 1,
            },
            login: login.to_owned(),
            name: name.unwrap_or_else(|| args.login.clone()),
            units: None,
            roles: Some(roles.with(Role::Admin)),
            password: None,
            avatar: None,
        }],
    };
    let checked =
        import::check(&file).and_then(|()| import::compare(&file, stored, Missing::Keep, sources));
    checked.map_err(|error| match error {
        import::ImportError::Bad(problems) => {
            let messages: Vec<_> = problems
                .into_iter()
                .map(|problem| problem.message)
                .collect();
            Failure::new(Exit::Failed, messages.join("; "))
        }
        error @ import::ImportError::NoAdmin => Failure::new(Exit::Failed, error.to_string()),
    })
}

fn first_line() -> Result<String, Failure> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(anyhow::Error::from)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn set_password(store: &Store, person: &PersonRecord, hash: &str) -> Result<(), Failure> {
    store.set_password(person.id, hash).await?;
    // Whoever knew the old one is out.
    store.delete_sessions_of(person.id, None).await?;
    Ok(())
}

fn tell(args: &AdminArgs, login: &str, password: Option<&str>) {
    match password {
        _ if args.json => output::json(&json!({"login": login, "password": password})),
        Some(password) => {
            output::line(&format!("login     {login}\npassword  {password}"));
            output::note("This password is shown once and kept nowhere.");
        }
        None => output::line(&format!("{login} administers this server.")),
    }
}
