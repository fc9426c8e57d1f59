//! The kinds of what people send, as one list.

use super::InboundContent;
use crate::domain::provider::word;

word! {
    /// Kinds of incoming content.
    pub enum InboundKind {
        Text = "text",
        Image = "image",
        Video = "video",
        Audio = "audio",
        Document = "document",
        Sticker = "sticker",
        Location = "location",
        Contacts = "contacts",
        Reaction = "reaction",
        ButtonReply = "button_reply",
        ListReply = "list_reply",
        FlowReply = "flow_reply",
        AddressReply = "address_reply",
        Order = "order",
        System = "system",
        RequestWelcome = "request_welcome",
        Unsupported = "unsupported",
        /// Whatever this version does not read.
        Other = "other",
    }
}

impl InboundKind {
    pub const fn of(content: &InboundContent) -> Self {
        match content {
            InboundContent::Text(_) => Self::Text,
            InboundContent::Image(_) => Self::Image,
            InboundContent::Video(_) => Self::Video,
            InboundContent::Audio(_) => Self::Audio,
            InboundContent::Document(_) => Self::Document,
            InboundContent::Sticker(_) => Self::Sticker,
            InboundContent::Location(_) => Self::Location,
            InboundContent::Contacts(_) => Self::Contacts,
            InboundContent::Reaction(_) => Self::Reaction,
            InboundContent::ButtonReply(_) => Self::ButtonReply,
            InboundContent::ListReply(_) => Self::ListReply,
            InboundContent::FlowReply(_) => Self::FlowReply,
            InboundContent::AddressReply(_) => Self::AddressReply,
            InboundContent::Order(_) => Self::Order,
            InboundContent::System(_) => Self::System,
            InboundContent::RequestWelcome => Self::RequestWelcome,
            InboundContent::Unsupported(_) => Self::Unsupported,
            // What was taken back was of some kind once; nobody knows it any more.
            InboundContent::Other(_) | InboundContent::Deleted => Self::Other,
        }
    }
}
