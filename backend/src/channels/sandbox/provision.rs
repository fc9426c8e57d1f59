//! Gives every sandbox workspace its channels, and keeps the simulator in step with them.

use crate::channels::credentials;
use crate::channels::view::callback_url;
use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::provider::{Environment, ProviderKind};
use crate::storage::channels::ChannelRecord;
use crate::storage::system;

use super::simulator::SimulatedSender;
use super::{ChannelError, Sandbox, SandboxError, is_sender_of};

impl Sandbox {
    /// As [`Sandbox::provision`], for every sandbox workspace. A workspace that fails is logged and does not stop the others.
    ///
    /// # Errors
    /// The list of workspaces can't be read.
    pub async fn provision_all(&self) -> Result<(), SandboxError> {
        let read = |conn: &mut _| system::channels::workspaces_in(conn, Environment::Sandbox);
        for workspace in self.channels.db.read(read).await? {
            if let Err(error) = self.provision(workspace).await {
                tracing::error!(%workspace, %error, "the sandbox's channels could not be made");
            }
        }
        Ok(())
    }

    /// Makes one channel per provider where a sandbox workspace has none, makes senders anew that the simulator has lost, and
    /// tells the simulator where this gateway listens now. Doing it again changes nothing.
    ///
    /// # Errors
    /// A live workspace, or the simulator or the database fails.
    pub async fn provision(&self, workspace: WorkspaceId) -> Result<(), SandboxError> {
        self.demand_sandbox(workspace).await?;
        let _alone = self.provisioning.lock().await;
        let existing = self.records(workspace).await?;
        for provider in ProviderKind::ALL {
            if !existing.iter().any(|record| record.provider == *provider) {
                let form = self.simulator.make(*provider).await?;
                self.channels.create(workspace, form, None).await?;
            }
        }
        let senders = self.simulator.senders().await?;
        for record in self.records(workspace).await? {
            if let Err(error) = self.connect(&senders, &record).await {
                tracing::warn!(channel = %record.id, %error, "the simulator was not told of a channel");
            }
        }
        Ok(())
    }

    /// Lets the simulator know a channel that somebody made, so that it can be tested and used at once. An account that the
    /// simulator knows keeps its own credentials: others in their place are refused, as a provider would.
    ///
    /// # Errors
    /// A live workspace, or the simulator or the database fails.
    pub async fn introduce(&self, workspace: WorkspaceId, channel: ChannelId) -> Result<(), SandboxError> {
        self.demand_sandbox(workspace).await?;
        let _alone = self.provisioning.lock().await;
        let Some(record) = self.records(workspace).await?.into_iter().find(|record| record.id == channel) else {
            return Ok(());
        };
        let senders = self.simulator.senders().await?;
        self.connect(&senders, &record).await
    }

    async fn connect(&self, senders: &[SimulatedSender], record: &ChannelRecord) -> Result<(), SandboxError> {
        let Some(side) = self.channels.registry.addresses().of(Environment::Sandbox) else { return Ok(()) };
        let Some(key) = key_of(record) else { return Ok(()) };
        if !senders.iter().any(|sender| is_sender_of(sender, record)) {
            if senders.iter().any(|sender| sender.provider == record.provider && sender.key == key) {
                // The account is another channel's; this one only names it.
                return Ok(());
            }
            let credentials = credentials::unseal(&self.channels.vault, record).map_err(ChannelError::from)?;
            self.simulator.restore(&credentials).await?;
        }
        let app = record.settings.whatsapp_app_id.as_deref();
        let url = callback_url(&side.public_base, record.provider, record.id, app);
        Ok(self.simulator.set_callback(key, &url).await?)
    }
}

fn key_of(record: &ChannelRecord) -> Option<&str> {
    match record.provider {
        ProviderKind::Twilio => record.settings.account_sid.as_deref(),
        ProviderKind::Direct => record.settings.whatsapp_business_phone_id.as_deref(),
    }
}
