//! The one place that makes services.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::client::HttpClient;
use crate::clock::SharedClock;

use super::WhatsAppService;
use super::account::{ChannelAccount, Credentials, DirectCredentials};
use super::direct::DirectWhatsAppService;
use super::direct::budget::CallBudget;
use super::direct::media::MEDIA_HOSTS;
use super::twilio::TwilioWhatsAppService;

/// Makes the service that speaks for a channel. Cheap to clone; all services share the client's connections.
#[derive(Clone)]
pub struct WhatsAppServiceFactory {
    client: HttpClient,
    clock: SharedClock,
    direct_media_hosts: Vec<String>,
    /// By app and WhatsApp account: services come and go, what was spent stays.
    direct_budgets: Arc<Mutex<HashMap<(String, String), CallBudget>>>,
}

impl WhatsAppServiceFactory {
    pub fn new(client: HttpClient, clock: SharedClock) -> Self {
        Self {
            client,
            clock,
            direct_media_hosts: MEDIA_HOSTS.map(str::to_owned).to_vec(),
            direct_budgets: Arc::default(),
        }
    }

    /// With other hosts from which what people send to Meta's numbers is fetched; each the end of a name, such as `.fbcdn.net`.
    #[must_use]
    pub fn with_direct_media_hosts(self, direct_media_hosts: Vec<String>) -> Self {
        Self { direct_media_hosts, ..self }
    }

    /// The service for a channel, by the kind of its credentials.
    pub fn make(&self, account: &ChannelAccount) -> Arc<dyn WhatsAppService> {
        let client = self.client.clone();
        match account.credentials.clone() {
            Credentials::Twilio(credentials) => Arc::new(TwilioWhatsAppService::new(client, account, credentials)),
            Credentials::Direct(credentials) => {
                let budget = self.direct_budget(&credentials);
                let service = DirectWhatsAppService::new(client, account, credentials, budget);
                Arc::new(service.with_media_hosts(self.direct_media_hosts.clone()))
            }
        }
    }

    fn direct_budget(&self, credentials: &DirectCredentials) -> CallBudget {
        let key = (credentials.whatsapp_app_id.clone(), credentials.waba_id.clone());
        let mut budgets = self.direct_budgets.lock().unwrap_or_else(PoisonError::into_inner);
        budgets.entry(key).or_insert_with(|| CallBudget::new(Arc::clone(&self.clock))).clone()
    }
}
