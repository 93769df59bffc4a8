"""S3 and SQS for tests: a bucket and a queue of its own for each test process, emptied for each test."""

import json
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import aioboto3
import pytest

from adapters.aws.s3_blobs import S3Blobs
from adapters.aws.sqs_queue import SqsQueue
from domain.ports.work import Job, Jobs
from entrypoints.worker.events import JobAsked, notices
from tests.support.servers import ACCESS_KEY, REGION, SECRET_KEY, aws_endpoint


@pytest.fixture(scope="session")
def aws_keys() -> None:
    """The keys of the test servers, where boto looks for them."""
    os.environ |= {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}


def aws_client(service: str, endpoint: str) -> Any:
    return aioboto3.Session().client(service, endpoint_url=endpoint, region_name=REGION)


async def make_bucket(endpoint: str) -> str:
    name = f"driftline-{uuid4().hex[:12]}"
    async with aws_client("s3", endpoint) as s3:
        await s3.create_bucket(Bucket=name)
    return name


async def make_queue(endpoint: str, visibility_seconds: int = 30) -> tuple[str, str]:
    """A queue with a dead-letter queue: their URLs."""
    name = f"driftline-{uuid4().hex[:12]}"
    async with aws_client("sqs", endpoint) as sqs:
        dead = (await sqs.create_queue(QueueName=f"{name}-dead"))["QueueUrl"]
        arn = (await sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"]))["Attributes"]["QueueArn"]
        policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 10})
        attributes = {"VisibilityTimeout": str(visibility_seconds), "RedrivePolicy": policy}
        queue = (await sqs.create_queue(QueueName=name, Attributes=attributes))["QueueUrl"]
    return queue, dead


async def announce(endpoint: str, bucket: str, queue_url: str) -> None:
    """Have the bucket tell the queue of every uploaded file, with the filter that docs/cloud.md asks for."""
    async with aws_client("sqs", endpoint) as sqs, aws_client("s3", endpoint) as s3:
        got = await sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
        told = {
            "QueueArn": got["Attributes"]["QueueArn"],
            "Events": ["s3:ObjectCreated:*"],
            "Filter": {"Key": {"FilterRules": [{"Name": "suffix", "Value": "/source"}]}},
        }
        await s3.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [told]}
        )


@pytest.fixture(scope="session")
async def bucket(aws_keys: None) -> str:
    return await make_bucket(aws_endpoint())


@pytest.fixture(scope="session")
async def opened_s3_blobs(bucket: str) -> AsyncIterator[S3Blobs]:
    blobs = S3Blobs(bucket, REGION, aws_endpoint())
    await blobs.open()
    yield blobs
    await blobs.close()


@pytest.fixture
async def s3_blobs(opened_s3_blobs: S3Blobs) -> S3Blobs:
    await opened_s3_blobs.delete("users")
    return opened_s3_blobs


class SqsJobs(Jobs):
    """The queue with a receiving end as plain as can be: each message is deleted before its job is handed over."""

    def __init__(self, queue: SqsQueue) -> None:
        self._queue = queue

    async def submit(self, job: Job) -> None:
        await self._queue.submit(job)

    async def pending(self) -> int:
        return await self._queue.pending()

    async def waiting(self) -> AsyncIterator[Job]:
        while True:
            message = await self._queue.receive(timedelta(seconds=30), wait_seconds=1)
            if message is not None:
                (asked,) = notices(message.body)
                assert isinstance(asked, JobAsked)
                await self._queue.delete(message.receipt)
                yield asked.job


@pytest.fixture
async def sqs_jobs(aws_keys: None) -> AsyncIterator[SqsJobs]:
    queue = SqsQueue((await make_queue(aws_endpoint()))[0], REGION, aws_endpoint())
    await queue.open()
    yield SqsJobs(queue)
    await queue.close()
