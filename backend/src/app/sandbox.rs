//! The real simulator behind the channels room's trait.

use async_trait::async_trait;
use duplex_simulator::{
    AccountPatch, AccountView, AdminClient, AdminError, ConversationQuery, Direction, Inbound, NewDirectAccount,
    NewTwilioAccount, Referral, Status, ThreadMessage, WindowChange,
};
use secrecy::{ExposeSecret, SecretString};

use crate::channels::form::Form;
use crate::channels::sandbox::customer::CustomerNote;
use crate::channels::sandbox::simulator::{
    Bubble, BubbleDirection, BubbleStatus, Fault, MagicNumber, PhoneFileAddress, PhoneFileBytes, SandboxSimulator,
    SimulatedConversation, SimulatedCounts, SimulatedSender, SimulatorFailure, Written,
};
use crate::domain;
use crate::domain::contact::Recipient;
use crate::domain::page::Page;
use crate::domain::provider::ProviderKind;
use crate::domain::time::Ts;
use crate::http::API;
use crate::providers::account::Credentials;

type Answer<T> = Result<T, SimulatorFailure>;

/// A simulator reached by its admin API.
pub(super) struct AdminSimulator(pub AdminClient);

#[async_trait]
impl SandboxSimulator for AdminSimulator {
    async fn senders(&self) -> Answer<Vec<SimulatedSender>> {
        let accounts = self.0.accounts().await.map_err(failure)?;
        Ok(accounts.into_iter().map(sender).collect())
    }

    async fn make(&self, provider: ProviderKind) -> Answer<Form> {
        match provider {
            ProviderKind::Twilio => {
                let made = self.0.create_twilio(&NewTwilioAccount::default()).await.map_err(failure)?;
                Ok(form(
                    provider,
                    vec![
                        ("name", "Sandbox Twilio".into()),
                        ("sender_number", plain_number(&made.sender_number).to_owned()),
                        ("account_sid", made.account_sid),
                        ("auth_token", made.auth_token),
                        ("api_key_sid", made.api_key_sid),
                        ("api_key_secret", made.api_key_secret),
                    ],
                ))
            }
            ProviderKind::Direct => {
                let made = self.0.create_direct(&NewDirectAccount::default()).await.map_err(failure)?;
                Ok(form(
                    provider,
                    vec![
                        ("name", "Sandbox Meta".into()),
                        ("whatsapp_business_phone_id", made.phone_number_id),
                        ("waba_id", made.waba_id),
                        ("whatsapp_app_id", made.app_id),
                        ("app_secret", made.app_secret),
                        ("whatsapp_access_token", made.access_token),
                        ("verify_token", made.verify_token),
                    ],
                ))
            }
        }
    }

    async fn restore(&self, credentials: &Credentials) -> Answer<()> {
        let given = |secret: &SecretString| Some(secret.expose_secret().to_owned());
        match credentials {
            Credentials::Twilio(kept) => {
                let wanted = NewTwilioAccount {
                    account_sid: Some(kept.account_sid.clone()),
                    auth_token: given(&kept.auth_token),
                    secondary_auth_token: kept.auth_token_secondary.as_ref().and_then(given),
                    api_key_sid: kept.api_key.as_ref().map(|key| key.sid.clone()),
                    api_key_secret: kept.api_key.as_ref().and_then(|key| given(&key.secret)),
                    sender_number: Some(kept.sender_number.to_string()),
                    ..NewTwilioAccount::default()
                };
                self.0.create_twilio(&wanted).await.map(drop).map_err(failure)
            }
            Credentials::Direct(kept) => {
                let wanted = NewDirectAccount {
                    phone_number_id: Some(kept.whatsapp_business_phone_id.clone()),
                    waba_id: Some(kept.waba_id.clone()),
                    app_id: Some(kept.whatsapp_app_id.clone()),
                    app_secret: given(&kept.app_secret),
                    access_token: given(&kept.whatsapp_access_token),
                    verify_token: given(&kept.verify_token),
                    ..NewDirectAccount::default()
                };
                self.0.create_direct(&wanted).await.map(drop).map_err(failure)
            }
        }
    }

    async fn set_callback(&self, key: &str, url: &str) -> Answer<()> {
        let patch = AccountPatch { callback_url: Some(url.to_owned()), ..AccountPatch::default() };
        self.0.patch_account(key, &patch).await.map(drop).map_err(failure)
    }

    async fn write(&self, key: &str, note: &CustomerNote) -> Answer<Written> {
        let inbound = Inbound {
            sender: key.to_owned(),
            from: Some(note.from.clone()),
            name: note.name.clone(),
            username: note.username.clone(),
            hide_number: note.hide_number,
            content: Some(translated(&note.content, "the content")?),
            reply_to: note.reply_to.clone(),
            forwarded: translated(&note.forwarded, "forwarded")?,
            referral: note.referral.as_ref().map(referral),
            ..Inbound::default()
        };
        let result = self.0.inbound(&inbound).await.map_err(failure)?;
        Ok(Written { provider_message_id: result.message_id, delivered: result.delivered })
    }

    async fn conversations(
        &self,
        key: &str,
        customer: Option<&Recipient>,
        page: Page,
    ) -> Answer<Vec<SimulatedConversation>> {
        let wanted = ConversationQuery {
            sender: Some(key.to_owned()),
            person: customer.map(Recipient::to_string),
            before: page.before,
            limit: Some(usize::from(page.limit) + 1),
        };
        let found = self.0.conversations(&wanted).await.map_err(failure)?;
        let shown = found.into_iter().map(|conversation| {
            Ok(SimulatedConversation {
                customer: conversation.person,
                name: conversation.name,
                window_open: conversation.window_open,
                typing: conversation.typing,
                messages: conversation.messages.into_iter().map(bubble).collect::<Answer<_>>()?,
                has_earlier: conversation.has_earlier,
                position: conversation.position,
            })
        });
        shown.collect()
    }

    async fn counts(&self, key: &str) -> Answer<SimulatedCounts> {
        let counts = self.0.counts(key).await.map_err(failure)?;
        Ok(SimulatedCounts {
            accepted: counts.accepted,
            sent: counts.sent,
            delivered: counts.delivered,
            read: counts.read,
            failed: counts.failed,
            inbound: counts.inbound,
        })
    }

    async fn file(&self, keys: &[String], file: &PhoneFileAddress) -> Answer<Option<PhoneFileBytes>> {
        match self.0.read_file(keys, &file.id, file.until, &file.proof).await {
            Ok((mime_type, bytes)) => Ok(Some(PhoneFileBytes { mime_type, bytes })),
            Err(AdminError::Refused { status, .. }) if status.as_u16() == 404 => Ok(None),
            Err(error) => Err(failure(error)),
        }
    }

    async fn set_window(&self, key: &str, customer: &str, open: bool) -> Answer<()> {
        let change = WindowChange { sender: key.to_owned(), person: customer.to_owned(), open };
        self.0.set_window(&change).await.map_err(failure)
    }

    async fn faults(&self) -> Answer<Vec<Fault>> {
        let faults = self.0.faults().await.map_err(failure)?;
        faults.iter().map(|fault| translated(fault, "the fault")).collect()
    }

    async fn set_faults(&self, faults: &[Fault]) -> Answer<Vec<Fault>> {
        let translate = |fault| translated(fault, "the fault");
        let theirs = faults.iter().map(translate).collect::<Answer<Vec<duplex_simulator::Fault>>>()?;
        let set = self.0.set_faults(&theirs).await.map_err(failure)?;
        set.iter().map(|fault| translated(fault, "the fault")).collect()
    }

    async fn magic_numbers(&self) -> Answer<Vec<MagicNumber>> {
        let rows = self.0.magic_numbers().await.map_err(failure)?;
        let shown = rows.into_iter().map(|row| MagicNumber {
            number: row.number.into_owned(),
            direct_code: row.direct_code,
            twilio_code: row.twilio_code,
            description: row.description.into_owned(),
        });
        Ok(shown.collect())
    }
}

fn failure(error: AdminError) -> SimulatorFailure {
    match error {
        AdminError::Refused { status, message } if status.is_client_error() => SimulatorFailure::Refused(message),
        other => SimulatorFailure::Unreachable(other.to_string()),
    }
}

fn form(provider: ProviderKind, values: Vec<(&'static str, String)>) -> Form {
    let entries = values.into_iter().map(|(field, value)| (field, Some(SecretString::from(value)))).collect();
    Form { provider, is_default: None, messages_per_second: None, entries }
}

fn sender(account: AccountView) -> SimulatedSender {
    match account {
        AccountView::Twilio(account) => SimulatedSender {
            provider: ProviderKind::Twilio,
            number: plain_number(&account.sender_number).to_owned(),
            key: account.account_sid,
        },
        AccountView::Direct(account) => SimulatedSender {
            provider: ProviderKind::Direct,
            key: account.phone_number_id,
            number: account.display_phone_number,
        },
    }
}

fn plain_number(number: &str) -> &str {
    number.strip_prefix("whatsapp:").unwrap_or(number)
}

/// What has its bytes at the simulator is read through us: pages load nothing from another origin.
fn through_us(content: &mut serde_json::Value) {
    match content {
        serde_json::Value::Object(members) => {
            if let Some(serde_json::Value::String(url)) = members.get_mut("url")
                && let Some((_, file)) = url.split_once("/_media/")
            {
                *url = format!("{API}/sandbox/files/{file}");
            }
            members.values_mut().for_each(through_us);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(through_us),
        _ => {}
    }
}

fn referral(referral: &domain::inbound::Referral) -> Referral {
    let given = |text: &Option<String>| text.clone().unwrap_or_default();
    Referral {
        source_url: given(&referral.source_url),
        source_id: given(&referral.source_id),
        source_type: referral.source_type.clone().unwrap_or_else(|| "ad".to_owned()),
        headline: referral.headline.clone(),
        body: referral.body.clone(),
        ctwa_clid: referral.ctwa_clid.clone(),
        ..Referral::default()
    }
}

fn bubble(message: ThreadMessage) -> Answer<Bubble> {
    let millis = |at: i64| Ts::from_micros(at.saturating_mul(1_000));
    let mut content: serde_json::Value = translated(&message.content, "the content")?;
    through_us(&mut content);
    Ok(Bubble {
        provider_message_id: message.id,
        direction: match message.direction {
            Direction::Inbound => BubbleDirection::Inbound,
            Direction::Outbound => BubbleDirection::Outbound,
        },
        text: message.text,
        status: match message.status {
            Status::Accepted => BubbleStatus::Accepted,
            Status::Sent => BubbleStatus::Sent,
            Status::Delivered => BubbleStatus::Delivered,
            Status::Read => BubbleStatus::Read,
            Status::Failed | Status::Canceled => BubbleStatus::Failed,
        },
        content: translated(&content, "the content")?,
        at: millis(message.at),
        typing: message.typing,
        forwarded: translated(&message.forwarded, "forwarded")?,
        referred: message.referral.is_some(),
        edited: message.edited,
        deleted: message.deleted,
        read_at: message.read_at.map(millis),
        reply_to: message.reply_to,
        error_code: message.error_code,
    })
}

/// Both sides write these alike, which keeps the two crates without a type in common.
fn translated<A: serde::Serialize, B: serde::de::DeserializeOwned>(theirs: &A, what: &str) -> Answer<B> {
    serde_json::to_value(theirs)
        .and_then(serde_json::from_value)
        .map_err(|error| SimulatorFailure::Refused(format!("{what} is none of the simulator's: {error}")))
}
