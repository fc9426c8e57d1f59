//! The table of types with their fields and limits (twilio.md §2.5).

/// How WhatsApp treats a type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ContentType {
    pub(crate) name: &'static str,
    /// Without approval, while the window is open.
    pub(crate) in_session: bool,
    /// May be submitted for approval.
    pub(crate) as_template: bool,
    pub(super) fields: &'static [Field],
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) required: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// At most so many characters.
    Text(usize),
    /// One of these words.
    Word(&'static [&'static str]),
    Number,
    /// A number or a text.
    Price,
    Flag,
    /// A list of texts.
    Texts,
    /// A list of so many objects.
    List(&'static [Field], usize, usize),
}

const fn must(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: true }
}

const fn may(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: false }
}

/// Where no limit is known.
const LONG: usize = 4_096;
const BODY: Kind = Kind::Text(1_024);
/// Labels of buttons: 25 characters in templates; conversations allow 20, which is checked when one is sent (twilio.md §2.5).
const LABEL: Kind = Kind::Text(25);
const LINE: Kind = Kind::Text(60);

const CARD_ACTIONS: &[Field] = &[
    must("type", Kind::Word(&["URL", "PHONE_NUMBER", "QUICK_REPLY", "COPY_CODE", "VOICE_CALL"])),
    must("title", LABEL),
    may("url", Kind::Text(2_000)),
    may("phone", Kind::Text(20)),
    may("id", Kind::Text(200)),
    may("code", Kind::Text(LONG)),
    may("webview_size", Kind::Word(&["TALL", "FULL", "HALF", "NONE"])),
];
const CTA_ACTIONS: &[Field] = &[
    must(
        "type",
        Kind::Word(&["URL", "PHONE_NUMBER", "COPY_CODE", "VOICE_CALL", "VOICE_CALL_REQUEST", "REQUEST_CONTACT_INFO"]),
    ),
    may("title", LABEL),
    may("url", Kind::Text(2_000)),
    may("phone", Kind::Text(20)),
    may("code", Kind::Text(LONG)),
    may("id", Kind::Text(200)),
];
const CAROUSEL_ACTIONS: &[Field] = &[
    must("type", Kind::Word(&["URL", "PHONE_NUMBER", "QUICK_REPLY"])),
    must("title", LABEL),
    may("url", Kind::Text(2_000)),
    may("phone", Kind::Text(20)),
    may("id", Kind::Text(200)),
];
const FLOW_PAGES: &[Field] = &[
    must("id", Kind::Text(LONG)),
    may("next_page_id", Kind::Text(LONG)),
    must("title", Kind::Text(LONG)),
    may("subtitle", Kind::Text(LONG)),
    must("layout", Kind::List(&[must("type", Kind::Text(LONG)), may("label", Kind::Text(LONG))], 1, 50)),
];

/// Every type, the plainest first: of several in one content the last that the channel takes is sent.
pub(super) static TYPES: [ContentType; 14] = [
    ContentType {
        name: "twilio/text",
        in_session: true,
        as_template: true,
        fields: &[must("body", Kind::Text(1_600))],
    },
    ContentType {
        name: "twilio/media",
        in_session: true,
        as_template: true,
        fields: &[may("body", Kind::Text(1_600)), must("media", Kind::Texts)],
    },
    ContentType {
        name: "twilio/location",
        in_session: true,
        as_template: false,
        fields: &[
            must("latitude", Kind::Number),
            must("longitude", Kind::Number),
            may("label", Kind::Text(LONG)),
            may("id", Kind::Text(LONG)),
            may("address", Kind::Text(LONG)),
        ],
    },
    ContentType {
        name: "twilio/quick-reply",
        in_session: true,
        as_template: true,
        fields: &[
            must("body", BODY),
            must(
                "actions",
                Kind::List(
                    &[may("type", Kind::Word(&["QUICK_REPLY"])), must("title", LABEL), may("id", Kind::Text(200))],
                    1,
                    10,
                ),
            ),
        ],
    },
    ContentType {
        name: "twilio/call-to-action",
        in_session: true,
        as_template: true,
        fields: &[must("body", BODY), must("actions", Kind::List(CTA_ACTIONS, 1, 10))],
    },
    ContentType {
        name: "twilio/list-picker",
        in_session: true,
        as_template: false,
        fields: &[
            must("body", BODY),
            must("button", Kind::Text(20)),
            must(
                "items",
                Kind::List(
                    &[must("item", Kind::Text(24)), must("id", Kind::Text(200)), may("description", Kind::Text(72))],
                    1,
                    10,
                ),
            ),
        ],
    },
    ContentType {
        name: "twilio/card",
        in_session: false,
        as_template: true,
        fields: &[
            may("title", BODY),
            may("body", BODY),
            may("subtitle", LINE),
            may("media", Kind::Texts),
            may("actions", Kind::List(CARD_ACTIONS, 0, 10)),
        ],
    },
    ContentType {
        name: "twilio/carousel",
        in_session: false,
        as_template: true,
        fields: &[
            must("body", BODY),
            must(
                "cards",
                Kind::List(
                    &[
                        may("title", Kind::Text(160)),
                        must("body", Kind::Text(160)),
                        must("media", Kind::Text(2_000)),
                        must("actions", Kind::List(CAROUSEL_ACTIONS, 1, 2)),
                    ],
                    2,
                    10,
                ),
            ),
        ],
    },
    ContentType {
        name: "twilio/catalog",
        in_session: true,
        as_template: true,
        fields: &[
            may("title", BODY),
            must("body", BODY),
            may("subtitle", LINE),
            may("id", Kind::Text(LONG)),
            may(
                "items",
                Kind::List(
                    &[
                        may("id", Kind::Text(LONG)),
                        may("section_title", Kind::Text(24)),
                        may("name", Kind::Text(LONG)),
                        may("media_url", Kind::Text(2_000)),
                        may("price", Kind::Price),
                        may("description", Kind::Text(LONG)),
                    ],
                    0,
                    30,
                ),
            ),
            may("dynamic_items", Kind::Text(LONG)),
        ],
    },
    ContentType {
        name: "twilio/flows",
        in_session: true,
        as_template: true,
        fields: &[
            must("body", BODY),
            must("button_text", LABEL),
            may("subtitle", LINE),
            may("media_url", Kind::Text(2_000)),
            must("pages", Kind::List(FLOW_PAGES, 1, 50)),
            must("type", Kind::Text(LONG)),
        ],
    },
    // Not for WhatsApp, but not refused either.
    ContentType {
        name: "twilio/schedule",
        in_session: false,
        as_template: false,
        fields: &[must("id", Kind::Text(LONG)), must("title", Kind::Text(LONG)), must("timeSlots", Kind::Text(LONG))],
    },
    ContentType {
        name: "whatsapp/card",
        in_session: false,
        as_template: true,
        fields: &[
            must("body", BODY),
            may("footer", LINE),
            may("header_text", LINE),
            may("media", Kind::Texts),
            may("actions", Kind::List(CARD_ACTIONS, 0, 10)),
        ],
    },
    ContentType {
        name: "whatsapp/flows",
        in_session: true,
        as_template: true,
        fields: &[
            must("body", BODY),
            must("button_text", LABEL),
            must("flow_id", Kind::Text(LONG)),
            may("subtitle", LINE),
            may("media_url", Kind::Text(2_000)),
            may("flow_token", Kind::Text(LONG)),
            may("flow_first_page_id", Kind::Text(LONG)),
            may("is_flow_first_page_endpoint", Kind::Flag),
        ],
    },
    ContentType {
        name: "whatsapp/authentication",
        in_session: false,
        as_template: true,
        fields: &[
            may("add_security_recommendation", Kind::Flag),
            may("code_expiration_minutes", Kind::Number),
            must(
                "actions",
                Kind::List(&[must("type", Kind::Word(&["COPY_CODE"])), must("copy_code_text", Kind::Text(25))], 1, 1),
            ),
        ],
    },
];
