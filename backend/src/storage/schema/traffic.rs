//! People and what goes to and from them, and the feed that tells of it.

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    contacts (id) {
        id -> DbUuid,
        workspace_id -> DbUuid,
        name -> Nullable<Text>,
        created_at -> DbTime,
        updated_at -> DbTime,
        username -> Nullable<Text>,
        merged_into -> Nullable<DbUuid>,
        time_zone -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    suppressions (workspace_id, contact_id, scope) {
        workspace_id -> DbUuid,
        contact_id -> DbUuid,
        scope -> Text,
        id -> DbUuid,
        source -> Text,
        detail -> Nullable<Text>,
        channel_id -> Nullable<DbUuid>,
        changed_at -> DbTime,
        lifted_at -> Nullable<DbTime>,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    contact_identities (workspace_id, kind, value) {
        workspace_id -> DbUuid,
        kind -> Text,
        value -> Text,
        contact_id -> DbUuid,
        created_at -> DbTime,
        valid_from -> Nullable<DbTime>,
        retired_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    conversations (channel_id, contact_id) {
        channel_id -> DbUuid,
        contact_id -> DbUuid,
        workspace_id -> DbUuid,
        position -> DbUuid,
        last_inbound_at -> Nullable<DbTime>,
        window_until -> DbTime,
        free_entry_answer_until -> Nullable<DbTime>,
        free_entry_until -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    messages (id) {
        id -> DbUuid,
        workspace_id -> DbUuid,
        channel_id -> DbUuid,
        contact_id -> DbUuid,
        direction -> Text,
        kind -> Text,
        recipient -> Text,
        content -> DbJson,
        state -> Text,
        hold_reason -> Nullable<Text>,
        run_at -> DbTime,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<DbTime>,
        attempt -> Integer,
        attempt_id -> Nullable<DbUuid>,
        tries -> Integer,
        failure -> Nullable<DbJson>,
        provider_message_id -> Nullable<Text>,
        reply_to -> Nullable<Text>,
        reply_to_id -> Nullable<DbUuid>,
        context -> Nullable<DbJson>,
        client_reference -> Nullable<Text>,
        expires_at -> Nullable<DbTime>,
        created_at -> DbTime,
        updated_at -> DbTime,
        accepted_at -> Nullable<DbTime>,
        sent_at -> Nullable<DbTime>,
        delivered_at -> Nullable<DbTime>,
        read_at -> Nullable<DbTime>,
        failed_at -> Nullable<DbTime>,
        class -> Nullable<Text>,
        terms -> Nullable<DbJson>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    attempts (id) {
        id -> DbUuid,
        workspace_id -> DbUuid,
        message_id -> DbUuid,
        channel_id -> DbUuid,
        n -> Integer,
        state -> Text,
        provider_message_id -> Nullable<Text>,
        failure -> Nullable<DbJson>,
        evidence -> Nullable<Text>,
        created_at -> DbTime,
        answered_at -> Nullable<DbTime>,
        accepted_at -> Nullable<DbTime>,
        sent_at -> Nullable<DbTime>,
        delivered_at -> Nullable<DbTime>,
        read_at -> Nullable<DbTime>,
        failed_at -> Nullable<DbTime>,
        pricing -> Nullable<DbJson>,
        preparing -> Bool,
        left_at -> Nullable<DbTime>,
        inquiry -> Nullable<DbJson>,
        valid_seconds -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    journal (id) {
        id -> DbUuid,
        provider -> Text,
        channels -> DbJson,
        url -> Text,
        body -> Binary,
        received_at -> DbTime,
        state -> Text,
        run_at -> DbTime,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<DbTime>,
        tries -> Integer,
        error -> Nullable<Text>,
        foreign_events -> Integer,
        processed_at -> Nullable<DbTime>,
        applied_at -> Nullable<DbTime>,
        origin -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    reconciliations (channel_id) {
        channel_id -> DbUuid,
        workspace_id -> DbUuid,
        run_at -> DbTime,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<DbTime>,
        receipts_until -> DbTime,
        messages_until -> DbTime,
        problem -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    feed_heads (workspace_id) {
        workspace_id -> DbUuid,
        last_seq -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    events (workspace_id, seq) {
        workspace_id -> DbUuid,
        seq -> BigInt,
        id -> DbUuid,
        kind -> Text,
        at -> DbTime,
        message_id -> Nullable<DbUuid>,
        attempt_id -> Nullable<DbUuid>,
        channel_id -> Nullable<DbUuid>,
        journal_id -> Nullable<DbUuid>,
        data -> DbJson,
    }
}
