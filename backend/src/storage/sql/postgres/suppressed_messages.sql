-- Whom the message was written for, and who has the name now that it goes to.
SELECT m.id AS message_id, s.scope, s.source, s.detail, s.channel_id, s.changed_at
FROM jsonb_to_recordset($1::jsonb) AS wanted (id uuid)
JOIN messages AS m ON m.id = wanted.id
CROSS JOIN LATERAL (
    SELECT coalesce(k.merged_into, k.id) AS id FROM contacts AS k WHERE k.id = m.contact_id
    UNION ALL
    SELECT i.contact_id FROM (VALUES ('phone'), ('bsuid')) AS sort (kind)
    JOIN contact_identities AS i ON i.workspace_id = m.workspace_id AND i.kind = sort.kind AND i.value = m.recipient
) AS person
JOIN suppressions AS s
    ON s.workspace_id = m.workspace_id AND s.contact_id = person.id AND s.lifted_at IS NULL
    AND (s.scope = 'all' OR m.class = 'marketing')
