//! `webim seed import`.

use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;
use webim_accounts::import::{ImportError, Noun, Problem, Source, Way};
use webim_accounts::seed::{self, Plan, Reason, Rules, SeedError, Shown, Writing, Written};
use webim_jobs::{Jobs, Lease};
use webim_model::{Limits, Sources};
use webim_store::lease::LeaseError;
use webim_store::{CommitterConfig, KbKept, Store};

use super::directory;
use crate::cli::SeedArgs;
use crate::config::Config;
use crate::exit::{End, Exit, Failure};
use crate::{config, node, output};

/// Problems that are shown one by one; all of them are in the JSON.
const SHOWN: usize = 100;
/// Milliseconds of a day: clocks differ, but not by more.
const DAY: i64 = 24 * 60 * 60 * 1_000;

pub async fn import(args: &SeedArgs) -> End {
    let config = config::load(Some(&args.config.config))?;
    let sources = Sources::system();
    let files = directory::read_files(&args.files)?;
    let named: Vec<_> = files
        .iter()
        .map(|(name, bytes)| Source { name, bytes })
        .collect();
    let store = node::open(&config.database, &sources).await?;
    super::up_to_date(&store).await?;
    let stored = store.directory_snapshot().await?;
    let rules = Rules {
        offset: args.utc_offset,
        limits: Limits::from(&config.limits),
        latest: sources.now().plus(DAY),
        skip_bad: args.skip_bad,
    };
    let plan = match seed::plan(&named, &stored, &rules, &sources) {
        Ok(plan) => plan,
        Err(error) => return Ok(refused(&error, args)),
    };
    drop(files);
    // Messages have one committer at a time; the directory's part may run beside a server.
    let (jobs, lost) = (Jobs::default(), CancellationToken::new());
    let lease = if args.dry_run || plan.messages() == 0 {
        None
    } else {
        Some(take(&store, &sources, &jobs, &lost).await?)
    };
    let work = write(args, &config, &store, &sources, plan);
    let done = lost.run_until_cancelled(work).await;
    jobs.stop().await;
    if let Some(lease) = lease {
        lease.release().await;
    }
    let (plan, written) = done.unwrap_or_else(|| {
        let message = "another process serves the database now; run the import again to go on";
        Err(Failure::new(Exit::Taken, message))
    })?;
    let progress = output::Progress::new("questions:");
    let kept = plan
        .write_questions(&store, args.dry_run, |done, all| progress.at(done, all))
        .await?;
    tell(&plan, &written, kept, args);
    Ok(Exit::Ok)
}

async fn take(
    store: &Store,
    sources: &Sources,
    jobs: &Jobs,
    lost: &CancellationToken,
) -> Result<Lease, Failure> {
    let taken = Lease::take(store, sources, webim_jobs::identity()).await;
    let lease = taken.map_err(|error| match error {
        LeaseError::Held { .. } => {
            let message = format!("{error}; stop it first: messages are imported while none runs");
            Failure::new(Exit::Taken, message)
        }
        LeaseError::Store(error) => error.into(),
    })?;
    lease.keep(jobs, lost.clone());
    Ok(lease)
}

async fn write(
    args: &SeedArgs,
    config: &Config,
    store: &Store,
    sources: &Sources,
    mut plan: Plan,
) -> Result<(Plan, Written), Failure> {
    let at_once = config.sign_in.passwords_at_once;
    if !args.dry_run && !plan.comparison.plan.is_empty() {
        let initial = args.initial_passwords.as_ref();
        let comparison = plan.comparison.clone();
        directory::apply(initial, store, sources, at_once, comparison).await?;
    }
    let writing = Writing {
        committer: CommitterConfig {
            queue: config.database.queue,
            batch: config.database.batch,
            shards: config.database.shards,
        },
        dry_run: args.dry_run,
        sources: sources.clone(),
    };
    let progress = output::Progress::new("messages:");
    let written = plan
        .write(store, &writing, |done, all| progress.at(done, all))
        .await;
    match written {
        Ok(written) => Ok((plan, written)),
        Err(SeedError::Store(error)) => Err(error.into()),
        Err(error) => {
            let message = format!("{error}; run the import again to go on");
            Err(Failure::new(Exit::Database, message))
        }
    }
}

fn refused(error: &ImportError, args: &SeedArgs) -> Exit {
    let (problems, why) = match error {
        ImportError::Bad(problems) => {
            let count = problems.len();
            let why = format!(
                "rows that cannot be imported: {count}; nothing was changed. --skip-bad leaves bad rows out"
            );
            (problems.as_slice(), why)
        }
        ImportError::NoAdmin => (&[] as &[Problem], error.to_string()),
    };
    if args.json {
        let list = directory::list(problems);
        output::json(&json!({"applied": false, "error": why, "problems": list}));
    } else {
        show(problems);
        output::note(&format!("webim: {why}"));
    }
    Exit::Findings
}

fn show(problems: &[Problem]) {
    for problem in problems.iter().take(SHOWN) {
        output::line(&problem.to_string());
    }
    if problems.len() > SHOWN {
        let more = problems.len() - SHOWN;
        output::line(&format!("and {more} more; --json lists all"));
    }
}

fn tell(plan: &Plan, written: &Written, kept: KbKept, args: &SeedArgs) {
    if args.json {
        return output::json(&as_json(plan, written, kept, args));
    }
    show(&plan.problems);
    show(plan.reported());
    let diff = &plan.comparison.diff;
    for (noun, many) in [(Noun::Unit, "units"), (Noun::Person, "people")] {
        let [added, changed] = [Way::Added, Way::Changed].map(|way| diff.count(way, noun));
        output::line(&format!("{many}: {added} added, {changed} changed"));
    }
    let Written {
        imported,
        repeated,
        direct,
        units,
        ..
    } = written;
    output::line(&format!(
        "messages: {imported} imported, {repeated} there already, in {direct} direct conversations and {units} of units"
    ));
    if let Some((from, until)) = written.span {
        let [from, until] = [from, until].map(|time| Shown(time, args.utc_offset));
        output::line(&format!("sent between {from} and {until}"));
    }
    let KbKept {
        added,
        changed,
        same,
    } = kept;
    output::line(&format!(
        "questions and answers: {added} added, {changed} changed, {same} there already"
    ));
    for (reason, count) in plan.left_out() {
        let sentence = reason.sentence();
        output::line(&format!("left out: {count} messages {sentence}"));
    }
    for (count, what) in [
        (plan.problems.len() as u64, "bad rows"),
        (plan.customers, "customers, who come with a later version"),
        (plan.groups, "groups made by hand, which have no place here"),
    ] {
        if count > 0 {
            output::line(&format!("left out: {count} {what}"));
        }
    }
    if plan.new_people > 0 && args.initial_passwords.is_none() {
        let count = plan.new_people;
        output::note(&format!(
            "{count} new people have no password and cannot sign in yet; --initial-passwords FILE makes passwords for those who are new"
        ));
    }
    if args.dry_run {
        output::note("nothing was changed: this was a dry run");
    }
}

fn as_json(plan: &Plan, written: &Written, kept: KbKept, args: &SeedArgs) -> Value {
    let (mut left_out, mut kinds) = (Map::new(), Map::new());
    for (reason, count) in plan.left_out() {
        if let Reason::Kind(kind) = reason {
            kinds.insert(kind.clone(), json!(count));
        }
        let so_far = left_out.get(reason.name()).and_then(Value::as_u64);
        left_out.insert(reason.name().to_owned(), json!(so_far.unwrap_or(0) + count));
    }
    let diff = &plan.comparison.diff;
    json!({
        "applied": !args.dry_run,
        "units": directory::count(diff, Noun::Unit),
        "people": directory::count(diff, Noun::Person),
        "messages": {
            "imported": written.imported,
            "repeated": written.repeated,
            "left_out": left_out,
            "kinds": kinds,
        },
        "conversations": {"direct": written.direct, "units": written.units},
        "read_marks": written.marks,
        "from": written.span.map(|(from, _)| from.0),
        "until": written.span.map(|(_, until)| until.0),
        "customers": plan.customers,
        "groups": plan.groups,
        "questions": {"added": kept.added, "changed": kept.changed, "same": kept.same},
        "without_password": if args.initial_passwords.is_some() { 0 } else { plan.new_people },
        "skipped": directory::list(&plan.problems),
        "reported": directory::list(plan.reported()),
    })
}
