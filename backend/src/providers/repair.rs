//! What a repair set at the provider.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::provider::word;

use super::foreign_url::without_secrets;

word! {
    /// What was set.
    pub enum RepairStep {
        /// The app gets the account's webhooks.
        AppSubscribed = "app_subscribed",
        /// The app's callback leads here.
        AppCallback = "app_callback",
        /// The app is told of everything that the gateway reads.
        AppFields = "app_fields",
        /// The account's own callback leads here, beside the app's, which belongs to somebody else.
        AccountCallback = "account_callback",
        /// The number's own callback is gone, so that the one above it counts.
        NumberCallback = "number_callback",
        /// The sender's webhook leads here, with retries and a second address to try.
        SenderWebhook = "sender_webhook",
        /// The sender's status callback leads here.
        SenderStatusCallback = "sender_status_callback",
        /// The messaging service leaves incoming messages to the sender's own webhook.
        ServiceInbound = "service_inbound",
    }
}

/// One thing that was set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Mended {
    pub step: RepairStep,
    /// What stood there before, an address without what may be a secret in it; none when nothing did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("https://other.example/hook"))]
    pub before: Option<String>,
    /// What stands there now; none when it was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("https://duplex.example/hooks/direct/100000000000001"))]
    pub after: Option<String>,
}

/// What a repair did, and where it stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Repair {
    /// In the order in which it was done; empty when everything was in order.
    pub mended: Vec<Mended>,
    /// Why not everything could be set, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
}

impl Repair {
    pub(super) fn note(&mut self, step: RepairStep, before: Option<String>, after: Option<String>) {
        self.mended.push(Mended { step, before: before.as_deref().map(without_secrets), after });
    }

    pub(super) fn stop(mut self, why: String) -> Self {
        self.stopped = Some(why);
        self
    }
}
