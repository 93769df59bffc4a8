"""May this file's rows be added to the dataset? Asked before anything of the dataset changes."""

from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from domain.appending import shape_of
from domain.dataset import Dataset, Roles, Status
from domain.errors import ConflictError, DatasetNotReadyError
from domain.ports import Blobs, Datasets, Offload, TableReader
from domain.value import Value

LOOKED_AT: Final = 64 * 1024 * 1024  # bytes: larger files are left to the worker, for S3 hands them on whole


class Basis(Value, frozen=True):
    """What rows are added to: the version, the newest version at that time, and how the file is to be read."""

    version: int
    newest: int
    roles: Roles


@dataclass(frozen=True, slots=True)
class FindBasis:
    """The newest version that has rows, if the head of a stored file fits it.

    The worker looks at all of the file; refusing what its head shows leaves the dataset as it is.
    """

    datasets: Datasets
    blobs: Blobs
    reader: TableReader
    offload: Offload

    async def __call__(self, user_id: str, dataset_id: str, key: str, roles: Roles) -> Basis:
        """Return what the rows are added to.

        Args:
            user_id: the owner.
            dataset_id: theirs.
            key: of the file.
            roles: how its text is written; columns and time zone are the dataset's.

        Raises:
            DatasetNotFoundError; DatasetNotReadyError while the newest version is in work.
            ConflictError: no version has rows.
            UnusableFileError and its kin; ColumnsDifferError.
        """
        basis, found = _found(await self.datasets.versions(user_id, dataset_id), roles)
        await self._check(found, key, basis.roles)
        return basis

    async def unseen(self, user_id: str, dataset_id: str, roles: Roles) -> Basis:
        """As above, without a look at the file, which may not be there yet."""
        return _found(await self.datasets.versions(user_id, dataset_id), roles)[0]

    async def _check(self, basis: Dataset, key: str, roles: Roles) -> None:
        if (await self.blobs.size(key) or 0) > LOOKED_AT:
            return
        async with self.blobs.local(key) as path:
            await self.offload.run(lambda: self.reader.preview(path, roles, shape_of(basis)))


def _found(versions: tuple[Dataset, ...], roles: Roles) -> tuple[Basis, Dataset]:
    newest = versions[0]
    if newest.status in {Status.UPLOADED, Status.PROCESSING}:
        raise DatasetNotReadyError(
            f"Version {newest.version} is still being processed. Add the rows when it is done.",
            status=str(newest.status),
        )
    basis = next((one for one in versions if one.is_ready), None)
    if basis is None:
        raise ConflictError("No version of this dataset could be read, so there is nothing to add rows to.")
    return Basis(version=basis.version, newest=newest.version, roles=_roles(basis, roles)), basis


def _roles(basis: Dataset, given: Roles) -> Roles:
    """What the user said of the earlier file holds for the columns, what they say of this one for its text."""
    said = basis.roles
    return replace(
        given,
        time_column=basis.time_column,
        metric_columns=said.metric_columns,
        column_types=(),  # its columns are what they are there
        time_zone=basis.time_zone,
        day_first=said.day_first if given.day_first is None else given.day_first,
        decimal_comma=said.decimal_comma if given.decimal_comma is None else given.decimal_comma,
    )
