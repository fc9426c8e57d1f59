//! The installation, who may get in, and who may do a thing only once.

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    installation (id) {
        id -> SmallInt,
        key_fingerprint -> Binary,
        setup_code_hash -> Nullable<Binary>,
        setup_done_at -> Nullable<DbTime>,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    users (id) {
        id -> DbUuid,
        email -> Text,
        name -> Text,
        password_hash -> Text,
        password_changed_at -> DbTime,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    workspaces (id) {
        id -> DbUuid,
        name -> Text,
        environment -> Text,
        whatsapp_provider -> Text,
        created_at -> DbTime,
        updated_at -> DbTime,
        delivery_settings -> DbJson,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    memberships (workspace_id, user_id) {
        workspace_id -> DbUuid,
        user_id -> DbUuid,
        role -> Text,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    sessions (id) {
        id -> DbUuid,
        user_id -> DbUuid,
        refresh_hash -> Binary,
        previous_hash -> Nullable<Binary>,
        rotated_at -> DbTime,
        successor -> Nullable<Binary>,
        user_agent -> Nullable<Text>,
        created_at -> DbTime,
        expires_at -> DbTime,
        revoked_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    api_keys (id) {
        id -> DbUuid,
        workspace_id -> DbUuid,
        name -> Text,
        prefix -> Text,
        hash -> Binary,
        scopes -> DbJson,
        created_by -> Nullable<DbUuid>,
        created_at -> DbTime,
        expires_at -> Nullable<DbTime>,
        revoked_at -> Nullable<DbTime>,
        last_used_at -> Nullable<DbTime>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    idempotency_keys (principal, route, key) {
        principal -> Text,
        route -> Text,
        key -> Text,
        body_hash -> Binary,
        status -> Nullable<Integer>,
        response -> Nullable<Text>,
        created_at -> DbTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::storage::types::*;

    leases (name) {
        name -> Text,
        holder -> Text,
        epoch -> BigInt,
        expires_at -> DbTime,
    }
}
