UPDATE contact_identities AS i
SET valid_from = coalesce(r.valid_from, i.valid_from), retired_at = r.retired_at
FROM jsonb_to_recordset($1::jsonb) AS r (
    workspace_id uuid, contact_id uuid, kind text, value text, valid_from timestamptz, retired_at timestamptz
)
WHERE i.workspace_id = r.workspace_id AND i.kind = r.kind AND i.value = r.value AND i.contact_id = r.contact_id
  AND (i.valid_from IS NULL OR i.valid_from <= coalesce(r.retired_at, r.valid_from))
  AND (i.retired_at IS NULL OR i.retired_at < coalesce(r.retired_at, r.valid_from))
RETURNING i.kind, i.value, i.retired_at
