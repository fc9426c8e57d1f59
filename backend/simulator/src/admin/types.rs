//! What the admin API takes and gives. These types belong to the simulator; none of them is a provider's.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::direct::state::DirectState;
use crate::people::WindowPolicy;
use crate::review::TemplateVerdict;
use crate::twilio::state::TwilioState;

const fn yes() -> bool {
    true
}

/// Body of `POST /_admin/accounts/direct`. What is left out is made up at random.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewDirectAccount {
    /// The app's callback; with it the app is subscribed to the account's messages from the start.
    pub callback_url: Option<String>,
    pub verify_token: Option<String>,
    pub app_id: Option<String>,
    pub app_secret: Option<String>,
    pub waba_id: Option<String>,
    pub business_id: Option<String>,
    pub phone_number_id: Option<String>,
    /// E.164 with plus.
    pub display_phone_number: Option<String>,
    pub verified_name: Option<String>,
    pub access_token: Option<String>,
    /// Refuse calls without `appsecret_proof`.
    pub require_proof: bool,
    pub windows: WindowPolicy,
    /// Messages a second; `None` is unlimited.
    pub rate_per_second: Option<u32>,
    /// Limit messages to one person as Meta does.
    pub pair_limit: bool,
    /// Open the default customer's window.
    #[serde(default = "yes")]
    pub greet: bool,
}

impl Default for NewDirectAccount {
    fn default() -> Self {
        Self {
            callback_url: None,
            verify_token: None,
            app_id: None,
            app_secret: None,
            waba_id: None,
            business_id: None,
            phone_number_id: None,
            display_phone_number: None,
            verified_name: None,
            access_token: None,
            require_proof: false,
            windows: WindowPolicy::Open,
            rate_per_second: None,
            pair_limit: false,
            greet: true,
        }
    }
}

/// Body of `POST /_admin/accounts/twilio`. What is left out is made up at random.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewTwilioAccount {
    /// The sender's inbound callback, with retry overrides in the fragment if wanted.
    pub inbound_url: Option<String>,
    pub fallback_url: Option<String>,
    pub status_callback_url: Option<String>,
    pub account_sid: Option<String>,
    pub auth_token: Option<String>,
    pub secondary_auth_token: Option<String>,
    pub api_key_sid: Option<String>,
    pub api_key_secret: Option<String>,
    /// E.164 with plus, without `whatsapp:`.
    pub sender_number: Option<String>,
    pub profile_name: Option<String>,
    pub windows: WindowPolicy,
    /// Messages a second; `None` is unlimited.
    pub rate_per_second: Option<u32>,
    pub pair_limit: bool,
    /// Open the default customer's window.
    #[serde(default = "yes")]
    pub greet: bool,
}

impl Default for NewTwilioAccount {
    fn default() -> Self {
        Self {
            inbound_url: None,
            fallback_url: None,
            status_callback_url: None,
            account_sid: None,
            auth_token: None,
            secondary_auth_token: None,
            api_key_sid: None,
            api_key_secret: None,
            sender_number: None,
            profile_name: None,
            windows: WindowPolicy::Open,
            rate_per_second: None,
            pair_limit: false,
            greet: true,
        }
    }
}

/// Everything a gateway needs to use a direct account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectCredentials {
    pub app_id: String,
    pub app_secret: String,
    pub waba_id: String,
    pub business_id: String,
    pub phone_number_id: String,
    /// E.164 with plus.
    pub display_phone_number: String,
    pub verified_name: String,
    pub access_token: String,
    pub verify_token: String,
    pub callback_url: Option<String>,
    /// Fields of webhooks that the app is subscribed to.
    pub fields: Vec<String>,
    /// Whether the app is subscribed to the WhatsApp Business Account.
    pub subscribed: bool,
    pub state: Box<DirectState>,
}

/// Everything a gateway needs to use a Twilio account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwilioCredentials {
    pub account_sid: String,
    pub auth_token: String,
    pub secondary_auth_token: Option<String>,
    pub api_key_sid: String,
    pub api_key_secret: String,
    /// `whatsapp:` and E.164, as `From` wants it.
    pub sender_number: String,
    pub sender_sid: String,
    pub messaging_service_sid: String,
    pub inbound_url: Option<String>,
    pub status_callback_url: Option<String>,
    /// What is wrong with it.
    #[serde(default)]
    pub state: TwilioState,
}

impl std::fmt::Debug for DirectCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DirectCredentials").field("phone_number_id", &self.phone_number_id).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for TwilioCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TwilioCredentials").field("account_sid", &self.account_sid).finish_non_exhaustive()
    }
}

/// An account of either provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "provider", rename_all = "lowercase")]
pub enum AccountView {
    Direct(DirectCredentials),
    Twilio(TwilioCredentials),
}

/// Body of `PATCH /_admin/accounts/{id}`. What is left out stays; an empty text or a rate of 0 removes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccountPatch {
    /// The app's callback (direct) or the sender's inbound callback (Twilio).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callback_url: Option<String>,
    /// Direct only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify_token: Option<String>,
    /// Direct only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
    /// Direct only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_secret: Option<String>,
    /// Direct only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_proof: Option<bool>,
    /// Twilio only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_url: Option<String>,
    /// Twilio only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_callback_url: Option<String>,
    /// Twilio only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_token: Option<String>,
    /// Twilio only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secondary_auth_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub windows: Option<WindowPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_per_second: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pair_limit: Option<bool>,
    /// Milliseconds that the review of a template takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template_review_ms: Option<u64>,
    /// How reviews end, by the template's name; takes the place of all that was set before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template_verdicts: Option<BTreeMap<String, TemplateVerdict>>,
    /// What is wrong with the account: members of [`DirectState`](crate::DirectState), and how its app is wired (`callback_url`,
    /// `verify_token`, `app_secret`, `fields`, `subscribed`); or members of [`TwilioState`](crate::TwilioState), and how its first
    /// messaging service is wired (`service_inbound_request_url`, `service_status_callback`, `use_inbound_webhook_on_number`). `null`
    /// puts a member's default back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<Map<String, Value>>,
}

/// Body of `POST /_admin/windows`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WindowChange {
    /// Phone number id, account SID, sender SID or number in any form.
    pub sender: String,
    /// Phone number or business-scoped user id.
    pub person: String,
    pub open: bool,
}

/// Body of every refusal of the admin API.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AdminProblem {
    /// One sentence for a person.
    pub error: String,
}
