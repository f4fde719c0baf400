//! `webim erase`: words go for good, and accounts; rows stay.

use serde_json::json;
use webim_model::{ConversationId, ConversationKind, PersonId, Sources};
use webim_store::{AccountErasure, AccountParts, Erase, Store};

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
    account: Option<AccountParts>,
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
    // Looked at before anything goes.
    let parts = match what {
        Erase::SaidBy(person) if args.account => Some(account(&store, person, true).await?),
        _ => None,
    };
    let kind = args.kind.map(Into::into);
    let mut done = go_through(&store, what, kind, args.dry_run).await?;
    if let (Erase::SaidBy(person), false) = (what, args.dry_run) {
        done.drafts = store.erase_drafts(person).await?;
        // Last: whoever breaks off before finds the person by their login again.
        if args.account {
            account(&store, person, false).await?;
        }
    }
    done.account = parts;
    tell(&done, args);
    Ok(Exit::Ok)
}

/// By login or, since an erased account has none, by id.
async fn person(store: &Store, named: &str) -> Result<PersonId, Failure> {
    let wanted = named.trim().to_lowercase();
    let stored = store.directory_snapshot().await?;
    let mut people = stored.people.iter();
    if let Some(found) = people.find(|person| person.login.to_lowercase() == wanted) {
        return Ok(found.id);
    }
    let found = match wanted.parse() {
        Ok(id) => store.person(PersonId(id)).await?,
        Err(_) => None,
    };
    found
        .map(|person| person.id)
        .ok_or_else(|| Failure::new(Exit::Failed, format!("nobody signs in as {named}")))
}

/// Erases the account, or looks whether it can be, and says what there is of it.
async fn account(store: &Store, person: PersonId, dry: bool) -> Result<AccountParts, Failure> {
    let why = match store.erase_account(person, dry).await? {
        AccountErasure::Erased(parts) => return Ok(parts),
        AccountErasure::Active => "they are active: deactivate them first",
        AccountErasure::Unknown => "they have no account: no member of staff, or erased before",
    };
    Err(Failure::new(
        Exit::Failed,
        format!("nothing was erased of {person}'s account: {why}"),
    ))
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
        account,
    } = done;
    if args.json {
        let mut told = json!({
            "erased": !args.dry_run,
            "conversations": conversations,
            "messages": messages,
            "files": files,
            "drafts": drafts,
        });
        if let Some(parts) = account {
            told["account"] = json!({
                "sessions": parts.sessions,
                "settings": parts.settings,
                "drafts": parts.drafts,
                "service": parts.service,
            });
        }
        output::json(&told);
        return;
    }
    let would = if args.dry_run { "would be " } else { "" };
    output::line(&format!(
        "{messages} messages in {conversations} conversations, which showed {files} files, {would}erased"
    ));
    if let Some(parts) = account {
        let (sessions, settings, service) = (parts.sessions, parts.settings, parts.service);
        output::line(&format!(
            "the account, with {sessions} sessions, {settings} settings and {service} entries of the service, {would}erased"
        ));
    }
    if args.dry_run {
        output::note("nothing was changed: this was a dry run");
    }
}
