//! Leases of limit groups, and taking due messages into memory.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::super::sending::HeldLease;
use super::super::settle;
use super::super::sharing::Standing;
use super::{Dispatcher, locked, micros};
use crate::crash;
use crate::domain::circuit::CircuitState;
use crate::domain::class::MessageClass;
use crate::domain::event::NewEvent;
use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::time::Ts;
use crate::queue::signals::Signal;
use crate::storage::beginnings::Fence;
use crate::storage::conn::Conn;
use crate::storage::delivery::{self, Claimed, DueLane, Returned};
use crate::storage::{StorageResult, events, leases, track};

/// How long a lease lasts on the database's clock, how often it is renewed, and how long before its end nothing is begun.
struct Terms {
    lease: Duration,
    renew: Duration,
}

/// Nodes that share a PostgreSQL take over from each other soon.
const SHARED: Terms = Terms { lease: Duration::from_secs(10), renew: Duration::from_secs(3) };
/// On SQLite nobody else can be there, and an idle program need not write.
const ALONE: Terms = Terms { lease: Duration::from_secs(24 * 3_600), renew: Duration::from_secs(3_600) };
const MARGIN: Duration = Duration::from_secs(3);
/// How long a claimed message may wait in memory for its token.
const CLAIM_LEASE: Duration = Duration::from_secs(60);

impl Dispatcher {
    pub(super) async fn renew_leases(&self) -> StorageResult<()> {
        self.let_go().await?;
        let terms = if self.0.db.is_postgres() { SHARED } else { ALONE };
        let wanted = std::mem::take(&mut *locked(&self.0.wanted));
        let fresh = locked(&self.0.renewed).is_some_and(|at| at.elapsed() < terms.renew);
        if fresh && wanted.is_empty() {
            return Ok(());
        }
        let asked = Instant::now();
        let holder = self.0.settings.holder.clone();
        let now = self.0.clock.now();
        let known: Vec<String> = locked(&self.0.motion).leases.keys().cloned().collect();
        let (more, asked_for) = (wanted.clone(), wanted.clone());
        let taken = self
            .0
            .db
            .write(move |conn| {
                let mut groups: BTreeSet<String> = leases::limit_groups(conn)?.into_iter().collect();
                groups.extend(more);
                if !conn.is_postgres() {
                    // Alone there is no former holder: the start has put back what was left.
                    let groups: Vec<String> = groups.into_iter().collect();
                    return Ok((leases::take(conn, &groups, &holder, micros(terms.lease), true)?, BTreeSet::new()));
                }
                let (nodes, holders) = leases::present(conn, &holder, micros(terms.lease))?;
                let share = Standing { nodes, holders }.share_of(&holder, &groups);
                let held = leases::take(conn, &share.ask, &holder, micros(terms.lease), false)?;
                for lease in held.iter().filter(|lease| !known.contains(&lease.name)) {
                    track::requeue_of_former_holder(conn, &lease.name, &holder, now)?;
                }
                Ok((held, share.leave))
            })
            .await;
        let (held, leave) = taken.inspect_err(|_| locked(&self.0.wanted).extend(wanted))?;
        *locked(&self.0.renewed) = Some(asked);
        locked(&self.0.refused).retain(|group| !held.iter().any(|lease| lease.name == *group));
        locked(&self.0.refused)
            .extend(asked_for.into_iter().filter(|group| !held.iter().any(|lease| lease.name == *group)));
        let mut lost = self.replace_leases(held, asked + terms.lease - MARGIN);
        lost.extend(locked(&self.0.motion).give_back(|_, group| leave.contains(group)));
        *locked(&self.0.leaving) = leave;
        self.release(lost).await
    }

    /// Gives the limit groups to other nodes that this one has one too many of, once nothing of them is on the wire.
    async fn let_go(&self) -> StorageResult<()> {
        let quiet: Vec<String> = {
            let (leaving, motion) = (locked(&self.0.leaving), locked(&self.0.motion));
            leaving.iter().filter(|group| motion.is_quiet(group)).cloned().collect()
        };
        if quiet.is_empty() {
            return Ok(());
        }
        let (holder, names) = (self.0.settings.holder.clone(), quiet.clone());
        self.0.db.write(move |conn| leases::let_go(conn, &holder, &names)).await?;
        locked(&self.0.leaving).retain(|group| !quiet.contains(group));
        let mut motion = locked(&self.0.motion);
        motion.leases.retain(|group, _| !quiet.contains(group));
        motion.forget_groups(|group| quiet.iter().any(|one| one == group));
        drop(motion);
        self.0.settings.signals.tell(Signal::Messages);
        Ok(())
    }

    /// Keeps what is held now; gives back what was claimed under leases that are gone.
    fn replace_leases(&self, held: Vec<leases::Held>, until: Instant) -> Vec<Returned> {
        let mut motion = locked(&self.0.motion);
        motion.leases = held.into_iter().map(|lease| (lease.name, HeldLease { epoch: lease.epoch, until })).collect();
        let names: BTreeSet<String> = motion.leases.keys().cloned().collect();
        let lost = motion.give_back(|_, group| !names.contains(group));
        motion.forget_groups(|group| !names.contains(group));
        lost
    }

    /// What a commit must demand before anything of a group is sent; `None` unless the group's lease lasts a while yet.
    pub(super) fn fence_of(&self, group: &str) -> Option<Fence> {
        let lease = locked(&self.0.motion).leases.get(group).copied().filter(|lease| lease.until > Instant::now())?;
        Some(Fence { group: group.to_owned(), epoch: lease.epoch })
    }

    pub(super) async fn claim(&self) -> StorageResult<()> {
        let stale = locked(&self.0.motion).take_stale();
        self.release(stale).await?;
        let groups: Vec<String> = {
            let (leaving, motion, now) = (locked(&self.0.leaving), locked(&self.0.motion), Instant::now());
            let sends = |(group, lease): &(&String, &HeldLease)| lease.until > now && !leaving.contains(*group);
            motion.leases.iter().filter(sends).map(|(group, _)| group.clone()).collect()
        };
        if groups.is_empty() {
            return Ok(());
        }
        let now = self.0.clock.now();
        let mut due =
            self.0.db.read(move |conn| delivery::due_lanes(conn, groups.iter().map(String::as_str), now)).await?;
        due.sort_by_key(|lane| (lane.id, lane.class));
        self.get_to_know(&due).await?;
        let wanted: Vec<(DueLane, u32)> = due
            .into_iter()
            .map(|lane| (self.room(lane.id, lane.class), lane))
            .filter(|(room, _)| *room > 0)
            .map(|(room, lane)| (lane, u32::try_from(room).unwrap_or(u32::MAX)))
            .collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let claimant = self.claimant(CLAIM_LEASE);
        let claimed = self
            .0
            .db
            .write(move |conn| {
                wanted
                    .into_iter()
                    .map(|(lane, room)| delivery::claim(conn, lane.id, lane.class, &claimant, now, room))
                    .collect::<StorageResult<Vec<_>>>()
            })
            .await?;
        let (mut back, mut expired) = (Vec::new(), Vec::new());
        for messages in claimed {
            if !messages.is_empty() {
                crash::point("claimed");
            }
            for message in messages {
                if message.expires_at.is_some_and(|expires| expires <= now) {
                    expired.push(message);
                } else if let Err(later) = locked(&self.0.motion).admit(message, now) {
                    back.push(later);
                }
            }
        }
        self.release(back).await?;
        self.expire(expired, now).await
    }

    /// How many messages of a lane may be claimed now. A circuit that is half open lets a single one through.
    fn room(&self, channel: ChannelId, class: MessageClass) -> usize {
        match self.circuit(channel) {
            CircuitState::Open => 0,
            CircuitState::HalfOpen => usize::from(locked(&self.0.motion).is_idle(channel)),
            CircuitState::Closed => locked(&self.0.motion).room(channel, class),
        }
    }

    async fn expire(&self, expired: Vec<Claimed>, now: Ts) -> StorageResult<()> {
        if expired.is_empty() {
            return Ok(());
        }
        let holder = self.0.settings.holder.clone();
        self.end(move |conn| delivery::expire(conn, &holder, &expired, now)).await
    }

    /// Ends messages in one commit and tells of it.
    pub(super) async fn end(
        &self,
        ending: impl FnOnce(&mut Conn) -> StorageResult<Vec<(WorkspaceId, NewEvent)>> + Send + 'static,
    ) -> StorageResult<()> {
        let told = self
            .0
            .db
            .write(move |conn| {
                let news = ending(conn)?;
                let workspaces = settle::workspaces(&news);
                events::append(conn, news)?;
                Ok(workspaces)
            })
            .await?;
        told.into_iter().for_each(|workspace| self.0.live.notify(workspace));
        Ok(())
    }
}
