"""How a finished body is written in Redis."""

from datetime import datetime
from typing import Final

import msgspec

from domain.analysis.cache_key import CacheEntry
from domain.struct import Struct


class CachedBody(Struct, frozen=True, array_like=True):
    """A body and the end of its life."""

    entry: CacheEntry
    until: datetime


_DECODER: Final = msgspec.msgpack.Decoder(CachedBody)


def packed(body: CachedBody) -> bytes:
    """Write it as MessagePack, which holds bytes as they are."""
    return msgspec.msgpack.encode(body)


def unpacked(content: bytes) -> CachedBody | None:
    """Read it; None if another release wrote it in another form."""
    try:
        return _DECODER.decode(content)
    except msgspec.MsgspecError:
        return None
