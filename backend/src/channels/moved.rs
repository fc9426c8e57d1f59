//! What is forgotten when a channel gets another number, or its number another account.

use crate::domain::alert::{About, AlertKind};
use crate::domain::event::NewEvent;
use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::time::Ts;
use crate::storage::channels::ChannelSettings;
use crate::storage::conn::Conn;
use crate::storage::system::account_news;
use crate::storage::{StorageResult, conversations, facts, media_uploads};

use super::alerts;

const OF_THE_SENDER: &[AlertKind] = &[AlertKind::QualityRed, AlertKind::WebhooksSilent, AlertKind::Security];
const OF_THE_ACCOUNT: &[AlertKind] =
    &[AlertKind::PaymentMissing, AlertKind::AccountRestricted, AlertKind::AccountDisabled, AlertKind::AccountAlert];

/// What of a channel has become another one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moved {
    sender: bool,
    account: bool,
}

impl Moved {
    /// `None` when both stayed what they were.
    pub fn between(before: &ChannelSettings, after: &ChannelSettings) -> Option<Self> {
        let sender = |of: &ChannelSettings| (of.sender_number.clone(), of.whatsapp_business_phone_id.clone());
        let account = |of: &ChannelSettings| (of.account_sid.clone(), of.waba_id.clone());
        let moved = Self { sender: sender(before) != sender(after), account: account(before) != account(after) };
        (moved.sender || moved.account).then_some(moved)
    }

    /// Forgets what was known of the former one. Returns the entries for the feed: append them last.
    ///
    /// # Errors
    /// The database's.
    pub fn forget(
        self,
        conn: &mut Conn,
        workspace: WorkspaceId,
        id: ChannelId,
        now: Ts,
    ) -> StorageResult<Vec<NewEvent>> {
        let mut over = Vec::new();
        if self.sender {
            // Uploaded media are known to the former sender only (direct.md §2.6), and who wrote to that one has not written
            // to this one.
            media_uploads::forget_channel(conn, workspace, id)?;
            conversations::forget(conn, workspace, id)?;
            over.extend(OF_THE_SENDER);
        }
        if self.account {
            account_news::forget(conn, id)?;
            over.extend(OF_THE_ACCOUNT);
        }
        facts::change(conn, workspace, id, now, |facts| {
            if self.sender {
                facts.forget_sender();
            }
            if self.account {
                facts.forget_account();
            }
        })?;
        alerts::clear_within(conn, workspace, id, &over, About::Everything, now)
    }
}
