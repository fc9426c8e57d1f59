//! The circuit breakers of the channels that this node sends for: opened by failures of the provider's own making, tried again
//! when a look at the provider is green, closed when a message has gone through.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use rand::RngExt;
use serde_json::json;

use super::super::breaker::{self, Opening, Outcomes};
use super::{Dispatcher, locked};
use crate::channels::{ChannelError, alerts};
use crate::domain::alert::{About, AlertKind, Concern};
use crate::domain::circuit::CircuitState;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::ids::{ChannelId, FaultId, WorkspaceId};
use crate::domain::time::Ts;
use crate::providers::Depth;
use crate::storage::circuits::{self, CircuitRecord, Fault};
use crate::storage::{StorageResult, events};

/// Between two looks at what other nodes have noted.
const LOOK: Duration = Duration::from_secs(1);
/// How far back failures are looked for that another node may have noted late.
const LATE: Duration = Duration::from_secs(30);

/// What this node remembers of its channels.
#[derive(Default)]
pub(super) struct Watch {
    outcomes: HashMap<ChannelId, Outcomes>,
    /// The failures of each channel that count: those noted since this node sends for it. What failed before had successes between
    /// that only the former holder knew of, and without them would look like a run.
    since: HashMap<ChannelId, FaultId>,
    /// The moment of the latest look; whoever is new at the next one has sent nothing before it.
    mark: FaultId,
    /// Failures that were counted already, of the time that is looked at again.
    counted: HashSet<FaultId>,
    /// The circuits that don't stand closed, as this node last saw them.
    turned: HashMap<ChannelId, CircuitRecord>,
    /// Being looked at this moment.
    probing: HashSet<ChannelId>,
    looked_at: Option<Instant>,
    last: HashMap<ChannelId, Failure>,
}

impl Watch {
    pub fn state(&self, channel: ChannelId) -> CircuitState {
        self.turned.get(&channel).map_or(CircuitState::Closed, |circuit| circuit.state)
    }

    pub fn note_success(&mut self, channel: ChannelId, at: Ts) {
        self.outcomes.entry(channel).or_default().note(at, false);
    }

    /// Begins a look at these channels, and forgets those that are another node's now.
    fn begin_look(&mut self, channels: &[ChannelId]) {
        let mark = std::mem::replace(&mut self.mark, FaultId::made_since(Duration::ZERO));
        self.since.retain(|channel, _| channels.contains(channel));
        self.outcomes.retain(|channel, _| channels.contains(channel));
        for channel in channels {
            self.since.entry(*channel).or_insert(mark);
        }
    }

    /// Notes a failure the first time that it is met.
    fn note_failure(&mut self, fault: Fault) {
        let is_new = self.counted.insert(fault.id);
        if is_new && self.since.get(&fault.channel).is_some_and(|since| fault.id >= *since) {
            self.outcomes.entry(fault.channel).or_default().note(fault.at, true);
            self.last.insert(fault.channel, fault.failure);
        }
    }

    /// A failure was noted in the database: look at once.
    pub fn look_soon(&mut self) {
        self.looked_at = None;
    }
}

/// What a look led to.
enum Turn {
    Open(ChannelId, Opening),
    Close(ChannelId),
    Reopen(ChannelId),
    Probe(ChannelId),
}

impl Dispatcher {
    /// Reads what failed, and turns the circuits that must turn.
    pub(super) async fn look_after_circuits(&self) -> StorageResult<()> {
        {
            let mut watch = locked(&self.0.circuits);
            if watch.looked_at.is_some_and(|at| at.elapsed() < LOOK) {
                return Ok(());
            }
            watch.looked_at = Some(Instant::now());
        }
        let channels = locked(&self.0.motion).channels();
        locked(&self.0.circuits).begin_look(&channels);
        let mut mine: HashSet<ChannelId> = channels.iter().copied().collect();
        let since = FaultId::made_since(LATE);
        let (faults, turned) = self
            .0
            .db
            .read(move |conn| Ok((circuits::faults_since(conn, &channels, since)?, circuits::not_closed(conn)?)))
            .await?;
        let now = self.0.clock.now();
        mine.extend(
            turned.iter().filter(|(_, group)| self.fence_of(group).is_some()).map(|(circuit, _)| circuit.channel_id),
        );
        let turns = {
            let mut watch = locked(&self.0.circuits);
            watch.turned = turned.into_iter().map(|(circuit, _)| (circuit.channel_id, circuit)).collect();
            let there: HashSet<FaultId> = faults.iter().map(|fault| fault.id).collect();
            faults.into_iter().for_each(|fault| watch.note_failure(fault));
            watch.counted.retain(|id| there.contains(id));
            turns(&watch, &mine, now)
        };
        for turn in turns {
            match turn {
                Turn::Open(channel, opening) => self.open(channel, opening, now).await?,
                Turn::Reopen(channel) => self.reopen(channel, now).await?,
                Turn::Close(channel) => self.close(channel, now).await?,
                Turn::Probe(channel) => self.probe(channel),
            }
        }
        Ok(())
    }

    /// Whether the circuit lets messages of a channel go; half open, one at a time.
    pub(super) fn circuit(&self, channel: ChannelId) -> CircuitState {
        locked(&self.0.circuits).state(channel)
    }

    async fn open(&self, channel: ChannelId, opening: Opening, now: Ts) -> StorageResult<()> {
        let Ok(loaded) = self.channel(channel).await else { return Ok(()) };
        let last = locked(&self.0.circuits).last.get(&channel).cloned();
        let failure = last.unwrap_or_else(nameless);
        let known = self.0.db.read(move |conn| circuits::of_channel(conn, channel)).await?;
        let openings = known.filter(|known| now.since(known.changed_at) < breaker::FORGIVEN_AFTER);
        let openings = openings.map_or(1, |known| known.openings + 1);
        let probe_at = now.plus(breaker::cool_down(openings, rand::rng().random()));
        let after = CircuitRecord::open(loaded.workspace, channel, (&failure, openings), probe_at, now)?;
        let detail = match opening {
            Opening::Run(run) => format!("The last {run} messages failed by the provider's own fault."),
            Opening::Share { failed, of } => {
                format!("{failed} of the last {of} messages failed by the provider's own fault.")
            }
        };
        let data = json!({ "state": after.state, "reason": detail, "failure": failure, "probe_at": probe_at });
        self.turn(CircuitState::Closed, after, data, Some(detail)).await
    }

    async fn reopen(&self, channel: ChannelId, now: Ts) -> StorageResult<()> {
        let (before, last) = {
            let watch = locked(&self.0.circuits);
            (watch.turned.get(&channel).cloned(), watch.last.get(&channel).cloned())
        };
        let Some(before) = before else { return Ok(()) };
        let failure = last.unwrap_or_else(nameless);
        let openings = before.openings + 1;
        let probe_at = now.plus(breaker::cool_down(openings, rand::rng().random()));
        let after = CircuitRecord::open(before.workspace_id, channel, (&failure, openings), probe_at, now)?;
        let reason = "The message that was let through as a trial failed too.";
        let data = json!({ "state": after.state, "reason": reason, "failure": failure, "probe_at": probe_at });
        self.turn(CircuitState::HalfOpen, after, data, None).await
    }

    async fn close(&self, channel: ChannelId, now: Ts) -> StorageResult<()> {
        let Some(before) = locked(&self.0.circuits).turned.get(&channel).cloned() else { return Ok(()) };
        let after = CircuitRecord::closed(before.workspace_id, channel, before.openings, now);
        let data = json!({ "state": after.state, "reason": "A message went through." });
        self.turn(CircuitState::HalfOpen, after, data, None).await
    }

    /// Asks the provider without sending anything; green lets one message go.
    fn probe(&self, channel: ChannelId) {
        let Some(before) = locked(&self.0.circuits).turned.get(&channel).cloned() else { return };
        if !locked(&self.0.circuits).probing.insert(channel) {
            return;
        }
        let dispatcher = self.clone();
        self.0.tasks.spawn(async move {
            let green = match dispatcher.0.channels.takes_calls(before.workspace_id, channel).await {
                // Messages are not among the calls that are used up: the trial itself shows whether they go.
                Err(ChannelError::Resting { .. }) => true,
                _ => {
                    let checked = dispatcher.0.channels.check(before.workspace_id, channel, Depth::Reading).await;
                    checked.is_ok_and(|diagnosis| diagnosis.report.can_send())
                }
            };
            if let Err(error) = dispatcher.probed(before, green).await {
                tracing::warn!(%channel, %error, "an open circuit could not be turned and is looked at again");
            }
            locked(&dispatcher.0.circuits).probing.remove(&channel);
            dispatcher.wake();
        });
    }

    async fn probed(&self, before: CircuitRecord, green: bool) -> StorageResult<()> {
        let now = self.0.clock.now();
        if green {
            let after = before.half_open(now);
            let reason = "The provider answers again: one message goes as a trial.";
            let data = json!({ "state": after.state, "reason": reason });
            return self.turn(CircuitState::Open, after, data, None).await;
        }
        let probe_at = now.plus(breaker::cool_down(before.openings, rand::rng().random()));
        let channel = before.channel_id;
        self.0.db.write(move |conn| circuits::put_off(conn, channel, probe_at)).await
    }

    /// Turns a circuit, tells the feed, and raises or clears the alert.
    async fn turn(
        &self,
        before: CircuitState,
        after: CircuitRecord,
        data: serde_json::Value,
        alarm: Option<String>,
    ) -> StorageResult<()> {
        let (workspace, channel, state) = (after.workspace_id, after.channel_id, after.state);
        let now = after.changed_at;
        let turned = self
            .0
            .db
            .write(move |conn| {
                if !circuits::turn(conn, before, &after)? {
                    return Ok(None);
                }
                let kind = match after.state {
                    CircuitState::Open => EventKind::ChannelCircuitOpened,
                    CircuitState::HalfOpen => EventKind::ChannelCircuitHalfOpened,
                    CircuitState::Closed => EventKind::ChannelCircuitClosed,
                };
                let mut news = vec![NewEvent { channel: Some(channel), data, ..NewEvent::new(kind, now) }];
                news.extend(alert(conn, workspace, channel, &after, alarm, now)?);
                events::append(conn, news.into_iter().map(|event| (workspace, event)).collect())?;
                Ok(Some(after))
            })
            .await?;
        let Some(after) = turned else { return Ok(()) };
        tracing::warn!(%channel, %state, "circuit turned");
        metrics::counter!("duplex_circuit_turns_total", "state" => state.as_str()).increment(1);
        {
            let mut watch = locked(&self.0.circuits);
            if let Some(outcomes) = watch.outcomes.get_mut(&channel) {
                outcomes.clear();
            }
            match state {
                CircuitState::Closed => watch.turned.remove(&channel),
                CircuitState::Open | CircuitState::HalfOpen => watch.turned.insert(channel, after),
            };
        }
        if state == CircuitState::Open {
            let back = locked(&self.0.motion).give_back(|id, _| id == channel);
            self.release(back).await?;
        }
        self.0.channels.announce(workspace, channel);
        self.0.wake.wake();
        Ok(())
    }
}

fn alert(
    conn: &mut crate::storage::conn::Conn,
    workspace: WorkspaceId,
    channel: ChannelId,
    after: &CircuitRecord,
    alarm: Option<String>,
    now: Ts,
) -> StorageResult<Vec<NewEvent>> {
    match (after.state, alarm) {
        (CircuitState::Open, Some(detail)) => {
            let concern = Concern {
                kind: AlertKind::CircuitOpen,
                matter: None,
                detail: format!("Nothing is sent by this channel for the moment. {detail}"),
                cure: Some(
                    "Nothing has to be done: the gateway looks at the provider again by itself. What can't wait may go by the other provider."
                        .to_owned(),
                ),
            };
            alerts::raise_within(conn, workspace, channel, &[concern], now)
        }
        (CircuitState::Closed, _) => {
            alerts::clear_within(conn, workspace, channel, &[AlertKind::CircuitOpen], About::Channel, now)
        }
        _ => Ok(Vec::new()),
    }
}

fn turns(watch: &Watch, mine: &HashSet<ChannelId>, now: Ts) -> Vec<Turn> {
    let mut turns = Vec::new();
    for (channel, outcomes) in watch.outcomes.iter().filter(|(channel, _)| mine.contains(channel)) {
        if watch.state(*channel) == CircuitState::Closed {
            turns.extend(outcomes.opening(now).map(|opening| Turn::Open(*channel, opening)));
        }
    }
    for circuit in watch.turned.values().filter(|circuit| mine.contains(&circuit.channel_id)) {
        let channel = circuit.channel_id;
        let trial = || watch.outcomes.get(&channel).and_then(Outcomes::trial);
        match circuit.state {
            CircuitState::Open if circuit.probe_at.is_none_or(|at| at <= now) => turns.push(Turn::Probe(channel)),
            CircuitState::HalfOpen => turns.extend(trial().map(|well| match well {
                true => Turn::Close(channel),
                false => Turn::Reopen(channel),
            })),
            CircuitState::Open | CircuitState::Closed => {}
        }
    }
    turns
}

/// When the failures that opened a circuit are not at hand any more.
fn nameless() -> Failure {
    Failure {
        code: FailureCode::ProviderUnavailable,
        provider_code: None,
        detail: "The provider fails of its own making.".to_owned(),
    }
}
