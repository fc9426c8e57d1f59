//! What each provider can carry: facts with source and date, read by the API, the limits and the console.

mod direct;
pub mod limits;
pub mod matrix;
mod twilio;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::contact::Recipient;
use crate::domain::content::media::MediaKind;
use crate::domain::content::{Content, Kind};
use crate::domain::inbound::kind::InboundKind;
use crate::domain::provider::{ProviderKind, word};

use self::limits::{
    AddressLimits, CarouselLimits, ContactLimits, CtaUrlLimits, FlowLimits, InteractiveLimits, ListLimits,
    LocationLimits, MediaTextLimits, OneTimeCodeLimits, ProductLimits, ReactionLimits, ReplyButtonLimits,
};
use self::matrix::{InboundSupport, OutboundSupport, Part, PartSupport};
use super::content;
use super::violation::Violation;

pub use direct::DIRECT;
pub use twilio::TWILIO;

/// When the facts below were last compared with their sources.
pub const CHECKED_ON: &str = "2026-11-22";

/// A figure with its ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Limit {
    pub value: u64,
    pub source: &'static str,
    #[schema(format = Date)]
    pub checked_on: &'static str,
}

/// Whether something can be done, with its ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Support {
    pub supported: bool,
    pub source: &'static str,
    #[schema(format = Date)]
    pub checked_on: &'static str,
}

const fn limit(value: u64, source: &'static str) -> Limit {
    Limit { value, source, checked_on: CHECKED_ON }
}

const fn support(supported: bool, source: &'static str) -> Support {
    Support { supported, source, checked_on: CHECKED_ON }
}

/// Everything the gateway needs to know about a provider before it queues a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Capabilities {
    pub provider: ProviderKind,
    /// Every kind that can be said, whether it is carried or not.
    pub outbound: &'static [OutboundSupport],
    /// Every kind that people can send.
    pub inbound: &'static [InboundSupport],
    /// Parts of outgoing messages that not every provider carries.
    pub parts: &'static [PartSupport],
    pub text: TextCapabilities,
    pub media_text: MediaTextLimits,
    pub location: Option<LocationLimits>,
    pub contacts: Option<ContactLimits>,
    pub reaction: Option<ReactionLimits>,
    pub interactive: InteractiveLimits,
    pub reply_buttons: Option<ReplyButtonLimits>,
    pub list: Option<ListLimits>,
    pub cta_url: Option<CtaUrlLimits>,
    pub flow: Option<FlowLimits>,
    pub address_request: Option<AddressLimits>,
    /// Of products, product lists and catalogues.
    pub products: Option<ProductLimits>,
    pub carousel: Option<CarouselLimits>,
    pub templates: TemplateCapabilities,
    pub one_time_code: OneTimeCodeLimits,
    pub throughput: Throughput,
    pub media: &'static [MediaCapability],
    pub tracking: Tracking,
    pub marks: Marks,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TextCapabilities {
    /// Characters in a text.
    pub max_chars: Limit,
    /// The preview of a link can be switched.
    pub preview_switch: Support,
}

/// How a template is addressed when it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TemplateCapabilities {
    pub addressing: TemplateAddressing,
    /// Variables may have names.
    pub named_variables: Support,
    /// Characters in a template's name.
    pub max_name_chars: Limit,
    /// Characters of one value; of the whole body at direct.
    pub max_value_chars: Limit,
    pub max_variables: Limit,
    /// Buttons of one template.
    pub max_buttons: Limit,
    /// The longest run of blanks in a value.
    pub max_blanks_in_a_row: Limit,
    /// Of the code that a button copies.
    pub max_coupon_chars: Limit,
    /// Of a carousel.
    pub min_cards: Limit,
    pub max_cards: Limit,
}

word! {
    /// How a template is named on the wire.
    pub enum TemplateAddressing {
        /// By name and language.
        Name = "name",
        /// By the SID of a stored Content.
        ContentSid = "content_sid",
    }
}

/// The rates the gateway keeps by default; a channel's real ones may be higher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Throughput {
    /// Messages per second of one sender.
    pub per_second: Limit,
    /// To one person; absent where the provider queues by itself and names no figure.
    pub pair: Option<PairRate>,
    /// Seconds a full queue of a sender may hold at the provider; 0 = it does not queue.
    pub queue_seconds: Limit,
    /// Calls at once for one account; a cautious start where no figure is published.
    pub concurrency: Limit,
}

/// A bucket per sender and person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PairRate {
    /// Seconds until one more message may go to the same person.
    pub seconds_per_message: Limit,
    /// Messages that may go at once, as a loan on the future.
    pub burst: Limit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MediaCapability {
    pub kind: MediaKind,
    /// In bytes.
    pub max_bytes: Limit,
    pub mime_types: &'static [&'static str],
}

/// What the provider tells about a message after it took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Tracking {
    /// Characters of ours that come back with each status.
    pub callback_data_chars: Limit,
    pub delivered_receipts: Support,
    pub read_receipts: Support,
    /// Receipts carry the provider's own time.
    pub receipt_times: Support,
    /// Receipts carry the price category.
    pub pricing_in_receipts: Support,
    /// Sent messages can be listed: evidence for lost answers.
    pub message_list: Support,
    /// Sending knows an idempotency key.
    pub idempotency_key: Support,
}

/// What a person can be shown of what becomes of their message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Marks {
    /// That it was read, without the sign that an answer is being written.
    pub read_without_typing: Support,
    /// Marking a message marks those before it as well.
    pub read_marks_earlier: Support,
    /// That an answer is being written.
    pub typing: Support,
    /// Days after which a message can't be marked any more.
    pub max_age_days: Limit,
}

impl Capabilities {
    pub const fn of(provider: ProviderKind) -> &'static Self {
        match provider {
            ProviderKind::Twilio => &TWILIO,
            ProviderKind::Direct => &DIRECT,
        }
    }

    /// Whether a kind is carried.
    pub const fn carries(&self, kind: Kind) -> OutboundSupport {
        match self.provider {
            ProviderKind::Twilio => twilio::carries_out(kind),
            ProviderKind::Direct => direct::carries_out(kind),
        }
    }

    /// Whether a kind that people send is handed on.
    pub const fn hands_on(&self, kind: InboundKind) -> InboundSupport {
        match self.provider {
            ProviderKind::Twilio => twilio::carries_in(kind),
            ProviderKind::Direct => direct::carries_in(kind),
        }
    }

    /// Whether a part of a message is carried.
    pub const fn carries_part(&self, part: Part) -> PartSupport {
        match self.provider {
            ProviderKind::Twilio => twilio::carries_part(part),
            ProviderKind::Direct => direct::carries_part(part),
        }
    }

    /// Whether the provider can carry a content, before it is queued. Fields are paths below `content`.
    ///
    /// # Errors
    /// Every rule that is broken.
    pub fn check(&self, content: &Content) -> Result<(), Vec<Violation>> {
        let violations = content::violations(self, content);
        if violations.is_empty() { Ok(()) } else { Err(violations) }
    }

    /// Whether a message can be shown as an answer to another. The field is `reply_to_id`.
    ///
    /// # Errors
    /// It can't.
    pub fn check_quote(&self) -> Result<(), Violation> {
        content::quote(self)
    }

    /// Whether a content can go to this person at all. The field is `to`.
    ///
    /// # Errors
    /// The rule that is broken.
    pub fn check_recipient(&self, to: &Recipient, content: &Content) -> Result<(), Violation> {
        content::recipient(self, to, content)
    }
}

const MB: u64 = 1024 * 1024;

/// Where nobody publishes a figure: generous, so that nothing endless is stored.
const OWN: &str = "own choice; no figure published";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::matrix::Carried;
    use super::*;

    #[test]
    fn every_cell_is_there_once_and_has_its_ground() {
        for can in [&DIRECT, &TWILIO] {
            let kinds: Vec<Kind> = can.outbound.iter().map(|cell| cell.kind).collect();
            assert_eq!(kinds, Kind::ALL);
            let kinds: Vec<InboundKind> = can.inbound.iter().map(|cell| cell.kind).collect();
            assert_eq!(kinds, InboundKind::ALL);
            let parts: BTreeSet<Part> = can.parts.iter().map(|cell| cell.part).collect();
            assert_eq!(parts.len(), Part::ALL.len());
            for (note, source) in can
                .outbound
                .iter()
                .map(|cell| (cell.note, cell.source))
                .chain(can.inbound.iter().map(|cell| (cell.note, cell.source)))
                .chain(can.parts.iter().map(|cell| (cell.note, cell.source)))
            {
                assert!(!note.is_empty() && !note.ends_with('.') && source.contains(".md §"), "{note}");
            }
        }
    }

    #[test]
    fn what_is_not_carried_says_what_to_use_instead() {
        for can in [&DIRECT, &TWILIO] {
            for cell in can.outbound {
                assert_eq!(cell.instead.is_some(), !cell.verdict.is_offered(), "{}", cell.kind);
                if let Some(instead) = cell.instead {
                    assert!(can.carries(instead.kind).verdict.is_offered(), "{}", cell.kind);
                }
                assert!(cell.degrade_to.is_none_or(|kind| can.carries(kind).verdict == Carried::Yes), "{}", cell.kind);
                assert!(!cell.stored_content || can.provider == ProviderKind::Twilio);
            }
            for cell in can.parts {
                assert_eq!(cell.instead.is_some(), !cell.verdict.is_offered(), "{}", cell.part);
                assert!(cell.degraded.is_none() || !cell.verdict.is_offered(), "{}", cell.part);
            }
        }
    }

    #[test]
    fn what_is_carried_has_its_figures() {
        for can in [&DIRECT, &TWILIO] {
            let offered = |kind: Kind| can.carries(kind).verdict.is_offered();
            assert_eq!(can.location.is_some(), offered(Kind::Location));
            assert_eq!(can.contacts.is_some(), offered(Kind::Contacts));
            assert_eq!(can.reaction.is_some(), offered(Kind::Reaction));
            assert_eq!(can.reply_buttons.is_some(), offered(Kind::ReplyButtons));
            assert_eq!(can.list.is_some(), offered(Kind::List));
            assert_eq!(can.cta_url.is_some(), offered(Kind::CtaUrl));
            assert_eq!(can.flow.is_some(), offered(Kind::Flow));
            assert_eq!(can.address_request.is_some(), offered(Kind::AddressRequest));
            for kind in [Kind::Product, Kind::ProductList, Kind::Catalog] {
                assert_eq!(can.products.is_some(), offered(kind));
            }
            assert_eq!(can.carousel.is_some(), offered(Kind::Carousel));
            for kind in MediaKind::ALL {
                assert!(can.media.iter().any(|medium| medium.kind == *kind), "{kind}");
            }
        }
    }
}
