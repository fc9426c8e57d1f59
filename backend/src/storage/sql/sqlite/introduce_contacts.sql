UPDATE contacts
SET name = coalesce(contacts.name, told.name), username = coalesce(told.username, contacts.username), updated_at = ?2
FROM (
    SELECT unhex(value ->> 'id') AS id, value ->> 'name' AS name, value ->> 'username' AS username FROM jsonb_each(?1)
) AS told
WHERE contacts.id = told.id
  AND ((contacts.name IS NULL AND told.name IS NOT NULL) OR (told.username IS NOT NULL AND contacts.username IS NOT told.username))
