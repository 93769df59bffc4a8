"""Progress reports inside the process."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from typing_extensions import override

from domain.datasets.progress import Progress
from domain.ports.work import ProgressEvents

MAX_REMEMBERED: Final = 1024  # datasets whose last report is known; older ones can be asked for their state
MAX_UNHEARD: Final = 64  # reports kept for a slow listener; then the oldest go, for the newest matters

_Box = asyncio.Queue[Progress | None]


class MemoryProgressEvents(ProgressEvents):
    """Publish and subscribe by dataset. A slow listener misses old reports and delays no other."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[_Box]] = {}
        self._last: OrderedDict[str, Progress] = OrderedDict()
        self._closed = False

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """End every listener's iteration."""
        self._closed = True
        for boxes in self._listeners.values():
            for box in boxes:
                _drop_in(box, None)

    @override
    async def publish(self, progress: Progress) -> None:
        last = self._last.get(progress.dataset_id)
        if last is None or progress.version >= last.version:
            self._last[progress.dataset_id] = progress
            self._last.move_to_end(progress.dataset_id)
            if len(self._last) > MAX_REMEMBERED:
                self._last.popitem(last=False)
        for box in self._listeners.get(progress.dataset_id, ()):
            _drop_in(box, progress)

    @override
    @asynccontextmanager
    async def listen(self, dataset_id: str) -> AsyncIterator[AsyncIterator[Progress]]:
        box: _Box = asyncio.Queue(MAX_UNHEARD)
        last = self._last.get(dataset_id)
        if last is not None:
            box.put_nowait(last)
        if self._closed:
            _drop_in(box, None)
        self._listeners.setdefault(dataset_id, set()).add(box)
        try:
            yield _reports(box)
        finally:
            listeners = self._listeners[dataset_id]
            listeners.discard(box)
            if not listeners:
                del self._listeners[dataset_id]


def _drop_in(box: _Box, report: Progress | None) -> None:
    if box.full():
        box.get_nowait()
    box.put_nowait(report)


async def _reports(box: _Box) -> AsyncIterator[Progress]:
    while (report := await box.get()) is not None:
        yield report
