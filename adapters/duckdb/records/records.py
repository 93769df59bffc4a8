"""Records as one Parquet file per dataset version, asked by DuckDB."""

import asyncio
import math
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
from typing_extensions import override

from adapters.duckdb.engine import connect
from adapters.duckdb.limits import MEMORY
from adapters.duckdb.records import sql as ask
from adapters.duckdb.records.groups import group_sums
from adapters.duckdb.records.shared_engine import SharedEngine
from adapters.duckdb.records.times import DescribedTimes, described_times, one_row
from adapters.duckdb.sql_text import literal
from domain.analysis.suggested_reasons import Stretch
from domain.datasets.dataset import Dataset
from domain.datasets.ingest_result import IngestResult
from domain.errors import (
    CorruptedError,
    DimensionNotFoundError,
    MetricNotFoundError,
    NoUsableRowError,
    UnavailableError,
)
from domain.ports.datasets import Records
from domain.ports.system import WorkerPool
from domain.timeseries.aggregation import Floats, Granularity, Ints, MetricProfile, SeriesAnswer, SeriesQuestion
from domain.timeseries.buckets import SHORT_US, ordinal_starts
from domain.timeseries.group_sums import GroupQuestion, GroupSums
from domain.timeseries.timezones import Offsets, offsets, to_instants

TABLE: Final = "records.parquet"
THREADS: Final = 2
DESCRIBED: Final = 64  # files whose times are remembered, some 500 bytes each


@contextmanager
def translated(memory: str) -> Iterator[None]:
    """Turn the driver's errors into the domain's.

    Raises:
        UnavailableError: a query needs more than the memory it may use.
        CorruptedError: anything else: the queries are ours, so it is the stored table that fails.
    """
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise UnavailableError(
            f"The question needs more than {memory} of memory. Allow DuckDB more, or ask for a coarser granularity.",
            dependency="records",
        ) from error
    except duckdb.Error as error:
        raise CorruptedError("The stored records cannot be read: their file is damaged.") from error


class DuckDBRecords(Records):
    """Keeps ``{root}/{dataset}/v{version}/records.parquet``; a version is whole or not there.

    Attributes of the constructor: ``root`` folder, ``offload`` where queries run, ``threads`` and ``memory`` that
    DuckDB may use before it spills to disk.
    """

    def __init__(self, root: Path, worker_pool: WorkerPool, *, threads: int = THREADS, memory: str = MEMORY) -> None:
        self._root = root.absolute()  # DuckDB compares it with the paths it is given
        self._offload = worker_pool
        self._threads = threads
        self._memory = memory
        self._engine: SharedEngine | None = None
        self._described: dict[tuple[str, int, int, str], DescribedTimes] = {}

    async def open(self) -> None:
        """Make the folder and the engine. Raises UnavailableError."""
        await asyncio.to_thread(self._open)

    async def close(self) -> None:
        """Close the engine; queries that run end first."""
        engine, self._engine = self._engine, None
        if engine is not None:
            await asyncio.to_thread(engine.close)

    @override
    async def store(self, dataset: Dataset, report: IngestResult) -> None:
        target = self._path(dataset.id, dataset.version)
        await self._offload.run(lambda: _put(report.table, target))

    @override
    async def profile(self, dataset: Dataset, metric: str) -> MetricProfile:
        path = self._path(dataset.id, dataset.version)
        return await self._offload.run(lambda: self._profile(path, metric, dataset.time_zone))

    @override
    async def series(self, question: SeriesQuestion) -> SeriesAnswer:
        path = self._path(question.dataset_id, question.version)
        return await self._offload.run(lambda: self._series(path, question))

    @override
    async def group_sums(self, question: GroupQuestion) -> GroupSums:
        path = self._path(question.dataset_id, question.version)
        return await self._offload.run(lambda: self._group_sums(path, question))

    @override
    async def texts(self, dataset: Dataset, column: str, stretches: Sequence[Stretch]) -> tuple[tuple[str, ...], ...]:
        path = self._path(dataset.id, dataset.version)
        return await self._offload.run(lambda: self._texts(path, column, stretches))

    @override
    async def delete(self, dataset_id: str, version: int | None = None) -> None:
        folder = self._folder(dataset_id) if version is None else self._path(dataset_id, version).parent
        await self._offload.run(lambda: shutil.rmtree(folder, ignore_errors=True))

    @override
    async def stored_ids(self) -> frozenset[tuple[str, int]]:
        return await self._offload.run(self._held)

    @override
    async def row_count(self, dataset_id: str, version: int) -> int | None:
        return await self._offload.run(lambda: self._count(self._path(dataset_id, version)))

    def _count(self, path: Path) -> int | None:
        with self._opened() as cursor:
            return int(one_row(cursor, ask.footer_sql(str(path)))[0]) if path.exists() else None

    def _held(self) -> frozenset[tuple[str, int]]:
        folders = (folder for folder in self._root.glob("*/v*") if not folder.parent.name.startswith("."))
        return frozenset((one.parent.name, int(one.name[1:])) for one in folders if one.name[1:].isdigit())

    def _open(self) -> None:
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            engine = connect(self._root, threads=self._threads, memory=self._memory)
        except (OSError, duckdb.Error) as error:
            raise UnavailableError(
                f"The folder of records cannot be used ({type(error).__name__}).", dependency="records"
            ) from error
        self._engine = SharedEngine(engine)

    def _folder(self, dataset_id: str) -> Path:
        if not dataset_id or dataset_id != Path(dataset_id).name or dataset_id.startswith("."):
            raise MetricNotFoundError(f"No dataset can be called “{dataset_id}”.", metrics=[])
        return self._root / dataset_id

    def _path(self, dataset_id: str, version: int) -> Path:
        return self._folder(dataset_id) / f"v{version}" / TABLE

    @contextmanager
    def _cursor(self, path: Path, metric: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a connection for a metric that is there."""
        with self._opened() as cursor:
            _check_metric(cursor, path, metric)
            yield cursor

    @contextmanager
    def _opened(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a connection of the one engine."""
        engine = self._engine
        if engine is None:
            raise UnavailableError("The records are not open.", dependency="records")
        with engine.cursor() as cursor, translated(self._memory):
            yield cursor

    def _profile(self, path: Path, metric: str, time_zone: str) -> MetricProfile:
        with self._cursor(path, metric) as cursor:
            total, rows, minimum, maximum, whole = one_row(cursor, ask.bounds_sql(str(path), metric))
            if not rows:
                raise NoUsableRowError(f"Column “{metric}” holds no number.", metric=metric)
            relation = ask.rows_sql(str(path), metric, _zone_table(cursor, path, time_zone))
            times = self._times(cursor, path, time_zone, relation, shared=rows == total)
            return MetricProfile(
                rows=rows,
                distinct_times=times.distinct,
                first_us=times.first,
                last_us=times.last,
                median_step_us=times.median_step,
                regular_share=times.regular_share,
                occupied=times.occupied,
                minimum=minimum,
                maximum=maximum,
                all_integers=whole,
            )

    def _times(
        self, cursor: duckdb.DuckDBPyConnection, path: Path, time_zone: str, relation: str, *, shared: bool
    ) -> DescribedTimes:
        """Describe the times of a metric; metrics without a missing cell share theirs."""
        stored = path.stat()
        key = (str(path), stored.st_ino, stored.st_mtime_ns, time_zone)
        described = self._described.get(key) if shared else None
        if described is None:
            described = described_times(cursor, relation)
            if shared:
                self._described[key] = described
                while len(self._described) > DESCRIBED:
                    self._described.pop(next(iter(self._described)), None)
        return described

    def _series(self, path: Path, question: SeriesQuestion) -> SeriesAnswer:
        with self._cursor(path, question.metric) as cursor:
            _check_dimensions(cursor, path, [one.column for one in question.segment])
            zone_table = _zone_table(cursor, path, question.time_zone)
            relation = ask.rows_sql(str(path), question.metric, zone_table, question.segment)
            cursor.execute(ask.points_sql(relation, question.granularity, question.aggregate))
            return _answer(cursor, question)

    def _group_sums(self, path: Path, question: GroupQuestion) -> GroupSums:
        with self._opened() as cursor:
            for metric in question.metrics:
                _check_metric(cursor, path, metric)
            _check_dimensions(cursor, path, [*question.columns, *(one.column for one in question.segment)])
            return group_sums(cursor, str(path), question)

    def _texts(self, path: Path, column: str, stretches: Sequence[Stretch]) -> tuple[tuple[str, ...], ...]:
        texts: list[list[str]] = [[] for _ in stretches]
        with self._opened() as cursor:
            if stretches and path.exists() and column in _columns(cursor, path, "VARCHAR"):
                starts, ends = ([int(one[side]) for one in stretches] for side in (0, 1))
                given = {"number": list(range(len(stretches))), "start": starts, "end": ends}
                for number, text in cursor.execute(ask.texts_sql(str(path), column), given).fetchall():
                    texts[number].append(text)
        return tuple(map(tuple, texts))


def _zone_table(cursor: duckdb.DuckDBPyConnection, path: Path, time_zone: str) -> Offsets:
    first, last = one_row(cursor, ask.span_sql(str(path)))
    return offsets(time_zone, first or 0, last or 0)


def _check_metric(cursor: duckdb.DuckDBPyConnection, path: Path, metric: str) -> None:
    """DuckDB would also take a name in other letters: only the exact one counts."""
    if not path.exists():
        raise MetricNotFoundError(f"There is no metric “{metric}”: no records are kept of this version.", metrics=[])
    metrics = _columns(cursor, path, "DOUBLE")
    if metric not in metrics:
        raise MetricNotFoundError(
            f"There is no metric “{metric}”. The dataset has: {', '.join(metrics)}.", metrics=metrics
        )


def _check_dimensions(cursor: duckdb.DuckDBPyConnection, path: Path, wanted: Sequence[str]) -> None:
    stored = _columns(cursor, path, "VARCHAR") if wanted else []
    if not set(wanted) <= set(stored):
        raise DimensionNotFoundError(
            f"Not all of {', '.join(wanted)} are columns of values here. There are: {', '.join(stored) or 'none'}.",
            dimensions=stored,
        )


def _columns(cursor: duckdb.DuckDBPyConnection, path: Path, kind: str) -> list[str]:
    described = cursor.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(str(path))})").fetchall()
    return [row[0] for row in described if row[1] == kind]


def _answer(cursor: duckdb.DuckDBPyConnection, question: SeriesQuestion) -> SeriesAnswer:
    """Ask the table of points for the figures of all and of each."""
    low, high, quartiles = one_row(cursor, ask.QUARTILES)
    q1, median, q3 = quartiles or (math.nan,) * 3
    center = one_row(cursor, ask.CENTER, median=median)[0] if quartiles else math.nan
    deviation = one_row(cursor, ask.DEVIATION, median=median, center=center)[0] if quartiles else math.nan
    deviation = math.nan if deviation is None else deviation
    given = {"median": median, "center": center, "deviation": 0.0 if math.isnan(deviation) else deviation}
    table = cursor.execute(ask.window_sql(question.rolling_window), given).fetchnumpy()
    return SeriesAnswer(
        time=_starts(np.asarray(table["k"], np.int64), question).astype("datetime64[us]"),
        value=_floats(table["x"]),
        rows=np.asarray(table["n"], np.int64),
        rolling_mean=_floats(table["rolling_mean"]),
        rolling_std=_floats(table["rolling_std"]),
        z_score=_floats(table["z_score"]),
        mean=center + median,
        std_dev=deviation,
        minimum=math.nan if low is None else low,
        maximum=math.nan if high is None else high,
        q1=q1,
        median=median,
        q3=q3,
    )


def _starts(keys: Ints, question: SeriesQuestion) -> Ints:
    if question.granularity is Granularity.NATIVE or question.granularity in SHORT_US:
        return keys
    return to_instants(ordinal_starts(keys, question.granularity), question.time_zone)


def _floats(column: object) -> Floats:
    return np.ma.filled(np.ma.asarray(column, np.float64), np.nan)


def _put(table: Path, target: Path) -> None:
    """Put a copy of a file in place as one step: a link where the file system allows, for the file never changes."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{uuid.uuid4().hex}")
        try:
            os.link(table, fresh)
        except OSError:
            shutil.copyfile(table, fresh)
        fresh.replace(target)
    except OSError as error:
        raise UnavailableError(
            f"The records cannot be stored ({type(error).__name__}).", dependency="records"
        ) from error
