"""Which keys a blob may have: one rule for every store, so that none can be led outside its root."""

import re
from typing import Final

from domain.errors import InvalidInputError

MAX_KEY_BYTES: Final = 1024  # S3's limit for an object key; all allowed characters are one byte long
MAX_SEGMENT_BYTES: Final = 200  # file systems take 255; the rest is left for the name of a temporary file

# What the domain's own keys are made of: UUIDs, "v7", "rejects.csv". A segment never begins with a dot, so ".."
# and hidden files cannot be said at all.
_SEGMENT: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*", re.ASCII)


def check_key(key: str) -> str:
    """Return the key if a blob may have it: segments of ``A-Za-z0-9._-`` joined by single slashes.

    Raises:
        InvalidInputError: it is empty, too long, or has another form (``field`` is ``key``).
    """
    segments = key.split("/")
    if len(key) > MAX_KEY_BYTES or not all(
        len(segment) <= MAX_SEGMENT_BYTES and _SEGMENT.fullmatch(segment) for segment in segments
    ):
        raise InvalidInputError(f"{_shown(key)} is no key of a blob.", field="key")
    return key


def check_prefix(prefix: str) -> str:
    """Return the prefix if keys may begin with it: a key, or a key and a slash. Never empty: that would be all.

    Raises:
        InvalidInputError: no key can begin so, or every key does (``field`` is ``prefix``).
    """
    try:
        check_key(prefix.removesuffix("/"))
    except InvalidInputError as error:
        raise InvalidInputError(f"{_shown(prefix)} is no prefix of keys.", field="prefix") from error
    return prefix


def _shown(key: str) -> str:
    return repr(key if len(key) <= MAX_SEGMENT_BYTES else f"{key[:MAX_SEGMENT_BYTES]}...")
