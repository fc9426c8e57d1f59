-- Whom the message was written for, and who has the name now that it goes to.
SELECT m.id AS message_id, s.scope, s.source, s.detail, s.channel_id, s.changed_at
FROM json_each(?) AS wanted
CROSS JOIN messages AS m ON m.id = unhex(wanted.value ->> 'id')
CROSS JOIN suppressions AS s
    ON s.workspace_id = m.workspace_id AND s.lifted_at IS NULL AND (s.scope = 'all' OR m.class = 'marketing')
    AND s.contact_id IN (
        SELECT coalesce(k.merged_into, k.id) FROM contacts AS k WHERE k.id = m.contact_id
        UNION ALL
        SELECT i.contact_id FROM contact_identities AS i
        WHERE i.workspace_id = m.workspace_id AND i.kind IN ('phone', 'bsuid') AND i.value = m.recipient
    )
