CREATE TABLE media (
    id BLOB PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    direction TEXT NOT NULL CHECK (direction IN ('outbound', 'inbound')),
    kind TEXT NOT NULL CHECK (kind IN ('image', 'video', 'audio', 'document', 'sticker', 'other')),
    mime_type TEXT NOT NULL,
    size_bytes INTEGER,
    sha256 BLOB,
    filename TEXT,
    properties TEXT,
    state TEXT NOT NULL CHECK (state IN ('pending', 'ready', 'failed', 'gone')),
    source TEXT,
    channel_id BLOB REFERENCES channels (id),
    message_id BLOB,
    tries INTEGER NOT NULL,
    run_at INTEGER NOT NULL,
    claimed_by TEXT,
    claimed_until INTEGER,
    failure TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    linked_until INTEGER
) STRICT;
CREATE INDEX media_workspace ON media (workspace_id, id);
CREATE INDEX media_sha256 ON media (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX media_queue ON media (run_at, id) WHERE state = 'pending';
CREATE INDEX media_expiry ON media (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX media_age ON media (direction, created_at) WHERE state <> 'gone';

CREATE TABLE media_uploads (
    media_id BLOB NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    channel_id BLOB NOT NULL REFERENCES channels (id),
    provider_media_id TEXT NOT NULL,
    uploaded_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (media_id, channel_id)
) STRICT;
