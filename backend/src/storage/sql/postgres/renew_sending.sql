-- Rows are found by their ids. The state is compared so that no index on it is used instead: right after a burst the planner
-- takes the claimed rows to be few, and would compare all of them with each id.
UPDATE messages AS m
SET claimed_until = now() + $2 * interval '1 microsecond'
FROM jsonb_to_recordset($1::jsonb) AS leaving (id uuid, attempt_id uuid)
WHERE m.id = leaving.id AND m.attempt_id = leaving.attempt_id AND m.state || '' = 'sending' AND m.claimed_by = $4
  AND (m.expires_at IS NULL OR m.expires_at > $3)
  AND EXISTS (
      SELECT 1 FROM channels AS c
      WHERE c.id = m.channel_id AND c.state = 'active' AND c.deleted_at IS NULL AND c.limit_group = $5
  )
  AND EXISTS (
      SELECT 1 FROM leases AS l WHERE l.name = $5 AND l.epoch = $6 AND l.holder = $4 AND l.expires_at > now()
  )
  AND NOT EXISTS (
      SELECT 1 FROM contacts AS k
      JOIN suppressions AS s
          ON s.workspace_id = m.workspace_id AND s.contact_id = coalesce(k.merged_into, k.id) AND s.lifted_at IS NULL
          AND (s.scope = 'all' OR m.class = 'marketing')
      WHERE k.id = m.contact_id
      OFFSET 0
  )
  AND NOT EXISTS (
      SELECT 1 FROM (VALUES ('phone'), ('bsuid')) AS sort (kind)
      JOIN contact_identities AS i ON i.workspace_id = m.workspace_id AND i.kind = sort.kind AND i.value = m.recipient
      JOIN suppressions AS s
          ON s.workspace_id = m.workspace_id AND s.contact_id = i.contact_id AND s.lifted_at IS NULL
          AND (s.scope = 'all' OR m.class = 'marketing')
      OFFSET 0
  )
RETURNING m.attempt_id
