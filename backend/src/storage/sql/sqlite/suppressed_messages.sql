-- Whom the message was written for, and who has the name now that it goes to.
SELECT m.id AS message_id, s.scope, s.source, s.detail, s.channel_id, s.changed_at
FROM jsonb_each(?1) AS wanted
CROSS JOIN messages AS m ON m.id = unhex(wanted.value ->> 'id')
CROSS JOIN contacts AS k ON k.id = m.contact_id
CROSS JOIN suppressions AS s
    ON s.workspace_id = m.workspace_id AND s.contact_id = coalesce(k.merged_into, k.id) AND s.lifted_at IS NULL
    AND (s.scope = 'all' OR m.class = 'marketing')
UNION ALL
SELECT m.id AS message_id, s.scope, s.source, s.detail, s.channel_id, s.changed_at
FROM jsonb_each(?1) AS wanted
CROSS JOIN messages AS m ON m.id = unhex(wanted.value ->> 'id')
CROSS JOIN contact_identities AS i
    ON i.workspace_id = m.workspace_id AND i.kind IN ('phone', 'bsuid') AND i.value = m.recipient
CROSS JOIN suppressions AS s
    ON s.workspace_id = m.workspace_id AND s.contact_id = i.contact_id AND s.lifted_at IS NULL
    AND (s.scope = 'all' OR m.class = 'marketing')
