//! The step that renders contact cards as a file for a provider that fetches them (twilio.md §8.1).

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::channels::LoadedChannel;
use crate::channels::preparation::{HostedFile, Need, Preparation, VCardHost};
use crate::domain::content::Content;
use crate::domain::failure::FailureCode;
use crate::domain::ids::AttemptId;
use crate::providers::twilio::vcard::MIME_TYPE;
use crate::providers::{Outbound, SendError, Verdict};

/// The file's name, as far as the provider shows it.
const FILENAME: &str = "contacts.vcf";
/// How long the provider must be able to fetch it: Twilio's queue holds a message for up to 36,000 s (twilio.md §2.1), and a
/// late fetch gets a day on top.
const VALID_FOR: Duration = Duration::from_secs(36_000 + 86_400);

/// Renders and hosts contact cards.
pub struct VCards {
    host: Arc<dyn VCardHost>,
}

impl VCards {
    pub fn new(host: Arc<dyn VCardHost>) -> Self {
        Self { host }
    }

    async fn prepare_one(
        &self,
        channel: &LoadedChannel,
        message: &mut Outbound,
        file: String,
    ) -> Result<(), SendError> {
        let bytes = file.into_bytes();
        let file = HostedFile { bytes, mime_type: MIME_TYPE, filename: FILENAME, valid_for: VALID_FOR };
        match self.host.host(channel, file).await {
            Ok(url) => {
                message.prepared.vcard = Some(url);
                Ok(())
            }
            Err(error) => {
                tracing::warn!(message = %message.message, %error, "contact cards could not be hosted");
                let detail = "The contact cards could not be put where the provider fetches them. Nothing was sent; it is tried again.";
                Err(SendError::new(Verdict::Retry { after: None }, FailureCode::MediaUnusable, None, detail))
            }
        }
    }
}

#[async_trait]
impl Preparation for VCards {
    fn need(&self, channel: &LoadedChannel, content: &Content) -> Need {
        if channel.service.vcard(content).is_some() { Need::Work } else { Need::Nothing }
    }

    async fn prepare(&self, channel: &LoadedChannel, batch: &mut [Outbound]) -> Vec<(AttemptId, SendError)> {
        let mut refused = Vec::new();
        for message in batch {
            if let Some(file) = channel.service.vcard(&message.content)
                && let Err(error) = self.prepare_one(channel, message, file).await
            {
                refused.push((message.attempt, error));
            }
        }
        refused
    }
}
