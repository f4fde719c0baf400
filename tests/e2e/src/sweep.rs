//! What nobody can reach is removed, and nothing else: files that no message shows, bytes without a row.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Result;
use webim_model::FileId;
use webim_support::{RouterSetup, TestRouter, id};
use webim_wire::client::Target;

const HOUR: i64 = 60 * 60 * 1_000;

/// Uploads a small file.
pub async fn upload(router: &TestRouter, login: &str) -> Result<FileId> {
    let failed = |nay| anyhow::anyhow!("{nay:?}");
    let caller = router.caller(login)?;
    let begun = router.router.begin_upload(&caller, "a.txt").await;
    let mut incoming = begun.map_err(failed)?;
    incoming.write("words".into()).await.map_err(failed)?;
    Ok(incoming.finish(false).await.map_err(failed)?.id)
}

/// Every file below a folder.
fn kept(folder: &Path) -> Result<Vec<PathBuf>> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { &mut open } else { &mut found }.push(path);
        }
    }
    Ok(found)
}

fn has(folder: &Path, file: FileId) -> Result<bool> {
    let name = file.to_string();
    let named = |path: &PathBuf| path.to_string_lossy().contains(&name);
    Ok(kept(folder)?.iter().any(named))
}

#[tokio::test]
async fn what_nobody_shows_goes_after_a_day() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let setup = RouterSetup {
        files: Some(folder.path().to_owned()),
        ..RouterSetup::default()
    };
    let router = setup.start().await?;
    let mut lina = router.connect("lina").await?;
    let (shown, unused) = (
        upload(&router, "lina").await?,
        upload(&router, "lina").await?,
    );
    let to = Target::Person(router.person("zhangwei")?.0);
    lina.tell(to, &format!("file(/files/{shown})[a.txt]"))
        .await?;
    // Bytes whose row was never written, one of them from an upload that may be under way still.
    let (old, young) = (FileId(id()), FileId(id()));
    for (stray, written) in [(old, 0), (young, 20)] {
        let name = stray.to_string();
        let shelf = folder.path().join(&name[name.len() - 2..]);
        std::fs::create_dir_all(&shelf)?;
        let file = File::create(shelf.join(name))?;
        let hours = Duration::from_secs(written * 3_600);
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_millis(start(&router)) + hours)?;
    }
    router.clock.advance(24 * HOUR);
    router.router.sweep_files().await;
    assert!(has(folder.path(), unused)?, "a day is not over");
    router.clock.advance(1);
    let late = upload(&router, "lina").await?;
    router.router.sweep_files().await;
    let there =
        [shown, unused, late, old, young].map(|file| has(folder.path(), file).unwrap_or(false));
    assert_eq!(there, [true, false, true, false, true]);
    // What is shown is whole, what is gone is unknown.
    let caller = router.caller("zhangwei")?;
    assert!(router.router.file(&caller, shown).await.is_ok());
    let gone = router
        .router
        .file(&router.caller("lina")?, unused)
        .await
        .err();
    assert_eq!(gone.map(|nay| nay.refusal.code()), Some("file_unknown"));
    Ok(())
}

fn start(router: &TestRouter) -> u64 {
    u64::try_from(router.sources.now().0).unwrap_or_default()
}
