CREATE TABLE media (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspaces (id),
    direction TEXT NOT NULL CHECK (direction IN ('outbound', 'inbound')),
    kind TEXT NOT NULL CHECK (kind IN ('image', 'video', 'audio', 'document', 'sticker', 'other')),
    mime_type TEXT NOT NULL,
    size_bytes BIGINT,
    sha256 BYTEA,
    filename TEXT,
    properties JSONB,
    state TEXT NOT NULL CHECK (state IN ('pending', 'ready', 'failed', 'gone')),
    source JSONB,
    channel_id UUID REFERENCES channels (id),
    message_id UUID,
    tries INTEGER NOT NULL,
    run_at TIMESTAMPTZ NOT NULL,
    claimed_by TEXT,
    claimed_until TIMESTAMPTZ,
    failure TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ,
    linked_until TIMESTAMPTZ
);
CREATE INDEX media_workspace ON media (workspace_id, id);
CREATE INDEX media_sha256 ON media (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX media_queue ON media (run_at, id) WHERE state = 'pending';
CREATE INDEX media_expiry ON media (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX media_age ON media (direction, created_at) WHERE state <> 'gone';

CREATE TABLE media_uploads (
    media_id UUID NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    channel_id UUID NOT NULL REFERENCES channels (id),
    provider_media_id TEXT NOT NULL,
    uploaded_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (media_id, channel_id)
);
