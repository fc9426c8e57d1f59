//! Which channel carries a message.

use std::sync::Arc;

use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::provider::ProviderKind;

use super::error::ChannelError;
use super::registry::{LoadedChannel, Registry, RegistryError};

/// What the caller said about the channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing: the workspace's provider, and of that the default channel.
    #[default]
    Any,
    /// The default channel of this provider.
    Provider(ProviderKind),
    /// This channel.
    Channel(ChannelId),
}

impl Registry {
    /// The channel for a message of this workspace. A held channel is returned too: its queue waits.
    ///
    /// # Errors
    /// [`RegistryError::Missing`] for a channel of another workspace, [`ChannelError::NoChannel`] when the provider has none.
    pub async fn choose(&self, workspace: WorkspaceId, wanted: Wanted) -> Result<Arc<LoadedChannel>, ChannelError> {
        let provider = match wanted {
            Wanted::Channel(id) => {
                let channel = self.by_id(id).await?;
                return if channel.workspace == workspace { Ok(channel) } else { Err(RegistryError::Missing.into()) };
            }
            Wanted::Provider(provider) => provider,
            Wanted::Any => self.route(workspace).await?.provider,
        };
        self.default_for(workspace, provider).await?.ok_or(ChannelError::NoChannel(provider))
    }

    /// The default channel of the other provider, which may stand in for this one.
    ///
    /// # Errors
    /// The database can't be read, or the channel can't be loaded.
    pub async fn backup_of(&self, channel: &LoadedChannel) -> Result<Option<Arc<LoadedChannel>>, RegistryError> {
        self.default_for(channel.workspace, channel.provider.other()).await
    }
}
