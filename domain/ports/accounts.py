"""What the domain asks of accounts: users, sessions, passwords, tokens, limits."""

from abc import abstractmethod
from datetime import datetime, timedelta
from typing import Protocol

from domain.accounts.account import RefreshSession, TokenClaims, User


class Users(Protocol):
    """Who has an account?"""

    @abstractmethod
    async def add(self, user: User) -> None:
        """Raises EmailTakenError if the address is in use in any upper or lower case."""

    @abstractmethod
    async def by_email(self, email: str) -> User | None:
        """Compared case-insensitively."""

    @abstractmethod
    async def by_id(self, user_id: str) -> User | None: ...

    @abstractmethod
    async def record_login(self, user_id: str, at: datetime) -> None: ...


class RefreshSessions(Protocol):
    """Which refresh tokens are good?"""

    @abstractmethod
    async def begin(self, session: RefreshSession) -> None:
        """Store the first token of a family."""

    @abstractmethod
    async def rotate(self, token_hash: str, successor: RefreshSession, now: datetime) -> RefreshSession:
        """Use up a token and store its successor, as one step; return the session that was used.

        ``successor.family_id`` and ``successor.user_id`` are replaced by those of the used session. The first use of
        a token uses up every other token of its family; a repeated one within the grace
        (``domain.accounts.account.is_theft``)
        uses up none and does not renew the grace.

        Raises:
            InvalidTokenError: unknown or revoked.
            ExpiredTokenError: past its time.
            TokenReusedError: used before, and longer ago than the grace; the whole family has been revoked.
        """

    @abstractmethod
    async def revoke_family(self, token_hash: str) -> None:
        """End the family this token belongs to; an unknown token is no error."""

    @abstractmethod
    async def revoke_user(self, user_id: str) -> None:
        """End every session of a user."""

    @abstractmethod
    async def expired(self, before: datetime) -> int:
        """How many tokens ended before this time and are still kept."""

    @abstractmethod
    async def forget_expired(self, before: datetime) -> None:
        """Drop them; a token that ended later keeps its answer."""


class PasswordHasher(Protocol):
    """Is this the password? Slow on purpose, so it runs off the event loop and bounded."""

    @abstractmethod
    async def hash(self, password: str) -> str: ...

    @abstractmethod
    async def verify(self, password: str, password_hash: str | None) -> bool:
        """With None (unknown user) it takes the same time and answers False."""


class AccessTokens(Protocol):
    """Who does this token speak for?"""

    @abstractmethod
    def issue(self, user_id: str, now: datetime, lifetime: timedelta) -> str: ...

    @abstractmethod
    def verify(self, token: str, now: datetime) -> TokenClaims:
        """Raises InvalidTokenError, ExpiredTokenError."""


class RateLimiter(Protocol):
    """May this be tried again?"""

    @abstractmethod
    async def hit(self, key: str, limit: int, window: timedelta) -> None:
        """Count one attempt. Raises RateLimitedError(retryAfterSeconds=...) above ``limit`` per window."""
