//! A wire between the server and its database that a test can cut and mend.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Result;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Passes bytes on to `target` until it is cut.
pub struct Proxy {
    /// Where it listens.
    pub address: SocketAddr,
    whole: Arc<watch::Sender<bool>>,
}

impl Proxy {
    /// A whole wire to `target` (`host:port`).
    pub async fn new(target: &str) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let whole = Arc::new(watch::Sender::new(true));
        tokio::spawn(accept(listener, target.to_owned(), whole.clone()));
        Ok(Self { address, whole })
    }

    /// Ends every connection, and from now on each new one at once.
    pub fn cut(&self) {
        self.whole.send_replace(false);
    }

    /// Lets connections through again.
    pub fn mend(&self) {
        self.whole.send_replace(true);
    }
}

async fn accept(listener: TcpListener, target: String, whole: Arc<watch::Sender<bool>>) {
    // Ends with the test's runtime, or when the listener fails.
    while let Ok((near, _)) = listener.accept().await {
        let mut watch = whole.subscribe();
        if !*watch.borrow() {
            continue;
        }
        let target = target.clone();
        tokio::spawn(async move {
            let passing = async {
                let mut near = near;
                let mut far = TcpStream::connect(target).await?;
                tokio::io::copy_bidirectional(&mut near, &mut far).await
            };
            tokio::select! {
                _ = passing => {}
                _ = watch.wait_for(|whole| !whole) => {}
            }
        });
    }
}
