//! `webim erase`: words go for good, rows stay.

use serde_json::json;
use webim_model::{ConversationId, ConversationKind, PersonId, Sources};
use webim_store::{Erase, Store};

use crate::cli::EraseArgs;
use crate::exit::{End, Exit, Failure};
use crate::{config, node, output};

/// Conversations whose ids are read at once.
const PAGE: u64 = 500;
/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// What was, or would be, erased.
#[derive(Default)]
struct Done {
    conversations: u64,
    messages: u64,
    files: u64,
    drafts: u64,
}

pub async fn run(args: &EraseArgs) -> End {
    let config = config::load(Some(&args.config.config))?;
    let sources = Sources::system();
    let store = node::open(&config.database, &sources).await?;
    super::up_to_date(&store).await?;
    let what = match (&args.person, args.older_than) {
        (Some(login), _) => Erase::SaidBy(person(&store, login).await?),
        (None, Some(days)) => Erase::Before(sources.now().plus(-i64::from(days) * DAY)),
        (None, None) => {
            let message = "say what: --person LOGIN or --older-than DAYS";
            return Err(Failure::new(Exit::Failed, message));
        }
    };
    let kind = args.kind.map(Into::into);
    let mut done = go_through(&store, what, kind, args.dry_run).await?;
    if let (Erase::SaidBy(person), false) = (what, args.dry_run) {
        done.drafts = store.erase_drafts(person).await?;
    }
    tell(&done, args);
    Ok(Exit::Ok)
}

async fn person(store: &Store, login: &str) -> Result<PersonId, Failure> {
    let wanted = login.trim().to_lowercase();
    let stored = store.directory_snapshot().await?;
    let mut people = stored.people.iter();
    let found = people.find(|person| person.login.to_lowercase() == wanted);
    found
        .map(|person| person.id)
        .ok_or_else(|| Failure::new(Exit::Failed, format!("nobody signs in as {login}")))
}

async fn go_through(
    store: &Store,
    what: Erase,
    kind: Option<ConversationKind>,
    dry: bool,
) -> Result<Done, Failure> {
    let mut done = Done::default();
    let mut after: Option<ConversationId> = None;
    let mut seen = 0_u64;
    loop {
        let page = store.conversation_kinds(after, PAGE).await?;
        let Some((last, _)) = page.last() else {
            return Ok(done);
        };
        after = Some(*last);
        seen += page.len() as u64;
        for (conversation, _) in page
            .iter()
            .filter(|(_, is)| kind.is_none_or(|kind| kind == *is))
        {
            let erased = webim_jobs::erase(store, *conversation, what, dry).await?;
            done.conversations += u64::from(erased.messages > 0);
            done.messages += erased.messages;
            done.files += erased.files;
        }
        let messages = done.messages;
        output::note(&format!("{seen} conversations, {messages} messages so far"));
    }
}

fn tell(done: &Done, args: &EraseArgs) {
    let Done {
        conversations,
        messages,
        files,
        drafts,
    } = done;
    if args.json {
        output::json(&json!({
            "erased": !args.dry_run,
            "conversations": conversations,
            "messages": messages,
            "files": files,
            "drafts": drafts,
        }));
        return;
    }
    let would = if args.dry_run { "would be " } else { "" };
    output::line(&format!(
        "{messages} messages in {conversations} conversations, which showed {files} files, {would}erased"
    ));
    if args.dry_run {
        output::note("nothing was changed: this was a dry run");
    }
}
