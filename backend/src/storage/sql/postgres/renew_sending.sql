UPDATE messages AS m
SET claimed_until = now() + $2 * interval '1 microsecond'
FROM jsonb_to_recordset($1::jsonb) AS leaving (id uuid, attempt_id uuid)
WHERE m.id = leaving.id AND m.attempt_id = leaving.attempt_id AND m.state = 'sending' AND m.claimed_by = $4
  AND (m.expires_at IS NULL OR m.expires_at > $3)
  AND EXISTS (
      SELECT 1 FROM channels AS c
      WHERE c.id = m.channel_id AND c.state = 'active' AND c.deleted_at IS NULL AND c.limit_group = $5
  )
  AND EXISTS (
      SELECT 1 FROM leases AS l WHERE l.name = $5 AND l.epoch = $6 AND l.holder = $4 AND l.expires_at > now()
  )
  AND NOT EXISTS (
      SELECT 1 FROM suppressions AS s
      WHERE s.workspace_id = m.workspace_id AND s.lifted_at IS NULL AND (s.scope = 'all' OR m.class = 'marketing')
        AND s.contact_id IN (
            SELECT coalesce(k.merged_into, k.id) FROM contacts AS k WHERE k.id = m.contact_id
            UNION ALL
            SELECT i.contact_id FROM contact_identities AS i
            WHERE i.workspace_id = m.workspace_id AND i.kind IN ('phone', 'bsuid') AND i.value = m.recipient
        )
  )
RETURNING m.attempt_id
