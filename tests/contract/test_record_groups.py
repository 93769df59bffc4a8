"""Where did it happen? Every store gives the sums of the numpy oracle per combination of values and span of time."""

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from msgspec.structs import replace

from domain.datasets.dataset import Dataset
from domain.datasets.dimensions import dimension_of
from domain.datasets.ingest_result import IngestResult
from domain.errors import DimensionNotFoundError, MetricNotFoundError
from domain.ports.datasets import Records
from domain.timeseries.aggregation import Aggregate, Floats, Granularity, Ints
from domain.timeseries.group_sums import GroupQuestion, GroupSums, Span, sum_groups
from domain.timeseries.segment import ColumnValues, Segment, rows_of
from domain.timeseries.series import build
from tests.contract.test_records import AUTUMN, DAY, HOUR, SPRING, report_of
from tests.contract.test_records import question as series_question
from tests.support.builders import a_dataset

RANDOM = np.random.default_rng(11)
ODD = 'Re"gion, {x}'
Columns = dict[str, list[str]]


def report_with_groups(folder: Path, times: Ints, metrics: dict[str, Floats], groups: Columns) -> IngestResult:
    """Write a table with columns of values beside its metrics; "" is stored as NULL in every other row."""
    report = report_of(folder, times, **metrics)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE made AS SELECT * FROM read_parquet('{report.table}', file_row_number = true)")
        for name, values in groups.items():
            quoted = '"' + name.replace('"', '""') + '"'
            connection.execute("CREATE OR REPLACE TABLE cells (r BIGINT, v VARCHAR)")
            cells = [(row, None if value == "" and row % 2 else value) for row, value in enumerate(values)]
            connection.executemany("INSERT INTO cells VALUES (?, ?)", cells)
            connection.execute(f"ALTER TABLE made ADD COLUMN {quoted} VARCHAR")
            connection.execute(f"UPDATE made SET {quoted} = v FROM cells WHERE r = file_row_number")
        columns = "* EXCLUDE (file_row_number)"
        connection.execute(
            f"COPY (SELECT {columns} FROM made ORDER BY file_row_number) TO '{report.table}' (FORMAT parquet)"
        )
    counted = [dimension_of(name, {value: values.count(value) for value in values}) for name, values in groups.items()]
    return replace(report, dimensions=tuple(counted))


N = 600
TIMES = SPRING - 3 * DAY + HOUR * np.arange(N)
METRICS = {
    "sales": np.where(RANDOM.random(N) < 0.1, np.nan, RANDOM.integers(0, 900, N) / 4),
    "orders": RANDOM.normal(size=N) * 1e6,
    'höhe "x"': np.full(N, 3.0),
}
GROUPS: Columns = {
    ODD: RANDOM.choice(["North", "South", "Süd-Ost", "$x.y", ""], N).tolist(),
    "plan": RANDOM.choice(["free", "pro"], N).tolist(),
    "many": [f"P-{i}" for i in RANDOM.integers(0, 120, N)],
}
SPANS: tuple[Span, ...] = (
    (SPRING, SPRING + DAY),  # the day of 23 hours in Berlin
    (SPRING - 2 * DAY, SPRING - DAY),
    (SPRING + 5 * DAY, SPRING + 12 * DAY + 1),
)


def question(dataset: Dataset, **changes: Any) -> GroupQuestion:
    asked = GroupQuestion(
        dataset_id=dataset.id,
        version=dataset.version,
        metrics=("sales",),
        columns=(ODD, "plan"),
        spans=SPANS,
        most_groups=10_000,
    )
    return replace(asked, **changes)


def table_of(answer: GroupSums) -> dict[tuple[Any, ...], tuple[float, ...]]:
    keys = zip(answer.span.tolist(), *answer.values.values(), strict=True)
    rows = zip(answer.rows.tolist(), *answer.sums.tolist(), strict=True)
    return dict(zip(keys, rows, strict=True))


@pytest.mark.parametrize("metrics", [("sales",), ("orders",), ("sales", "orders"), ('höhe "x"',)])
@pytest.mark.parametrize("columns", [(ODD,), ("plan", ODD), ("many", "plan", ODD), ()])
async def test_sums_are_those_of_the_oracle(
    records: Records, tmp_path: Path, metrics: tuple[str, ...], columns: tuple[str, ...]
) -> None:
    dataset = a_dataset(time_zone="Europe/Berlin")
    await records.store(dataset, report_with_groups(tmp_path, TIMES, METRICS, GROUPS))
    asked = question(dataset, metrics=metrics, columns=columns)
    answer = await records.group_sums(asked)
    expected = sum_groups(asked, TIMES, [METRICS[m] for m in metrics], GROUPS)
    assert not answer.is_cut
    found, wanted = table_of(answer), table_of(expected)
    assert found.keys() == wanted.keys()
    for key, numbers in wanted.items():
        assert found[key] == pytest.approx(numbers, rel=1e-12)


@pytest.mark.parametrize(
    ("times", "spans"),
    [
        (AUTUMN - HOUR + 60_000_000 * np.arange(N), ((AUTUMN, AUTUMN + 3 * HOUR), (AUTUMN - HOUR, AUTUMN))),
        (SPRING + 31 * DAY * np.arange(N), ((SPRING, SPRING + 400 * DAY), (SPRING + 600 * DAY, SPRING + 601 * DAY))),
        (np.repeat(SPRING + DAY * np.arange(N // 6), 6), ((SPRING + DAY, SPRING + 2 * DAY),)),
    ],
    ids=["minutes over the long day", "months, in documents of a year", "six rows a day"],
)
async def test_spans_cut_bucket_documents_anywhere(
    records: Records, tmp_path: Path, times: Ints, spans: tuple[Span, ...]
) -> None:
    dataset = a_dataset(time_zone="Europe/Berlin")
    await records.store(dataset, report_with_groups(tmp_path, times, METRICS, GROUPS))
    asked = question(dataset, spans=spans)
    expected = sum_groups(asked, times, [METRICS["sales"]], GROUPS)
    found, wanted = table_of(await records.group_sums(asked)), table_of(expected)
    assert len(wanted) > 0
    assert found.keys() == wanted.keys()
    assert all(found[key] == pytest.approx(numbers, rel=1e-12) for key, numbers in wanted.items())


async def test_an_answer_with_too_many_groups_says_that_it_is_cut(records: Records, tmp_path: Path) -> None:
    dataset = a_dataset()
    await records.store(dataset, report_with_groups(tmp_path, TIMES, METRICS, GROUPS))
    answer = await records.group_sums(question(dataset, columns=("many",), most_groups=7))
    assert answer.is_cut
    assert len(answer.span) == len(answer.rows) == answer.sums.shape[1] == len(answer.values["many"]) == 7


async def test_a_stretch_without_rows_has_no_groups(records: Records, tmp_path: Path) -> None:
    dataset = a_dataset()
    await records.store(dataset, report_with_groups(tmp_path, TIMES, METRICS, GROUPS))
    answer = await records.group_sums(question(dataset, spans=((SPRING + 999 * DAY, SPRING + 1_000 * DAY),)))
    assert (len(answer.span), answer.sums.shape) == (0, (1, 0))


async def test_columns_and_metrics_that_are_not_there_are_named(records: Records, tmp_path: Path) -> None:
    dataset = a_dataset()
    await records.store(dataset, report_with_groups(tmp_path, TIMES, METRICS, GROUPS))
    with pytest.raises(DimensionNotFoundError):
        await records.group_sums(question(dataset, columns=("plan", "colour")))
    with pytest.raises(MetricNotFoundError):
        await records.group_sums(question(dataset, metrics=("sales", "plan")))


async def test_groups_go_with_their_version(records: Records, tmp_path: Path) -> None:
    first, second = a_dataset(version=1), a_dataset(version=2)
    await records.store(first, report_with_groups(tmp_path / "a", TIMES, METRICS, GROUPS))
    await records.store(second, report_with_groups(tmp_path / "b", TIMES, METRICS, {"plan": ["x", "y"] * (N // 2)}))
    assert {plan for _, plan in table_of(await records.group_sums(question(second, columns=("plan",))))} == {"x", "y"}
    await records.delete(first.id, 1)
    with pytest.raises(MetricNotFoundError):
        await records.group_sums(question(first))
    assert await records.stored_ids() == {(second.id, 2)}


SEGMENTS: dict[str, Segment] = {
    "one value": (ColumnValues(column="plan", values=("pro",)),),
    "either of two, and another column": (
        ColumnValues(column=ODD, values=("$x.y", "North")),
        ColumnValues(column="plan", values=("free",)),
    ),
    "empty cells": (ColumnValues(column=ODD, values=("",)),),
    "a value that is not there": (ColumnValues(column=ODD, values=("West",)),),
    "one of many": (ColumnValues(column="many", values=("P-7", "P-70", "P-1e9")),),
}


@pytest.mark.parametrize("segment", SEGMENTS.values(), ids=SEGMENTS)
async def test_series_and_sums_of_a_segment_are_those_of_its_rows(
    records: Records, tmp_path: Path, segment: Segment
) -> None:
    dataset = a_dataset(time_zone="Europe/Berlin")
    await records.store(dataset, report_with_groups(tmp_path, TIMES, METRICS, GROUPS))
    asked = question(dataset, segment=segment)
    found = table_of(await records.group_sums(asked))
    wanted = table_of(sum_groups(asked, TIMES, [METRICS["sales"]], GROUPS))
    assert found.keys() == wanted.keys()
    assert all(found[key] == pytest.approx(numbers, rel=1e-12) for key, numbers in wanted.items())
    inside = rows_of(segment, GROUPS, N)
    for granularity, aggregate in (("day", "sum"), ("hour", "mean"), ("native", "max"), ("month", "count")):
        of_series = series_question(
            dataset,
            metric="sales",
            granularity=Granularity(granularity),
            aggregate=Aggregate(aggregate),
            time_zone="Europe/Berlin",
            segment=segment,
        )
        answer = await records.series(of_series)
        oracle = build(
            TIMES[inside],
            METRICS["sales"][inside],
            of_series.granularity,
            of_series.aggregate,
            "Europe/Berlin",
            of_series.rolling_window,
        )
        np.testing.assert_array_equal(answer.time, oracle.time)
        np.testing.assert_array_equal(answer.rows, oracle.rows)
        np.testing.assert_allclose(answer.value, oracle.value, rtol=1e-12)


async def test_a_segment_of_a_column_that_is_no_dimension_is_named(records: Records, tmp_path: Path) -> None:
    dataset = a_dataset()
    await records.store(dataset, report_with_groups(tmp_path, TIMES, METRICS, GROUPS))
    with pytest.raises(DimensionNotFoundError):
        await records.series(
            series_question(dataset, metric="sales", segment=(ColumnValues(column="colour", values=("red",)),))
        )
