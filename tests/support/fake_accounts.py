"""Fakes of the ports around accounts, as plain as can be: the contract suites hold them to what the adapters do."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from typing_extensions import override

from domain.accounts.account import RefreshSession, User, email_key, is_theft
from domain.errors import ConflictError, EmailTakenError, ExpiredTokenError, InvalidTokenError, TokenReusedError
from domain.ports.accounts import PasswordHasher, RefreshSessions, Users

KEPT_AFTER_EXPIRY = timedelta(days=30)


class FastHasher(PasswordHasher):
    """Hashes once, in no time, and unsafely."""

    @override
    async def hash(self, password: str) -> str:
        return hashlib.sha256(password.encode(errors="surrogatepass")).hexdigest()

    @override
    async def verify(self, password: str, password_hash: str | None) -> bool:
        return await self.hash(password) == password_hash


@dataclass
class InMemoryUsers(Users):
    """Users in a dictionary."""

    users: dict[str, User] = field(default_factory=dict)

    @override
    async def add(self, user: User) -> None:
        if await self.by_email(user.email):
            raise EmailTakenError("taken")
        if user.id in self.users:
            raise ConflictError("stored already")
        self.users[user.id] = user

    @override
    async def by_email(self, email: str) -> User | None:
        return next((user for user in self.users.values() if email_key(user.email) == email_key(email)), None)

    @override
    async def by_id(self, user_id: str) -> User | None:
        return self.users.get(user_id)

    @override
    async def record_login(self, user_id: str, at: datetime) -> None:
        if user_id in self.users:
            self.users[user_id] = msgspec.structs.replace(self.users[user_id], last_login=at)


@dataclass
class InMemoryRefreshSessions(RefreshSessions):
    """Sessions in a dictionary by the hash of their token."""

    sessions: dict[str, RefreshSession] = field(default_factory=dict)

    @override
    async def begin(self, session: RefreshSession) -> None:
        oldest = session.created_at - KEPT_AFTER_EXPIRY
        self._drop(lambda other: other.user_id == session.user_id and other.expires_at < oldest)
        self.sessions[session.token_hash] = session

    @override
    async def rotate(self, token_hash: str, successor: RefreshSession, now: datetime) -> RefreshSession:
        session = self.sessions.get(token_hash)
        if session is None:
            raise InvalidTokenError("unknown")
        if is_theft(session, now):
            self._drop(lambda other: other.family_id == session.family_id)
            raise TokenReusedError("reused")
        if now >= session.expires_at:
            raise ExpiredTokenError("expired")
        if session.used_at is None:
            for key, other in self.sessions.items():
                if other.family_id == session.family_id and other.used_at is None:
                    self.sessions[key] = msgspec.structs.replace(other, used_at=now)
        self.sessions[successor.token_hash] = msgspec.structs.replace(
            successor, family_id=session.family_id, user_id=session.user_id
        )
        return self.sessions[token_hash]

    @override
    async def revoke_family(self, token_hash: str) -> None:
        session = self.sessions.get(token_hash)
        if session is not None:
            self._drop(lambda other: other.family_id == session.family_id)

    @override
    async def expired(self, before: datetime) -> int:
        return sum(session.expires_at < before for session in self.sessions.values())

    @override
    async def forget_expired(self, before: datetime) -> None:
        self._drop(lambda session: session.expires_at < before)

    @override
    async def revoke_user(self, user_id: str) -> None:
        self._drop(lambda other: other.user_id == user_id)

    def _drop(self, unwanted: Callable[[RefreshSession], bool]) -> None:
        self.sessions = {key: session for key, session in self.sessions.items() if not unwanted(session)}
