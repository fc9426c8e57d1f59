//! What an operator has to know, told once when it begins and once when it is over.

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::event::{EventKind, NewEvent};
use super::ids::{AlertId, ChannelId};
use super::provider::word;
use super::time::Ts;

word! {
    /// What an alert is about. An open one is the only one of its kind about the same thing.
    pub enum AlertKind {
        /// The provider does not accept the credentials.
        TokenDead = "token_dead",
        /// The access token ends within 14 days.
        TokenEndsSoon = "token_ends_soon",
        /// Many people have blocked or reported the number.
        QualityRed = "quality_red",
        /// The provider can't bill the account.
        PaymentMissing = "payment_missing",
        /// Messages were accepted, and for half an hour no webhook has come.
        WebhooksSilent = "webhooks_silent",
        /// A failure holds the channel's queue.
        ChannelHeld = "channel_held",
        /// The provider fails of its own making, and the channel's circuit is open.
        CircuitOpen = "circuit_open",
        /// The provider restricts what the account may send.
        AccountRestricted = "account_restricted",
        /// The account is disabled, deleted, or no longer ours.
        AccountDisabled = "account_disabled",
        /// The provider names a critical problem of the account.
        AccountAlert = "account_alert",
        /// The number's two-step verification was changed or asked to be. Cleared by a person only.
        Security = "security",
        /// An integrator's endpoint is told of nothing any more.
        WebhookEndpointDisabled = "webhook_endpoint_disabled",
    }
}

impl AlertKind {
    pub const fn severity(self) -> AlertSeverity {
        match self {
            Self::TokenDead
            | Self::PaymentMissing
            | Self::WebhooksSilent
            | Self::ChannelHeld
            | Self::CircuitOpen
            | Self::AccountRestricted
            | Self::AccountDisabled
            | Self::Security
            | Self::WebhookEndpointDisabled => AlertSeverity::Critical,
            Self::TokenEndsSoon | Self::QualityRed | Self::AccountAlert => AlertSeverity::Warning,
        }
    }
}

word! {
    pub enum AlertSeverity {
        /// Messages don't go out or don't come in, nobody is told of them, or somebody may be taking over the number.
        Critical = "critical",
        /// They will not, unless somebody acts.
        Warning = "warning",
    }
}

word! {
    pub enum AlertState {
        Open = "open",
        Cleared = "cleared",
    }
}

word! {
    /// How far the workspace's endpoint has been told of an alert's present state.
    pub enum AlertDelivery {
        /// The workspace had no endpoint.
        None = "none",
        Pending = "pending",
        /// A worker is at it.
        Sending = "sending",
        Delivered = "delivered",
        /// Given up after a day.
        Failed = "failed",
    }
}

/// Something an operator has to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Alert {
    pub id: AlertId,
    pub kind: AlertKind,
    pub severity: AlertSeverity,
    pub state: AlertState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_id: Option<ChannelId>,
    /// What is the matter, in one sentence; never a secret.
    pub detail: String,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cure: Option<String>,
    pub raised_at: Ts,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cleared_at: Option<Ts>,
}

impl Alert {
    /// The entry of the feed that tells of its present state.
    pub fn event(&self, now: Ts) -> NewEvent {
        let kind = match self.state {
            AlertState::Open => EventKind::AlertRaised,
            AlertState::Cleared => EventKind::AlertCleared,
        };
        NewEvent { channel: self.channel_id, data: json!(self), ..NewEvent::new(kind, now) }
    }
}

/// An alert that should be open, before anybody looked whether it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    pub kind: AlertKind,
    /// What within the kind, where each is an alert of its own: the provider's word for it.
    pub matter: Option<String>,
    pub detail: String,
    pub cure: Option<String>,
}

/// Which alerts of a kind about a channel are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About<'a> {
    /// Every one.
    Everything,
    /// The one that is about the channel as a whole, which a look at the channel begins and ends.
    Channel,
    /// The one with this [`Concern::matter`].
    Matter(&'a str),
}
