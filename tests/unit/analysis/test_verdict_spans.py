"""What a verdict covers: the bucket it was given on, at every granularity, and nothing wider."""

import msgspec
import numpy as np
import pytest

from domain.analysis.analysis import Analysis
from domain.analysis.apply_verdicts import apply_verdicts
from domain.feedback.scope import span_of, unit_of
from domain.feedback.verdict import Verdict, VerdictKind, instant_of, outside_baseline
from domain.timeseries.aggregation import Aggregate, Granularity
from domain.timeseries.series import TimeSeries, build, regularise
from tests.support.builders import an_annotation
from tests.unit.analysis.test_apply_verdicts import analysis_with

MINUTE, HOUR, DAY, WEEK = Granularity.MINUTE, Granularity.HOUR, Granularity.DAY, Granularity.WEEK
NATIVE, AUTO = Granularity.NATIVE, Granularity.AUTO
HOUR_US = 3_600_000_000


def given(date: str, unit: Granularity, zone: str = "UTC", verdict: VerdictKind = VerdictKind.EXPECTED) -> Verdict:
    """A verdict given on a bucket of an analysis by this unit."""
    at = instant_of(date, zone)
    since, until = span_of(at, unit, zone)
    return an_annotation(date=date, at=at, verdict=verdict, since=since, until=until)


def shown(date: str, unit: Granularity, zone: str = "UTC") -> Analysis:
    return analysis_with(date, granularity=unit, time_zone=zone)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata"])
@pytest.mark.parametrize(
    ("spoken", "on", "date", "by", "heard"),
    [
        ("2024-01-03T05:00:00", HOUR, "2024-01-03T05:00:00", HOUR, "expected"),
        ("2024-01-03T05:00:00", HOUR, "2024-01-03", DAY, None),
        ("2024-01-03T00:00:00", HOUR, "2024-01-03", DAY, None),  # begins as its day does
        ("2024-01-01", DAY, "2024-01-01", WEEK, None),
        ("2024-01-03", DAY, "2024-01-03T05:00:00", HOUR, "expected"),
        ("2024-01-03", DAY, "2024-01-04T00:00:00", HOUR, None),
        ("2024-01-01", WEEK, "2024-01-07", DAY, "expected"),
        ("2024-01-01", WEEK, "2024-01-08", DAY, None),
        ("2024-01-03T05:00:10", NATIVE, "2024-01-03T05:00:10", NATIVE, "expected"),
        ("2024-01-03T05:00:10", NATIVE, "2024-01-03T05:00:20", NATIVE, None),
        ("2024-01-03T05:00:10", NATIVE, "2024-01-03T05:00:00", HOUR, None),
        ("2024-01-03T05:00:00", HOUR, "2024-01-03T05:10:00", NATIVE, "expected"),
    ],
)
def test_a_verdict_speaks_of_what_it_covers_and_of_nothing_wider(
    spoken: str, on: Granularity, date: str, by: Granularity, heard: str | None, zone: str
) -> None:
    found = apply_verdicts(shown(date, by, zone), [given(spoken, on, zone)])
    assert found.anomalies[0].verdict == heard
    assert found.anomalies[0].verdict_date == (spoken if heard else None)
    assert found.verdicts is not None
    assert len(found.verdicts.unmatched) == (0 if heard else 1)


def test_of_two_verdicts_the_narrower_speaks() -> None:
    wide, narrow = given("2024-01-03", DAY), given("2024-01-03T05:00:00", HOUR, verdict=VerdictKind.CONFIRMED)
    for told in ([wide, narrow], [narrow, wide]):
        assert apply_verdicts(shown("2024-01-03T05:00:00", HOUR), told).anomalies[0].verdict == "confirmed"


def test_a_verdict_on_one_day_of_an_event_speaks_of_the_event() -> None:
    event = analysis_with("2024-01-03", until="2024-01-09")
    assert apply_verdicts(event, [given("2024-01-05", DAY)]).anomalies[0].verdict == "expected"
    assert apply_verdicts(event, [given("2024-01-05T03:00:00", HOUR)]).anomalies[0].verdict is None
    assert apply_verdicts(event, [given("2024-01-10", DAY)]).anomalies[0].verdict is None


def test_a_verdict_from_before_spans_were_noted_covers_what_its_date_says() -> None:
    day = msgspec.structs.replace(given("2024-01-03", DAY), since=None, until=None)
    hour = msgspec.structs.replace(given("2024-01-03T05:00:00", HOUR), since=None, until=None)
    assert apply_verdicts(shown("2024-01-03", DAY), [day]).anomalies[0].verdict == "expected"
    assert apply_verdicts(shown("2024-01-03", DAY), [hour]).anomalies[0].verdict is None
    assert apply_verdicts(shown("2024-01-03T05:00:00", HOUR), [hour]).anomalies[0].verdict == "expected"


@pytest.mark.parametrize(
    ("date", "asked", "usual", "step", "unit"),
    [
        ("2024-01-01", WEEK, DAY, 0, WEEK),  # said
        ("2024-01-01", None, Granularity.MONTH, 0, Granularity.MONTH),  # that of the default analysis
        ("2024-01-01", AUTO, DAY, 0, DAY),
        ("2024-01-01", None, HOUR, HOUR_US, DAY),  # a date without a time is no hour
        ("2024-01-01T05:00:00", None, HOUR, HOUR_US, HOUR),
        ("2024-01-01T05:00:00", None, DAY, 0, HOUR),
        ("2024-01-01T05:10:00", None, DAY, 0, MINUTE),
        ("2024-01-01T05:00:00", NATIVE, HOUR, HOUR_US, HOUR),  # one row an hour: the same points
        ("2024-01-01T05:10:00", NATIVE, NATIVE, HOUR_US // 6, MINUTE),
        ("2024-01-01T05:10:10", NATIVE, NATIVE, 10_000_000, NATIVE),
        ("2024-01-01T05:00:00", None, None, 0, HOUR),
    ],
)
def test_the_unit_of_a_verdict(
    date: str, asked: Granularity | None, usual: Granularity | None, step: int, unit: Granularity
) -> None:
    assert unit_of(date, asked, usual, step) is unit


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_confirmed_buckets_that_are_covered_whole_leave_the_baseline(zone: str) -> None:
    said = {unit: given("2024-03-31T05:00:00", unit, zone, VerdictKind.CONFIRMED) for unit in (HOUR, DAY, WEEK)}
    hours = {DAY: 24, WEEK: 168} if zone == "UTC" else {DAY: 23, WEEK: 167}  # the night of summer time
    expected = {
        HOUR: [1, hours[DAY], hours[WEEK]],
        DAY: [0, 1, 7],
        WEEK: [0, 0, 1],
        NATIVE: [1, hours[DAY], hours[WEEK]],
    }
    for unit, counts in expected.items():
        series = hourly(unit, zone)
        assert [int(outside_baseline(series, [one]).sum()) for one in said.values()] == counts, unit
    (marked,) = np.flatnonzero(outside_baseline(hourly(HOUR, zone), [said[HOUR]]))
    assert hourly(HOUR, zone).time[marked] == np.datetime64("2024-03-31T05:00")


def test_a_point_among_seconds_is_the_one_at_its_time_or_the_last_before() -> None:
    times = np.datetime64("2024-01-01", "us") + np.arange(50) * np.timedelta64(10, "s")
    series = regularise(build(times.astype(np.int64), np.ones(50), NATIVE, Aggregate.MEAN, "UTC", 7), NATIVE, "UTC")
    for date in ("2024-01-01T00:00:20", "2024-01-01T00:00:25"):
        said = given(date, NATIVE, verdict=VerdictKind.CONFIRMED)
        assert np.flatnonzero(outside_baseline(series, [said])).tolist() == [2]


def hourly(unit: Granularity, zone: str) -> TimeSeries:
    """Rows every hour from January to April, by a unit."""
    times = np.datetime64("2024-01-01", "us") + np.arange(120 * 24) * np.timedelta64(1, "h")
    answer = build(times.astype(np.int64), np.ones(len(times)), unit, Aggregate.MEAN, zone, 7)
    return regularise(answer, unit, zone)
