UPDATE contact_identities
SET valid_from = coalesce(r.valid_from, contact_identities.valid_from), retired_at = r.retired_at
FROM (
    SELECT unhex(value ->> 'workspace_id') AS workspace_id, unhex(value ->> 'contact_id') AS contact_id,
        value ->> 'kind' AS kind, value ->> 'value' AS name, value ->> 'valid_from' AS valid_from,
        value ->> 'retired_at' AS retired_at
    FROM jsonb_each(?)
) AS r
WHERE contact_identities.workspace_id = r.workspace_id AND contact_identities.kind = r.kind
  AND contact_identities.value = r.name AND contact_identities.contact_id = r.contact_id
  AND (contact_identities.valid_from IS NULL OR contact_identities.valid_from <= coalesce(r.retired_at, r.valid_from))
  AND (contact_identities.retired_at IS NULL OR contact_identities.retired_at < coalesce(r.retired_at, r.valid_from))
RETURNING kind, value, retired_at
