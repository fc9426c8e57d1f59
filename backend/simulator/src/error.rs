//! What can go wrong when the simulator starts, keeps its books or stops.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a simulator could not start or stop.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SimulatorError {
    /// It hands out secrets and obeys an admin API, so it never listens beyond this machine.
    #[error("{0} is not a loopback address")]
    NotLoopback(SocketAddr),
    #[error("cannot listen on {address}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("cannot use {}", path.display())]
    DataDir { path: PathBuf, source: io::Error },
    /// A line or file that this version did not write, or that something else changed.
    #[error("{} is damaged near byte {offset}", path.display())]
    Damaged { path: PathBuf, offset: u64, source: serde_json::Error },
    #[error("cannot build the client that sends webhooks")]
    WebhookClient(#[source] reqwest::Error),
    #[error("cannot serialise an entry")]
    Serialise(#[from] serde_json::Error),
}
