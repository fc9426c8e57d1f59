CREATE TABLE channel_facts (
    channel_id UUID PRIMARY KEY REFERENCES channels (id),
    workspace_id UUID NOT NULL REFERENCES workspaces (id),
    display_number TEXT,
    verified_name TEXT,
    name_status TEXT,
    quality TEXT CHECK (quality IN ('green', 'yellow', 'red', 'unknown')),
    messaging_limit TEXT,
    throughput TEXT,
    sender_status TEXT,
    account_status TEXT,
    business_restricted_until TIMESTAMPTZ,
    replies_restricted_until TIMESTAMPTZ,
    token_expires_at TIMESTAMPTZ,
    observed_at TIMESTAMPTZ,
    heard_since TIMESTAMPTZ,
    round_trip_at TIMESTAMPTZ,
    round_trip_message_id UUID,
    round_trip_started_at TIMESTAMPTZ,
    handshake_at TIMESTAMPTZ,
    handshake_refused_at TIMESTAMPTZ,
    webhooks_refused BIGINT NOT NULL,
    webhook_refused_at TIMESTAMPTZ,
    webhook_refusal TEXT CHECK (webhook_refusal IN ('missing', 'malformed', 'wrong_secret', 'host_rewritten')),
    webhook_refused_url TEXT,
    last_told_of_at TIMESTAMPTZ,
    updated_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX messages_accepted ON messages (channel_id, accepted_at) WHERE accepted_at IS NOT NULL;

CREATE TABLE account_news (
    channel_id UUID NOT NULL REFERENCES channels (id),
    fingerprint BYTEA NOT NULL,
    topic TEXT,
    told_at TIMESTAMPTZ NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (channel_id, fingerprint)
);
CREATE INDEX account_news_topic ON account_news (channel_id, topic, told_at) WHERE topic IS NOT NULL;
CREATE INDEX account_news_age ON account_news (received_at);

ALTER TABLE contacts ADD COLUMN marketing_stopped_at TIMESTAMPTZ;
ALTER TABLE contacts ADD COLUMN marketing_changed_at TIMESTAMPTZ;
