"""A worker over the real queue, bucket and stores: once each, whatever is delivered."""

import asyncio
import json
import sysconfig
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace as changed

from domain.datasets.dataset import Dataset, Status, source_key
from domain.datasets.parse_options import ParseOptions
from domain.datasets.table_schema import UploadMode
from domain.errors import DriftlineError
from domain.ports.work import Job, QueueMessage
from domain.use_cases.processing.turns import OVERDUE
from domain.use_cases.uploads.upload import UploadRequest
from entrypoints.bootstrap.cloud import CloudWorker, cloud_worker
from entrypoints.bootstrap.settings import Settings
from entrypoints.worker import lambda_handler
from entrypoints.worker.lambda_handler import process
from entrypoints.worker.queue_source import MAX_TAKEN, UNKNOWN_WAITS
from tests.support.aws_stores import aws_client
from tests.support.builders import ANN, BOB, a_dataset
from tests.support.cloud import cloud_settings, environment_of
from tests.support.served import DAILY
from tests.support.servers import aws_endpoint
from tests.support.workshop import a_request, chunks_of
from tests.worker.test_events import message as s3_message
from tests.worker.test_events import s3_event

DRIFTLINE = Path(sysconfig.get_path("scripts")) / "driftline"


@pytest.fixture(scope="module")
async def settings(tmp_path_factory: pytest.TempPathFactory, aws_keys: None) -> AsyncIterator[dict[str, Any]]:
    async with cloud_settings(tmp_path_factory.mktemp("cloud"), worker_hold_seconds=3) as made:
        yield made


@pytest.fixture(scope="module")
async def worker(settings: dict[str, Any]) -> AsyncIterator[CloudWorker]:
    async with cloud_worker(Settings(**settings)) as opened:
        yield opened


async def uploaded(worker: CloudWorker, content: bytes = DAILY, dataset_id: str | None = None) -> Dataset:
    return await worker.application.use_cases.upload_dataset(ANN, dataset_id, chunks_of(content), a_request())


def delivered(dataset: Dataset, attempt: int = 1, etag: str = "e1") -> QueueMessage:
    return QueueMessage(body=s3_message(s3_event(dataset.source_key, etag=etag)), receipt="receipt", attempt=attempt)


async def current(worker: CloudWorker, dataset: Dataset) -> Dataset:
    found = await worker.application.ports.datasets.find(dataset.id)
    assert found is not None
    return found


async def test_event_delivered_many_times_at_once_is_worked_on_once(worker: CloudWorker) -> None:
    dataset = await uploaded(worker)
    begun: list[Job] = []

    async def counted(job: Job) -> None:
        begun.append(job)
        await worker.application.use_cases.run_job(job)

    counting = replace(worker, loop=replace(worker.loop, process=counted))
    handled = await asyncio.gather(*(process(counting, delivered(dataset)) for _ in range(4)))
    assert (await current(worker, dataset)).status is Status.CACHED
    assert await process(counting, delivered(dataset))
    assert begun == [Job(dataset_id=dataset.id, version=1, user_id=ANN)]
    assert handled.count(True) == 1


async def test_event_that_overtakes_its_upload_waits_for_it_and_not_for_ever(worker: CloudWorker) -> None:
    dataset = a_dataset(id="0190aaaa-0000-7000-8000-0000000000aa", user_id=ANN, status=Status.UPLOADED)
    key = source_key(ANN, dataset.id, 1, "u1")
    stored = await worker.application.ports.blobs.write(key, chunks_of(DAILY))
    early = changed(dataset, source_key=key, size_bytes=stored.size_bytes, sha256=stored.sha256, version=1)
    assert not await process(worker, delivered(early))
    assert await process(worker, delivered(early, attempt=len(UNKNOWN_WAITS) + 1, etag="never"))
    await worker.application.ports.datasets.add(early)
    assert await process(worker, delivered(early, attempt=2))
    assert (await current(worker, early)).status is Status.CACHED


async def test_event_of_a_file_that_is_gone_is_dropped_the_first_time(worker: CloudWorker) -> None:
    dataset = await uploaded(worker)
    await worker.application.use_cases.delete_dataset(ANN, dataset.id)
    assert await process(worker, delivered(dataset))


async def test_upload_of_another_user_is_not_kept_waiting_by_a_burst(worker: CloudWorker) -> None:
    burst = [await uploaded(worker) for _ in range(3)]
    late = await worker.application.use_cases.upload_dataset(BOB, None, chunks_of(DAILY), a_request())
    await asyncio.sleep(OVERDUE.total_seconds())
    assert await process(worker, delivered(burst[0]))
    statuses = [(await current(worker, one)).status for one in (*burst, late)]
    assert statuses == [Status.CACHED, Status.UPLOADED, Status.UPLOADED, Status.CACHED]
    assert await process(worker, delivered(late))


async def test_event_that_is_milliseconds_ahead_of_its_upload_is_worked_on_at_once(worker: CloudWorker) -> None:
    early = a_dataset(id=str(uuid4()), user_id=ANN, sha256="")
    early = changed(early, source_key=source_key(ANN, early.id, 1, "u1"))
    await worker.application.ports.blobs.write(early.source_key, chunks_of(DAILY))
    handled, _ = await asyncio.gather(process(worker, delivered(early)), worker.application.ports.datasets.add(early))
    assert handled
    assert (await current(worker, early)).status is Status.CACHED


async def test_event_of_rows_to_add_waits_for_the_version_before_them(worker: CloudWorker) -> None:
    first = await uploaded(worker)
    assert await process(worker, delivered(first))
    request = UploadRequest(
        dataset_name=None, file_name="more.csv", parse_options=ParseOptions(), mode=UploadMode.APPEND
    )
    announced, _ = await worker.application.use_cases.prepare_direct_upload(ANN, first.id, request, len(DAILY))
    second = await uploaded(worker, dataset_id=first.id)
    await worker.application.ports.blobs.write(announced.key, chunks_of(DAILY))
    rows = changed(second, source_key=announced.key)
    for attempt in (1, 9, 12):
        assert not await process(worker, delivered(rows, attempt))
    assert (await current(worker, first)).version == 2
    assert await process(worker, delivered(second))
    assert await process(worker, delivered(rows, 4))
    third = await current(worker, first)
    assert (third.version, third.status, third.appended_to) == (3, Status.CACHED, 2)


async def test_event_of_an_overtaken_version_changes_nothing(worker: CloudWorker) -> None:
    first = await uploaded(worker)
    second = await uploaded(worker, DAILY.replace(b"visits", b"people"), first.id)
    assert await process(worker, delivered(second))
    assert await process(worker, delivered(first))
    newest = await current(worker, second)
    assert (newest.version, newest.status, newest.metric_columns) == (2, Status.CACHED, ("people",))


async def test_event_of_a_deleted_dataset_is_dropped_and_leaves_nothing(worker: CloudWorker) -> None:
    dataset = await uploaded(worker)
    await worker.application.use_cases.delete_dataset(ANN, dataset.id)
    assert await process(worker, delivered(dataset))
    assert await worker.application.ports.blobs.keys(f"users/{ANN}/datasets/{dataset.id}/") == ()


async def test_work_that_ended_its_worker_too_often_is_given_up_with_a_reason(worker: CloudWorker) -> None:
    dataset = await uploaded(worker)
    name = f"{dataset.source_key}@e1"
    for _ in range(MAX_TAKEN):
        assert (await worker.source.claims.take(name, worker.source.hold))[0] == "taken"
        await worker.source.claims.release(name, failed=False)
    await process(worker, delivered(dataset))
    failed = await current(worker, dataset)
    assert failed.status is Status.FAILED
    assert failed.failure is not None
    assert failed.failure.code == "crashed_too_often"


async def test_poison_and_faults_end_among_the_dead_letters(worker: CloudWorker, settings: dict[str, Any]) -> None:
    async def broken(_job: Job) -> None:
        raise RuntimeError("planted")

    dataset = await uploaded(worker)
    faulty = replace(worker.loop, process=_Faulty(broken, worker.source.give_up))
    async with aws_client("sqs", aws_endpoint()) as sqs:
        await sqs.send_message(QueueUrl=settings["sqs_queue_url"], MessageBody="poison")
        working = asyncio.create_task(faulty())
        dead = settings["sqs_queue_url"] + "-dead"
        found: set[str] = set()
        async with asyncio.timeout(60):  # events of other tests' files may come first
            while "poison" not in found or not any(dataset.id in body for body in found):
                answer = await sqs.receive_message(QueueUrl=dead, WaitTimeSeconds=1, MaxNumberOfMessages=10)
                found |= {one["Body"] for one in answer.get("Messages", ())}
        working.cancel()
        await asyncio.wait([working])
    failed = await current(worker, dataset)
    assert failed.failure is not None
    assert failed.failure.code == "internal"


class _Faulty:
    def __init__(
        self, process: Callable[[Job], Awaitable[None]], give_up: Callable[[Job, DriftlineError], Awaitable[None]]
    ) -> None:
        self._process, self.give_up = process, give_up

    async def __call__(self, job: Job) -> None:
        await self._process(job)


async def test_lambda_reports_what_has_to_come_again_and_nothing_else(
    worker: CloudWorker, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)
    dataset = await uploaded(worker)

    def record(name: str, body: str) -> dict[str, Any]:
        return {"messageId": name, "receiptHandle": name, "body": body, "attributes": {"ApproximateReceiveCount": "1"}}

    unregistered = "users/u1/datasets/d1/v1/u1/source"
    await worker.application.ports.blobs.write(unregistered, chunks_of(DAILY))
    unknown = s3_message(s3_event(unregistered))
    test_event = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"})
    event = {
        "Records": [
            record("good", delivered(dataset).body),
            record("early", unknown),
            record("test", test_event),
            record("poison", "?"),
        ]
    }
    answer = await asyncio.to_thread(lambda_handler.handle, event)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "early"}, {"itemIdentifier": "poison"}]}
    assert (await current(worker, dataset)).status is Status.CACHED


async def test_stopped_worker_process_hands_back_and_ends_in_order(settings: dict[str, Any], tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as written:
        process_ = await asyncio.create_subprocess_exec(
            DRIFTLINE, "worker", env=environment_of(settings), stdout=written, stderr=written, cwd=tmp_path
        )
    try:
        async with asyncio.timeout(180):  # files of other tests may be in its hands, and it may finish those
            while b"worker_ready" not in log.read_bytes():
                assert process_.returncode is None, log.read_text()
                await asyncio.sleep(0.1)
            process_.terminate()
            assert await process_.wait() == 0, log.read_text()
    finally:
        if process_.returncode is None:
            process_.kill()
            await process_.wait()
    assert b"worker_stopped" in log.read_bytes()
