CREATE TABLE installation (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    key_fingerprint BLOB NOT NULL,
    setup_code_hash BLOB,
    setup_done_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
    id BLOB PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    password_changed_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX users_email ON users (email);

CREATE TABLE workspaces (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    environment TEXT NOT NULL CHECK (environment IN ('sandbox', 'live')),
    whatsapp_provider TEXT NOT NULL DEFAULT 'twilio' CHECK (whatsapp_provider IN ('twilio', 'direct')),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE memberships (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    role TEXT NOT NULL CHECK (role IN ('owner', 'member')),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
) STRICT;
CREATE INDEX memberships_user ON memberships (user_id);

CREATE TABLE sessions (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    refresh_hash BLOB NOT NULL,
    previous_hash BLOB,
    rotated_at INTEGER NOT NULL,
    successor BLOB,
    user_agent TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE UNIQUE INDEX sessions_refresh ON sessions (refresh_hash);
CREATE INDEX sessions_previous ON sessions (previous_hash);

CREATE TABLE api_keys (
    id BLOB PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    hash BLOB NOT NULL,
    scopes TEXT NOT NULL,
    created_by BLOB,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    last_used_at INTEGER
) STRICT;
CREATE UNIQUE INDEX api_keys_hash ON api_keys (hash);
CREATE INDEX api_keys_workspace ON api_keys (workspace_id, id);

CREATE TABLE channels (
    id BLOB PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    provider TEXT NOT NULL CHECK (provider IN ('twilio', 'direct')),
    name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'held')),
    is_default INTEGER NOT NULL,
    limit_group TEXT NOT NULL,
    whatsapp_business_phone_id TEXT,
    whatsapp_access_token BLOB,
    whatsapp_app_id TEXT,
    waba_id TEXT,
    app_secret BLOB,
    app_secret_secondary BLOB,
    verify_token BLOB,
    graph_version TEXT,
    account_sid TEXT,
    auth_token BLOB,
    auth_token_secondary BLOB,
    api_key_sid TEXT,
    api_key_secret BLOB,
    sender_number TEXT,
    messaging_service_sid TEXT,
    messages_per_second INTEGER CHECK (messages_per_second > 0),
    secrets_set_at TEXT NOT NULL,
    held_failure TEXT,
    held_at INTEGER,
    check_report TEXT,
    checked_at INTEGER,
    last_webhook_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT;
CREATE INDEX channels_workspace ON channels (workspace_id, id);
CREATE INDEX channels_app ON channels (whatsapp_app_id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX channels_direct_sender ON channels (whatsapp_business_phone_id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX channels_twilio_sender ON channels (account_sid, sender_number) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX channels_default ON channels (workspace_id, provider) WHERE is_default AND deleted_at IS NULL;

CREATE TABLE contacts (
    id BLOB PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    name TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX contacts_workspace ON contacts (workspace_id, id);

CREATE TABLE contact_identities (
    workspace_id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('phone', 'bsuid')),
    value TEXT NOT NULL,
    contact_id BLOB NOT NULL REFERENCES contacts (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, kind, value)
) STRICT;
CREATE INDEX contact_identities_contact ON contact_identities (contact_id);

CREATE TABLE messages (
    id BLOB PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    channel_id BLOB NOT NULL REFERENCES channels (id),
    contact_id BLOB NOT NULL REFERENCES contacts (id),
    direction TEXT NOT NULL CHECK (direction IN ('outbound', 'inbound')),
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    content TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'claimed', 'sending', 'accepted', 'sent', 'delivered', 'read', 'unknown', 'failed', 'cancelled', 'expired', 'received')),
    hold_reason TEXT CHECK (hold_reason IN ('channel_down', 'throttled', 'installation')),
    run_at INTEGER NOT NULL,
    claimed_by TEXT,
    claimed_until INTEGER,
    attempt INTEGER NOT NULL,
    attempt_id BLOB,
    tries INTEGER NOT NULL,
    failure TEXT,
    provider_message_id TEXT,
    reply_to TEXT,
    client_reference TEXT,
    expires_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    accepted_at INTEGER,
    sent_at INTEGER,
    delivered_at INTEGER,
    read_at INTEGER,
    failed_at INTEGER
) STRICT;
CREATE INDEX messages_workspace ON messages (workspace_id, id);
CREATE INDEX messages_queue ON messages (channel_id, run_at, id) WHERE state = 'queued';
CREATE INDEX messages_leased ON messages (claimed_until) WHERE state IN ('claimed', 'sending');
CREATE INDEX messages_contact ON messages (contact_id, id);
CREATE UNIQUE INDEX messages_inbound ON messages (channel_id, provider_message_id) WHERE direction = 'inbound';

CREATE TABLE attempts (
    id BLOB PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    message_id BLOB NOT NULL REFERENCES messages (id),
    channel_id BLOB NOT NULL REFERENCES channels (id),
    n INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sending', 'accepted', 'refused', 'unknown')),
    provider_message_id TEXT,
    failure TEXT,
    evidence TEXT CHECK (evidence IN ('answer', 'webhook')),
    created_at INTEGER NOT NULL,
    answered_at INTEGER,
    accepted_at INTEGER,
    sent_at INTEGER,
    delivered_at INTEGER,
    read_at INTEGER,
    failed_at INTEGER,
    pricing TEXT,
    UNIQUE (message_id, n)
) STRICT;
CREATE INDEX attempts_provider ON attempts (channel_id, provider_message_id) WHERE provider_message_id IS NOT NULL;

CREATE TABLE journal (
    id BLOB PRIMARY KEY,
    provider TEXT NOT NULL CHECK (provider IN ('twilio', 'direct')),
    channels TEXT NOT NULL,
    url TEXT NOT NULL,
    body BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'claimed', 'done', 'dead')),
    run_at INTEGER NOT NULL,
    claimed_by TEXT,
    claimed_until INTEGER,
    tries INTEGER NOT NULL,
    error TEXT,
    foreign_events INTEGER NOT NULL,
    processed_at INTEGER
) STRICT;
CREATE INDEX journal_queue ON journal (run_at, id) WHERE state = 'pending';
CREATE INDEX journal_leased ON journal (claimed_until) WHERE state = 'claimed';
CREATE INDEX journal_received ON journal (received_at);

CREATE TABLE feed_heads (
    workspace_id BLOB PRIMARY KEY REFERENCES workspaces (id),
    last_seq INTEGER NOT NULL
) STRICT;

CREATE TABLE events (
    workspace_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    message_id BLOB,
    attempt_id BLOB,
    channel_id BLOB,
    journal_id BLOB,
    data TEXT NOT NULL,
    PRIMARY KEY (workspace_id, seq)
) STRICT;
CREATE INDEX events_message ON events (message_id, seq) WHERE message_id IS NOT NULL;

CREATE TABLE idempotency_keys (
    principal TEXT NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    status INTEGER,
    response TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (principal, route, key)
) STRICT;
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
