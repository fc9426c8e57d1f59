//! Identifiers: one newtype per table over a UUIDv7, so that a channel's id can't be passed where a message's is meant.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A fresh id; ids made later sort later.
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// Sorts before every id that was made within the last `ago`.
            pub fn made_since(ago: Duration) -> Self {
                let since = SystemTime::now().checked_sub(ago).and_then(|at| at.duration_since(UNIX_EPOCH).ok());
                let millis = u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(u64::MAX);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

id! {
    /// A business in one environment.
    WorkspaceId,
    /// A person who signs in to the console.
    UserId,
    /// One sign-in of a user on one device.
    SessionId,
    /// A program's credential; implies its workspace.
    ApiKeyId,
    /// One WhatsApp sender at one provider.
    ChannelId,
    /// A person the business talks to.
    ContactId,
    /// An entry of the list of those who want no messages.
    SuppressionId,
    /// One message, outgoing or incoming.
    MessageId,
    /// One try to put a message on the wire; the correlation id there.
    AttemptId,
    /// One raw webhook as it arrived.
    JournalId,
    /// One entry of the events feed.
    EventId,
    /// A picture, film, sound or file that the gateway keeps.
    MediaId,
    /// A template of a workspace: one name in one language.
    TemplateId,
    /// A template at one account of one provider.
    TemplateRegistrationId,
    /// Something an operator has to know.
    AlertId,
    /// A failure of a provider's own making, as its circuit breaker counts it.
    FaultId,
    /// An address that is told of a workspace's events.
    WebhookEndpointId,
    /// One event for one of these addresses.
    WebhookDeliveryId,
    /// One request with such an event.
    WebhookTryId,
}
