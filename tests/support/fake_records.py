"""Records as whole columns in memory, answered by the numpy oracle."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb
import numpy as np
from typing_extensions import override

from domain.analysis.suggested_reasons import MOST_CHARACTERS, MOST_TEXTS, Stretch, reason_columns
from domain.datasets.dataset import Dataset
from domain.datasets.ingest_result import IngestResult
from domain.errors import DimensionNotFoundError, MetricNotFoundError, NoUsableRowError
from domain.ports.datasets import Records
from domain.timeseries.aggregation import Floats, Ints, MetricProfile, SeriesAnswer, SeriesQuestion
from domain.timeseries.buckets import bucket_starts
from domain.timeseries.granularity import SAME_STEP, UNITS
from domain.timeseries.group_sums import GroupQuestion, GroupSums, sum_groups
from domain.timeseries.segment import rows_of
from domain.timeseries.series import build


@dataclass
class InMemoryRecords(Records):
    """(dataset, version) -> times in microseconds UTC, and the values of each metric."""

    stored: dict[tuple[str, int], tuple[Ints, dict[str, Floats]]] = field(default_factory=dict)
    groups: dict[tuple[str, int, str], list[str]] = field(default_factory=dict)
    said: dict[tuple[str, int, str], list[tuple[int, str]]] = field(default_factory=dict)

    @override
    async def store(self, dataset: Dataset, report: IngestResult) -> None:
        with duckdb.connect() as connection:
            names = ", ".join('"' + name.replace('"', '""') + '"' for name in report.metric_columns)
            table = connection.execute(f"SELECT t, {names} FROM read_parquet(?)", [str(report.table)]).fetchnumpy()
        times = table["t"].astype("datetime64[us]").astype(np.int64)
        values = {name: np.ma.filled(table[name].astype(np.float64), np.nan) for name in report.metric_columns}
        self.stored[dataset.id, dataset.version] = (times, values)
        for dimension in report.dimensions:
            self.groups[dataset.id, dataset.version, dimension.name] = _values(report, dimension.name)
        for name in reason_columns(report.columns):
            self.said[dataset.id, dataset.version, name] = _texts(report, name)

    @override
    async def row_count(self, dataset_id: str, version: int) -> int | None:
        stored = self.stored.get((dataset_id, version))
        return None if stored is None else len(stored[0])

    @override
    async def profile(self, dataset: Dataset, metric: str) -> MetricProfile:
        times, values = self._column(dataset.id, dataset.version, metric)
        kept = np.isfinite(values)
        if not kept.any():
            raise NoUsableRowError(f"{metric} has no finite value.")
        times, values = times[kept], values[kept]
        distinct = np.unique(times)
        steps = np.diff(distinct)
        median = float(np.median(steps)) if len(steps) else 0.0
        regular = float(np.mean(np.abs(steps - median) <= SAME_STEP * median)) if len(steps) else 0.0
        return MetricProfile(
            rows=len(values),
            distinct_times=len(distinct),
            first_us=int(distinct[0]),
            last_us=int(distinct[-1]),
            median_step_us=round(median),
            regular_share=regular,
            occupied={str(unit): len(np.unique(bucket_starts(times, unit, dataset.time_zone))) for unit in UNITS},
            minimum=float(values.min()),
            maximum=float(values.max()),
            all_integers=bool(np.all(values == np.floor(values))),
        )

    @override
    async def series(self, question: SeriesQuestion) -> SeriesAnswer:
        times, values = self._column(question.dataset_id, question.version, question.metric)
        stored = {key[2]: cells for key, cells in self.groups.items() if key[:2] == question_key(question)}
        if not {one.column for one in question.segment} <= set(stored):
            raise DimensionNotFoundError("No such dimension.", dimensions=sorted(stored))
        inside = rows_of(question.segment, stored, len(times))
        times, values = times[inside], values[inside]
        return build(
            times, values, question.granularity, question.aggregate, question.time_zone, question.rolling_window
        )

    @override
    async def group_sums(self, question: GroupQuestion) -> GroupSums:
        times, _ = self._column(question.dataset_id, question.version, question.metrics[0])
        metrics = [self._column(question.dataset_id, question.version, name)[1] for name in question.metrics]
        stored = {key[2]: values for key, values in self.groups.items() if key[:2] == question_key(question)}
        if not set(question.columns) <= set(stored):
            raise DimensionNotFoundError("No such dimension.", dimensions=sorted(stored))
        return sum_groups(question, times, metrics, stored)

    @override
    async def texts(self, dataset: Dataset, column: str, stretches: Sequence[Stretch]) -> tuple[tuple[str, ...], ...]:
        cells = self.said.get((dataset.id, dataset.version, column), [])
        if (dataset.id, dataset.version) not in self.stored:
            cells = []
        return tuple(
            tuple(dict.fromkeys(text for at, text in cells if start <= at < end))[:MOST_TEXTS]
            for start, end in stretches
        )

    @override
    async def stored_ids(self) -> frozenset[tuple[str, int]]:
        return frozenset(self.stored)

    @override
    async def delete(self, dataset_id: str, version: int | None = None) -> None:
        self.stored = {
            key: table for key, table in self.stored.items() if key[0] != dataset_id or version not in {None, key[1]}
        }

    def _column(self, dataset_id: str, version: int, metric: str) -> tuple[Ints, Floats]:
        times, columns = self.stored.get((dataset_id, version), (np.empty(0, dtype=np.int64), {}))
        if metric not in columns:
            raise MetricNotFoundError(f"There is no metric {metric}.", metrics=sorted(columns))
        return times, columns[metric]


def question_key(question: GroupQuestion | SeriesQuestion) -> tuple[str, int]:
    return question.dataset_id, question.version


def _values(report: IngestResult, column: str) -> list[str]:
    with duckdb.connect() as connection:
        name = '"' + column.replace('"', '""') + '"'
        rows = connection.execute(f"SELECT {name} FROM read_parquet(?)", [str(report.table)]).fetchall()
    return [str("" if value is None else value).strip(" ") for (value,) in rows]


def _texts(report: IngestResult, column: str) -> list[tuple[int, str]]:
    with duckdb.connect() as connection:
        name = '"' + column.replace('"', '""') + '"'
        rows = connection.execute(f"SELECT epoch_us(t), {name} FROM read_parquet(?)", [str(report.table)]).fetchall()
    return [(at, text.strip()[:MOST_CHARACTERS]) for at, text in rows if text and text.strip()]
