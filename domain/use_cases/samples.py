"""Try the product without a file of one's own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from domain.dataset import Dataset
from domain.ports import Samples
from domain.samples import Sample
from domain.use_cases.analysing import one_chunk
from domain.use_cases.uploads import UploadDataset, UploadRequest


@dataclass(frozen=True, slots=True)
class ListSamples:
    """What can be loaded."""

    samples: Samples

    def __call__(self) -> tuple[Sample, ...]:
        """Every sample with what was planted in it."""
        return self.samples.all()


@dataclass(frozen=True, slots=True)
class LoadSample:
    """Upload a sample as if the user had."""

    samples: Samples
    upload: UploadDataset

    async def __call__(self, user_id: str, name: str) -> Dataset:
        """Return the new dataset. Raises NotFoundError for an unknown sample."""
        content: AsyncIterator[bytes] = one_chunk(self.samples.content(name))
        sample = next(sample for sample in self.samples.all() if sample.name == name)
        request = UploadRequest(dataset_name=sample.title, file_name=sample.file_name, roles=sample.roles)
        return await self.upload(user_id, None, content, lambda: request)
