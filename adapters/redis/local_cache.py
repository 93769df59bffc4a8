"""Bodies that this process has at hand, for as long as it hears of every change."""

from collections import OrderedDict
from typing import Final

from adapters.redis.cached_body import CachedBody

STANDARD_BYTES: Final = 32 << 20  # 1,750 bodies of 18 kB (docs/decisions/0011)
ENTRY_OVERHEAD: Final = 1024  # bytes of objects around a body, rounded up

Place = tuple[str, str, str]  # dataset, metric, field


class LocalCache:
    """Least recently used bodies go first when the bytes run out.

    Who fetches a body asks ``mark`` before and hands it to ``keep`` after: if the dataset changed in between, the
    body may be an old one and is not kept.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[Place, CachedBody] = OrderedDict()
        self._places: dict[str, set[Place]] = {}
        self._changes = 0

    def get(self, place: Place) -> CachedBody | None:
        """Return a body that is at hand."""
        stored = self._kept.get(place)
        if stored is not None:
            self._kept.move_to_end(place)
        return stored

    def mark(self) -> int:
        """What ``keep`` compares with. One count for all datasets: a needless fetch costs less than many counts."""
        return self._changes

    def keep(self, place: Place, body: CachedBody, mark: int) -> None:
        """Have it at hand, unless something changed since ``mark``."""
        if mark != self._changes:
            return
        self._drop(place)
        self._kept[place] = body
        self._places.setdefault(place[0], set()).add(place)
        self._bytes += _weight(body)
        while self._bytes > self._max_bytes:
            self._drop(next(iter(self._kept)))

    def forget(self, dataset_id: str) -> None:
        """Drop every body of a dataset."""
        self._changes += 1
        for place in list(self._places.get(dataset_id, ())):
            self._drop(place)

    def forget_all(self) -> None:
        """Drop everything: a change may have been missed."""
        self._changes += 1
        self._kept.clear()
        self._places.clear()
        self._bytes = 0

    def _drop(self, place: Place) -> None:
        body = self._kept.pop(place, None)
        if body is None:
            return
        self._bytes -= _weight(body)
        places = self._places[place[0]]
        places.discard(place)
        if not places:
            del self._places[place[0]]


def _weight(body: CachedBody) -> int:
    return len(body.entry.body) + ENTRY_OVERHEAD
