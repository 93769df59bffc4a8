"""What a worker that was overtaken does with what it wrote."""

from dataclasses import dataclass

from domain.datasets.dataset import Dataset, Status
from domain.datasets.derived_keys import points_prefix, rejects_key
from domain.errors import DatasetNotFoundError
from domain.ports.analyses import Analyses
from domain.ports.datasets import Blobs, Datasets, Records
from domain.use_cases.datasets.datasets import DeleteDataset


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearOvertaken:
    """Clear what processing a version wrote, if a deletion or a newer version came before its end.

    A deletion clears the stores once, right after its tombstone; a worker may write behind its back until it looks
    at the dataset again. So the last one to write is the one that clears, and every step may be repeated.
    """

    datasets: Datasets
    blobs: Blobs
    records: Records
    analyses: Analyses
    delete: DeleteDataset

    async def __call__(self, dataset: Dataset) -> None:
        """Clear what no one will ask for. A version that is whole, or in another worker's hands, is left alone."""
        current = await self.datasets.find(dataset.id)
        if current is None:
            await self.delete.clear(dataset)
        elif current.status is Status.DELETING:
            await self.delete.finish(current)
        elif current.version > dataset.version:
            await self.version(current.user_id, dataset.id, dataset.version)

    async def version(self, user_id: str, dataset_id: str, version: int) -> None:
        """Clear an older version that was never processed to its end; its file stays, so that it can be restored."""
        try:
            older = await self.datasets.get_version(user_id, dataset_id, version)
        except DatasetNotFoundError:
            return  # a deletion came in between and takes everything with it
        if older.is_ready:
            return
        await self.records.delete(dataset_id, version)
        await self.analyses.delete(dataset_id, version)
        await self.blobs.delete(points_prefix(user_id, dataset_id, version))
        await self.blobs.delete(rejects_key(user_id, dataset_id, version))

    async def unknown(self, dataset_id: str) -> None:
        """Clear the rows and analyses of a dataset that was deleted while its worker died."""
        await self.records.delete(dataset_id)
        await self.analyses.delete(dataset_id)
