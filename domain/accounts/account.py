"""Who uses Driftline: users, the rules of a password, and what a session proves."""

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Final

from domain.errors import InvalidEmailError, WeakPasswordError
from domain.struct import Struct

MIN_PASSWORD_CHARACTERS: Final = 10  # NIST SP 800-63B asks for 8 or more
MAX_PASSWORD_BYTES: Final = 72  # bcrypt reads no further, so more would be silently ignored
# A page that is left while it renews its session never sees the answer: as long as a slow answer and the next page's
# start take together.
REUSE_GRACE: Final = timedelta(seconds=10)
MAX_EMAIL_CHARACTERS: Final = 254  # RFC 5321 section 4.5.3.1.3, minus the angle brackets

# One @, no spaces, a dot in the domain: enough to catch typing errors; only a mail could prove more.
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
EXPIRED_KEPT: Final = timedelta(days=30)  # for so long the holder of an old token reads "expired" and not "unknown"


class User(Struct, frozen=True):
    """An account. ``email`` is kept as typed and compared case-insensitively."""

    id: str
    email: str
    password_hash: str
    created_at: datetime
    last_login: datetime | None = None


class Account(Struct, frozen=True):
    """What may be shown of a user."""

    id: str
    email: str
    created_at: datetime


class TokenClaims(Struct, frozen=True):
    """What a valid access token says: the user, and until when."""

    user_id: str
    expires_at: datetime


class RefreshSession(Struct, frozen=True):
    """One link in a chain of refresh tokens. Only the SHA-256 of a token is ever stored.

    A family begins at login; each refresh uses up one token and issues the next in the same family. A used
    token that comes again proves theft or a lost answer: the family is revoked (RFC 9700 section 4.14.2). We depart
    from it for ``REUSE_GRACE`` after the first use, when a lost answer is the likelier: the token then gets another
    successor. Only one successor can go on, though: the first use of a token uses up all others of its family, so a
    thief inside the grace is found out as soon as either side renews again.
    """

    token_hash: str
    family_id: str
    user_id: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


def is_theft(session: RefreshSession, now: datetime) -> bool:
    """Whether using this token now is a reuse that a lost answer does not explain."""
    return session.used_at is not None and now - session.used_at >= REUSE_GRACE


def account_of(user: User) -> Account:
    """Show a user without what is secret."""
    return Account(id=user.id, email=user.email, created_at=user.created_at)


def check_email(email: str) -> str:
    """Return the address without surrounding blanks.

    Raises:
        InvalidEmailError: it has no valid form or over 254 characters.
    """
    trimmed = email.strip()
    # Not printable are control characters, which no address has and not every store can hold.
    if len(trimmed) > MAX_EMAIL_CHARACTERS or not trimmed.isprintable() or not _EMAIL.fullmatch(trimmed):
        raise InvalidEmailError("Enter an e-mail address such as name@example.com.", field="email")
    return trimmed


def email_key(email: str) -> str:
    """What two spellings of one address have in common: full case folding and one form for accents.

    Stores compare by it, so that all of them agree beyond ASCII too (Unicode 16.0 section 5.18, caseless matching).
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", email.strip()).casefold())


def check_password(password: str) -> str:
    """Return the password if it may be used.

    Raises:
        WeakPasswordError: under 10 characters or over 72 bytes of UTF-8.
    """
    if len(password) < MIN_PASSWORD_CHARACTERS:
        raise WeakPasswordError(
            f"The password has {len(password)} characters; use at least {MIN_PASSWORD_CHARACTERS}.",
            field="password",
            minCharacters=MIN_PASSWORD_CHARACTERS,
        )
    size = len(password.encode())
    if size > MAX_PASSWORD_BYTES:
        raise WeakPasswordError(
            f"The password has {size} bytes; use at most {MAX_PASSWORD_BYTES}.",
            field="password",
            maxBytes=MAX_PASSWORD_BYTES,
        )
    return password
