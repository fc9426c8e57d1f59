UPDATE contacts AS c
SET name = coalesce(c.name, told.name), username = coalesce(told.username, c.username), updated_at = $2
FROM jsonb_to_recordset($1::jsonb) AS told (id uuid, name text, username text)
WHERE c.id = told.id
  AND ((c.name IS NULL AND told.name IS NOT NULL) OR (told.username IS NOT NULL AND c.username IS DISTINCT FROM told.username))
