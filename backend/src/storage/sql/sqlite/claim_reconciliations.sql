UPDATE reconciliations
SET claimed_by = ?, claimed_until = CAST(unixepoch('subsec') * 1000000 AS INTEGER) + ?
WHERE channel_id IN (
    SELECT channel_id FROM reconciliations
    WHERE run_at <= ? AND (claimed_until IS NULL OR claimed_until < CAST(unixepoch('subsec') * 1000000 AS INTEGER))
    ORDER BY run_at LIMIT ?
)
RETURNING channel_id, workspace_id, receipts_until, messages_until
