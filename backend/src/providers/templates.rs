//! Templates at the providers: one definition, each provider's own form of it, and what a form can't hold.

pub mod error;
pub mod rules;
pub mod size;
mod text_rules;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::provider::{ProviderKind, SenderAddress, word};
use crate::domain::template_definition::variables::VariablePlace;
use crate::domain::template_definition::{TemplateCategory, TemplateDefinition};
use crate::domain::template_state::{TemplateQuality, TemplateStatus};
use crate::domain::time::Ts;

pub use error::{TemplateError, TemplateErrorKind};

use super::{direct, twilio};

/// A definition in one provider's form.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Compiled {
    /// The body of the request that creates it there.
    #[schema(value_type = Object)]
    pub request: Value,
    /// Twilio's one row of variables, and where each belongs. Empty at direct, whose variables stand in their components.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub slots: Vec<Slot>,
    /// What the provider lacks.
    pub lost: Vec<Lost>,
}

impl Compiled {
    /// Whether the provider can carry a template that says the same.
    pub fn is_whole(&self) -> bool {
        !self.lost.iter().any(|lost| lost.blocks)
    }
}

/// One of Twilio's flat variables (twilio.md §8.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Slot {
    /// Its name in the Content: a number from 1.
    #[schema(examples("1"))]
    pub number: String,
    #[serde(flatten)]
    pub place: VariablePlace,
    /// What stands fixed in front of it: a medium's address must begin so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// What Twilio would put there by itself, without a word, if a message left it out.
    pub sample: String,
}

/// Something of a definition that a provider's form has no place for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Lost {
    pub feature: LostFeature,
    /// Where it stands in the definition.
    #[serde(rename = "where")]
    #[schema(examples("header"))]
    pub place: String,
    /// For a person: what the provider lacks, and what follows.
    pub why: String,
    /// Without it the template would not say the same, so that it is not submitted there. Otherwise the gateway makes up for
    /// it, or nobody sees the difference.
    pub blocks: bool,
}

word! {
    /// What a provider's form can lack.
    pub enum LostFeature {
        LocationHeader = "location_header",
        ProductHeader = "product_header",
        /// The sample is known at Meta only.
        SampleAddress = "sample_address",
        LimitedTimeOffer = "limited_time_offer",
        ProductCarousel = "product_carousel",
        NamedVariables = "named_variables",
        OneTap = "one_tap",
        ZeroTap = "zero_tap",
        CatalogButton = "catalog_button",
        MpmButton = "mpm_button",
        SpmButton = "spm_button",
        /// A flow together with other buttons or with a header of text.
        FlowBesideOthers = "flow_beside_others",
        FlowName = "flow_name",
        /// A request for the number together with other parts.
        ContactRequestBesideOthers = "contact_request_beside_others",
        MessageSendTtl = "message_send_ttl",
        VoiceCallTtl = "voice_call_ttl",
        QuickReplyPayload = "quick_reply_payload",
        FixedMedia = "fixed_media",
        /// A medium may come from anywhere; there it comes from one host.
        MediaHost = "media_host",
        CardBody = "card_body",
        /// A Content's further types, for other channels.
        FurtherTypes = "further_types",
        /// A part that the gateway does not know.
        UnknownPart = "unknown_part",
    }
}

/// The losses of one compilation or import, as they are found.
#[derive(Default)]
pub struct Losses(Vec<Lost>);

impl Losses {
    /// The template would say something else.
    pub fn block(&mut self, feature: LostFeature, place: impl Into<String>, why: impl Into<String>) {
        self.0.push(Lost { feature, place: place.into(), why: why.into(), blocks: true });
    }

    /// The template says the same.
    pub fn note(&mut self, feature: LostFeature, place: impl Into<String>, why: impl Into<String>) {
        self.0.push(Lost { feature, place: place.into(), why: why.into(), blocks: false });
    }

    pub fn into_vec(self) -> Vec<Lost> {
        self.0
    }
}

/// A provider's form read back.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    pub definition: TemplateDefinition,
    pub slots: Vec<Slot>,
    /// What stands there and has no place in a definition.
    pub lost: Vec<Lost>,
}

/// Why a provider's template is no definition: a kind that only other channels have, or a broken one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, ToSchema)]
#[error("{why}")]
pub struct Unreadable {
    pub name: String,
    pub why: String,
}

/// Where a template stands at a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateStanding {
    pub status: TemplateStatus,
    /// As it stands there now, which is what is paid for.
    pub category: Option<TemplateCategory>,
    /// What Meta will make of it.
    pub correct_category: Option<TemplateCategory>,
    pub quality: Option<TemplateQuality>,
    /// Meta's word for why it was rejected.
    pub rejection_reason: Option<String>,
    /// The provider's own sentence, where there is one.
    pub rejection_detail: Option<String>,
}

/// A template as a provider lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct ProviderTemplate {
    /// Meta's id, or `HX…`.
    pub reference: String,
    pub standing: TemplateStanding,
    /// Twilio tells it; among several Contents of one name the newest counts.
    pub created_at: Option<Ts>,
    pub imported: Result<Imported, Unreadable>,
    pub raw: Value,
}

/// What a webhook says of one template.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateEvent {
    /// Only the account is named.
    pub sender: SenderAddress,
    /// Meta's id, or `HX…`.
    pub reference: String,
    pub change: TemplateChange,
    /// When the provider said it; `None` when it names no time.
    pub told_at: Option<Ts>,
    /// The provider's name for it and the whole of what it said.
    pub field: String,
    pub raw: Value,
}

impl TemplateEvent {
    /// What it is about, where what is said later replaces what was said before.
    pub fn topic(&self) -> Option<String> {
        let of = match self.change {
            TemplateChange::Status { .. } => "status",
            TemplateChange::Quality { .. } => "quality",
            TemplateChange::CategoryAnnounced { .. } | TemplateChange::CategoryChanged { .. } => "category",
            TemplateChange::Components => return None,
        };
        Some(format!("template/{}/{of}", self.reference))
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum TemplateChange {
    Status {
        status: TemplateStatus,
        /// The provider's own word, which may say more: `FLAGGED`, `REINSTATED`.
        word: String,
        reason: Option<String>,
        /// The reason in full, with the advice that came with it.
        detail: Option<String>,
        category: Option<TemplateCategory>,
        /// What came beside it: how long a pause lasts, when it is disabled.
        other: Option<Value>,
    },
    Quality {
        after: TemplateQuality,
    },
    /// It will be another category in 24 hours.
    CategoryAnnounced {
        now_is: TemplateCategory,
        becomes: TemplateCategory,
    },
    CategoryChanged {
        becomes: TemplateCategory,
    },
    /// Its text is another one; the list shows which.
    Components,
}

/// All templates of an account, and how close its budget of calls is to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedTemplates {
    pub templates: Vec<ProviderTemplate>,
    /// All of them are there. What an incomplete list lacks may still stand at the provider.
    pub complete: bool,
    /// Percent of the hourly allowance that is used (direct.md §1.4); 0 where the provider tells nothing.
    pub usage_percent: u8,
}

/// Where the samples of the media headers are at the provider: a handle at Meta, an address at Twilio, by the place of the
/// header in the definition (`header`, `cards[0].header`).
pub type SampleAddresses = BTreeMap<String, String>;

/// What is submitted.
#[derive(Clone, Copy, Debug)]
pub struct NewTemplate<'a> {
    pub definition: &'a TemplateDefinition,
    pub samples: &'a SampleAddresses,
    /// A Content that an earlier try has left stored without a review; only at Twilio.
    pub stored: Option<&'a str>,
}

/// What the provider answered to a submission.
#[derive(Clone, Debug, PartialEq)]
pub struct Registered {
    pub reference: String,
    pub status: TemplateStatus,
    /// May differ from what was asked for.
    pub category: Option<TemplateCategory>,
}

/// A medium for the reviewer, as the gateway has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleFile {
    /// A public address with the same bytes.
    pub link: Option<String>,
    pub filename: String,
    /// Such as `image/jpeg`.
    pub mime_type: String,
    /// Empty when the provider fetches the link itself.
    pub bytes: Vec<u8>,
}

/// The provider's form of a definition, with samples where they are known.
pub fn compile(provider: ProviderKind, definition: &TemplateDefinition, samples: &SampleAddresses) -> Compiled {
    match provider {
        ProviderKind::Direct => direct::templates::compile::compile(definition, samples),
        ProviderKind::Twilio => twilio::templates::compile::compile(definition, samples),
    }
}

/// The places of all headers that hold a medium, with the samples.
pub fn media_samples(
    definition: &TemplateDefinition,
) -> impl Iterator<Item = (String, &crate::domain::template_definition::TemplateHeader)> {
    let own = definition.header.iter().map(|header| ("header".to_owned(), header));
    let cards = definition.cards.iter().enumerate().map(|(n, card)| (format!("cards[{n}].header"), &card.header));
    own.chain(cards).filter(|(_, header)| header.media().is_some())
}
