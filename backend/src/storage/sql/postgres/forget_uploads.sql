WITH doubted AS (
    SELECT u.media_id, u.channel_id
    FROM jsonb_to_recordset($1::jsonb) AS used (media_id uuid, channel_id uuid, workspace_id uuid, left_at timestamptz)
    JOIN media AS m ON m.id = used.media_id AND m.workspace_id = used.workspace_id
    JOIN media_uploads AS u
        ON u.media_id = used.media_id AND u.channel_id = used.channel_id AND u.uploaded_at <= used.left_at
    ORDER BY u.media_id, u.channel_id
    FOR UPDATE OF u
)
DELETE FROM media_uploads AS u
USING doubted
WHERE u.media_id = doubted.media_id AND u.channel_id = doubted.channel_id
