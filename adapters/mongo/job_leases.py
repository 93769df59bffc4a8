"""Which deliveries are being worked on or done: what makes a queue that delivers twice work once."""

from datetime import timedelta
from uuid import uuid4

from pymongo.asynchronous.collection import AsyncCollection, ReturnDocument
from pymongo.errors import DuplicateKeyError
from typing_extensions import override

from adapters.mongo.database import Document, MongoDatabase, translated
from domain.datasets.pending_upload import REMEMBERED
from domain.errors import CorruptedError
from domain.ports.system import Clock
from domain.ports.work import JobLeases, LeaseState
from domain.timeseries.timezones import EPOCH


class MongoJobLeases(JobLeases):
    """Collection ``claims``: one document per delivery's name, with its holder and how long it is held."""

    def __init__(self, database: MongoDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._holder = str(uuid4())

    @property
    def _claims(self) -> AsyncCollection[Document]:
        return self._database.collection("claims")

    @override
    async def take(self, name: str, hold: timedelta) -> tuple[LeaseState, int, int]:
        """Return ``taken``, or ``busy`` while another worker holds it, or ``done``; how often taken; how often failed.

        What was taken and neither finished nor kept in time is free again: its holder died.
        """
        now = self._clock.now()
        mine = {"holder": self._holder, "until": now + hold, "done": False, "forget": now + REMEMBERED}
        free = {"_id": name, "done": False, "until": {"$lt": now}}
        change = {"$set": mine, "$inc": {"taken": 1, "failed": 0}}
        with translated():
            try:
                lease = await self._claims.find_one_and_update(
                    free, change, upsert=True, return_document=ReturnDocument.AFTER
                )
            except DuplicateKeyError:
                other = await self._claims.find_one({"_id": name})
                return (LeaseState.DONE if other is not None and other["done"] else LeaseState.BUSY), 0, 0
        if lease is None:
            raise CorruptedError("MongoDB upserted a claim and returned none.")
        return LeaseState.TAKEN, int(lease["taken"]), int(lease["failed"])

    @override
    async def keep(self, name: str, hold: timedelta) -> None:
        """Hold it for longer."""
        await self._change(name, {"until": self._clock.now() + hold})

    @override
    async def release(self, name: str, *, failed: bool) -> None:
        """Let another worker take it at once."""
        await self._change(name, {"until": EPOCH}, failed=int(failed))

    @override
    async def finish(self, name: str) -> None:
        """Never take it again."""
        await self._change(name, {"done": True})

    async def _change(self, name: str, fields: Document, failed: int = 0) -> None:
        mine = {"_id": name, "holder": self._holder, "done": False}
        with translated():
            await self._claims.update_one(mine, {"$set": fields, "$inc": {"failed": failed}})
