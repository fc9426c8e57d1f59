//! Messaging services as they are kept, and where webhooks go by them (twilio.md §2.9, §3.5).

use serde::{Deserialize, Serialize};

use super::state::AccountStatus;
use crate::accounts::TwilioAccount;
use crate::ledger::Record;

/// A messaging service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Service {
    pub(crate) sid: String,
    pub(crate) friendly_name: String,
    pub(crate) inbound_request_url: Option<String>,
    pub(crate) fallback_url: Option<String>,
    pub(crate) status_callback: Option<String>,
    /// Seconds.
    pub(crate) validity_period: u32,
    /// Inbound messages go to the sender's own URL, not to the service's.
    pub(crate) use_inbound_webhook_on_number: bool,
    pub(crate) sticky_sender: bool,
    pub(crate) usecase: String,
    /// SIDs of the senders in its pool.
    pub(crate) senders: Vec<String>,
    /// Milliseconds since 1970.
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Service {
    /// A service with nobody in its pool.
    pub(super) fn new(sid: String, friendly_name: String, at: i64) -> Self {
        Self {
            sid,
            friendly_name,
            validity_period: 36_000,
            sticky_sender: true,
            usecase: "undeclared".to_owned(),
            created_at: at,
            updated_at: at,
            ..Self::default()
        }
    }
}

/// Where a customer's message goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) url: Option<String>,
    pub(crate) fallback: Option<String>,
    /// The service that it is routed by.
    pub(crate) service: Option<String>,
}

impl TwilioAccount {
    /// The account's services. Every account starts with one, which holds its sender and leaves inbound messages to the sender's URL.
    pub(crate) fn services(&self) -> Vec<Service> {
        let first = || Service {
            use_inbound_webhook_on_number: true,
            senders: vec![self.sender_sid.clone()],
            ..Service::new(self.messaging_service_sid.clone(), self.profile_name.clone(), 1_763_000_000_000)
        };
        self.services.clone().unwrap_or_else(|| vec![first()])
    }

    pub(crate) fn service(&self, sid: &str) -> Option<Service> {
        self.services().into_iter().find(|service| service.sid == sid)
    }

    /// The route of a customer's message. The service in whose pool the sender is comes before the sender; one without a URL
    /// swallows the message.
    pub(crate) fn inbound_route(&self) -> Route {
        if self.state.account_status != AccountStatus::Active || self.state.sender_absent {
            return Route::default();
        }
        let pool = self.services().into_iter().find(|service| service.senders.contains(&self.sender_sid));
        match pool.filter(|service| !service.use_inbound_webhook_on_number) {
            Some(service) => {
                Route { url: service.inbound_request_url, fallback: service.fallback_url, service: Some(service.sid) }
            }
            None => Route { url: self.callback_url.clone(), fallback: self.fallback_url.clone(), service: None },
        }
    }

    /// Where the callbacks of a message go: message before service before sender.
    pub(crate) fn status_callback(&self, record: &Record) -> Option<String> {
        if self.state.account_status != AccountStatus::Active {
            return None;
        }
        let own = record.callback.as_deref().map(str::to_owned);
        let service = || self.service(record.service_sid.as_deref()?)?.status_callback;
        own.or_else(service).or_else(|| self.status_callback_url.clone())
    }
}
