//! What Meta's Cloud API carries.

use super::super::matrix::{
    Carried::{Partly, Yes},
    InboundSupport, OutboundSupport, Part, PartSupport, inbound, outbound, part,
};
use crate::domain::content::Kind;
use crate::domain::inbound::kind::InboundKind;

const CATALOGUE: &str = "Needs a catalogue that is linked to the account";

pub(in super::super) const fn carries_out(kind: Kind) -> OutboundSupport {
    let (verdict, note, source) = match kind {
        Kind::Text => (Yes, "Up to 4,096 characters, with or without a preview of the first link", "direct.md §2.3"),
        Kind::Image => (Yes, "JPEG or PNG up to 5 MB, with a caption", "direct.md §2.3, §2.6"),
        Kind::Video => (Yes, "MP4 or 3GPP up to 16 MB, with a caption", "direct.md §2.3, §2.6"),
        Kind::Audio => (Yes, "Up to 16 MB; Ogg with Opus also as a voice note", "direct.md §2.3, §2.6"),
        Kind::Document => (Yes, "Up to 100 MB, with a file name and a caption", "direct.md §2.3, §2.6"),
        Kind::Sticker => (Yes, "WebP, still or moving", "direct.md §2.3, §2.6"),
        Kind::Location => (Yes, "With a name and an address", "direct.md §2.3"),
        Kind::Contacts => (Yes, "As cards, with a button to write", "direct.md §2.3"),
        Kind::Reaction => (Yes, "On messages younger than 30 days; delivery is not reported", "direct.md §2.3"),
        Kind::ReplyButtons => (Yes, "Up to 3, with a header and a footer", "direct.md §2.4"),
        Kind::List => (Yes, "Up to 10 rows in sections, with a header and a footer", "direct.md §2.4"),
        Kind::CtaUrl => (Yes, "One button, with a header and a footer", "direct.md §2.4"),
        Kind::Flow => (Yes, "By id or name, with data for the first screen", "direct.md §2.4"),
        Kind::LocationRequest => (Yes, "A button that shares the location", "direct.md §2.4"),
        Kind::AddressRequest => (Partly, "In India only", "direct.md §2.4"),
        Kind::Product | Kind::ProductList | Kind::Catalog => (Yes, CATALOGUE, "direct.md §2.4"),
        Kind::Carousel => (Yes, "2 to 10 cards, without an approval", "direct.md §2.4"),
        Kind::Template => (Yes, "By name and language, with every kind of component", "direct.md §2.5"),
        Kind::OneTimeCode => (Yes, "Copy code, one tap, zero tap; to phone numbers only", "direct.md §2.5"),
    };
    outbound(kind, verdict, note, source)
}

pub(in super::super) const fn carries_in(kind: InboundKind) -> InboundSupport {
    let (note, source) = match kind {
        InboundKind::Text => ("With quotes, ads that led here and forwarding marks", "direct.md §3.6"),
        InboundKind::Image | InboundKind::Video => ("With their captions", "direct.md §3.6"),
        InboundKind::Audio => ("Voice notes are marked", "direct.md §3.6"),
        InboundKind::Document => ("With the file's name and caption", "direct.md §3.6"),
        InboundKind::Sticker => ("Moving ones are marked", "direct.md §3.6"),
        InboundKind::Location => ("With name and address when a place was picked", "direct.md §3.6"),
        InboundKind::Contacts => ("As structured cards", "direct.md §3.6"),
        InboundKind::Reaction => ("With their removal", "direct.md §3.6"),
        InboundKind::ButtonReply => ("Of interactive messages and of templates", "direct.md §3.6"),
        InboundKind::ListReply => ("With the row's id, title and description", "direct.md §3.6"),
        InboundKind::FlowReply => ("With everything that was filled in", "direct.md §3.6"),
        InboundKind::AddressReply => ("From India", "direct.md §3.6"),
        InboundKind::Order => ("With products, amounts and prices", "direct.md §3.6"),
        InboundKind::System => ("Changed numbers, user ids and identities", "direct.md §3.6"),
        InboundKind::RequestWelcome => ("When the chat is opened for the first time", "direct.md §3.6"),
        InboundKind::Unsupported => ("With the name of what it was", "direct.md §3.6"),
        InboundKind::Other => ("Kept and shown as it came", "direct.md §3.6"),
    };
    inbound(kind, Yes, note, source)
}

pub(in super::super) const fn carries_part(of: Part) -> PartSupport {
    let (note, source) = match of {
        Part::ReplyTo => ("On every kind but reactions", "direct.md §2.2"),
        Part::DocumentCaption | Part::DocumentFilename => ("Shown with the document", "direct.md §2.3"),
        Part::Voice => ("Ogg with Opus, mono", "direct.md §2.3"),
        Part::ReplyButtonsHeader | Part::CtaUrlHeader | Part::FlowHeader => {
            ("Text, picture, film or document", "direct.md §2.4")
        }
        Part::ListHeader => ("Text", "direct.md §2.4"),
        Part::ReplyButtonsFooter | Part::ListFooter | Part::CtaUrlFooter | Part::FlowFooter => {
            ("Up to 60 characters", "direct.md §2.4")
        }
        Part::ListSections => ("Up to 10, with titles", "direct.md §2.4"),
        Part::FlowName => ("Instead of the id", "direct.md §2.4"),
        Part::FlowData => ("For the first screen", "direct.md §2.4"),
        Part::FlowDraft => ("For tests of a flow that is not published", "direct.md §2.4"),
        Part::TemplateLocation | Part::TemplateProduct => ("As the header", "direct.md §2.5"),
        Part::TemplateOffer => ("With its end as a parameter", "direct.md §2.5"),
        Part::TemplateFlowData => ("For the first screen", "direct.md §2.5"),
        Part::TemplateCatalog | Part::TemplateProducts => (CATALOGUE, "direct.md §2.5"),
    };
    part(of, Yes, note, source)
}
