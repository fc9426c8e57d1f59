//! Who may do what where: workspaces, users, API keys.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ids::{ApiKeyId, SessionId, UserId, WorkspaceId};
use super::provider::{Environment, ProviderKind};
use super::scope::{Role, Scope};
use super::time::Ts;

/// A business in one environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Workspace {
    pub id: WorkspaceId,
    #[schema(examples("Main"))]
    pub name: String,
    pub environment: Environment,
    /// The provider of a message that names no channel.
    pub whatsapp_provider: ProviderKind,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// A person who signs in to the console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct User {
    pub id: UserId,
    #[schema(examples("owner@example.com"))]
    pub email: String,
    pub name: String,
    pub created_at: Ts,
}

/// A workspace as one of its users sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Membership {
    pub workspace: Workspace,
    pub role: Role,
    /// What the role allows.
    pub scopes: Vec<Scope>,
}

/// A program's credential, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApiKey {
    pub id: ApiKeyId,
    #[schema(examples("shop backend"))]
    pub name: String,
    /// How the key begins, to tell keys apart; the rest is not kept.
    #[schema(examples("dpx_4fT9aQ2b"))]
    pub prefix: String,
    pub scopes: Vec<Scope>,
    /// Absent when it was made on the command line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<UserId>,
    pub created_at: Ts,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Ts>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Ts>,
    /// Right to about a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Ts>,
}

/// Who stands behind a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Principal {
    ApiKey(ApiKeyId),
    Session { user: UserId, session: SessionId },
}

impl Principal {
    /// A text that names the principal across requests: a user keeps it from one session to the next.
    pub fn stable_name(&self) -> String {
        match self {
            Self::ApiKey(id) => format!("key:{id}"),
            Self::Session { user, .. } => format!("user:{user}"),
        }
    }
}
