"""A queue of messages in SQS: the bucket's events, and jobs that have no file of their own."""

import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import uuid4

import msgspec
from typing_extensions import override

from adapters.aws.clients import client, translated
from domain.errors import UnavailableError
from domain.ports.system import Dependency
from domain.ports.work import Job, Jobs, MessageQueue, QueueMessage

POLL_SECONDS: Final = 20  # SQS's longest: an idle worker asks three times a minute
_READ_SECONDS: Final = POLL_SECONDS + 20
_translated = partial(translated, "SQS")


class SqsQueue(Jobs, MessageQueue, Dependency):
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
            opened = client("sqs", self._region, self._endpoint_url, read_seconds=_READ_SECONDS)
            self._client = await self._stack.enter_async_context(opened)

    async def close(self) -> None:
        """Close the connections."""
        self._client = None
        await self._stack.aclose()

    @override
    async def ping(self) -> None:
        await self._attributes("QueueArn")

    @override
    async def submit(self, job: Job) -> None:
        # Its own name, so that running a version again is no repetition of the first time.
        message = {"driftlineJob": msgspec.to_builtins(job), "name": str(uuid4())}
        traceparent = self._traceparent()
        await self.send(json.dumps(message | ({"traceparent": traceparent} if traceparent else {})))

    @override
    async def pending(self) -> int:
        depth = await self.depth()
        return depth["waiting"] + depth["in_hand"] + depth["delayed"]

    async def send(self, body: str) -> None:
        """Put a message into the queue."""
        with _translated():
            await self._opened.send_message(QueueUrl=self._url, MessageBody=body)

    @override
    async def receive(self, hold: timedelta, wait_seconds: int = POLL_SECONDS) -> QueueMessage | None:
        """The next message, hidden from others for ``hold``; None if none came while waiting."""
        with _translated():
            answer = await self._opened.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=1,
                WaitTimeSeconds=wait_seconds,
                VisibilityTimeout=int(hold.total_seconds()),
                AttributeNames=["ApproximateReceiveCount", "SentTimestamp"],
            )
        for message in answer.get("Messages", ()):
            attributes = message["Attributes"]
            sent = attributes.get("SentTimestamp")
            return QueueMessage(
                body=message["Body"],
                receipt=message["ReceiptHandle"],
                attempt=int(attributes["ApproximateReceiveCount"]),
                sent_at=datetime.fromtimestamp(int(sent) / 1_000, UTC) if sent else None,
            )
        return None

    @override
    async def hide(self, receipt: str, hold: timedelta) -> None:
        """From now on hide it for this long; nothing hands it back."""
        with _translated():
            await self._opened.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=int(hold.total_seconds())
            )

    @override
    async def delete(self, receipt: str) -> None:
        """Never deliver it again."""
        with _translated():
            await self._opened.delete_message(QueueUrl=self._url, ReceiptHandle=receipt)

    @override
    async def bury(self, receipt: str, body: str, reason: str) -> None:
        """Move it to the dead-letter queue, with the reason beside it."""
        dead = await self._dead_letters()
        if dead is not None:
            noted = {"reason": {"DataType": "String", "StringValue": reason[:1_000] or "unknown"}}
            with _translated():
                await self._opened.send_message(QueueUrl=dead, MessageBody=body, MessageAttributes=noted)
        await self.delete(receipt)

    @override
    async def depth(self) -> dict[str, int]:
        """About how many messages wait, are in work, are not due yet, and are dead letters (if kept)."""
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
        attributes: dict[str, str] = answer.get("Attributes", {})
        return attributes

    @property
    def _opened(self) -> Any:
        if self._client is None:
            raise UnavailableError("SQS is not open.", dependency="sqs")
        return self._client


class BucketTells(Jobs):
    """The job of a file that was just stored: it need not be submitted, for the bucket's event is the job."""

    @override
    async def submit(self, job: Job) -> None:
        """Nothing to do."""

    @override
    async def pending(self) -> int:
        """None of its own: they are the queue's."""
        return 0
