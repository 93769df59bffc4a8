"""Series on their calendar: holes, incomplete ends, names of points, figures."""

import numpy as np
import pytest

from domain.timeseries.aggregation import Aggregate, Granularity, Ints
from domain.timeseries.completeness import RecordSpan
from domain.timeseries.series import TimeSeries, build, labels, regularise, summarise

SECOND = 1_000_000
HOUR = 3_600 * SECOND
DAY = 24 * HOUR


def at(*texts: str) -> Ints:
    return np.array(texts, dtype="datetime64[us]").astype(np.int64)


def series_of(times: Ints, granularity: Granularity, zone: str = "UTC") -> TimeSeries:
    answer = build(times, np.arange(1.0, len(times) + 1), granularity, Aggregate.SUM, zone, 3)
    return regularise(answer, granularity, zone)


def test_empty_buckets_of_a_regular_series_become_nan() -> None:
    days = at("2024-01-01", "2024-01-02", "2024-01-03", "2024-01-05", "2024-01-06")
    series = series_of(days, Granularity.DAY)
    assert labels(series) == [f"2024-01-0{day}" for day in range(1, 7)]
    np.testing.assert_array_equal(series.value, [1, 2, 3, np.nan, 4, 5])
    np.testing.assert_array_equal(series.rows, [1, 1, 1, 0, 1, 1])
    assert series.missing == 1


def test_sparse_series_stays_as_it_is() -> None:
    days = at("2024-01-01", "2024-01-15", "2024-03-27", "2024-09-01")
    series = series_of(days, Granularity.DAY)
    assert (len(series), series.missing) == (4, 0)


def test_one_long_hole_does_not_blow_the_grid_up() -> None:
    days = np.concatenate([at("1990-01-01") + DAY * np.arange(50), at("2024-01-01") + DAY * np.arange(50)])
    assert len(series_of(days, Granularity.DAY)) == 100


@pytest.mark.parametrize(
    ("granularity", "expected"),
    [
        (Granularity.DAY, ["2024-03-30", "2024-03-31", "2024-04-01"]),
        (Granularity.WEEK, ["2024-03-25", "2024-04-01"]),
        (Granularity.MONTH, ["2024-03-01", "2024-04-01"]),
        (Granularity.QUARTER, ["2024-01-01", "2024-04-01"]),
        (Granularity.YEAR, ["2024-01-01"]),
    ],
)
def test_days_and_longer_are_named_by_local_date(granularity: Granularity, expected: list[str]) -> None:
    hours = at("2024-03-29T23:00") + HOUR * np.arange(49)
    assert labels(series_of(hours, granularity, "Europe/Berlin")) == expected


def test_short_day_and_long_day_hold_23_and_25_hours() -> None:
    spring = series_of(at("2024-03-29T23:00") + HOUR * np.arange(71), Granularity.DAY, "Europe/Berlin")
    autumn = series_of(at("2024-10-25T22:00") + HOUR * np.arange(73), Granularity.DAY, "Europe/Berlin")
    assert spring.rows.tolist() == [24, 23, 24]
    assert autumn.rows.tolist() == [24, 25, 24]


def test_hour_that_is_shown_twice_is_two_points_with_two_names() -> None:
    series = series_of(at("2024-10-26T23:00") + HOUR * np.arange(4), Granularity.HOUR, "Europe/Berlin")
    assert labels(series) == [
        "2024-10-27T01:00:00+02:00",
        "2024-10-27T02:00:00+02:00",
        "2024-10-27T02:00:00+01:00",
        "2024-10-27T03:00:00+01:00",
    ]
    assert series.missing == 0


def test_day_whose_midnight_is_skipped_is_a_day_without_a_hole() -> None:
    # Brazil put its clocks on at midnight: 2018-11-04 began at 01:00.
    hours = at("2018-11-01T03:00") + HOUR * np.arange(24 * 8)
    series = series_of(hours, Granularity.DAY, "America/Sao_Paulo")
    assert series.missing == 0
    assert labels(series)[:5] == [f"2018-11-0{day}" for day in range(1, 6)]
    assert series.rows[3] == 23


def test_points_shorter_than_a_day_are_rfc_3339() -> None:
    assert labels(series_of(at("2024-01-01T05:00") + HOUR * np.arange(2), Granularity.HOUR)) == [
        "2024-01-01T05:00:00Z",
        "2024-01-01T06:00:00Z",
    ]


def test_fractions_of_a_second_are_named_only_if_there_are_any() -> None:
    assert labels(series_of(at("2024-01-01T05:00:00.250", "2024-01-01T05:00:01"), Granularity.NATIVE)) == [
        "2024-01-01T05:00:00.250Z",
        "2024-01-01T05:00:01.000Z",
    ]


def test_native_points_at_midnight_are_named_by_date() -> None:
    assert labels(series_of(at("2024-01-01", "2024-01-09"), Granularity.NATIVE)) == ["2024-01-01", "2024-01-09"]


def test_last_day_with_three_of_24_hours_is_incomplete() -> None:
    series = series_of(at("2024-01-01") + HOUR * np.arange(24 * 10 + 3), Granularity.DAY)
    assert (series.first_bucket_complete, series.last_bucket_complete) == (True, False)


def test_first_day_with_three_of_24_hours_is_incomplete() -> None:
    series = series_of(at("2024-01-01T21:00") + HOUR * np.arange(24 * 10 + 3), Granularity.DAY)
    assert (series.first_bucket_complete, series.last_bucket_complete) == (False, True)


def test_quiet_last_bucket_among_varying_ones_is_no_incomplete_one() -> None:
    random = np.random.default_rng(3)
    counts = np.append(random.poisson(8, 60), 4)
    times = np.concatenate([at("2024-01-01") + DAY * i + HOUR * np.arange(n) for i, n in enumerate(counts)])
    assert series_of(times, Granularity.DAY).last_bucket_complete


def test_repeated_times_are_counted_where_points_are_times() -> None:
    times = at("2024-01-01T00:00", "2024-01-01T00:07", "2024-01-01T00:07", "2024-01-01T00:09")
    assert series_of(times, Granularity.NATIVE).duplicates == 1


def test_summary_describes_points_and_not_rows() -> None:
    days = np.repeat(at("2024-01-01", "2024-01-02", "2024-01-03", "2024-01-05", "2024-01-06"), 2)
    summary = summarise(series_of(days, Granularity.DAY))
    assert (summary.count, summary.missing, summary.rows) == (5, 1, 10)
    assert (summary.mean, summary.median, summary.min, summary.max) == (11.0, 11.0, 3.0, 19.0)
    assert (summary.q1, summary.q3, summary.iqr) == (7.0, 15.0, 8.0)


def test_deviation_of_one_point_is_null() -> None:
    summary = summarise(series_of(at("2024-01-01"), Granularity.DAY))
    assert (summary.count, summary.std_dev, summary.mean) == (1, None, 1.0)


def test_example_of_the_specification_has_its_figures() -> None:
    days = at("2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05", "2024-01-15", "2024-01-27")
    values = np.array([24000, 25500, 89000, 23800, 24500, 62000, 8000.0])
    summary = summarise(
        regularise(build(days, values, Granularity.DAY, Aggregate.SUM, "UTC", 3), Granularity.DAY, "UTC")
    )
    assert summary.mean == pytest.approx(36_685.714_285_7)
    assert summary.median == 24_500


@pytest.mark.parametrize(
    ("first", "last", "complete"),
    [
        ("2024-01-23", "2024-06-30", (False, True)),  # nine days of January
        ("2024-01-01", "2024-06-12", (True, False)),
        ("2024-01-01", "2024-06-30", (True, True)),
    ],
)
def test_month_is_complete_if_the_records_cover_it(first: str, last: str, complete: tuple[bool, bool]) -> None:
    days = np.arange(at(first)[0], at(last)[0] + DAY, DAY)
    answer = build(days, np.ones(len(days)), Granularity.MONTH, Aggregate.SUM, "UTC", 3)
    series = regularise(answer, Granularity.MONTH, "UTC", RecordSpan(int(days[0]), int(days[-1]), DAY))
    assert (series.first_bucket_complete, series.last_bucket_complete) == complete


def test_quarter_of_one_month_is_incomplete() -> None:
    months = np.arange("2022-01", "2024-05", dtype="datetime64[M]").astype("datetime64[us]").astype(np.int64)
    answer = build(months, np.ones(len(months)), Granularity.QUARTER, Aggregate.SUM, "UTC", 3)
    series = regularise(answer, Granularity.QUARTER, "UTC", RecordSpan(int(months[0]), int(months[-1]), 31 * DAY))
    assert not series.last_bucket_complete


def test_week_of_five_working_days_is_complete() -> None:
    days = np.arange(at("2024-01-01")[0], at("2024-03-02")[0], DAY)
    days = days[np.arange(len(days)) % 7 < 5]
    answer = build(days, np.ones(len(days)), Granularity.WEEK, Aggregate.SUM, "UTC", 3)
    series = regularise(answer, Granularity.WEEK, "UTC", RecordSpan(int(days[0]), int(days[-1]), DAY))
    assert series.last_bucket_complete
