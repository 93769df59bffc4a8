"""Users and refresh sessions in SQLite."""

from datetime import datetime
from typing import Final

import msgspec
from typing_extensions import override

from adapters.sqlite.database import Row, SqliteDatabase
from domain.accounts.account import EXPIRED_KEPT, RefreshSession, User, email_key, is_theft
from domain.errors import ConflictError, EmailTakenError, ExpiredTokenError, InvalidTokenError, TokenReusedError
from domain.ports.accounts import RefreshSessions, Users


class SqliteUsers(Users):
    """Table ``users``; addresses are unique by ``domain.accounts.account.email_key``."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    @override
    async def add(self, user: User) -> None:
        try:
            await self._database.rows(
                "INSERT INTO users (id, email, email_key, password_hash, created_at, last_login) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (
                    user.id,
                    user.email,
                    email_key(user.email),
                    user.password_hash,
                    user.created_at.isoformat(),
                    _text(user.last_login),
                ),
            )
        except ConflictError as error:
            if await self.by_email(user.email) is None:
                raise
            raise EmailTakenError(f"An account for {user.email} exists already. Sign in instead.") from error

    @override
    async def by_email(self, email: str) -> User | None:
        return _user(await self._database.row("SELECT * FROM users WHERE email_key = ?", (email_key(email),)))

    @override
    async def by_id(self, user_id: str) -> User | None:
        return _user(await self._database.row("SELECT * FROM users WHERE id = ?", (user_id,)))

    @override
    async def record_login(self, user_id: str, at: datetime) -> None:
        await self._database.rows("UPDATE users SET last_login = ? WHERE id = ?", (at.isoformat(), user_id))


class SqliteRefreshSessions(RefreshSessions):
    """Table ``refresh_sessions``; the rows of a revoked family are deleted, so its tokens are unknown."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    @override
    async def begin(self, session: RefreshSession) -> None:
        forgotten = (session.created_at - EXPIRED_KEPT).isoformat()
        async with self._database.transaction() as transaction:
            await transaction.row(
                "DELETE FROM refresh_sessions WHERE user_id = ? AND expires_at < ?", (session.user_id, forgotten)
            )
            await transaction.row(_INSERT_SESSION, _session_parameters(session))

    @override
    async def rotate(self, token_hash: str, successor: RefreshSession, now: datetime) -> RefreshSession:
        async with self._database.transaction() as transaction:
            row = await transaction.row("SELECT * FROM refresh_sessions WHERE token_hash = ?", (token_hash,))
            if row is None:
                raise InvalidTokenError("This session has ended. Sign in again.")
            used = _session(row)
            reused = is_theft(used, now)
            if reused:
                await transaction.row("DELETE FROM refresh_sessions WHERE family_id = ?", (used.family_id,))
            elif now >= used.expires_at:
                raise ExpiredTokenError("This session has expired. Sign in again.")
            else:
                if used.used_at is None:
                    await transaction.row(
                        "UPDATE refresh_sessions SET used_at = ? WHERE family_id = ? AND used_at IS NULL",
                        (now.isoformat(), used.family_id),
                    )
                heir = msgspec.structs.replace(successor, family_id=used.family_id, user_id=used.user_id)
                await transaction.row(_INSERT_SESSION, _session_parameters(heir))
        if reused:  # raised only now: the revocation has to be committed
            raise TokenReusedError("This session was used from two places and has been ended. Sign in again.")
        return msgspec.structs.replace(used, used_at=used.used_at or now)

    @override
    async def revoke_family(self, token_hash: str) -> None:
        await self._database.rows(
            "DELETE FROM refresh_sessions WHERE family_id IN "
            "(SELECT family_id FROM refresh_sessions WHERE token_hash = ?)",
            (token_hash,),
        )

    @override
    async def revoke_user(self, user_id: str) -> None:
        await self._database.rows("DELETE FROM refresh_sessions WHERE user_id = ?", (user_id,))

    @override
    async def expired(self, before: datetime) -> int:
        row = await self._database.row(
            "SELECT count(*) AS found FROM refresh_sessions WHERE expires_at < ?", (before.isoformat(),)
        )
        return int(row["found"]) if row else 0

    @override
    async def forget_expired(self, before: datetime) -> None:
        await self._database.rows("DELETE FROM refresh_sessions WHERE expires_at < ?", (before.isoformat(),))


_INSERT_SESSION: Final = (
    "INSERT INTO refresh_sessions (token_hash, family_id, user_id, created_at, expires_at, used_at) "
    "VALUES (?, ?, ?, ?, ?, ?)"
)


def _session_parameters(session: RefreshSession) -> tuple[object, ...]:
    return (
        session.token_hash,
        session.family_id,
        session.user_id,
        session.created_at.isoformat(),
        session.expires_at.isoformat(),
        _text(session.used_at),
    )


def _session(row: Row) -> RefreshSession:
    return RefreshSession(
        token_hash=row["token_hash"],
        family_id=row["family_id"],
        user_id=row["user_id"],
        created_at=datetime.fromisoformat(row["created_at"]),
        expires_at=datetime.fromisoformat(row["expires_at"]),
        used_at=_time(row["used_at"]),
    )


def _user(row: Row | None) -> User | None:
    if row is None:
        return None
    return User(
        id=row["id"],
        email=row["email"],
        password_hash=row["password_hash"],
        created_at=datetime.fromisoformat(row["created_at"]),
        last_login=_time(row["last_login"]),
    )


def _text(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
