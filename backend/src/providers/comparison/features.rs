//! The rows of the comparison that are the capabilities' matrix: every kind of message, both ways.

use std::borrow::Cow;

use super::super::capabilities::matrix::{Carried, InboundSupport, OutboundSupport, Part, PartSupport};
use super::super::capabilities::{DIRECT, TWILIO};
use super::rows::{META, TWILIO as TWILIO_PAGE};
use super::{Cell, CellVerdict, ComparisonGroup as Group, ComparisonRow};
use crate::domain::content::Kind;
use crate::domain::inbound::kind::InboundKind;

pub(super) fn rows() -> Vec<ComparisonRow> {
    let outbound = Kind::ALL.iter().map(|kind| out_row(*kind));
    let inbound = InboundKind::ALL.iter().map(|kind| in_row(*kind));
    outbound.chain([quotes()]).chain(inbound).collect()
}

fn out_row(kind: Kind) -> ComparisonRow {
    let group = match kind {
        Kind::Template | Kind::OneTimeCode => Group::Templates,
        _ => Group::Messages,
    };
    let cell = |cell: OutboundSupport, page| of(cell.verdict, cell.note, cell.source, cell.checked_on, page);
    ComparisonRow {
        key: Cow::Owned(format!("outbound.{kind}")),
        group,
        label: out_label(kind),
        twilio: cell(TWILIO.carries(kind), TWILIO_PAGE),
        direct: cell(DIRECT.carries(kind), META),
    }
}

fn in_row(kind: InboundKind) -> ComparisonRow {
    let cell = |cell: InboundSupport, page| of(cell.verdict, cell.note, cell.source, cell.checked_on, page);
    ComparisonRow {
        key: Cow::Owned(format!("inbound.{kind}")),
        group: Group::Incoming,
        label: in_label(kind),
        twilio: cell(TWILIO.hands_on(kind), TWILIO_PAGE),
        direct: cell(DIRECT.hands_on(kind), META),
    }
}

/// The one part that belongs to no kind; the others are in the notes of theirs.
fn quotes() -> ComparisonRow {
    let cell = |cell: PartSupport, page| of(cell.verdict, cell.note, cell.source, cell.checked_on, page);
    ComparisonRow {
        key: Cow::Borrowed("outbound.reply_to"),
        group: Group::Messages,
        label: "Answers that quote a message",
        twilio: cell(TWILIO.carries_part(Part::ReplyTo), TWILIO_PAGE),
        direct: cell(DIRECT.carries_part(Part::ReplyTo), META),
    }
}

fn of(verdict: Carried, note: &'static str, source: &'static str, checked_on: &'static str, url: &'static str) -> Cell {
    let verdict = match verdict {
        Carried::Yes => CellVerdict::Yes,
        Carried::Partly => CellVerdict::Partly,
        Carried::No => CellVerdict::No,
        Carried::Unknown => CellVerdict::Unknown,
    };
    Cell { verdict, note, source, url: Some(url), checked_on }
}

const fn out_label(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "Text",
        Kind::Image => "Images",
        Kind::Video => "Videos",
        Kind::Audio => "Sounds and voice notes",
        Kind::Document => "Documents",
        Kind::Sticker => "Stickers",
        Kind::Location => "Locations",
        Kind::Contacts => "Contact cards",
        Kind::Reaction => "Reactions",
        Kind::ReplyButtons => "Reply buttons",
        Kind::List => "Lists",
        Kind::CtaUrl => "A button that opens an address",
        Kind::Flow => "Flows",
        Kind::LocationRequest => "Asking for a location",
        Kind::AddressRequest => "Asking for an address",
        Kind::Product => "A product",
        Kind::ProductList => "Several products",
        Kind::Catalog => "A catalogue",
        Kind::Carousel => "Carousels",
        Kind::Template => "Templates",
        Kind::OneTimeCode => "One-time codes",
    }
}

const fn in_label(kind: InboundKind) -> &'static str {
    match kind {
        InboundKind::Text => "Text from people",
        InboundKind::Image => "Images from people",
        InboundKind::Video => "Videos from people",
        InboundKind::Audio => "Sounds and voice notes from people",
        InboundKind::Document => "Documents from people",
        InboundKind::Sticker => "Stickers from people",
        InboundKind::Location => "Locations from people",
        InboundKind::Contacts => "Contact cards from people",
        InboundKind::Reaction => "Reactions from people",
        InboundKind::ButtonReply => "Taps on buttons",
        InboundKind::ListReply => "Picks from lists",
        InboundKind::FlowReply => "Completed flows",
        InboundKind::AddressReply => "Addresses that were asked for",
        InboundKind::Order => "Orders",
        InboundKind::System => "Changed numbers and identities",
        InboundKind::RequestWelcome => "A chat opened for the first time",
        InboundKind::Unsupported => "Kinds that WhatsApp does not hand on",
        InboundKind::Other => "Kinds this version does not read",
    }
}
