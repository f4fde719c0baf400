//! `webim verify`.

use serde_json::{Value, json};
use webim_model::{ConversationId, Sources};
use webim_store::Store;
use webim_store::verify::Fault;

use crate::cli::VerifyArgs;
use crate::exit::{End, Exit};
use crate::{config, node, output};

/// Conversations whose ids are read at once.
const PAGE: u64 = 500;

#[derive(Default)]
struct Found {
    conversations: u64,
    messages: u64,
    erased: u64,
    faults: Vec<(ConversationId, Fault)>,
}

pub async fn run(args: &VerifyArgs) -> End {
    let config = config::load(Some(&args.config.config))?;
    let store = node::open(&config.database, &Sources::system()).await?;
    super::up_to_date(&store).await?;
    let found = go_through(&store).await?;
    if args.json {
        let faults: Vec<Value> = found.faults.iter().map(fault).collect();
        output::json(&json!({
            "conversations": found.conversations,
            "messages": found.messages,
            "erased": found.erased,
            "faults": faults,
        }));
    } else {
        for (conversation, fault) in &found.faults {
            output::line(&format!(
                "conversation {conversation}: {}",
                sentence(*fault)
            ));
        }
        let Found {
            conversations,
            messages,
            erased,
            ..
        } = found;
        let faults = found.faults.len();
        output::line(&format!(
            "{conversations} conversations, {messages} messages ({erased} erased): {faults} faults"
        ));
    }
    Ok(if found.faults.is_empty() {
        Exit::Ok
    } else {
        Exit::Findings
    })
}

async fn go_through(store: &Store) -> Result<Found, webim_store::StoreError> {
    let mut found = Found::default();
    let mut after = None;
    loop {
        let ids = store.conversation_ids(after, PAGE).await?;
        let Some(last) = ids.last() else {
            return Ok(found);
        };
        after = Some(*last);
        for id in ids {
            // One that has gone meanwhile is none to check.
            let Some(verified) = store.verify(id).await? else {
                continue;
            };
            found.conversations += 1;
            found.messages += verified.messages;
            found.erased += verified.erased;
            found.faults.extend(verified.fault.map(|fault| (id, fault)));
        }
        output::note(&format!(
            "{} conversations, {} messages so far",
            found.conversations, found.messages
        ));
    }
}

fn parts(fault: Fault) -> (&'static str, Option<u64>) {
    match fault {
        Fault::Gap(seq) => ("gap", Some(seq)),
        Fault::Counted(seq) => ("counted", Some(seq)),
        Fault::Body(seq) => ("body", Some(seq)),
        Fault::Chain(seq) => ("chain", Some(seq)),
        Fault::Head => ("head", None),
    }
}

fn fault((conversation, fault): &(ConversationId, Fault)) -> Value {
    let (kind, seq) = parts(*fault);
    json!({"conversation": conversation.to_string(), "fault": kind, "seq": seq})
}

fn sentence(fault: Fault) -> String {
    match fault {
        Fault::Gap(seq) => format!("message {seq} is missing"),
        Fault::Counted(seq) => format!("message {seq} miscounts"),
        Fault::Body(seq) => format!("the body of message {seq} was changed"),
        Fault::Chain(seq) => {
            format!("message {seq} or one before it was changed, moved or replaced")
        }
        Fault::Head => "its head does not fit its last message".to_owned(),
    }
}
