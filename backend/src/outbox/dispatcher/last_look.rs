//! What may not go out any more because the person has opted out, their service window has closed, or they have given up the
//! number or id that the message goes to, and what must wait because it is night there: looked at when a message is about to be sent, not only when it was queued.

use std::collections::HashMap;

use super::super::sending::pair_of;
use super::quiet_hours::Quiet;
use super::{Dispatcher, locked};
use crate::domain::conversation::{Sender, Window};
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::ids::{ChannelId, MessageId};
use crate::domain::suppression::Suppression;
use crate::domain::time::Ts;
use crate::storage::contacts::{self, Name};
use crate::storage::conversations::{self, KnownWindow, Pair};
use crate::storage::delivery::{self, Claimed};
use crate::storage::{StorageResult, facts, suppressions};

/// What is known of those whom a batch goes to.
#[derive(Default)]
struct Known {
    /// Names that people have given up, with what they are known under now.
    retired: HashMap<Name, Option<String>>,
    /// Messages that their people have opted out of.
    suppressed: HashMap<MessageId, Suppression>,
    quiet: Quiet,
    heard_since: HashMap<ChannelId, Ts>,
    windows: HashMap<Pair, KnownWindow>,
}

impl Dispatcher {
    /// Fails what can no longer reach its person as it is, and gives back the rest. One look at the database for all.
    ///
    /// # Errors
    /// The database failed; nothing is sent, and what was claimed comes back when its lease is over.
    pub(super) async fn that_still_reach(&self, granted: Vec<Claimed>) -> StorageResult<Vec<Claimed>> {
        if granted.is_empty() {
            return Ok(granted);
        }
        let pairs: Vec<_> = granted
            .iter()
            .filter(|message| message.content.kind().needs_window())
            .map(|message| (message.channel, message.contact))
            .collect();
        let names = granted.iter().map(|message| (message.workspace, message.recipient.identity())).collect();
        let ids: Vec<MessageId> = granted.iter().map(|message| message.id).collect();
        let mut quiet = match self.quiet_hours_for(&granted).await {
            Ok(quiet) => quiet,
            Err(error) => {
                self.give_back(granted.iter()).await;
                return Err(error);
            }
        };
        let looked = self.0.db.read(move |conn| {
            let retired = contacts::retired(conn, &names)?;
            let suppressed = suppressions::of_messages(conn, &ids)?;
            quiet.find_zones(conn)?;
            if pairs.is_empty() {
                return Ok(Known { retired, suppressed, quiet, ..Known::default() });
            }
            let mut senders: Vec<_> = pairs.iter().map(|(channel, _)| *channel).collect();
            senders.sort_unstable();
            senders.dedup();
            let heard_since = facts::heard_since(conn, &senders)?;
            let windows = conversations::windows(conn, pairs.into_iter())?;
            Ok(Known { retired, suppressed, quiet, heard_since, windows })
        });
        let known = match looked.await {
            Ok(looked) => looked,
            Err(error) => {
                self.give_back(granted.iter()).await;
                return Err(error);
            }
        };
        let now = self.0.clock.now();
        let (mut open, mut lost, mut waiting) = (Vec::with_capacity(granted.len()), Vec::new(), Vec::new());
        for message in granted {
            let refusal = match given_up(&message, &known).or_else(|| opted_out(&message, &known)) {
                None => self.out_of_window(&message, &known, now).await,
                given_up => given_up,
            };
            match (refusal, known.quiet.end_for(&message, now)) {
                (Some(failure), _) => lost.push((message, failure)),
                (None, Some(end)) => waiting.push((message, end)),
                (None, None) => open.push(message),
            }
        }
        if let Err(error) = self.wait_for_morning(waiting, now).await {
            tracing::warn!(%error, "messages of quiet hours are looked at again when their lease is over");
        }
        if let Err(error) = self.fail_unsent(lost, now).await {
            tracing::warn!(%error, "messages that can't reach anybody are looked at again when their lease is over");
        }
        Ok(open)
    }

    /// Why a message can't be sent as it is, if its window is known to be closed.
    async fn out_of_window(&self, message: &Claimed, known: &Known, now: Ts) -> Option<Failure> {
        if !message.content.kind().needs_window() {
            return None;
        }
        let heard_since = known.heard_since.get(&message.channel).copied();
        let (window, detail) = match known.windows.get(&(message.channel, message.contact)).copied() {
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
        for (message, failure) in &failed {
            locked(&self.0.motion).finish(&pair_of(message), message.class, None);
            metrics::counter!("duplex_messages_unsent_total", "code" => failure.code.as_str()).increment(1);
        }
        let holder = self.0.settings.holder.clone();
        self.end(move |conn| delivery::fail(conn, &holder, &failed, now)).await
    }
}

/// The person wants nothing of this class.
fn opted_out(message: &Claimed, known: &Known) -> Option<Failure> {
    let said = known.suppressed.get(&message.id)?;
    let provider_code = None;
    Some(Failure { code: FailureCode::RecipientOptedOut, provider_code, detail: said.reason() })
}

/// Whoever has the number now is somebody else.
fn given_up(message: &Claimed, known: &Known) -> Option<Failure> {
    let current = known.retired.get(&(message.workspace, message.recipient.identity()))?;
    let instead = current.as_ref().map(|name| format!(" Write to {name}.")).unwrap_or_default();
    let detail = format!("The person has given up {} while the message waited.{instead}", message.recipient);
    Some(Failure { code: FailureCode::RecipientUnreachable, provider_code: None, detail })
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
