-- One row after the other, by its key, whatever the planner thinks of the tables' sizes; in the order of their ids.
WITH people AS MATERIALIZED (
    SELECT m.contact_id AS id
    FROM jsonb_to_recordset($1::jsonb) AS wanted (id uuid)
    CROSS JOIN LATERAL (SELECT contact_id FROM messages WHERE id = wanted.id OFFSET 0) AS m
    UNION
    SELECT i.contact_id
    FROM jsonb_to_recordset($1::jsonb) AS wanted (id uuid)
    CROSS JOIN LATERAL (SELECT workspace_id, recipient FROM messages WHERE id = wanted.id OFFSET 0) AS m
    CROSS JOIN (VALUES ('phone'), ('bsuid')) AS sort (kind)
    CROSS JOIN LATERAL (
        SELECT contact_id FROM contact_identities
        WHERE workspace_id = m.workspace_id AND kind = sort.kind AND value = m.recipient
        OFFSET 0
    ) AS i
    ORDER BY 1
)
SELECT k.id
FROM people
CROSS JOIN LATERAL (SELECT id FROM contacts WHERE id = people.id FOR KEY SHARE) AS k
