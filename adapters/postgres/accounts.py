"""Users and refresh sessions in PostgreSQL."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from typing_extensions import override

from adapters.postgres.database import PostgresDatabase
from domain.accounts.account import EXPIRED_KEPT, RefreshSession, User, email_key, is_theft
from domain.errors import ConflictError, EmailTakenError, ExpiredTokenError, InvalidTokenError, TokenReusedError
from domain.ports.accounts import RefreshSessions, Users


class PostgresUsers(Users):
    """Table ``users``; addresses are unique by ``domain.accounts.account.email_key``."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    @override
    async def add(self, user: User) -> None:
        try:
            await self._database.row(
                "INSERT INTO users (id, email, email_key, password_hash, created_at, last_login) "
                "VALUES ($1, $2, $3, $4, $5, $6)",
                UUID(user.id),
                user.email,
                email_key(user.email),
                user.password_hash,
                user.created_at,
                user.last_login,
            )
        except ConflictError as error:
            if await self.by_email(user.email) is None:
                raise
            raise EmailTakenError(f"An account for {user.email} exists already. Sign in instead.") from error

    @override
    async def by_email(self, email: str) -> User | None:
        if "\x00" in email:
            return None  # PostgreSQL has no such text
        return _user(await self._database.row("SELECT * FROM users WHERE email_key = $1", email_key(email)))

    @override
    async def by_id(self, user_id: str) -> User | None:
        identity = _uuid(user_id)
        if identity is None:
            return None
        return _user(await self._database.row("SELECT * FROM users WHERE id = $1", identity))

    @override
    async def record_login(self, user_id: str, at: datetime) -> None:
        await self._database.row("UPDATE users SET last_login = $1 WHERE id = $2", at, _uuid(user_id))


class PostgresRefreshSessions(RefreshSessions):
    """Tables ``refresh_families`` and ``refresh_sessions``.

    Rotation and revocation lock the family's row first: so a successor is never stored into a family that
    has just been revoked, and no deadlock is possible. A revoked family is deleted with its tokens.
    """

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    @override
    async def begin(self, session: RefreshSession) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(
                "DELETE FROM refresh_families f WHERE user_id = $1 AND NOT EXISTS "
                "(SELECT 1 FROM refresh_sessions s WHERE s.family_id = f.id AND s.expires_at >= $2)",
                UUID(session.user_id),
                session.created_at - EXPIRED_KEPT,
            )
            await connection.execute(
                "INSERT INTO refresh_families (id, user_id) VALUES ($1, $2)",
                UUID(session.family_id),
                UUID(session.user_id),
            )
            await _insert(connection, session)

    @override
    async def rotate(self, token_hash: str, successor: RefreshSession, now: datetime) -> RefreshSession:
        async with self._database.transaction() as connection:
            used = await _locked(connection, token_hash)
            if used is None:
                raise InvalidTokenError("This session has ended. Sign in again.")
            reused = is_theft(used, now)
            if reused:
                await connection.execute("DELETE FROM refresh_families WHERE id = $1", UUID(used.family_id))
            elif now >= used.expires_at:
                raise ExpiredTokenError("This session has expired. Sign in again.")
            else:
                if used.used_at is None:
                    await connection.execute(
                        "UPDATE refresh_sessions SET used_at = $1 WHERE family_id = $2 AND used_at IS NULL",
                        now,
                        UUID(used.family_id),
                    )
                await connection.execute(
                    "DELETE FROM refresh_sessions WHERE family_id = $1 AND expires_at < $2",
                    UUID(used.family_id),
                    now - EXPIRED_KEPT,
                )
                await _insert(connection, msgspec.structs.replace(successor, family_id=used.family_id))
        if reused:  # raised only now: the revocation has to be committed
            raise TokenReusedError("This session was used from two places and has been ended. Sign in again.")
        return msgspec.structs.replace(used, used_at=used.used_at or now)

    @override
    async def revoke_family(self, token_hash: str) -> None:
        await self._database.row(
            "DELETE FROM refresh_families WHERE id = (SELECT family_id FROM refresh_sessions WHERE token_hash = $1)",
            token_hash,
        )

    @override
    async def revoke_user(self, user_id: str) -> None:
        await self._database.row("DELETE FROM refresh_families WHERE user_id = $1", _uuid(user_id))

    @override
    async def expired(self, before: datetime) -> int:
        row = await self._database.row("SELECT count(*) AS found FROM refresh_sessions WHERE expires_at < $1", before)
        return int(row["found"])

    @override
    async def forget_expired(self, before: datetime) -> None:
        async with self._database.transaction() as connection:
            await connection.execute("DELETE FROM refresh_sessions WHERE expires_at < $1", before)
            # Locked, so that no other transaction puts a new token into a family that is going.
            await connection.execute(
                "DELETE FROM refresh_families WHERE id IN (SELECT f.id FROM refresh_families f WHERE NOT EXISTS "
                "(SELECT 1 FROM refresh_sessions s WHERE s.family_id = f.id) FOR UPDATE SKIP LOCKED)"
            )


async def _insert(connection: Any, session: RefreshSession) -> None:
    await connection.execute(
        "INSERT INTO refresh_sessions (token_hash, family_id, created_at, expires_at, used_at) "
        "VALUES ($1, $2, $3, $4, $5)",
        session.token_hash,
        UUID(session.family_id),
        session.created_at,
        session.expires_at,
        session.used_at,
    )


async def _locked(connection: Any, token_hash: str) -> RefreshSession | None:
    """Lock the family of a token, then read the token: a second statement sees what the one before us committed."""
    family = await connection.fetchrow(
        "SELECT id, user_id FROM refresh_families "
        "WHERE id = (SELECT family_id FROM refresh_sessions WHERE token_hash = $1) FOR UPDATE",
        token_hash,
    )
    if family is None:
        return None
    row = await connection.fetchrow("SELECT * FROM refresh_sessions WHERE token_hash = $1", token_hash)
    if row is None:
        return None
    return RefreshSession(
        token_hash=row["token_hash"],
        family_id=str(family["id"]),
        user_id=str(family["user_id"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        used_at=row["used_at"],
    )


def _user(row: Any) -> User | None:
    if row is None:
        return None
    return User(
        id=str(row["id"]),
        email=row["email"],
        password_hash=row["password_hash"],
        created_at=row["created_at"],
        last_login=row["last_login"],
    )


def _uuid(text: str) -> UUID | None:
    """Return an identifier as ours are written; None for anything else, which no row has."""
    try:
        identity = UUID(text)
    except ValueError:
        return None
    return identity if str(identity) == text else None
