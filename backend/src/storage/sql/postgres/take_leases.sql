INSERT INTO leases (name, holder, epoch, expires_at)
SELECT wanted.name, $2, 1, now() + $3 * interval '1 microsecond'
FROM jsonb_array_elements_text($1::jsonb) AS wanted (name)
ON CONFLICT (name) DO UPDATE
SET epoch = leases.epoch + (leases.holder <> excluded.holder)::int, holder = excluded.holder, expires_at = excluded.expires_at
WHERE leases.holder = excluded.holder OR leases.expires_at < now() OR $4
RETURNING name, epoch
