//! Making Contents at the provider, a few at a time.

use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::time::Instant;

use crate::providers::{StoredForm, WhatsAppService};

use super::{Outcomes, Serves};

/// Calls on the wire at once (twilio.md §5: at most 20 for the whole account, sends included).
const AT_ONCE: usize = 5;

/// Makes what is missing. What was not begun before `deadline` has no outcome.
pub(super) async fn make(
    service: &dyn WhatsAppService,
    missing: Vec<(Serves, StoredForm)>,
    deadline: Instant,
) -> Outcomes {
    let outcomes = stream::iter(missing).map(|(serves, form)| async move {
        if Instant::now() >= deadline {
            return None;
        }
        let outcome = service.create_stored_content(&form).await;
        let made = if outcome.is_ok() { "yes" } else { "no" };
        metrics::counter!("duplex_stored_contents_total", "made" => made).increment(1);
        Some((serves, outcome))
    });
    outcomes.buffer_unordered(AT_ONCE).filter_map(std::future::ready).collect().await
}

/// Deletes what nobody could find again.
pub(super) async fn discard(service: &dyn WhatsAppService, ids: &[String]) {
    for id in ids {
        if let Err(error) = service.delete_stored_content(id).await {
            tracing::warn!(content = id, %error, "a Content stays behind at the provider; delete it there by hand");
        }
    }
}
