//! What may not go out any more because the person's service window has closed: looked at when a message is about to be sent,
//! not when it was queued.

use super::super::sending::pair_of;
use super::super::settle;
use super::{Dispatcher, locked};
use crate::domain::conversation::{Sender, Window};
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::time::Ts;
use crate::storage::conversations::{self, KnownWindow};
use crate::storage::delivery::{self, Claimed};
use crate::storage::{StorageResult, events, facts};

impl Dispatcher {
    /// Fails what can no longer reach its person as it is, and gives back the rest. One look at the database for all.
    ///
    /// # Errors
    /// The database failed; nothing is sent, and what was claimed comes back when its lease is over.
    pub(super) async fn within_windows(&self, granted: Vec<Claimed>) -> StorageResult<Vec<Claimed>> {
        let pairs: Vec<_> = granted
            .iter()
            .filter(|message| message.content.kind().needs_window())
            .map(|message| (message.channel, message.contact))
            .collect();
        if pairs.is_empty() {
            return Ok(granted);
        }
        let looked = self.0.db.read(move |conn| {
            let mut senders: Vec<_> = pairs.iter().map(|(channel, _)| *channel).collect();
            senders.sort_unstable();
            senders.dedup();
            Ok((facts::heard_since(conn, &senders)?, conversations::windows(conn, pairs.into_iter())?))
        });
        let (heard_since, known) = match looked.await {
            Ok(looked) => looked,
            Err(error) => {
                self.give_back(granted.iter()).await;
                return Err(error);
            }
        };
        let now = self.0.clock.now();
        let (mut open, mut closed) = (Vec::with_capacity(granted.len()), Vec::new());
        for message in granted {
            let window = known.get(&(message.channel, message.contact)).copied();
            match self.refusal(&message, window, heard_since.get(&message.channel).copied(), now).await {
                None => open.push(message),
                Some(failure) => closed.push((message, failure)),
            }
        }
        if let Err(error) = self.fail_unsent(closed, now).await {
            tracing::warn!(%error, "messages whose windows have closed are looked at again when their lease is over");
        }
        Ok(open)
    }

    /// Why a message can't be sent as it is, if its window is known to be closed.
    async fn refusal(
        &self,
        message: &Claimed,
        known: Option<KnownWindow>,
        heard_since: Option<Ts>,
        now: Ts,
    ) -> Option<Failure> {
        if !message.content.kind().needs_window() {
            return None;
        }
        let (window, detail) = match known {
            Some(known) => (Window::known(known.until, now), last_heard(known)),
            None => {
                // Without its channel the message fails elsewhere, and for that reason.
                let channel = self.channel(message.channel).await.ok()?;
                let sender = Sender { environment: channel.environment, heard_since };
                (Window::unheard(sender, now), never_heard(heard_since))
            }
        };
        window.is_closed().then_some(Failure { code: FailureCode::WindowClosed, provider_code: None, detail })
    }

    /// Ends messages before anything of them was sent, and lets those behind them go on.
    async fn fail_unsent(&self, failed: Vec<(Claimed, Failure)>, now: Ts) -> StorageResult<()> {
        if failed.is_empty() {
            return Ok(());
        }
        for (message, _) in &failed {
            locked(&self.0.motion).finish(&pair_of(message), None);
        }
        metrics::counter!("duplex_windows_closed_total").increment(u64::try_from(failed.len()).unwrap_or(u64::MAX));
        let holder = self.0.settings.holder.clone();
        let told = self
            .0
            .db
            .write(move |conn| {
                let news = delivery::fail(conn, &holder, &failed, now)?;
                let workspaces = settle::workspaces(&news);
                events::append(conn, news)?;
                Ok(workspaces)
            })
            .await?;
        told.into_iter().for_each(|workspace| self.0.live.notify(workspace));
        Ok(())
    }
}

fn never_heard(since: Option<Ts>) -> String {
    let since = since.map(|since| format!(" since {since}")).unwrap_or_default();
    format!("The person has not written to this number{since}. Send a template.")
}

fn last_heard(known: KnownWindow) -> String {
    match known.last_inbound_at {
        Some(at) => {
            format!("The person last wrote at {at}, and free messages may follow for 24 hours. Send a template.")
        }
        None => format!("The window was closed at {}. Send a template.", known.until),
    }
}
