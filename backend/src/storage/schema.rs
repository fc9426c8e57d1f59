//! The tables, once for both databases; the types in [`super::types`] decide what a column is in each. The files below
//! hold them by subject.

mod access;
mod library;
mod limits;
mod senders;
mod traffic;
mod webhooks;

pub use access::{api_keys, idempotency_keys, installation, leases, memberships, sessions, users, workspaces};
pub use library::{
    content_removals, media, media_uploads, stored_contents, template_registrations, template_syncs, templates,
};
pub use limits::{channel_circuits, channel_faults, reached_people, sender_limits};
pub use senders::{account_news, alert_endpoints, alerts, channel_facts, channels};
pub use traffic::{
    attempts, contact_identities, contacts, conversations, events, feed_heads, journal, messages, reconciliations,
    suppressions,
};
pub use webhooks::{webhook_deliveries, webhook_endpoints, webhook_tries};

diesel::joinable!(channels -> workspaces (workspace_id));
diesel::joinable!(media_uploads -> media (media_id));
diesel::joinable!(webhook_deliveries -> webhook_endpoints (endpoint_id));

diesel::allow_tables_to_appear_in_same_query!(
    installation,
    users,
    workspaces,
    memberships,
    sessions,
    api_keys,
    channels,
    contacts,
    contact_identities,
    conversations,
    suppressions,
    messages,
    attempts,
    journal,
    reconciliations,
    feed_heads,
    events,
    idempotency_keys,
    leases,
    stored_contents,
    content_removals,
    media,
    media_uploads,
    templates,
    template_registrations,
    template_syncs,
    channel_facts,
    account_news,
    alerts,
    alert_endpoints,
    sender_limits,
    reached_people,
    channel_circuits,
    channel_faults,
    webhook_endpoints,
    webhook_deliveries,
    webhook_tries,
);
