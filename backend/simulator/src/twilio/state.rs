//! What can be wrong with a Twilio account, set by the admin API and shown as Twilio would show it.

use serde::{Deserialize, Serialize};

/// Whether an account may be used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountStatus {
    #[default]
    Active,
    /// Every call but that for the account itself is refused with 20005; nothing is delivered.
    Suspended,
    /// The credentials are good for nothing.
    Closed,
}

/// Whether an account is paid for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccountType {
    #[default]
    Full,
    /// Writes to verified numbers only (21608).
    Trial,
}

/// What the API key is (twilio.md §1.2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ApiKey {
    /// Everything but accounts and keys.
    #[default]
    Standard,
    /// Like the auth token.
    Main,
    /// What `api_key_grants` names.
    Restricted,
    /// Nothing: 20003.
    Revoked,
}

/// What a restricted key can be good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grant {
    Messages,
    Media,
    Content,
    Senders,
    Services,
    Typing,
    Events,
    Usage,
}

/// Why a sender is offline (twilio.md §2.8).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OfflineReason {
    /// An error code as a text, such as `63020`.
    pub code: String,
    pub message: String,
}

/// What is set up wrong, or has gone wrong, with a Twilio account. The default is an account in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TwilioState {
    pub account_status: AccountStatus,
    pub account_type: AccountType,
    /// Numbers in E.164 with plus that a trial account may write to.
    pub verified_numbers: Vec<String>,
    /// Messages in 24 hours after which all are refused with 63038.
    pub daily_message_limit: Option<u32>,
    /// The account that this one is a sub-account of: its credentials reach this one's messages, not its senders and contents.
    pub parent_account_sid: Option<String>,
    pub api_key: ApiKey,
    pub api_key_grants: Vec<Grant>,
    /// Beginnings of numbers to which messages are refused with 21408, such as `+62`.
    pub blocked_prefixes: Vec<String>,
    /// `ONLINE`, `ONLINE:UPDATING`, `OFFLINE`, `CREATING`, `VERIFYING` … (twilio.md §2.8). Only the first two send.
    pub sender_status: String,
    pub offline_reasons: Vec<OfflineReason>,
    /// The account has no such sender: it belongs to another one, or is not made yet. Sending is refused with 63007.
    pub sender_absent: bool,
    /// The number was moved to another WhatsApp Business Account. Sending is refused with 63059.
    pub sender_moved: bool,
    pub quality_rating: String,
    pub messaging_limit: String,
    /// The sender's messaging service obeys STOP and START: those who left are refused with 21610 (twilio.md §5).
    pub advanced_opt_out: bool,
    /// Whether the bytes of media need credentials.
    pub media_auth: bool,
    /// Webhooks are signed as if they went to this host (with a port, and a scheme before `://` if wanted): what a proxy does that
    /// changes the address.
    pub sign_as_url_host: Option<String>,
}

impl Default for TwilioState {
    fn default() -> Self {
        Self {
            account_status: AccountStatus::Active,
            account_type: AccountType::Full,
            verified_numbers: Vec::new(),
            daily_message_limit: None,
            parent_account_sid: None,
            api_key: ApiKey::Standard,
            api_key_grants: Vec::new(),
            blocked_prefixes: Vec::new(),
            sender_status: "ONLINE".to_owned(),
            offline_reasons: Vec::new(),
            sender_absent: false,
            sender_moved: false,
            quality_rating: "HIGH".to_owned(),
            messaging_limit: "10K Customers/24hr".to_owned(),
            advanced_opt_out: false,
            media_auth: true,
            sign_as_url_host: None,
        }
    }
}

impl TwilioState {
    /// What is said in the place of the sender's status, and why it is offline.
    pub(super) fn sender(&self) -> (&str, Vec<OfflineReason>) {
        if !self.sender_moved {
            return (&self.sender_status, self.offline_reasons.clone());
        }
        let moved = OfflineReason {
            code: "63059".to_owned(),
            message: "The phone number was moved to another WhatsApp Business Account".to_owned(),
        };
        ("OFFLINE", vec![moved])
    }

    /// The code with which a sender is refused that cannot send (twilio.md §6.3).
    pub(super) fn sender_fault(&self) -> Option<u32> {
        if self.sender_moved {
            return Some(63_059);
        }
        (self.sender_absent || !self.sender_status.starts_with("ONLINE")).then_some(63_007)
    }

    /// The URL that a signature is computed over where the webhook goes to `url`.
    pub(crate) fn signed_url(&self, url: &str) -> String {
        let Some(host) = &self.sign_as_url_host else { return url.to_owned() };
        let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
        let path = rest.find(['/', '?']).map_or("", |at| rest.get(at..).unwrap_or_default());
        match host.split_once("://") {
            Some((scheme, host)) => format!("{scheme}://{host}{path}"),
            None => format!("{scheme}://{host}{path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_changes_the_host_that_is_signed() {
        let state = |host: &str| TwilioState { sign_as_url_host: Some(host.to_owned()), ..TwilioState::default() };
        let url = "http://127.0.0.1:4000/hooks/twilio/1?a=b";
        assert_eq!(TwilioState::default().signed_url(url), url);
        assert_eq!(state("gw.example.com").signed_url(url), "http://gw.example.com/hooks/twilio/1?a=b");
        assert_eq!(state("https://gw.example.com").signed_url(url), "https://gw.example.com/hooks/twilio/1?a=b");
    }
}
