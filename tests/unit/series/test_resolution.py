"""What ``auto`` becomes."""

from typing import Any

import numpy as np
import pytest

from domain.timeseries.aggregation import Aggregate, Granularity, Ints, MetricProfile
from domain.timeseries.buckets import bucket_starts
from domain.timeseries.granularity import (
    SAME_STEP,
    UNITS,
    offered_granularities,
    resolve_aggregate,
    resolve_granularity,
    rolling_window_for,
)

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
START = 1_704_067_200 * SECOND  # 2024-01-01T00:00Z, a Monday
AUTO = Granularity.AUTO


def profile_of(
    times: Ints, *, rows_each: int = 1, minimum: float = 0.0, all_integers: bool = False, maximum: float | None = None
) -> MetricProfile:
    distinct = np.unique(times)
    steps = np.diff(distinct)
    median = float(np.median(steps)) if len(steps) else 0.0
    return MetricProfile(
        rows=len(times) * rows_each,
        distinct_times=len(distinct),
        first_us=int(distinct[0]),
        last_us=int(distinct[-1]),
        median_step_us=round(median),
        regular_share=float(np.mean(np.abs(steps - median) <= SAME_STEP * median)) if len(steps) else 0.0,
        occupied={str(unit): len(np.unique(bucket_starts(distinct, unit, "UTC"))) for unit in UNITS},
        minimum=minimum,
        all_integers=all_integers,
        maximum=maximum,
    )


def every(step: int, n: int) -> Ints:
    return START + step * np.arange(n, dtype=np.int64)


def months(count: int, each: int = 1) -> Ints:
    return (np.datetime64("2010-01") + each * np.arange(count)).astype("datetime64[us]").astype(np.int64)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (every(MINUTE, 500), Granularity.MINUTE),
        (every(HOUR, 500), Granularity.HOUR),
        (every(DAY, 500), Granularity.DAY),
        (every(7 * DAY, 100), Granularity.WEEK),
        (months(60), Granularity.MONTH),
        (months(20, 3), Granularity.QUARTER),
        (months(20, 12), Granularity.YEAR),
        (every(5 * MINUTE, 500), Granularity.NATIVE),
        (every(15 * MINUTE, 500), Granularity.NATIVE),
        (every(SECOND, 500), Granularity.NATIVE),
        (every(MINUTE, 20_000), Granularity.MINUTE),
    ],
)
def test_own_cadence_is_kept_while_it_gives_few_points(times: Ints, expected: Granularity) -> None:
    assert resolve_granularity(profile_of(times), AUTO)[0] is expected


@pytest.mark.parametrize(
    ("step", "said"), [(HOUR, "One point per hour would"), (90 * SECOND, "One point per 1.5 minutes")]
)
def test_too_fine_a_step_is_told_as_people_say_it(step: int, said: str) -> None:
    assert resolve_granularity(profile_of(every(step, 30_000)), AUTO)[1].startswith(said)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (every(5 * MINUTE, 22_695), Granularity.HOUR),
        (every(HOUR, 145_366), Granularity.DAY),
        (every(MINUTE, 20_001), Granularity.HOUR),
        (every(SECOND, 100_000), Granularity.MINUTE),
        (every(MINUTE, 1_300_000), Granularity.DAY),
    ],
)
@pytest.mark.slow
def test_too_many_points_take_the_next_coarser_unit(times: Ints, expected: Granularity) -> None:
    granularity, reason = resolve_granularity(profile_of(times), AUTO)
    assert granularity is expected
    assert f"{len(times):,}" in reason


def test_several_rows_per_date_are_a_weekly_cadence_of_distinct_times() -> None:
    times = np.repeat(every(7 * DAY, 143), 20)
    granularity, reason = resolve_granularity(profile_of(times), AUTO)
    assert granularity is Granularity.WEEK
    assert "one week" in reason


def test_dates_without_a_step_are_days() -> None:
    days = np.cumsum(np.random.default_rng(1).choice([1, 1, 2, 5, 9], 60)) * DAY + START
    assert resolve_granularity(profile_of(days), AUTO)[0] is Granularity.DAY


def test_events_take_the_finest_unit_that_is_mostly_filled() -> None:
    events = START + np.cumsum(np.random.default_rng(1).exponential(2 * HOUR, 3_000)).astype(np.int64)
    granularity, reason = resolve_granularity(profile_of(events), AUTO)
    assert granularity is Granularity.DAY
    assert "finest unit" in reason


def test_few_events_far_apart_stay_single_points() -> None:
    events = START + np.cumsum(np.random.default_rng(1).exponential(40 * DAY, 12)).astype(np.int64) + 12_345
    assert resolve_granularity(profile_of(events), AUTO)[0] is Granularity.NATIVE


def test_choice_of_the_user_stands() -> None:
    assert resolve_granularity(profile_of(every(DAY, 5)), Granularity.YEAR) == (Granularity.YEAR, "You chose it.")
    chosen = resolve_aggregate("revenue", profile_of(every(DAY, 5)), Aggregate.MAX, Granularity.DAY)
    assert chosen == (Aggregate.MAX, "You chose it.")


@pytest.mark.parametrize(
    "name", ["revenue", "Weekly_Sales", "orders", "page views", "totalQty", "bytes_sent", "visits2"]
)
def test_amounts_add_up(name: str) -> None:
    chosen, reason = resolve_aggregate(name, profile_of(every(HOUR, 500)), Aggregate.AUTO, Granularity.DAY)
    assert chosen is Aggregate.SUM
    assert name in reason


@pytest.mark.parametrize(
    "name",
    [
        "temperature",
        "avg_revenue",
        "order rate",
        "Fuel_Price",
        "cpuLoad",
        "latency_ms",
        "bounce_pct",
        "p95",
        "CPI",
        "wobble",
        "Dept",
        "user_id",
    ],
)
def test_levels_are_averaged(name: str) -> None:
    chosen, _ = resolve_aggregate(name, profile_of(every(HOUR, 500)), Aggregate.AUTO, Granularity.DAY)
    assert chosen is Aggregate.MEAN


@pytest.mark.parametrize(
    ("name", "unit", "expected"),
    [
        ("Day-ahead Price [EUR/MWh]", None, Aggregate.MEAN),
        ("Energy", "EUR/MWh", Aggregate.MEAN),
        ("load (MWh)", None, Aggregate.MEAN),
        ("MWh", None, Aggregate.SUM),
        ("Global PSP [W/m^2]", None, Aggregate.MEAN),
        ("orders/hour", None, Aggregate.MEAN),
        ("state/region", None, Aggregate.MEAN),
        ("Spending_USD", None, Aggregate.SUM),
        ("wobble", "€", Aggregate.SUM),
        ("unit price", "$", Aggregate.MEAN),
        ("wobble", "°C", Aggregate.MEAN),
        ("wobble", "kWh", Aggregate.SUM),
        ("Nettoumsatz", None, Aggregate.SUM),
        ("Verkaufspreis", None, Aggregate.MEAN),
        ("Inzidenz_7-Tage", None, Aggregate.MEAN),
        ("Außentemperatur", None, Aggregate.MEAN),
        ("Ozonkonzentration", None, Aggregate.MEAN),
        ("Ventes", None, Aggregate.SUM),
        ("prix moyen", None, Aggregate.MEAN),
        ("Выручка", None, Aggregate.SUM),
        ("売上金額", None, Aggregate.SUM),
        ("平均気温", None, Aggregate.MEAN),
        ("Anzahl Fälle", None, Aggregate.SUM),
        ("NO2", None, Aggregate.MEAN),
    ],
)
def test_units_and_names_of_many_languages_tell_amounts_from_levels(
    name: str, unit: str | None, expected: Aggregate
) -> None:
    profile = profile_of(every(HOUR, 500))
    chosen, reason = resolve_aggregate(name, profile, Aggregate.AUTO, Granularity.DAY, unit)
    assert chosen is expected, reason


def test_whole_numbers_that_never_come_near_zero_are_a_level() -> None:
    profile = profile_of(every(HOUR, 500), all_integers=True, minimum=985, maximum=1_031)
    chosen, reason = resolve_aggregate("wobble", profile, Aggregate.AUTO, Granularity.DAY)
    assert chosen is Aggregate.MEAN
    assert "between 985 and 1,031" in reason


def test_nameless_counts_add_up_and_nameless_negatives_do_not() -> None:
    def chosen(**facts: Any) -> Aggregate:
        profile = profile_of(every(HOUR, 500), **facts)
        return resolve_aggregate("wobble", profile, Aggregate.AUTO, Granularity.DAY)[0]

    assert chosen(all_integers=True) is Aggregate.SUM
    assert chosen(all_integers=True, minimum=-1.0) is Aggregate.MEAN
    assert chosen(all_integers=False) is Aggregate.MEAN


def test_one_record_per_point_makes_no_difference_and_says_so() -> None:
    _, reason = resolve_aggregate("revenue", profile_of(every(DAY, 500)), Aggregate.AUTO, Granularity.DAY)
    assert "One record per point" in reason


@pytest.mark.parametrize("granularity", [g for g in Granularity if g is not AUTO])
@pytest.mark.parametrize("points", [1, 2, 7, 100, 20_000])
def test_rolling_window_is_at_least_two_and_at_most_a_third(granularity: Granularity, points: int) -> None:
    assert 2 <= rolling_window_for(granularity, points) <= max(2, points // 3)


def test_no_unit_finer_than_the_data_and_none_with_a_single_point_is_offered() -> None:
    assert offered_granularities(profile_of(every(HOUR, 72))) == ("native", "hour", "day")
    assert offered_granularities(profile_of(months(30))) == ("native", "month", "quarter", "year")
