CREATE TABLE sender_limits (
    channel_id BLOB PRIMARY KEY REFERENCES channels (id),
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    ceiling INTEGER NOT NULL CHECK (ceiling > 0),
    share REAL NOT NULL CHECK (share > 0 AND share <= 1),
    lowered_at INTEGER,
    failure TEXT,
    people_per_day INTEGER CHECK (people_per_day > 0),
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE reached_people (
    portfolio TEXT NOT NULL,
    person TEXT NOT NULL,
    reached_at INTEGER NOT NULL,
    PRIMARY KEY (portfolio, person)
) STRICT;
CREATE INDEX reached_people_time ON reached_people (portfolio, reached_at);

CREATE TABLE channel_circuits (
    channel_id BLOB PRIMARY KEY REFERENCES channels (id),
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    state TEXT NOT NULL CHECK (state IN ('closed', 'open', 'half_open')),
    reason TEXT,
    openings INTEGER NOT NULL,
    probe_at INTEGER,
    changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE channel_faults (
    id BLOB PRIMARY KEY,
    channel_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    failure TEXT NOT NULL
) STRICT;

CREATE INDEX messages_set_aside ON messages (id) WHERE state = 'queued' AND hold_reason = 'failover';
