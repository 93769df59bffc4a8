"""Any history of uploads, workers, renames and deletions, on the fake and on SQLite, against a model of ours.

Workers read a dataset, dawdle, and write what they made of it: whatever comes in between, a stale one never wins.
"""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.datasets import SqliteDatasets
from domain.datasets.dataset import MOVES, Dataset, NewFile, Status, move, next_version
from domain.datasets.parse_options import ParseOptions
from domain.datasets.superseded import as_older
from domain.errors import DatasetNotFoundError, DriftlineError, IllegalMoveError, StaleVersionError
from domain.ports.datasets import Datasets
from tests.support.builders import ANN, BOB, a_dataset
from tests.support.fakes import NOON, InMemoryDatasets, uuid_of

IDS = [uuid_of(1), uuid_of(2)]


class DatasetLifecycle(RuleBasedStateMachine):
    """The model: of each dataset its versions in order, the newest last. A dataset that was removed has none."""

    readings = Bundle("readings")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.database = SqliteDatabase(Path(self.folder.name) / "driftline.db")
        self.runner.run(self.database.open())
        self.stores: list[Datasets] = [InMemoryDatasets(), SqliteDatasets(self.database)]
        self.model: dict[str, list[Dataset]] = {}
        self.highest: dict[str, int] = {}
        self.uploads = 0

    def teardown(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()
        self.folder.cleanup()

    def ask(self, question: Callable[[Datasets], Coroutine[Any, Any, Any]]) -> Any:
        """Put one question to every store; all must answer (or refuse) alike."""
        answers = [self.runner.run(self._answer(question(store))) for store in self.stores]
        assert answers[0] == answers[1]
        return answers[0]

    @staticmethod
    async def _answer(coroutine: Coroutine[Any, Any, Any]) -> Any:
        try:
            return await coroutine
        except DriftlineError as error:
            return type(error)

    def newest(self, dataset_id: str) -> Dataset | None:
        versions = self.model.get(dataset_id)
        return versions[-1] if versions else None

    def write(self, dataset: Dataset, read: Dataset) -> None:
        """Compare-and-set in every store: it wins if, and only if, what was read is still what there is."""
        current = self.newest(dataset.id)
        outcome = self.ask(lambda store: store.replace(dataset, read.revision))
        if current is None or current.revision != read.revision:
            assert outcome is StaleVersionError
            return
        assert outcome is None
        named = msgspec.structs.replace(dataset, dataset_name=current.dataset_name)
        versions = self.model[dataset.id]
        if dataset.version == current.version:
            versions.pop()
        versions.append(named)

    def new_file(self) -> NewFile:
        self.uploads += 1
        return NewFile(
            file_name=f"{self.uploads}.csv",
            source_key=f"k{self.uploads}",
            size_bytes=self.uploads,
            sha256="00" * 32,
            uploaded_at=NOON + timedelta(seconds=self.uploads),
            parse_options=ParseOptions(),
        )

    @initialize()
    def first_dataset(self) -> None:
        self.add(IDS[0])

    @rule(dataset_id=st.sampled_from(IDS))
    def add(self, dataset_id: str) -> None:
        if self.newest(dataset_id) is not None:
            return
        self.uploads += 1
        dataset = a_dataset(id=dataset_id, uploaded_at=NOON + timedelta(seconds=self.uploads))
        assert self.ask(lambda store: store.add(dataset)) is None
        self.model[dataset_id] = [dataset]
        self.highest[dataset_id] = 1

    @rule(target=readings, dataset_id=st.sampled_from(IDS))
    def read(self, dataset_id: str) -> Any:
        found = self.ask(lambda store: store.find(dataset_id))
        assert found == self.newest(dataset_id)
        return multiple() if found is None else found

    @rule(reading=readings, to=st.sampled_from(Status), rows=st.integers(0, 9))
    def worker_moves_what_it_read(self, reading: Dataset, to: Status, rows: int) -> None:
        try:
            moved = move(reading, to, row_count=rows)
        except IllegalMoveError:
            assert to not in MOVES[reading.status]
            return
        assert to in MOVES[reading.status]
        self.write(moved, reading)

    @rule(reading=consumes(readings))
    def upload_to_what_was_read(self, reading: Dataset) -> None:
        try:
            successor = next_version(reading, self.new_file())
        except IllegalMoveError:
            assert reading.status is Status.DELETING
            return
        self.write(successor, reading)

    @rule(dataset_id=st.sampled_from(IDS), name=st.sampled_from(["Sales", "Umsatz ✓", ""]))
    def rename(self, dataset_id: str, name: str) -> None:
        newest = self.newest(dataset_id)
        outcome = self.ask(lambda store: store.rename(ANN, dataset_id, name))
        if newest is None or newest.status is Status.DELETING:
            assert outcome is DatasetNotFoundError
            return
        renamed = [msgspec.structs.replace(one, dataset_name=name) for one in self.model[dataset_id]]
        self.model[dataset_id] = renamed
        assert outcome == renamed[-1]

    @rule(dataset_id=st.sampled_from(IDS))
    def finish_deletion(self, dataset_id: str) -> None:
        newest = self.newest(dataset_id)
        if newest is not None and newest.status is not Status.DELETING:
            return
        assert self.ask(lambda store: store.remove(dataset_id)) is None
        self.model.pop(dataset_id, None)
        self.highest.pop(dataset_id, None)

    @invariant()
    def owner_sees_every_version_unless_it_is_being_deleted(self) -> None:
        for dataset_id in IDS:
            newest, versions = self.newest(dataset_id), self.model.get(dataset_id, [])
            seen = self.ask(lambda store, it=dataset_id: store.versions(ANN, it))
            if newest is None or newest.status is Status.DELETING:
                assert seen is DatasetNotFoundError
                assert self.ask(lambda store, it=dataset_id: store.get_version(ANN, it, 1)) is DatasetNotFoundError
                continue
            assert list(seen) == [versions[-1], *map(as_older, versions[-2::-1])]
            assert self.ask(lambda store, it=dataset_id: store.get(ANN, it)) == newest
            assert [one.version for one in versions] == list(range(1, len(versions) + 1))

    @invariant()
    def versions_only_grow(self) -> None:
        for dataset_id, versions in self.model.items():
            assert versions[-1].version >= self.highest[dataset_id]
            self.highest[dataset_id] = versions[-1].version

    @invariant()
    def lists_hold_what_is_visible_and_a_restart_finds_what_is_unfinished(self) -> None:
        newest = [versions[-1] for versions in self.model.values()]
        visible = [one for one in newest if one.status is not Status.DELETING]
        visible.sort(key=lambda one: (one.uploaded_at, one.id), reverse=True)
        page = self.ask(lambda store: store.list(ANN, 10, 0))
        assert (list(page.items), page.total) == (visible, len(visible))
        pending = {one.id for one in newest if one.status in {Status.UPLOADED, Status.PROCESSING, Status.DELETING}}
        assert {one.id for one in self.ask(lambda store: store.unfinished())} == pending

    @invariant()
    def stranger_sees_nothing(self) -> None:
        assert self.ask(lambda store: store.list(BOB, 10, 0)).total == 0
        for dataset_id in IDS:
            assert self.ask(lambda store, it=dataset_id: store.get(BOB, it)) is DatasetNotFoundError


DatasetLifecycle.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestDatasetLifecycle = DatasetLifecycle.TestCase
