//! What is known of a sender, as clients see it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::standing::{Quality, WebhookRefusal};
use crate::domain::time::Ts;
use crate::storage::facts::ChannelFacts;

/// What the provider says of a channel's sender, and what has come back from it. What is not known is absent.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct ChannelFactsView {
    /// The number as the provider writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("+44 7700 900001"))]
    pub display_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("Acme Tea"))]
    pub verified_name: Option<String>,
    /// The provider's word, such as `APPROVED`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// People the business may write to first within 24 hours: a number, or `unlimited`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("2000"))]
    pub messaging_limit: Option<String>,
    /// The provider's word, such as `STANDARD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throughput: Option<String>,
    /// The provider's word, such as `CONNECTED` or `ONLINE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender_status: Option<String>,
    /// Whether the account as a whole may send, in the provider's word, such as `AVAILABLE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_status: Option<String>,
    /// Until then the business may not begin conversations: templates wait, replies go out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_restricted_until: Option<Ts>,
    /// Until then nothing goes out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replies_restricted_until: Option<Ts>,
    /// Absent for a token that never ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_expires_at: Option<Ts>,
    /// When the provider was last asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_at: Option<Ts>,
    /// When a receipt or a person's message last came; it is noted once a minute at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round_trip_at: Option<Ts>,
    /// When the last test message was queued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round_trip_started_at: Option<Ts>,
    /// Webhooks that were not taken because their signature did not hold, since the channel was made.
    pub webhooks_refused: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_refused_at: Option<Ts>,
    /// Why the last of them was not taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_refusal: Option<WebhookRefusal>,
}

impl From<&ChannelFacts> for ChannelFactsView {
    fn from(facts: &ChannelFacts) -> Self {
        let facts = facts.clone();
        Self {
            display_number: facts.display_number,
            verified_name: facts.verified_name,
            name_status: facts.name_status,
            quality: facts.quality,
            messaging_limit: facts.messaging_limit,
            throughput: facts.throughput,
            sender_status: facts.sender_status,
            account_status: facts.account_status,
            business_restricted_until: facts.business_restricted_until,
            replies_restricted_until: facts.replies_restricted_until,
            token_expires_at: facts.token_expires_at,
            observed_at: facts.observed_at,
            round_trip_at: facts.round_trip_at,
            round_trip_started_at: facts.round_trip_started_at,
            webhooks_refused: facts.webhooks_refused,
            webhook_refused_at: facts.webhook_refused_at,
            webhook_refusal: facts.webhook_refusal,
        }
    }
}
