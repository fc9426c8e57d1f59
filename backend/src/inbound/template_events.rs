//! Webhooks about templates: to their registrations, and into the feed.

use serde_json::json;

use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::WorkspaceId;
use crate::domain::time::Ts;
use crate::storage::StorageResult;
use crate::storage::conn::Conn;
use crate::templates::apply::apply_event;

use super::reading::Reading;

/// Applies what a batch of webhooks says of templates, each once: not again for a webhook that only waits for its send, since
/// the template may have changed in between. What concerns none that is known is told as it came, and the
/// account is looked at.
///
/// # Errors
/// The database's.
pub(super) fn apply(conn: &mut Conn, readings: &[&Reading], now: Ts) -> StorageResult<Vec<(WorkspaceId, NewEvent)>> {
    let mut news = Vec::new();
    for reading in readings.iter().filter(|reading| !reading.is_again()) {
        for (channel, event) in &reading.templates {
            let place = (channel.workspace, channel.id);
            let heard = apply_event(conn, place, channel.provider, event, reading.entry.id, now)?;
            news.extend(heard.news);
            if heard.look {
                let notice = NewEvent {
                    channel: Some(channel.id),
                    journal: Some(reading.entry.id),
                    data: json!({ "field": event.field, "value": event.raw }),
                    ..NewEvent::new(EventKind::ProviderNotice, reading.entry.received_at)
                };
                news.push((channel.workspace, notice));
            }
        }
    }
    Ok(news)
}
