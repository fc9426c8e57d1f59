//! States of messages and attempts, and which change may follow which (DESIGN.md §3).

use super::provider::word;

word! {
    /// Where a message stands.
    pub enum MessageState {
        /// Waits for its time, a free slot, or the end of a hold.
        Queued = "queued",
        /// A worker has taken it; nothing is on the wire.
        Claimed = "claimed",
        /// An attempt is durable; bytes may be on the wire.
        Sending = "sending",
        /// The provider took it.
        Accepted = "accepted",
        /// WhatsApp's server took it.
        Sent = "sent",
        Delivered = "delivered",
        Read = "read",
        /// Neither accepted nor refused as far as anybody can tell. Never sent again without evidence.
        Unknown = "unknown",
        Failed = "failed",
        Cancelled = "cancelled",
        /// Its time was over before it could be sent.
        Expired = "expired",
        /// An incoming message.
        Received = "received",
    }
}

impl MessageState {
    /// No receipt or answer is expected any more (a late one is still recorded).
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Read | Self::Failed | Self::Cancelled | Self::Expired | Self::Received)
    }
}

word! {
    /// Where one try stands.
    pub enum AttemptState {
        Sending = "sending",
        Accepted = "accepted",
        Refused = "refused",
        Unknown = "unknown",
    }
}

word! {
    /// What settled an attempt.
    pub enum Evidence {
        /// The provider's answer to the request.
        Answer = "answer",
        /// The provider's later word.
        Webhook = "webhook",
        /// The provider's list of messages, read because the answer was lost.
        LookUp = "look_up",
        /// The provider's record of the message, read because no webhook came.
        Poll = "poll",
        /// Somebody decided.
        Person = "person",
    }
}

word! {
    /// Why a queued message waits although its time has come.
    pub enum HoldReason {
        /// Its channel can't send at the moment (dead token, locked account, missing payment).
        ChannelDown = "channel_down",
        /// The provider asked to slow down.
        Throttled = "throttled",
        /// Sending is switched off for the whole installation (`serve --hold`).
        Installation = "installation",
        /// It is night where the person is, and the workspace sends nothing of this class then.
        QuietHours = "quiet_hours",
        /// Its person got a message from the same sender a moment ago; what follows keeps a distance.
        PairLimit = "pair_limit",
        /// The sender has written to as many people as it may in a day.
        DailyLimit = "daily_limit",
        /// The provider fails so often that only single messages are tried.
        CircuitOpen = "circuit_open",
        /// It goes on by the other provider.
        Failover = "failover",
    }
}

word! {
    /// Whether a channel may be used.
    pub enum ChannelState {
        /// Sends and receives.
        Active = "active",
        /// Keeps its queue until a check is green again.
        Held = "held",
    }
}

word! {
    /// How a provider's word reached the journal.
    pub enum JournalOrigin {
        /// The provider called.
        Webhook = "webhook",
        /// The gateway asked, and found what no webhook had told.
        Poll = "poll",
    }
}

word! {
    /// Where a raw webhook stands in its processing.
    pub enum JournalState {
        Pending = "pending",
        Claimed = "claimed",
        Done = "done",
        /// Failed five times; kept for a person.
        Dead = "dead",
    }
}
