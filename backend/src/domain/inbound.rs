//! What people send us.

pub mod kind;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use self::kind::InboundKind;
use super::content::media::MediaKind;
use super::content::plain::{ContactCard, LocationContent};
use super::ids::{MediaId, MessageId};
use super::provider::word;
use super::time::Ts;

/// The content of an incoming message, told apart by `type`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum InboundContent {
    Text(InboundText),
    Image(InboundMedia),
    Video(InboundMedia),
    Audio(InboundMedia),
    Document(InboundMedia),
    Sticker(InboundMedia),
    Location(InboundLocation),
    Contacts(InboundContacts),
    Reaction(InboundReaction),
    /// A button was tapped: of an interactive message, or a template's quick reply.
    ButtonReply(ButtonReply),
    /// A row of a list was picked.
    ListReply(ListReply),
    /// A flow was completed.
    FlowReply(FlowReply),
    /// A postal address was given.
    AddressReply(AddressReply),
    /// Products were put into a basket and sent.
    Order(Order),
    /// WhatsApp tells something about the person.
    System(SystemNote),
    /// The person opened the chat for the first time.
    RequestWelcome,
    /// Something that WhatsApp does not hand on, such as a poll.
    Unsupported(Unsupported),
    /// The person took the message back; what it said is gone.
    Deleted,
    /// A kind this version does not read: kept as it came and shown raw.
    Other(OtherContent),
}

/// Text as a person wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InboundText {
    pub body: String,
}

/// A medium that a person sent. Its bytes are fetched after the message is stored.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct InboundMedia {
    /// Under which the gateway keeps it: `GET /media/{media_id}` tells whether it is there yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_id: Option<MediaId>,
    /// As the provider names it; the bytes decide in the end.
    pub mime_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Chosen by the person: show it, never trust it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    /// A voice note.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub voice: bool,
    /// A sticker that moves.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub animated: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct InboundLocation {
    #[serde(flatten)]
    pub place: LocationContent,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InboundContacts {
    pub contacts: Vec<ContactCard>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InboundReaction {
    /// The message it is put on, when the gateway knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    /// The provider's id of that message.
    pub provider_message_id: String,
    /// Absent when the reaction was removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emoji: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ButtonReply {
    /// The button's id, or the payload given when the template was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub title: String,
    /// The button was a template's quick reply.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub template: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ListReply {
    pub id: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FlowReply {
    /// What the bubble shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_token: Option<String>,
    /// What was filled in.
    #[schema(value_type = Object)]
    pub response: Value,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AddressReply {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    #[schema(value_type = Object)]
    pub response: Value,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Order {
    pub catalog_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    pub items: Vec<OrderItem>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderItem {
    pub product_id: String,
    pub quantity: u32,
    /// Price of one, in millionths of the currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_micros: Option<i64>,
    /// ISO 4217.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

word! {
    /// What WhatsApp tells about a person.
    pub enum SystemEvent {
        /// The person has another number, and with it another user id.
        UserChangedNumber = "user_changed_number",
        UserChangedUserId = "user_changed_user_id",
        /// The person's encryption identity has changed.
        CustomerIdentityChanged = "customer_identity_changed",
        /// An event this version does not know.
        Other = "other",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemNote {
    pub event: SystemEvent,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The number the person has from here on, E.164.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The business-scoped user id the person has from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bsuid: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Unsupported {
    /// The provider's name of what it was, such as `poll_creation`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The provider's sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// An incoming message as the provider described it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OtherContent {
    /// The provider's name of the kind.
    pub kind: String,
    /// The provider's own object.
    #[schema(value_type = Object)]
    pub raw: Value,
}

impl InboundContent {
    /// The kind's word; of what is not read, the provider's own.
    pub fn kind(&self) -> &str {
        match self {
            Self::Deleted => "deleted",
            Self::Other(other) => &other.kind,
            read => InboundKind::of(read).as_str(),
        }
    }
}

impl InboundContent {
    /// The medium in it, if it is one.
    pub const fn media(&self) -> Option<(MediaKind, &InboundMedia)> {
        match self {
            Self::Image(media) => Some((MediaKind::Image, media)),
            Self::Video(media) => Some((MediaKind::Video, media)),
            Self::Audio(media) => Some((MediaKind::Audio, media)),
            Self::Document(media) => Some((MediaKind::Document, media)),
            Self::Sticker(media) => Some((MediaKind::Sticker, media)),
            _ => None,
        }
    }

    /// The same with the id under which the gateway keeps its medium; what is no medium stays as it is.
    #[must_use]
    pub fn kept_as(mut self, id: MediaId) -> Self {
        match &mut self {
            Self::Image(media)
            | Self::Video(media)
            | Self::Audio(media)
            | Self::Document(media)
            | Self::Sticker(media) => media.media_id = Some(id),
            _ => {}
        }
        self
    }

    /// Whether it opens the service window (direct.md §4.1): what the person says or taps does, what WhatsApp tells about the
    /// person does not. Reactions are counted in: that is unconfirmed, and the provider has the last word.
    pub const fn opens_window(&self) -> bool {
        !matches!(self, Self::System(_) | Self::Deleted)
    }
}

word! {
    /// A keyword that Twilio's Advanced Opt-Out has caught (twilio.md §3.1).
    pub enum OptOut {
        Stop = "stop",
        Start = "start",
        Help = "help",
    }
}

/// What stands around a message: where it came from and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct MessageContext {
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub forwarded: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub frequently_forwarded: bool,
    /// The ad, post or button that led the person here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral: Option<Referral>,
    /// The product that the person asks about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ReferredProduct>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Ts>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Ts>,
    /// The keyword in it on which the provider has acted itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opt_out: Option<OptOut>,
    /// The kind that was asked for, when the provider lacks it and the caller agreed to less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub degraded_from: Option<String>,
}

/// A click on an ad, a post or a button of a page (direct.md §3.6, twilio.md §3.1).
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Referral {
    /// `ad` or `post`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Meta's id of the click.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ctwa_clid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_url: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReferredProduct {
    pub catalog_id: String,
    pub product_id: String,
}

impl MessageContext {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
