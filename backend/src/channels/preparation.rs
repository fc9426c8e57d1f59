//! What must stand at the provider before a message can go on the wire: a medium uploaded, a Content stored.

use async_trait::async_trait;

use crate::domain::ids::AttemptId;
use crate::providers::{Outbound, SendError};

use super::LoadedChannel;

/// One such step. Steps run in the order in which the dispatcher was given them, after the attempts are durable and before
/// the first message of the batch is sent.
#[async_trait]
pub trait Preparation: Send + Sync {
    /// Fills [`Outbound::prepared`] of those that need it. Returns why the others can't be sent; of those certainly nothing
    /// has reached a person, so that no verdict may be [`crate::providers::Verdict::Unknown`].
    async fn prepare(&self, channel: &LoadedChannel, batch: &mut [Outbound]) -> Vec<(AttemptId, SendError)>;
}
