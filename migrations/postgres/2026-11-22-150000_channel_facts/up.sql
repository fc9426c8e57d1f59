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
    updated_at TIMESTAMPTZ NOT NULL
);

ALTER TABLE contacts ADD COLUMN marketing_stopped_at TIMESTAMPTZ;
ALTER TABLE contacts ADD COLUMN marketing_changed_at TIMESTAMPTZ;
