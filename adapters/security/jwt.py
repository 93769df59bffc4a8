"""Access tokens as JSON Web Tokens (RFC 7519), signed with HMAC-SHA-256."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

import jwt
import msgspec
from typing_extensions import override

from domain.accounts.account import TokenClaims
from domain.errors import ConfigurationError, ExpiredTokenError, InvalidTokenError
from domain.ports.accounts import AccessTokens
from domain.struct import Struct

ALGORITHM: Final = "HS256"
MIN_KEY_BYTES: Final = 32  # RFC 7518 section 3.2: a key at least as long as the hash
MAX_TOKEN_CHARACTERS: Final = 2048  # ours have about 300: what is longer is not worth decoding
REMEMBERED: Final = 4096  # verified tokens, at most 8 MB of text: spares a busy API most of its signature checks

# Times are judged against the clock of the port, not the machine's; issuer, audience and signature by PyJWT.
_OPTIONS: Final[jwt.types.Options] = {
    "require": ["exp", "iat", "iss", "aud", "sub"],
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}


class _TokenPayload(Struct, frozen=True):
    """The claims we use; whole seconds since 1970."""

    sub: str
    iat: int
    exp: int


class JwtAccessTokens(AccessTokens):
    """Signs and checks tokens for one issuer and one audience, with no leeway.

    A signature that was found good is remembered (its times are looked at again each time), which changes
    nothing: these tokens cannot be taken back, only run out.
    """

    def __init__(self, key: bytes, issuer: str, audience: str) -> None:
        """Take the key.

        Raises:
            ConfigurationError: it has under 32 bytes.
        """
        if len(key) < MIN_KEY_BYTES:
            raise ConfigurationError(
                f"DRIFTLINE_JWT_SECRET has {len(key)} bytes; use at least {MIN_KEY_BYTES} random ones "
                "(for example: openssl rand -base64 48).",
                settings=["JWT_SECRET"],
            )
        self._key = key
        self._issuer = issuer
        self._audience = audience
        self._payload = lru_cache(maxsize=REMEMBERED)(self._decoded)  # raises are not remembered

    @override
    def issue(self, user_id: str, now: datetime, lifetime: timedelta) -> str:
        return jwt.encode(
            {
                "sub": user_id,
                "iat": int(now.timestamp()),
                "exp": int((now + lifetime).timestamp()),
                "iss": self._issuer,
                "aud": self._audience,
            },
            self._key,
            algorithm=ALGORITHM,
        )

    @override
    def verify(self, token: str, now: datetime) -> TokenClaims:
        if len(token) > MAX_TOKEN_CHARACTERS:
            raise _invalid()
        payload = self._payload(token)
        seconds = now.timestamp()
        if seconds < payload.iat:
            raise _invalid()
        if seconds >= payload.exp:
            raise ExpiredTokenError("This session has expired. Sign in again.")
        return TokenClaims(user_id=payload.sub, expires_at=datetime.fromtimestamp(payload.exp, UTC))

    def _decoded(self, token: str) -> _TokenPayload:
        try:
            raw = jwt.decode(
                token,
                self._key,
                algorithms=[ALGORITHM],
                issuer=self._issuer,
                audience=self._audience,
                options=_OPTIONS,
            )
            payload = msgspec.convert(raw, _TokenPayload)
            datetime.fromtimestamp(payload.exp, UTC)
        except (jwt.PyJWTError, msgspec.ValidationError, ValueError, OverflowError, OSError) as error:
            raise _invalid() from error
        return payload


def _invalid() -> InvalidTokenError:
    return InvalidTokenError("This session is not valid. Sign in again.")
