"""Everything around uploads straight to the store, on fakes."""

from datetime import timedelta

from msgspec.structs import replace
from typing_extensions import override

from domain.datasets.dataset import Dataset, Status, move
from domain.datasets.pending_upload import PendingUpload, PresignedUpload
from domain.datasets.table_schema import UploadMode
from domain.ports.datasets import PresignedUploads
from domain.ports.work import Job
from domain.use_cases.datasets.datasets import WatchDataset
from domain.use_cases.uploads.direct_upload import PrepareDirectUpload, RegisterArrival, Withdrawal, WithdrawUpload
from tests.support.builders import ANN
from tests.support.fake_pending_uploads import InMemoryPendingUploads
from tests.support.fakes import SequentialIdentifiers
from tests.support.workshop import UploadsWorkshop, a_request, chunks_of


class PlainForms(PresignedUploads):
    @override
    async def origin(self) -> str:
        return "https://store"

    @override
    async def form(self, key: str, size_bytes: int, lifetime: timedelta) -> PresignedUpload:
        return PresignedUpload(url="https://store/bucket", fields={"key": key, "size": str(size_bytes)})


class DirectUploadsWorkshop(UploadsWorkshop):
    """Everything around direct uploads."""

    def __init__(self) -> None:
        super().__init__()
        self.pending_uploads = InMemoryPendingUploads()
        self.announce = PrepareDirectUpload(
            datasets=self.datasets,
            pending_uploads=self.pending_uploads,
            forms=PlainForms(),
            id_generator=SequentialIdentifiers(1_000),
            clock=self.clock,
            find_basis=self.find_basis,
            max_bytes=1_000,
            max_waiting=100,
        )
        self.arrive = RegisterArrival(
            datasets=self.datasets,
            blobs=self.blobs,
            cache=self.cache,
            pending_uploads=self.pending_uploads,
            progress_events=self.progress_events,
            clock=self.clock,
            find_basis=self.find_basis,
        )
        self.take_back = WithdrawUpload(blobs=self.blobs, pending_uploads=self.pending_uploads, arrive=self.arrive)
        self.watch = WatchDataset(
            datasets=self.datasets,
            progress_events=self.progress_events,
            pending_uploads=self.pending_uploads,
            clock=self.clock,
        )

    async def announced(
        self, dataset_id: str | None = None, name: str | None = "Sales", mode: UploadMode = UploadMode.REPLACE
    ) -> PendingUpload:
        request = replace(a_request(name)(), mode=mode)
        announced, form = await self.announce(ANN, dataset_id, request, 4)
        assert form.fields["key"] == announced.key
        return announced

    async def sent(self, announced: PendingUpload) -> Job | None:
        await self.blobs.write(announced.key, chunks_of(b"a,b\n"))
        return await self.arrive(announced.user_id, announced.dataset_id, announced.key)

    async def withdrawn(self, announced: PendingUpload, user_id: str = ANN) -> Withdrawal:
        return await self.take_back(user_id, announced.dataset_id, announced.version, announced.upload_id)

    async def moved(self, dataset: Dataset, *states: Status) -> Dataset:
        for state in states:
            dataset = move(await self.datasets.get(ANN, dataset.id), state, time_column="date", time_zone="Asia/Tokyo")
            await self.datasets.replace(dataset, (await self.datasets.get(ANN, dataset.id)).revision)
        return dataset

    async def readable(self) -> Dataset:
        """A dataset whose first version has been read."""
        first = await self.upload(ANN, None, chunks_of(b"x"), a_request())
        return await self.moved(first, Status.PROCESSING, Status.PROCESSED)
