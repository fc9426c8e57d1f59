//! The accounts of both providers: made through the admin API, kept in `accounts.json`.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::direct::profile::{Blocked, Profile};
use crate::direct::state::{AppMode, DirectState};
use crate::error::SimulatorError;
use crate::json_file;
use crate::ledger::Provider;
use crate::people::WindowPolicy;
use crate::review::Reviews;
use crate::twilio::routing::Service;
use crate::twilio::sinks::{Sink, Subscription};
use crate::twilio::state::TwilioState;

/// The field of webhooks about messages (direct.md §3.3).
pub(crate) const MESSAGES: &str = "messages";

/// What an account of either provider has.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Rules {
    pub(crate) windows: WindowPolicy,
    /// Messages a second that the sender may send; `None` is unlimited.
    pub(crate) rate_per_second: Option<u32>,
    /// Whether the limit per sender and person applies (direct.md §4.8).
    pub(crate) pair_limit: bool,
    #[serde(flatten)]
    pub(crate) reviews: Reviews,
}

/// One Meta app with one WhatsApp Business Account and one number.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct DirectAccount {
    /// The account's key everywhere in the simulator.
    pub(crate) phone_number_id: Arc<str>,
    pub(crate) app_id: String,
    pub(crate) app_secret: String,
    pub(crate) waba_id: String,
    pub(crate) business_id: String,
    /// E.164 with plus.
    pub(crate) phone: String,
    pub(crate) verified_name: String,
    pub(crate) access_token: String,
    /// Refuses calls without `appsecret_proof` (direct.md §1.2).
    pub(crate) require_proof: bool,
    /// The app's callback.
    pub(crate) callback_url: Option<String>,
    pub(crate) verify_token: Option<String>,
    /// Fields the app subscribed to.
    pub(crate) fields: Vec<String>,
    /// Whether the app is subscribed to the WABA; without it no webhook is sent (direct.md §2.11).
    pub(crate) subscribed: bool,
    /// The WABA's own callback for messages, before the app's.
    pub(crate) waba_callback_url: Option<String>,
    /// The number's own callback for messages, before the WABA's.
    pub(crate) number_callback_url: Option<String>,
    #[serde(default)]
    pub(crate) state: DirectState,
    #[serde(default)]
    pub(crate) profile: Profile,
    #[serde(default)]
    pub(crate) blocked: Blocked,
    /// When the number was registered or deregistered, in milliseconds since 1970.
    #[serde(default)]
    pub(crate) registrations: Vec<i64>,
    #[serde(flatten)]
    pub(crate) rules: Rules,
}

impl DirectAccount {
    /// Where webhooks of a field go: those about messages to the number's callback before the WABA's before the app's, all others
    /// to the app's (direct.md §2.11). `None` when none arrives.
    pub(crate) fn callback(&self, field: &str) -> Option<&str> {
        let wanted = self.fields.iter().any(|name| name == field);
        if !self.subscribed || !wanted || self.state.app_mode == AppMode::Development {
            return None;
        }
        if field != MESSAGES {
            return self.callback_url.as_deref();
        }
        let callbacks = [&self.number_callback_url, &self.waba_callback_url, &self.callback_url];
        callbacks.into_iter().find_map(|url| url.as_deref())
    }

    /// The app token, good for `debug_token` and app subscriptions only (direct.md §1.2).
    pub(crate) fn is_app_token(&self, token: &str) -> bool {
        token
            .split_once('|')
            .is_some_and(|(id, secret)| id == self.app_id && crate::signing::same(secret, &self.app_secret))
    }
}

/// One Twilio account with one WhatsApp sender.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct TwilioAccount {
    /// The account's key everywhere in the simulator.
    pub(crate) account_sid: Arc<str>,
    pub(crate) auth_token: String,
    pub(crate) secondary_auth_token: Option<String>,
    pub(crate) api_key_sid: String,
    pub(crate) api_key_secret: String,
    /// E.164 with plus, without `whatsapp:`.
    pub(crate) sender_number: String,
    pub(crate) sender_sid: String,
    pub(crate) messaging_service_sid: String,
    pub(crate) waba_id: String,
    pub(crate) profile_name: String,
    /// The sender's webhook URLs, fragments with retry overrides included (twilio.md §3.6).
    pub(crate) callback_url: Option<String>,
    pub(crate) fallback_url: Option<String>,
    pub(crate) status_callback_url: Option<String>,
    #[serde(default)]
    pub(crate) state: TwilioState,
    /// What the sender's profile says besides its name, by Twilio's names of the members.
    #[serde(default)]
    pub(crate) sender_profile: Map<String, Value>,
    /// `None` until one was made, changed or deleted.
    #[serde(default)]
    pub(crate) services: Option<Vec<Service>>,
    #[serde(default)]
    pub(crate) sinks: Vec<Sink>,
    #[serde(default)]
    pub(crate) subscriptions: Vec<Subscription>,
    #[serde(flatten)]
    pub(crate) rules: Rules,
}

impl std::fmt::Debug for DirectAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DirectAccount").field("phone_number_id", &self.phone_number_id).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for TwilioAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TwilioAccount").field("account_sid", &self.account_sid).finish_non_exhaustive()
    }
}

/// An account of either provider.
#[derive(Debug, Clone)]
pub(crate) enum Account {
    Direct(Arc<DirectAccount>),
    Twilio(Arc<TwilioAccount>),
}

impl Account {
    pub(crate) fn key(&self) -> &Arc<str> {
        match self {
            Self::Direct(account) => &account.phone_number_id,
            Self::Twilio(account) => &account.account_sid,
        }
    }

    pub(crate) fn provider(&self) -> Provider {
        match self {
            Self::Direct(_) => Provider::Direct,
            Self::Twilio(_) => Provider::Twilio,
        }
    }

    pub(crate) fn rules(&self) -> &Rules {
        match self {
            Self::Direct(account) => &account.rules,
            Self::Twilio(account) => &account.rules,
        }
    }

    /// The sender's number in E.164 with plus.
    pub(crate) fn number(&self) -> &str {
        match self {
            Self::Direct(account) => &account.phone,
            Self::Twilio(account) => &account.sender_number,
        }
    }

    /// The portfolio that user ids belong to.
    pub(crate) fn portfolio(&self) -> &str {
        match self {
            Self::Direct(account) => &account.business_id,
            Self::Twilio(account) => &account.waba_id,
        }
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Book {
    direct: BTreeMap<Arc<str>, Arc<DirectAccount>>,
    twilio: BTreeMap<Arc<str>, Arc<TwilioAccount>>,
}

/// Why an account was not made or changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccountError {
    #[error("an account with this id, number or key exists already")]
    Exists,
    #[error("no such account")]
    Unknown,
    #[error("the accounts could not be written")]
    Write(#[from] io::Error),
}

/// All accounts.
#[derive(Debug)]
pub(crate) struct Accounts {
    book: RwLock<Book>,
    path: Option<PathBuf>,
    /// Held while changing, so that the file never falls behind a later change.
    changing: Mutex<()>,
}

impl Accounts {
    /// Reads the file if there is one; with no path the accounts live in memory.
    pub(crate) fn open(path: Option<PathBuf>) -> Result<Self, SimulatorError> {
        let book = match &path {
            Some(path) => json_file::read(path)?,
            None => Book::default(),
        };
        Ok(Self { book: RwLock::new(book), path, changing: Mutex::new(()) })
    }

    pub(crate) fn add_direct(&self, account: DirectAccount) -> Result<Arc<DirectAccount>, AccountError> {
        let account = Arc::new(account);
        self.change(|book| {
            let clash = book.twilio.values().any(|other| other.sender_number == account.phone)
                || book.direct.values().any(|other| {
                    other.phone_number_id == account.phone_number_id
                        || other.phone == account.phone
                        || other.access_token == account.access_token
                });
            if clash {
                return Err(AccountError::Exists);
            }
            book.direct.insert(Arc::clone(&account.phone_number_id), Arc::clone(&account));
            Ok(Arc::clone(&account))
        })
    }

    pub(crate) fn add_twilio(&self, account: TwilioAccount) -> Result<Arc<TwilioAccount>, AccountError> {
        let account = Arc::new(account);
        self.change(|book| {
            let clash = book.direct.values().any(|other| other.phone == account.sender_number)
                || book.twilio.values().any(|other| {
                    other.account_sid == account.account_sid
                        || other.sender_number == account.sender_number
                        || other.sender_sid == account.sender_sid
                        || other.api_key_sid == account.api_key_sid
                });
            if clash {
                return Err(AccountError::Exists);
            }
            book.twilio.insert(Arc::clone(&account.account_sid), Arc::clone(&account));
            Ok(Arc::clone(&account))
        })
    }

    pub(crate) fn update_direct(
        &self,
        key: &str,
        change: impl FnOnce(&mut DirectAccount),
    ) -> Result<Arc<DirectAccount>, AccountError> {
        self.change(|book| {
            let slot = book.direct.get_mut(key).ok_or(AccountError::Unknown)?;
            change(Arc::make_mut(slot));
            Ok(Arc::clone(slot))
        })
    }

    pub(crate) fn update_twilio(
        &self,
        key: &str,
        change: impl FnOnce(&mut TwilioAccount),
    ) -> Result<Arc<TwilioAccount>, AccountError> {
        self.change(|book| {
            let slot = book.twilio.get_mut(key).ok_or(AccountError::Unknown)?;
            change(Arc::make_mut(slot));
            Ok(Arc::clone(slot))
        })
    }

    pub(crate) fn direct(&self, phone_number_id: &str) -> Option<Arc<DirectAccount>> {
        self.read(|book| book.direct.get(phone_number_id).cloned())
    }

    pub(crate) fn find_direct(&self, fits: impl Fn(&DirectAccount) -> bool) -> Vec<Arc<DirectAccount>> {
        self.read(|book| book.direct.values().filter(|account| fits(account)).cloned().collect())
    }

    pub(crate) fn twilio(&self, account_sid: &str) -> Option<Arc<TwilioAccount>> {
        self.read(|book| book.twilio.get(account_sid).cloned())
    }

    pub(crate) fn find_twilio(&self, fits: impl Fn(&TwilioAccount) -> bool) -> Option<Arc<TwilioAccount>> {
        self.read(|book| book.twilio.values().find(|account| fits(account)).cloned())
    }

    pub(crate) fn all(&self) -> Vec<Account> {
        self.read(|book| {
            let direct = book.direct.values().cloned().map(Account::Direct);
            direct.chain(book.twilio.values().cloned().map(Account::Twilio)).collect()
        })
    }

    /// The account with this key.
    pub(crate) fn get(&self, key: &str) -> Option<Account> {
        self.direct(key).map(Account::Direct).or_else(|| self.twilio(key).map(Account::Twilio))
    }

    /// Finds an account by phone number id, account SID, sender SID or number in any form.
    pub(crate) fn resolve(&self, name: &str) -> Option<Account> {
        let name = name.strip_prefix("whatsapp:").unwrap_or(name);
        if let Some(account) = self.get(name) {
            return Some(account);
        }
        let phone = crate::people::parse_phone(name).unwrap_or_default();
        self.all().into_iter().find(|account| match account {
            Account::Direct(account) => account.phone == phone,
            Account::Twilio(account) => account.sender_sid == name || account.sender_number == phone,
        })
    }

    fn read<T>(&self, look: impl FnOnce(&Book) -> T) -> T {
        look(&self.book.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes a copy, writes it, and only then puts it in place.
    fn change<T>(&self, change: impl FnOnce(&mut Book) -> Result<T, AccountError>) -> Result<T, AccountError> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut book = self.read(Book::clone);
        let changed = change(&mut book)?;
        if let Some(path) = &self.path {
            json_file::write(path, &book)?;
        }
        *self.book.write().unwrap_or_else(PoisonError::into_inner) = book;
        Ok(changed)
    }
}
