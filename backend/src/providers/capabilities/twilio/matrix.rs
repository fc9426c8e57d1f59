//! What Twilio's Messages API carries.

use super::super::matrix::{
    Carried::{No, Partly, Unknown, Yes},
    InboundSupport, OutboundSupport, Part, PartSupport, inbound, outbound, part,
};
use crate::domain::content::Kind;
use crate::domain::inbound::kind::InboundKind;

const NO_CATALOGUE: &str = "Twilio's type for catalogues is not confirmed to work without an approved template";
const FOLDED: &str = "its text becomes a paragraph of the body";

pub(in super::super) const fn carries_out(kind: Kind) -> OutboundSupport {
    match kind {
        Kind::Text => {
            outbound(kind, Yes, "Up to 1,600 characters; no switch for the preview of links", "twilio.md §2.1, §8.1")
        }
        Kind::Image => outbound(kind, Yes, "JPEG or PNG up to 5 MB, with a caption", "twilio.md §5, §8.1"),
        Kind::Video => outbound(kind, Yes, "MP4 up to 16 MB, with a caption", "twilio.md §5, §8.1"),
        Kind::Audio => outbound(kind, Yes, "Up to 16 MB; no switch for voice notes", "twilio.md §5, §8.1"),
        Kind::Document => {
            outbound(kind, Partly, "Up to 16 MB, without a caption; the file name may be lost", "twilio.md §5, §8.1")
        }
        Kind::Sticker => outbound(kind, Partly, "WebP; not confirmed by Twilio's pages", "twilio.md §5, §8.1"),
        Kind::Location => outbound(kind, Yes, "With a name and an address", "twilio.md §2.1, §8.1"),
        Kind::Contacts => {
            outbound(kind, Partly, "As a vCard file that the gateway makes and serves", "twilio.md §5, §8.1")
        }
        Kind::Reaction => outbound(kind, No, "Twilio has no reactions", "twilio.md §0, §8.1")
            .instead(Kind::Text, "send a text, or send on a direct channel"),
        Kind::ReplyButtons => {
            outbound(kind, Partly, "Up to 3 in a stored Content, without header and footer", "twilio.md §2.5, §8.1")
                .stored()
        }
        Kind::List => outbound(
            kind,
            Partly,
            "Up to 10 rows in a stored Content, without sections, header and footer",
            "twilio.md §2.5, §8.1",
        )
        .degrades_to(Kind::Text)
        .stored(),
        Kind::CtaUrl => outbound(
            kind,
            Partly,
            "In a stored Content, without header and footer; older pages ask for an approval",
            "twilio.md §2.5, §8.1",
        )
        .degrades_to(Kind::Text)
        .stored(),
        Kind::Flow => outbound(
            kind,
            Partly,
            "In a stored Content, by id, without data for the first screen; not confirmed without an approval",
            "twilio.md §2.5, §8.1",
        )
        .stored(),
        Kind::LocationRequest => outbound(kind, No, "Twilio can't ask for a location", "twilio.md §8.1")
            .instead(Kind::Text, "ask in a text, or send on a direct channel")
            .degrades_to(Kind::Text),
        Kind::AddressRequest => outbound(kind, No, "Twilio can't ask for an address", "twilio.md §8.1")
            .instead(Kind::Text, "ask in a text, or send on a direct channel")
            .degrades_to(Kind::Text),
        Kind::Product => outbound(kind, No, NO_CATALOGUE, "twilio.md §2.5")
            .instead(Kind::CtaUrl, "send a cta_url that leads to the product, or send on a direct channel")
            .degrades_to(Kind::Text),
        Kind::ProductList => outbound(kind, No, NO_CATALOGUE, "twilio.md §2.5")
            .instead(Kind::List, "send a list, or send on a direct channel")
            .degrades_to(Kind::Text),
        Kind::Catalog => outbound(kind, No, NO_CATALOGUE, "twilio.md §2.5")
            .instead(Kind::CtaUrl, "send a cta_url that leads to the shop, or send on a direct channel")
            .degrades_to(Kind::Text),
        Kind::Carousel => {
            outbound(kind, No, "Twilio asks for an approved template even inside the window", "twilio.md §2.5")
                .instead(Kind::Template, "send an approved template with a carousel, or send on a direct channel")
        }
        Kind::Template => {
            outbound(kind, Yes, "As an approved Content, with one flat list of values", "twilio.md §2.4, §8.4").stored()
        }
        Kind::OneTimeCode => {
            outbound(kind, Partly, "Copy code only; to phone numbers only", "twilio.md §2.5, §3.3").stored()
        }
    }
}

pub(in super::super) const fn carries_in(kind: InboundKind) -> InboundSupport {
    let (verdict, note, source) = match kind {
        InboundKind::Text => (Yes, "With quotes, ads that led here and forwarding marks", "twilio.md §3.1"),
        InboundKind::Image | InboundKind::Video => (Yes, "With their captions", "twilio.md §3.1"),
        InboundKind::Audio => (Partly, "Voice notes are not marked", "twilio.md §3.1"),
        InboundKind::Document => (Partly, "Without the file's name", "twilio.md §3.1"),
        InboundKind::Sticker => (Partly, "As a WebP picture; the kind is not confirmed", "twilio.md §3.1"),
        InboundKind::Location => (Yes, "With name and address when a place was picked", "twilio.md §3.1"),
        InboundKind::Contacts => {
            return inbound(kind, Partly, "As a document: a vCard file", "twilio.md §3.1")
                .arrives_as(InboundKind::Document);
        }
        InboundKind::ButtonReply => (Yes, "Of stored Contents and of templates", "twilio.md §3.1"),
        InboundKind::ListReply => (Partly, "The names of the fields are not confirmed", "twilio.md §3.1"),
        InboundKind::FlowReply => (Yes, "With everything that was filled in", "twilio.md §3.1"),
        InboundKind::AddressReply => (No, "Twilio can't ask for an address", "twilio.md §8.1"),
        InboundKind::Reaction | InboundKind::Order | InboundKind::System | InboundKind::RequestWelcome => {
            (Unknown, "No source says that Twilio hands it on; if it does, it is kept", "twilio.md §3.1, §8.1")
        }
        InboundKind::Unsupported => (Partly, "Without the name of what it was; not confirmed", "twilio.md §3.1"),
        InboundKind::Other => (Yes, "Kept and shown as it came", "twilio.md §3.1"),
    };
    inbound(kind, verdict, note, source)
}

pub(in super::super) const fn carries_part(of: Part) -> PartSupport {
    match of {
        Part::ReplyTo => part(of, No, "Twilio can't quote a message", "twilio.md §0, §8.1")
            .instead("send it without reply_to_id, or on a direct channel")
            .degraded("it goes out without the quote"),
        Part::DocumentCaption => part(of, No, "Twilio shows no caption on documents", "twilio.md §5, §8.1")
            .instead("send the caption as a text of its own, or send on a direct channel"),
        Part::DocumentFilename => {
            let note = "A document of media_id is served under it, and Twilio's pages disagree on whether that is shown; one of link keeps the name in its address";
            part(of, Partly, note, "twilio.md §2.3, §5")
        }
        Part::Voice => part(of, No, "Twilio has no switch for voice notes", "twilio.md §8.1")
            .instead("leave voice out, or send on a direct channel")
            .degraded("it goes out as an ordinary sound"),
        Part::ReplyButtonsHeader => part(of, No, "Twilio has no header on reply buttons", "twilio.md §8.1")
            .instead("put it into the body, or send on a direct channel")
            .degraded(FOLDED),
        Part::ReplyButtonsFooter => part(of, No, "Twilio has no footer on reply buttons", "twilio.md §8.1")
            .instead("put it into the body, or send on a direct channel")
            .degraded(FOLDED),
        Part::ListHeader => part(of, No, "Twilio has no header on lists", "twilio.md §2.5, §8.1")
            .instead("put it into the body, or send on a direct channel")
            .degraded(FOLDED),
        Part::ListFooter => part(of, No, "Twilio has no footer on lists", "twilio.md §2.5, §8.1")
            .instead("put it into the body, or send on a direct channel")
            .degraded(FOLDED),
        Part::ListSections => part(of, No, "Twilio has no sections in lists", "twilio.md §2.5, §8.1")
            .instead("use one section without a title, or send on a direct channel")
            .degraded("its rows stand in one list, without the sections' titles"),
        Part::CtaUrlHeader => part(of, No, "Twilio has no header on this button", "twilio.md §2.5")
            .instead("put it into the body, or send on a direct channel")
            .degraded(FOLDED),
        Part::CtaUrlFooter => part(of, No, "Twilio has no footer on this button", "twilio.md §2.5")
            .instead("put it into the body, or send on a direct channel")
            .degraded(FOLDED),
        Part::FlowHeader => part(of, No, "Twilio's header of a flow is not confirmed", "twilio.md §2.5")
            .instead("put it into the body, or send on a direct channel")
            .degraded(FOLDED),
        Part::FlowFooter => part(of, No, "Twilio's footer of a flow is not confirmed", "twilio.md §2.5")
            .instead("put it into the body, or send on a direct channel")
            .degraded(FOLDED),
        Part::FlowName => part(of, No, "Twilio finds a flow by its id only", "twilio.md §2.5")
            .instead("give flow_id, or send on a direct channel"),
        Part::FlowData => part(of, No, "Twilio gives the first screen no data", "twilio.md §2.5")
            .instead("let the flow's endpoint give it, or send on a direct channel"),
        Part::FlowDraft => part(of, No, "Twilio sends no drafts of flows", "twilio.md §2.5")
            .instead("publish the flow, or send on a direct channel"),
        Part::TemplateLocation => part(of, No, "Twilio has no location header in templates", "twilio.md §8.4")
            .instead("send the template on a direct channel"),
        Part::TemplateProduct => part(of, No, "Twilio has no product header in templates", "twilio.md §8.4")
            .instead("send the template on a direct channel"),
        Part::TemplateOffer => part(of, No, "Twilio has no limited-time offers", "twilio.md §8.4")
            .instead("send the template on a direct channel"),
        Part::TemplateFlowData => part(of, No, "Twilio gives a flow's first screen no data", "twilio.md §2.5, §8.4")
            .instead("leave it out, or send the template on a direct channel"),
        Part::TemplateCatalog => part(of, No, "Twilio's catalogue buttons are not confirmed", "twilio.md §8.4")
            .instead("send the template on a direct channel"),
        Part::TemplateProducts => part(of, No, "Twilio's product buttons are not confirmed", "twilio.md §8.4")
            .instead("send the template on a direct channel"),
    }
}
