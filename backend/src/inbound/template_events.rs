//! Webhooks about templates: to their registrations, and into the feed.

use std::collections::BTreeSet;

use serde_json::json;

use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{JournalId, WorkspaceId};
use crate::domain::time::Ts;
use crate::storage::StorageResult;
use crate::storage::conn::Conn;
use crate::templates::apply::apply_event;

use super::reading::Reading;

/// What a batch of webhooks said of templates.
#[derive(Default)]
pub(super) struct Told {
    pub news: Vec<(WorkspaceId, NewEvent)>,
    /// Webhooks about templates that are not known yet: a verdict can be faster than the answer to the submission.
    pub early: BTreeSet<JournalId>,
}

/// Applies what a batch of webhooks says of templates, each thing once. What concerns none that is known is also told as it
/// came, and the account is looked at.
///
/// # Errors
/// The database's.
pub(super) fn apply(conn: &mut Conn, readings: &[&Reading], now: Ts) -> StorageResult<Told> {
    let mut told = Told::default();
    for reading in readings {
        for (channel, event) in &reading.templates {
            let place = (channel.workspace, channel.id);
            let came = (reading.entry.id, reading.entry.received_at, reading.is_again());
            let heard = apply_event(conn, place, channel.provider, event, came, now)?;
            told.news.extend(heard.news);
            if heard.early {
                told.early.insert(reading.entry.id);
            }
            if heard.look {
                let notice = NewEvent {
                    channel: Some(channel.id),
                    journal: Some(reading.entry.id),
                    data: json!({ "field": event.field, "value": event.raw }),
                    ..NewEvent::new(EventKind::ProviderNotice, reading.entry.received_at)
                };
                told.news.push((channel.workspace, notice));
            }
        }
    }
    Ok(told)
}
