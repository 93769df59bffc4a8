CREATE TABLE users (
    id            uuid PRIMARY KEY,
    email         varchar NOT NULL CONSTRAINT users_email_unique UNIQUE,
    -- domain.accounts.email_key: compared instead of lower(email), whose answer depends on the server's locale
    email_key     varchar NOT NULL CONSTRAINT users_email_key_unique UNIQUE,
    password_hash text NOT NULL,
    created_at    timestamptz NOT NULL,
    last_login    timestamptz
);

-- One row per sign-in. It is what rotations of the family's tokens lock; when it goes, so do the tokens.
CREATE TABLE refresh_families (
    id      uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE
);
CREATE INDEX refresh_families_user ON refresh_families (user_id);

CREATE TABLE refresh_sessions (
    token_hash text PRIMARY KEY,
    family_id  uuid NOT NULL REFERENCES refresh_families ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX refresh_sessions_family ON refresh_sessions (family_id, expires_at);
