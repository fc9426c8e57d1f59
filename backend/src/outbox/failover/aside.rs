//! Setting a refused message aside for the other provider, in the transaction that settles its refusal.

use std::collections::{BTreeSet, HashMap};

use serde_json::json;

use crate::domain::event::{EventKind, NewEvent};
use crate::domain::failover::FailoverMode;
use crate::domain::ids::WorkspaceId;
use crate::domain::state::{HoldReason, MessageState};
use crate::domain::terms::Terms;
use crate::outbox::outcome::{Fact, What};
use crate::providers::SendError;
use crate::providers::webhook::StatusOutcome;
use crate::storage::conn::Conn;
use crate::storage::track::TrackedMessage;
use crate::storage::{StorageResult, workspaces};

/// The workspaces whose messages go by the other provider by themselves.
#[derive(Debug, Default)]
pub struct ByThemselves(HashMap<WorkspaceId, FailoverMode>);

impl ByThemselves {
    /// Reads the settings that these facts can make a difference to.
    ///
    /// # Errors
    /// The database's.
    pub fn of<'a>(
        conn: &mut Conn,
        facts: &[Fact],
        messages: impl Iterator<Item = &'a TrackedMessage>,
    ) -> StorageResult<Self> {
        if !facts.iter().any(|fact| refusal(&fact.what).is_some()) {
            return Ok(Self::default());
        }
        let ids: BTreeSet<WorkspaceId> = messages.map(|message| message.workspace_id).collect();
        let modes = ids.into_iter().map(|id| Ok((id, workspaces::delivery_settings(conn, id)?.failover)));
        Ok(Self(modes.collect::<StorageResult<_>>()?))
    }

    fn wants(&self, message: &TrackedMessage) -> bool {
        let terms: Terms = message.terms.clone().and_then(|terms| terms.read().ok()).unwrap_or_default();
        let own = terms.fallback.map(|fallback| fallback.mode);
        let mode = own.or_else(|| self.0.get(&message.workspace_id).copied());
        terms.moved_from.is_none() && mode == Some(FailoverMode::Automatic)
    }

    /// Keeps a message that has just failed, if the other provider may well deliver it, until somebody has looked whether that
    /// one is ready. Its failure is told when it is final.
    pub fn set_aside(&self, message: &mut TrackedMessage, fact: &Fact, was: MessageState, news: &mut [NewEvent]) {
        let failed = message.state == MessageState::Failed && was != MessageState::Failed;
        if !failed || refusal(&fact.what).is_none() || !self.wants(message) {
            return;
        }
        message.state = MessageState::Queued;
        message.hold_reason = Some(HoldReason::Failover);
        message.run_at = fact.at;
        message.failed_at = None;
        message.provider_message_id = None;
        message.accepted_at = None;
        message.sent_at = None;
        for event in news.iter_mut().filter(|event| event.kind == EventKind::MessageFailed) {
            event.kind = EventKind::MessageHeld;
            event.data = json!({ "failure": message.failure.as_ref().map(|failure| &failure.0), "hold_reason": HoldReason::Failover });
        }
    }
}

/// A refusal that the other provider need not repeat.
fn refusal(what: &What) -> Option<&SendError> {
    let error = match what {
        What::Answered(Err(error)) | What::Reported { outcome: StatusOutcome::Refused(error), .. } => error,
        _ => return None,
    };
    error.may_go_elsewhere().then_some(error)
}
