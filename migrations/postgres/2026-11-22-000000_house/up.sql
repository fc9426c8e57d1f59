CREATE TABLE installation (
    id SMALLINT PRIMARY KEY CHECK (id = 1),
    key_fingerprint BYTEA NOT NULL,
    setup_code_hash BYTEA,
    setup_done_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE users (
    id UUID PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    password_changed_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX users_email ON users (email);

CREATE TABLE workspaces (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    environment TEXT NOT NULL CHECK (environment IN ('sandbox', 'live')),
    whatsapp_provider VARCHAR(20) NOT NULL DEFAULT 'twilio' CHECK (whatsapp_provider IN ('twilio', 'direct')),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE memberships (
    workspace_id UUID NOT NULL REFERENCES workspaces (id),
    user_id UUID NOT NULL REFERENCES users (id),
    role TEXT NOT NULL CHECK (role IN ('owner', 'member')),
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id);

CREATE TABLE sessions (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    refresh_hash BYTEA NOT NULL,
    previous_hash BYTEA,
    rotated_at TIMESTAMPTZ NOT NULL,
    successor BYTEA,
    user_agent TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE UNIQUE INDEX sessions_refresh ON sessions (refresh_hash);
CREATE INDEX sessions_previous ON sessions (previous_hash);

CREATE TABLE api_keys (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspaces (id),
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    hash BYTEA NOT NULL,
    scopes JSONB NOT NULL,
    created_by UUID,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    last_used_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX api_keys_hash ON api_keys (hash);
CREATE INDEX api_keys_workspace ON api_keys (workspace_id, id);

CREATE TABLE channels (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspaces (id),
    provider VARCHAR(20) NOT NULL CHECK (provider IN ('twilio', 'direct')),
    name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'held')),
    is_default BOOLEAN NOT NULL,
    limit_group TEXT NOT NULL,
    whatsapp_business_phone_id VARCHAR(100),
    whatsapp_access_token BYTEA,
    whatsapp_app_id VARCHAR(50),
    waba_id TEXT,
    app_secret BYTEA,
    app_secret_secondary BYTEA,
    verify_token BYTEA,
    graph_version TEXT,
    account_sid TEXT,
    auth_token BYTEA,
    auth_token_secondary BYTEA,
    api_key_sid TEXT,
    api_key_secret BYTEA,
    sender_number TEXT,
    messaging_service_sid TEXT,
    messages_per_second INTEGER CHECK (messages_per_second > 0),
    secrets_set_at JSONB NOT NULL,
    held_failure JSONB,
    held_at TIMESTAMPTZ,
    check_report JSONB,
    checked_at TIMESTAMPTZ,
    last_webhook_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    deleted_at TIMESTAMPTZ
);
CREATE INDEX channels_workspace ON channels (workspace_id, id);
CREATE INDEX channels_app ON channels (whatsapp_app_id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX channels_direct_sender ON channels (whatsapp_business_phone_id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX channels_twilio_sender ON channels (account_sid, sender_number) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX channels_default ON channels (workspace_id, provider) WHERE is_default AND deleted_at IS NULL;

CREATE TABLE contacts (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspaces (id),
    name TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX contacts_workspace ON contacts (workspace_id, id);

CREATE TABLE contact_identities (
    workspace_id UUID NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('phone', 'bsuid')),
    value TEXT NOT NULL,
    contact_id UUID NOT NULL REFERENCES contacts (id),
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, kind, value)
);
CREATE INDEX contact_identities_contact ON contact_identities (contact_id);

CREATE TABLE messages (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspaces (id),
    channel_id UUID NOT NULL REFERENCES channels (id),
    contact_id UUID NOT NULL REFERENCES contacts (id),
    direction TEXT NOT NULL CHECK (direction IN ('outbound', 'inbound')),
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    content JSONB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'claimed', 'sending', 'accepted', 'sent', 'delivered', 'read', 'unknown', 'failed', 'cancelled', 'expired', 'received')),
    hold_reason TEXT CHECK (hold_reason IN ('channel_down', 'throttled', 'installation')),
    run_at TIMESTAMPTZ NOT NULL,
    claimed_by TEXT,
    claimed_until TIMESTAMPTZ,
    attempt INTEGER NOT NULL,
    attempt_id UUID,
    tries INTEGER NOT NULL,
    failure JSONB,
    provider_message_id TEXT,
    reply_to TEXT,
    client_reference TEXT,
    expires_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    accepted_at TIMESTAMPTZ,
    sent_at TIMESTAMPTZ,
    delivered_at TIMESTAMPTZ,
    read_at TIMESTAMPTZ,
    failed_at TIMESTAMPTZ
);
CREATE INDEX messages_workspace ON messages (workspace_id, id);
CREATE INDEX messages_queue ON messages (channel_id, run_at, id) WHERE state = 'queued';
CREATE INDEX messages_leased ON messages (claimed_until) WHERE state IN ('claimed', 'sending');
CREATE INDEX messages_contact ON messages (contact_id, id);
CREATE UNIQUE INDEX messages_inbound ON messages (channel_id, provider_message_id) WHERE direction = 'inbound';

CREATE TABLE attempts (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspaces (id),
    message_id UUID NOT NULL REFERENCES messages (id),
    channel_id UUID NOT NULL REFERENCES channels (id),
    n INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sending', 'accepted', 'refused', 'unknown')),
    provider_message_id TEXT,
    failure JSONB,
    evidence TEXT CHECK (evidence IN ('answer', 'webhook')),
    created_at TIMESTAMPTZ NOT NULL,
    answered_at TIMESTAMPTZ,
    accepted_at TIMESTAMPTZ,
    sent_at TIMESTAMPTZ,
    delivered_at TIMESTAMPTZ,
    read_at TIMESTAMPTZ,
    failed_at TIMESTAMPTZ,
    pricing JSONB,
    UNIQUE (message_id, n)
);
CREATE INDEX attempts_provider ON attempts (channel_id, provider_message_id) WHERE provider_message_id IS NOT NULL;

CREATE TABLE journal (
    id UUID PRIMARY KEY,
    provider VARCHAR(20) NOT NULL CHECK (provider IN ('twilio', 'direct')),
    channels JSONB NOT NULL,
    url TEXT NOT NULL,
    body BYTEA NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'claimed', 'done', 'dead')),
    run_at TIMESTAMPTZ NOT NULL,
    claimed_by TEXT,
    claimed_until TIMESTAMPTZ,
    tries INTEGER NOT NULL,
    error TEXT,
    foreign_events INTEGER NOT NULL,
    processed_at TIMESTAMPTZ
);
CREATE INDEX journal_queue ON journal (run_at, id) WHERE state = 'pending';
CREATE INDEX journal_leased ON journal (claimed_until) WHERE state = 'claimed';
CREATE INDEX journal_received ON journal (received_at);

CREATE TABLE feed_heads (
    workspace_id UUID PRIMARY KEY REFERENCES workspaces (id),
    last_seq BIGINT NOT NULL
);

CREATE TABLE events (
    workspace_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    message_id UUID,
    attempt_id UUID,
    channel_id UUID,
    journal_id UUID,
    data JSONB NOT NULL,
    PRIMARY KEY (workspace_id, seq)
);
CREATE INDEX events_message ON events (message_id, seq) WHERE message_id IS NOT NULL;

CREATE TABLE idempotency_keys (
    principal TEXT NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash BYTEA NOT NULL,
    status INTEGER,
    response TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (principal, route, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
