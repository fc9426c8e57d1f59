//! Which kinds a provider carries, out and in, and which parts of them: the matrix that the API checks against, that the
//! comparison shows, and that the tests walk cell by cell.

use serde::Serialize;
use utoipa::ToSchema;

use super::CHECKED_ON;
use crate::domain::content::Kind;
use crate::domain::inbound::kind::InboundKind;
use crate::domain::provider::word;

word! {
    /// Whether something is carried.
    pub enum Carried {
        Yes = "yes",
        /// With less than WhatsApp itself has: the note says what is lost.
        Partly = "partly",
        No = "no",
        /// No source tells. It is not offered; where it comes in by itself it is read.
        Unknown = "unknown",
    }
}

impl Carried {
    /// Whether the gateway offers it.
    pub const fn is_offered(self) -> bool {
        matches!(self, Self::Yes | Self::Partly)
    }
}

/// One cell of the matrix: an outgoing kind at a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutboundSupport {
    pub kind: Kind,
    pub verdict: Carried,
    /// For a person: how it is carried, or what is missing.
    pub note: &'static str,
    /// The section of the wire reference.
    pub source: &'static str,
    #[schema(format = Date)]
    pub checked_on: &'static str,
    /// What to use where it is not carried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead: Option<Instead>,
    /// The kind that goes out when the caller agrees to less and nothing closer can be carried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub degrade_to: Option<Kind>,
    /// It goes out through a Content that is stored at the provider.
    pub stored_content: bool,
}

/// A way round a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Instead {
    pub kind: Kind,
    /// The rest of the sentence that begins with the gap.
    pub note: &'static str,
}

/// One cell of the matrix: an incoming kind at a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct InboundSupport {
    pub kind: InboundKind,
    pub verdict: Carried,
    pub note: &'static str,
    pub source: &'static str,
    #[schema(format = Date)]
    pub checked_on: &'static str,
    /// The kind as which it comes in, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrives_as: Option<InboundKind>,
}

word! {
    /// Parts of outgoing messages that not every provider carries.
    pub enum Part {
        /// Shown as an answer to an earlier message.
        ReplyTo = "reply_to",
        DocumentCaption = "document.caption",
        DocumentFilename = "document.filename",
        /// A sound shown as a voice note.
        Voice = "audio.voice",
        ReplyButtonsHeader = "reply_buttons.header",
        ReplyButtonsFooter = "reply_buttons.footer",
        ListHeader = "list.header",
        ListFooter = "list.footer",
        /// More than one section, or a title over the only one.
        ListSections = "list.sections",
        CtaUrlHeader = "cta_url.header",
        CtaUrlFooter = "cta_url.footer",
        FlowHeader = "flow.header",
        FlowFooter = "flow.footer",
        FlowName = "flow.flow_name",
        FlowData = "flow.data",
        FlowDraft = "flow.draft",
        TemplateLocation = "template.header.location",
        TemplateProduct = "template.header.product",
        TemplateOffer = "template.offer_expires_at",
        TemplateFlowData = "template.buttons.flow.data",
        TemplateCatalog = "template.buttons.catalog",
        TemplateProducts = "template.buttons.products",
    }
}

/// One part of an outgoing kind at a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartSupport {
    pub part: Part,
    pub verdict: Carried,
    pub note: &'static str,
    pub source: &'static str,
    #[schema(format = Date)]
    pub checked_on: &'static str,
    /// What to do where it is not carried: the rest of the sentence that begins with the note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead: Option<&'static str>,
    /// What is done with it when the caller agrees to less.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub degraded: Option<&'static str>,
}

pub(super) const fn outbound(
    kind: Kind,
    verdict: Carried,
    note: &'static str,
    source: &'static str,
) -> OutboundSupport {
    OutboundSupport {
        kind,
        verdict,
        note,
        source,
        checked_on: CHECKED_ON,
        instead: None,
        degrade_to: None,
        stored_content: false,
    }
}

impl OutboundSupport {
    pub(super) const fn instead(mut self, kind: Kind, note: &'static str) -> Self {
        self.instead = Some(Instead { kind, note });
        self
    }

    pub(super) const fn degrades_to(mut self, kind: Kind) -> Self {
        self.degrade_to = Some(kind);
        self
    }

    pub(super) const fn stored(mut self) -> Self {
        self.stored_content = true;
        self
    }
}

pub(super) const fn inbound(
    kind: InboundKind,
    verdict: Carried,
    note: &'static str,
    source: &'static str,
) -> InboundSupport {
    InboundSupport { kind, verdict, note, source, checked_on: CHECKED_ON, arrives_as: None }
}

impl InboundSupport {
    pub(super) const fn arrives_as(mut self, kind: InboundKind) -> Self {
        self.arrives_as = Some(kind);
        self
    }
}

pub(super) const fn part(part: Part, verdict: Carried, note: &'static str, source: &'static str) -> PartSupport {
    PartSupport { part, verdict, note, source, checked_on: CHECKED_ON, instead: None, degraded: None }
}

impl PartSupport {
    pub(super) const fn instead(mut self, what: &'static str) -> Self {
        self.instead = Some(what);
        self
    }

    pub(super) const fn degraded(mut self, how: &'static str) -> Self {
        self.degraded = Some(how);
        self
    }
}

/// One entry for every word of an enum, in its order, from a function that the compiler holds to be exhaustive.
macro_rules! every {
    ($word:ty, $of:path => $support:ty) => {{
        const COUNT: usize = <$word>::ALL.len();
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, for which a wrong index is an error")]
        const fn list() -> [$support; COUNT] {
            let mut all = [$of(<$word>::ALL[0]); COUNT];
            let mut at = 1;
            while at < COUNT {
                all[at] = $of(<$word>::ALL[at]);
                at += 1;
            }
            all
        }
        const ALL: [$support; COUNT] = list();
        &ALL
    }};
}
pub(super) use every;
