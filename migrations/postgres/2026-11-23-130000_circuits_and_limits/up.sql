CREATE TABLE sender_limits (
    channel_id UUID PRIMARY KEY REFERENCES channels (id),
    workspace_id UUID NOT NULL REFERENCES workspaces (id),
    ceiling INTEGER NOT NULL CHECK (ceiling > 0),
    share DOUBLE PRECISION NOT NULL CHECK (share > 0 AND share <= 1),
    lowered_at TIMESTAMPTZ,
    failure JSONB,
    people_per_day INTEGER CHECK (people_per_day > 0),
    updated_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE reached_people (
    portfolio TEXT NOT NULL,
    person TEXT NOT NULL,
    reached_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (portfolio, person)
);
CREATE INDEX reached_people_time ON reached_people (portfolio, reached_at);

CREATE TABLE channel_circuits (
    channel_id UUID PRIMARY KEY REFERENCES channels (id),
    workspace_id UUID NOT NULL REFERENCES workspaces (id),
    state TEXT NOT NULL CHECK (state IN ('closed', 'open', 'half_open')),
    reason JSONB,
    openings INTEGER NOT NULL,
    probe_at TIMESTAMPTZ,
    changed_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE channel_faults (
    id UUID PRIMARY KEY,
    channel_id UUID NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    failure JSONB NOT NULL
);

CREATE INDEX messages_set_aside ON messages (id) WHERE state = 'queued' AND hold_reason = 'failover';
