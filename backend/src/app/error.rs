//! Why the program does not start: one line each, for the operator.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::auth::AuthError;
use crate::storage::StorageError;
use crate::telemetry::MetricsError;

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("--data-dir (DUPLEX_DATA_DIR): {}: {source}", path.display())]
    DataFolder { path: PathBuf, source: std::io::Error },
    #[error("--database-url (DATABASE_URL): {0}")]
    Database(StorageError),
    #[error("--secret-key (DUPLEX_SECRET_KEY): {0}")]
    BadKey(#[from] crate::vault::BadKey),
    #[error("--secret-key (DUPLEX_SECRET_KEY): must be given with PostgreSQL; make one with: openssl rand -base64 32")]
    NoKey,
    #[error(
        "--secret-key (DUPLEX_SECRET_KEY): not the key with which this database's secrets were sealed; give that one"
    )]
    WrongKey,
    #[error("--role (DUPLEX_ROLE): on SQLite one process does everything; take PostgreSQL for several nodes")]
    RoleOnSqlite,
    #[error(
        "--sandbox (DUPLEX_SANDBOX): the simulator runs within a node that does everything; with --role api or worker set it to off"
    )]
    SandboxOfRole,
    #[error("{address}: {source}")]
    Listen { address: SocketAddr, source: std::io::Error },
    #[error("--public-url (DUPLEX_PUBLIC_URL): {0}")]
    PublicUrl(url::ParseError),
    #[error("--simulator-listen (DUPLEX_SIMULATOR_LISTEN): {0}")]
    Simulator(#[from] duplex_simulator::SimulatorError),
    #[error("--metrics-listen (DUPLEX_METRICS_LISTEN): {0}")]
    Metrics(#[from] MetricsError),
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// Something below failed that no setting explains.
    #[error("{0}")]
    Other(String),
}

impl StartError {
    pub(super) fn setup(error: AuthError) -> Self {
        match error {
            AuthError::Storage(error) => Self::Database(error),
            other => Self::Other(other.to_string()),
        }
    }
}
