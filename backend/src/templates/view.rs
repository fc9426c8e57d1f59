//! Templates as clients see them.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::ids::{ChannelId, TemplateId, WorkspaceId};
use crate::domain::provider::ProviderKind;
use crate::domain::template_definition::variables::TemplateVariable;
use crate::domain::template_definition::{ParameterFormat, TemplateCategory, TemplateDefinition};
use crate::domain::template_state::{TemplateQuality, TemplateStatus};
use crate::domain::time::Ts;
use crate::providers::TemplateError;
use crate::providers::templates::{Lost, Unreadable};
use crate::storage::conn::Conn;
use crate::storage::template_registrations::{self, RegistrationRecord};
use crate::storage::template_syncs::{self, SyncRecord};
use crate::storage::templates::TemplateRecord;
use crate::storage::{StorageError, StorageResult};

/// A template with where it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TemplateView {
    pub id: TemplateId,
    #[schema(examples("order_shipped"))]
    pub name: String,
    #[schema(examples("en_GB"))]
    pub language: String,
    pub category: TemplateCategory,
    pub parameter_format: ParameterFormat,
    pub definition: TemplateDefinition,
    /// What a message with it gives.
    pub variables: Vec<TemplateVariable>,
    /// One for each account that has it or was asked to; at Twilio one for each version.
    pub registrations: Vec<RegistrationView>,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// A template at one account of one provider.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RegistrationView {
    pub provider: ProviderKind,
    /// WABA id, or account SID.
    #[schema(examples("300000000000001"))]
    pub account: String,
    /// The channels that can send it.
    pub channel_ids: Vec<ChannelId>,
    /// Meta's id, or the SID of the Content; none when the provider never took it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("400000000000001"))]
    pub provider_ref: Option<String>,
    pub status: TemplateStatus,
    /// As it stands there now, which is what is paid for.
    pub category: TemplateCategory,
    /// What the provider will make of it, once it has said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correct_category: Option<TemplateCategory>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<TemplateQuality>,
    /// Meta's word for why it was rejected or paused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("INVALID_FORMAT"))]
    pub rejection_reason: Option<String>,
    /// The same in full, with the advice that came with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejection_detail: Option<String>,
    /// Why the last submission, edit or deletion was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<TemplateError>,
    /// Messages can go out with it.
    pub sendable: bool,
    /// What stands there is the definition above; otherwise it is another version.
    pub current: bool,
    /// What stands there, when that is another version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<TemplateDefinition>,
    /// What the provider's form has no place for.
    pub lost: Vec<Lost>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<Ts>,
    pub status_at: Ts,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub synced_at: Option<Ts>,
}

/// When an account's templates were last compared with what stands there.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TemplateSyncView {
    pub provider: ProviderKind,
    pub account: String,
    pub channel_ids: Vec<ChannelId>,
    /// The last attempt, whatever came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempted_at: Option<Ts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub succeeded_at: Option<Ts>,
    /// When it happens next by itself.
    pub due_at: Ts,
    /// Failed attempts in a row.
    pub failures: i32,
    /// Of the last success.
    pub counts: SyncCounts,
    /// Templates there that can't be read as a definition.
    pub unreadable: Vec<Unreadable>,
    /// Why the last attempt failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<TemplateError>,
}

/// What a comparison found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
#[serde(default)]
pub struct SyncCounts {
    /// Templates that stand there.
    pub found: u32,
    /// Of these, unknown here until now.
    pub imported: u32,
    /// State, quality, category or text was another one.
    pub changed: u32,
    /// Known here and no longer there.
    pub vanished: u32,
}

/// The channels of each account of a workspace.
pub struct Accounts(HashMap<(ProviderKind, String), Vec<ChannelId>>);

impl Accounts {
    pub fn read(conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<Self> {
        let mut accounts: HashMap<_, Vec<ChannelId>> = HashMap::new();
        for (provider, account, channel) in template_syncs::accounts(conn, workspace)? {
            accounts.entry((provider, account)).or_default().push(channel);
        }
        Ok(Self(accounts))
    }

    pub fn channels(&self, provider: ProviderKind, account: &str) -> Vec<ChannelId> {
        self.0.get(&(provider, account.to_owned())).cloned().unwrap_or_default()
    }
}

/// Views of some templates, in their order.
pub fn views(
    conn: &mut Conn,
    workspace: WorkspaceId,
    templates: Vec<TemplateRecord>,
) -> StorageResult<Vec<TemplateView>> {
    let accounts = Accounts::read(conn, workspace)?;
    let ids: Vec<TemplateId> = templates.iter().map(|template| template.id).collect();
    let mut registered: HashMap<TemplateId, Vec<RegistrationRecord>> = HashMap::new();
    for record in template_registrations::of_templates(conn, workspace, &ids)? {
        registered.entry(record.template_id).or_default().push(record);
    }
    templates
        .into_iter()
        .map(|template| {
            let registrations = registered.remove(&template.id).unwrap_or_default();
            view(template, registrations, &accounts)
        })
        .collect()
}

fn view(
    template: TemplateRecord,
    registrations: Vec<RegistrationRecord>,
    accounts: &Accounts,
) -> StorageResult<TemplateView> {
    let definition: TemplateDefinition = template.definition.read()?;
    let registrations = registrations
        .into_iter()
        .map(|record| registration(record, &definition, accounts))
        .collect::<StorageResult<Vec<_>>>()?;
    Ok(TemplateView {
        id: template.id,
        name: template.name,
        language: template.language,
        category: template.category,
        parameter_format: definition.parameter_format,
        variables: definition.variables(),
        definition,
        registrations,
        created_at: template.created_at,
        updated_at: template.updated_at,
    })
}

fn registration(
    record: RegistrationRecord,
    template: &TemplateDefinition,
    accounts: &Accounts,
) -> StorageResult<RegistrationView> {
    let stands: TemplateDefinition = record.definition.read()?;
    let current = stands == *template;
    Ok(RegistrationView {
        channel_ids: accounts.channels(record.provider, &record.account),
        provider: record.provider,
        sendable: record.status.is_sendable() && record.provider_ref.is_some(),
        account: record.account,
        provider_ref: record.provider_ref,
        status: record.status,
        category: record.category,
        correct_category: record.correct_category,
        quality: record.quality,
        rejection_reason: record.rejection_reason,
        rejection_detail: record.rejection_detail,
        problem: record.problem.map(|problem| problem.read()).transpose()?,
        current,
        definition: (!current).then_some(stands),
        lost: record.lost.read()?,
        submitted_at: record.submitted_at,
        status_at: record.status_at,
        synced_at: record.synced_at,
    })
}

/// How the comparison of an account stands.
pub fn sync_view(record: SyncRecord, accounts: &Accounts) -> Result<TemplateSyncView, StorageError> {
    Ok(TemplateSyncView {
        channel_ids: accounts.channels(record.provider, &record.account),
        provider: record.provider,
        account: record.account,
        attempted_at: record.attempted_at,
        succeeded_at: record.succeeded_at,
        due_at: record.due_at,
        failures: record.failures,
        counts: record.counts.read()?,
        unreadable: record.unreadable.read()?,
        error: record.error.map(|error| error.read()).transpose()?,
    })
}
