//! Waiting for another process, which can't be drained: look, and look again until a deadline.

use std::time::{Duration, Instant};

/// Long enough for a loaded machine; nothing that works comes near it.
pub const DEADLINE: Duration = Duration::from_secs(60);
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// The first value that `look` finds.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(begun.elapsed() < DEADLINE, "waited {DEADLINE:?} in vain for {what}");
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}
