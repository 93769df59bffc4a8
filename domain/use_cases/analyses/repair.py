"""What is done when stored records turn out to be damaged: they can be made again from the file."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from domain.datasets.dataset import Dataset
from domain.errors import ConflictError, CorruptedError, DatasetNotReadyError, MetricNotFoundError
from domain.use_cases.processing.process import ReprocessDataset


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAgainIfDamaged:
    """Have a version read again from its file when its records cannot be read any more."""

    reprocess: ReprocessDataset

    @asynccontextmanager
    async def __call__(self, dataset: Dataset, *, newest: bool) -> AsyncIterator[None]:
        """Run what reads the records of a version, for a metric that the dataset has.

        Raises:
            DatasetNotReadyError: they are damaged; the newest version is being read again from now on.
        """
        try:
            yield
        except (CorruptedError, MetricNotFoundError) as error:  # the second one: the records themselves are missing
            if not newest:
                raise DatasetNotReadyError(
                    f"The stored rows of version {dataset.version} are damaged. Restore this version: its file is "
                    "read again.",
                    status=str(dataset.status),
                    failure=error.code,
                ) from error
            with suppress(ConflictError):  # another request came first: it is being read again already
                await self.reprocess(dataset.user_id, dataset.id)
            raise DatasetNotReadyError(
                f"The stored rows of version {dataset.version} were damaged and are being read again from the uploaded "
                "file. Try again in a moment.",
                status=str(dataset.status),
            ) from error
