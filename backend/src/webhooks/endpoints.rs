//! The addresses of integrators: kept, tried, and told anew what they have missed.

use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use crate::clock::SharedClock;
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::{EventId, WebhookDeliveryId, WebhookEndpointId, WorkspaceId};
use crate::domain::time::Ts;
use crate::domain::webhook::{WebhookDeliveryState, WebhookDisabledReason, WebhookEndpointState};
use crate::error::FieldError;
use crate::live::Live;
use crate::queue::Wake;
use crate::storage::conn::Conn;
use crate::storage::types::Json;
use crate::storage::webhook_deliveries::{self, Replayed, WebhookDeliveryRecord};
use crate::storage::webhook_endpoints::{self, WebhookEndpointRecord};
use crate::storage::{Db, StorageError, StorageResult, alerts, events};
use crate::vault::{Place, Vault};

use super::endpoint_error::WebhookError;
use super::endpoint_view::{CreatedWebhookEndpoint, WebhookDeliveryDetail, WebhookEndpointView};
use super::post::{Posted, Poster};
use super::signature;

/// Endpoints that a workspace may have.
pub const MOST: i64 = 20;
/// Longest description, in characters.
const LONGEST_DESCRIPTION: usize = 200;
/// How long requests are signed with the secret before the last rotation too.
const ROTATION: Duration = Duration::from_secs(86_400);
/// Deliveries made due again in one transaction.
const REPLAYED: i64 = 1_000;
/// Tries that are shown of one delivery.
const TRIES_SHOWN: u16 = 100;
/// Where both secrets are sealed for; never changes.
const SECRET_PLACE: &str = "webhook_endpoints.secret";

/// Where the secrets of an endpoint are sealed for.
pub fn place(workspace: WorkspaceId, endpoint: WebhookEndpointId) -> Place {
    Place::of(workspace, endpoint, SECRET_PLACE)
}

/// Keeps integrators' endpoints. Cheap to clone.
#[derive(Clone)]
pub struct WebhookEndpoints {
    db: Db,
    vault: Arc<Vault>,
    clock: SharedClock,
    poster: Poster,
    live: Live,
    /// Wakes the worker that sends.
    due: Wake,
}

/// What an endpoint is made of or changed to; what stays as it is is `None`.
#[derive(Clone, Debug, Default)]
pub struct EndpointChange {
    pub url: Option<String>,
    pub description: Option<String>,
    pub event_types: Option<Vec<EventKind>>,
    pub state: Option<WebhookEndpointState>,
}

/// From where on deliveries are sent once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplayStart {
    /// Entries of the feed after this place.
    After(i64),
    /// Deliveries made at this time or later.
    Since(Ts),
}

/// An [`EndpointChange`], looked through.
struct Checked {
    url: Option<Url>,
    description: Option<String>,
    event_types: Option<Json>,
}

/// An endpoint that is ready to be stored.
pub struct MadeEndpoint {
    record: WebhookEndpointRecord,
    secret: SecretString,
}

impl MadeEndpoint {
    /// Stores it, and shows its secret this once.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] when the workspace has [`MOST`] endpoints.
    pub fn store(self, conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<CreatedWebhookEndpoint> {
        let endpoint = WebhookEndpointView::of(&self.record, self.record.created_at)?;
        if !webhook_endpoints::insert(conn, workspace, self.record, MOST)? {
            return Err(StorageError::Conflict(format!("{MOST} webhook endpoints")));
        }
        Ok(CreatedWebhookEndpoint { endpoint, secret: self.secret.expose_secret().to_owned() })
    }
}

impl WebhookEndpoints {
    pub fn new(db: Db, vault: Arc<Vault>, clock: SharedClock, poster: Poster, live: Live, due: Wake) -> Self {
        Self { db, vault, clock, poster, live, due }
    }

    /// Makes an endpoint of what was asked for, without storing it.
    ///
    /// # Errors
    /// [`WebhookError::Fields`].
    pub fn make(&self, workspace: WorkspaceId, asked: EndpointChange) -> Result<MadeEndpoint, WebhookError> {
        let checked = self.check(asked)?;
        let url =
            checked.url.ok_or_else(|| WebhookError::Fields(vec![FieldError::new("url", "required", "is required")]))?;
        let (id, now, secret) = (WebhookEndpointId::new(), self.clock.now(), signature::new_secret());
        let record = WebhookEndpointRecord {
            id,
            workspace_id: workspace,
            url: url.into(),
            description: checked.description.unwrap_or_default(),
            event_types: checked.event_types.unwrap_or_else(|| Json(json!([]))),
            secret: self.vault.seal_text(place(workspace, id), &secret)?,
            secret_ends_with: end_of(&secret),
            previous_secret: None,
            previous_secret_until: None,
            state: WebhookEndpointState::Active,
            disabled_reason: None,
            disabled_at: None,
            feed_cursor: 0,
            failing_since: None,
            last_delivered_at: None,
            last_failed_at: None,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        };
        Ok(MadeEndpoint { record, secret })
    }

    /// # Errors
    /// [`StorageError::NotFound`] in this workspace.
    pub async fn get(
        &self,
        workspace: WorkspaceId,
        id: WebhookEndpointId,
    ) -> Result<WebhookEndpointView, WebhookError> {
        let record = self.db.read(move |conn| webhook_endpoints::get(conn, workspace, id)).await?;
        Ok(WebhookEndpointView::of(&record, self.clock.now())?)
    }

    /// Changes an endpoint. One that becomes active is told of what it has missed, and its alert ends.
    ///
    /// # Errors
    /// Fields that are not valid, or [`StorageError::NotFound`] in this workspace.
    pub async fn change(
        &self,
        workspace: WorkspaceId,
        id: WebhookEndpointId,
        change: EndpointChange,
    ) -> Result<WebhookEndpointView, WebhookError> {
        let (now, state) = (self.clock.now(), change.state);
        let checked = self.check(change)?;
        let view = self
            .db
            .write(move |conn| {
                let mut record = webhook_endpoints::lock(conn, workspace, id)?;
                record.url = checked.url.map_or(record.url, String::from);
                record.description = checked.description.unwrap_or(record.description);
                record.event_types = checked.event_types.unwrap_or(record.event_types);
                record.updated_at = now;
                let activated = switch(&mut record, state, now);
                webhook_endpoints::save(conn, workspace, &record)?;
                if activated {
                    clear_alert(conn, workspace, id, now)?;
                }
                WebhookEndpointView::of(&record, now)
            })
            .await?;
        self.live.notify(workspace);
        self.due.wake();
        Ok(view)
    }

    /// Removes an endpoint with its secrets and its log.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] in this workspace.
    pub async fn delete(&self, workspace: WorkspaceId, id: WebhookEndpointId) -> Result<(), WebhookError> {
        let now = self.clock.now();
        self.db
            .write(move |conn| {
                let mut record = webhook_endpoints::lock(conn, workspace, id)?;
                (record.secret, record.previous_secret) = (Vec::new(), None);
                (record.deleted_at, record.updated_at) = (Some(now), now);
                webhook_endpoints::save(conn, workspace, &record)?;
                clear_alert(conn, workspace, id, now)
            })
            .await?;
        self.live.notify(workspace);
        Ok(())
    }

    /// Puts a new secret in the place of the present one, with which requests are signed too for another day.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] in this workspace.
    pub async fn rotate(
        &self,
        workspace: WorkspaceId,
        id: WebhookEndpointId,
    ) -> Result<CreatedWebhookEndpoint, WebhookError> {
        let (now, secret) = (self.clock.now(), signature::new_secret());
        let (sealed, ends_with) = (self.vault.seal_text(place(workspace, id), &secret)?, end_of(&secret));
        let endpoint = self
            .db
            .write(move |conn| {
                let mut record = webhook_endpoints::lock(conn, workspace, id)?;
                record.previous_secret = Some(std::mem::replace(&mut record.secret, sealed));
                record.previous_secret_until = Some(now.plus(ROTATION));
                (record.secret_ends_with, record.updated_at) = (ends_with, now);
                webhook_endpoints::save(conn, workspace, &record)?;
                WebhookEndpointView::of(&record, now)
            })
            .await?;
        Ok(CreatedWebhookEndpoint { endpoint, secret: secret.expose_secret().to_owned() })
    }

    /// Sends something harmless now, whatever the endpoint's state.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] in this workspace.
    pub async fn test(&self, workspace: WorkspaceId, id: WebhookEndpointId) -> Result<Posted, WebhookError> {
        let record = self.db.read(move |conn| webhook_endpoints::get(conn, workspace, id)).await?;
        let now = self.clock.now();
        let body = json!({ "type": "webhook.test", "timestamp": now, "data": { "endpoint_id": id } });
        let posted = match open(&self.vault, &self.poster, &record, now) {
            Ok((url, secrets)) => self.poster.post(&url, &secrets, &format!("test_{}", Uuid::now_v7()), &body).await,
            Err(why) => Posted::never(now, why),
        };
        if posted.error.is_none() {
            self.db.write(move |conn| webhook_endpoints::note_delivered(conn, &[id], now)).await?;
        }
        Ok(posted)
    }

    /// A delivery with what was sent and how each try went.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] in this workspace.
    pub async fn delivery(
        &self,
        workspace: WorkspaceId,
        id: WebhookDeliveryId,
    ) -> Result<WebhookDeliveryDetail, WebhookError> {
        let read = move |conn: &mut Conn| {
            let record = webhook_deliveries::get(conn, workspace, id)?;
            let tries = webhook_deliveries::tries(conn, id, TRIES_SHOWN)?;
            Ok((record, tries, events::told_by(conn, &[id])?.pop()))
        };
        let (record, tries, told) = self.db.read(read).await?;
        Ok(WebhookDeliveryDetail {
            header_webhook_id: header_id(record.event_id, record.endpoint_id),
            body: told.map(|(_, event)| body_of(&event).to_string()),
            log: tries.into_iter().map(Into::into).collect(),
            delivery: record.into(),
        })
    }

    /// Sends one delivery once more, now; one that is being sent stays as it is.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] in this workspace.
    pub async fn replay_one(
        &self,
        workspace: WorkspaceId,
        id: WebhookDeliveryId,
    ) -> Result<WebhookDeliveryRecord, WebhookError> {
        let now = self.clock.now();
        let record = self.db.write(move |conn| webhook_deliveries::replay_one(conn, workspace, id, now)).await?;
        self.due.wake();
        Ok(record)
    }

    /// Sends deliveries of an endpoint once more, oldest first. Returns how many.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] in this workspace.
    pub async fn replay(
        &self,
        workspace: WorkspaceId,
        id: WebhookEndpointId,
        start: ReplayStart,
        states: Vec<WebhookDeliveryState>,
    ) -> Result<usize, WebhookError> {
        let now = self.clock.now();
        let standing = move |conn: &mut Conn| {
            webhook_endpoints::get(conn, workspace, id)?;
            events::head(conn, workspace)
        };
        // What is added meanwhile is sent anyway.
        let until_seq = self.db.read(standing).await?;
        let mut which = match start {
            ReplayStart::After(after_seq) => Replayed { after_seq, until_seq, since: None, states },
            ReplayStart::Since(since) => Replayed { after_seq: 0, until_seq, since: Some(since), states },
        };
        let mut all = 0;
        loop {
            let part = which.clone();
            let batch = move |conn: &mut Conn| webhook_deliveries::replay(conn, workspace, id, &part, now, REPLAYED);
            let Some((count, last)) = self.db.write_bulk(batch).await? else { break };
            all += count;
            which.after_seq = last;
            self.due.wake();
        }
        Ok(all)
    }

    fn check(&self, asked: EndpointChange) -> Result<Checked, WebhookError> {
        let mut errors = Vec::new();
        let url = asked.url.and_then(|url| self.poster.parse(&url).map_err(|error| errors.push(error)).ok());
        let description =
            asked.description.map(|text| text.trim().chars().filter(|char| !char.is_control()).collect::<String>());
        if description.as_ref().is_some_and(|text| text.chars().count() > LONGEST_DESCRIPTION) {
            let message = format!("at most {LONGEST_DESCRIPTION} characters");
            errors.push(FieldError::new("description", "too_long", message));
        }
        let event_types = asked.event_types.map(|mut kinds| {
            kinds.sort_unstable();
            kinds.dedup();
            Json(json!(kinds))
        });
        if errors.is_empty() {
            Ok(Checked { url, description, event_types })
        } else {
            Err(WebhookError::Fields(errors))
        }
    }
}

/// Changes the state if another one is asked for. Returns whether the endpoint has become active.
fn switch(record: &mut WebhookEndpointRecord, state: Option<WebhookEndpointState>, now: Ts) -> bool {
    match state.filter(|state| *state != record.state) {
        None => false,
        Some(WebhookEndpointState::Active) => {
            record.state = WebhookEndpointState::Active;
            (record.disabled_reason, record.disabled_at, record.failing_since) = (None, None, None);
            true
        }
        Some(WebhookEndpointState::Disabled) => {
            record.state = WebhookEndpointState::Disabled;
            record.disabled_reason = Some(WebhookDisabledReason::ByHand);
            record.disabled_at = Some(now);
            false
        }
    }
}

fn clear_alert(conn: &mut Conn, workspace: WorkspaceId, id: WebhookEndpointId, now: Ts) -> StorageResult<()> {
    let cleared = alerts::clear_about_endpoint(conn, workspace, id, now)?;
    events::append(conn, cleared.iter().map(|alert| (workspace, alert.event(now))).collect())
}

/// Where an endpoint is and what signs for it now, or why it can't be called.
pub(super) fn open(
    vault: &Vault,
    poster: &Poster,
    record: &WebhookEndpointRecord,
    now: Ts,
) -> Result<(Url, Vec<SecretString>), String> {
    let url = poster.parse(&record.url).map_err(|error| format!("the address {}", error.message))?;
    let previous = record.previous_secret.as_ref().filter(|_| record.previous_secret_until.is_some_and(|at| at > now));
    let secrets = [Some(&record.secret), previous]
        .into_iter()
        .flatten()
        .map(|sealed| vault.open_text(place(record.workspace_id, record.id), sealed))
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())?;
    Ok((url, secrets))
}

/// The header `webhook-id`: the same for every try and every replay.
pub(super) fn header_id(event: EventId, endpoint: WebhookEndpointId) -> String {
    format!("{event}_{endpoint}")
}

/// What is sent of an event.
pub(super) fn body_of(event: &Event) -> Value {
    json!({ "type": event.kind, "timestamp": event.at, "data": event })
}

fn end_of(secret: &SecretString) -> String {
    let text = secret.expose_secret();
    text.get(text.len().saturating_sub(4)..).unwrap_or_default().to_owned()
}
