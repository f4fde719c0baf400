//! The periodic work of every server.

use std::time::Duration;

use webim_model::{PersonId, Sources};
use webim_router::Router;
use webim_store::Store;

use crate::Jobs;
use crate::feeder::Feeder;
use crate::indexer::Indexer;

const SECOND: Duration = Duration::from_secs(1);

/// Starts the work that every server needs: read marks and presence (each second), who has left and who is here (each
/// second and each minute), the directory's version (every 2), durable hooks (each second), the index of the search
/// (twice a second), expired sessions (every 10 minutes), files that
/// nobody shows (every hour), and forgetting what the router keeps for the busy.
/// When the directory has changed, `on_directory` is told who is connected.
pub fn upkeep<F>(
    jobs: &Jobs,
    store: &Store,
    router: &Router,
    sources: &Sources,
    on_directory: impl Fn(Vec<PersonId>) -> F + Send + Sync + Clone + 'static,
) where
    F: Future<Output = ()> + Send,
{
    let each = router.clone();
    jobs.every("marks", SECOND, move || {
        let router = each.clone();
        async move { router.flush_marks().await }
    });
    let each = router.clone();
    jobs.every("presence", SECOND, move || {
        each.flush_presence();
        std::future::ready(())
    });
    seen(jobs, router);
    let each = router.clone();
    jobs.every("directory", 2 * SECOND, move || {
        let (router, on_directory) = (each.clone(), on_directory.clone());
        async move {
            // The router has logged why it could not.
            if router.renew_directory().await == Ok(true) {
                tracing::info!("the directory has changed");
                on_directory(router.connected()).await;
            }
        }
    });
    let each = router.clone();
    jobs.every("recent", 300 * SECOND, move || {
        each.sweep();
        std::future::ready(())
    });
    let (each, sources_of) = (store.clone(), sources.clone());
    jobs.every("sessions", 600 * SECOND, move || {
        let (store, now) = (each.clone(), sources_of.now());
        async move {
            match store.delete_expired_sessions(now).await {
                Ok(0) => {}
                Ok(count) => tracing::info!(count, "expired sessions were removed"),
                Err(error) => tracing::warn!(%error, "expired sessions could not be removed"),
            }
        }
    });
    let each = router.clone();
    jobs.every("files", 3_600 * SECOND, move || {
        let router = each.clone();
        async move { router.sweep_files().await }
    });
    let indexer = Indexer::new(store.clone(), router.clone(), sources.clone());
    jobs.every("search", SECOND, move || {
        let indexer = indexer.clone();
        async move { indexer.turn().await }
    });
    let feeder = Feeder::new(store.clone(), router.clone(), sources.clone());
    jobs.every("outbox", SECOND, move || {
        let feeder = feeder.clone();
        async move { feeder.turn().await }
    });
}

/// When people were last here.
fn seen(jobs: &Jobs, router: &Router) {
    let each = router.clone();
    jobs.every("left", SECOND, move || {
        let router = each.clone();
        async move { router.flush_seen().await }
    });
    let each = router.clone();
    jobs.every("here", 60 * SECOND, move || {
        let router = each.clone();
        async move { router.note_seen().await }
    });
}
