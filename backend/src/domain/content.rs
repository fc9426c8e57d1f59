//! What can be said: one neutral model for both providers, told apart by `type`.

pub mod degradation;
pub mod interactive;
pub mod media;
pub mod media_use;
pub mod plain;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::interactive::{
    AddressRequestContent, CarouselContent, CatalogContent, CtaUrlContent, FlowContent, ListContent,
    LocationRequestContent, ProductContent, ProductListContent, ReplyButtonsContent,
};
use self::media::{AudioContent, DocumentContent, ImageContent, StickerContent, VideoContent};
use self::plain::{ContactsContent, LocationContent, ReactionContent, TextContent};
use super::provider::word;
use super::template::{OneTimeCode, TemplateUse};
use super::time::Ts;

/// The content of an outgoing message, told apart by `type`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Content {
    /// Free text; only inside an open service window.
    Text(TextContent),
    Image(ImageContent),
    Video(VideoContent),
    /// Sound, or a voice note.
    Audio(AudioContent),
    Document(DocumentContent),
    Sticker(StickerContent),
    Location(LocationContent),
    /// Contact cards.
    Contacts(ContactsContent),
    /// An emoji on a message, or its removal.
    Reaction(ReactionContent),
    /// One to three buttons that answer.
    ReplyButtons(ReplyButtonsContent),
    /// A list to pick one row from.
    List(ListContent),
    /// A button that opens an address.
    CtaUrl(CtaUrlContent),
    /// A form inside WhatsApp.
    Flow(FlowContent),
    /// Asks the person for their location.
    LocationRequest(LocationRequestContent),
    /// Asks the person for a postal address; India only.
    AddressRequest(AddressRequestContent),
    /// One product of a catalogue.
    Product(ProductContent),
    /// Several products of a catalogue.
    ProductList(ProductListContent),
    /// A whole catalogue.
    Catalog(CatalogContent),
    /// Cards to swipe through.
    Carousel(CarouselContent),
    /// An approved template with its values; also outside the window.
    Template(TemplateUse),
    /// A one-time code in an authentication template; also outside the window.
    OneTimeCode(OneTimeCode),
}

impl Content {
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Text(_) => Kind::Text,
            Self::Image(_) => Kind::Image,
            Self::Video(_) => Kind::Video,
            Self::Audio(_) => Kind::Audio,
            Self::Document(_) => Kind::Document,
            Self::Sticker(_) => Kind::Sticker,
            Self::Location(_) => Kind::Location,
            Self::Contacts(_) => Kind::Contacts,
            Self::Reaction(_) => Kind::Reaction,
            Self::ReplyButtons(_) => Kind::ReplyButtons,
            Self::List(_) => Kind::List,
            Self::CtaUrl(_) => Kind::CtaUrl,
            Self::Flow(_) => Kind::Flow,
            Self::LocationRequest(_) => Kind::LocationRequest,
            Self::AddressRequest(_) => Kind::AddressRequest,
            Self::Product(_) => Kind::Product,
            Self::ProductList(_) => Kind::ProductList,
            Self::Catalog(_) => Kind::Catalog,
            Self::Carousel(_) => Kind::Carousel,
            Self::Template(_) => Kind::Template,
            Self::OneTimeCode(_) => Kind::OneTimeCode,
        }
    }

    /// Whether it offers something that is over by then.
    pub fn offer_ended(&self, now: Ts) -> bool {
        matches!(self, Self::Template(template) if template.offer_expires_at.is_some_and(|ends| ends <= now))
    }
}

word! {
    /// Kinds of outgoing content.
    pub enum Kind {
        Text = "text",
        Image = "image",
        Video = "video",
        Audio = "audio",
        Document = "document",
        Sticker = "sticker",
        Location = "location",
        Contacts = "contacts",
        Reaction = "reaction",
        ReplyButtons = "reply_buttons",
        List = "list",
        CtaUrl = "cta_url",
        Flow = "flow",
        LocationRequest = "location_request",
        AddressRequest = "address_request",
        Product = "product",
        ProductList = "product_list",
        Catalog = "catalog",
        Carousel = "carousel",
        Template = "template",
        OneTimeCode = "one_time_code",
    }
}

impl Kind {
    /// Whether it may go outside the service window: only what Meta has approved beforehand (direct.md §4.1).
    pub const fn needs_window(self) -> bool {
        !matches!(self, Self::Template | Self::OneTimeCode)
    }
}
