//! Delays that are themselves the fault: on the way to a provider, and before a death. Nothing waits here for a result.

use std::time::Duration;

/// Holds up whoever calls.
pub async fn hold_up(length: Duration) {
    tokio::time::sleep(length).await;
}
