SELECT i.workspace_id, i.kind, i.value, i.contact_id, i.valid_from, i.retired_at
FROM jsonb_each(?) AS wanted
CROSS JOIN contact_identities AS i
WHERE i.workspace_id = unhex(wanted.value ->> 'workspace_id')
  AND i.kind = wanted.value ->> 'kind'
  AND i.value = wanted.value ->> 'value'
