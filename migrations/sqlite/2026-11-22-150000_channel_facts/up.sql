CREATE TABLE channel_facts (
    channel_id BLOB PRIMARY KEY REFERENCES channels (id),
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    display_number TEXT,
    verified_name TEXT,
    name_status TEXT,
    quality TEXT CHECK (quality IN ('green', 'yellow', 'red', 'unknown')),
    messaging_limit TEXT,
    throughput TEXT,
    sender_status TEXT,
    account_status TEXT,
    business_restricted_until INTEGER,
    replies_restricted_until INTEGER,
    token_expires_at INTEGER,
    observed_at INTEGER,
    heard_since INTEGER,
    round_trip_at INTEGER,
    round_trip_message_id BLOB,
    round_trip_started_at INTEGER,
    handshake_at INTEGER,
    handshake_refused_at INTEGER,
    webhooks_refused INTEGER NOT NULL,
    webhook_refused_at INTEGER,
    webhook_refusal TEXT CHECK (webhook_refusal IN ('missing', 'malformed', 'wrong_secret', 'host_rewritten')),
    webhook_refused_url TEXT,
    updated_at INTEGER NOT NULL
) STRICT;

ALTER TABLE contacts ADD COLUMN marketing_stopped_at INTEGER;
ALTER TABLE contacts ADD COLUMN marketing_changed_at INTEGER;
