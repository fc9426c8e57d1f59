//! What a caller decides before the simulator starts.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Settings of one simulator. `Default` is a simulator in memory only, on a free port of the loopback interface.
#[derive(Clone)]
pub struct SimulatorConfig {
    /// Address of the one listener for both providers and the admin API. Must be a loopback address; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Folder for the ledger, the accounts and what they created, created when missing. `None` keeps all of it in memory.
    pub data_dir: Option<PathBuf>,
    /// Bearer token of the admin API. `None` makes a random one.
    pub admin_token: Option<String>,
    /// Times between acceptance and the receipts.
    pub pace: Pace,
    /// HTTP worker threads, 1 to 8.
    pub workers: usize,
    /// Webhooks in flight at the same time, 1 to 256.
    pub webhook_concurrency: usize,
    /// Statuses that may share one webhook of the direct provider when several are due, 1 to 1,000 (direct.md §3.3).
    pub webhook_batch: usize,
    /// Messages kept for look-ups and conversations. The oldest leave first; the ledger file keeps all until the next start.
    pub retained_messages: usize,
    /// Where the dice of faults with a probability begin; `None` begins anywhere.
    pub fault_seed: Option<u64>,
}

impl std::fmt::Debug for SimulatorConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimulatorConfig")
            .field("listen", &self.listen)
            .field("data_dir", &self.data_dir)
            .field("pace", &self.pace)
            .finish_non_exhaustive()
    }
}

impl Default for SimulatorConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data_dir: None,
            admin_token: None,
            pace: Pace::default(),
            workers: 1,
            webhook_concurrency: 16,
            webhook_batch: 16,
            retained_messages: 100_000,
            fault_seed: None,
        }
    }
}

/// Milliseconds between the acceptance of a message and each of its receipts.
///
/// A receipt never comes before the one it follows, whatever the figures say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pace {
    /// Until `sent`.
    pub sent_ms: u64,
    /// Until `delivered`; also until a late refusal.
    pub delivered_ms: u64,
    /// Until `read`; `None` means that the virtual customer never reads.
    pub read_ms: Option<u64>,
}

impl Default for Pace {
    fn default() -> Self {
        Self { sent_ms: 150, delivered_ms: 300, read_ms: Some(500) }
    }
}

impl Pace {
    /// Everything happens at once.
    pub const IMMEDIATE: Self = Self { sent_ms: 0, delivered_ms: 0, read_ms: Some(0) };
}
