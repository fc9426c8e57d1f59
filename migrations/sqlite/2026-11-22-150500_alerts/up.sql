CREATE TABLE alerts (
    id BLOB PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    channel_id BLOB REFERENCES channels (id),
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('critical', 'warning')),
    detail TEXT NOT NULL,
    cure TEXT,
    state TEXT NOT NULL CHECK (state IN ('open', 'cleared')),
    raised_at INTEGER NOT NULL,
    cleared_at INTEGER,
    delivery TEXT NOT NULL CHECK (delivery IN ('none', 'pending', 'sending', 'delivered', 'failed')),
    delivery_run_at INTEGER NOT NULL,
    delivery_tries INTEGER NOT NULL,
    delivered_at INTEGER,
    delivery_error TEXT,
    claimed_by TEXT,
    claimed_until INTEGER
) STRICT;
CREATE INDEX alerts_workspace ON alerts (workspace_id, id);
CREATE UNIQUE INDEX alerts_open ON alerts (workspace_id, subject, kind) WHERE state = 'open';
CREATE INDEX alerts_due ON alerts (delivery_run_at) WHERE delivery IN ('pending', 'sending');

CREATE TABLE alert_endpoints (
    workspace_id BLOB PRIMARY KEY REFERENCES workspaces (id),
    url TEXT NOT NULL,
    secret BLOB NOT NULL,
    last_delivered_at INTEGER,
    last_failed_at INTEGER,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
