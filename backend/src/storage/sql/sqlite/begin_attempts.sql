UPDATE messages
SET state = 'sending', attempt = attempt + 1, attempt_id = granted.attempt_id,
    claimed_until = CAST(unixepoch('subsec') * 1000000 AS INTEGER) + ?2, updated_at = ?3
FROM (
    SELECT unhex(value ->> 'id') AS id, unhex(value ->> 'attempt_id') AS attempt_id,
        value ->> 'limit_group' AS limit_group, value ->> 'epoch' AS epoch
    FROM jsonb_each(?1)
) AS granted
WHERE messages.id = granted.id AND messages.state = 'claimed' AND messages.claimed_by = ?4
  AND (messages.expires_at IS NULL OR messages.expires_at > ?3)
  AND EXISTS (
      SELECT 1 FROM channels AS c
      WHERE c.id = messages.channel_id AND c.state = 'active' AND c.deleted_at IS NULL AND c.limit_group = granted.limit_group
  )
  AND EXISTS (
      SELECT 1 FROM leases
      WHERE name = granted.limit_group AND epoch = granted.epoch AND holder = ?4
        AND expires_at > CAST(unixepoch('subsec') * 1000000 AS INTEGER)
  )
  AND NOT EXISTS (
      SELECT 1 FROM contacts AS k
      CROSS JOIN suppressions AS s
          ON s.workspace_id = messages.workspace_id AND s.contact_id = coalesce(k.merged_into, k.id)
          AND s.lifted_at IS NULL AND (s.scope = 'all' OR messages.class = 'marketing')
      WHERE k.id = messages.contact_id
  )
  AND NOT EXISTS (
      SELECT 1 FROM contact_identities AS i
      CROSS JOIN suppressions AS s
          ON s.workspace_id = messages.workspace_id AND s.contact_id = i.contact_id
          AND s.lifted_at IS NULL AND (s.scope = 'all' OR messages.class = 'marketing')
      WHERE i.workspace_id = messages.workspace_id AND i.kind IN ('phone', 'bsuid') AND i.value = messages.recipient
  )
RETURNING messages.id, messages.workspace_id, messages.channel_id, messages.attempt, messages.attempt_id
