"""Jobs from a queue that delivers at least once, in any order: made to be done once.

- A *claim* by the delivery's name (key and ETag of the file, or the job's own name) lets one worker at a time work
  on it, and none once it is done. Message and claim are held for a minute and held on while the work lasts; of a
  worker that dies both are free again after that.
- A file that a browser sent straight to the store becomes a version here. One that is not known yet (the event
  overtook the upload's last step) is looked for a few times more; one that is gone was deleted with its dataset.
- A message that took its worker down time and again is buried, and its dataset marked failed.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog
from msgspec.structs import replace
from typing_extensions import override

from domain.errors import CrashedTooOftenError, DatasetNotReadyError, DriftlineError, UnavailableError
from domain.ports.work import Job, JobLeases, LeaseState, MessageQueue, QueueMessage
from entrypoints.worker.events import FileArrived, Notice, UnreadableMessageError, notices
from entrypoints.worker.sources import Delivery, JobSource

HOLD: Final = timedelta(seconds=60)  # so long may the work of a worker that died lie about
BEATS_PER_HOLD: Final = 3  # two of them may be lost
RETRY_WAIT: Final = timedelta(seconds=5)  # longer than a replica set takes to elect a primary
# Seconds; an upload registers its file milliseconds after storing it: at first the message is kept in hand.
UNKNOWN_AT_ONCE: Final = (0.05, 0.25)
UNKNOWN_WAITS: Final = (2, 5, 15, 60)
# Rows to add wait for the version before theirs: 15 minutes in the 10 times that a queue hands a message out, as
# docs/cloud.md asks for; what waits longer `driftline doctor` makes.
NOT_YET_WAITS: Final = (2, 5, 10, 20, 40, 80, 120, 240, 360)  # seconds
MAX_TAKEN: Final = 8  # times: the loop gives up after three failures, so most of these were workers that died
OUTAGE_SECONDS: Final = 2.0  # before a queue that does not answer is asked again

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class QueueJobSource(JobSource):
    """Deliveries from the queue, as long as it is iterated."""

    queue: MessageQueue
    claims: JobLeases
    arrived: Callable[[str, str, str], Awaitable[Job | None]]  # whose, of which dataset, under which key
    give_up: Callable[[Job, DriftlineError], Awaitable[None]]
    is_stored: Callable[[str], Awaitable[bool]]  # whether there is a file under this key
    hold: timedelta = HOLD
    in_hand: set["QueueDelivery"] = field(default_factory=set)

    @override
    async def deliveries(self) -> AsyncIterator[Delivery]:
        while True:
            try:
                message = await self.queue.receive(self.hold)
                delivery = await self._decided(message) if message is not None else None
            except UnavailableError as error:
                log.warning("queue_away", reason=error.message)
                await asyncio.sleep(OUTAGE_SECONDS)
                continue
            if delivery is not None:
                yield delivery

    async def _decided(self, message: QueueMessage) -> "QueueDelivery | None":
        """As ``considered``; on cancellation the delivery is in hand, and can be handed back."""
        deciding = asyncio.ensure_future(self.considered(message))
        try:
            return await asyncio.shield(deciding)
        except asyncio.CancelledError:
            await asyncio.wait([deciding])
            raise

    async def hand_back(self) -> None:
        """Let others take at once what this worker could not finish."""
        for delivery in tuple(self.in_hand):
            await delivery.hand_back()

    async def considered(self, message: QueueMessage) -> "QueueDelivery | None":
        """A delivery to work on; None if the message needed no more than an answer."""
        try:
            read_notices = notices(message.body)
        except UnreadableMessageError as error:
            log.warning("message_buried", reason=error.message)
            await self.queue.bury(message.receipt, message.body, error.message)
            return None
        for notice in read_notices:  # S3 puts one event into a message
            return await self._claimed(message, notice)
        await self.queue.delete(message.receipt)
        return None

    async def _claimed(self, message: QueueMessage, notice: Notice) -> "QueueDelivery | None":
        if isinstance(notice, FileArrived):
            try:
                arrived = await self._job_of(notice, message)
            except DatasetNotReadyError:
                wait = NOT_YET_WAITS[min(message.attempt, len(NOT_YET_WAITS)) - 1]
                await self.queue.hide(message.receipt, timedelta(seconds=wait))
                return None
            if arrived is None:
                await self._unknown(message, notice)
                return None
            job = replace(arrived, user_id=notice.user_id)
        else:
            job = notice.job
        claim, taken, failed = await self.claims.take(notice.name, self.hold)
        if claim is LeaseState.DONE:
            await self.queue.delete(message.receipt)
            return None
        if claim is LeaseState.BUSY:
            await self.queue.hide(message.receipt, self.hold / 2)
            return None
        asked_in = "" if isinstance(notice, FileArrived) else notice.traceparent
        delivery = QueueDelivery(job, failed + 1, message, notice.name, self, asked_in)
        if taken > MAX_TAKEN:
            error = CrashedTooOftenError(
                f"Processing was begun {MAX_TAKEN} times and never came to its end. The file may be too large for "
                "the worker's memory; split it, or give the worker more."
            )
            await self.give_up(job, error)
            await delivery.bury(error)
            return None
        delivery.begin()
        return delivery

    async def _job_of(self, notice: FileArrived, message: QueueMessage) -> Job | None:
        job = await self.arrived(notice.user_id, notice.dataset_id, notice.key)
        for wait in UNKNOWN_AT_ONCE if message.attempt == 1 else ():
            if job is not None:
                break
            await asyncio.sleep(wait)
            job = await self.arrived(notice.user_id, notice.dataset_id, notice.key)
        return job

    async def _unknown(self, message: QueueMessage, notice: FileArrived) -> None:
        if not await self.is_stored(notice.key):
            await self.queue.delete(message.receipt)
        elif message.attempt > len(UNKNOWN_WAITS):
            log.warning("message_dropped", reason="no dataset has this file", delivery=notice.name)
            await self.queue.delete(message.receipt)
        else:
            await self.queue.hide(message.receipt, timedelta(seconds=UNKNOWN_WAITS[message.attempt - 1]))


@dataclass(eq=False, slots=True)
class QueueDelivery(Delivery):
    """A message in hand, held as long as its work lasts."""

    job: Job
    attempt: int
    message: QueueMessage
    name: str
    source: QueueJobSource
    traceparent: str = ""
    _beating: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Hold message and claim from now on."""
        self.source.in_hand.add(self)
        self._beating = asyncio.create_task(self._beat())

    @override
    async def done(self) -> None:
        with self._settling():
            # The claim first: a message that comes again after a crash in between is then known to be done.
            await self.source.claims.finish(self.name)
            await self.source.queue.delete(self.message.receipt)

    @override
    async def again(self) -> None:
        with self._settling():
            await self.source.queue.hide(self.message.receipt, RETRY_WAIT)
            await self.source.claims.release(self.name, failed=True)

    @override
    async def bury(self, error: DriftlineError) -> None:
        with self._settling():
            await self.source.claims.finish(self.name)
            await self.source.queue.bury(self.message.receipt, self.message.body, f"{error.code}: {error.message}")

    async def hand_back(self) -> None:
        """Let another worker take it at once."""
        with self._settling():
            await self.source.claims.release(self.name, failed=False)
            await self.source.queue.hide(self.message.receipt, timedelta(0))

    @contextlib.contextmanager
    def _settling(self) -> Iterator[None]:
        """No more heartbeats. A queue or store that is away now costs a second delivery, nothing else."""
        self._end()
        try:
            yield
        except UnavailableError as error:
            log.warning("delivery_not_settled", dataset=self.job.dataset_id, reason=error.message)

    def _end(self) -> None:
        self.source.in_hand.discard(self)
        if self._beating is not None:
            self._beating.cancel()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.source.hold.total_seconds() / BEATS_PER_HOLD)
            try:
                await self.source.claims.keep(self.name, self.source.hold)
                await self.source.queue.hide(self.message.receipt, self.source.hold)
            except UnavailableError as error:
                log.warning("heartbeat_lost", dataset=self.job.dataset_id, reason=error.message)
