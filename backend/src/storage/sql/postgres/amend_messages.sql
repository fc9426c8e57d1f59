UPDATE messages AS m
SET kind = r.kind, content = r.content, context = r.context, updated_at = $2
FROM jsonb_to_recordset($1::jsonb) AS r (id uuid, kind text, content jsonb, context jsonb)
WHERE m.id = r.id
