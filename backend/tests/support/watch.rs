//! Waiting for another process, which can't be drained: look, and look again until a deadline.

use std::time::{Duration, Instant};

/// Long enough for a loaded machine; nothing that works comes near it.
pub const DEADLINE: Duration = Duration::from_secs(60);
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// The first value that `look` finds.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    until_within(DEADLINE, what, async || look().await.ok_or_else(String::new)).await
}

/// The first value that `look` finds, for what has a deadline of its own; until then `look` says what is missing.
pub async fn until_within<T>(deadline: Duration, what: &str, mut look: impl AsyncFnMut() -> Result<T, String>) -> T {
    let begun = Instant::now();
    loop {
        let missing = match look().await {
            Ok(found) => return found,
            Err(missing) => missing,
        };
        assert!(begun.elapsed() < deadline, "waited {deadline:?} in vain for {what}; {missing}");
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}
