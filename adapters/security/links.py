"""Links to files that the service hands out itself: signed like access tokens (RFC 7519), for another audience."""

from datetime import timedelta
from typing import Final

import jwt
import msgspec
from typing_extensions import override

from adapters.security.jwt import ALGORITHM, MAX_TOKEN_CHARACTERS
from domain.datasets.storage_keys import check_key
from domain.errors import LinkExpiredError, NotFoundError
from domain.ports.datasets import LinkedFile, PresignedDownloads, SignedLinks
from domain.ports.system import Clock
from domain.struct import Struct

_OPTIONS: Final[jwt.types.Options] = {
    "require": ["exp", "aud"],
    "verify_exp": False,  # judged by the clock of the port
    "verify_iat": False,
    "verify_nbf": False,
}


class _LinkPayload(Struct, frozen=True):
    key: str
    name: str
    type: str
    exp: int


class HmacSignedLinks(PresignedDownloads, SignedLinks):
    """What S3 does with a presigned address, where there is no S3: the address itself says which file, until when.

    An access token opens no file, and a link is no access token: the audiences differ.
    """

    def __init__(self, key: bytes, audience: str, path: str, clock: Clock) -> None:
        """Sign with ``key``; links are ``path`` (of this server) and a token behind it."""
        self._key = key
        self._audience = audience
        self._path = path
        self._clock = clock

    @override
    async def link(self, key: str, file_name: str, media_type: str, lifetime: timedelta) -> str:
        check_key(key)
        ends = self._clock.now() + lifetime
        payload = _LinkPayload(key=key, name=file_name, type=media_type, exp=int(ends.timestamp()))
        token = jwt.encode({**msgspec.to_builtins(payload), "aud": self._audience}, self._key, algorithm=ALGORITHM)
        return self._path + token

    @override
    async def opened(self, token: str) -> LinkedFile:
        if len(token) > MAX_TOKEN_CHARACTERS:
            raise _unknown()
        try:
            raw = jwt.decode(token, self._key, algorithms=[ALGORITHM], audience=self._audience, options=_OPTIONS)
            payload = msgspec.convert(raw, _LinkPayload)
        except (jwt.PyJWTError, msgspec.ValidationError) as error:
            raise _unknown() from error
        if self._clock.now().timestamp() >= payload.exp:
            raise LinkExpiredError("This link has expired. Ask for a new one.")
        return LinkedFile(key=payload.key, file_name=payload.name, media_type=payload.type)


def _unknown() -> NotFoundError:
    return NotFoundError("There is no file at this link.")
