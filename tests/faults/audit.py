"""Everything that was acknowledged is looked for, by its user and in the stores, and every figure is compared."""

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.errors import NotFoundError
from domain.ports.datasets import Blobs, Datasets
from tests.faults.ledger import Answered, SentDataset, SentFile, SentReport
from tests.faults.people import METRIC, READY, Person, Reply

TRIES = 5  # of a look that the product could not answer; the faults are over, so one should do
PAGE = 200
SUPERSEDED = "superseded"
ENDED = READY | {"failed"}

Versions = Mapping[int, Mapping[str, Any]]


@dataclass
class Findings:
    """What an audit finds wrong; each is a sentence."""

    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    looked_at: Counter[str] = field(default_factory=Counter)

    def expect(self, holds: object, otherwise: str) -> None:
        """Note a wrong answer unless something holds."""
        if not holds:
            self.wrong.append(otherwise)


@dataclass
class Audit:
    """Of one user."""

    person: Person
    findings: Findings

    async def __call__(self) -> None:
        """Look at everything."""
        if not await self.person.sign_in():
            self.findings.lost.append(f"account {self.person.name}")
            return
        listed = await self._listed()
        for dataset in self.person.ledger.datasets:
            await self._dataset(dataset, listed)
        for report in self.person.ledger.reports:
            await self._report(report)
        self.findings.wrong += self.person.ledger.broken_answers

    async def _look(self, path: str, **params: Any) -> Reply:
        for _ in range(TRIES):
            reply = await self.person.ask("GET", path, params=params)
            if reply.answered is not Answered.UNKNOWN:
                return reply
            await asyncio.sleep(1)
        raise AssertionError(f"{path} is not answered: {reply.status}")

    async def _listed(self) -> dict[str, list[str]]:
        """Return the identifiers of all datasets by name."""
        found: dict[str, list[str]] = {}
        offset, total = 0, 1
        while offset < total:
            page = (await self._look("/api/datasets", limit=PAGE, offset=offset)).body
            for one in page["items"]:
                found.setdefault(one["datasetName"], []).append(one["id"])
            offset, total = offset + PAGE, page["total"]
        return found

    async def _dataset(self, dataset: SentDataset, listed: dict[str, list[str]]) -> None:
        identifiers = listed.get(dataset.name, [])
        self.findings.expect(len(identifiers) < 2, f"{dataset.name} is there {len(identifiers)} times")
        if not dataset.id and identifiers:  # its answer was lost, but the file had come
            dataset.id = identifiers[0]
        if not dataset.id:
            return
        reply = await self._look(f"/api/datasets/{dataset.id}/versions")
        is_there = reply.answered is Answered.DONE
        if dataset.deletion is Answered.DONE:
            self.findings.looked_at["deletions"] += 1
            if is_there or identifiers:
                self.findings.lost.append(f"the deletion of {dataset.name}")
            return
        if not is_there:
            if dataset.deletion is None and any(file.answered is Answered.DONE for file in dataset.files):
                self.findings.lost.append(f"{dataset.name} with {len(dataset.files)} files")
            return
        versions = {one["version"]: one for one in reply.body["items"]}
        self._files(dataset, versions)
        for number, version in versions.items():
            await self._version(dataset, versions, number, is_newest=number == max(versions))
            self.findings.looked_at["versions"] += version["status"] in READY
        await self._verdicts(dataset, versions)

    def _files(self, dataset: SentDataset, versions: Versions) -> None:
        """Compare which file is which version."""
        times = Counter(version["fileName"] for version in versions.values())
        for name, count in times.items():
            self.findings.expect(count == 1, f"{name} became {count} versions")
            known = any(file.name == name for file in dataset.files)
            self.findings.expect(known, f"{name} is a version of {dataset.name}, which never got it")
        for file in dataset.files:
            if file.answered is Answered.DONE:
                self.findings.looked_at["files"] += 1
                # One that went straight to the store was acknowledged by it, and has its number from the worker.
                there = file.name in times if file.version is None else _name_of(versions, file.version) == file.name
                if not there:
                    self.findings.lost.append(f"{file.name}, version {file.version} of {dataset.name}")
            elif file.answered is Answered.REFUSED:
                self.findings.expect(file.name not in times, f"{file.name} was refused and is a version")

    async def _version(self, dataset: SentDataset, versions: Versions, number: int, *, is_newest: bool) -> None:
        version = versions[number]
        status, failure = version["status"], version["failure"]
        named = f"version {number} of {dataset.name}"
        if status not in READY:
            superseded = not is_newest and status == "failed" and failure["code"] == SUPERSEDED
            if not superseded:
                self.findings.lost.append(f"{named} is {status} ({failure})")
            return
        rows = rows_of(dataset, versions, number)
        if rows is None:
            return  # noted by ``_files``
        self.findings.expect(version["rowCount"] == len(rows), f"{named} has {version['rowCount']} rows")
        file = _file_of(dataset, version)
        self.findings.expect(file and version["sha256"] == file.sha256, f"{named} has another SHA-256")
        params = {} if is_newest else {"version": number}
        reply = await self._look(f"/api/analytics/{dataset.id}", metric=METRIC, **params)
        self.findings.expect(reply.answered is Answered.DONE, f"{named} has no analysis: {reply.body}")
        if reply.answered is Answered.DONE:
            self._figures(named, reply.body, rows, number)

    def _figures(self, named: str, analysis: Mapping[str, Any], rows: Mapping[str, int], number: int) -> None:
        """Compare every figure of a series and its summary with what the file says."""
        series, summary = analysis["series"], analysis["summary"]
        drawn = dict(zip(series["time"], series["value"], strict=True))
        values = {day: value for day, value in drawn.items() if value is not None}
        self.findings.expect(values == dict(rows), f"{named} shows other values")
        self.findings.expect(analysis["version"] == number, f"{named} is answered as version {analysis['version']}")
        shown = (summary["min"], summary["max"], round(summary["mean"], 6))
        right = (min(rows.values()), max(rows.values()), round(sum(rows.values()) / len(rows), 6))
        self.findings.expect(shown == right, f"{named} has the summary {shown}, its file {right}")

    async def _verdicts(self, dataset: SentDataset, versions: Versions) -> None:
        if not dataset.verdicts or versions[max(versions)]["status"] not in READY:
            return
        reply = await self._look(f"/api/analytics/{dataset.id}/verdicts", metric=METRIC)
        if reply.answered is not Answered.DONE:
            self.findings.lost.append(f"the verdicts on {dataset.name}: {reply.body}")
            return
        given = {one["date"]: one["verdict"] for one in reply.body["items"]}
        for day, possible in dataset.verdicts.items():
            self.findings.looked_at["verdicts"] += 1
            if given.get(day) not in possible:
                self.findings.lost.append(f"verdict on {day} of {dataset.name}: {given.get(day)}, not {possible}")
        strange = given.keys() - dataset.verdicts.keys()
        self.findings.expect(not strange, f"{dataset.name} has verdicts that were never given: {strange}")

    async def _report(self, report: SentReport) -> None:
        self.findings.looked_at["reports"] += 1
        named = f"report {report.id} on version {report.version} of {report.dataset.name}"
        reply = await self._look(f"/api/reports/{report.id}/status")
        if reply.answered is not Answered.DONE:
            self.findings.lost.append(named)
            return
        if reply.body["status"] != "ready":
            if report.dataset.deletion is None:
                self.findings.lost.append(f"{named} is {reply.body['status']}: {reply.body['failure']}")
            return
        content = (await self._look(f"/api/reports/{report.id}")).body
        document = content if isinstance(content, dict) else json.loads(content)
        reply = await self._look(f"/api/datasets/{report.dataset.id}/versions")
        if reply.answered is Answered.DONE:
            rows = rows_of(report.dataset, {one["version"]: one for one in reply.body["items"]}, report.version)
            if rows is not None:
                self._figures(named, document["analysis"], rows, report.version)


def rows_of(dataset: SentDataset, versions: Versions, number: int) -> dict[str, int] | None:
    """Return what a version has to hold, by its file and the version it was added to; None if that is not known."""
    version = versions.get(number)
    file = _file_of(dataset, version) if version else None
    if version is None or file is None:
        return None
    if version["appendedTo"] is None:
        return file.days
    earlier = rows_of(dataset, versions, version["appendedTo"])
    return None if earlier is None else earlier | file.days


def _name_of(versions: Versions, number: int) -> str:
    return str(versions.get(number, {}).get("fileName", ""))


def _file_of(dataset: SentDataset, version: Mapping[str, Any]) -> SentFile | None:
    return next((file for file in dataset.files if file.name == version["fileName"]), None)


async def audit_sources(datasets: Datasets, blobs: Blobs, people: list[Person], findings: Findings) -> None:
    """Compare the stored file of every version with what was sent, byte by byte."""
    for sent in (one for person in people for one in person.ledger.datasets if one.id and one.deletion is None):
        newest = await datasets.find(sent.id)
        if newest is None:
            continue  # noted by its user's audit
        for version in await datasets.versions(newest.user_id, sent.id):
            digest = hashlib.sha256()
            try:
                async for chunk in blobs.read(version.source_key):
                    digest.update(chunk)
            except NotFoundError:
                findings.lost.append(f"the stored file of version {version.version} of {sent.name}")
                continue
            file = next((file for file in sent.files if file.name == version.file_name), None)
            same = file is not None and digest.hexdigest() == file.sha256
            findings.expect(same, f"the stored file of version {version.version} of {sent.name} is another")
            findings.looked_at["stored files"] += 1
