//! What the virtual phone shows: conversations and their messages.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::accounts::Account;
use crate::content::Content;
use crate::ids;
use crate::ledger::{Direction, Forwarded, Provider, Referral, Status};
use crate::messages::{Message, Talk};
use crate::state::World;

/// How long the URLs of files in an answer live: one hour, in seconds.
pub(super) const URL_SECONDS: i64 = 3_600;

/// Query of `GET /_admin/conversations`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConversationQuery {
    /// Phone number id, account SID, sender SID or number in any form; every sender's when left out.
    pub sender: Option<String>,
    /// Only this person's: phone number or business-scoped user id.
    pub person: Option<String>,
    /// Only those less recent than this [`Conversation::position`].
    pub before: Option<Uuid>,
    /// 1 to 200; 50 when left out.
    pub limit: Option<usize>,
}

/// What the virtual phone shows of one person's conversation with one sender.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    pub provider: Provider,
    /// Phone number id or account SID.
    pub account: String,
    /// The sender's number in E.164 with plus.
    pub sender: String,
    /// E.164 with plus, or a business-scoped user id.
    pub person: String,
    pub name: Option<String>,
    /// Whether free-form messages reach the person now.
    pub window_open: bool,
    /// Whether the business shows that it is writing an answer.
    #[serde(default)]
    pub typing: bool,
    /// The newest 100, oldest first; those that never reached the phone are there with their status. Edits and revocations are not
    /// among them: they show on the messages that they are about.
    pub messages: Vec<ThreadMessage>,
    /// Whether older ones are remembered.
    pub has_earlier: bool,
    /// Its place among all conversations: the greater, the more recent. A new message gives it a greater one.
    pub position: Uuid,
}

/// One bubble of a conversation. Times are in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ThreadMessage {
    pub id: String,
    pub direction: Direction,
    /// In the provider's words.
    pub kind: String,
    /// What the person reads, or a stand-in for what is not text.
    pub text: String,
    /// What the phone draws, in the same words for both providers.
    pub content: Content,
    /// For messages of customers `delivered`, or `read` once the business said so.
    pub status: Status,
    /// Id of the message that is answered.
    pub reply_to: Option<String>,
    /// Whether the business shows that it is writing an answer to this.
    #[serde(default)]
    pub typing: bool,
    #[serde(default)]
    pub forwarded: Forwarded,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral: Option<Referral>,
    /// The text is not the first one.
    #[serde(default)]
    pub edited: bool,
    /// The customer took it back; the content is what it was.
    #[serde(default)]
    pub deleted: bool,
    pub at: i64,
    /// When it goes out, if it is scheduled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_at: Option<i64>,
    pub sent_at: Option<i64>,
    pub delivered_at: Option<i64>,
    /// When the customer, or for messages of customers the business, read it.
    pub read_at: Option<i64>,
    pub failed_at: Option<i64>,
    pub error_code: Option<u32>,
}

/// A conversation as the phone shows it.
pub(super) fn conversation(world: &World, account: &Account, talk: &Talk) -> Conversation {
    let (person, now) = (&*talk.person, ids::now_ms());
    // An answer ends the indicator, whatever is left of its time.
    let answered = talk.messages.iter().rposition(|message| message.record.direction == Direction::Outbound);
    let mut messages: Vec<ThreadMessage> = Vec::with_capacity(talk.messages.len());
    for (index, message) in talk.messages.iter().enumerate() {
        if matches!(message.record.content.as_deref(), Some(Content::Edit { .. } | Content::Revoke { .. })) {
            continue;
        }
        let typing = answered.is_none_or(|answered| index > answered)
            && message.marks.typing_until.is_some_and(|until| until > now);
        messages.push(ThreadMessage { typing, ..bubble(world, message) });
    }
    Conversation {
        provider: account.provider(),
        account: account.key().to_string(),
        sender: account.number().to_owned(),
        person: person.to_owned(),
        name: world.people.name(account.key(), person),
        window_open: world.people.is_open(account.key(), person, account.rules().windows, now),
        typing: messages.iter().any(|message| message.typing),
        messages,
        has_earlier: talk.has_earlier,
        position: talk.position,
    }
}

fn bubble(world: &World, message: &Message) -> ThreadMessage {
    let record = &message.record;
    let edited = message.marks.edited.as_deref();
    let mut content = record.content();
    if let Some(text) = edited {
        rewrite(&mut content, text);
    }
    locate(world, &mut content);
    let text = edited.unwrap_or(&record.text).to_owned();
    let text = if text.is_empty() { content.stand_in() } else { text };
    let extras = record.extras.as_deref();
    ThreadMessage {
        id: record.id.to_string(),
        direction: record.direction,
        kind: record.kind.to_string(),
        text,
        content,
        status: message.status,
        reply_to: record.reply_to.as_deref().map(str::to_owned),
        typing: false,
        forwarded: extras.map(|extras| extras.forwarded).unwrap_or_default(),
        referral: extras.and_then(|extras| extras.referral.clone()),
        edited: edited.is_some(),
        deleted: message.marks.revoked,
        at: record.at,
        send_at: record.send_at,
        sent_at: message.time(Status::Sent),
        delivered_at: message.time(Status::Delivered),
        read_at: message.time(Status::Read),
        failed_at: message.time(Status::Failed),
        error_code: message.code,
    }
}

/// Puts an edit in the place of a text or of a caption.
fn rewrite(content: &mut Content, text: &str) {
    match content {
        Content::Image(media) | Content::Video(media) | Content::Document(media) => {
            media.caption = Some(text.to_owned())
        }
        _ => *content = Content::text(text),
    }
}

/// Says where the files of a content can be read.
fn locate(world: &World, content: &mut Content) {
    let until = ids::now_ms() / 1_000 + URL_SECONDS;
    for media in content.media_mut() {
        let stored = media.id.as_deref().and_then(|id| world.media.get(id));
        if let Some((_, medium)) = stored {
            media.url = Some(world.media_url(&medium, until));
            media.mime_type.get_or_insert_with(|| medium.mime.clone());
        }
    }
}
