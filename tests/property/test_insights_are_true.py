"""Every sentence is true of the data: facts are planted anywhere, and what is said is counted again from scratch."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.timeseries.aggregation import Granularity
from domain.timeseries.series import summarise
from domain.wording.formatting import MONTH_NAMES, WEEKDAY_NAMES
from domain.wording.insights.facts import Previous
from domain.wording.insights.insight import Insight, InsightCode
from domain.wording.insights.ranking import MOST, rank
from tests.support.findings import a_detection, a_series, an_anomaly, the_facts, told

FIRST = date(2024, 1, 1)  # a Monday
seeds = st.integers(0, 10_000)


def noise(seed: int, count: int) -> np.ndarray:
    return 100 + np.random.default_rng(seed).normal(0, 3, count)


def course(at: np.ndarray, peak: int, period: int) -> np.ndarray:
    """A wave with a peak that stands out from its neighbours."""
    return 20 * np.cos(2 * np.pi * (at - peak) / period) + np.where(at % period == peak % period, 10, 0)


def day(place: int) -> date:
    return FIRST + timedelta(days=place)


def said_of(peaks: Sequence[int], count: int, seed: int) -> dict[str, Insight]:
    values = noise(seed, count)
    values[list(peaks)] = 200
    series = a_series(values)
    facts = the_facts(series, a_detection(series, [an_anomaly(series, peak, expected=100) for peak in sorted(peaks)]))
    found = rank(facts)
    assert found == rank(facts)
    assert len(found) <= MOST
    labels = [str(day(place)) for place in range(count)]
    for insight in found:  # each leads to a stretch of the chart
        start, end = insight.evidence.start, insight.evidence.end
        assert start is None or labels.index(start) <= labels.index(end or "")
    return told(facts)


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(0, 363), min_size=5, max_size=20), st.integers(0, 6), st.integers(0, 8), seeds)
def test_a_concentration_that_is_told_is_one(anywhere: set[int], weekday: int, more: int, seed: int) -> None:
    peaks = anywhere | {7 * week + weekday for week in range(0, 6 * more, 6)}
    insight = said_of(sorted(peaks), 364, seed).get(InsightCode.CONCENTRATION)
    if insight is None:
        assert more < 8 or len(anywhere) > 5  # eight of one weekday among thirteen are never passed over
        return
    figures = insight.evidence.figures
    places = insight.title.partition(" fall ")[2]
    if places.startswith("on "):
        inside = [p for p in range(364) if f"on {WEEKDAY_NAMES[day(p).weekday()]}s" == places]
    elif places.startswith("in "):
        inside = [p for p in range(364) if f"in {MONTH_NAMES[day(p).month - 1]}" == places]
    else:
        start, end = (date.fromisoformat(str(label)) for label in (insight.evidence.start, insight.evidence.end))
        inside = [p for p in range(364) if start <= day(p) <= end]
    count = len(peaks & set(inside))
    assert (figures["count"], figures["total"]) == (count, len(peaks))
    assert insight.title.startswith(f"{count} of {len(peaks)} " if count < len(peaks) else f"All {count} ")
    assert figures["expected"] == pytest.approx(len(peaks) * len(inside) / 364)
    assert count > figures["expected"]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 6), seeds)
def test_a_planted_weekday_is_the_one_that_is_named(weekday: int, seed: int) -> None:
    values = noise(seed, 7 * 20)
    values[weekday::7] += 30
    insight = told(the_facts(a_series(values)))[InsightCode.SEASON_WEEKDAY]
    weeks = values.reshape(-1, 7)
    medians = np.median(weeks, axis=0)
    weakest = int(np.argmin(medians))
    figures = insight.evidence.figures
    assert (figures["strongest"], figures["weakest"]) == (WEEKDAY_NAMES[weekday], WEEKDAY_NAMES[weakest])
    assert figures["strongestTypical"] == medians[weekday]
    assert figures["kept"] == int((weeks[:, weekday] > weeks[:, weakest]).sum())
    often = "all 20" if figures["kept"] == 20 else f"{figures['kept']} of 20"
    assert f"in {often} weeks." in insight.text


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 23), seeds)
def test_a_planted_hour_is_the_one_that_is_named(hour: int, seed: int) -> None:
    values = noise(seed, 24 * 20) + course(np.arange(24 * 20), hour, 24)
    insight = told(the_facts(a_series(values, Granularity.HOUR)))[InsightCode.SEASON_HOUR]
    assert insight.title.startswith(f"Revenue: {hour:02d}:00 is the highest hour")
    assert insight.evidence.figures["strongestTypical"] == np.median(values[hour::24])


@settings(max_examples=6, deadline=None)
@given(st.integers(1, 12), seeds)
def test_a_planted_month_is_the_one_that_is_named(month: int, seed: int) -> None:
    values = noise(seed, 5 * 365)
    inside = np.array([day(place).month == month for place in range(len(values))])
    values += course(np.array([day(place).month for place in range(len(values))]), month, 12)
    insight = told(the_facts(a_series(values)))[InsightCode.SEASON_MONTH]
    assert insight.title.startswith(f"{MONTH_NAMES[month - 1]} is the highest month: ")
    assert insight.evidence.figures["strongestTypical"] == np.median(values[inside])


@settings(max_examples=30, deadline=None)
@given(
    st.sets(st.integers(0, 59), max_size=6),
    st.sets(st.integers(0, 59), max_size=6),
    st.integers(50, 60),
    st.sampled_from([0.0, 0.4, 5.0, -20.0]),
    seeds,
)
def test_what_changed_since_a_version_is_counted_right(
    now: set[int], before: set[int], length: int, moved: float, seed: int
) -> None:
    values = noise(seed, 60)
    older = a_series(values[:length] - moved)
    series = a_series(values)
    ids = {
        report.detection.anomalies[0].peak: report.ids[0]
        for report in (
            the_facts(series, a_detection(series, [an_anomaly(series, peak, expected=90)])) for peak in now | before
        )
    }
    facts = the_facts(
        series,
        a_detection(series, [an_anomaly(series, peak, expected=90) for peak in sorted(now)]),
        previous=Previous(version=3, summary=summarise(older), anomaly_ids=frozenset(ids[peak] for peak in before)),
    )
    insight = told(facts)[InsightCode.CHANGED_SINCE_VERSION]
    figures = insight.evidence.figures
    assert (figures["new"], figures["gone"], figures["kept"]) == (
        len(now - before), len(before - now), len(now & before)
    )  # fmt: skip
    assert figures["points"] == 60 - length
    same = now == before and length == 60 and moved == 0.0
    assert (insight.title == "Same figures and anomalies as in version 3") == same
    assert ("The mean is the same." in insight.text) == (summarise(series).mean == summarise(older).mean)
    assert insight.title.startswith("Since version 3: ") == (now != before or length != 60)
