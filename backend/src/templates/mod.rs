//! Templates: authored once, submitted to each provider's review, kept in step with what stands there, and checked before a
//! message goes out with one.

pub mod apply;
pub mod check;
pub mod editor;
mod error;
mod fill;
pub mod media;
pub mod preview;
pub mod samples;
mod submission;
mod submit;
pub mod sync;
pub mod values;
pub mod view;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;

use crate::channels::Registry;
use crate::client::HttpClient;
use crate::clock::SharedClock;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{ChannelId, TemplateId, WorkspaceId};
use crate::domain::provider::ProviderKind;
use crate::live::Live;
use crate::queue::Wake;
use crate::storage::Db;
use crate::storage::system::templates::DueAccount;
use crate::storage::template_registrations::RegistrationRecord;
use crate::storage::templates::TemplateRecord;

pub use error::TemplatesError;
pub use samples::SampleStore;

/// Everything that happens to templates. Cheap to clone.
#[derive(Clone)]
pub struct Templates(Arc<Inner>);

/// One at a time.
type Turn = Arc<tokio::sync::Mutex<()>>;

struct Inner {
    db: Db,
    registry: Registry,
    live: Live,
    clock: SharedClock,
    /// Fetches samples from public addresses.
    client: HttpClient,
    /// Media that were uploaded to the gateway; without it only links serve as samples.
    media: Option<Arc<dyn SampleStore>>,
    /// Wakes the worker that looks at what is due.
    wake: Wake,
    /// What is being submitted at this moment, so that a second click makes no second template.
    submitting: Mutex<HashSet<(TemplateId, String)>>,
    /// Held by whoever reads an account's list.
    looking: Mutex<HashMap<(WorkspaceId, ProviderKind, String), Turn>>,
}

/// What the room works with.
pub struct TemplatesParts {
    pub db: Db,
    pub registry: Registry,
    pub live: Live,
    pub clock: SharedClock,
    pub client: HttpClient,
    pub media: Option<Arc<dyn SampleStore>>,
    pub wake: Wake,
}

impl Templates {
    pub fn new(parts: TemplatesParts) -> Self {
        let TemplatesParts { db, registry, live, clock, client, media, wake } = parts;
        let (submitting, looking) = (Mutex::default(), Mutex::default());
        Self(Arc::new(Inner { db, registry, live, clock, client, media, wake, submitting, looking }))
    }

    /// Lets the worker look now instead of at its next turn.
    pub fn wake(&self) {
        self.0.wake.wake();
    }

    /// Keeps others from submitting the same template to the same account until the guard is dropped.
    fn begin_submission(&self, template: TemplateId, account: &str) -> Option<Submitting<'_>> {
        let key = (template, account.to_owned());
        let mut running = self.0.submitting.lock().unwrap_or_else(PoisonError::into_inner);
        running.insert(key.clone()).then_some(Submitting { inner: &self.0, key })
    }

    fn turn_to_look(&self, account: &DueAccount) -> Turn {
        let key = (account.workspace, account.provider, account.account.clone());
        let mut turns = self.0.looking.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(turns.entry(key).or_default())
    }
}

struct Submitting<'a> {
    inner: &'a Inner,
    key: (TemplateId, String),
}

impl Drop for Submitting<'_> {
    fn drop(&mut self) {
        self.inner.submitting.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

/// An entry about a template as such.
fn template_event(kind: EventKind, template: &TemplateRecord, now: crate::domain::time::Ts) -> NewEvent {
    let data = json!({
        "template_id": template.id, "name": template.name, "language": template.language, "category": template.category,
    });
    NewEvent { data, ..NewEvent::new(kind, now) }
}

/// An entry about a template at one account, with what else there is to say.
fn registration_event(
    kind: EventKind,
    template: (&str, &str),
    registration: &RegistrationRecord,
    channel: Option<ChannelId>,
    more: serde_json::Value,
    now: crate::domain::time::Ts,
) -> NewEvent {
    let mut data = json!({
        "template_id": registration.template_id,
        "name": template.0,
        "language": template.1,
        "provider": registration.provider,
        "account": registration.account,
        "provider_ref": registration.provider_ref,
    });
    if let (serde_json::Value::Object(members), serde_json::Value::Object(more)) = (&mut data, more) {
        members.extend(more.into_iter().filter(|(_, value)| !value.is_null()));
    }
    NewEvent { channel, data, ..NewEvent::new(kind, now) }
}

/// Workspace first, as everywhere.
type News = Vec<(WorkspaceId, NewEvent)>;
