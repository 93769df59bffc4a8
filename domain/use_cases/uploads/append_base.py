"""May this file's rows be added to the dataset? Asked before anything of the dataset changes."""

from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from domain.datasets.dataset import Dataset, Status
from domain.datasets.parse_options import ParseOptions, Shape
from domain.datasets.table_schema import shape_of
from domain.errors import ConflictError, DatasetNotReadyError
from domain.ports.datasets import Blobs, Datasets, TableReader
from domain.ports.system import WorkerPool
from domain.struct import Struct

LOOKED_AT: Final = 64 * 1024 * 1024  # bytes: larger files are left to the worker, for S3 hands them on whole


class AppendBase(Struct, frozen=True):
    """What rows are added to: the version, the newest version at that time, and how the file is to be read."""

    version: int
    newest: int
    parse_options: ParseOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveAppendBase:
    """The newest version that has rows, if the head of a stored file fits it.

    The worker looks at all of the file; refusing what its head shows leaves the dataset as it is.
    """

    datasets: Datasets
    blobs: Blobs
    reader: TableReader
    worker_pool: WorkerPool

    async def __call__(self, user_id: str, dataset_id: str, key: str, parse_options: ParseOptions) -> AppendBase:
        """Return what the rows are added to.

        Args:
            user_id: the owner.
            dataset_id: theirs.
            key: of the file.
            parse_options: how its text is written; columns and time zone are the dataset's.

        Raises:
            DatasetNotFoundError; DatasetNotReadyError while the newest version is in work.
            ConflictError: no version has rows.
            UnusableFileError and its subclasses; ColumnsDifferError.
        """
        basis, dataset = _found(await self.datasets.versions(user_id, dataset_id), parse_options)
        await self._check(dataset, key, basis.parse_options)
        return basis

    async def unseen(self, user_id: str, dataset_id: str, parse_options: ParseOptions) -> AppendBase:
        """As above, without a look at the file, which may not be there yet."""
        return _found(await self.datasets.versions(user_id, dataset_id), parse_options)[0]

    async def _check(self, basis: Dataset, key: str, parse_options: ParseOptions) -> None:
        if (await self.blobs.size(key) or 0) > LOOKED_AT:
            return
        async with self.blobs.local(key) as path:
            await self.worker_pool.run(lambda: self.reader.preview(path, parse_options, shape_of(basis)))


def _found(versions: tuple[Dataset, ...], parse_options: ParseOptions) -> tuple[AppendBase, Dataset]:
    newest = versions[0]
    if newest.status in {Status.UPLOADED, Status.PROCESSING}:
        raise DatasetNotReadyError(
            f"Version {newest.version} is still being processed. Add the rows when it is done.",
            status=str(newest.status),
        )
    basis = next((one for one in versions if one.is_ready), None)
    if basis is None:
        raise ConflictError("No version of this dataset could be read, so there is nothing to add rows to.")
    return AppendBase(version=basis.version, newest=newest.version, parse_options=_roles(basis, parse_options)), basis


def _roles(basis: Dataset, given: ParseOptions) -> ParseOptions:
    """What the user said of the earlier file holds for the columns, what they say of this one for its text."""
    options = basis.parse_options
    return replace(
        given,
        time_column=basis.time_column,
        metric_columns=options.metric_columns,
        dimensions=options.dimensions,
        not_dimensions=options.not_dimensions,
        column_types=(),  # its columns are what they are there
        time_zone=basis.time_zone,
        day_first=options.day_first if given.day_first is None else given.day_first,
        decimal_comma=options.decimal_comma if given.decimal_comma is None else given.decimal_comma,
        shape=options.shape if given.shape is Shape.AUTO else given.shape,
    )
