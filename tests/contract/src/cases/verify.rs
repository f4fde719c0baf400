//! Verification: finds what was changed behind the store's back, and accepts an erasure.

use std::sync::Arc;

use webim_model::ConversationId;
use webim_store::verify::Fault;

use super::Case;

on_all!(
    an_untouched_conversation_is_right,
    an_edited_body_is_found,
    a_forged_sender_is_found,
    a_gap_is_found,
    a_miscount_is_found,
    a_cut_end_is_found,
    an_erased_body_is_accepted,
);

async fn filled(case: &Case) -> ConversationId {
    let world = &case.world;
    let people = world.people(2).await;
    let conversation = world.store.direct(people[0], people[1]).await.unwrap();
    let mut batch: Vec<_> = (0..9)
        .map(|number| world.text(conversation, people[number % 2], "原文"))
        .collect();
    batch.push(world.line(conversation, "system"));
    world.commit(batch).await;
    conversation
}

async fn fault_after(case: &Case, sql: &str) -> (Option<Fault>, u64) {
    let conversation = filled(case).await;
    assert_eq!(case.database.beside().await.run(sql, Vec::new()).await, 1);
    let verified = case
        .world
        .store
        .verify(conversation)
        .await
        .unwrap()
        .unwrap();
    (verified.fault, verified.erased)
}

async fn an_untouched_conversation_is_right(case: Arc<Case>) {
    let conversation = filled(&case).await;
    let store = &case.world.store;
    let verified = store.verify(conversation).await.unwrap().unwrap();
    assert_eq!(
        (verified.messages, verified.erased, verified.fault),
        (10, 0, None)
    );
    assert_eq!(store.verify(case.world.id()).await.unwrap(), None);
    let people = case.world.people(2).await;
    let empty = store.direct(people[0], people[1]).await.unwrap();
    let verified = store.verify(empty).await.unwrap().unwrap();
    assert_eq!((verified.messages, verified.fault), (0, None));
    let mut all = store.conversation_ids(None, 10).await.unwrap();
    assert_eq!(all, [conversation.min(empty), conversation.max(empty)]);
    all.truncate(1);
    let rest = store.conversation_ids(Some(all[0]), 10).await.unwrap();
    assert_eq!(rest, [conversation.max(empty)]);
}

async fn an_edited_body_is_found(case: Arc<Case>) {
    let sql = "UPDATE messages SET body = '{\"text\":\"another\"}' WHERE seq = 4";
    assert_eq!(fault_after(&case, sql).await.0, Some(Fault::Body(4)));
}

async fn a_forged_sender_is_found(case: Arc<Case>) {
    let sql = "UPDATE messages SET sender_id = NULL WHERE seq = 5";
    assert_eq!(fault_after(&case, sql).await.0, Some(Fault::Chain(5)));
}

async fn a_gap_is_found(case: Arc<Case>) {
    let sql = "DELETE FROM messages WHERE seq = 6";
    assert_eq!(fault_after(&case, sql).await.0, Some(Fault::Gap(6)));
}

async fn a_miscount_is_found(case: Arc<Case>) {
    let sql = "UPDATE messages SET counted = 9 WHERE seq = 7";
    assert_eq!(fault_after(&case, sql).await.0, Some(Fault::Counted(7)));
}

async fn a_cut_end_is_found(case: Arc<Case>) {
    let sql = "UPDATE conversations SET last_seq = 8";
    assert_eq!(fault_after(&case, sql).await.0, Some(Fault::Head));
    let sql = "DELETE FROM messages WHERE seq = 8";
    let beside = case.database.beside().await;
    beside
        .run("UPDATE conversations SET last_seq = 10", Vec::new())
        .await;
    beside
        .run("DELETE FROM messages WHERE seq = 10", Vec::new())
        .await;
    assert_eq!(beside.run(sql, Vec::new()).await, 1);
    let all = case.world.store.conversation_ids(None, 10).await.unwrap();
    let verified = case.world.store.verify(all[0]).await.unwrap().unwrap();
    assert_eq!(verified.fault, Some(Fault::Gap(8)));
}

async fn an_erased_body_is_accepted(case: Arc<Case>) {
    let sql = "UPDATE messages SET body = '{\"text\":\"\"}', salt = NULL, fingerprint = NULL WHERE seq = 4";
    assert_eq!(fault_after(&case, sql).await, (None, 1));
}
