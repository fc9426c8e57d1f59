ALTER TABLE journal ADD COLUMN origin TEXT NOT NULL DEFAULT 'webhook' CHECK (origin IN ('webhook', 'poll'));

CREATE TABLE reconciliations (
    channel_id UUID PRIMARY KEY REFERENCES channels (id),
    workspace_id UUID NOT NULL REFERENCES workspaces (id),
    run_at TIMESTAMPTZ NOT NULL,
    claimed_by TEXT,
    claimed_until TIMESTAMPTZ,
    receipts_until TIMESTAMPTZ NOT NULL,
    messages_until TIMESTAMPTZ NOT NULL,
    problem TEXT
);
CREATE INDEX reconciliations_due ON reconciliations (run_at);
