SELECT i.workspace_id, i.kind, i.value, s.scope, s.source, s.detail, s.channel_id, s.changed_at
FROM jsonb_to_recordset($1::jsonb) AS wanted (workspace_id uuid, kind text, value text)
JOIN contact_identities AS i
    ON i.workspace_id = wanted.workspace_id AND i.kind = wanted.kind AND i.value = wanted.value AND i.retired_at IS NULL
JOIN suppressions AS s
    ON s.workspace_id = i.workspace_id AND s.contact_id = i.contact_id AND s.lifted_at IS NULL
