UPDATE media
SET claimed_by = ?, claimed_until = CAST(unixepoch('subsec') * 1000000 AS INTEGER) + ?
WHERE id IN (
    SELECT id FROM media
    WHERE state = 'pending' AND run_at <= ?
        AND (claimed_until IS NULL OR claimed_until < CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    ORDER BY run_at, id
    LIMIT ?
)
RETURNING id, workspace_id, channel_id, message_id, kind, source, tries, created_at
