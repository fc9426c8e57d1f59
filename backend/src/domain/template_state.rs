//! Where a template stands at a provider.

use super::provider::word;

word! {
    /// The review's state in both providers' words (direct.md §2.8, §3.7, twilio.md §2.7).
    pub enum TemplateStatus {
        /// Stored, and not handed to the review; the last try to do so may have failed.
        Unsubmitted = "unsubmitted",
        /// Twilio has it, Meta not yet.
        Received = "received",
        /// Under review.
        Pending = "pending",
        Approved = "approved",
        Rejected = "rejected",
        /// Poor feedback: for three, then for six hours.
        Paused = "paused",
        /// For good, after the second pause.
        Disabled = "disabled",
        InAppeal = "in_appeal",
        PendingDeletion = "pending_deletion",
        /// Gone at the provider.
        Deleted = "deleted",
        LimitExceeded = "limit_exceeded",
        Archived = "archived",
        Locked = "locked",
        /// A word that this version does not know.
        Unknown = "unknown",
    }
}

impl TemplateStatus {
    /// Reads a provider's word in any case. `FLAGGED` and `REINSTATED` are said of templates that can be sent.
    pub fn read(text: &str) -> Self {
        match text.to_ascii_lowercase().as_str() {
            "flagged" | "reinstated" => Self::Approved,
            "unpaused" | "active" => Self::Approved,
            word => word.parse().unwrap_or(Self::Unknown),
        }
    }

    /// Whether a message with it may go out: only what is approved (direct.md §2.8).
    pub const fn is_sendable(self) -> bool {
        matches!(self, Self::Approved)
    }

    /// Whether the review will still say something.
    pub const fn is_under_review(self) -> bool {
        matches!(self, Self::Received | Self::Pending | Self::InAppeal)
    }

    /// Whether nothing is left of it.
    pub const fn is_gone(self) -> bool {
        matches!(self, Self::Deleted | Self::PendingDeletion)
    }
}

word! {
    /// What people's feedback says of a template (direct.md §2.8).
    pub enum TemplateQuality {
        Green = "green",
        Yellow = "yellow",
        Red = "red",
        Unknown = "unknown",
    }
}

impl TemplateQuality {
    /// Reads a provider's word in any case.
    pub fn read(text: &str) -> Self {
        text.to_ascii_lowercase().parse().unwrap_or(Self::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_both_providers_are_read() {
        assert_eq!(TemplateStatus::read("IN_APPEAL"), TemplateStatus::InAppeal);
        assert_eq!(TemplateStatus::read("approved"), TemplateStatus::Approved);
        assert_eq!(TemplateStatus::read("REINSTATED"), TemplateStatus::Approved);
        assert_eq!(TemplateStatus::read("BRAND_NEW"), TemplateStatus::Unknown);
        assert_eq!(TemplateQuality::read("GREEN"), TemplateQuality::Green);
        assert_eq!(TemplateQuality::read("HIGH"), TemplateQuality::Unknown);
    }
}
