//! What can be wrong with an app, a WhatsApp Business Account or a number, and is told by the calls that Meta has for it. Set by
//! the admin API; a healthy account has the defaults.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Both permissions that a gateway needs (direct.md §1.2).
pub(super) const MESSAGING: &str = "whatsapp_business_messaging";
pub(super) const MANAGEMENT: &str = "whatsapp_business_management";

/// Whether the access token works (direct.md §1.2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenState {
    #[default]
    Valid,
    Expired,
    Revoked,
}

/// Whether the app is public; in development no webhook arrives but those of the dashboard (direct.md §3.3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppMode {
    #[default]
    Live,
    Development,
}

/// `status` of a number (direct.md §2.9).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NumberStatus {
    #[default]
    Connected,
    Pending,
    Disconnected,
    Flagged,
    Restricted,
    RateLimited,
    Banned,
    Unlinked,
    Migrated,
    Deleted,
}

/// `quality_rating` of a number (direct.md §2.9).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum QualityRating {
    #[default]
    Green,
    Yellow,
    Red,
    Na,
    Unknown,
}

/// `name_status` of a number (direct.md §2.9).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NameStatus {
    #[default]
    Approved,
    AvailableWithoutReview,
    PendingReview,
    Declined,
    Expired,
    None,
}

/// `code_verification_status` of a number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CodeVerification {
    #[default]
    Verified,
    NotVerified,
    Expired,
}

/// `account_mode` of a number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccountMode {
    #[default]
    Live,
    Sandbox,
}

/// `throughput.level` of a number (direct.md §4.7).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Throughput {
    #[default]
    Standard,
    High,
    NotApplicable,
}

/// `whatsapp_business_manager_messaging_limit` (direct.md §4.5).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MessagingLimit {
    #[serde(rename = "TIER_250")]
    Tier250,
    #[default]
    #[serde(rename = "TIER_2K")]
    Tier2K,
    #[serde(rename = "TIER_10K")]
    Tier10K,
    #[serde(rename = "TIER_100K")]
    Tier100K,
    #[serde(rename = "TIER_UNLIMITED")]
    Unlimited,
}

/// `status` of a WhatsApp Business Account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WabaStatus {
    #[default]
    Active,
    /// Nothing can be sent (131031).
    Banned,
    /// Nothing can be sent (131031).
    Disabled,
}

/// `can_send_message` (direct.md §2.9).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CanSend {
    #[default]
    Available,
    Limited,
    Blocked,
}

/// What `health_status` speaks of (direct.md §2.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Entity {
    PhoneNumber,
    Waba,
    Business,
    App,
}

/// The health of one [`Entity`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EntityHealth {
    pub can_send_message: CanSend,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub additional_info: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<HealthError>,
}

/// Why an entity cannot send (direct.md §2.9).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HealthError {
    pub error_code: u32,
    pub error_description: String,
    pub possible_solution: String,
}

/// An app that `subscribed_apps` lists next to the account's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OtherApp {
    pub id: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub override_callback_uri: Option<String>,
}

/// `state` of a direct account in `PATCH /_admin/accounts/{id}`. What is left out stays; `null` puts the default back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DirectState {
    pub token_state: TokenState,
    /// Seconds since 1970; 0 is never. A time in the past makes the token an expired one.
    pub token_expires_at: i64,
    /// `SYSTEM_USER`, `USER` …
    pub token_type: String,
    /// Permissions of the token.
    pub scopes: Vec<String>,
    /// WhatsApp Business Accounts the token is for; `None` is the account's own, an empty list is all.
    pub granular_targets: Option<Vec<String>>,
    pub number_status: NumberStatus,
    /// Without it every send is refused with 133010.
    pub registered: bool,
    /// The PIN of two-step verification, once one was set.
    pub pin: Option<String>,
    pub quality_rating: QualityRating,
    pub name_status: NameStatus,
    pub code_verification_status: CodeVerification,
    pub account_mode: AccountMode,
    pub throughput: Throughput,
    pub messaging_limit: MessagingLimit,
    /// Entities that are not simply available. A blocked one has every send refused with 131031.
    pub health: BTreeMap<Entity, EntityHealth>,
    /// Every send is refused with 131042.
    pub payment_missing: bool,
    pub waba_status: WabaStatus,
    /// Of the WhatsApp Business Account.
    pub currency: String,
    /// ISO country of the WhatsApp Business Account.
    pub country: String,
    /// Meta's number of a time zone.
    pub timezone_id: String,
    pub business_verified: bool,
    pub app_mode: AppMode,
    pub other_apps: Vec<OtherApp>,
    /// Whether the number checks `recipient_identity_key_hash`.
    pub identity_check: bool,
    /// Where messages are kept; `None` is wherever Meta wants.
    pub storage_region: Option<String>,
    /// Templates that the account may have (direct.md §2.8).
    pub template_limit: usize,
    /// Calls other than sends within an hour, beyond which 80007 comes (direct.md §4.9).
    pub management_calls_per_hour: u32,
}

impl Default for DirectState {
    fn default() -> Self {
        Self {
            token_state: TokenState::Valid,
            token_expires_at: 0,
            token_type: "SYSTEM_USER".to_owned(),
            scopes: vec![MANAGEMENT.to_owned(), MESSAGING.to_owned()],
            granular_targets: None,
            number_status: NumberStatus::Connected,
            registered: true,
            pin: None,
            quality_rating: QualityRating::Green,
            name_status: NameStatus::Approved,
            code_verification_status: CodeVerification::Verified,
            account_mode: AccountMode::Live,
            throughput: Throughput::Standard,
            messaging_limit: MessagingLimit::Tier2K,
            health: BTreeMap::new(),
            payment_missing: false,
            waba_status: WabaStatus::Active,
            currency: "USD".to_owned(),
            country: "GB".to_owned(),
            timezone_id: "1".to_owned(),
            business_verified: true,
            app_mode: AppMode::Live,
            other_apps: Vec::new(),
            identity_check: false,
            storage_region: None,
            template_limit: 250,
            management_calls_per_hour: 5_000,
        }
    }
}

impl DirectState {
    /// Whether the token works at `now`, in milliseconds since 1970, and if not, the subcode that says why.
    pub(super) fn token_fault(&self, now: i64) -> Option<u32> {
        match self.token_state {
            TokenState::Revoked => Some(460),
            TokenState::Expired => Some(463),
            TokenState::Valid if self.token_expires_at > 0 && self.token_expires_at <= now / 1_000 => Some(463),
            TokenState::Valid => None,
        }
    }

    /// Why no message can be sent at all, with the code that says so (direct.md §5).
    pub(super) fn obstacle(&self) -> Option<(u32, &'static str)> {
        let blocked = self.health.values().any(|entity| entity.can_send_message == CanSend::Blocked);
        let locked = self.waba_status != WabaStatus::Active || self.number_status == NumberStatus::Banned || blocked;
        let absent = matches!(
            self.number_status,
            NumberStatus::Pending
                | NumberStatus::Disconnected
                | NumberStatus::Unlinked
                | NumberStatus::Migrated
                | NumberStatus::Deleted
        );
        if locked {
            Some((131_031, "Business Account locked"))
        } else if !self.registered || absent {
            Some((133_010, "The account is not registered"))
        } else if self.number_status == NumberStatus::Restricted {
            Some((131_048, "Message failed to send because there are restrictions on how many messages can be sent"))
        } else if self.number_status == NumberStatus::RateLimited {
            Some((130_429, "Cloud API message throughput has been reached."))
        } else if matches!(self.name_status, NameStatus::Declined | NameStatus::Expired | NameStatus::None) {
            Some((131_037, "The display name must be approved before messages can be sent"))
        } else if self.payment_missing {
            Some((131_042, "There was an error related to your payment method"))
        } else {
            None
        }
    }
}
