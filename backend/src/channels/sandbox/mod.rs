//! The sandbox: channels at the simulator for every sandbox workspace, and the virtual phone behind them.
//!
//! The simulator knows nothing of workspaces. Everything here goes through a channel of the caller's workspace that matches
//! a sender there wholly (account and number), so that no workspace reaches another's senders.

pub mod customer;
pub mod phone;
mod provision;
pub mod simulator;

use std::cmp::Reverse;
use std::sync::Arc;

use serde::Serialize;
use tokio::sync::Mutex;
use utoipa::ToSchema;

use crate::domain::contact::Recipient;
use crate::domain::conversation::SERVICE_WINDOW;
use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::page::Page;
use crate::domain::provider::{Environment, ProviderKind};
use crate::error::{ApiError, Code};
use crate::storage::channels::ChannelRecord;
use crate::storage::conn::Conn;
use crate::storage::contacts::resolve::{self, Sighting};
use crate::storage::{StorageError, channels, conversations, events};

use super::defaults::Wanted;
use super::{ChannelError, Channels};
use customer::CustomerNote;
use simulator::{
    Fault, MagicNumber, PhoneFileAddress, PhoneFileBytes, SandboxSimulator, SimulatedConversation, SimulatedCounts,
    SimulatedSender, SimulatorFailure, Written,
};

#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The workspace is a live one.
    #[error("not a sandbox workspace")]
    NotSandbox,
    /// The channel's credentials are not those of a sender at the simulator.
    #[error("the channel is not at the simulator")]
    NotSimulated,
    #[error("no file on a phone of this workspace has this address")]
    NoFile,
    #[error(transparent)]
    Simulator(#[from] SimulatorFailure),
    #[error(transparent)]
    Channel(#[from] ChannelError),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<SandboxError> for ApiError {
    fn from(error: SandboxError) -> Self {
        match error {
            SandboxError::NotSandbox => Code::NotSandbox.into(),
            SandboxError::NotSimulated => Self::with_detail(
                Code::Conflict,
                "this channel's credentials are not those of a sender at the simulator",
            ),
            SandboxError::NoFile => Self::not_found(),
            SandboxError::Simulator(SimulatorFailure::Refused(sentence)) => {
                Self::with_detail(Code::ValidationFailed, sentence)
            }
            SandboxError::Simulator(SimulatorFailure::Unreachable(cause)) => {
                Self::busy(std::time::Duration::from_secs(1)).caused_by(cause)
            }
            SandboxError::Channel(error) => error.into(),
            SandboxError::Storage(error) => error.into(),
        }
    }
}

/// The sandbox of an installation. Cheap to clone.
#[derive(Clone)]
pub struct Sandbox {
    channels: Channels,
    simulator: Arc<dyn SandboxSimulator>,
    /// Two runs at once would both find a channel missing and make it twice.
    provisioning: Arc<Mutex<()>>,
}

/// A conversation on the virtual phone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Conversation {
    pub channel_id: ChannelId,
    pub provider: ProviderKind,
    /// The channel's number, E.164 with plus.
    #[schema(examples("+447700900001"))]
    pub sender: String,
    #[serde(flatten)]
    pub conversation: SimulatedConversation,
}

/// What the simulator counted for one channel, among the messages it still remembers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LedgerLine {
    pub channel_id: ChannelId,
    /// Messages of the business that the provider took.
    pub accepted: u64,
    /// Of these, by how far they are now; each counts once.
    pub sent: u64,
    pub delivered: u64,
    pub read: u64,
    pub failed: u64,
    /// Messages of virtual customers.
    pub inbound: u64,
}

/// A channel of the workspace and its sender at the simulator.
struct Matched {
    channel: ChannelId,
    sender: SimulatedSender,
}

impl Sandbox {
    pub fn new(channels: Channels, simulator: Arc<dyn SandboxSimulator>) -> Self {
        Self { channels, simulator, provisioning: Arc::default() }
    }

    /// Answers as a virtual customer.
    ///
    /// # Errors
    /// Not a sandbox workspace, no such channel in it, or the simulator says no.
    pub async fn reply(
        &self,
        workspace: WorkspaceId,
        wanted: Wanted,
        note: &CustomerNote,
    ) -> Result<Written, SandboxError> {
        let matched = self.one(workspace, wanted).await?;
        Ok(self.simulator.write(&matched.sender.key, note).await?)
    }

    /// What the virtual phones show, the most recent conversation first: of all channels or of one, with everybody or with one
    /// customer. One more than the page holds when there are more.
    ///
    /// # Errors
    /// As [`Sandbox::reply`].
    pub async fn conversations(
        &self,
        workspace: WorkspaceId,
        channel: Option<ChannelId>,
        customer: Option<&Recipient>,
        page: Page,
    ) -> Result<Vec<Conversation>, SandboxError> {
        let mut found = Vec::new();
        for matched in self.matched(workspace).await? {
            if channel.is_some_and(|wanted| wanted != matched.channel) {
                continue;
            }
            let conversations = self.simulator.conversations(&matched.sender.key, customer, page).await?;
            found.extend(conversations.into_iter().map(|conversation| Conversation {
                channel_id: matched.channel,
                provider: matched.sender.provider,
                sender: matched.sender.number.clone(),
                conversation,
            }));
        }
        found.sort_by_key(|one| Reverse(one.conversation.position));
        found.truncate(usize::from(page.limit) + 1);
        Ok(found)
    }

    /// Reads a file that a virtual phone of the workspace shows.
    ///
    /// # Errors
    /// Not a sandbox workspace, or no file of one of its channels, or the address has ended or was never given out.
    pub async fn file(&self, workspace: WorkspaceId, file: &PhoneFileAddress) -> Result<PhoneFileBytes, SandboxError> {
        let keys: Vec<_> = self.matched(workspace).await?.into_iter().map(|matched| matched.sender.key).collect();
        self.simulator.file(&keys, file).await?.ok_or(SandboxError::NoFile)
    }

    /// Opens or closes a service window by hand, at the simulator and here, so that both agree.
    ///
    /// # Errors
    /// As [`Sandbox::reply`].
    pub async fn set_window(
        &self,
        workspace: WorkspaceId,
        wanted: Wanted,
        customer: &Recipient,
        open: bool,
    ) -> Result<(), SandboxError> {
        let matched = self.one(workspace, wanted).await?;
        self.simulator.set_window(&matched.sender.key, customer.as_str(), open).await?;
        let (channel, person) = (matched.channel, Sighting::addressed(workspace, customer.identity()));
        let now = self.channels.clock.now();
        let until = if open { now.plus(SERVICE_WINDOW) } else { now };
        let set = move |conn: &mut Conn| {
            let resolved = resolve::resolve(conn, &[person], now)?;
            for contact in resolved.contacts {
                conversations::set_window(conn, workspace, (channel, contact), until)?;
            }
            events::append(conn, resolved.merged.iter().map(|merged| merged.event(now)).collect())
        };
        Ok(self.channels.db.write(set).await?)
    }

    /// # Errors
    /// Not a sandbox workspace, or the simulator can't be reached.
    pub async fn magic_numbers(&self, workspace: WorkspaceId) -> Result<Vec<MagicNumber>, SandboxError> {
        self.demand_sandbox(workspace).await?;
        Ok(self.simulator.magic_numbers().await?)
    }

    /// Counts of what the simulator took and delivered, per channel.
    ///
    /// # Errors
    /// As [`Sandbox::magic_numbers`].
    pub async fn ledger(&self, workspace: WorkspaceId) -> Result<Vec<LedgerLine>, SandboxError> {
        let mut lines = Vec::new();
        for matched in self.matched(workspace).await? {
            lines.push(line(matched.channel, self.simulator.counts(&matched.sender.key).await?));
        }
        Ok(lines)
    }

    /// The faults set for this workspace's channels.
    ///
    /// # Errors
    /// As [`Sandbox::magic_numbers`].
    pub async fn faults(&self, workspace: WorkspaceId) -> Result<Vec<(ChannelId, Fault)>, SandboxError> {
        let own = self.matched(workspace).await?;
        Ok(of_own(&own, self.simulator.faults().await?))
    }

    /// Puts faults in place of those of this workspace's channels; others' stay. A fault that names no channel is set for
    /// each of them.
    ///
    /// # Errors
    /// As [`Sandbox::reply`].
    pub async fn set_faults(
        &self,
        workspace: WorkspaceId,
        wanted: Vec<(Option<ChannelId>, Fault)>,
    ) -> Result<Vec<(ChannelId, Fault)>, SandboxError> {
        let own = self.matched(workspace).await?;
        if wanted.iter().any(|(channel, _)| channel.is_some_and(|id| !own.iter().any(|matched| matched.channel == id)))
        {
            return Err(ChannelError::Registry(super::RegistryError::Missing).into());
        }
        let mut faults = self.simulator.faults().await?;
        faults.retain(|fault| !own.iter().any(|matched| matched.is_named(fault)));
        for (channel, fault) in wanted {
            let concerned = own.iter().filter(|matched| channel.is_none_or(|id| id == matched.channel));
            faults
                .extend(concerned.map(|matched| Fault { account: Some(matched.sender.key.clone()), ..fault.clone() }));
        }
        Ok(of_own(&own, self.simulator.set_faults(&faults).await?))
    }

    async fn demand_sandbox(&self, workspace: WorkspaceId) -> Result<(), SandboxError> {
        match self.channels.registry.route(workspace).await?.environment {
            Environment::Sandbox => Ok(()),
            Environment::Live => Err(SandboxError::NotSandbox),
        }
    }

    async fn one(&self, workspace: WorkspaceId, wanted: Wanted) -> Result<Matched, SandboxError> {
        self.demand_sandbox(workspace).await?;
        let channel = self.channels.registry.choose(workspace, wanted).await?.id;
        let own = self.matched(workspace).await?;
        own.into_iter().find(|matched| matched.channel == channel).ok_or(SandboxError::NotSimulated)
    }

    async fn matched(&self, workspace: WorkspaceId) -> Result<Vec<Matched>, SandboxError> {
        self.demand_sandbox(workspace).await?;
        let senders = self.simulator.senders().await?;
        let records = self.records(workspace).await?;
        Ok(records
            .iter()
            .filter_map(|record| {
                let sender = senders.iter().find(|sender| is_sender_of(sender, record))?;
                Some(Matched { channel: record.id, sender: sender.clone() })
            })
            .collect())
    }

    async fn records(&self, workspace: WorkspaceId) -> Result<Vec<ChannelRecord>, SandboxError> {
        let page = Page { before: None, limit: Page::MAX };
        Ok(self.channels.db.read(move |conn| channels::list(conn, workspace, None, page)).await?)
    }
}

impl Matched {
    fn is_named(&self, fault: &Fault) -> bool {
        fault.account.as_ref().is_some_and(|name| *name == self.sender.key || *name == self.sender.number)
    }
}

/// Account and number must both be the channel's: a channel may name any account SID.
fn is_sender_of(sender: &SimulatedSender, record: &ChannelRecord) -> bool {
    let settings = &record.settings;
    sender.provider == record.provider
        && match record.provider {
            ProviderKind::Direct => settings.whatsapp_business_phone_id.as_ref() == Some(&sender.key),
            ProviderKind::Twilio => {
                settings.account_sid.as_ref() == Some(&sender.key)
                    && settings.sender_number.as_ref() == Some(&sender.number)
            }
        }
}

fn of_own(own: &[Matched], faults: Vec<Fault>) -> Vec<(ChannelId, Fault)> {
    let channel_of = |fault: &Fault| own.iter().find(|matched| matched.is_named(fault)).map(|matched| matched.channel);
    faults.into_iter().filter_map(|fault| Some((channel_of(&fault)?, fault))).collect()
}

fn line(channel_id: ChannelId, counts: SimulatedCounts) -> LedgerLine {
    let SimulatedCounts { accepted, sent, delivered, read, failed, inbound } = counts;
    LedgerLine { channel_id, accepted, sent, delivered, read, failed, inbound }
}
