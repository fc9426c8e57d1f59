//! The figures of every kind, grouped by kind. A group is absent where the provider does not carry the kind.

use serde::Serialize;
use utoipa::ToSchema;

use super::Limit;

/// What stands beside a medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MediaTextLimits {
    pub max_caption_chars: Limit,
    pub max_filename_chars: Limit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LocationLimits {
    /// Degrees to either side of the equator.
    pub max_latitude: Limit,
    /// Degrees to either side of Greenwich.
    pub max_longitude: Limit,
    pub max_name_chars: Limit,
    pub max_address_chars: Limit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContactLimits {
    pub max_cards: Limit,
    /// Phones, addresses and the like of one card, of each sort.
    pub max_entries: Limit,
    /// Characters of each text of a card.
    pub max_text_chars: Limit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReactionLimits {
    /// Days since the message that it is put on.
    pub max_age_days: Limit,
}

/// What all interactive kinds share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct InteractiveLimits {
    /// Lists may have longer ones.
    pub max_body_chars: Limit,
    pub max_header_chars: Limit,
    pub max_footer_chars: Limit,
    /// Characters of an address behind a button.
    pub max_url_chars: Limit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReplyButtonLimits {
    pub max_buttons: Limit,
    pub max_id_chars: Limit,
    pub max_title_chars: Limit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ListLimits {
    pub max_body_chars: Limit,
    /// Of the label that opens the list.
    pub max_button_chars: Limit,
    pub max_sections: Limit,
    pub max_section_title_chars: Limit,
    /// In all sections together.
    pub max_rows: Limit,
    pub max_row_id_chars: Limit,
    pub max_row_title_chars: Limit,
    pub max_row_description_chars: Limit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CtaUrlLimits {
    pub max_button_chars: Limit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FlowLimits {
    pub max_button_chars: Limit,
    /// Of the flow's id and name, and of its first screen's name.
    pub max_name_chars: Limit,
    pub max_token_chars: Limit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AddressLimits {
    /// Where addresses can be asked for, ISO 3166.
    pub countries: &'static [&'static str],
    /// What the numbers there begin with.
    pub calling_codes: &'static [&'static str],
    pub source: &'static str,
    #[schema(format = Date)]
    pub checked_on: &'static str,
}

/// Of products, product lists and catalogues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProductLimits {
    pub max_sections: Limit,
    pub max_section_title_chars: Limit,
    /// In all sections together.
    pub max_products: Limit,
    /// Of a catalogue's and of a product's id.
    pub max_id_chars: Limit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CarouselLimits {
    pub min_cards: Limit,
    pub max_cards: Limit,
    /// Of one card's text.
    pub max_body_chars: Limit,
    /// In one card's text.
    pub max_line_breaks: Limit,
    pub max_buttons: Limit,
    pub max_button_chars: Limit,
    pub max_button_id_chars: Limit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OneTimeCodeLimits {
    pub max_code_chars: Limit,
}
