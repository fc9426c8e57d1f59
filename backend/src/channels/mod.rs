//! Channels: one WhatsApp sender each, at one provider.
//!
//! [`Registry`] gives the ready service of a channel, [`Channels`] changes, checks, holds and resumes them.

pub mod alerts;
pub mod ceiling;
mod credentials;
pub mod defaults;
pub mod doctor;
mod editor;
mod error;
pub mod facts_view;
pub mod form;
pub mod health;
mod moved;
pub mod preparation;
pub mod registry;
mod rest;
pub mod restrictions;
pub mod round_trip;
pub mod rounds;
mod rules;
pub mod sandbox;
mod surroundings;
mod union;
pub mod view;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::clock::SharedClock;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::time::Ts;
use crate::live::Live;
use crate::storage::Db;
use crate::vault::Vault;

pub use credentials::{SEALED, SecretColumn};
pub use editor::Created;
pub use error::ChannelError;
pub use registry::{Addresses, LoadedChannel, Registry, RegistryError};

/// Everything that changes a channel. Cheap to clone.
#[derive(Clone)]
pub struct Channels {
    db: Db,
    vault: Arc<Vault>,
    live: Live,
    clock: SharedClock,
    registry: Registry,
    /// Channels whose looks were put off, and until when.
    resting: Arc<Mutex<HashMap<ChannelId, Ts>>>,
}

impl Channels {
    pub fn new(db: Db, vault: Arc<Vault>, live: Live, clock: SharedClock, registry: Registry) -> Self {
        Self { db, vault, live, clock, registry, resting: Arc::default() }
    }

    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// After a commit that changed a channel: this node reads it anew, and listeners hear of it.
    pub fn announce(&self, workspace: WorkspaceId, channel: ChannelId) {
        self.registry.forget(channel);
        self.live.notify(workspace);
    }

    fn event(&self, kind: EventKind, channel: ChannelId, data: serde_json::Value) -> NewEvent {
        NewEvent { channel: Some(channel), data, ..NewEvent::new(kind, self.clock.now()) }
    }
}
