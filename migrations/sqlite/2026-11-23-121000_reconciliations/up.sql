ALTER TABLE journal ADD COLUMN origin TEXT NOT NULL DEFAULT 'webhook' CHECK (origin IN ('webhook', 'poll'));

CREATE TABLE reconciliations (
    channel_id BLOB PRIMARY KEY REFERENCES channels (id),
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    run_at INTEGER NOT NULL,
    claimed_by TEXT,
    claimed_until INTEGER,
    receipts_until INTEGER NOT NULL,
    messages_until INTEGER NOT NULL,
    problem TEXT
) STRICT;
CREATE INDEX reconciliations_due ON reconciliations (run_at);
