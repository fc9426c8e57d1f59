UPDATE messages
SET state = 'cancelled', hold_reason = NULL, updated_at = ?2
WHERE id IN (
    SELECT m.id
    FROM channels AS c
    CROSS JOIN messages AS m ON m.channel_id = c.id AND m.state = 'queued'
    WHERE c.workspace_id = ?1 AND m.workspace_id = ?1 AND m.created_at <= ?2
      AND (?3 IS NULL OR c.id = ?3)
      AND (?4 IS NULL OR m.class = ?4)
      AND (?5 IS NULL OR m.contact_id IN (SELECT unhex(value) FROM jsonb_each(?5)))
      AND (?6 IS NULL OR m.client_reference = ?6)
      AND (?7 IS NULL OR m.created_at < ?7)
      AND (?8 IS NULL OR m.created_at >= ?8)
    LIMIT ?9
)
RETURNING messages.id AS id, messages.channel_id AS channel_id
