//! What must stand at the provider before a message can go on the wire: a medium uploaded, a Content stored.

use std::time::Duration;

use async_trait::async_trait;
use url::Url;

use crate::domain::content::Content;
use crate::domain::ids::AttemptId;
use crate::providers::{Outbound, SendError};

use super::LoadedChannel;

/// What a message asks of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    Nothing,
    /// A look at what the gateway itself knows.
    Look,
    /// Something that may take seconds: a file to be brought, a Content to be made.
    Work,
}

/// One such step. Steps run in the order in which the dispatcher was given them, after the attempts are durable. A
/// message waits for no step that it does not need; those that need the same are prepared and sent together, but what is ready
/// goes before what must wait.
#[async_trait]
pub trait Preparation: Send + Sync {
    /// Whether the step has anything to do for a message. Pure.
    fn need(&self, channel: &LoadedChannel, content: &Content) -> Need;

    /// Fills [`Outbound::prepared`] of messages that need it. Returns why the others can't be sent; of those certainly nothing
    /// has reached a person, so that no verdict may be [`crate::providers::Verdict::Unknown`].
    ///
    /// Takes at most a few seconds: the attempts' leases are reckoned for one exchange with the provider and a margin.
    async fn prepare(&self, channel: &LoadedChannel, batch: &mut [Outbound]) -> Vec<(AttemptId, SendError)>;

    /// Which of these messages, all of which ask for [`Need::Work`], must wait for it: their file has yet to be brought, their
    /// Content to be made. A guess is good enough; it decides only who waits for whom.
    async fn waiting(&self, _channel: &LoadedChannel, _batch: &[Outbound]) -> Vec<AttemptId> {
        Vec::new()
    }

    /// Hears of a refusal before the message is tried again, so that a step can forget what the provider no longer has.
    async fn refused(&self, _channel: &LoadedChannel, _message: &Outbound, _error: &SendError) {}
}

/// Puts files that the gateway has made where a provider can fetch them.
#[async_trait]
pub trait VCardHost: Send + Sync {
    /// A public address of the file, without a login, under the base at which the channel's provider reaches us.
    ///
    /// # Errors
    /// It could not be put there; another try may help.
    async fn host(&self, channel: &LoadedChannel, file: HostedFile) -> Result<Url, NotHosted>;
}

/// A file to be fetched by a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostedFile {
    pub bytes: Vec<u8>,
    pub mime_type: &'static str,
    pub filename: &'static str,
    /// How long the address must hold.
    pub valid_for: Duration,
}

/// A file could not be put where a provider can fetch it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file can't be hosted: {0}")]
pub struct NotHosted(pub String);
