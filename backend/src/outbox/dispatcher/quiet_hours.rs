//! Messages that must wait because it is a quiet hour where their people are.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::super::sending::pair_of;
use super::{Dispatcher, locked};
use crate::domain::delivery_settings::DeliverySettings;
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::ids::{ContactId, WorkspaceId};
use crate::domain::state::HoldReason;
use crate::domain::time::Ts;
use crate::domain::time_zone::{self, TimeZone};
use crate::storage::StorageResult;
use crate::storage::conn::Conn;
use crate::storage::contacts::{self, ZoneHints};
use crate::storage::delivery::{self, Claimed};

/// Which quiet hours a batch meets, and in which time its people live.
#[derive(Default)]
pub(super) struct Quiet {
    settings: HashMap<WorkspaceId, Arc<DeliverySettings>>,
    people: Vec<ContactId>,
    hints: HashMap<ContactId, ZoneHints>,
}

impl Quiet {
    pub fn find_zones(&mut self, conn: &mut Conn) -> StorageResult<()> {
        if !self.people.is_empty() {
            self.hints = contacts::zone_hints(conn, &self.people)?;
        }
        Ok(())
    }

    /// Until when the message must wait; `None` when it may go now.
    pub fn end_for(&self, message: &Claimed, now: Ts) -> Option<Ts> {
        let settings = self.settings.get(&message.workspace)?;
        let hours = settings.quiet_hours.as_ref().filter(|hours| hours.concern(message.class))?;
        if message.terms.ignore_quiet_hours {
            return None;
        }
        hours.end(now, self.zone_for(message, settings.time_zone))
    }

    fn zone_for(&self, message: &Claimed, workspace: TimeZone) -> TimeZone {
        let hints = self.hints.get(&message.contact);
        let set = hints.and_then(|hints| hints.set.as_deref());
        // The number that the message goes to tells first.
        let own = message.recipient.phone().map(|phone| phone.as_str());
        let others = hints.into_iter().flat_map(|hints| hints.numbers.iter().map(String::as_str));
        time_zone::of_person(set, own.into_iter().chain(others), workspace).0
    }
}

impl Dispatcher {
    /// What is to be known of quiet hours for these messages.
    pub(super) async fn quiet_hours_for(&self, granted: &[Claimed]) -> StorageResult<Quiet> {
        let mut quiet = Quiet::default();
        let workspaces: BTreeSet<WorkspaceId> = granted.iter().map(|message| message.workspace).collect();
        for workspace in workspaces {
            let route = self.0.channels.registry().route(workspace).await?;
            if route.delivery.quiet_hours.is_some() {
                quiet.settings.insert(workspace, route.delivery);
            }
        }
        let concerned = |message: &&Claimed| {
            let hours = quiet.settings.get(&message.workspace).and_then(|settings| settings.quiet_hours.as_ref());
            hours.is_some_and(|hours| hours.concern(message.class))
        };
        quiet.people = granted.iter().filter(concerned).map(|message| message.contact).collect();
        Ok(quiet)
    }

    /// Puts messages back until their quiet hours are over, and lets others to the same people go on. What would be too late by
    /// then ends here.
    pub(super) async fn wait_for_morning(&self, waiting: Vec<(Claimed, Ts)>, now: Ts) -> StorageResult<()> {
        if waiting.is_empty() {
            return Ok(());
        }
        for (message, _) in &waiting {
            locked(&self.0.motion).finish(&pair_of(message), message.class, None);
        }
        let in_time = |(message, end): &(Claimed, Ts)| message.expires_at.is_none_or(|expires| expires > *end);
        let (held, late): (Vec<_>, Vec<_>) = waiting.into_iter().partition(in_time);
        let held: Vec<_> = held.into_iter().map(|(message, end)| (message, end, HoldReason::QuietHours)).collect();
        let late: Vec<_> = late.into_iter().map(|(message, end)| (message, too_late(end))).collect();
        let holder = self.0.settings.holder.clone();
        self.end(move |conn| {
            let mut news = delivery::hold(conn, &holder, &held, now)?;
            news.extend(delivery::expire_early(conn, &holder, &late, now)?);
            Ok(news)
        })
        .await
    }
}

fn too_late(end: Ts) -> Failure {
    let detail = format!(
        "It is a quiet hour where the person is until {}, and the message expires before. Send it earlier in the day, or with ignore_quiet_hours.",
        end.to_the_minute()
    );
    Failure { code: FailureCode::Expired, provider_code: None, detail }
}
