//! The one place that makes services.

use std::sync::Arc;

use crate::client::HttpClient;

use super::WhatsAppService;
use super::account::{ChannelAccount, Credentials};
use super::direct::DirectWhatsAppService;
use super::twilio::TwilioWhatsAppService;

/// Makes the service that speaks for a channel. Cheap to clone; all services share the client's connections.
#[derive(Clone, Debug)]
pub struct WhatsAppServiceFactory {
    client: HttpClient,
}

impl WhatsAppServiceFactory {
    pub fn new(client: HttpClient) -> Self {
        Self { client }
    }

    /// The service for a channel, by the kind of its credentials.
    pub fn make(&self, account: &ChannelAccount) -> Arc<dyn WhatsAppService> {
        let client = self.client.clone();
        match account.credentials.clone() {
            Credentials::Twilio(credentials) => Arc::new(TwilioWhatsAppService::new(client, account, credentials)),
            Credentials::Direct(credentials) => Arc::new(DirectWhatsAppService::new(client, account, credentials)),
        }
    }
}
