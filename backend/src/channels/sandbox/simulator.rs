//! What the sandbox asks of a simulator, in words of ours. The composition root puts the real one behind it.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::customer::{CustomerNote, Forwarded};
use super::phone::PhoneContent;
use crate::channels::form::Form;
use crate::domain::contact::Recipient;
use crate::domain::page::Page;
use crate::domain::provider::{ProviderKind, word};
use crate::domain::time::Ts;
use crate::providers::account::Credentials;

/// Why the simulator did not do it.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorFailure {
    #[error("the simulator can't be reached: {0}")]
    Unreachable(String),
    /// It understood and said no; the sentence is fit for a person.
    #[error("{0}")]
    Refused(String),
}

type Answer<T> = Result<T, SimulatorFailure>;

/// One simulator, whether it runs in this process or elsewhere.
#[async_trait]
pub trait SandboxSimulator: Send + Sync {
    /// All senders there, of whichever workspace.
    async fn senders(&self) -> Answer<Vec<SimulatedSender>>;
    /// Makes a sender with secrets of its own, and the form of a channel for it. It has no callback yet.
    async fn make(&self, provider: ProviderKind) -> Answer<Form>;
    /// Makes a sender anew with credentials that a channel has kept.
    async fn restore(&self, credentials: &Credentials) -> Answer<()>;
    /// Tells a sender where its webhooks go.
    async fn set_callback(&self, key: &str, url: &str) -> Answer<()>;
    /// A virtual customer writes; the first try of the webhook is over when this returns.
    async fn write(&self, key: &str, note: &CustomerNote) -> Answer<Written>;
    /// Conversations of one sender, most recent first, or only that with one customer; as many as the page holds, and one more
    /// when there are more.
    async fn conversations(
        &self,
        key: &str,
        customer: Option<&Recipient>,
        page: Page,
    ) -> Answer<Vec<SimulatedConversation>>;
    /// How far the messages of one sender are, among those it still remembers.
    async fn counts(&self, key: &str) -> Answer<SimulatedCounts>;
    /// The bytes of a file on a phone, with their type, for whoever has the end and the proof of its address. `None` when it is
    /// not a file of one of these senders, or the address has ended or was never given out.
    async fn file(&self, keys: &[String], file: &PhoneFileAddress) -> Answer<Option<PhoneFileBytes>>;
    /// Opens or closes the service window between a sender and a customer.
    async fn set_window(&self, key: &str, customer: &str, open: bool) -> Answer<()>;
    /// All faults there, with what is left of their counts.
    async fn faults(&self) -> Answer<Vec<Fault>>;
    /// Puts these faults in place of all that are set.
    async fn set_faults(&self, faults: &[Fault]) -> Answer<Vec<Fault>>;
    async fn magic_numbers(&self) -> Answer<Vec<MagicNumber>>;
}

/// A sender at the simulator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedSender {
    pub provider: ProviderKind,
    /// Phone number id (direct) or account SID (Twilio).
    pub key: String,
    /// E.164 with plus.
    pub number: String,
}

/// A customer's message on its way to us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Written {
    /// The provider's id of the message.
    #[schema(examples("wamid.HBEXAMPLEIN01"))]
    pub provider_message_id: String,
    /// Whether the first try of the webhook was taken; otherwise it is tried again by the provider's rules.
    pub delivered: bool,
}

/// Names a file on a phone: its id, when its address ends, and the proof that it was given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneFileAddress {
    pub id: String,
    /// Seconds since 1970.
    pub until: i64,
    pub proof: String,
}

/// A file as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneFileBytes {
    pub mime_type: String,
    pub bytes: Vec<u8>,
}

/// What the virtual phone shows of one customer and one sender.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SimulatedConversation {
    /// E.164 with plus, or a business-scoped user id.
    #[schema(examples("+447700900123"))]
    pub customer: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether free text reaches the customer now.
    pub window_open: bool,
    /// Whether the customer sees that an answer is being written.
    pub typing: bool,
    /// The newest 100, oldest first.
    pub messages: Vec<Bubble>,
    /// Whether the simulator remembers older ones.
    pub has_earlier: bool,
    /// Its place among all conversations: the greater, the more recent.
    #[serde(skip)]
    pub position: Uuid,
}

/// Messages of one sender, each counted once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SimulatedCounts {
    /// Messages of the business.
    pub accepted: u64,
    /// Of these, by how far they are now.
    pub sent: u64,
    pub delivered: u64,
    pub read: u64,
    pub failed: u64,
    /// Messages of virtual customers.
    pub inbound: u64,
}

word! {
    /// Who wrote.
    pub enum BubbleDirection {
        /// The business.
        Outbound = "outbound",
        /// The virtual customer.
        Inbound = "inbound",
    }
}

word! {
    /// How far a message is on the simulated network.
    pub enum BubbleStatus {
        Accepted = "accepted",
        Sent = "sent",
        Delivered = "delivered",
        Read = "read",
        Failed = "failed",
    }
}

/// One message on the virtual phone.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Bubble {
    /// The provider's id.
    pub provider_message_id: String,
    pub direction: BubbleDirection,
    /// What the person reads, or a stand-in for what is no text.
    pub text: String,
    pub content: PhoneContent,
    pub status: BubbleStatus,
    pub at: Ts,
    /// The business shows that it is writing an answer to this.
    pub typing: bool,
    pub forwarded: Forwarded,
    /// The customer came by an ad or a post.
    pub referred: bool,
    pub edited: bool,
    /// The customer took it back; the content is what it was.
    pub deleted: bool,
    /// When the customer, or for the customer's own messages the business, read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Ts>,
    /// The provider's id of the message that this one answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// The provider's code of a late refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<u32>,
}

/// A recipient whose messages always meet the same fate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MagicNumber {
    #[schema(examples("+15005550001"))]
    pub number: String,
    /// The provider's error code, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direct_code: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub twilio_code: Option<u32>,
    #[schema(examples("Accepted and delivered, but the answer is lost."))]
    pub description: String,
}

/// One way for the simulator to misbehave, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Fault {
    #[serde(flatten)]
    pub kind: FaultKind,
    /// The simulator's name for the sender it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub account: Option<String>,
    /// Only for this recipient (E.164 with plus).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// How often it still applies; until it is removed when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub times: Option<u32>,
    /// Chance that it applies where it could; always when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1)]
    pub probability: Option<f64>,
}

/// Ways to misbehave, told apart by `kind`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// Accepts at once and answers after so many milliseconds.
    Latency { ms: u64 },
    /// Accepts, then closes the connection without an answer.
    LostAnswer,
    /// Closes the connection without accepting.
    LostRequest,
    /// Accepts, then never answers until the faults are cleared.
    Hang,
    /// Accepts nothing and answers with this status, 503 when absent.
    #[serde(rename = "http_5xx")]
    Http5xx { status: Option<u16> },
    /// Refuses as too fast.
    Throttle { code: Option<u32> },
    /// Accepts and later reports the message as failed.
    LateRefusal { code: u32 },
    /// Refuses in the answer.
    Refuse { code: u32 },
    /// Accepts and sends, but never delivers.
    NeverDelivered,
    /// Sends every webhook twice.
    DuplicateWebhooks,
    /// Lets later webhooks overtake earlier ones.
    ReorderWebhooks,
    /// Sends no webhooks.
    DropWebhooks,
    /// Treats valid credentials as invalid.
    BadToken,
    /// Shows the number's quality as low.
    QualityDrop,
}
