//! Messages that did not arrive: whose move it is, and whether sending them again can help.

use super::failure::FailureCode;
use super::provider::word;

word! {
    /// Who can do something about a failure.
    pub enum Mover {
        /// Whoever wrote the message or the template.
        Person = "person",
        /// Whoever looks after the channel, its account and its settings.
        Operator = "operator",
        /// Twilio or Meta: it passes.
        Provider = "provider",
        /// The person it was sent to.
        Recipient = "recipient",
        /// This program: it built something wrong.
        Gateway = "gateway",
    }
}

/// Whose move it is, and whether the same message can arrive once they have moved.
pub const fn remedy(code: FailureCode) -> (Mover, bool) {
    use FailureCode as F;
    match code {
        F::RecipientUnreachable | F::RecipientOptedOut | F::RecipientBlocked | F::IdentityChanged => {
            (Mover::Recipient, false)
        }
        F::WindowClosed => (Mover::Recipient, false),
        F::RecipientInvalid
        | F::ContentInvalid
        | F::ContentTooLong
        | F::ContentUnsupported
        | F::TemplateParameters
        | F::PolicyViolation => (Mover::Person, false),
        F::TemplateMissing | F::TemplatePaused | F::TemplateDisabled | F::TemplateRejected | F::MediaUnusable => {
            (Mover::Person, true)
        }
        F::RecipientNotAllowed
        | F::CountryNotAllowed
        | F::CredentialsInvalid
        | F::PermissionMissing
        | F::AccountRestricted
        | F::AccountSuspended
        | F::PaymentProblem
        | F::SenderNotReady
        | F::SenderMisconfigured
        | F::DailyLimit
        | F::BackupNotReady
        | F::Unclassified => (Mover::Operator, true),
        F::MarketingLimited
        | F::ExperimentGroup
        | F::ThrottledPair
        | F::ThrottledSender
        | F::ThrottledAccount
        | F::ProviderUnavailable
        | F::ProviderError
        | F::ConnectionFailed
        | F::MediaPending
        | F::StoredContentMissing => (Mover::Provider, true),
        // Somebody has decided that it was not sent, or its time was over: whether it is still wanted is a person's to say.
        F::AnswerLost | F::Expired => (Mover::Person, true),
        F::GatewayFault => (Mover::Gateway, false),
    }
}
