//! The one address of a workspace that is told of its alerts.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::{Value, json};
use url::Url;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::clock::SharedClock;
use crate::domain::ids::WorkspaceId;
use crate::domain::time::Ts;
use crate::error::{ApiError, Code, FieldError};
use crate::storage::alert_endpoints::{self, AlertEndpointRecord};
use crate::storage::{Db, StorageError};
use crate::vault::{Place, Vault, VaultError};

use super::post::{Posted, Poster};
use super::signature;

/// Where the secret is sealed for; never changes.
pub const SECRET_PLACE: &str = "alert_endpoints.secret";

#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    #[error("the address is not usable: {}", .0.message)]
    Url(FieldError),
    #[error("the workspace has no alert endpoint")]
    Missing,
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<EndpointError> for ApiError {
    fn from(error: EndpointError) -> Self {
        match error {
            EndpointError::Url(error) => Self::fields(vec![error]),
            EndpointError::Missing => Self::with_detail(Code::NotFound, "the workspace has no alert endpoint"),
            EndpointError::Storage(error) => error.into(),
            EndpointError::Vault(error) => Self::internal(error),
        }
    }
}

/// Where a workspace's alerts are told.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AlertEndpointView {
    #[schema(examples("https://ops.example/hooks/duplex"))]
    pub url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_delivered_at: Option<Ts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_failed_at: Option<Ts>,
    /// Why the last try failed; absent after one that did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl From<AlertEndpointRecord> for AlertEndpointView {
    fn from(record: AlertEndpointRecord) -> Self {
        Self {
            url: record.url,
            last_delivered_at: record.last_delivered_at,
            last_failed_at: record.last_failed_at,
            last_error: record.last_error,
            created_at: record.created_at,
            updated_at: record.updated_at,
        }
    }
}

/// An alert endpoint that was just set.
#[derive(Serialize, ToSchema)]
pub struct SavedAlertEndpoint {
    #[serde(flatten)]
    pub endpoint: AlertEndpointView,
    /// Signs what is sent there (Standard Webhooks). Shown this once, and only when the address is another than before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))]
    pub secret: Option<String>,
}

/// Keeps endpoints and sends to them. Cheap to clone.
#[derive(Clone)]
pub struct AlertEndpoints {
    db: Db,
    vault: Arc<Vault>,
    clock: SharedClock,
    poster: Poster,
}

/// An endpoint ready for use.
pub(super) struct Endpoint {
    pub url: Url,
    secret: SecretString,
}

impl AlertEndpoints {
    pub fn new(db: Db, vault: Arc<Vault>, clock: SharedClock, poster: Poster) -> Self {
        Self { db, vault, clock, poster }
    }

    /// # Errors
    /// [`EndpointError::Missing`] when the workspace has none.
    pub async fn get(&self, workspace: WorkspaceId) -> Result<AlertEndpointView, EndpointError> {
        let found = self.db.read(move |conn| alert_endpoints::find(conn, workspace)).await?;
        Ok(found.ok_or(EndpointError::Missing)?.into())
    }

    /// Sets the address. The secret is made anew, and shown here only, when there was none or another address.
    ///
    /// # Errors
    /// The address is not one that may be called.
    pub async fn put(&self, workspace: WorkspaceId, url: &str) -> Result<SavedAlertEndpoint, EndpointError> {
        let url = self.poster.parse(url).map_err(EndpointError::Url)?;
        let now = self.clock.now();
        let secret = signature::new_secret();
        let sealed = self.vault.seal_text(place(workspace), &secret)?;
        let (record, fresh) = self
            .db
            .write(move |conn| {
                let before = alert_endpoints::find(conn, workspace)?;
                let same = before.as_ref().filter(|known| known.url == url.as_str());
                let record = AlertEndpointRecord {
                    workspace_id: workspace,
                    url: url.into(),
                    secret: same.map_or(sealed, |known| known.secret.clone()),
                    last_delivered_at: same.and_then(|known| known.last_delivered_at),
                    last_failed_at: same.and_then(|known| known.last_failed_at),
                    last_error: same.and_then(|known| known.last_error.clone()),
                    created_at: before.as_ref().map_or(now, |known| known.created_at),
                    updated_at: now,
                };
                alert_endpoints::put(conn, workspace, record.clone())?;
                if before.is_none() {
                    alert_endpoints::catch_up(conn, workspace, now)?;
                }
                Ok::<_, StorageError>((record, same.is_none()))
            })
            .await?;
        let secret = fresh.then(|| secret.expose_secret().to_owned());
        Ok(SavedAlertEndpoint { endpoint: record.into(), secret })
    }

    /// # Errors
    /// [`EndpointError::Missing`] when the workspace has none.
    pub async fn delete(&self, workspace: WorkspaceId) -> Result<(), EndpointError> {
        match self.db.write(move |conn| alert_endpoints::delete(conn, workspace)).await {
            Err(StorageError::NotFound) => Err(EndpointError::Missing),
            done => Ok(done?),
        }
    }

    /// Sends something harmless now. Returns why it did not arrive, if it did not.
    ///
    /// # Errors
    /// [`EndpointError::Missing`] when the workspace has no endpoint.
    pub async fn test(&self, workspace: WorkspaceId) -> Result<Option<String>, EndpointError> {
        let endpoint = self.open(workspace).await?.ok_or(EndpointError::Missing)?;
        let now = self.clock.now();
        let body = json!({ "type": "alert.test", "timestamp": now, "data": {} });
        let error = self.send(&endpoint, &format!("test_{}", Uuid::now_v7()), &body).await.error;
        let noted = error.clone();
        self.db.write(move |conn| alert_endpoints::note(conn, workspace, noted.as_deref(), now)).await?;
        Ok(error)
    }

    /// The endpoint with its secret open; `None` when the workspace has none.
    pub(super) async fn open(&self, workspace: WorkspaceId) -> Result<Option<Endpoint>, EndpointError> {
        let Some(record) = self.db.read(move |conn| alert_endpoints::find(conn, workspace)).await? else {
            return Ok(None);
        };
        let secret = self.vault.open_text(place(workspace), &record.secret)?;
        let url = self.poster.parse(&record.url).map_err(EndpointError::Url)?;
        Ok(Some(Endpoint { url, secret }))
    }

    /// One try. What is wrong is told in a sentence that holds neither address nor answer.
    pub(super) async fn send(&self, endpoint: &Endpoint, id: &str, body: &Value) -> Posted {
        self.poster.post(&endpoint.url, std::slice::from_ref(&endpoint.secret), id, body).await
    }
}

fn place(workspace: WorkspaceId) -> Place {
    Place::of(workspace, workspace, SECRET_PLACE)
}
