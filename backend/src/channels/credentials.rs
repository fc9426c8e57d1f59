//! A channel's secrets between the database, where they are sealed, and a service, which needs them open.

use secrecy::{ExposeSecret, SecretString};

use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::phone::Phone;
use crate::domain::provider::ProviderKind;
use crate::providers::account::{Credentials, DirectCredentials, TwilioApiKey, TwilioCredentials};
use crate::storage::channels::{ChannelRecord, ChannelSettings};
use crate::vault::{Place, Vault, VaultError};

use super::registry::RegistryError;

/// One sealed column of `channels`.
#[derive(Clone, Copy, Debug)]
pub struct SecretColumn {
    /// The field's name in forms and the column's in the database.
    pub field: &'static str,
    /// What it is sealed for; never changes.
    pub place: &'static str,
    slot: fn(&ChannelSettings) -> &Option<Vec<u8>>,
    slot_mut: fn(&mut ChannelSettings) -> &mut Option<Vec<u8>>,
}

macro_rules! sealed {
    ($($field:ident),+ $(,)?) => {
        &[$(SecretColumn {
            field: stringify!($field),
            place: concat!("channels.", stringify!($field)),
            slot: |settings| &settings.$field,
            slot_mut: |settings| &mut settings.$field,
        }),+]
    };
}

/// All sealed columns of `channels`.
pub const SEALED: &[SecretColumn] = sealed![
    whatsapp_access_token,
    app_secret,
    app_secret_secondary,
    verify_token,
    auth_token,
    auth_token_secondary,
    api_key_secret,
];

impl SecretColumn {
    /// The column of a form's field, if that field is a secret.
    pub fn named(field: &str) -> Option<Self> {
        SEALED.iter().copied().find(|column| column.field == field)
    }

    pub fn get(self, settings: &ChannelSettings) -> Option<&[u8]> {
        (self.slot)(settings).as_deref()
    }

    pub fn set(self, settings: &mut ChannelSettings, sealed: Option<Vec<u8>>) {
        *(self.slot_mut)(settings) = sealed;
    }

    /// Where the value of one channel is sealed for.
    pub fn place(self, workspace: WorkspaceId, channel: ChannelId) -> Place {
        Place::of(workspace, channel, self.place)
    }
}

/// Opens one secret; `None` when it is not set.
///
/// # Errors
/// It was sealed with another key or for another place.
pub fn open(vault: &Vault, record: &ChannelRecord, field: &str) -> Result<Option<SecretString>, VaultError> {
    let Some(column) = SecretColumn::named(field) else { return Ok(None) };
    let place = column.place(record.workspace_id, record.id);
    column.get(&record.settings).map(|sealed| vault.open_text(place, sealed)).transpose()
}

/// Opens everything a service needs.
///
/// # Errors
/// A secret can't be opened, or a value that the provider needs is not there.
pub fn unseal(vault: &Vault, record: &ChannelRecord) -> Result<Credentials, RegistryError> {
    let opener = Opener { vault, record };
    let settings = &record.settings;
    Ok(match record.provider {
        ProviderKind::Twilio => Credentials::Twilio(TwilioCredentials {
            account_sid: text("account_sid", &settings.account_sid)?,
            auth_token: opener.secret("auth_token")?,
            auth_token_secondary: opener.optional("auth_token_secondary")?,
            api_key: match (&settings.api_key_sid, opener.optional("api_key_secret")?) {
                (Some(sid), Some(secret)) => Some(TwilioApiKey { sid: sid.clone(), secret }),
                _ => None,
            },
            sender_number: Phone::parse(&text("sender_number", &settings.sender_number)?)
                .map_err(|_| RegistryError::Incomplete("sender_number"))?,
            messaging_service_sid: settings.messaging_service_sid.clone(),
        }),
        ProviderKind::Direct => Credentials::Direct(DirectCredentials {
            whatsapp_business_phone_id: text("whatsapp_business_phone_id", &settings.whatsapp_business_phone_id)?,
            waba_id: text("waba_id", &settings.waba_id)?,
            whatsapp_app_id: text("whatsapp_app_id", &settings.whatsapp_app_id)?,
            app_secret: opener.secret("app_secret")?,
            app_secret_secondary: opener.optional("app_secret_secondary")?,
            whatsapp_access_token: opener.secret("whatsapp_access_token")?,
            verify_token: opener.secret("verify_token")?,
            graph_version: text("graph_version", &settings.graph_version)?,
        }),
    })
}

/// The last four characters of a secret, where they don't give a notable part of it away.
pub fn ending(secret: &SecretString) -> Option<String> {
    const SHORTEST: usize = 16;
    let text = secret.expose_secret();
    let count = text.chars().count();
    (count >= SHORTEST).then(|| text.chars().skip(count - 4).collect())
}

struct Opener<'a> {
    vault: &'a Vault,
    record: &'a ChannelRecord,
}

impl Opener<'_> {
    fn optional(&self, field: &'static str) -> Result<Option<SecretString>, RegistryError> {
        Ok(open(self.vault, self.record, field)?)
    }

    fn secret(&self, field: &'static str) -> Result<SecretString, RegistryError> {
        self.optional(field)?.ok_or(RegistryError::Incomplete(field))
    }
}

fn text(field: &'static str, value: &Option<String>) -> Result<String, RegistryError> {
    value.clone().ok_or(RegistryError::Incomplete(field))
}
