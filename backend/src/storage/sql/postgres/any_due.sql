SELECT EXISTS (
    SELECT 1
    FROM jsonb_array_elements_text($1::jsonb) AS wanted (name)
    JOIN messages AS m ON m.limit_group = wanted.name AND m.state = 'queued' AND m.run_at <= $2
    JOIN channels AS c ON c.id = m.channel_id AND c.state = 'active' AND c.deleted_at IS NULL
) AS due
