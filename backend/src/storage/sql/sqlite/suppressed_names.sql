SELECT i.workspace_id, i.kind, i.value, s.scope, s.source, s.detail, s.channel_id, s.changed_at
FROM jsonb_each(?) AS wanted
CROSS JOIN contact_identities AS i
    ON i.workspace_id = unhex(wanted.value ->> 'workspace_id') AND i.kind = wanted.value ->> 'kind'
    AND i.value = wanted.value ->> 'value' AND i.retired_at IS NULL
CROSS JOIN suppressions AS s
    ON s.workspace_id = i.workspace_id AND s.contact_id = i.contact_id AND s.lifted_at IS NULL
