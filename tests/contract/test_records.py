"""What do the rows say? Every store gives the answer of the numpy oracle, whatever the table.

To add a store: write a fixture ``{backend}_records`` in conftest.py and put its name into ``BACKENDS["records"]``.
"""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pytest
from msgspec.structs import replace

from domain.datasets.dataset import DataQuality, Dataset
from domain.datasets.ingest_result import IngestResult
from domain.errors import MetricNotFoundError, NoUsableRowError
from domain.ports.datasets import Records
from domain.timeseries.aggregation import (
    Aggregate,
    Floats,
    Granularity,
    Ints,
    MetricProfile,
    SeriesAnswer,
    SeriesQuestion,
)
from domain.timeseries.granularity import UNITS
from domain.timeseries.series import build
from tests.support.builders import a_dataset

SECOND = 1_000_000
HOUR = 3_600 * SECOND
DAY = 24 * HOUR
SPRING = 1_711_843_200 * SECOND  # 2024-03-31T00:00Z, the day of 23 hours in Berlin
AUTUMN = 1_729_987_200 * SECOND  # 2024-10-27T00:00Z, the day of 25 hours
RESOLVED = [granularity for granularity in Granularity if granularity is not Granularity.AUTO]
AGGREGATES = [aggregate for aggregate in Aggregate if aggregate is not Aggregate.AUTO]
RANDOM = np.random.default_rng(7)


def report_of(folder: Path, times: Ints, **columns: Any) -> IngestResult:
    """Write a table as the reader does: ``t`` ascending, metrics as DOUBLE, NaN and null both missing."""
    folder.mkdir(parents=True, exist_ok=True)
    order = np.argsort(times, kind="stable")
    table = folder / "table.parquet"
    # DuckDB finds the arrays by the name of the variable; NaN is stored as such at odd microseconds, else as null.
    data = {"t": times[order].astype("datetime64[us]")} | {
        f"c{i}": np.asarray(values, float)[order] for i, values in enumerate(columns.values())
    }
    names = ['"' + name.replace('"', '""') + '"' for name in columns]
    null = "epoch_us(t) % 2 = 0"
    listed = ", ".join(
        f"CASE WHEN isnan(c{i}) AND {null} THEN NULL ELSE c{i} END AS {name}" for i, name in enumerate(names)
    )
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT t, {listed} FROM data) TO '{table}' (FORMAT parquet)")
    del data
    (folder / "rejects.csv").write_text("line,column,value,reason\n")
    moments = [datetime.fromtimestamp(t / SECOND, UTC) for t in (int(times.min()), int(times.max()))]
    return IngestResult(
        table=table,
        rejects=folder / "rejects.csv",
        columns=(),
        time_column="t",
        metric_columns=tuple(columns),
        row_count=len(times),
        first_time=moments[0],
        last_time=moments[1],
        quality=DataQuality(total_rows=len(times), usable_rows=len(times), rejected_rows=0),
    )


def noisy(n: int, scale: float = 1.0, offset: float = 0.0) -> Floats:
    return offset + scale * RANDOM.normal(size=n)


def holed(values: Floats, share: float) -> Floats:
    values = values.copy()
    values[RANDOM.random(len(values)) < share] = np.nan
    return values


N = 3_000
TABLES: dict[str, tuple[Ints, Floats]] = {
    "one row": (np.array([SPRING]), np.array([5.0])),
    "two rows of one time": (np.array([SPRING, SPRING]), np.array([5.0, -2.0])),
    "a constant": (SPRING + HOUR * np.arange(50), np.full(50, 3.25)),
    "hours over both changes of the clock": (SPRING - 20 * DAY + HOUR * np.arange(6_000), noisy(6_000)),
    "minutes over the short day": (SPRING - HOUR + 60 * SECOND * np.arange(N), noisy(N)),
    "minutes over the long day": (AUTUMN - HOUR + 60 * SECOND * np.arange(N), noisy(N)),
    "days": (SPRING + DAY * np.arange(800), noisy(800)),
    "weeks, each with many rows": (SPRING + 7 * DAY * (np.arange(N) % 90), noisy(N)),
    "events without a cadence": (SPRING + np.cumsum(RANDOM.exponential(5 * HOUR, N)).astype(np.int64), noisy(N)),
    "bursts far apart": (SPRING + (np.arange(N) // 300) * 400 * DAY + RANDOM.integers(0, HOUR, N), noisy(N)),
    "missing cells": (SPRING + HOUR * np.arange(N), holed(noisy(N), 0.4)),
    "infinite cells": (SPRING + HOUR * np.arange(20), np.where(np.arange(20) % 5 == 0, np.inf, 1.0 * np.arange(20))),
    "ties": (SPRING + HOUR * (np.arange(N) // 7), RANDOM.integers(0, 3, N).astype(float)),
    "a huge offset": (SPRING + HOUR * np.arange(N), noisy(N, offset=1e15)),
    "a huge negative offset": (SPRING + HOUR * np.arange(N), noisy(N, offset=-1e12)),
    "huge values that cancel": (SPRING + HOUR * np.arange(N), 1e12 * (-1.0) ** np.arange(N) + noisy(N)),
    "tiny values": (SPRING + HOUR * np.arange(N), noisy(N, scale=1e-200)),
    "a spike among small values": (SPRING + HOUR * np.arange(N), np.where(np.arange(N) == 99, 1e14, noisy(N))),
    "before the epoch": (-50 * 365 * DAY + 36 * HOUR * np.arange(N), noisy(N)),
    "fractions of a second": (SPRING + 1_234 * np.arange(N), noisy(N)),
    "two centuries": (-120 * 365 * DAY + 31 * DAY * np.arange(2_200), noisy(2_200)),
}
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/Sao_Paulo",  # midnight skipped or shown twice until 2019
    "Australia/Lord_Howe",  # half an hour of summer time
    "Asia/Kathmandu",
    "Pacific/Apia",  # a day skipped in 2011
]


def question(dataset: Dataset, **changes: Any) -> SeriesQuestion:
    asked = SeriesQuestion(
        dataset_id=dataset.id,
        version=dataset.version,
        metric="x",
        granularity=Granularity.DAY,
        aggregate=Aggregate.SUM,
        time_zone=dataset.time_zone,
        rolling_window=7,
    )
    return replace(asked, **changes)


def assert_same(answer: SeriesAnswer, oracle: SeriesAnswer, magnitude: float) -> None:
    """Equal to 1e-9; where digits cancel, to 1e-9 of the deviation and 1e-13 of what was added up."""
    assert answer.time.dtype == oracle.time.dtype
    np.testing.assert_array_equal(answer.time, oracle.time)
    np.testing.assert_array_equal(answer.rows, oracle.rows)
    spread = oracle.std_dev if np.isfinite(oracle.std_dev) else 0.0
    slack = 1e-9 * spread + 1e-13 * magnitude
    for field in fields(SeriesAnswer):
        if field.name in {"time", "rows"}:
            continue
        np.testing.assert_allclose(
            getattr(answer, field.name),
            getattr(oracle, field.name),
            rtol=1e-9,
            atol=1e-9 + 1e-13 * magnitude / spread if field.name == "z_score" and spread else slack,
            err_msg=field.name,
        )


def expected_profile(times: Ints, values: Floats, zone: str) -> MetricProfile:
    """By plain Python: sets of labels, no numpy calendar."""
    kept = [(int(t), float(v)) for t, v in zip(times, values, strict=True) if np.isfinite(v)]
    local = [(datetime.fromtimestamp(0, UTC) + timedelta(microseconds=t)).astimezone(ZoneInfo(zone)) for t, _ in kept]
    distinct = sorted({t for t, _ in kept})
    steps = np.diff(distinct)
    median = float(np.median(steps)) if len(steps) else 0.0
    spelled = {
        "minute": [(d.date(), d.hour, d.minute, d.utcoffset()) for d in local],
        "hour": [(d.date(), d.hour, d.utcoffset()) for d in local],
        "day": [d.date() for d in local],
        "week": [d.isocalendar()[:2] for d in local],
        "month": [(d.year, d.month) for d in local],
        "quarter": [(d.year, (d.month - 1) // 3) for d in local],
        "year": [d.year for d in local],
    }
    assert set(spelled) == {str(unit) for unit in UNITS}
    return MetricProfile(
        rows=len(kept),
        distinct_times=len(distinct),
        first_us=distinct[0],
        last_us=distinct[-1],
        median_step_us=round(median),
        regular_share=float(np.mean(np.abs(steps - median) <= 0.15 * median)) if len(steps) else 0.0,
        occupied={unit: len(set(names)) for unit, names in spelled.items()},
        minimum=min(v for _, v in kept),
        maximum=max(v for _, v in kept),
        all_integers=all(v == np.floor(v) for _, v in kept),
    )


@cache
def oracle_of(name: str, granularity: Granularity, aggregate: Aggregate, zone: str) -> Any:
    """What numpy says of one of the tables; once for all stores."""
    return build(*TABLES[name], granularity, aggregate, zone, 7)


@pytest.mark.parametrize("name", TABLES)
async def test_every_granularity_and_aggregate_is_answered_as_by_the_oracle(
    records: Records, tmp_path: Path, name: str
) -> None:
    times, values = TABLES[name]
    dataset = a_dataset(time_zone="Europe/Berlin")
    await records.store(dataset, report_of(tmp_path / "in", times, x=values))
    finite = values[np.isfinite(values)]
    for granularity in RESOLVED:
        for aggregate in AGGREGATES if granularity in {Granularity.NATIVE, Granularity.DAY} else [Aggregate.SUM]:
            asked = question(dataset, granularity=granularity, aggregate=aggregate)
            oracle = oracle_of(name, granularity, aggregate, "Europe/Berlin")
            assert_same(await records.series(asked), oracle, float(np.abs(finite).sum()))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("name", ["hours over both changes of the clock", "two centuries", "minutes over the long day"])
async def test_every_time_zone_is_answered_as_by_the_oracle(
    records: Records, tmp_path: Path, name: str, zone: str
) -> None:
    times, values = TABLES[name]
    dataset = a_dataset(time_zone=zone)
    await records.store(dataset, report_of(tmp_path / "in", times, x=values))
    for granularity in RESOLVED:
        asked = question(dataset, granularity=granularity)
        oracle = oracle_of(name, granularity, Aggregate.SUM, zone)
        assert_same(await records.series(asked), oracle, float(np.abs(values).sum()))


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Sao_Paulo"])
@pytest.mark.parametrize("name", [name for name in TABLES if name != "two centuries"])
async def test_profile_says_what_plain_python_says(records: Records, tmp_path: Path, name: str, zone: str) -> None:
    times, values = TABLES[name]
    dataset = a_dataset(time_zone=zone)
    await records.store(dataset, report_of(tmp_path / "in", times, x=values))
    profile = await records.profile(dataset, "x")
    expected = expected_profile(times, values, zone)
    assert profile.regular_share == pytest.approx(expected.regular_share)
    assert replace(profile, regular_share=0.0) == replace(expected, regular_share=0.0)


@pytest.mark.parametrize("window", [1, 2, 1_000_000])
async def test_rolling_window_may_be_one_point_or_all(records: Records, tmp_path: Path, window: int) -> None:
    times, values = TABLES["days"]
    await records.store(a_dataset(), report_of(tmp_path / "in", times, x=values))
    answer = await records.series(question(a_dataset(), rolling_window=window))
    assert_same(answer, build(times, values, Granularity.DAY, Aggregate.SUM, "UTC", window), 0.0)


@pytest.mark.slow
async def test_many_rows_keep_their_order_and_their_sums(records: Records, tmp_path: Path) -> None:
    times = SPRING + 7 * SECOND * np.arange(150_000)
    values = noisy(150_000, offset=1e6)
    dataset = a_dataset(time_zone="Europe/Berlin")
    await records.store(dataset, report_of(tmp_path / "in", times, x=values))
    for granularity in (Granularity.MINUTE, Granularity.DAY):
        oracle = build(times, values, granularity, Aggregate.SUM, "Europe/Berlin", 7)
        assert_same(await records.series(question(dataset, granularity=granularity)), oracle, float(values.sum()))
    profile = await records.profile(dataset, "x")
    assert (profile.distinct_times, profile.median_step_us, profile.regular_share) == (150_000, 7 * SECOND, 1.0)


async def test_metrics_keep_their_own_names_and_values(records: Records, tmp_path: Path) -> None:
    names = ["x", "X y", 'odd "name"', "$set", "a.b", "größe", "t_2"]
    times = SPRING + DAY * np.arange(10)
    columns = {name: 10.0 * i + np.arange(10) for i, name in enumerate(names)}
    await records.store(a_dataset(), report_of(tmp_path / "in", times, **columns))
    for name, values in columns.items():
        answer = await records.series(question(a_dataset(), metric=name))
        np.testing.assert_array_equal(answer.value, values)


async def test_unknown_metric_is_refused_with_those_there_are(records: Records, tmp_path: Path) -> None:
    await records.store(a_dataset(), report_of(tmp_path / "in", SPRING + DAY * np.arange(3), x=noisy(3), y=noisy(3)))
    for name in ("z", "X", "t"):
        with pytest.raises(MetricNotFoundError) as caught:
            await records.profile(a_dataset(), name)
        assert caught.value.details["metrics"] == ["x", "y"]
        with pytest.raises(MetricNotFoundError):
            await records.series(question(a_dataset(), metric=name))


async def test_metric_without_any_number_has_no_profile_and_an_empty_series(records: Records, tmp_path: Path) -> None:
    report = report_of(tmp_path / "in", SPRING + DAY * np.arange(3), x=np.full(3, np.nan), y=noisy(3))
    await records.store(a_dataset(), report)
    with pytest.raises(NoUsableRowError):
        await records.profile(a_dataset(), "x")
    answer = await records.series(question(a_dataset()))
    assert len(answer.time) == len(answer.value) == len(answer.rows) == 0
    assert np.isnan([answer.mean, answer.std_dev, answer.median]).all()


async def test_storing_again_replaces_the_rows(records: Records, tmp_path: Path) -> None:
    times = SPRING + DAY * np.arange(5)
    await records.store(a_dataset(), report_of(tmp_path / "one", times, x=np.arange(5.0), y=np.arange(5.0)))
    await records.store(a_dataset(), report_of(tmp_path / "two", times[:2], x=np.array([7.0, 8.0])))
    answer = await records.series(question(a_dataset()))
    np.testing.assert_array_equal(answer.value, [7.0, 8.0])
    with pytest.raises(MetricNotFoundError):
        await records.profile(a_dataset(), "y")


async def test_versions_and_datasets_are_kept_apart_and_deleted_apart(records: Records, tmp_path: Path) -> None:
    times = SPRING + DAY * np.arange(2)
    first, second, other = a_dataset(), a_dataset(version=2), a_dataset(id="0190aaaa-0000-7000-8000-00000000beef")
    for i, dataset in enumerate((first, second, other)):
        await records.store(dataset, report_of(tmp_path / str(i), times, x=np.full(2, float(i))))
    await records.delete(first.id, 1)
    with pytest.raises(MetricNotFoundError):
        await records.profile(first, "x")
    assert (await records.profile(second, "x")).minimum == 1.0
    await records.delete(first.id)
    with pytest.raises(MetricNotFoundError):
        await records.profile(second, "x")
    assert (await records.profile(other, "x")).minimum == 2.0
    await records.delete("0190aaaa-0000-7000-8000-00000000dead")


async def test_what_is_held_is_named_by_dataset_and_version_and_counted(records: Records, tmp_path: Path) -> None:
    assert await records.stored_ids() == frozenset()
    report = report_of(tmp_path / "rows", SPRING + DAY * np.arange(2), x=np.arange(2.0))
    first, second, other = a_dataset(), a_dataset(version=12), a_dataset(id="0190aaaa-0000-7000-8000-00000000beef")
    for dataset in (first, second, other):
        await records.store(dataset, report)
    assert await records.stored_ids() == {(first.id, 1), (first.id, 12), (other.id, 1)}
    await records.delete(first.id, 1)
    await records.delete(other.id)
    assert await records.stored_ids() == {(first.id, 12)}
    assert [await records.row_count(first.id, version) for version in (12, 1)] == [2, None]
