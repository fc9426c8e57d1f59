SELECT k.id FROM contacts AS k
WHERE k.id IN (
    SELECT m.contact_id FROM jsonb_to_recordset($1::jsonb) AS wanted (id uuid) JOIN messages AS m ON m.id = wanted.id
    UNION
    SELECT i.contact_id
    FROM jsonb_to_recordset($1::jsonb) AS wanted (id uuid)
    JOIN messages AS m ON m.id = wanted.id
    JOIN contact_identities AS i
        ON i.workspace_id = m.workspace_id AND i.kind IN ('phone', 'bsuid') AND i.value = m.recipient
)
ORDER BY k.id
FOR KEY SHARE OF k
