"""AWS Lambda in the place of ``driftline worker``: the same use case, fed by Lambda's own polling of the queue.

Set the function's handler to ``entrypoints.worker.lambda_handler.handle``, switch on *Report batch item failures*,
and give it the settings of the cloud profile.
"""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from typing_extensions import override

from domain.errors import UnavailableError
from domain.ports.work import MessageQueue, QueueMessage
from entrypoints.bootstrap.cloud import CloudWorker, cloud_worker
from entrypoints.bootstrap.settings import load
from entrypoints.worker.queue_source import HOLD


def handle(event: Mapping[str, Any], _context: object = None) -> dict[str, list[dict[str, str]]]:
    """Process a batch of SQS messages; return those that have to be delivered again."""
    return asyncio.run(_handle(event))


async def _handle(event: Mapping[str, Any]) -> dict[str, list[dict[str, str]]]:
    async with cloud_worker(load(os.environ, dotenv=None)) as worker:
        failures = [record["messageId"] for record in event["Records"] if not await process(worker, message_of(record))]
    return {"batchItemFailures": [{"itemIdentifier": failure} for failure in failures]}


def message_of(record: Mapping[str, Any]) -> QueueMessage:
    """Read a record of Lambda's SQS event."""
    attempt = int(record["attributes"]["ApproximateReceiveCount"])
    return QueueMessage(body=record["body"], receipt=record["receiptHandle"], attempt=attempt)


class BatchAnswers(MessageQueue):
    """What became of one message: Lambda deletes it, unless it is reported as failed."""

    def __init__(self) -> None:
        self.handled = False

    @override
    async def receive(self, hold: timedelta) -> QueueMessage | None:
        """Nothing: Lambda has received it."""
        return None

    @override
    async def hide(self, receipt: str, hold: timedelta) -> None:
        """Not deleted: it comes again."""

    @override
    async def delete(self, receipt: str) -> None:
        """It is done."""
        self.handled = True

    @override
    async def bury(self, receipt: str, body: str, reason: str) -> None:
        """Not deleted: after as many times as the redrive policy says, SQS itself moves it to the dead letters."""

    @override
    async def depth(self) -> dict[str, int]:
        """Lambda's own metrics say it."""
        return {}


async def process(worker: CloudWorker, message: QueueMessage) -> bool:
    """Do what a message asks for; return whether it need not come again."""
    answers = BatchAnswers()
    source = replace(worker.source, queue=answers, hold=HOLD, in_hand=set())
    try:
        delivery = await source.considered(message)
        if delivery is not None:
            await worker.loop.settle(delivery)
    except UnavailableError:
        return False
    return answers.handled
