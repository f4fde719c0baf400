//! The master keys of a server: made at its first start, added to, refused where others can read them.

use std::os::unix::fs::PermissionsExt as _;

use anyhow::{Context, Result};
use webim_support::{Setup, TestServer};

fn mode(server: &TestServer) -> Result<u32> {
    let file = server.folder().join("master.key");
    Ok(std::fs::metadata(file)?.permissions().mode() & 0o777)
}

#[tokio::test]
async fn the_first_start_makes_a_key_that_nobody_else_reads() -> Result<()> {
    let mut server = Setup::sqlite()?.prepare().await?;
    let file = server.folder().join("master.key");
    assert!(!file.exists());
    server.run().await?;
    assert_eq!(mode(&server)?, 0o600);
    let first = std::fs::read_to_string(&file)?;
    let rotated = server
        .webim(&["keys", "rotate", "--config", "webim.toml", "--json"])
        .await?;
    let id = rotated.json()?["id"].as_str().context("id")?.to_owned();
    let second = std::fs::read_to_string(&file)?;
    assert!(second.starts_with(&first) && second.contains(&format!("\n{id}:")));
    assert_eq!(mode(&server)?, 0o600);
    server.restart().await?;
    assert_eq!(
        std::fs::read_to_string(&file)?,
        second,
        "a start changes nothing"
    );
    let shown = format!("{}{}{}", rotated.out, rotated.err, server.log()?);
    for line in second.lines().filter(|line| !line.starts_with('#')) {
        let (_, secret) = line.split_once(':').context("a key")?;
        assert!(!shown.contains(secret), "a key was shown");
    }
    Ok(())
}

#[tokio::test]
async fn a_key_that_others_can_read_is_refused() -> Result<()> {
    let mut server = Setup::sqlite()?.prepare().await?;
    let file = server.folder().join("master.key");
    std::fs::write(
        &file,
        "0a1b2c3d:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
    )?;
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644))?;
    let said = server
        .run()
        .await
        .err()
        .context("it does not start")?
        .to_string();
    assert!(said.contains("can be read by others (mode 644)"), "{said}");
    assert!(
        said.contains("chmod 600") && !said.contains("AAAA"),
        "{said}"
    );
    let rotated = server
        .webim(&["keys", "rotate", "--config", "webim.toml"])
        .await?;
    assert_eq!(rotated.code, 4, "{}", rotated.err);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600))?;
    server.run().await?;
    server.stop().await?;
    std::fs::write(&file, "nonsense\n")?;
    let said = server
        .run()
        .await
        .err()
        .context("it does not start")?
        .to_string();
    assert!(said.contains("key 1 is not like"), "{said}");
    Ok(())
}
