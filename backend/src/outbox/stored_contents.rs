//! The step that finds or makes the stored Content of each message that needs one (twilio.md §2.6).
//!
//! Messages of one shape share one Content for as long as it is used; a message whose words can't be variables has one of its
//! own, which is deleted when the provider can't need it any more.

mod making;
pub mod removal;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use moka::sync::Cache;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::Instant;

use crate::channels::LoadedChannel;
use crate::channels::preparation::{Need, Preparation};
use crate::clock::SharedClock;
use crate::domain::content::Content;
use crate::domain::failure::FailureCode;
use crate::domain::ids::{AttemptId, MessageId, WorkspaceId};
use crate::domain::time::Ts;
use crate::providers::failure::ThrottleScope;
use crate::providers::{Outbound, SendError, StoredContent, StoredForm, Verdict};
use crate::storage::stored_contents::{self, Known, Used};
use crate::storage::{Db, StorageResult};

/// How long a Content must still be there after its last message was handed over: a day, and as long as Twilio's queue holds a
/// message (twilio.md §2.1).
pub const OUTLIVES: Duration = Duration::from_secs(86_400 + 36_000);
/// When a message comes back whose Content was not begun in time.
const COMES_BACK: Duration = Duration::from_secs(5);
/// A use is noted when the last one that was noted is older than this.
const NOTED: Duration = Duration::from_secs(86_400);
/// How long one batch goes on making Contents. With the limit of one call ([`crate::providers::twilio::request::contents`]) it
/// stays below what an attempt's lease has on top of the exchange that it was reckoned for.
const MAKING: Duration = Duration::from_secs(4);
/// How long nobody has to use an account until its lock is forgotten.
const IDLE: Duration = Duration::from_secs(600);

type Account = (WorkspaceId, String);

/// Gives each message the stored Content that carries it.
pub struct StoredContents {
    db: Db,
    clock: SharedClock,
    /// One batch at a time makes shared Contents for an account, so that a shape is made once. Other nodes don't send for the
    /// account; should two all the same, the database keeps the first.
    making: Cache<Account, Arc<Mutex<()>>>,
}

/// What a stored Content serves: all messages of a shape, or one message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Serves {
    Shape(String),
    Message(MessageId),
}

/// A batch's messages by what they need.
type Wanted = BTreeMap<Serves, Vec<(usize, StoredForm)>>;
/// What came of each need: the SID, or why there is none.
type Outcomes = BTreeMap<Serves, Result<String, SendError>>;

impl StoredContents {
    pub fn new(db: Db, clock: SharedClock) -> Self {
        Self { db, clock, making: Cache::builder().time_to_idle(IDLE).build() }
    }

    /// The SIDs of all that is wanted: one read, then what is missing is made, then one write.
    async fn provide(&self, channel: &LoadedChannel, wanted: &Wanted) -> StorageResult<Outcomes> {
        let deadline = Instant::now() + MAKING;
        let mut known = self.find(channel, wanted).await?;
        let making = if lacks_shape(wanted, &known) { self.take_turn(channel, deadline).await } else { None };
        if making.is_some() {
            // What the batch before has made is there now.
            known = self.find(channel, wanted).await?;
        }
        let missing: Vec<(Serves, StoredForm)> = wanted
            .iter()
            .filter(|(serves, _)| sid_of(&known, serves).is_none())
            .filter_map(|(serves, messages)| Some((serves.clone(), messages.first()?.1.clone())))
            .collect();
        let made = making::make(&*channel.service, missing, deadline).await;
        self.keep(channel, wanted, &known, made).await
    }

    /// Waits for the batch that is making Contents for the account; `None` when the time is over.
    async fn take_turn(&self, channel: &LoadedChannel, deadline: Instant) -> Option<OwnedMutexGuard<()>> {
        let turns = self.making.get_with(account_of(channel), Arc::default);
        tokio::time::timeout_at(deadline, turns.lock_owned()).await.ok()
    }

    async fn find(&self, channel: &LoadedChannel, wanted: &Wanted) -> StorageResult<Known> {
        let (mut shapes, mut messages) = (BTreeSet::new(), BTreeSet::new());
        for serves in wanted.keys() {
            match serves {
                Serves::Shape(hash) => {
                    shapes.insert(hash.clone());
                }
                Serves::Message(id) => {
                    messages.insert(*id);
                }
            }
        }
        let (workspace, account) = account_of(channel);
        self.db.read(move |conn| stored_contents::find(conn, workspace, &account, &shapes, &messages)).await
    }

    /// Notes what was made and used. When that fails, nobody would find again what was made: it is deleted, and nothing is sent.
    async fn keep(
        &self,
        channel: &LoadedChannel,
        wanted: &Wanted,
        known: &Known,
        made: Outcomes,
    ) -> StorageResult<Outcomes> {
        let now = self.clock.now();
        let used = used(wanted, known, &made, now);
        let fresh: Vec<String> = used.made.values().chain(used.one_offs.values()).cloned().collect();
        let standing = if used.is_empty() {
            BTreeMap::new()
        } else {
            let (workspace, account) = account_of(channel);
            let until = now.plus(OUTLIVES);
            let noted =
                self.db.write(move |conn| stored_contents::keep(conn, workspace, &account, &used, until, now)).await;
            match noted {
                Ok(standing) => standing,
                Err(error) => {
                    making::discard(&*channel.service, &fresh).await;
                    return Err(error);
                }
            }
        };
        let mut outcomes = made;
        for (hash, sid) in standing {
            outcomes.insert(Serves::Shape(hash), Ok(sid));
        }
        for serves in wanted.keys() {
            if let Some(sid) = sid_of(known, serves) {
                outcomes.insert(serves.clone(), Ok(sid.to_owned()));
            }
        }
        Ok(outcomes)
    }
}

#[async_trait]
impl Preparation for StoredContents {
    fn need(&self, channel: &LoadedChannel, content: &Content) -> Need {
        match channel.service.stored_form(content) {
            Ok(None) => Need::Nothing,
            Ok(Some(_)) | Err(_) => Need::Work,
        }
    }

    async fn prepare(&self, channel: &LoadedChannel, batch: &mut [Outbound]) -> Vec<(AttemptId, SendError)> {
        let (wanted, mut refused) = wanted(channel, batch);
        if wanted.is_empty() {
            return refused;
        }
        let (mut outcomes, lacking) = match self.provide(channel, &wanted).await {
            Ok(outcomes) => (outcomes, not_begun()),
            Err(error) => {
                tracing::warn!(channel = %channel.id, %error, "stored Contents could not be looked up or noted");
                (Outcomes::new(), not_noted())
            }
        };
        for (serves, messages) in wanted {
            let outcome = outcomes.remove(&serves).unwrap_or_else(|| Err(lacking.clone()));
            for (index, form) in messages {
                let Some(message) = batch.get_mut(index) else { continue };
                match &outcome {
                    Ok(sid) => {
                        message.prepared.stored = Some(StoredContent { sid: sid.clone(), variables: form.variables });
                    }
                    Err(error) => refused.push((message.attempt, error.clone())),
                }
            }
        }
        refused
    }

    async fn waiting(&self, channel: &LoadedChannel, batch: &[Outbound]) -> Vec<AttemptId> {
        let (wanted, _) = wanted(channel, batch);
        // Who prepares them looks again, and says so if it can't.
        let Ok(known) = self.find(channel, &wanted).await else { return Vec::new() };
        let missing = wanted.iter().filter(|(serves, _)| sid_of(&known, serves).is_none());
        missing.flat_map(|(_, messages)| messages).filter_map(|(index, _)| Some(batch.get(*index)?.attempt)).collect()
    }

    async fn refused(&self, channel: &LoadedChannel, message: &Outbound, error: &SendError) {
        let Some(stored) = &message.prepared.stored else { return };
        if error.failure.code != FailureCode::StoredContentMissing {
            return;
        }
        let ((workspace, account), sid) = (account_of(channel), stored.sid.clone());
        let due_at = self.clock.now().plus(OUTLIVES);
        let forgotten =
            self.db.write(move |conn| stored_contents::forget(conn, workspace, &account, &sid, due_at)).await;
        if let Err(error) = forgotten {
            tracing::warn!(channel = %channel.id, %error, "a Content that is gone could not be forgotten; the next try finds out again");
        }
    }
}

fn account_of(channel: &LoadedChannel) -> Account {
    (channel.workspace, channel.address.account.clone())
}

/// What the batch needs, and what it asks for in vain.
fn wanted(channel: &LoadedChannel, batch: &[Outbound]) -> (Wanted, Vec<(AttemptId, SendError)>) {
    let (mut wanted, mut refused) = (Wanted::new(), Vec::new());
    for (index, message) in batch.iter().enumerate() {
        match channel.service.stored_form(&message.content) {
            Ok(None) => {}
            Ok(Some(form)) => {
                let serves = match form.one_off {
                    true => Serves::Message(message.message),
                    false => Serves::Shape(form.shape.hash()),
                };
                wanted.entry(serves).or_default().push((index, form));
            }
            Err(error) => refused.push((message.attempt, error)),
        }
    }
    (wanted, refused)
}

fn lacks_shape(wanted: &Wanted, known: &Known) -> bool {
    wanted.keys().any(|serves| matches!(serves, Serves::Shape(_)) && sid_of(known, serves).is_none())
}

fn sid_of<'a>(known: &'a Known, serves: &Serves) -> Option<&'a str> {
    match serves {
        Serves::Shape(hash) => known.shapes.get(hash).map(|shape| shape.content_sid.as_str()),
        Serves::Message(id) => known.one_offs.get(id).map(String::as_str),
    }
}

fn used(wanted: &Wanted, known: &Known, made: &Outcomes, now: Ts) -> Used {
    let mut used = Used::default();
    for serves in wanted.keys() {
        match (serves, made.get(serves)) {
            (Serves::Shape(hash), Some(Ok(sid))) => {
                used.made.insert(hash.clone(), sid.clone());
            }
            (Serves::Message(id), Some(Ok(sid))) => {
                used.one_offs.insert(*id, sid.clone());
            }
            (Serves::Shape(hash), None) => {
                let stale = known.shapes.get(hash).is_some_and(|shape| shape.last_used_at < now.minus(NOTED));
                if stale {
                    used.touched.insert(hash.clone());
                }
            }
            (Serves::Message(id), None) if known.one_offs.contains_key(id) => {
                used.kept.insert(*id);
            }
            (Serves::Message(_), None) | (_, Some(Err(_))) => {}
        }
    }
    used
}

/// Others came first. Costs no try: nobody has refused anything, and each batch gets further.
fn not_begun() -> SendError {
    let verdict = Verdict::Throttled { after: Some(COMES_BACK), scope: ThrottleScope::Pair };
    let detail = "What messages of this kind are made of is not stored at the provider yet. The message goes out when it is there.";
    SendError::new(verdict, FailureCode::ProviderUnavailable, None, detail)
}

/// A failure of our own: nothing was sent.
fn not_noted() -> SendError {
    let detail = "What messages of this kind are made of could not be looked up. Nothing was sent; it is tried again.";
    SendError::new(Verdict::Retry { after: None }, FailureCode::ProviderUnavailable, None, detail)
}
