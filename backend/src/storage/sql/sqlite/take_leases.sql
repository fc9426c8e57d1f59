INSERT INTO leases (name, holder, epoch, expires_at)
SELECT wanted.value, ?2, 1, CAST(unixepoch('subsec') * 1000000 AS INTEGER) + ?3
FROM jsonb_each(?1) AS wanted
WHERE true
ON CONFLICT (name) DO UPDATE
SET epoch = leases.epoch + (leases.holder <> excluded.holder), holder = excluded.holder, expires_at = excluded.expires_at
WHERE leases.holder = excluded.holder
   OR leases.expires_at < CAST(unixepoch('subsec') * 1000000 AS INTEGER)
   OR ?4
RETURNING name, epoch
