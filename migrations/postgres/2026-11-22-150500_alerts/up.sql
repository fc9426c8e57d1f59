CREATE TABLE alerts (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspaces (id),
    channel_id UUID REFERENCES channels (id),
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('critical', 'warning')),
    detail TEXT NOT NULL,
    cure TEXT,
    state TEXT NOT NULL CHECK (state IN ('open', 'cleared')),
    raised_at TIMESTAMPTZ NOT NULL,
    cleared_at TIMESTAMPTZ,
    delivery TEXT NOT NULL CHECK (delivery IN ('none', 'pending', 'sending', 'delivered', 'failed')),
    delivery_run_at TIMESTAMPTZ NOT NULL,
    delivery_tries INTEGER NOT NULL,
    delivered_at TIMESTAMPTZ,
    delivery_error TEXT,
    claimed_by TEXT,
    claimed_until TIMESTAMPTZ
);
CREATE INDEX alerts_workspace ON alerts (workspace_id, id);
CREATE UNIQUE INDEX alerts_open ON alerts (workspace_id, subject, kind) WHERE state = 'open';
CREATE INDEX alerts_due ON alerts (delivery_run_at) WHERE delivery IN ('pending', 'sending');

CREATE TABLE alert_endpoints (
    workspace_id UUID PRIMARY KEY REFERENCES workspaces (id),
    url TEXT NOT NULL,
    secret BYTEA NOT NULL,
    last_delivered_at TIMESTAMPTZ,
    last_failed_at TIMESTAMPTZ,
    last_error TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
