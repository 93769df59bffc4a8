"""Records in MongoDB: stored as time buckets, answered by aggregation pipelines."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import msgspec
import numpy as np
from bson import ObjectId
from pymongo.asynchronous.collection import AsyncCollection
from typing_extensions import override

from adapters.mongo import pipelines
from adapters.mongo.bucketing import Codes, Load, base_unit, documents
from adapters.mongo.codes import Allowed, Values, allowed_in, check_dimensions, digits_of
from adapters.mongo.database import Document, MongoDatabase, translated, versions_in
from adapters.mongo.dictionaries import MongoDictionaries, coding
from adapters.mongo.groups import group_stages, group_sums
from adapters.mongo.loading import load as load_into
from adapters.mongo.loading import stretches
from adapters.mongo.profiles import Profiler
from adapters.mongo.texts import MongoTexts
from domain.analysis.suggested_reasons import Stretch
from domain.datasets.dataset import Dataset
from domain.datasets.ingest_result import IngestResult
from domain.errors import (
    ConflictError,
    CorruptedError,
    MetricNotFoundError,
    NoUsableRowError,
    StaleVersionError,
    UnavailableError,
)
from domain.ports.datasets import Records
from domain.ports.system import WorkerPool
from domain.timeseries.aggregation import Floats, Granularity, Ints, MetricProfile, SeriesAnswer, SeriesQuestion
from domain.timeseries.group_sums import GroupQuestion, GroupSums
from domain.timeseries.timezones import offsets, to_instants

REPLACED_TIMES: Final = 5  # a reader that is overtaken by another storing of the same version asks again
SAME_SECOND: Final = 0.1  # seconds to wait before another identifier is tried
FIGURES: Final = {"mean": "mean", "std_dev": "stdDev", "minimum": "minimum", "maximum": "maximum",
                  "q1": "q1", "median": "median", "q3": "q3"}  # fmt: skip


class MongoRecords(Records):
    """Collections ``records`` (bucket documents) and ``tables`` (per version: which load of them counts).

    A version is stored under a new load; making that the load of its table is one update, and readers see the
    rows before it or after it. Of two workers that store the same version at once the later load stays.
    """

    def __init__(self, database: MongoDatabase, worker_pool: WorkerPool) -> None:
        self._database = database
        self._offload = worker_pool
        self._texts = MongoTexts(database, worker_pool)
        self._dictionaries = MongoDictionaries(database, worker_pool)

    @property
    def _records(self) -> AsyncCollection[Document]:
        return self._database.collection("records")

    @property
    def _tables(self) -> AsyncCollection[Document]:
        return self._database.collection("tables")

    @property
    def _of_loads(self) -> tuple[AsyncCollection[Document], ...]:
        """The collections whose documents belong to one load."""
        return (self._records, self._texts.collection, self._dictionaries.collection)

    @override
    async def store(self, dataset: Dataset, report: IngestResult) -> None:
        first, last = (round(time.timestamp() * 1e6) for time in (report.first_time, report.last_time))
        base = base_unit(report.row_count, first, last)
        load = Load(dataset.id, dataset.version, await self._new_load(dataset), base, dataset.time_zone)
        profiler = Profiler(len(report.metric_columns), dataset.time_zone)
        try:
            await load_into(self._records, _documents(load, report, profiler), self._offload)
            await self._texts.store(load, report)
            await self._dictionaries.store(load, report)
            await self._publish(load, report, profiler)
        except BaseException:
            await asyncio.shield(self._discard(load.dataset_id, load.load))
            raise

    async def _new_load(self, dataset: Dataset) -> ObjectId:
        """An identifier greater than that of the load that counts now. It begins with the second, so one may pass."""
        with translated():
            table = await self._tables.find_one(_table_key(dataset.id, dataset.version), {"load": 1})
        load = ObjectId()
        while table is not None and load <= table["load"]:
            await asyncio.sleep(SAME_SECOND)
            load = ObjectId()
        return load

    async def _publish(self, load: Load, report: IngestResult, profiler: Profiler) -> None:
        table = {
            "datasetId": load.dataset_id,
            "version": load.version,
            "load": load.load,
            "base": str(load.base),
            "timeZone": load.time_zone,
            "rows": report.row_count,
            "metrics": list(report.metric_columns),
            "dimensions": [dimension.name for dimension in report.dimensions],
            "digits": [msgspec.to_builtins(digit) for digit in digits_of(report.dimensions)],
            "profiles": [profile and msgspec.to_builtins(profile) for profile in profiler.profiles()],
        }
        key = _table_key(load.dataset_id, load.version)
        try:
            with translated():
                await self._tables.replace_one({**key, "load": {"$lt": load.load}}, table, upsert=True)
        except ConflictError as error:
            raise StaleVersionError(
                "Another worker stored this version meanwhile.", datasetId=load.dataset_id
            ) from error
        # With them go those of workers that died half way; one that only slept is refused above.
        with translated():
            for collection in self._of_loads:
                await collection.delete_many({**key, "load": {"$lt": load.load}})

    async def _discard(self, dataset_id: str, load: ObjectId) -> None:
        with translated():
            for collection in self._of_loads:
                await collection.delete_many({"datasetId": dataset_id, "load": load})

    @override
    async def profile(self, dataset: Dataset, metric: str) -> MetricProfile:
        table = await self._table(dataset.id, dataset.version, (metric,))
        profile = table["profiles"][table["metrics"].index(metric)]
        if profile is None:
            raise NoUsableRowError(f"“{metric}” has no finite value in any of {table['rows']:,} rows.", metric=metric)
        try:
            return msgspec.convert(profile, MetricProfile)
        except msgspec.ValidationError as error:
            raise CorruptedError(f"A stored profile cannot be read: {error}.") from error

    @override
    async def series(self, question: SeriesQuestion) -> SeriesAnswer:
        def stages(table: Document, values: Values) -> list[pipelines.Stage]:
            source = _source(question, table, allowed_in(question.segment, table, values))
            return pipelines.series(source, question.granularity, question.aggregate, question.rolling_window)

        packs, _ = await self._aggregated(question, (question.metric,), (), stages)
        return _answer(packs, question.granularity, question.time_zone)

    @override
    async def group_sums(self, question: GroupQuestion) -> GroupSums:
        def stages(table: Document, values: Values) -> list[pipelines.Stage]:
            return group_stages(question, table, allowed_in(question.segment, table, values))

        groups, values = await self._aggregated(question, question.metrics, question.columns, stages)
        return group_sums(question, groups, values)

    async def _aggregated(
        self,
        question: SeriesQuestion | GroupQuestion,
        metrics: Sequence[str],
        columns: Sequence[str],
        stages: Callable[[Document, Values], list[pipelines.Stage]],
    ) -> tuple[list[Document], Values]:
        """Return what the stages make of the records of one load, and the values of its dimensions."""
        key = _table_key(question.dataset_id, question.version)
        named = {*columns, *(one.column for one in question.segment)}
        for _ in range(REPLACED_TIMES):
            table = await self._table(question.dataset_id, question.version, metrics)
            check_dimensions(named, table)
            values = await self._dictionaries.of({**key, "load": table["load"]}, named)
            with translated():
                is_whole = values.keys() == named
                cursor = await self._records.aggregate(stages(table, values), allowDiskUse=True) if is_whole else None
                documents = await cursor.to_list() if cursor else []
                after = await self._tables.find_one(key, {"load": 1})
            if after is not None and after["load"] == table["load"]:
                if not is_whole:
                    raise CorruptedError("The values of a stored dimension are missing.")
                return documents, values
        raise UnavailableError("The records are being replaced over and over. Try again.", dependency="mongodb")

    @override
    async def texts(self, dataset: Dataset, column: str, stretches: Sequence[Stretch]) -> tuple[tuple[str, ...], ...]:
        key = _table_key(dataset.id, dataset.version)
        with translated():
            table = await self._tables.find_one(key, {"load": 1})
        if table is None:
            return ((),) * len(stretches)
        return await self._texts.between({**key, "load": table["load"]}, column, stretches)

    @override
    async def delete(self, dataset_id: str, version: int | None = None) -> None:
        chosen = {"datasetId": dataset_id} if version is None else _table_key(dataset_id, version)
        with translated():
            await self._tables.delete_many(chosen)
            for collection in self._of_loads:
                await collection.delete_many(chosen)

    @override
    async def stored_ids(self) -> frozenset[tuple[str, int]]:
        with translated():
            identifiers = await versions_in(self._tables)
            for collection in self._of_loads:
                identifiers |= await versions_in(collection)
        return frozenset(identifiers)

    @override
    async def row_count(self, dataset_id: str, version: int) -> int | None:
        key = _table_key(dataset_id, version)
        with translated():
            table = await self._tables.find_one(key, {"load": 1})
            if table is None:
                return None
            chosen = {"$match": {**key, "load": table["load"]}}
            cursor = await self._records.aggregate([chosen, {"$group": {"_id": None, "rows": {"$sum": "$rows"}}}])
            sums = await cursor.to_list()
        return int(sums[0]["rows"]) if sums else 0

    async def _table(self, dataset_id: str, version: int, wanted: Sequence[str]) -> Document:
        with translated():
            table = await self._tables.find_one(_table_key(dataset_id, version))
        metrics: list[str] = table["metrics"] if table else []
        missing = [metric for metric in wanted if metric not in metrics]
        if table is None or missing:
            raise MetricNotFoundError(
                f"There is no metric “{missing[0]}” in version {version} of this dataset."
                + (f" Its metrics: {', '.join(metrics)}." if metrics else ""),
                metrics=metrics,
            )
        return table


def _table_key(dataset_id: str, version: int) -> Document:
    return {"datasetId": dataset_id, "version": version}


def _source(question: SeriesQuestion, table: Document, allowed: tuple[Allowed, ...]) -> pipelines.PipelineSource:
    seen = [profile for profile in table["profiles"] if profile]
    first, last = min(p["firstUs"] for p in seen), max(p["lastUs"] for p in seen)
    other_zone = question.time_zone != table["timeZone"]
    return pipelines.PipelineSource(
        dataset_id=question.dataset_id,
        version=question.version,
        load=table["load"],
        base=Granularity(table["base"]),
        field=f"m{table['metrics'].index(question.metric)}",
        offsets=offsets(question.time_zone, first, last) if other_zone else None,
        allowed=allowed,
    )


def _documents(load: Load, report: IngestResult, profiler: Profiler) -> Iterator[bytes]:
    for times, columns, codes in _columns(report):
        profiler.add(times, columns)
        yield from documents(load, times, columns, codes)


def _columns(report: IngestResult) -> Iterator[tuple[Ints, list[Floats], list[Codes]]]:
    """Times (microseconds), metrics and codes of dimensions of the table, a stretch of rows at a time."""
    quoted = ('"' + name.replace('"', '""') + '"' for name in report.metric_columns)
    names = ", ".join(f"{name} AS m{index}" for index, name in enumerate(quoted))
    prepare, codes = coding(report)
    for times, *columns in stretches(report, f"epoch_us(t) AS t, {names}{codes}", prepare=prepare):
        metrics, groups = columns[: len(report.metric_columns)], columns[len(report.metric_columns) :]
        numbers = [np.ma.filled(column.astype(np.float64), np.nan) for column in metrics]
        yield times, numbers, [np.asarray(column, np.int32) for column in groups]


def _answer(packs: list[Document], granularity: Granularity, time_zone: str) -> SeriesAnswer:
    keys = np.array([key for pack in packs for key in pack["time"]], dtype=np.int64)
    order = np.argsort(keys)

    def gathered(name: str) -> Floats:
        flat: list[Any] = [number for pack in packs for number in pack[name]]
        return np.array(flat, dtype=np.float64)[order]  # None becomes NaN

    figures = packs[0]["figures"] if packs else {}
    return SeriesAnswer(
        time=_instants(keys[order], granularity, time_zone).astype("datetime64[us]"),
        value=gathered("value"),
        rows=gathered("rows").astype(np.int64),
        rolling_mean=gathered("rollingMean"),
        rolling_std=gathered("rollingStd"),
        z_score=gathered("zScore"),
        **{name: _figure(figures.get(key)) for name, key in FIGURES.items()},
    )


def _figure(number: float | None) -> float:
    return float("nan") if number is None else float(number)


def _instants(keys: Ints, granularity: Granularity, time_zone: str) -> Ints:
    """From the pipelines' keys to instants: they are instants in ms for short units, wall clocks for longer ones."""
    if granularity is Granularity.NATIVE:
        return keys
    if granularity in pipelines.SHORT:
        return keys * 1_000
    return to_instants(keys * 1_000, time_zone)
