//! What messages are made of: media, templates, and the contents kept at Twilio.

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    media (id) {
        id -> DbUuid,
        workspace_id -> DbUuid,
        direction -> Text,
        kind -> Text,
        mime_type -> Text,
        size_bytes -> Nullable<BigInt>,
        sha256 -> Nullable<Binary>,
        filename -> Nullable<Text>,
        properties -> Nullable<DbJson>,
        state -> Text,
        source -> Nullable<DbJson>,
        channel_id -> Nullable<DbUuid>,
        message_id -> Nullable<DbUuid>,
        tries -> Integer,
        run_at -> DbTime,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<DbTime>,
        failure -> Nullable<Text>,
        created_at -> DbTime,
        expires_at -> Nullable<DbTime>,
        linked_until -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    media_uploads (media_id, channel_id) {
        media_id -> DbUuid,
        channel_id -> DbUuid,
        provider_media_id -> Text,
        uploaded_at -> DbTime,
        expires_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    templates (id) {
        id -> DbUuid,
        workspace_id -> DbUuid,
        name -> Text,
        language -> Text,
        category -> Text,
        definition -> DbJson,
        created_at -> DbTime,
        updated_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    template_registrations (id) {
        id -> DbUuid,
        workspace_id -> DbUuid,
        template_id -> DbUuid,
        provider -> Text,
        account -> Text,
        provider_ref -> Nullable<Text>,
        status -> Text,
        category -> Text,
        correct_category -> Nullable<Text>,
        quality -> Nullable<Text>,
        rejection_reason -> Nullable<Text>,
        rejection_detail -> Nullable<Text>,
        problem -> Nullable<DbJson>,
        definition -> DbJson,
        slots -> DbJson,
        lost -> DbJson,
        edits -> DbJson,
        submitted_at -> Nullable<DbTime>,
        status_at -> DbTime,
        synced_at -> Nullable<DbTime>,
        poll_at -> Nullable<DbTime>,
        raw -> Nullable<DbJson>,
        created_at -> DbTime,
        updated_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    template_syncs (workspace_id, provider, account) {
        workspace_id -> DbUuid,
        provider -> Text,
        account -> Text,
        due_at -> DbTime,
        attempted_at -> Nullable<DbTime>,
        succeeded_at -> Nullable<DbTime>,
        failures -> Integer,
        counts -> DbJson,
        unreadable -> DbJson,
        error -> Nullable<DbJson>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    stored_contents (workspace_id, account_sid, shape_hash) {
        workspace_id -> DbUuid,
        account_sid -> Text,
        shape_hash -> Text,
        content_sid -> Text,
        created_at -> DbTime,
        last_used_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    content_removals (workspace_id, account_sid, content_sid) {
        workspace_id -> DbUuid,
        account_sid -> Text,
        content_sid -> Text,
        message_id -> Nullable<DbUuid>,
        due_at -> DbTime,
        tries -> Integer,
    }
}
