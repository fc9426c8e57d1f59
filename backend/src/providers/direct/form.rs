//! The fields of a direct channel (direct.md §1.1, §1.2, §3.1).

use url::Url;

use crate::providers::descriptor::{
    CopyField, DEFAULT_GRAPH_VERSION, FieldGroup, Place, Samples, SecretField, TextField, TextRule, hook_template,
    opaque,
};

const BASIC: Place =
    Place { path: "App dashboard > App settings > Basic", url: "https://developers.facebook.com/apps/" };
const API_SETUP: Place =
    Place { path: "App dashboard > WhatsApp > API setup", url: "https://developers.facebook.com/apps/" };
const CONFIGURATION: Place =
    Place { path: "App dashboard > WhatsApp > Configuration > Webhook", url: "https://developers.facebook.com/apps/" };
const SYSTEM_USERS: Place = Place {
    path: "Meta Business Suite > Settings > Users > System users > Generate token",
    url: "https://business.facebook.com/settings/system-users",
};

const GRAPH_ID: TextRule = TextRule {
    pattern: "^[0-9]{5,20}$",
    min_length: 5,
    max_length: 20,
    expected: "5 to 20 digits",
    samples: Samples {
        valid: &["100000000000001", "20000"],
        invalid: &["", "1234", "+447700900123", "10000000000000a", "123456789012345678901"],
    },
};

const APP_SECRET_RULE: TextRule = opaque(
    16,
    128,
    r"^[\x21-\x7e]{16,128}$",
    Samples {
        valid: &["0f1e2d3c4b5a69788796a5b4c3d2e1f0"],
        invalid: &["", "too-short", "with a blank inside it, so no"],
    },
);

pub const APP_ID: TextField = TextField {
    name: "whatsapp_app_id",
    label: "App id",
    group: FieldGroup::Account,
    required: true,
    rule: GRAPH_ID,
    default: None,
    help: "The Meta app that calls the API and gets the webhooks.",
    where_to_find: Some(BASIC),
};

pub const APP_SECRET: SecretField = SecretField {
    name: "app_secret",
    label: "App secret",
    group: FieldGroup::Account,
    required: true,
    generated: false,
    rule: APP_SECRET_RULE,
    help: "Signs every webhook of the app. It is neither the access token nor the verify token.",
    where_to_find: Some(BASIC),
};

pub const APP_SECRET_SECONDARY: SecretField = SecretField {
    name: "app_secret_secondary",
    label: "Second app secret",
    group: FieldGroup::Advanced,
    required: false,
    generated: false,
    rule: APP_SECRET_RULE,
    help: "Only while the app secret is being changed: webhooks signed with either one are accepted.",
    where_to_find: Some(BASIC),
};

pub const ACCESS_TOKEN: SecretField = SecretField {
    name: "whatsapp_access_token",
    label: "Access token",
    group: FieldGroup::Account,
    required: true,
    generated: false,
    rule: opaque(
        16,
        1024,
        r"^[\x21-\x7e]{16,1024}$",
        Samples { valid: &["EAAGm0PX4ZCpsBAKZCtoken0001"], invalid: &["", "EAAG", "EAAG token with blanks"] },
    ),
    help: "Of a system user with both WhatsApp permissions and this account assigned. One that never expires is best.",
    where_to_find: Some(SYSTEM_USERS),
};

pub const WABA_ID: TextField = TextField {
    name: "waba_id",
    label: "WhatsApp Business Account id",
    group: FieldGroup::Sender,
    required: true,
    rule: GRAPH_ID,
    default: None,
    help: "The account that owns the number and its templates.",
    where_to_find: Some(API_SETUP),
};

pub const PHONE_ID: TextField = TextField {
    name: "whatsapp_business_phone_id",
    label: "Phone number id",
    group: FieldGroup::Sender,
    required: true,
    rule: GRAPH_ID,
    default: None,
    help: "Meta's id of the number, not the number itself.",
    where_to_find: Some(API_SETUP),
};

pub const VERIFY_TOKEN: SecretField = SecretField {
    name: "verify_token",
    label: "Verify token",
    group: FieldGroup::Webhooks,
    required: false,
    generated: true,
    rule: opaque(
        8,
        128,
        r"^[\x21-\x7e]{8,128}$",
        Samples { valid: &["acme-verify-2026"], invalid: &["", "short", "with a blank inside"] },
    ),
    help: "Any word of your choice; Meta repeats it once when the callback address is saved. Left empty, one is made.",
    where_to_find: None,
};

pub const GRAPH_VERSION: TextField = TextField {
    name: "graph_version",
    label: "Graph API version",
    group: FieldGroup::Advanced,
    required: true,
    rule: TextRule {
        pattern: r"^v[0-9]{2}\.[0-9]$",
        min_length: 5,
        max_length: 5,
        expected: "a version such as v25.0",
        samples: Samples { valid: &["v25.0", "v21.0", "v26.0"], invalid: &["", "25.0", "v25", "v9.0", "v25.0/me"] },
    },
    default: Some(DEFAULT_GRAPH_VERSION),
    help: "Leave it unless Meta announces that this version ends.",
    where_to_find: None,
};

pub(in crate::providers) fn callback(public_base: &Url) -> CopyField {
    CopyField {
        name: "webhook_address",
        label: "Callback address",
        group: FieldGroup::Webhooks,
        template: hook_template(public_base, "/hooks/direct/{whatsapp_app_id}"),
        help: "Enter it with the verify token, then subscribe to the field messages. Save this channel first.",
        where_to_find: Some(CONFIGURATION),
    }
}

pub(in crate::providers) fn verify_token_copy() -> CopyField {
    CopyField {
        name: "webhook_verify_token",
        label: "Verify token to enter there",
        group: FieldGroup::Webhooks,
        template: "{verify_token}".to_owned(),
        help: "Goes beside the callback address.",
        where_to_find: Some(CONFIGURATION),
    }
}
