//! A database with a workspace and one channel, and messages for it.

use duplex::domain::access::Workspace;
use duplex::domain::class::MessageClass;
use duplex::domain::content::Content;
use duplex::domain::content::plain::TextContent;
use duplex::domain::ids::{AttemptId, ChannelId, MessageId, WorkspaceId};
use duplex::domain::inbound::MessageContext;
use duplex::domain::provider::{Environment, ProviderKind};
use duplex::domain::terms::Terms;
use duplex::domain::time::Ts;
use duplex::storage::beginnings::{self, Begun, Fence};
use duplex::storage::channels::{self, ChannelRecord, ChannelSettings};
use duplex::storage::delivery::{self, Claimant, Claimed};
use duplex::storage::enqueue::{self, Enqueue, Enqueued};
use duplex::storage::idempotency::IdempotencyScope;
use duplex::storage::{Db, StorageResult, leases, workspaces};

use crate::support::{Database, TestDb, fresh_database};

pub const GROUP: &str = "direct:1";
pub const NODE: &str = "node-a";
pub const NOW: Ts = Ts(1_800_000_000_000_000);
pub const LEASE_MICROS: i64 = 60_000_000;

pub struct Stage {
    pub db: Db,
    pub workspace: WorkspaceId,
    pub channel: ChannelId,
    _home: TestDb,
}

impl Stage {
    pub async fn on(database: Database) -> Self {
        let home = fresh_database(database);
        let db = home.open();
        let workspace = Workspace {
            id: WorkspaceId::new(),
            name: "Main".into(),
            environment: Environment::Live,
            whatsapp_provider: ProviderKind::Direct,
            created_at: NOW,
            updated_at: NOW,
        };
        let id = workspace.id;
        let settings = ChannelSettings {
            name: "Main number".into(),
            limit_group: GROUP.into(),
            whatsapp_business_phone_id: Some("200000000000001".into()),
            ..ChannelSettings::empty()
        };
        let channel = db
            .write(move |conn| {
                workspaces::insert(conn, &workspace)?;
                channels::create(conn, id, ChannelRecord::new(id, ProviderKind::Direct, settings, NOW))
            })
            .await
            .unwrap();
        Self { db, workspace: id, channel: channel.id, _home: home }
    }

    pub fn message(&self, to: &str, body: &str) -> Enqueue {
        Enqueue {
            id: MessageId::new(),
            workspace: self.workspace,
            channel: self.channel,
            limit_group: GROUP.into(),
            to: to.parse().unwrap(),
            content: Content::Text(TextContent { body: body.into(), preview_url: false }),
            reply_to: None,
            context: MessageContext::default(),
            degradation: None,
            client_reference: None,
            class: MessageClass::Reply,
            terms: Terms::default(),
            expires_at: None,
            at: NOW,
            key: None,
        }
    }

    pub async fn enqueue(&self, requests: Vec<Enqueue>) -> StorageResult<Vec<Enqueued>> {
        self.db.write(move |conn| enqueue::enqueue(conn, &requests)).await
    }

    pub async fn lease(&self, holder: &'static str) -> Option<i64> {
        let held = self
            .db
            .write(move |conn| leases::take(conn, &[GROUP.to_owned()], holder, LEASE_MICROS, false))
            .await
            .unwrap();
        held.first().map(|lease| lease.epoch)
    }

    pub async fn claim(&self, holder: &str, now: Ts) -> Vec<Claimed> {
        let claimant = claimant(holder);
        let due = self.due(now).await;
        self.db
            .write(move |conn| {
                let claimed =
                    due.into_iter().map(|(channel, class)| delivery::claim(conn, channel, class, &claimant, now, 100));
                Ok(claimed.collect::<StorageResult<Vec<_>>>()?.concat())
            })
            .await
            .unwrap()
    }

    /// The lanes of the group that have something to send.
    pub async fn due(&self, now: Ts) -> Vec<(ChannelId, MessageClass)> {
        let due = self.db.read(move |conn| delivery::due_lanes(conn, [GROUP].into_iter(), now)).await.unwrap();
        due.into_iter().map(|lane| (lane.id, lane.class)).collect()
    }

    pub async fn begin(&self, holder: &str, epoch: i64, messages: &[Claimed]) -> Vec<Begun> {
        self.begin_at(holder, epoch, messages, NOW).await
    }

    pub async fn begin_at(&self, holder: &str, epoch: i64, messages: &[Claimed], now: Ts) -> Vec<Begun> {
        self.begin_as(holder, epoch, messages, false, now).await
    }

    /// What these messages need is still to be brought to the provider. In their order.
    pub async fn prepare(&self, holder: &str, epoch: i64, messages: &[Claimed]) -> Vec<Begun> {
        let begun = self.begin_as(holder, epoch, messages, true, NOW).await;
        let of = |message: &Claimed| *begun.iter().find(|begun| begun.message == message.id).unwrap();
        messages.iter().map(of).collect()
    }

    async fn begin_as(&self, holder: &str, epoch: i64, messages: &[Claimed], preparing: bool, now: Ts) -> Vec<Begun> {
        let (fence, claimant) = (Fence { group: GROUP.into(), epoch }, claimant(holder));
        let wanted: Vec<Begun> = messages
            .iter()
            .map(|message| Begun { message: message.id, attempt: Default::default(), preparing, validity: None })
            .collect();
        self.db.write(move |conn| beginnings::begin(conn, &claimant, &[(fence, wanted)], now)).await.unwrap()
    }

    pub async fn leave(&self, holder: &str, epoch: i64, prepared: &[Begun]) -> Vec<AttemptId> {
        self.leave_at(holder, epoch, prepared, NOW).await
    }

    pub async fn leave_at(&self, holder: &str, epoch: i64, prepared: &[Begun], now: Ts) -> Vec<AttemptId> {
        let (fence, claimant, prepared) = (Fence { group: GROUP.into(), epoch }, claimant(holder), prepared.to_vec());
        self.db.write(move |conn| beginnings::leave(conn, &fence, &claimant, &prepared, now)).await.unwrap()
    }
}

pub fn claimant(holder: &str) -> Claimant {
    Claimant { holder: holder.to_owned(), lease_micros: LEASE_MICROS }
}

pub fn key(name: &str, body: u8) -> IdempotencyScope {
    IdempotencyScope {
        principal: "key:1".into(),
        route: "POST /api/v1/messages".into(),
        key: name.into(),
        body_hash: [body; 32],
    }
}
