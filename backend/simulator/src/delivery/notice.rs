//! A webhook that is to be sent: what it is about, and what it carries.

use std::sync::Arc;

use serde_json::Value;

use crate::accounts::Account;
use crate::direct::webhooks as direct;
use crate::ledger::Status;
use crate::messages::Message;
use crate::state::World;
use crate::twilio::webhooks as twilio;

/// A webhook without its address: that is looked up when it is sent, so that a changed callback counts for what waits.
#[derive(Debug, Clone)]
pub(crate) struct Notice {
    /// Phone number id or account SID.
    pub(crate) account: Arc<str>,
    /// The statuses that count as known once the webhook is taken.
    pub(crate) about: Vec<(Arc<str>, Status)>,
    pub(crate) payload: Payload,
    /// Tries so far.
    pub(crate) tries: u32,
}

/// What a webhook carries.
#[derive(Debug, Clone)]
pub(crate) enum Payload {
    /// Members of `entry[].changes` of the direct provider. `messages` tells whether they all concern the field of that name, which may have a callback of its own.
    Changes { messages: bool, changes: Vec<Value> },
    /// Form parameters of Twilio, and the message's own status callback if it is about a status.
    Form { params: Vec<(String, String)>, target: FormTarget },
}

/// Where a form of Twilio goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FormTarget {
    /// The given URL, or the sender's status callback.
    Status(Option<Box<str>>),
    /// The sender's inbound callback.
    Inbound,
    /// The sender's fallback, after the inbound callback failed.
    Fallback,
}

impl Notice {
    /// A receipt; `None` when nobody asked for receipts.
    pub(crate) fn about_status(world: &World, account: &Account, message: &Message, status: Status) -> Option<Self> {
        let payload = match account {
            Account::Direct(account) => {
                account.message_callback()?;
                Payload::Changes {
                    messages: true,
                    changes: vec![direct::status_change(world, account, message, status)],
                }
            }
            Account::Twilio(account) => {
                let own = message.record.callback.clone();
                if own.is_none() && account.status_callback_url.is_none() {
                    return None;
                }
                Payload::Form { params: twilio::status_form(account, message, status), target: FormTarget::Status(own) }
            }
        };
        Some(Self::new(account, message, status, payload))
    }

    /// A message from the virtual customer; `None` when the account has no callback.
    pub(crate) fn about_inbound(world: &World, account: &Account, message: &Message) -> Option<Self> {
        let payload = match account {
            Account::Direct(account) => {
                account.message_callback()?;
                Payload::Changes { messages: true, changes: vec![direct::inbound_change(world, account, message)] }
            }
            Account::Twilio(account) => {
                account.callback_url.as_ref()?;
                Payload::Form { params: twilio::inbound_form(world, account, message), target: FormTarget::Inbound }
            }
        };
        Some(Self::new(account, message, Status::Delivered, payload))
    }

    fn new(account: &Account, message: &Message, status: Status, payload: Payload) -> Self {
        let about = vec![(Arc::clone(&message.record.id), status)];
        Self { account: Arc::clone(account.key()), about, payload, tries: 0 }
    }

    /// Takes another notice into the same request, or gives it back: only first tries of the direct provider can be joined.
    pub(crate) fn absorb(&mut self, other: Self) -> Result<(), Self> {
        let fits = self.account == other.account && self.tries == 0 && other.tries == 0;
        match (&mut self.payload, other.payload) {
            (Payload::Changes { messages: true, changes }, Payload::Changes { messages: true, changes: more })
                if fits =>
            {
                changes.extend(more);
                self.about.extend(other.about);
                Ok(())
            }
            (_, payload) => Err(Self { payload, ..other }),
        }
    }
}
