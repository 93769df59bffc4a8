"""Laws of the series, against plain Python that shares no code with it."""

import math
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from statistics import quantiles
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from domain.timeseries.aggregation import Aggregate, Granularity
from domain.timeseries.series import TimeSeries, build, labels, regularise
from domain.timeseries.timezones import to_instants, to_local

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WALL = EPOCH.replace(tzinfo=None)
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu",
         "Africa/Casablanca", "Pacific/Apia", "Europe/Dublin", "America/Havana"]  # fmt: skip
zones = st.sampled_from(ZONES)
units = st.sampled_from([g for g in Granularity if g is not Granularity.AUTO])
aggregates = st.sampled_from([a for a in Aggregate if a is not Aggregate.AUTO])
finite = st.floats(-1e12, 1e12).filter(lambda x: x == 0 or abs(x) > 1e-100)
instants = st.integers(-60 * 365 * 86_400, 70 * 365 * 86_400).map(lambda second: second * 1_000_000)
changes = st.sampled_from([1_711_846_800, 1_729_990_800, 1_541_300_400, 1_550_368_800, 1_325_239_200])
near_changes = st.builds(lambda at, minutes: (at + 60 * minutes) * 1_000_000, changes, st.integers(-3_000, 3_000))
rows = st.lists(st.tuples(st.one_of(instants, near_changes), finite), min_size=1, max_size=40)


def local_of(micros: int, zone: str) -> datetime:
    return (EPOCH + timedelta(microseconds=micros)).astimezone(ZoneInfo(zone))


def bucket_of(micros: int, unit: Granularity, zone: str) -> Any:  # noqa: PLR0911 - one line per unit
    """Name the bucket of an instant, by datetime alone."""
    local = local_of(micros, zone)
    match unit:
        case Granularity.MINUTE:
            return local.replace(second=0, microsecond=0, tzinfo=None), local.utcoffset()
        case Granularity.HOUR:
            return local.replace(minute=0, second=0, microsecond=0, tzinfo=None), local.utcoffset()
        case Granularity.DAY:
            return local.date()
        case Granularity.WEEK:
            return local.date() - timedelta(days=local.weekday())
        case Granularity.MONTH:
            return local.year, local.month
        case Granularity.QUARTER:
            return local.year, (local.month - 1) // 3
        case Granularity.YEAR:
            return local.year
        case _:
            return micros


def expected(pairs: list[tuple[int, float]], unit: Granularity, aggregate: Aggregate, zone: str) -> list[float]:
    """Group and aggregate by dictionaries and exact fractions."""
    groups: dict[Any, list[float]] = defaultdict(list)
    for micros, value in sorted(pairs):
        groups[bucket_of(micros, unit, zone)].append(value)
    exact = {
        Aggregate.SUM: lambda xs: float(sum(map(Fraction, xs))),
        Aggregate.MEAN: lambda xs: float(sum(map(Fraction, xs)) / len(xs)),
        Aggregate.MIN: min,
        Aggregate.MAX: max,
        Aggregate.COUNT: len,
    }[aggregate]
    return [float(exact(values)) for values in groups.values()]


def built(pairs: list[tuple[int, float]], unit: Granularity, aggregate: Aggregate, zone: str, window: int = 5) -> Any:
    times = np.array([t for t, _ in pairs], dtype=np.int64)
    return build(times, np.array([v for _, v in pairs]), unit, aggregate, zone, window)


@given(rows, units, aggregates, zones)
def test_buckets_are_those_of_the_calendar(pairs: Any, unit: Granularity, aggregate: Aggregate, zone: str) -> None:
    answer = built(pairs, unit, aggregate, zone)
    np.testing.assert_allclose(answer.value, expected(pairs, unit, aggregate, zone), rtol=1e-15)
    assert np.all(np.diff(answer.time.astype(np.int64)) > 0)


@given(rows, units, zones)
def test_sum_of_buckets_is_the_sum_of_rows(pairs: Any, unit: Granularity, zone: str) -> None:
    answer = built(pairs, unit, Aggregate.SUM, zone)
    magnitude = math.fsum(abs(value) for _, value in pairs)
    assert math.isclose(
        math.fsum(answer.value), math.fsum(v for _, v in pairs), rel_tol=1e-12, abs_tol=1e-15 * magnitude
    )
    assert answer.rows.sum() == len(pairs)


@given(rows, units, aggregates, zones, st.randoms())
def test_order_of_rows_never_matters(
    pairs: Any, unit: Granularity, aggregate: Aggregate, zone: str, random: Any
) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)
    one, other = built(pairs, unit, aggregate, zone), built(shuffled, unit, aggregate, zone)
    np.testing.assert_array_equal(one.value, other.value)
    np.testing.assert_array_equal(one.time, other.time)
    np.testing.assert_array_equal(one.rolling_std, other.rolling_std)


@given(rows, units, zones)
def test_missing_values_are_as_if_they_were_not_there(pairs: Any, unit: Granularity, zone: str) -> None:
    holed = [*pairs, (0, math.nan), (10**15, math.inf), (pairs[0][0], -math.inf)]
    one, other = built(pairs, unit, Aggregate.SUM, zone), built(holed, unit, Aggregate.SUM, zone)
    np.testing.assert_array_equal(one.time, other.time)
    np.testing.assert_array_equal(one.value, other.value)


@given(rows, st.integers(1, 12))
def test_rolling_figures_are_those_of_each_window(pairs: Any, window: int) -> None:
    answer = built(pairs, Granularity.NATIVE, Aggregate.SUM, "UTC", window)
    scale = max(1e-300, float(np.abs(answer.value).max()))
    for i in range(len(answer.value)):
        part = answer.value[max(0, i - window + 1) : i + 1] / scale
        assert math.isclose(answer.rolling_mean[i] / scale, part.mean(), abs_tol=1e-12)
        if len(part) > 1:
            assert math.isclose(answer.rolling_std[i] / scale, part.std(ddof=1), abs_tol=1e-12)
        else:
            assert math.isnan(answer.rolling_std[i])


@given(rows)
def test_quartiles_are_those_of_the_standard_library(pairs: Any) -> None:
    answer = built(pairs, Granularity.NATIVE, Aggregate.SUM, "UTC")
    if len(answer.value) > 1:
        scale = float(np.abs(answer.value).max()) or 1.0
        ours = np.array([answer.q1, answer.median, answer.q3]) / scale
        np.testing.assert_allclose(ours, np.array(quantiles(answer.value, n=4, method="inclusive")) / scale, atol=1e-12)


@given(st.lists(st.integers(-1000, 1000), min_size=3, max_size=40), st.sampled_from([1e9, -1e12, 2.0**50]))
def test_huge_offset_costs_no_digit_of_the_deviation(values: list[int], offset: float) -> None:
    pairs = [(i * 1_000_000, float(v)) for i, v in enumerate(values)]
    moved = [(t, v + offset) for t, v in pairs]
    one = built(pairs, Granularity.NATIVE, Aggregate.SUM, "UTC")
    other = built(moved, Granularity.NATIVE, Aggregate.SUM, "UTC")
    np.testing.assert_allclose(other.std_dev, one.std_dev, rtol=1e-12)
    np.testing.assert_allclose(other.z_score, one.z_score, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(other.rolling_std, one.rolling_std, rtol=1e-9, atol=1e-12)


@given(rows, units, zones)
def test_regular_grid_holds_every_point_once_and_nothing_else(pairs: Any, unit: Granularity, zone: str) -> None:
    answer = built(pairs, unit, Aggregate.SUM, zone)
    series: TimeSeries = regularise(answer, unit, zone)
    there = np.isfinite(series.value)
    np.testing.assert_array_equal(series.time_utc[there], answer.time)
    np.testing.assert_array_equal(series.value[there], answer.value)
    assert series.missing == int((~there).sum())
    assert np.all(np.diff(series.time_utc.astype(np.int64)) > 0)
    assert len(series) <= 3 * len(answer.value) + 3


@given(rows, units, zones)
def test_labels_name_the_local_start_of_each_point_and_differ(pairs: Any, unit: Granularity, zone: str) -> None:
    series = regularise(built(pairs, unit, Aggregate.SUM, zone), unit, zone)
    names = labels(series)
    assert len(set(names)) == len(names) == len(series)
    for name, micros in zip(names, series.time_utc.astype(np.int64).tolist(), strict=True):
        if len(name) > 10:
            offset = local_of(micros, zone).utcoffset() or timedelta()
            if not offset.total_seconds() % 60:
                assert datetime.fromisoformat(name) == EPOCH + timedelta(microseconds=micros)
        else:
            assert name == local_of(micros, zone).date().isoformat()


@given(st.lists(st.one_of(instants, near_changes), min_size=1, max_size=30), zones)
def test_wall_clocks_are_those_of_zoneinfo(times: list[int], zone: str) -> None:
    local = to_local(np.array(times), zone).tolist()
    naive = [(WALL + timedelta(microseconds=t)) for t in local]
    assert naive == [local_of(t, zone).replace(tzinfo=None) for t in times]


@given(st.lists(st.one_of(instants, near_changes), min_size=1, max_size=30), zones)
def test_instants_of_wall_clocks_are_those_of_zoneinfo(wall: list[int], zone: str) -> None:
    """Skipped times and times shown twice included (PEP 495, fold 0)."""
    ours = to_instants(np.array(wall), zone).tolist()
    theirs = [(WALL + timedelta(microseconds=t)).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for t in wall]
    assert [EPOCH + timedelta(microseconds=t) for t in ours] == theirs
