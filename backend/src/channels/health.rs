//! Holding a channel that can't send, and finding out when it can again.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use crate::domain::alert::{About, AlertKind, Concern};
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::failure::Failure;
use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::time::Ts;
use crate::providers::Depth;
use crate::storage::conn::Conn;
use crate::storage::{StorageError, StorageResult, channels, events, system};

use super::Channels;
use super::alerts;
use super::error::ChannelError;

/// Pause between two probes of one held channel.
const PROBE_PAUSE: Duration = Duration::from_secs(60);
/// Channels probed in one round, and how many of them at once.
const ROUND: u16 = 64;
const AT_ONCE: usize = 8;

/// Holds an active channel inside a transaction of the caller's. Returns the entries for the feed when this call changed the
/// channel: append them last, and after the commit call [`Channels::announce`].
///
/// # Errors
/// The database's.
pub fn hold_within(
    conn: &mut Conn,
    workspace: WorkspaceId,
    id: ChannelId,
    failure: &Failure,
    now: Ts,
) -> StorageResult<Vec<NewEvent>> {
    if !channels::hold(conn, workspace, id, Some(failure), now)? {
        return Ok(Vec::new());
    }
    let data = json!({ "by": "failure", "failure": failure });
    let mut news = vec![NewEvent { channel: Some(id), data, ..NewEvent::new(EventKind::ChannelHeld, now) }];
    let concern = Concern {
        kind: AlertKind::ChannelHeld,
        matter: None,
        detail: format!("The channel is held; its queue waits. {}", failure.detail),
        cure: Some("Cure what the connection check names; the queue moves again by itself.".to_owned()),
    };
    news.extend(alerts::raise_within(conn, workspace, id, &[concern], now)?);
    Ok(news)
}

/// Ends a hold inside a transaction of the caller's, whoever made it. Returns the entries for the feed, as [`hold_within`];
/// none when the channel was not held.
///
/// # Errors
/// The database's.
pub fn resume_within(
    conn: &mut Conn,
    workspace: WorkspaceId,
    id: ChannelId,
    data: Value,
    now: Ts,
) -> StorageResult<Vec<NewEvent>> {
    if !channels::resume(conn, workspace, id, now)? {
        return Ok(Vec::new());
    }
    let mut news = vec![NewEvent { channel: Some(id), data, ..NewEvent::new(EventKind::ChannelResumed, now) }];
    news.extend(alerts::clear_within(conn, workspace, id, &[AlertKind::ChannelHeld], About::Channel, now)?);
    Ok(news)
}

impl Channels {
    /// Holds an active channel because its provider refuses everything. Returns whether this call changed it.
    ///
    /// # Errors
    /// The database's.
    pub async fn hold_for(&self, workspace: WorkspaceId, id: ChannelId, failure: Failure) -> StorageResult<bool> {
        let now = self.clock.now();
        let held = self
            .db
            .write(move |conn| {
                let news = hold_within(conn, workspace, id, &failure, now)?;
                let held = !news.is_empty();
                events::append(conn, news.into_iter().map(|event| (workspace, event)).collect())?;
                Ok(held)
            })
            .await?;
        if held {
            tracing::warn!(channel = %id, "channel held: its provider refuses everything");
            self.announce(workspace, id);
        }
        Ok(held)
    }

    /// Holds an active channel because a person wants it; no probe ends this.
    ///
    /// # Errors
    /// No such channel in this workspace, or it is not active.
    pub async fn hold(&self, workspace: WorkspaceId, id: ChannelId) -> Result<(), ChannelError> {
        let now = self.clock.now();
        let event = self.event(EventKind::ChannelHeld, id, json!({ "by": "person" }));
        self.turn(workspace, id, "the channel is not active", move |conn| {
            Ok(if channels::hold(conn, workspace, id, None, now)? { vec![event] } else { Vec::new() })
        })
        .await
    }

    /// Ends a hold, whoever made it.
    ///
    /// # Errors
    /// No such channel in this workspace, or it is not held.
    pub async fn resume(&self, workspace: WorkspaceId, id: ChannelId) -> Result<(), ChannelError> {
        let now = self.clock.now();
        self.turn(workspace, id, "the channel is not held", move |conn| {
            resume_within(conn, workspace, id, json!({ "by": "person" }), now)
        })
        .await
    }

    /// Checks the held channels whose last look is a minute old; those that are green resume. Returns how many did.
    ///
    /// # Errors
    /// The list of held channels can't be read; single channels that can't be checked are logged.
    pub async fn probe_held(&self) -> StorageResult<usize> {
        let before = self.clock.now().minus(PROBE_PAUSE);
        let resting = self.resting();
        let held = self.db.read(move |conn| system::channels::held_by_failure(conn, before, &resting, ROUND)).await?;
        let probes = held.into_iter().map(|(workspace, id)| async move {
            if !self.may_look(id).await {
                return 0;
            }
            match self.check(workspace, id, Depth::Reading).await {
                Ok(diagnosis) => usize::from(diagnosis.resumed),
                Err(error) => {
                    tracing::warn!(channel = %id, %error, "held channel not probed");
                    0
                }
            }
        });
        Ok(stream::iter(probes).buffer_unordered(AT_ONCE).fold(0, async |sum, resumed| sum + resumed).await)
    }

    async fn turn(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
        otherwise: &'static str,
        change: impl FnOnce(&mut Conn) -> StorageResult<Vec<NewEvent>> + Send + 'static,
    ) -> Result<(), ChannelError> {
        let changed = self
            .db
            .write(move |conn| {
                channels::lock(conn, workspace, id)?;
                let news = change(conn)?;
                let changed = !news.is_empty();
                events::append(conn, news.into_iter().map(|event| (workspace, event)).collect())?;
                Ok::<_, StorageError>(changed)
            })
            .await?;
        if !changed {
            return Err(ChannelError::State(otherwise));
        }
        self.announce(workspace, id);
        Ok(())
    }
}
