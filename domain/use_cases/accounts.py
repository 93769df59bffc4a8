"""Accounts: register, sign in, stay signed in, sign out."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from domain.accounts.account import Account, RefreshSession, TokenClaims, User, account_of, check_email, check_password
from domain.errors import InvalidCredentialsError, UnauthenticatedError
from domain.ports.accounts import AccessTokens, PasswordHasher, RateLimiter, RefreshSessions, Users
from domain.ports.system import Clock, IdGenerator
from domain.struct import Struct

ACCESS_LIFETIME: Final = timedelta(minutes=15)  # short, because an access token cannot be taken back
REFRESH_LIFETIME: Final = timedelta(days=14)  # two weeks away from the desk still finds one signed in


class RateLimits(Struct, frozen=True):
    """How many attempts are allowed, per address and per account (docs/decisions/0011)."""

    logins_per_account: int = 10
    logins_per_address: int = 100
    registrations_per_address: int = 30
    window: timedelta = timedelta(minutes=15)


class SignedIn(Struct, frozen=True):
    """What a browser needs to act for a user. ``expires_in`` is in seconds."""

    access_token: str
    expires_in: int
    refresh_token: str
    refresh_expires_in: int


def token_hash(token: str) -> str:
    """What is stored of a refresh token. It has 256 random bits, so a plain SHA-256 cannot be reversed."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Open an account."""

    users: Users
    hasher: PasswordHasher
    limiter: RateLimiter
    id_generator: IdGenerator
    clock: Clock
    limits: RateLimits

    async def __call__(self, email: str, password: str, client: str) -> Account:
        """Return the new account.

        Args:
            email: kept as typed, compared case-insensitively.
            password: 10 characters to 72 bytes.
            client: the caller's network address, for the rate limit.

        Raises:
            InvalidEmailError, WeakPasswordError, EmailTakenError, RateLimitedError: as their names say.
        """
        await self.limiter.hit(f"register:{client}", self.limits.registrations_per_address, self.limits.window)
        user = User(
            id=self.id_generator.new(),
            email=check_email(email),
            password_hash=await self.hasher.hash(check_password(password)),
            created_at=self.clock.now(),
        )
        await self.users.add(user)
        return account_of(user)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """Issues the pair of tokens; shared by sign-in and refresh."""

    store: RefreshSessions
    tokens: AccessTokens
    id_generator: IdGenerator
    clock: Clock

    async def begin(self, user_id: str) -> SignedIn:
        """Start a new family of refresh tokens."""
        secret = self.id_generator.secret()
        await self.store.begin(self._session(secret, user_id, self.id_generator.new()))
        return self._signed_in(user_id, secret)

    async def rotate(self, refresh_token: str) -> SignedIn:
        """Use up a refresh token. Raises InvalidTokenError and its subclasses."""
        secret = self.id_generator.secret()
        successor = self._session(secret, user_id="", family_id="")
        used = await self.store.rotate(token_hash(refresh_token), successor, self.clock.now())
        return self._signed_in(used.user_id, secret)

    def _session(self, secret: str, user_id: str, family_id: str) -> RefreshSession:
        now = self.clock.now()
        return RefreshSession(
            token_hash=token_hash(secret),
            family_id=family_id,
            user_id=user_id,
            created_at=now,
            expires_at=now + REFRESH_LIFETIME,
        )

    def _signed_in(self, user_id: str, secret: str) -> SignedIn:
        return SignedIn(
            access_token=self.tokens.issue(user_id, self.clock.now(), ACCESS_LIFETIME),
            expires_in=int(ACCESS_LIFETIME.total_seconds()),
            refresh_token=secret,
            refresh_expires_in=int(REFRESH_LIFETIME.total_seconds()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """Sign in with e-mail and password."""

    users: Users
    hasher: PasswordHasher
    limiter: RateLimiter
    sessions: Sessions
    clock: Clock
    limits: RateLimits

    async def __call__(self, email: str, password: str, client: str) -> SignedIn:
        """Return fresh tokens.

        Raises:
            InvalidCredentialsError: unknown e-mail or wrong password; the same words after the same time.
            RateLimitedError: too many attempts from this address or on this account.
        """
        address = email.strip()
        await self.limiter.hit(f"login:address:{client}", self.limits.logins_per_address, self.limits.window)
        await self.limiter.hit(
            f"login:account:{token_hash(address.casefold())}", self.limits.logins_per_account, self.limits.window
        )
        user = await self.users.by_email(address)
        right = await self.hasher.verify(password, user.password_hash if user else None)
        if user is None or not right:
            raise InvalidCredentialsError("Wrong e-mail or password.")
        await self.users.record_login(user.id, self.clock.now())
        return await self.sessions.begin(user.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """Trade a refresh token for a new pair."""

    sessions: Sessions

    async def __call__(self, refresh_token: str | None) -> SignedIn:
        """Raises UnauthenticatedError without a token, InvalidTokenError and its subclasses with a bad one."""
        if not refresh_token:
            raise UnauthenticatedError("You are not signed in.")
        return await self.sessions.rotate(refresh_token)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOut:
    """Sign out of this browser. Without a token there is nothing to do."""

    store: RefreshSessions

    async def __call__(self, refresh_token: str | None) -> None:
        """End the family of this token."""
        if refresh_token:
            await self.store.revoke_family(token_hash(refresh_token))


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOutEverywhere:
    """Sign out of every browser. Access tokens already out live on for at most 15 minutes."""

    store: RefreshSessions

    async def __call__(self, user_id: str) -> None:
        """End every refresh session of the user."""
        await self.store.revoke_user(user_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticate:
    """Whom does an access token speak for? Not a coroutine: it asks no store."""

    tokens: AccessTokens
    clock: Clock

    def __call__(self, access_token: str) -> TokenClaims:
        """Raises InvalidTokenError, ExpiredTokenError."""
        return self.tokens.verify(access_token, self.clock.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class GetAccount:
    """Show the account behind a token."""

    users: Users

    async def __call__(self, user_id: str) -> Account:
        """Raises UnauthenticatedError if the account is gone."""
        user = await self.users.by_id(user_id)
        if user is None:
            raise UnauthenticatedError("This account no longer exists.")
        return account_of(user)
