"""``driftline doctor``: every kind of leftover is planted in real stores, found and mended; what is healthy stays."""

import asyncio
import os
import sysconfig
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis

from domain.analysis.settings import AnalysisSettings
from domain.datasets.dataset import Dataset, Status, move, source_key
from domain.datasets.derived_keys import rejects_key
from domain.datasets.orphans import GRACE, OrphanKind
from domain.feedback.verdict import VerdictKind
from domain.ports.work import Job
from domain.reports.report import ReportFormat, ReportStatus
from domain.use_cases.processing.count_open import count_job
from domain.use_cases.processing.process import DEFAULTS
from domain.use_cases.reports import job_of
from domain.use_cases.uploads.upload import UploadRequest
from entrypoints.bootstrap.application import Application
from entrypoints.bootstrap.profiles import opened
from entrypoints.bootstrap.settings import Settings
from tests.support.aws_stores import aws_client
from tests.support.builders import a_report, a_session, an_annotation
from tests.support.cloud import cloud_settings, environment_of, working
from tests.support.fakes import uuid_of
from tests.support.served import DAILY, until_async
from tests.support.servers import aws_endpoint, redis_url
from tests.support.workshop import a_request, chunks_of

DRIFTLINE = Path(sysconfig.get_path("scripts")) / "driftline"
NEED_A_PERSON = {OrphanKind.STRANGE_FILE, OrphanKind.CHANGED_SOURCE}
AT_ONCE = timedelta(seconds=-2)  # S3 tells whole seconds
GONE = uuid_of(901)
CLOUD_ONLY = {OrphanKind.STUCK_DATASET, OrphanKind.STUCK_REPORT, OrphanKind.MISCOUNTED, OrphanKind.UNHEARD_UPLOAD}


@dataclass
class House:
    """A profile with its stores, and who lives there."""

    app: Application
    settings: dict[str, Any]
    user: str

    @property
    def is_cloud(self) -> bool:
        return self.settings["profile"] == "cloud"

    async def ready(self, name: str) -> Dataset:
        dataset = await self.uploaded(name)
        await self.app.use_cases.run_job(Job(dataset_id=dataset.id, version=1))
        return await self.app.use_cases.get_dataset(self.user, dataset.id)

    async def uploaded(self, name: str) -> Dataset:
        return await self.app.use_cases.upload_dataset(self.user, None, chunks_of(DAILY), a_request(name))

    async def write(self, key: str, content: bytes = b"x") -> None:
        await self.app.ports.blobs.write(key, chunks_of(content))

    async def report(self, dataset: Dataset) -> str:
        cases = self.app.use_cases
        asked = await cases.request_report(self.user, dataset.id, "visits", DEFAULTS, None, ReportFormat.CSV)
        await cases.run_job(job_of(asked))
        return asked.id

    async def forget_messages(self) -> None:
        """Lose every message of the queue: what waits for one waits for ever."""
        if self.is_cloud:
            async with aws_client("sqs", aws_endpoint()) as sqs:
                await sqs.purge_queue(QueueUrl=self.settings["sqs_queue_url"])

    async def found(self, grace: timedelta = AT_ONCE, *, repair: bool = False) -> dict[OrphanKind, list[str]]:
        found: dict[OrphanKind, list[str]] = {}
        async for finding in self.app.use_cases.check_consistency(grace, contents=True):
            found.setdefault(finding.kind, []).append(finding.what)
            if repair and finding.repair:
                await finding.repair()
        return found


@asynccontextmanager
async def settings_of(profile: str, folder: Path) -> AsyncIterator[dict[str, Any]]:
    if profile == "cloud":
        url = redis_url().removesuffix("/0") + "/9"  # emptied: what other tests cached is unknown here
        async with Redis.from_url(url) as redis:
            await redis.flushdb()
        async with cloud_settings(folder, redis_url=url) as settings:
            yield settings
    else:
        yield {"profile": "embedded", "data_dir": folder, "bcrypt_cost": 4, "processing_memory": "256MB"}


@pytest.fixture(params=["embedded", "cloud"])
async def house(request: pytest.FixtureRequest, tmp_path: Path, aws_keys: None) -> AsyncIterator[House]:
    async with settings_of(request.param, tmp_path) as settings, opened(Settings(**settings)) as app:
        user = await app.use_cases.register("ann@example.com", "correct horse battery", "127.0.0.1")
        yield House(app, settings, user.id)


async def plant(house: House) -> dict[str, str]:
    """Leave one or two of every kind behind; return what has to be whole after mending."""
    ports = house.app.ports
    gone, deleting = await house.ready("Gone"), await house.ready("Deleting")
    await ports.datasets.replace(move(deleting, Status.DELETING), deleting.revision)
    await ports.datasets.remove(gone.id)  # its rows, files, analyses and cached answers are still there
    healthy = await house.ready("Whole")
    await ports.datasets.replace(msgspec.structs.replace(healthy, counted_by_method=None), healthy.revision)
    damaged, other = await house.ready("Damaged"), await house.ready("Changed")
    await ports.records.delete(damaged.id)
    await house.write(other.source_key, DAILY + b"2024-04-01,7\n")
    await house.write(source_key(house.user, GONE, 1, "u1"))
    await house.write(source_key(house.user, healthy.id, 2, "loser-of-a-race"))
    await house.write(rejects_key(house.user, healthy.id, 7))
    await house.write(f"users/{house.user}/reports/{GONE}.pdf")
    await house.write("users/somebody/notes.txt")
    await ports.verdicts.put(an_annotation(dataset_id=GONE))
    lost = a_report(id=uuid_of(911), user_id=house.user, dataset_id=healthy.id, metric="visits")
    await ports.reports.put(msgspec.structs.replace(lost, status=ReportStatus.READY, size_bytes=7))
    stuck_report = a_report(id=uuid_of(912), user_id=house.user, dataset_id=healthy.id, metric="visits")
    await ports.reports.put(stuck_report)
    now = datetime.now(UTC)
    ended = a_session(
        "old", user_id=house.user, created_at=now - timedelta(days=90), expires_at=now - timedelta(days=60)
    )
    await ports.sessions.begin(ended)
    await _break_a_write(house)
    stuck = await house.uploaded("Stuck")
    announced = await _announced(house) if house.is_cloud else ""
    if announced:
        await house.write(announced, DAILY)
    await house.forget_messages()
    return {"healthy": healthy.id, "damaged": damaged.id, "stuck": stuck.id, "announced": announced}


async def _announced(house: House) -> str:
    request = UploadRequest(dataset_name="Unheard", file_name="a.csv", parse_options=a_request()().parse_options)
    announced, _ = await house.app.use_cases.prepare_direct_upload(house.user, None, request, len(DAILY))
    return announced.key


async def _break_a_write(house: House) -> None:
    if house.is_cloud:
        async with aws_client("s3", aws_endpoint()) as s3:
            await s3.create_multipart_upload(Bucket=house.settings["s3_bucket"], Key="users/x/broken")
    else:
        left = house.settings["data_dir"] / "blobs" / ".incoming" / "broken"
        left.write_bytes(b"half")
        os.utime(left, (0, 0))


async def test_every_kind_of_leftover_is_found_and_mended_and_nothing_else(house: House) -> None:
    planted = await plant(house)
    expected = set(OrphanKind) if house.is_cloud else set(OrphanKind) - CLOUD_ONLY
    found = await house.found()
    assert set(found) == expected
    assert len(found[OrphanKind.ORPHANED_FILE]) >= 2
    assert len(found[OrphanKind.ORPHANED_SOURCE]) >= 2
    assert await house.found() == found, "looking changes nothing"

    await house.found(repair=True)
    assert set(await house.found()) == NEED_A_PERSON
    ports, cases = house.app.ports, house.app.use_cases
    if house.is_cloud:
        async with working(house.settings):
            for waited in (planted["damaged"], planted["stuck"], planted["announced"].split("/")[3]):
                assert await until_async(partial(_is_settled, house, waited))
        assert set(await house.found()) == NEED_A_PERSON
    else:
        assert (await ports.reports.find(uuid_of(911))).status is ReportStatus.QUEUED  # type: ignore[union-attr] # it is there, or the test fails here
    assert (await cases.get_dataset(house.user, planted["healthy"])).status is Status.CACHED
    listed = await cases.list_datasets(house.user, 10, 0)
    names = {"Whole", "Damaged", "Changed", "Stuck"} | ({"Unheard"} if house.is_cloud else set())
    assert {one.dataset_name for one in listed.items} == names


async def _is_settled(house: House, dataset_id: str) -> bool:
    return (await house.app.use_cases.get_dataset(house.user, dataset_id)).status is Status.CACHED


async def test_healthy_house_has_nothing_left_over(house: House) -> None:
    dataset = await house.ready("Whole")
    report = await house.report(dataset)
    await house.app.use_cases.give_verdict(
        house.user, dataset.id, "visits", "2024-01-05", VerdictKind.CONFIRMED, "A sale"
    )
    await house.app.use_cases.run_job(count_job(dataset))  # as a worker does after the verdict
    await house.app.use_cases.log_in("ann@example.com", "correct horse battery", "127.0.0.1")
    if house.is_cloud:
        await _announced(house)
        await house.forget_messages()
    assert await house.found(repair=True) == {}
    entry, _ = await house.app.use_cases.serve_analysis(house.user, dataset.id, "visits", AnalysisSettings())
    assert entry.version == 1
    assert (await house.app.use_cases.get_report(house.user, report)).status is ReportStatus.READY
    assert len(await house.app.use_cases.list_verdicts(house.user, dataset.id, "visits")) == 1


async def test_the_product_clears_by_itself_all_but_what_a_person_has_to_decide(house: House) -> None:
    await plant(house)
    await house.app.use_cases.clear_orphans(AT_ONCE)
    left = await house.found()
    assert set(left) - CLOUD_ONLY == NEED_A_PERSON | {OrphanKind.ORPHANED_SOURCE, OrphanKind.DAMAGED_ROWS}
    assert await house.app.use_cases.clear_orphans(AT_ONCE, AT_ONCE) == {
        OrphanKind.ORPHANED_SOURCE: len(left[OrphanKind.ORPHANED_SOURCE])
    }


async def test_young_things_are_left_alone_for_they_may_be_in_work(house: House) -> None:
    await house.uploaded("Just now")
    await house.write(source_key(house.user, GONE, 1, "u1"))
    await house.app.ports.reports.put(
        a_report(user_id=house.user, created_at=datetime.now(UTC), status=ReportStatus.READY)
    )
    if house.is_cloud:
        await house.write(await _announced(house), DAILY)
    await house.forget_messages()
    assert await house.found(GRACE, repair=True) == {}


async def test_nothing_is_called_stuck_while_the_queue_has_work(tmp_path: Path, aws_keys: None) -> None:
    async with settings_of("cloud", tmp_path) as settings, opened(Settings(**settings)) as app:
        house = House(app, settings, uuid_of(902))
        await house.uploaded("Waiting for its worker")
        assert await app.use_cases.check_consistency.pending() > 0
        assert await house.found() == {}
        await house.forget_messages()
        assert set(await house.found()) == {OrphanKind.STUCK_DATASET}


async def test_command_reports_then_mends_and_says_so_by_its_exit_code(house: House, tmp_path: Path) -> None:
    await house.write(source_key(house.user, GONE, 1, "u1"))

    async def run(*arguments: str) -> tuple[int | None, str]:
        process = await asyncio.create_subprocess_exec(
            DRIFTLINE, "doctor", "--grace-minutes", "0", *arguments, env=environment_of(house.settings), cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await process.communicate()
        return process.returncode, said.decode()

    await asyncio.sleep(1.1)  # S3 tells whole seconds, and the command takes no grace below none
    await house.forget_messages()
    code, said = await run()
    assert (code, "Uploaded files that no dataset has: 1" in said, "driftline doctor --repair" in said) == (
        1,
        True,
        True,
    )
    assert source_key(house.user, GONE, 1, "u1") in said
    code, said = await run("--repair")
    assert (code, "Mended all 1." in said) == (0, True)
    assert await house.found() == {}
