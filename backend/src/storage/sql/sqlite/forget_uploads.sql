DELETE FROM media_uploads
WHERE (media_id, channel_id) IN (
    SELECT u.media_id, u.channel_id
    FROM jsonb_each(?) AS used
    JOIN media AS m
        ON m.id = unhex(used.value ->> 'media_id') AND m.workspace_id = unhex(used.value ->> 'workspace_id')
    JOIN media_uploads AS u
        ON u.media_id = m.id AND u.channel_id = unhex(used.value ->> 'channel_id')
        AND u.uploaded_at <= used.value ->> 'left_at'
)
