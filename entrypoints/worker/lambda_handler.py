"""AWS Lambda in the place of ``driftline worker``: the same use case, fed by Lambda's own polling of the queue.

Set the function's handler to ``entrypoints.worker.lambda_handler.handle``, switch on *Report batch item failures*,
and give it the settings of the cloud profile.
"""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.errors import UnavailableError
from entrypoints.bootstrap.cloud import CloudWorker, cloud_worker
from entrypoints.bootstrap.settings import load
from entrypoints.worker.queue_source import Message, QueueSource


def handle(event: Mapping[str, Any], _context: object = None) -> dict[str, list[dict[str, str]]]:
    """Process a batch of SQS messages; return those that have to be delivered again."""
    return asyncio.run(_handle(event))


async def _handle(event: Mapping[str, Any]) -> dict[str, list[dict[str, str]]]:
    async with cloud_worker(load(os.environ, dotenv=None)) as worker:
        failures = [
            record["messageId"] for record in event["Records"] if not await process(worker, LambdaMessage.of(record))
        ]
    return {"batchItemFailures": [{"itemIdentifier": failure} for failure in failures]}


@dataclass(frozen=True, slots=True)
class LambdaMessage:
    """A record of Lambda's SQS event."""

    body: str
    receipt: str
    attempt: int
    sent_at: datetime | None = None

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "LambdaMessage":
        """Read what is needed of it."""
        return cls(record["body"], record["receiptHandle"], int(record["attributes"]["ApproximateReceiveCount"]))


class BatchAnswers:
    """What became of one message: Lambda deletes it, unless it is reported as failed."""

    def __init__(self) -> None:
        self.handled = False

    async def receive(self, _hold: timedelta) -> Message | None:
        """Nothing: Lambda has received it."""
        return None

    async def hide(self, _receipt: str, _hold: timedelta) -> None:
        """Not deleted: it comes again."""

    async def delete(self, _receipt: str) -> None:
        """It is done."""
        self.handled = True

    async def bury(self, _receipt: str, _body: str, _reason: str) -> None:
        """Not deleted: after as many times as the redrive policy says, SQS itself moves it to the dead letters."""

    async def depth(self) -> dict[str, int]:
        """Lambda's own metrics say it."""
        return {}


async def process(worker: CloudWorker, message: LambdaMessage) -> bool:
    """Do what a message asks for; return whether it need not come again."""
    answers = BatchAnswers()
    source = QueueSource(answers, worker.source.claims, worker.source.arrived, worker.source.give_up)
    try:
        delivery = await source.considered(message)
        if delivery is not None:
            await worker.loop.settle(delivery)
    except UnavailableError:
        return False
    return answers.handled
