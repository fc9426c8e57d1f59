//! Why a message was not delivered: stable codes of ours over the providers' many.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::provider::word;

word! {
    /// Our stable reason. Programs switch on it; the provider's own code stands beside it.
    pub enum FailureCode {
        /// Not on WhatsApp, inactive, or can't receive.
        RecipientUnreachable = "recipient_unreachable",
        /// The address is malformed or not understood.
        RecipientInvalid = "recipient_invalid",
        RecipientOptedOut = "recipient_opted_out",
        RecipientBlocked = "recipient_blocked",
        /// The recipient is not on a test list, has not joined a sandbox, or the trial account may not write there.
        RecipientNotAllowed = "recipient_not_allowed",
        /// Free-form content more than 24 hours after the person's last message.
        WindowClosed = "window_closed",
        TemplateMissing = "template_missing",
        TemplatePaused = "template_paused",
        TemplateDisabled = "template_disabled",
        TemplateRejected = "template_rejected",
        TemplateParameters = "template_parameters",
        /// What the gateway had stored at the provider for this kind of message is gone; it is made anew.
        StoredContentMissing = "stored_content_missing",
        ContentInvalid = "content_invalid",
        ContentTooLong = "content_too_long",
        /// The provider or the channel can't carry this kind.
        ContentUnsupported = "content_unsupported",
        MediaUnusable = "media_unusable",
        /// A medium is still on its way to the provider; the message follows it.
        MediaPending = "media_pending",
        PolicyViolation = "policy_violation",
        /// WhatsApp held back marketing for this person.
        MarketingLimited = "marketing_limited",
        ExperimentGroup = "experiment_group",
        CountryNotAllowed = "country_not_allowed",
        /// The person's identity has changed and the check is on.
        IdentityChanged = "identity_changed",
        CredentialsInvalid = "credentials_invalid",
        PermissionMissing = "permission_missing",
        AccountRestricted = "account_restricted",
        AccountSuspended = "account_suspended",
        PaymentProblem = "payment_problem",
        SenderNotReady = "sender_not_ready",
        SenderMisconfigured = "sender_misconfigured",
        ThrottledPair = "throttled_pair",
        ThrottledSender = "throttled_sender",
        ThrottledAccount = "throttled_account",
        DailyLimit = "daily_limit",
        ProviderUnavailable = "provider_unavailable",
        ProviderError = "provider_error",
        /// The answer was lost: nobody knows whether the provider took it.
        AnswerLost = "answer_lost",
        /// No connection to the provider came about: certainly not sent.
        ConnectionFailed = "connection_failed",
        /// Its time was over before the provider could deliver it.
        Expired = "expired",
        /// Its channel can't send, and the other provider is not ready for it.
        BackupNotReady = "backup_not_ready",
        /// The gateway built something the provider does not understand.
        GatewayFault = "gateway_fault",
        /// A code this version does not know.
        Unclassified = "unclassified",
    }
}

/// A refusal or loss as shown to a person and to programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Failure {
    pub code: FailureCode,
    /// The provider's raw code, such as `131047` or `63016`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_code: Option<String>,
    /// One sentence for a person: what happened and what to do next. Never holds a secret or a message's text.
    pub detail: String,
}
