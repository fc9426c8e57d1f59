//! What a person decides about unknown messages.

use rand::RngExt;
use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::SharedClock;
use crate::domain::ids::{AttemptId, MessageId, WorkspaceId};
use crate::domain::provider::word;
use crate::domain::state::MessageState;
use crate::domain::unknown::Decision;
use crate::live::Live;
use crate::storage::unknowns::{self, UnknownFilter};
use crate::storage::{Db, StorageError, StorageResult, events};

use super::super::dispatcher::Dispatcher;
use super::super::outcome::{Fact, Present, What};
use super::super::settle;

/// Messages decided on in one transaction.
const BATCH: u16 = 500;

/// Applies decisions. A webhook that comes at the same time wins: what it has settled is left as it is.
pub struct Decisions {
    pub db: Db,
    pub dispatcher: Dispatcher,
    pub live: Live,
    pub clock: SharedClock,
}

word! {
    /// Why a decision had no effect on a message.
    pub enum Undecided {
        /// There is no such message in the workspace.
        NotFound = "not_found",
        /// Something else has settled it.
        MessageNotUnknown = "message_not_unknown",
    }
}

/// A message that a decision left as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeftOpen {
    pub id: MessageId,
    pub reason: Undecided,
}

/// What a decision about several messages led to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct DecidedMany {
    /// Messages that are settled or sent again now.
    pub decided: u64,
    /// Of those that were named, which are left as they were, and why.
    pub left_out: Vec<LeftOpen>,
}

impl Decisions {
    /// About named messages.
    ///
    /// # Errors
    /// The database failed; nothing is decided.
    pub async fn of_ids(
        &self,
        workspace: WorkspaceId,
        ids: Vec<MessageId>,
        decision: Decision,
    ) -> StorageResult<DecidedMany> {
        let asked = ids.clone();
        let standing = self.db.read(move |conn| unknowns::standing(conn, workspace, &asked)).await?;
        let mut told = DecidedMany::default();
        let mut open = Vec::new();
        for id in ids {
            match standing.get(&id) {
                Some((MessageState::Unknown, Some(attempt))) => open.push((id, *attempt)),
                Some(_) => told.left_out.push(LeftOpen { id, reason: Undecided::MessageNotUnknown }),
                None => told.left_out.push(LeftOpen { id, reason: Undecided::NotFound }),
            }
        }
        let decided = self.apply(&open, decision).await?;
        let missed = open.into_iter().filter(|(id, _)| !decided.contains(id));
        told.left_out.extend(missed.map(|(id, _)| LeftOpen { id, reason: Undecided::MessageNotUnknown }));
        told.decided = u64::try_from(decided.len()).unwrap_or(u64::MAX);
        Ok(told)
    }

    /// About all that a filter finds, in one transaction for each few hundred.
    ///
    /// # Errors
    /// The database failed; what was decided until then stays so.
    pub async fn of_filter(
        &self,
        workspace: WorkspaceId,
        filter: UnknownFilter,
        decision: Decision,
    ) -> StorageResult<DecidedMany> {
        let mut told = DecidedMany::default();
        let mut after = None;
        loop {
            let wanted = filter.clone();
            let open = self.db.read(move |conn| unknowns::attempts_of(conn, workspace, &wanted, after, BATCH)).await?;
            let Some((last, _)) = open.last().copied() else { return Ok(told) };
            after = Some(last);
            let decided = self.apply(&open, decision.clone()).await?;
            told.decided = told.decided.saturating_add(u64::try_from(decided.len()).unwrap_or(u64::MAX));
        }
    }

    /// The messages on which the decision had an effect.
    async fn apply(&self, open: &[(MessageId, AttemptId)], decision: Decision) -> StorageResult<Vec<MessageId>> {
        let at = decision.at;
        let fact = |attempt| Fact { attempt, what: What::Decided(decision.clone()), at, journal: None, channel: None };
        let facts: Vec<Fact> = open.iter().map(|(_, attempt)| fact(*attempt)).collect();
        let present = Present { now: self.clock.now(), random: rand::rng().random() };
        let (decided, workspaces, requeued) = self
            .db
            .write(move |conn| {
                let mut settled = settle::apply(conn, &facts, present)?;
                // Each decision that has an effect is told of once.
                let decided: Vec<MessageId> = settled.events.iter().filter_map(|(_, event)| event.message).collect();
                events::append(conn, std::mem::take(&mut settled.events))?;
                Ok::<_, StorageError>((decided, settled.workspaces, !settled.requeued.is_empty()))
            })
            .await?;
        if requeued {
            self.dispatcher.wake();
        }
        workspaces.into_iter().for_each(|workspace| self.live.notify(workspace));
        Ok(decided)
    }
}
