//! How far the integrators' systems have been told of what happens.

use super::provider::word;

word! {
    /// Whether an endpoint is told of anything.
    pub enum WebhookEndpointState {
        Active = "active",
        /// Told of nothing until it is active again; then of what it has missed.
        Disabled = "disabled",
    }
}

word! {
    /// Why an endpoint is told of nothing.
    pub enum WebhookDisabledReason {
        /// Somebody has switched it off.
        ByHand = "by_hand",
        /// It answered with status 410.
        Gone = "gone",
        /// Every try of three days has failed.
        Failing = "failing",
    }
}

word! {
    /// How far an endpoint has been told of one event.
    pub enum WebhookDeliveryState {
        /// Waits for its first try or for the next one.
        Pending = "pending",
        /// A worker is at it.
        Sending = "sending",
        /// The endpoint has taken it.
        Delivered = "delivered",
        /// Given up: after a day of tries, or because there is nothing to send any more.
        Failed = "failed",
    }
}
