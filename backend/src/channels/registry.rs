//! Ready services of channels: unsealed once, kept for seconds, read anew after a change.
//!
//! What this node changes it forgets at once; what another node changes is seen after [`FRESH`] at the latest.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use moka::sync::Cache;
use url::Url;

use crate::domain::delivery_settings::DeliverySettings;
use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::provider::{Environment, ProviderKind, SenderAddress};
use crate::domain::state::ChannelState;
use crate::domain::time::Ts;
use crate::providers::account::{BaseAddresses, ChannelAccount};
use crate::providers::{WhatsAppService, WhatsAppServiceFactory};
use crate::storage::system::channels::Loading;
use crate::storage::{Db, StorageError, StorageResult, channels, system};
use crate::vault::{Vault, VaultError};

use super::ceiling::{Ceiling, PeopleLimit};
use super::credentials;

/// How long a loaded channel is used before the database is asked again.
const FRESH: Duration = Duration::from_secs(5);
/// A signature that doesn't hold makes a channel or app be read anew at most this often.
const RELOAD_PAUSE: Duration = Duration::from_secs(3);
/// Channels, apps and workspaces kept; beyond, the least used are read again.
const KEPT: u64 = 10_000;

/// Where the providers are and under which base they reach us, by environment.
#[derive(Clone, Debug)]
pub struct Addresses {
    pub live: Side,
    /// The simulator; `None` while the sandbox is off.
    pub sandbox: Option<Side>,
}

/// One environment's addresses.
#[derive(Clone, Debug)]
pub struct Side {
    pub bases: BaseAddresses,
    /// Without a trailing slash in its text; path prefix included.
    pub public_base: Url,
}

impl Addresses {
    pub fn of(&self, environment: Environment) -> Option<&Side> {
        match environment {
            Environment::Live => Some(&self.live),
            Environment::Sandbox => self.sandbox.as_ref(),
        }
    }
}

/// A channel ready for use. Holds no secret but within its service.
#[derive(Clone)]
pub struct LoadedChannel {
    pub id: ChannelId,
    pub workspace: WorkspaceId,
    pub environment: Environment,
    pub provider: ProviderKind,
    pub name: String,
    pub state: ChannelState,
    pub is_default: bool,
    /// Since when the gateway sends and hears for it.
    pub created_at: Ts,
    /// The group whose holder sends for this channel: `direct:{waba_id}` or `twilio:{account_sid}`.
    pub limit_group: String,
    /// How fast it may send.
    pub ceiling: Ceiling,
    /// How many people it may write to first in a day, if that is limited and known.
    pub people_per_day: Option<PeopleLimit>,
    /// Only of direct channels.
    pub whatsapp_app_id: Option<String>,
    /// The sender as the provider's webhooks name it.
    pub address: SenderAddress,
    /// The base under which this channel's provider reaches us.
    pub public_base: Url,
    pub service: Arc<dyn WhatsAppService>,
}

#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// No such channel, or deleted.
    #[error("no such channel")]
    Missing,
    /// A sandbox channel while the sandbox is off.
    #[error("the sandbox is off")]
    SandboxOff,
    /// A value that the provider needs is not set.
    #[error("the channel has no {0}")]
    Incomplete(&'static str),
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// All channels of the installation as ready services. Cheap to clone.
#[derive(Clone)]
pub struct Registry(Arc<Inner>);

struct Inner {
    db: Db,
    vault: Arc<Vault>,
    factory: WhatsAppServiceFactory,
    addresses: Addresses,
    channels: Cache<ChannelId, Arc<LoadedChannel>>,
    apps: Cache<String, Arc<[Arc<LoadedChannel>]>>,
    defaults: Cache<(WorkspaceId, ProviderKind), Option<ChannelId>>,
    workspaces: Cache<WorkspaceId, Route>,
    reloads: Cache<String, ()>,
    /// Grows with every change, so that what was read before one is not kept after it.
    changes: AtomicU64,
}

/// What a workspace says about its messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    pub environment: Environment,
    /// The provider used when a message names no channel.
    pub provider: ProviderKind,
    pub delivery: Arc<DeliverySettings>,
}

impl Registry {
    pub fn new(db: Db, vault: Arc<Vault>, factory: WhatsAppServiceFactory, addresses: Addresses) -> Self {
        Self(Arc::new(Inner {
            db,
            vault,
            factory,
            addresses,
            channels: cache(FRESH),
            apps: cache(FRESH),
            defaults: cache(FRESH),
            workspaces: cache(FRESH),
            reloads: cache(RELOAD_PAUSE),
            changes: AtomicU64::new(0),
        }))
    }

    pub fn addresses(&self) -> &Addresses {
        &self.0.addresses
    }

    /// A channel in whatever state it is; look at [`LoadedChannel::state`] before sending.
    ///
    /// # Errors
    /// [`RegistryError::Missing`] also for deleted channels.
    pub async fn by_id(&self, id: ChannelId) -> Result<Arc<LoadedChannel>, RegistryError> {
        if let Some(loaded) = self.0.channels.get(&id) {
            return Ok(loaded);
        }
        let before = self.changes();
        let row =
            self.0.db.read(move |conn| system::channels::channel(conn, id)).await?.ok_or(RegistryError::Missing)?;
        let loaded = self.load(row)?;
        self.keep(before, || self.0.channels.insert(id, Arc::clone(&loaded)));
        Ok(loaded)
    }

    /// All channels of one Meta app, of whichever workspace; those that can't be loaded are left out and logged.
    ///
    /// # Errors
    /// The database can't be read.
    pub async fn by_app_id(&self, app: &str) -> Result<Arc<[Arc<LoadedChannel>]>, RegistryError> {
        if let Some(loaded) = self.0.apps.get(app) {
            return Ok(loaded);
        }
        let before = self.changes();
        let name = app.to_owned();
        let rows = self.0.db.read(move |conn| system::channels::channels_of_app(conn, &name)).await?;
        let loaded: Arc<[_]> = rows
            .into_iter()
            .filter_map(|row| {
                let channel = row.0.id;
                self.load(row).inspect_err(|error| tracing::warn!(%channel, %error, "channel left out of its app")).ok()
            })
            .collect();
        self.keep(before, || self.0.apps.insert(app.to_owned(), Arc::clone(&loaded)));
        Ok(loaded)
    }

    /// A provider's default channel in a workspace.
    ///
    /// # Errors
    /// The database can't be read, or the channel can't be loaded.
    pub async fn default_for(
        &self,
        workspace: WorkspaceId,
        provider: ProviderKind,
    ) -> Result<Option<Arc<LoadedChannel>>, RegistryError> {
        let id = match self.0.defaults.get(&(workspace, provider)) {
            Some(known) => known,
            None => {
                let before = self.changes();
                let id = self.0.db.read(move |conn| channels::default_of(conn, workspace, provider)).await?;
                self.keep(before, || self.0.defaults.insert((workspace, provider), id));
                id
            }
        };
        match id {
            Some(id) => match self.by_id(id).await {
                Err(RegistryError::Missing) => Ok(None),
                loaded => loaded.map(Some),
            },
            None => Ok(None),
        }
    }

    /// Where a workspace's messages go when they name no channel.
    ///
    /// # Errors
    /// No such workspace, or the database can't be read.
    pub async fn route(&self, workspace: WorkspaceId) -> StorageResult<Route> {
        if let Some(known) = self.0.workspaces.get(&workspace) {
            return Ok(known);
        }
        let before = self.changes();
        let (environment, provider, delivery) = self
            .0
            .db
            .read(move |conn| system::channels::workspace_route(conn, workspace))
            .await?
            .ok_or(StorageError::NotFound)?;
        let route = Route { environment, provider, delivery: Arc::new(delivery) };
        self.keep(before, || self.0.workspaces.insert(workspace, route.clone()));
        Ok(route)
    }

    /// Reads a channel anew after a signature that did not hold: another node may have changed its secret. `None` when that
    /// was done seconds ago, or the channel can't be read.
    pub async fn reload(&self, id: ChannelId) -> Option<Arc<LoadedChannel>> {
        if !self.may_reload(format!("channel:{id}")) {
            return None;
        }
        self.forget(id);
        self.by_id(id).await.ok()
    }

    /// As [`Registry::reload`], for all channels of a Meta app.
    pub async fn reload_app(&self, app: &str) -> Option<Arc<[Arc<LoadedChannel>]>> {
        if !self.may_reload(format!("app:{app}")) {
            return None;
        }
        self.0.changes.fetch_add(1, Ordering::SeqCst);
        self.0.apps.invalidate(app);
        self.by_app_id(app).await.ok()
    }

    /// Call it after a commit that changed a channel.
    pub fn forget(&self, id: ChannelId) {
        self.0.changes.fetch_add(1, Ordering::SeqCst);
        self.0.channels.invalidate(&id);
        self.0.apps.invalidate_all();
        self.0.defaults.invalidate_all();
    }

    /// Call it after a commit that changed a workspace's provider or its delivery settings.
    pub fn forget_workspace(&self, workspace: WorkspaceId) {
        self.0.changes.fetch_add(1, Ordering::SeqCst);
        self.0.workspaces.invalidate(&workspace);
    }

    fn load(&self, (record, environment, known): Loading) -> Result<Arc<LoadedChannel>, RegistryError> {
        let side = self.0.addresses.of(environment).ok_or(RegistryError::SandboxOff)?;
        let account = ChannelAccount {
            channel: record.id,
            credentials: credentials::unseal(&self.0.vault, &record)?,
            bases: side.bases.clone(),
            public_base: side.public_base.clone(),
        };
        let service = self.0.factory.make(&account);
        let set = record.settings.messages_per_second.and_then(|rate| u32::try_from(rate).ok());
        let ceiling = Ceiling::of(set, known.throughput.as_deref(), environment, service.capabilities());
        Ok(Arc::new(LoadedChannel {
            id: record.id,
            workspace: record.workspace_id,
            environment,
            provider: record.provider,
            name: record.settings.name,
            state: record.state,
            is_default: record.is_default,
            created_at: record.created_at,
            limit_group: record.settings.limit_group,
            ceiling,
            people_per_day: PeopleLimit::of(known.people_per_day, known.messaging_limit.as_deref()),
            whatsapp_app_id: record.settings.whatsapp_app_id,
            address: service.address(),
            public_base: side.public_base.clone(),
            service,
        }))
    }

    fn changes(&self) -> u64 {
        self.0.changes.load(Ordering::SeqCst)
    }

    fn keep(&self, read_at: u64, insert: impl FnOnce()) {
        if self.changes() == read_at {
            insert();
        }
    }

    fn may_reload(&self, what: String) -> bool {
        self.0.reloads.entry(what).or_insert(()).is_fresh()
    }
}

fn cache<K, V>(time: Duration) -> Cache<K, V>
where
    K: std::hash::Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    Cache::builder().max_capacity(KEPT).time_to_live(time).build()
}
