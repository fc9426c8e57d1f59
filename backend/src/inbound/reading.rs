//! From a stored webhook to what it means for which channel.

use std::sync::Arc;

use serde_json::json;

use crate::channels::{LoadedChannel, Registry, RegistryError};
use crate::domain::ids::ChannelId;
use crate::domain::provider::SenderAddress;
use crate::domain::state::{Evidence, JournalOrigin};
use crate::providers::account_event::AccountEvent;
use crate::providers::templates::TemplateEvent;
use crate::providers::webhook::{AmendmentEvent, InboundEvent, NoticeEvent, StatusEvent};
use crate::providers::{ProviderEvent, RawWebhook};
use crate::storage::StorageError;
use crate::storage::journal::ClaimedEntry;

/// A webhook, read.
pub struct Reading {
    pub entry: ClaimedEntry,
    pub statuses: Vec<(Arc<LoadedChannel>, StatusEvent)>,
    pub messages: Vec<(Arc<LoadedChannel>, InboundEvent)>,
    pub amendments: Vec<(Arc<LoadedChannel>, AmendmentEvent)>,
    pub notices: Vec<(Arc<LoadedChannel>, NoticeEvent)>,
    /// Once for each workspace that has the account.
    pub templates: Vec<(Arc<LoadedChannel>, TemplateEvent)>,
    /// What concerns an account, once for each of its channels here.
    pub accounts: Vec<(Arc<LoadedChannel>, AccountEvent)>,
    /// Changes for senders that the verifying secret does not belong to.
    pub foreign: i32,
    /// Why it can't be read; such a webhook is kept and closed.
    pub unreadable: Option<String>,
}

/// Reads a webhook. Each change is kept only for a channel among those that the signature proved.
///
/// # Errors
/// The channels could not be read from the database; try again later.
pub async fn read(registry: &Registry, entry: ClaimedEntry) -> Result<Reading, StorageError> {
    let mut channels = Vec::with_capacity(entry.channels.len());
    for id in &entry.channels {
        channels.extend(loaded(registry, *id).await?);
    }
    let mut reading = Reading {
        entry,
        statuses: Vec::new(),
        messages: Vec::new(),
        amendments: Vec::new(),
        notices: Vec::new(),
        templates: Vec::new(),
        accounts: Vec::new(),
        foreign: 0,
        unreadable: None,
    };
    let Some(first) = channels.first() else {
        reading.unreadable = Some("its channels have been deleted".into());
        return Ok(reading);
    };
    let raw =
        RawWebhook { url: reading.entry.url.clone(), signature: None, body: std::mem::take(&mut reading.entry.body) };
    match first.service.parse_webhook(&raw) {
        Err(error) => reading.tell_unreadable(&channels, error.to_string()),
        Ok(events) => events.into_iter().for_each(|event| reading.sort_in(&channels, event)),
    }
    Ok(reading)
}

async fn loaded(registry: &Registry, id: ChannelId) -> Result<Option<Arc<LoadedChannel>>, StorageError> {
    match registry.by_id(id).await {
        Ok(channel) => Ok(Some(channel)),
        Err(RegistryError::Storage(error)) => Err(error),
        Err(_) => Ok(None),
    }
}

impl Reading {
    /// Nobody knows what it says: the feed tells that it came, and the journal keeps it.
    fn tell_unreadable(&mut self, channels: &[Arc<LoadedChannel>], error: String) {
        let notice = |channel: &Arc<LoadedChannel>| NoticeEvent {
            sender: channel.address.clone(),
            field: "unreadable".into(),
            value: json!({ "error": error }),
        };
        self.notices.extend(channels.iter().map(|channel| (Arc::clone(channel), notice(channel))));
        self.unreadable = Some(error);
    }

    fn sort_in(&mut self, channels: &[Arc<LoadedChannel>], event: ProviderEvent) {
        if let ProviderEvent::Notice(notice) = event {
            self.notice(channels, notice);
            return;
        }
        if let ProviderEvent::Template(event) = event {
            self.template(channels, &event);
            return;
        }
        if let ProviderEvent::Account(event) = event {
            let concerned = self.concerned(channels, &event.sender);
            self.accounts.extend(concerned.into_iter().map(|channel| (channel, event.clone())));
            return;
        }
        let Some(channel) = channels.iter().find(|channel| is_sender(&channel.address, event.sender())) else {
            self.foreign += 1;
            return;
        };
        match event {
            ProviderEvent::Status(status) => self.statuses.push((Arc::clone(channel), status)),
            // Nobody to attribute it to: it stays in the journal, and the feed says that it came.
            ProviderEvent::Inbound(message) if message.person.recipient().is_none() => self.notices.push((
                Arc::clone(channel),
                NoticeEvent {
                    sender: message.sender,
                    field: "message_without_sender".into(),
                    value: json!({ "provider_message_id": message.provider_message_id, "content": message.content }),
                },
            )),
            ProviderEvent::Inbound(message) => self.messages.push((Arc::clone(channel), message)),
            ProviderEvent::Amendment(amendment) => self.amendments.push((Arc::clone(channel), amendment)),
            ProviderEvent::Notice(_) | ProviderEvent::Account(_) | ProviderEvent::Template(_) => {}
        }
    }

    /// A template belongs to an account; its workspaces hear of it once each, however many channels they have there.
    fn template(&mut self, channels: &[Arc<LoadedChannel>], event: &TemplateEvent) {
        let before = self.templates.len();
        for channel in channels.iter().filter(|channel| channel.address.account == event.sender.account) {
            let told = self.templates.iter().skip(before).any(|(other, _)| other.workspace == channel.workspace);
            if !told {
                self.templates.push((Arc::clone(channel), event.clone()));
            }
        }
        if self.templates.len() == before {
            self.foreign += 1;
        }
    }

    fn notice(&mut self, channels: &[Arc<LoadedChannel>], notice: NoticeEvent) {
        let concerned = self.concerned(channels, &notice.sender);
        self.notices.extend(concerned.into_iter().map(|channel| (channel, notice.clone())));
    }

    /// What concerns an account concerns each of its channels here.
    fn concerned(&mut self, channels: &[Arc<LoadedChannel>], sender: &SenderAddress) -> Vec<Arc<LoadedChannel>> {
        let concerned: Vec<_> = channels
            .iter()
            .filter(|channel| {
                if sender.sender.is_empty() {
                    channel.address.account == sender.account
                } else {
                    is_sender(&channel.address, sender)
                }
            })
            .cloned()
            .collect();
        if concerned.is_empty() {
            self.foreign += 1;
        }
        concerned
    }

    /// What it is evidence by.
    pub fn evidence(&self) -> Evidence {
        match self.entry.origin {
            JournalOrigin::Webhook => Evidence::Webhook,
            JournalOrigin::Poll => Evidence::Poll,
        }
    }

    /// Whether the provider itself brought it, which proves that its webhooks arrive.
    pub fn was_brought(&self) -> bool {
        self.entry.origin == JournalOrigin::Webhook
    }

    /// Whether it was applied before, and only a part of it still waits for what it is about.
    pub fn is_again(&self) -> bool {
        self.entry.applied_at.is_some()
    }
}

fn is_sender(own: &SenderAddress, named: &SenderAddress) -> bool {
    own.sender == named.sender && own.account == named.account
}
