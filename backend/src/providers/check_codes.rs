//! What a connection check can find, as stable words.

use crate::domain::provider::word;

word! {
    /// What is the matter with a rung. Programs switch on it; the finding says it in a sentence.
    pub enum CheckCode {
        // Configured.
        /// A value that the provider needs is not set, or can't be read.
        ValueMissing = "value_missing",
        /// The sandbox that the channel belongs to is switched off.
        SandboxOff = "sandbox_off",
        /// The public address is not https, which both providers demand.
        PublicUrlNotHttps = "public_url_not_https",
        /// The public address leads to this machine or network only.
        PublicUrlPrivate = "public_url_private",
        /// Twilio refuses callback addresses with an underscore in the host.
        HostWithUnderscore = "host_with_underscore",
        // Reachable.
        Unreachable = "unreachable",
        // Credentials.
        TokenExpired = "token_expired",
        TokenRevoked = "token_revoked",
        TokenInvalid = "token_invalid",
        /// Works, but not for 14 days more.
        TokenEndsSoon = "token_ends_soon",
        /// App id and token are of different apps.
        OtherApp = "other_app",
        WrongAppSecret = "wrong_app_secret",
        /// Twilio does not know the account.
        AccountUnknown = "account_unknown",
        /// Suspended or closed.
        AccountSuspended = "account_suspended",
        /// Twilio does not accept account SID and auth token together.
        AuthTokenRefused = "auth_token_refused",
        /// The auth token worked once, or only the second one does.
        AuthTokenRotated = "auth_token_rotated",
        ApiKeyRefused = "api_key_refused",
        /// The provider answers, but with an error of its own.
        ProviderTrouble = "provider_trouble",
        // Permissions.
        /// The token lacks the permission to send.
        ScopeMissing = "scope_missing",
        /// The credentials lack the permission for templates, numbers and webhooks.
        ManagementScopeMissing = "management_scope_missing",
        /// The WhatsApp account is not assigned to the system user.
        AssetNotAssigned = "asset_not_assigned",
        /// The API key may not read what is needed.
        ApiKeyRestricted = "api_key_restricted",
        // Sender.
        /// Ids stand in each other's fields.
        IdsSwapped = "ids_swapped",
        /// A telephone number stands where its id belongs.
        NumberInsteadOfId = "number_instead_of_id",
        /// Number and WhatsApp account exist, but don't belong together.
        WabaAndPhoneMismatch = "waba_and_phone_mismatch",
        NumberNotFound = "number_not_found",
        /// The WhatsApp account is not there, or can't be seen.
        WabaNotFound = "waba_not_found",
        NumberUnregistered = "number_unregistered",
        /// The number is banned.
        NumberBanned = "number_banned",
        /// Twilio: the account has no such sender.
        SenderNotFound = "sender_not_found",
        SenderOffline = "sender_offline",
        /// Twilio's shared sandbox number.
        SharedSender = "shared_sender",
        ServiceNotFound = "service_not_found",
        /// The sender is not in the messaging service's pool.
        SenderNotInService = "sender_not_in_service",
        // Standing.
        QualityRed = "quality_red",
        PaymentMissing = "payment_missing",
        /// Meta blocks sending for a reason of its own.
        SendingBlocked = "sending_blocked",
        /// Meta limits sending for a reason of its own.
        SendingLimited = "sending_limited",
        /// Restricted for a time because of policy.
        AccountRestricted = "account_restricted",
        /// Disabled, banned or deleted.
        AccountDisabled = "account_disabled",
        NameNotApproved = "name_not_approved",
        /// A trial account or a test number, which writes to listed people only.
        TrialAccount = "trial_account",
        // Subscribed.
        AppNotSubscribed = "app_not_subscribed",
        /// Another app gets the account's webhooks, ours does not.
        OtherAppSubscribed = "other_app_subscribed",
        /// The app is not told of everything that the gateway reads.
        FieldsMissing = "fields_missing",
        /// The messaging service discards what comes in.
        ServiceDisablesInbound = "service_disables_inbound",
        // Callback.
        CallbackMissing = "callback_missing",
        CallbackElsewhere = "callback_elsewhere",
        /// The callback is ours, but is called with another method than POST.
        CallbackMethod = "callback_method",
        /// The provider could not get an answer from it.
        CallbackUnreachable = "callback_unreachable",
        /// Somebody answers there rightly, but not this gateway.
        AnsweredElsewhere = "answered_elsewhere",
        /// A handshake came that does not know the verify token.
        VerifyTokenMismatch = "verify_token_mismatch",
        /// Webhooks are signed with another secret than the channel's.
        OtherSecret = "other_secret",
        /// Webhooks are signed for another address: a proxy changes host, scheme or path, or the public address is set wrongly.
        HostRewritten = "host_rewritten",
        /// Webhooks come without a signature.
        SignatureMissing = "signature_missing",
        // Round trip.
        NeverProven = "never_proven",
        /// A day or more has passed since the last evidence.
        ProofStale = "proof_stale",
        /// Messages were accepted half an hour ago or more, and no webhook has come since.
        WebhooksSilent = "webhooks_silent",
        /// As silent, with everything else in order: the app is probably in development mode.
        AppInDevelopment = "app_in_development",
    }
}
