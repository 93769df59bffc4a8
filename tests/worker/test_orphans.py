"""What crashes leave behind in the embedded profile: found, named, cleared or read again."""

import sqlite3
from datetime import timedelta
from pathlib import Path

from domain.datasets.dataset import Dataset, Status, move
from domain.datasets.orphans import Orphan, OrphanKind
from entrypoints.bootstrap.application import Application
from tests.support.running import analysis_of, running, settled, uploaded
from tests.support.workshop import sales_csv

AT_ONCE = timedelta(0)


async def found(app: Application) -> dict[OrphanKind, Orphan]:
    return {one.kind: one async for one in app.use_cases.check_consistency(AT_ONCE, contents=True)}


def append_to_source(folder: Path) -> None:
    (source,) = (path for path in folder.rglob("*") if path.is_file() and path.read_bytes() == sales_csv())
    source.chmod(0o600)
    source.write_bytes(sales_csv() + b"\n")


async def a_dataset_in(app: Application) -> Dataset:
    dataset = await settled(app, await uploaded(app, sales_csv()))
    await analysis_of(app, dataset)
    return dataset


async def test_a_healthy_folder_has_nothing_left_behind(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        await a_dataset_in(app)
        assert await found(app) == {}
        assert await app.use_cases.clear_orphans(AT_ONCE, AT_ONCE) == {}
        assert await app.use_cases.check_consistency.pending() == 0


async def test_what_belongs_to_no_dataset_is_found_and_cleared(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await a_dataset_in(app)
        with sqlite3.connect(tmp_path / "driftline.sqlite") as database:
            database.execute("DELETE FROM datasets WHERE id = ?", (dataset.id,))
        left = set(await found(app))
        assert {OrphanKind.ORPHANED_SOURCE, OrphanKind.ORPHANED_ROWS, OrphanKind.ORPHANED_ANALYSES} <= left
        cleared = await app.use_cases.clear_orphans(AT_ONCE, AT_ONCE)
        assert set(cleared) == left
        assert await found(app) == {}


async def test_young_leftovers_are_left_alone(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await a_dataset_in(app)
        with sqlite3.connect(tmp_path / "driftline.sqlite") as database:
            database.execute("DELETE FROM datasets WHERE id = ?", (dataset.id,))
        cleared = await app.use_cases.clear_orphans(AT_ONCE, timedelta(days=1))
        assert OrphanKind.ORPHANED_SOURCE not in cleared
        assert set(await found(app)) == {OrphanKind.ORPHANED_SOURCE}


async def test_a_changed_source_is_named_with_both_sums(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await a_dataset_in(app)
        append_to_source(tmp_path)
        orphan = (await found(app))[OrphanKind.CHANGED_SOURCE]
    assert dataset.sha256 in orphan.what
    assert orphan.repair is None


async def test_rows_that_are_gone_are_read_again_from_the_file(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        dataset = await a_dataset_in(app)
        await app.ports.records.delete(dataset.id, dataset.version)
        orphan = (await found(app))[OrphanKind.DAMAGED_ROWS]
        assert orphan.repair is not None
        await orphan.repair()
        await settled(app, dataset)
        assert await found(app) == {}


async def test_a_deletion_that_stopped_half_way_is_finished(tmp_path: Path) -> None:
    async with running(tmp_path, work=False) as app:
        dataset = await uploaded(app, sales_csv())
        await app.ports.datasets.replace(move(dataset, Status.DELETING), dataset.revision)
        orphan = (await found(app))[OrphanKind.DELETION]
        assert orphan.repair is not None
        await orphan.repair()
        assert await app.ports.datasets.find(dataset.id) is None
        assert await found(app) == {}
