"""A fake of ``PendingUploads``, as plain as can be."""

from dataclasses import dataclass, field

from typing_extensions import override

from domain.datasets.pending_upload import PendingUpload
from domain.errors import ConflictError
from domain.ports.datasets import PendingUploads


@dataclass
class InMemoryPendingUploads(PendingUploads):
    """Announced uploads in a dictionary."""

    stored: dict[str, PendingUpload] = field(default_factory=dict)

    @override
    async def add(self, announced: PendingUpload) -> None:
        if announced.key in self.stored:
            raise ConflictError("announced already")
        self.stored[announced.key] = announced

    @override
    async def find(self, dataset_id: str, key: str) -> PendingUpload | None:
        found = self.stored.get(key)
        return found if found is not None and found.dataset_id == dataset_id else None

    @override
    async def of_version(self, user_id: str, dataset_id: str, version: int) -> PendingUpload | None:
        wanted = (user_id, dataset_id, version)
        found = [one for one in self.stored.values() if (one.user_id, one.dataset_id, one.version) == wanted]
        return max(found, key=lambda one: one.announced_at, default=None)

    @override
    async def forget(self, dataset_id: str, key: str) -> None:
        if await self.find(dataset_id, key) is not None:
            del self.stored[key]
