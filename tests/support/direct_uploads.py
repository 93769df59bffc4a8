"""Everything around uploads straight to the store, on fakes."""

from datetime import timedelta

from msgspec.structs import replace
from typing_extensions import override

from domain.announcements import AnnouncedUpload, UploadForm
from domain.appending import UploadMode
from domain.dataset import Dataset, Status, move
from domain.ports import Job, UploadForms
from domain.use_cases.datasets import WatchDataset
from domain.use_cases.direct_uploads import AnnounceUpload, RegisterArrival, Withdrawal, WithdrawUpload
from tests.support.builders import ANN
from tests.support.fake_announcements import InMemoryAnnouncements
from tests.support.fakes import SequentialIdentifiers
from tests.support.workshop import UploadsWorkshop, a_request, chunks_of


class PlainForms(UploadForms):
    @override
    async def origin(self) -> str:
        return "https://store"

    @override
    async def form(self, key: str, size_bytes: int, lifetime: timedelta) -> UploadForm:
        return UploadForm(url="https://store/bucket", fields={"key": key, "size": str(size_bytes)})


class DirectUploadsWorkshop(UploadsWorkshop):
    """Everything around direct uploads."""

    def __init__(self) -> None:
        super().__init__()
        self.announcements = InMemoryAnnouncements()
        self.announce = AnnounceUpload(
            self.datasets, self.announcements, PlainForms(), SequentialIdentifiers(1_000), self.clock,
            self.find_basis, 1_000,
        )  # fmt: skip
        self.arrive = RegisterArrival(
            self.datasets, self.blobs, self.cache, self.announcements, self.news, self.clock, self.find_basis
        )
        self.take_back = WithdrawUpload(self.blobs, self.announcements, self.arrive)
        self.watch = WatchDataset(self.datasets, self.news, self.announcements, self.clock)

    async def announced(
        self, dataset_id: str | None = None, name: str | None = "Sales", mode: UploadMode = UploadMode.REPLACE
    ) -> AnnouncedUpload:
        request = replace(a_request(name)(), mode=mode)
        announced, form = await self.announce(ANN, dataset_id, request, 4)
        assert form.fields["key"] == announced.key
        return announced

    async def sent(self, announced: AnnouncedUpload) -> Job | None:
        await self.blobs.write(announced.key, chunks_of(b"a,b\n"))
        return await self.arrive(announced.user_id, announced.dataset_id, announced.key)

    async def withdrawn(self, announced: AnnouncedUpload, user_id: str = ANN) -> Withdrawal:
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
