SELECT i.workspace_id, i.kind, i.value, i.contact_id, i.valid_from, i.retired_at
FROM jsonb_to_recordset($1::jsonb) AS wanted (workspace_id uuid, kind text, value text)
JOIN contact_identities AS i
  ON i.workspace_id = wanted.workspace_id AND i.kind = wanted.kind AND i.value = wanted.value
