//! What people write to leave and to come back: the workspace's words, and the keywords on which Twilio acts (twilio.md §5).

use std::collections::BTreeSet;

use crate::domain::event::NewEvent;
use crate::domain::ids::{ContactId, WorkspaceId};
use crate::domain::inbound::{InboundContent, OptOut};
use crate::domain::opt_out::{Asked, OptOutWords};
use crate::domain::suppression::{OptChange, SuppressionScope, SuppressionSource};
use crate::domain::time::Ts;
use crate::storage::conn::Conn;
use crate::storage::{StorageResult, suppressions, workspaces};

use super::people::Sender;

/// What somebody has just written.
pub(super) struct Said<'a> {
    pub sender: &'a Sender<'a>,
    pub content: &'a InboundContent,
}

/// Notes who wants no messages from here on and who wants them again, in the transaction that stores what they wrote. Returns
/// what to tell the feeds.
pub(super) fn apply(conn: &mut Conn, all: &[Said<'_>], now: Ts) -> StorageResult<Vec<(WorkspaceId, NewEvent)>> {
    let speaks = |said: &&Said<'_>| matches!(said.content, InboundContent::Text(_) | InboundContent::ButtonReply(_));
    let speaking: BTreeSet<WorkspaceId> = all.iter().filter(speaks).map(|said| said.sender.channel.workspace).collect();
    if speaking.is_empty() {
        return Ok(Vec::new());
    }
    let settings = workspaces::delivery_settings_of(conn, &speaking)?;
    let mut changes: Vec<(WorkspaceId, ContactId, OptChange)> = Vec::new();
    for said in all {
        let workspace = said.sender.channel.workspace;
        let Some(settings) = settings.get(&workspace) else { continue };
        changes
            .extend(heard(said, &settings.opt_out).into_iter().map(|change| (workspace, said.sender.contact, change)));
    }
    let changed = suppressions::apply(conn, &changes, now)?;
    Ok(changed.iter().filter_map(|changed| changed.event(now)).collect())
}

/// What it changes. Whoever comes back is reached again with everything.
fn heard(said: &Said<'_>, words: &OptOutWords) -> Vec<OptChange> {
    let text = match said.content {
        InboundContent::Text(text) => Some(text.body.trim()),
        _ => None,
    };
    let (asked, word, source, scope) = match (said.sender.event.context.opt_out, words.heard_in(said.content)) {
        // Twilio blocks the sender altogether, whatever the workspace's words would end.
        (Some(OptOut::Stop), _) => (Asked::Out, text, SuppressionSource::Provider, SuppressionScope::All),
        (Some(OptOut::Start), _) => (Asked::In, text, SuppressionSource::Provider, SuppressionScope::All),
        (_, Some((asked, word))) => (asked, Some(word), SuppressionSource::Word, words.scope),
        _ => return Vec::new(),
    };
    let scopes: &[SuppressionScope] = match asked {
        Asked::Out => &[scope],
        Asked::In => SuppressionScope::ALL,
    };
    let change = |scope: &SuppressionScope| OptChange {
        scope: *scope,
        stops: asked == Asked::Out,
        source,
        detail: word.map(str::to_owned),
        channel: Some(said.sender.channel.id),
        at: said.sender.at,
    };
    scopes.iter().map(change).collect()
}
