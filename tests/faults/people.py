"""Users who upload, add, judge, ask for reports and delete, and write down what was acknowledged."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import httpx

from tests.faults.ledger import Answered, Ledger, SentDataset, SentFile, SentReport
from tests.support.served import PASSWORD

FIRST_DAY = date(2024, 1, 1)
METRIC = "visits"
VERDICTS = ("confirmed", "expected", "false_alarm", "new_normal", "missed")
PAUSE_SECONDS = (0.1, 0.6)  # between two actions of one user
ANSWER_SECONDS = 15.0
READY_SECONDS = 3.0  # no longer does a user wait for a version before trying all the same
READY = {"processed", "cached"}
INTERNAL = 500


@dataclass
class Reply:
    """What came back, if anything did."""

    answered: Answered
    status: int = 0
    body: Any = None


@dataclass
class Person:
    """One user with an account; does one thing after the other."""

    name: str
    random: random.Random
    client: httpx.AsyncClient
    ledger: Ledger = field(default_factory=Ledger)
    _count: int = 0

    @property
    def account(self) -> dict[str, str]:
        return {"email": f"{self.name}@example.com", "password": PASSWORD}

    async def sign_in(self) -> bool:
        """Return whether the account is there and lets its owner in."""
        reply = await self.ask("POST", "/api/auth/login", json=self.account)
        if reply.answered is Answered.DONE:
            self.client.headers["authorization"] = f"Bearer {reply.body['accessToken']}"
        return reply.answered is Answered.DONE

    async def ask(self, method: str, path: str, **more: Any) -> Reply:
        """Send one request, once."""
        try:
            answer = await self.client.request(method, path, **more)
        except httpx.HTTPError:
            return Reply(Answered.UNKNOWN)
        if answer.status_code == INTERNAL:
            self.ledger.broken_answers.append(f"{method} {path}: {answer.text}")
        if answer.status_code >= INTERNAL:
            return Reply(Answered.UNKNOWN, answer.status_code)
        body = (
            answer.json() if answer.headers.get("content-type", "").startswith("application/json") else answer.content
        )
        done = answer.is_success
        return Reply(Answered.DONE if done else Answered.REFUSED, answer.status_code, body)

    async def act(self) -> None:
        """Do one thing, by chance."""
        usable = [one for one in self.ledger.datasets if one.is_usable]
        if not usable or self.random.random() < 0.3:
            await (self.upload() if self.random.random() < 0.7 else self.upload_to_the_store())
            return
        dataset = self.random.choice(usable[-6:])
        actions: dict[Callable[[SentDataset], Awaitable[object]], int] = {
            self.new_version: 3, self.add_rows: 3, self.judge: 3, self.report: 2, self.delete: 2,
        }  # fmt: skip
        (action,) = self.random.choices(list(actions), list(actions.values()))
        if action in {self.add_rows, self.judge, self.report}:  # these need a version that is ready
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.until_ready(dataset), READY_SECONDS)
        await action(dataset)

    async def upload(self) -> SentDataset:
        """Begin a dataset."""
        dataset = SentDataset(self._name("set"))
        self.ledger.datasets.append(dataset)
        await self._send(dataset, self._file(0, self.random.randint(20, 90)), datasetName=dataset.name)
        return dataset

    async def upload_to_the_store(self) -> None:
        """Begin a dataset by a file that goes straight to the bucket, where there is one."""
        dataset, file = SentDataset(self._name("set")), self._file(0, self.random.randint(20, 90))
        body = {"fileName": file.name, "sizeBytes": len(file.content), "datasetName": dataset.name}
        form = await self.ask("POST", "/api/datasets/upload-url", json=body)
        if form.answered is not Answered.DONE:
            return  # in the embedded profile it always is
        dataset.id = form.body["datasetId"]
        dataset.files.append(file)
        self.ledger.datasets.append(dataset)
        with contextlib.suppress(httpx.HTTPError):
            async with httpx.AsyncClient(timeout=ANSWER_SECONDS, verify=False) as store:
                files = {"file": (file.name, file.content)}
                answer = await store.post(form.body["url"], data=form.body["fields"], files=files)
                file.answered = Answered.DONE if answer.is_success else Answered.UNKNOWN

    async def new_version(self, dataset: SentDataset) -> None:
        """Send another file for a dataset."""
        await self._send(dataset, self._file(0, self.random.randint(20, 90)), datasetId=dataset.id)

    async def add_rows(self, dataset: SentDataset) -> None:
        """Add rows, of which some replace earlier ones."""
        added = self._file(self.random.randint(10, 90), self.random.randint(3, 20), appends=True)
        await self._send(dataset, added, datasetId=dataset.id, mode="append")

    async def judge(self, dataset: SentDataset) -> None:
        """Give a verdict on one of a few days, so that some are given again."""
        day, verdict = _day(self.random.randint(0, 9)), self.random.choice(VERDICTS)
        body = {"metric": METRIC, "date": day, "verdict": verdict}
        reply = await self.ask("PUT", f"/api/analytics/{dataset.id}/verdicts", json=body)
        dataset.note_verdict(day, verdict, reply.answered)

    async def report(self, dataset: SentDataset) -> None:
        """Ask for a report with every figure in it."""
        body = {"datasetId": dataset.id, "format": "json"}
        reply = await self.ask("POST", "/api/reports/generate", json=body)
        if reply.answered is Answered.DONE:
            self.ledger.reports.append(SentReport(reply.body["reportId"], dataset, reply.body["version"]))

    async def delete(self, dataset: SentDataset) -> None:
        """Delete a dataset."""
        reply = await self.ask("DELETE", f"/api/datasets/{dataset.id}")
        if reply.answered is not Answered.REFUSED:
            dataset.deletion = reply.answered

    async def until_ready(self, dataset: SentDataset) -> bool:
        """Wait until the newest version can be looked at; False if it failed."""
        while True:
            reply = await self.ask("GET", f"/api/datasets/{dataset.id}")
            if reply.answered is Answered.DONE and reply.body["status"] not in {"uploaded", "processing"}:
                return reply.body["status"] in READY
            if reply.answered is Answered.REFUSED:
                return False
            await asyncio.sleep(0.1)

    async def _send(self, dataset: SentDataset, file: SentFile, **fields: str) -> None:
        dataset.files.append(file)
        files = {"file": (file.name, file.content)}
        reply = await self.ask("POST", "/api/datasets/upload", data=fields, files=files)
        file.answered = reply.answered
        if reply.answered is Answered.DONE:
            dataset.id, file.version = reply.body["datasetId"], reply.body["version"]

    def _file(self, first: int, length: int, *, appends: bool = False) -> SentFile:
        days = {_day(first + number): 1_000 + self.random.randint(0, 90) for number in range(length)}
        days[_day(first + self.random.randrange(length))] = 4_000 + self._count  # an anomaly
        return SentFile(f"{self._name('file')}.csv", days, appends)

    def _name(self, what: str) -> str:
        self._count += 1
        return f"{self.name}-{what}-{self._count}"


def _day(number: int) -> str:
    return (FIRST_DAY + timedelta(days=number)).isoformat()


@asynccontextmanager
async def registered(name: str, url: str, seed: int) -> AsyncIterator[Person]:
    """Open an account and sign in; nothing is broken yet."""
    # A connection for each request: in the cloud profile they go to the API processes in turn.
    limits = httpx.Limits(max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=url, timeout=ANSWER_SECONDS, verify=False, limits=limits) as client:
        person = Person(name, random.Random(f"{name}{seed}"), client)
        reply = await person.ask("POST", "/api/auth/register", json=person.account)
        assert reply.status == 201, reply
        assert await person.sign_in()
        yield person


async def keep_acting(person: Person, stop: asyncio.Event) -> None:
    """Act until asked to stop; a session that ended is begun again."""
    while not stop.is_set():
        await person.act()
        if (await person.ask("GET", "/api/auth/me")).status == 401:
            await person.sign_in()
        await asyncio.sleep(person.random.uniform(*PAUSE_SECONDS))
