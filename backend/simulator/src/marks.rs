//! What happens to messages that are there already: read and answered by the business, changed or taken back by the customer,
//! removed at the provider.

use std::sync::Arc;

use crate::content::Content;
use crate::ids::now_ms;
use crate::ledger::{Erased, Event, Record};
use crate::state::World;

/// How long a typing indicator shows unless an answer comes (direct.md §2.5, twilio.md §2.10).
pub(crate) const TYPING_MS: i64 = 25_000;

impl World {
    /// Marks a customer's message of this account and those before it as read, and shows that an answer is being written; false
    /// when there is no such message.
    pub(crate) fn mark_read(&self, account: &str, id: &str, typing: bool) -> bool {
        let Some(message) = self.messages.get(id).filter(|message| *message.record.account == *account) else {
            return false;
        };
        let now = now_ms();
        if !self.messages.mark_read(id, now) {
            return false;
        }
        self.book_later(&Event::MarkedRead { id: Arc::clone(&message.record.id) });
        if typing {
            self.messages.mark(id, |marks| marks.typing_until = Some(now + TYPING_MS));
        }
        true
    }

    /// Removes something from a message at the provider.
    pub(crate) fn erase(&self, id: &Arc<str>, what: Erased) {
        self.messages.mark(id, |marks| marks.erase(what));
        self.book_later(&Event::Erased { id: Arc::clone(id), what });
    }

    /// Lets a customer's edit or revocation take effect on the message it is about.
    pub(crate) fn follow(&self, record: &Record) {
        match record.content.as_deref() {
            Some(Content::Edit { message_id, text }) => {
                self.messages.mark(message_id, |marks| marks.edited = Some(text.as_str().into()));
            }
            Some(Content::Revoke { message_id }) => self.messages.mark(message_id, |marks| marks.revoked = true),
            _ => {}
        }
    }
}
