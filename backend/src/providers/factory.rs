//! The one place that makes services.

use std::sync::Arc;

use crate::client::HttpClient;

use super::WhatsAppService;
use super::account::{ChannelAccount, Credentials};
use super::direct::DirectWhatsAppService;
use super::direct::media::MEDIA_HOSTS;
use super::twilio::TwilioWhatsAppService;

/// Makes the service that speaks for a channel. Cheap to clone; all services share the client's connections.
#[derive(Clone, Debug)]
pub struct WhatsAppServiceFactory {
    client: HttpClient,
    direct_media_hosts: Vec<String>,
}

impl WhatsAppServiceFactory {
    pub fn new(client: HttpClient) -> Self {
        Self { client, direct_media_hosts: MEDIA_HOSTS.map(str::to_owned).to_vec() }
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
                let service = DirectWhatsAppService::new(client, account, credentials);
                Arc::new(service.with_media_hosts(self.direct_media_hosts.clone()))
            }
        }
    }
}
