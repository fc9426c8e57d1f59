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
    last_told_of_at INTEGER,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX messages_accepted ON messages (channel_id, accepted_at) WHERE accepted_at IS NOT NULL;

CREATE TABLE account_news (
    channel_id BLOB NOT NULL REFERENCES channels (id),
    fingerprint BLOB NOT NULL,
    topic TEXT,
    told_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (channel_id, fingerprint)
) STRICT;
CREATE INDEX account_news_topic ON account_news (channel_id, topic, told_at) WHERE topic IS NOT NULL;
CREATE INDEX account_news_age ON account_news (received_at);

ALTER TABLE contacts ADD COLUMN marketing_stopped_at INTEGER;
ALTER TABLE contacts ADD COLUMN marketing_changed_at INTEGER;
