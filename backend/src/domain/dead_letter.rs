//! Messages that did not arrive: whose move it is, and whether sending them again can help.

use super::actor::Actor;
use super::failure::FailureCode;

/// Whose move it is, and whether the same message can arrive once they have moved.
pub const fn remedy(code: FailureCode) -> (Actor, bool) {
    use FailureCode as F;
    match code {
        F::RecipientUnreachable | F::RecipientOptedOut | F::RecipientBlocked | F::IdentityChanged => {
            (Actor::Recipient, false)
        }
        F::WindowClosed => (Actor::Recipient, false),
        F::RecipientInvalid
        | F::ContentInvalid
        | F::ContentTooLong
        | F::ContentUnsupported
        | F::TemplateParameters
        | F::PolicyViolation => (Actor::Author, false),
        F::TemplateMissing | F::TemplatePaused | F::TemplateDisabled | F::TemplateRejected | F::MediaUnusable => {
            (Actor::Author, true)
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
        | F::Unclassified => (Actor::Operator, true),
        F::MarketingLimited
        | F::ExperimentGroup
        | F::ThrottledPair
        | F::ThrottledSender
        | F::ThrottledAccount
        | F::ProviderUnavailable
        | F::ProviderError
        | F::ConnectionFailed
        | F::MediaPending
        | F::StoredContentMissing => (Actor::Provider, true),
        // Somebody has decided that it was not sent, or its time was over: whether it is still wanted is a person's to say.
        F::AnswerLost | F::Expired => (Actor::Author, true),
        F::GatewayFault => (Actor::Gateway, false),
    }
}
