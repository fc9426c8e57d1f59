//! Whether a message could go by the other provider's channel, and what keeps it from that.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::Failover;
use crate::channels::LoadedChannel;
use crate::domain::circuit::CircuitState;
use crate::domain::contact::{IdentityKind, Recipient};
use crate::domain::content::Content;
use crate::domain::conversation::{Sender, Window, WindowState};
use crate::domain::failover::FailoverMode;
use crate::domain::failure::FailureCode;
use crate::domain::ids::{ChannelId, ContactId};
use crate::domain::provider::word;
use crate::domain::state::ChannelState;
use crate::domain::time::Ts;
use crate::outbox::fitness::FitnessError;
use crate::storage::conversations::KnownWindow;
use crate::storage::failover::{self, Movable, Move};
use crate::storage::{StorageError, StorageResult, circuits, conversations, facts};

word! {
    /// What keeps a message from going by the other provider.
    pub enum ObstacleCode {
        /// The workspace, or the message, does not want it.
        ModeOff = "mode_off",
        /// The other provider has no channel here.
        NoBackup = "no_backup",
        /// The other channel is held, or its circuit is not closed.
        BackupDown = "backup_down",
        /// It was moved before, and is not moved back by itself.
        MovedBefore = "moved_before",
        /// The person has not written to the other number within 24 hours: only an approved template may go there.
        WindowClosed = "window_closed",
        /// No equal template is approved at the other provider.
        TemplateNotReady = "template_not_ready",
        /// The other provider can't carry this content.
        ContentUnsupported = "content_unsupported",
        /// The person is known only by a user id, which belongs to one portfolio.
        OnlyUserId = "only_user_id",
        /// It belongs to a message of its own conversation.
        BoundToConversation = "bound_to_conversation",
        /// The person, or WhatsApp in their stead, does not want it: another number must not get round that.
        Unwanted = "unwanted",
        /// Its time is over.
        Expired = "expired",
        /// It is on its way, was answered, or may have arrived: it is not known that nothing of it was sent.
        NotCertain = "not_certain",
    }
}

/// Why a message stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Obstacle {
    pub code: ObstacleCode,
    /// One sentence for a person.
    pub detail: String,
}

impl Obstacle {
    fn new(code: ObstacleCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// It waits for somebody to ask.
    pub(super) fn not_by_itself() -> Self {
        Self::new(ObstacleCode::ModeOff, "It does not go by the other provider by itself.")
    }

    pub(super) fn moved_before() -> Self {
        let detail = "It came from the other provider already, and is not moved back by itself.";
        Self::new(ObstacleCode::MovedBefore, detail)
    }

    pub(super) fn down(detail: String) -> Self {
        Self::new(ObstacleCode::BackupDown, detail)
    }

    /// It neither failed nor waits.
    pub fn not_waiting() -> Self {
        Self::new(ObstacleCode::NotCertain, "Only a message that failed or waits can go by the other provider.")
    }

    /// Nothing may be sent once more while that could make two of it.
    pub(super) fn uncertain() -> Self {
        let detail = "It may have been sent, or is on its way; it is not sent a second time.";
        Self::new(ObstacleCode::NotCertain, detail)
    }
}

/// A message that can move.
#[derive(Debug)]
pub struct Ready {
    pub step: Move,
    pub limit_group: String,
}

/// What is known of the people and channels of a batch.
#[derive(Default)]
struct Known {
    windows: HashMap<(ChannelId, ContactId), KnownWindow>,
    heard_since: HashMap<ChannelId, Ts>,
    numbers: HashMap<ContactId, String>,
    circuits: HashMap<ChannelId, CircuitState>,
}

impl Failover {
    /// Looks at messages one by one; the answers are in their order.
    ///
    /// # Errors
    /// The database's.
    pub async fn assess(
        &self,
        messages: Vec<Movable>,
        now: Ts,
    ) -> StorageResult<Vec<(Movable, Result<Ready, Obstacle>)>> {
        let mut backups: HashMap<ChannelId, Option<Arc<LoadedChannel>>> = HashMap::new();
        for message in &messages {
            if let Entry::Vacant(unknown) = backups.entry(message.channel) {
                unknown.insert(self.backup_of(message.channel).await);
            }
        }
        let known = self.known(&messages, &backups).await?;
        let mut assessed = Vec::with_capacity(messages.len());
        for message in messages {
            let backup = backups.get(&message.channel).and_then(Option::as_ref);
            let verdict = match backup {
                None => {
                    Err(Obstacle::new(ObstacleCode::NoBackup, "The other provider has no channel in the workspace."))
                }
                Some(backup) => self.assess_one(&message, backup, &known, now).await?,
            };
            assessed.push((message, verdict));
        }
        Ok(assessed)
    }

    async fn backup_of(&self, channel: ChannelId) -> Option<Arc<LoadedChannel>> {
        let registry = self.channels.registry();
        let own = registry.by_id(channel).await.ok()?;
        registry.backup_of(&own).await.ok().flatten()
    }

    async fn known(
        &self,
        messages: &[Movable],
        backups: &HashMap<ChannelId, Option<Arc<LoadedChannel>>>,
    ) -> StorageResult<Known> {
        let backup = |message: &Movable| backups.get(&message.channel).and_then(Option::as_ref).map(|backup| backup.id);
        let pairs: Vec<(ChannelId, ContactId)> = messages
            .iter()
            .filter(|message| message.content.kind().needs_window())
            .filter_map(|message| Some((backup(message)?, message.contact)))
            .collect();
        let nameless: Vec<ContactId> = messages
            .iter()
            .filter(|message| message.recipient.identity().kind == IdentityKind::Bsuid)
            .map(|message| message.contact)
            .collect();
        let channels: Vec<ChannelId> = backups.values().flatten().map(|backup| backup.id).collect();
        self.db
            .read(move |conn| {
                Ok(Known {
                    windows: conversations::windows(conn, pairs.into_iter())?,
                    heard_since: facts::heard_since(conn, &channels)?,
                    numbers: if nameless.is_empty() { HashMap::new() } else { failover::numbers(conn, &nameless)? },
                    circuits: circuits::states(conn, &channels)?,
                })
            })
            .await
    }

    async fn assess_one(
        &self,
        message: &Movable,
        backup: &LoadedChannel,
        known: &Known,
        now: Ts,
    ) -> StorageResult<Result<Ready, Obstacle>> {
        if let Some(obstacle) = self.forbidden(message, now).await?.or_else(|| down(backup, known)) {
            return Ok(Err(obstacle));
        }
        let recipient = match recipient(message, known) {
            Ok(recipient) => recipient,
            Err(obstacle) => return Ok(Err(obstacle)),
        };
        if let Some(obstacle) = bound(message).or_else(|| out_of_window(message, backup, known, now)) {
            return Ok(Err(obstacle));
        }
        let mut content = for_backup(message);
        let fitness = match self.fitness.of(backup, &recipient, &mut content, now).await {
            Ok(fitness) => fitness,
            Err(FitnessError::Storage(error)) => return Err(error),
            Err(FitnessError::Templates(error)) => {
                let detail = format!("The templates of {} can't be looked at: {error}.", backup.name);
                return Ok(Err(Obstacle::new(ObstacleCode::TemplateNotReady, detail)));
            }
        };
        if let Some(violation) = fitness.violations.first() {
            let is_template = !content.kind().needs_window();
            let code = if is_template { ObstacleCode::TemplateNotReady } else { ObstacleCode::ContentUnsupported };
            let detail = format!("{} can't carry it: {}: {}.", backup.name, violation.field, violation.message);
            return Ok(Err(Obstacle::new(code, detail)));
        }
        let mut terms = message.terms.clone();
        terms.moved_from = Some(message.channel);
        let step = Move {
            id: message.id,
            from: message.channel,
            to: backup.id,
            recipient,
            content,
            // The backup's category may be another one; what the person has agreed to is decided by the stricter.
            class: message.class.max(fitness.class),
            terms,
        };
        Ok(Ok(Ready { step, limit_group: backup.limit_group.clone() }))
    }

    async fn forbidden(&self, message: &Movable, now: Ts) -> StorageResult<Option<Obstacle>> {
        if message.expires_at.is_some_and(|at| at <= now) {
            return Ok(Some(Obstacle::new(ObstacleCode::Expired, "Its time is over.")));
        }
        if let Some(failure) = message.failure.as_ref().filter(|failure| is_unwanted(failure.code)) {
            let detail =
                format!("It was refused for the person's sake, and so it would be by any number. {}", failure.detail);
            return Ok(Some(Obstacle::new(ObstacleCode::Unwanted, detail)));
        }
        let mode = self.mode_of(message).await?;
        Ok((mode == FailoverMode::Off).then(|| {
            let detail = "Going by the other provider is switched off for it.";
            Obstacle::new(ObstacleCode::ModeOff, detail)
        }))
    }

    /// Whether a message may move, and when: its own word, else the workspace's.
    ///
    /// # Errors
    /// The database's.
    pub async fn mode_of(&self, message: &Movable) -> StorageResult<FailoverMode> {
        match &message.terms.fallback {
            Some(fallback) => Ok(fallback.mode),
            None => match self.channels.registry().route(message.workspace).await {
                Ok(route) => Ok(route.delivery.failover),
                Err(StorageError::NotFound) => Ok(FailoverMode::Off),
                Err(error) => Err(error),
            },
        }
    }
}

/// Refusals that lie with the person, with WhatsApp's care for them, or with its policy (twilio.md §8.5).
const fn is_unwanted(code: FailureCode) -> bool {
    matches!(
        code,
        FailureCode::RecipientOptedOut
            | FailureCode::RecipientBlocked
            | FailureCode::MarketingLimited
            | FailureCode::ExperimentGroup
            | FailureCode::PolicyViolation
    )
}

fn down(backup: &LoadedChannel, known: &Known) -> Option<Obstacle> {
    let circuit = known.circuits.get(&backup.id).copied().unwrap_or_default();
    let why = match (backup.state, circuit) {
        (ChannelState::Held, _) => "is held",
        (ChannelState::Active, CircuitState::Closed) => return None,
        (ChannelState::Active, CircuitState::Open | CircuitState::HalfOpen) => "fails too",
    };
    Some(Obstacle::down(format!("The other channel, {}, {why}.", backup.name)))
}

/// A user id belongs to one portfolio and means nothing to the other sender (direct.md §3.4); a number does.
fn recipient(message: &Movable, known: &Known) -> Result<Recipient, Obstacle> {
    if message.recipient.identity().kind == IdentityKind::Phone {
        return Ok(message.recipient.clone());
    }
    let number = known.numbers.get(&message.contact).and_then(|number| number.parse().ok());
    number.ok_or_else(|| {
        let detail = "The person is known only by a user id of the first provider's account; no number is known.";
        Obstacle::new(ObstacleCode::OnlyUserId, detail)
    })
}

fn bound(message: &Movable) -> Option<Obstacle> {
    let bound = matches!(message.content, Content::Reaction(_)) || message.quotes;
    bound.then(|| {
        let detail = "It belongs to a message of its conversation, which the other number does not have.";
        Obstacle::new(ObstacleCode::BoundToConversation, detail)
    })
}

/// Free content may go only where the person is known to have written; a guess is worth less here than at the first sender.
fn out_of_window(message: &Movable, backup: &LoadedChannel, known: &Known, now: Ts) -> Option<Obstacle> {
    if !message.content.kind().needs_window() {
        return None;
    }
    let heard_since = known.heard_since.get(&backup.id).copied();
    let sender = Sender { environment: backup.environment, heard_since };
    let window = match known.windows.get(&(backup.id, message.contact)) {
        Some(window) => Window::known(window.until, now),
        None => Window::unheard(sender, now),
    };
    (window.state != WindowState::Open).then(|| {
        let detail = format!(
            "The person has not written to {} within 24 hours; only an approved template may go there.",
            backup.name
        );
        Obstacle::new(ObstacleCode::WindowClosed, detail)
    })
}

/// The content as it is said at the other provider: what was filled in for the first is left out, and the message's own
/// fallback takes the template's place.
fn for_backup(message: &Movable) -> Content {
    let fallback = message.terms.fallback.as_ref().and_then(|fallback| fallback.template.clone());
    match message.content.clone() {
        Content::Template(mut template) => {
            template.twilio = None;
            template.name = fallback.unwrap_or(template.name);
            Content::Template(template)
        }
        Content::OneTimeCode(mut code) => {
            code.twilio = None;
            code.name = fallback.unwrap_or(code.name);
            Content::OneTimeCode(code)
        }
        other => other,
    }
}
