CREATE TABLE reports (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL,
    status     TEXT NOT NULL,
    created_at INTEGER NOT NULL, -- microseconds since 1970
    document   TEXT NOT NULL
) STRICT;
CREATE INDEX reports_of_user ON reports (user_id, created_at DESC, id DESC);
CREATE INDEX reports_unfinished ON reports (status) WHERE status = 'queued';
