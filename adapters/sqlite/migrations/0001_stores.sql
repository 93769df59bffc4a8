CREATE TABLE users (
    id            TEXT PRIMARY KEY,
    email         TEXT NOT NULL,
    email_key     TEXT NOT NULL UNIQUE, -- domain.accounts.email_key: SQLite's own lower() knows ASCII only
    password_hash TEXT NOT NULL,
    created_at    TEXT NOT NULL,
    last_login    TEXT
) STRICT;

-- A revoked family is simply gone.
CREATE TABLE refresh_sessions (
    token_hash TEXT PRIMARY KEY,
    family_id  TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at    TEXT
) STRICT;
CREATE INDEX refresh_sessions_family ON refresh_sessions (family_id);
CREATE INDEX refresh_sessions_user ON refresh_sessions (user_id);

-- The newest version of every dataset. The name belongs to all versions and is kept here alone, so that a
-- worker's late write cannot undo a rename.
CREATE TABLE datasets (
    id           TEXT PRIMARY KEY,
    user_id      TEXT NOT NULL,
    dataset_name TEXT NOT NULL,
    version      INTEGER NOT NULL,
    status       TEXT NOT NULL,
    uploaded_at  INTEGER NOT NULL, -- microseconds since 1970
    document     TEXT NOT NULL
) STRICT;
CREATE INDEX datasets_of_user ON datasets (user_id, uploaded_at DESC, id DESC);
CREATE INDEX datasets_unfinished ON datasets (status) WHERE status IN ('uploaded', 'processing', 'deleting');

CREATE TABLE older_versions (
    id       TEXT NOT NULL,
    version  INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;

-- Keeping the old version belongs to the one statement that sets the new one.
CREATE TRIGGER keep_older_version AFTER UPDATE OF version ON datasets WHEN new.version > old.version
BEGIN
    INSERT INTO older_versions (id, version, document) VALUES (old.id, old.version, old.document);
END;
CREATE TRIGGER forget_older_versions AFTER DELETE ON datasets
BEGIN
    DELETE FROM older_versions WHERE id = old.id;
END;

CREATE TABLE analyses (
    dataset_id TEXT NOT NULL,
    version    INTEGER NOT NULL,
    metric     TEXT NOT NULL,
    field      TEXT NOT NULL,
    created_at TEXT NOT NULL,
    document   TEXT NOT NULL,
    PRIMARY KEY (dataset_id, version, metric, field)
) STRICT;
