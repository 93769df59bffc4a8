"""A queue of messages in SQS: the bucket's events, and jobs that have no file of their own."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import aioboto3
import msgspec
from aiobotocore.config import AioConfig
from botocore.exceptions import BotoCoreError, ClientError
from typing_extensions import override

from domain.errors import UnavailableError
from domain.ports import Dependency, Job, Jobs
from domain.value import Value

POLL_SECONDS: Final = 20  # SQS's longest: an idle worker asks three times a minute
_READ_SECONDS: Final = POLL_SECONDS + 20


class Message(Value, frozen=True):
    """One message, as often as it was received (``attempt`` of 1 is the first time)."""

    body: str
    receipt: str
    attempt: int
    sent_at: datetime | None = None


class SqsQueue(Jobs, Dependency):
    """The queue, and the dead-letter queue that its redrive policy names (if it names one)."""

    name = "sqs"

    def __init__(
        self, url: str, region: str, endpoint_url: str | None = None, traceparent: Callable[[], str] = lambda: ""
    ) -> None:
        self._url = url
        self._traceparent = traceparent  # W3C Trace Context of what is being done; goes with a job
        self._region = region
        self._endpoint_url = endpoint_url
        self._stack = AsyncExitStack()
        self._client: Any = None
        self._dead: str | None = None

    async def open(self) -> None:
        """Prepare the client; the queue is not asked for."""
        if self._client is None:
            config = AioConfig(
                connect_timeout=3, read_timeout=_READ_SECONDS, retries={"mode": "standard", "total_max_attempts": 3}
            )
            client = aioboto3.Session().client(
                "sqs", region_name=self._region, endpoint_url=self._endpoint_url, config=config
            )
            self._client = await self._stack.enter_async_context(client)

    async def close(self) -> None:
        """Let go of the connections."""
        self._client = None
        await self._stack.aclose()

    @override
    async def ping(self) -> None:
        await self._attributes("QueueArn")

    @override
    async def submit(self, job: Job) -> None:
        # Its own name, so that running a version again is no repetition of the first time.
        asked = {"driftlineJob": msgspec.to_builtins(job), "name": str(uuid4())}
        traceparent = self._traceparent()
        await self.send(json.dumps(asked | ({"traceparent": traceparent} if traceparent else {})))

    @override
    async def pending(self) -> int:
        depth = await self.depth()
        return depth["waiting"] + depth["in_hand"] + depth["delayed"]

    async def send(self, body: str) -> None:
        """Put a message into the queue."""
        with _translated():
            await self._opened.send_message(QueueUrl=self._url, MessageBody=body)

    async def receive(self, hold: timedelta, wait_seconds: int = POLL_SECONDS) -> Message | None:
        """The next message, hidden from others for ``hold``; None if none came while waiting."""
        with _translated():
            answer = await self._opened.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=1,
                WaitTimeSeconds=wait_seconds,
                VisibilityTimeout=int(hold.total_seconds()),
                AttributeNames=["ApproximateReceiveCount", "SentTimestamp"],
            )
        for found in answer.get("Messages", ()):
            told = found["Attributes"]
            sent = told.get("SentTimestamp")
            return Message(
                body=found["Body"],
                receipt=found["ReceiptHandle"],
                attempt=int(told["ApproximateReceiveCount"]),
                sent_at=datetime.fromtimestamp(int(sent) / 1_000, UTC) if sent else None,
            )
        return None

    async def hide(self, receipt: str, hold: timedelta) -> None:
        """From now on hide it for this long; nothing hands it back."""
        with _translated():
            await self._opened.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=int(hold.total_seconds())
            )

    async def delete(self, receipt: str) -> None:
        """Never deliver it again."""
        with _translated():
            await self._opened.delete_message(QueueUrl=self._url, ReceiptHandle=receipt)

    async def bury(self, receipt: str, body: str, reason: str) -> None:
        """Move it to the dead-letter queue, with the reason beside it."""
        dead = await self._dead_letters()
        if dead is not None:
            noted = {"reason": {"DataType": "String", "StringValue": reason[:1_000] or "unknown"}}
            with _translated():
                await self._opened.send_message(QueueUrl=dead, MessageBody=body, MessageAttributes=noted)
        await self.delete(receipt)

    async def depth(self) -> dict[str, int]:
        """About how many messages wait, are in somebody's hands, are not due yet, and are dead letters (if kept)."""
        waiting, in_hand = "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"
        delayed = "ApproximateNumberOfMessagesDelayed"
        here = await self._attributes(waiting, in_hand, delayed)
        depth = {"waiting": int(here[waiting]), "in_hand": int(here[in_hand]), "delayed": int(here[delayed])}
        dead = await self._dead_letters()
        if dead is not None:
            depth["dead"] = int((await self._attributes(waiting, url=dead))[waiting])
        return depth

    async def _dead_letters(self) -> str | None:
        if self._dead is None:
            policy = (await self._attributes("RedrivePolicy")).get("RedrivePolicy")
            if policy is None:
                return None
            name = json.loads(policy)["deadLetterTargetArn"].rsplit(":", maxsplit=1)[-1]
            with _translated():
                self._dead = (await self._opened.get_queue_url(QueueName=name))["QueueUrl"]
        return self._dead

    async def _attributes(self, *names: str, url: str | None = None) -> dict[str, str]:
        with _translated():
            answer = await self._opened.get_queue_attributes(QueueUrl=url or self._url, AttributeNames=[*names])
        found: dict[str, str] = answer.get("Attributes", {})
        return found

    @property
    def _opened(self) -> Any:
        if self._client is None:
            raise UnavailableError("SQS is not open.", dependency="sqs")
        return self._client


class BucketTells(Jobs):
    """The job of a file that was just stored: nobody need submit it, for the bucket's event is the job."""

    @override
    async def submit(self, job: Job) -> None:
        """Nothing to do."""

    @override
    async def pending(self) -> int:
        """None of its own: they are the queue's."""
        return 0


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        problem = error.response.get("Error", {}).get("Message", str(error))
        raise UnavailableError(f"SQS refused: {problem}.", dependency="sqs") from error
    except (TimeoutError, BotoCoreError, OSError, asyncio.IncompleteReadError) as error:
        raise UnavailableError(f"SQS does not answer: {error}.", dependency="sqs") from error
