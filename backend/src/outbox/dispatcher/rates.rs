//! Telling what the senders' rates are: for people, and for the node that goes on after this one.

use std::collections::HashMap;

use serde_json::json;

use super::{Dispatcher, locked};
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::failure::Failure;
use crate::domain::ids::ChannelId;
use crate::domain::time::Ts;
use crate::storage::limits::{self, RateRecord};
use crate::storage::{StorageResult, events};

/// What was told last.
#[derive(Default)]
pub(super) struct Rates {
    told: HashMap<ChannelId, Told>,
    /// The refusals because of which rates were lowered.
    blamed: HashMap<ChannelId, Failure>,
}

struct Told {
    ceiling: u32,
    share: f64,
    lowered_at: Option<Ts>,
}

impl Rates {
    /// These senders were slowed down because of this.
    pub fn blame(&mut self, slowed: Vec<ChannelId>, failure: &Failure) {
        for channel in slowed {
            self.blamed.insert(channel, failure.clone());
        }
    }
}

/// A rate that is not the one that was told last.
struct Change {
    channel: ChannelId,
    ceiling: u32,
    share: f64,
    lowered: Option<(Ts, Option<Failure>)>,
    /// It was lowered, or is whole again: worth an entry in the feed. The steps in between are not.
    is_news: bool,
}

impl Dispatcher {
    /// Notes rates that have changed since the last time.
    pub(super) async fn publish_rates(&self) -> StorageResult<()> {
        let rates = locked(&self.0.motion).rates();
        let now = self.0.clock.now();
        let changes: Vec<Change> = {
            let mut known = locked(&self.0.rates);
            rates.into_iter().filter_map(|rate| known.change(rate, now)).collect()
        };
        for change in changes {
            self.publish(change, now).await?;
        }
        Ok(())
    }

    async fn publish(&self, change: Change, now: Ts) -> StorageResult<()> {
        // Without its channel there is nobody to tell.
        let Ok(loaded) = self.channel(change.channel).await else { return Ok(()) };
        let (workspace, channel) = (loaded.workspace, loaded.id);
        let Change { ceiling, share, lowered, is_news, .. } = change;
        let is_lowered = lowered.is_some();
        self.0
            .db
            .write(move |conn| {
                let reason = lowered.as_ref().map(|(at, failure)| (*at, failure.as_ref()));
                limits::save(conn, &[RateRecord::new((workspace, channel), ceiling, share, reason, now)?])?;
                if is_news {
                    let failure = lowered.and_then(|(_, failure)| failure);
                    let data = json!({
                        "messages_per_second": f64::from(ceiling) * share,
                        "ceiling": ceiling, "lowered": is_lowered, "failure": failure,
                    });
                    let event =
                        NewEvent { channel: Some(channel), data, ..NewEvent::new(EventKind::ChannelRateChanged, now) };
                    events::append(conn, vec![(workspace, event)])?;
                }
                Ok(())
            })
            .await?;
        if is_news {
            self.0.live.notify(workspace);
        }
        Ok(())
    }
}

impl Rates {
    fn change(
        &mut self,
        (channel, ceiling, share, is_lowered): (ChannelId, u32, f64, bool),
        now: Ts,
    ) -> Option<Change> {
        let told = self.told.get(&channel);
        if told.is_some_and(|told| told.ceiling == ceiling && (told.share - share).abs() < f64::EPSILON) {
            return None;
        }
        let since = told.and_then(|told| told.lowered_at);
        let fell = is_lowered && told.is_none_or(|told| share < told.share);
        let is_news = told.is_some() && (fell || (!is_lowered && since.is_some()));
        let lowered_at = is_lowered.then(|| since.unwrap_or(now));
        if !is_lowered {
            self.blamed.remove(&channel);
        }
        self.told.insert(channel, Told { ceiling, share, lowered_at });
        let lowered = lowered_at.map(|at| (at, self.blamed.get(&channel).cloned()));
        Some(Change { channel, ceiling, share, lowered, is_news })
    }
}
