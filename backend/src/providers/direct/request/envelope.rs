//! The frame around every message, and the plain kinds (direct.md §2.2, §2.3).

use serde::Serialize;

use super::Unwritable;
use super::interactive::Interactive;
use super::media::Medium;
use super::template::Template;
use crate::domain::contact::Recipient;
use crate::domain::content::Content;
use crate::domain::content::plain::{ContactCard, LocationContent};
use crate::providers::Outbound;

#[derive(Serialize)]
pub(super) struct Envelope<'a> {
    messaging_product: &'static str,
    recipient_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Context<'a>>,
    biz_opaque_callback_data: String,
    #[serde(flatten)]
    body: Body<'a>,
}

/// Shows the message as an answer to another.
#[derive(Serialize)]
struct Context<'a> {
    message_id: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Body<'a> {
    Text {
        text: Text<'a>,
    },
    Image {
        image: Medium<'a>,
    },
    Video {
        video: Medium<'a>,
    },
    Audio {
        audio: Medium<'a>,
    },
    Document {
        document: Medium<'a>,
    },
    Sticker {
        sticker: Medium<'a>,
    },
    /// The domain has Meta's own names; the tests hold them against the reference.
    Location {
        location: &'a LocationContent,
    },
    /// As above.
    Contacts {
        contacts: &'a [ContactCard],
    },
    Reaction {
        reaction: Reaction<'a>,
    },
    Interactive {
        interactive: Interactive<'a>,
    },
    Template {
        template: Template<'a>,
    },
}

#[derive(Serialize)]
struct Text<'a> {
    body: &'a str,
    preview_url: bool,
}

#[derive(Serialize)]
struct Reaction<'a> {
    message_id: &'a str,
    /// Empty takes the reaction back.
    emoji: &'a str,
}

impl<'a> Envelope<'a> {
    pub fn of(message: &'a Outbound) -> Result<Self, Unwritable> {
        let (to, recipient) = match &message.to {
            // With the plus sign, or Meta may put the sender's country in front of it.
            Recipient::Phone(phone) => (Some(phone.as_str()), None),
            Recipient::Bsuid(id) => (None, Some(id.as_str())),
        };
        // A reaction names its target itself, and Meta refuses a context beside it.
        let quoted = message.reply_to.as_deref().filter(|_| !matches!(message.content, Content::Reaction(_)));
        Ok(Self {
            messaging_product: "whatsapp",
            recipient_type: "individual",
            to,
            recipient,
            context: quoted.map(|message_id| Context { message_id }),
            biz_opaque_callback_data: message.attempt.to_string(),
            body: Body::of(message)?,
        })
    }
}

impl<'a> Body<'a> {
    fn of(message: &'a Outbound) -> Result<Self, Unwritable> {
        let prepared = &message.prepared;
        let interactive = |interactive: Result<Interactive<'a>, Unwritable>| {
            interactive.map(|interactive| Self::Interactive { interactive })
        };
        Ok(match &message.content {
            Content::Text(text) => Self::Text { text: Text { body: &text.body, preview_url: text.preview_url } },
            Content::Image(image) => {
                Self::Image { image: Medium::of(image.source(), prepared)?.captioned(image.caption.as_deref()) }
            }
            Content::Video(video) => {
                Self::Video { video: Medium::of(video.source(), prepared)?.captioned(video.caption.as_deref()) }
            }
            Content::Audio(audio) => {
                Self::Audio { audio: Medium::of(audio.source(), prepared)?.voice_note(audio.voice) }
            }
            Content::Document(document) => Self::Document {
                document: Medium::of(document.source(), prepared)?
                    .captioned(document.caption.as_deref())
                    .named(document.filename.as_deref()),
            },
            Content::Sticker(sticker) => Self::Sticker { sticker: Medium::of(sticker.source(), prepared)? },
            Content::Location(location) => Self::Location { location },
            Content::Contacts(contacts) => Self::Contacts { contacts: &contacts.contacts },
            Content::Reaction(reaction) => Self::Reaction {
                reaction: Reaction {
                    message_id: message.reply_to.as_deref().ok_or(Unwritable::Target)?,
                    emoji: &reaction.emoji,
                },
            },
            Content::ReplyButtons(buttons) => interactive(Interactive::reply_buttons(buttons, prepared))?,
            Content::List(list) => interactive(Ok(Interactive::list(list)))?,
            Content::CtaUrl(button) => interactive(Interactive::cta_url(button, prepared))?,
            Content::Flow(flow) => interactive(Interactive::flow(flow, prepared))?,
            Content::LocationRequest(request) => interactive(Ok(Interactive::location_request(request)))?,
            Content::AddressRequest(request) => interactive(Ok(Interactive::address_request(request)))?,
            Content::Product(product) => interactive(Ok(Interactive::product(product)))?,
            Content::ProductList(list) => interactive(Ok(Interactive::product_list(list)))?,
            Content::Catalog(catalog) => interactive(Ok(Interactive::catalog(catalog)))?,
            Content::Carousel(carousel) => interactive(Interactive::carousel(carousel, prepared))?,
            Content::Template(template) => Self::Template { template: Template::of(template, prepared)? },
            Content::OneTimeCode(code) => Self::Template { template: Template::one_time_code(code) },
        })
    }
}
