"""Facts are planted in noise, found by the real detector, and every sentence is counted again from the raw values.

What is said must be true of the data, what was planted plainly must be said, and nothing is claimed that was not.
"""

import re
from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.datasets.dataset import DataQuality
from domain.detection.detect import detect
from domain.timeseries.aggregation import Floats, Granularity
from domain.wording.formatting import MINUS, MONTHS
from domain.wording.insights.facts import Facts
from domain.wording.insights.insight import Insight, InsightCode
from domain.wording.insights.ranking import rank
from tests.support.findings import a_series, the_facts

FIRST = date(2024, 1, 1)  # a Monday
NOISE = 3.0
LEVEL = 300.0
seeds = st.integers(0, 100_000)
sides = st.sampled_from([-1, 1])
ANOMALY_CODES = {InsightCode.LARGEST_ANOMALY, InsightCode.ANOMALY_COUNT}


def noise(seed: int, count: int) -> Floats:
    return LEVEL + np.random.default_rng(seed).normal(0, NOISE, count)


def analysed(values: Floats, quality: DataQuality | None = None, unit: Granularity = Granularity.DAY) -> Facts:
    series = a_series(values, unit)
    found = detect(series.time, series.value, last_bucket_complete=series.last_bucket_complete)
    return the_facts(series, found, quality=quality)


def said(facts: Facts, code: InsightCode) -> list[Insight]:
    return [insight for insight in rank(facts) if insight.code == code]


def place_of(label: object) -> int:
    return (date.fromisoformat(str(label)) - FIRST).days


def spoken_date(place: int, *, year: bool) -> str:
    day = FIRST + timedelta(days=place)
    return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


def written(text: str) -> float:
    """Read a number as it stands in a sentence."""
    return float(text.replace(",", "").replace(MINUS, "-"))


@settings(max_examples=25, deadline=None)
@given(st.integers(240, 700), st.floats(0.12, 0.9), sides, st.sampled_from([0.0, 0.5]), seeds)
def test_a_planted_trend_is_told_with_its_size_and_since_when(
    count: int, size: float, side: int, flat: float, seed: int
) -> None:
    bend = int(flat * count)
    ramp = np.clip(np.arange(count) - bend, 0, None) / (count - bend)
    values = noise(seed, count) + side * size * LEVEL * 0.9 * ramp
    facts = analysed(values)
    (insight,) = said(facts, InsightCode.TREND)
    figures = insight.evidence.figures
    start, end = place_of(insight.evidence.start), place_of(insight.evidence.end)
    assert insight.title.startswith("Revenue rose by " if side > 0 else "Revenue fell by ")
    bent = " since " in insight.title
    assert bent or start == int(np.flatnonzero(np.isfinite(facts.usual))[0])
    if flat and size > 0.3:
        assert bent
    if bent:
        assert abs(start - bend) <= count / 8
        assert insight.title.endswith(spoken_date(start, year=count > 366))
    inside = facts.complete[start : end + 1]
    if end - start >= 730:
        wall = facts.wall
        months = wall.astype("datetime64[M]")
        first = wall < (months[start] + 12).astype(wall.dtype) + (wall[start] - months[start])
        last = wall > (months[end] - 12).astype(wall.dtype) + (wall[end] - months[end])
        before, after = (np.nanmedian(facts.complete[part & (np.arange(count) >= start)]) for part in (first, last))
    else:
        eighth = len(inside) // 8
        before, after = np.median(inside[:eighth]), np.median(inside[-eighth:])
    np.testing.assert_allclose([figures["before"], figures["after"]], [before, after])
    share = written(re.findall(r" by ([\d,.]+)%", insight.title)[0])
    np.testing.assert_allclose(share, 100 * abs(after / before - 1), atol=0.51)
    planted = side * size * LEVEL * 0.9
    assert 0.6 <= float(figures["change"]) / planted <= 1.3


@settings(max_examples=40, deadline=None)
@given(st.integers(60, 700), seeds)
def test_noise_has_no_trend_no_step_no_season_and_no_gap(count: int, seed: int) -> None:
    values = noise(seed, count)
    facts = analysed(values)
    claimed = {insight.code for insight in rank(facts)}
    assert not claimed & {
        InsightCode.TREND, InsightCode.LEVEL_SHIFT, InsightCode.GAPS, InsightCode.CONCENTRATION,
        InsightCode.SEASON_WEEKDAY, InsightCode.SEASON_MONTH, InsightCode.SEASON_HOUR,
        InsightCode.REJECTED_ROWS, InsightCode.INCOMPLETE_LAST_BUCKET,
    }  # fmt: skip
    for insight in said(facts, InsightCode.LARGEST_ANOMALY):  # a false alarm is at least far out
        assert abs(float(insight.evidence.figures["value"]) - LEVEL) > 2.5 * NOISE


@settings(max_examples=25, deadline=None)
@given(st.integers(150, 500), st.floats(0.3, 0.7), st.floats(8, 30), sides, seeds)
def test_a_planted_step_is_told_with_its_day_and_its_size(
    count: int, share: float, size: float, side: int, seed: int
) -> None:
    at = int(share * count)
    values = noise(seed, count)
    values[at:] += side * size * NOISE
    facts = analysed(values)
    (insight,) = said(facts, InsightCode.LEVEL_SHIFT)
    figures = insight.evidence.figures
    told_at = place_of(figures["at"])
    assert abs(told_at - at) <= 1
    assert insight.title.startswith(f"Revenue stepped {'up' if side > 0 else 'down'} by ")
    assert insight.title.endswith(f"on {spoken_date(told_at, year=count > 366)}")
    amount, percentage = re.findall(r" by ([\d,.]+) \(([\d,.]+)%\)", insight.title)[0]
    before, after = np.median(values[:told_at]), np.median(values[told_at:])
    np.testing.assert_allclose(written(amount), abs(after - before), atol=1.5 * NOISE)  # the level beside the step
    np.testing.assert_allclose(written(percentage), 100 * abs(after / before - 1), atol=150 * NOISE / before)
    assert insight.text.endswith("It has stayed near that level since.")
    assert said(facts, InsightCode.TREND) == []  # a step is no trend


@settings(max_examples=25, deadline=None)
@given(st.integers(200, 500), st.floats(0.25, 0.4), st.integers(30, 60), st.floats(10, 30), sides, seeds)
def test_a_planted_episode_is_told_from_its_first_to_its_last_day(
    count: int, share: float, length: int, size: float, side: int, seed: int
) -> None:
    at = int(share * count)
    values = noise(seed, count)
    values[at : at + length] += side * size * NOISE
    facts = analysed(values)
    insights = said(facts, InsightCode.LEVEL_SHIFT)
    assert insights
    (insight,) = insights
    assert insight.title.startswith(f"Revenue ran {'higher' if side > 0 else 'lower'} by ")
    shifts = facts.detection.profile.level_shifts
    assert len(shifts) == 2
    assert abs(shifts[0].at - at) <= 1
    assert abs(shifts[1].at - at - length) <= 1
    first, last = (spoken_date(place, year=True) for place in (shifts[0].at, shifts[1].at - 1))
    assert insight.title.endswith(last)
    assert first.split()[0] in insight.title.partition(" from ")[2]
    assert insight.text.startswith("The median in that time is ")


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.integers(0, 99), st.tuples(st.floats(12, 60), sides), min_size=1, max_size=8),
    seeds,
)
def test_the_largest_anomalies_are_named_and_all_are_counted(planted: dict[int, tuple[float, int]], seed: int) -> None:
    count = 400
    values = noise(seed, count)
    spikes = {4 * place + 1: side * size * NOISE for place, (size, side) in planted.items()}  # none beside another
    for place, amount in spikes.items():
        values[place] += amount
    facts = analysed(values)
    found = facts.detection.anomalies
    insights = rank(facts)
    for insight in said(facts, InsightCode.LARGEST_ANOMALY):
        figures = insight.evidence.figures
        start, end = place_of(insight.evidence.start), place_of(insight.evidence.end)
        assert values[start : end + 1].tolist().count(float(figures["value"])) == 1
        assert not float(figures["lower"]) <= float(figures["value"]) <= float(figures["upper"])
        peak = start + int(np.argmax(values[start : end + 1] == figures["value"]))
        if start == end:
            assert insight.title.startswith("Revenue was ")
            assert f"on {spoken_date(peak, year=False)}" in insight.title
        record = " was as high." in insight.text, " was as low." in insight.text
        assert record == (values.argmax() == peak, values.argmin() == peak)
    for insight in said(facts, InsightCode.ANOMALY_COUNT):
        total, rises = len(found), sum(anomaly.value > anomaly.expected for anomaly in found)
        assert insight.title.startswith(f"{total} anomalies")
        assert (insight.evidence.figures["rises"], insight.evidence.figures["falls"]) == (rises, total - rises)
        inside = sum(anomaly.end - anomaly.start + 1 for anomaly in found)
        assert f"cover {inside} of {count} days" in insight.text
    if len(planted) <= 4:
        peaks = {anomaly.peak for anomaly in found}
        assert set(spikes) <= peaks
        assert ANOMALY_CODES & {insight.code for insight in insights}
        first = next(insight for insight in insights if insight.code == InsightCode.LARGEST_ANOMALY)
        order = ["low", "medium", "high"]
        top = max(found, key=lambda anomaly: (order.index(anomaly.severity), anomaly.score))
        assert float(first.evidence.figures["value"]) == top.value


@settings(max_examples=30, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 24), st.integers(1, 9)), min_size=1, max_size=4), seeds)
def test_planted_gaps_are_counted_and_the_longest_is_named(gaps: set[tuple[int, int]], seed: int) -> None:
    count = 300
    values = noise(seed, count)
    for place, length in gaps:
        values[10 + 11 * place : 10 + 11 * place + length] = np.nan
    facts = analysed(values)
    absent = np.isnan(values)
    (insight,) = said(facts, InsightCode.GAPS)
    assert insight.title == f"{absent.sum()} of {count} days {'has' if absent.sum() == 1 else 'have'} no data"
    runs = [len(run) for run in "".join("x" if gone else " " for gone in absent).split() if run]
    start, end = place_of(insight.evidence.start), place_of(insight.evidence.end)
    assert end - start - 1 == max(runs)
    assert absent[start + 1 : end].all()
    assert not absent[start]
    assert not absent[end]
    noun = "day" if max(runs) == 1 else "days"
    between = f"between {spoken_date(start, year=False)} and {spoken_date(end, year=False)}"
    assert f"The longest gap is {max(runs)} {noun}, {between}." in insight.text
    assert InsightCode.COMPLETE not in {insight.code for insight in rank(facts)}


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 60), st.integers(60, 200), seeds)
def test_rejected_rows_are_told_as_counted(rejected: int, usable: int, seed: int) -> None:
    quality = DataQuality(total_rows=usable + rejected, usable_rows=usable, rejected_rows=rejected)
    insights = said(analysed(noise(seed, usable), quality), InsightCode.REJECTED_ROWS)
    assert len(insights) == (rejected > 0)
    for insight in insights:
        assert insight.title == f"{rejected} row{'' if rejected == 1 else 's'} rejected"
        share = written(re.findall(r"That is ([\d,.]+)%", insight.text)[0])
        np.testing.assert_allclose(share, 100 * rejected / (usable + rejected), atol=0.51)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 6), st.floats(6, 20), seeds)
def test_a_planted_weekday_is_found_by_the_real_detector_too(weekday: int, size: float, seed: int) -> None:
    values = noise(seed, 7 * 26)
    values[weekday::7] += size * NOISE
    facts = analysed(values)
    (insight,) = said(facts, InsightCode.SEASON_WEEKDAY)
    figures = insight.evidence.figures
    usual = np.where(np.isfinite(facts.usual), values, np.nan).reshape(-1, 7)
    medians = np.nanmedian(usual, axis=0)
    assert int(np.argmax(medians)) == weekday
    assert figures["strongestTypical"] == medians[weekday]
    assert figures["weakestTypical"] == medians.min()
