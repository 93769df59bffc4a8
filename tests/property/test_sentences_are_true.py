"""Every sentence on series of many kinds is recomputed from the raw values; a changed figure is refuted."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from benchmarks.sentences.points import Points
from benchmarks.sentences.rules import sentences
from domain.datasets.dataset import DataQuality
from domain.detection.detect import detect
from domain.timeseries.aggregation import Floats, Granularity
from domain.wording.insights.facts import Previous
from domain.wording.insights.insight import InsightCode
from tests.support.findings import a_series, an_assembled

COUNT = 400
Rng = np.random.Generator


def noisy(rng: Rng, scale: float = 5.0) -> Floats:
    return np.asarray(200 + scale * rng.standard_normal(COUNT))


def spikes(rng: Rng) -> Floats:
    values = noisy(rng)
    values[rng.choice(COUNT, 5, replace=False)] *= rng.uniform(0.2, 3, 5)
    return values


def step(rng: Rng) -> Floats:
    values = noisy(rng)
    values[150:] *= 1.4
    return values


def step_that_fades(rng: Rng) -> Floats:
    values = noisy(rng)
    values[150:300] += np.linspace(80, 0, 150)
    return values


def episode(rng: Rng) -> Floats:
    values = noisy(rng)
    values[200:250] -= 90
    return values


def slow_collapse(rng: Rng) -> Floats:
    values = noisy(rng)
    values[200:230] = np.linspace(200, 20, 30)
    values[230:] = 25
    return values


def growth(rng: Rng) -> Floats:
    return np.asarray(noisy(rng) * np.exp(np.linspace(0, 3, COUNT)))


def late_growth(rng: Rng) -> Floats:
    return np.asarray(noisy(rng) + np.clip(np.arange(COUNT) - 200, 0, None) * 2)


def weekly(rng: Rng) -> Floats:
    return np.asarray(noisy(rng) * np.tile([1, 1.1, 1, 1.2, 1.6, 0.5, 0.4], 60)[:COUNT])


def gaps(rng: Rng) -> Floats:
    values = spikes(rng)
    values[50:57], values[120] = np.nan, np.nan
    return values


def trading_days(rng: Rng) -> Floats:
    values = 100 + np.cumsum(rng.standard_normal(COUNT))
    values[np.arange(COUNT) % 7 >= 5] = np.nan
    return np.asarray(values)


def heavy_tails(rng: Rng) -> Floats:
    return np.asarray(np.exp(3 + 1.5 * rng.standard_normal(COUNT)))


def standstill(rng: Rng) -> Floats:
    values = noisy(rng)
    values[60:75], values[300:330] = values[60], 0.0
    return values


def rare(rng: Rng) -> Floats:
    return np.asarray(np.where(rng.random(COUNT) < 0.15, rng.poisson(5, COUNT), 0).astype(np.float64))


def negative(rng: Rng) -> Floats:
    values = 3 * rng.standard_normal(COUNT)
    values[[70, 200]] = [-40, 55]
    return np.asarray(values)


def constant(_: Rng) -> Floats:
    return np.full(COUNT, 7.0)


def total(rng: Rng) -> Floats:
    return np.asarray(np.cumsum(rng.poisson(20, COUNT)).astype(np.float64))


def huge(rng: Rng) -> Floats:
    return np.asarray(spikes(rng) * 1e7)


KINDS = (
    *(spikes, step, step_that_fades, episode, slow_collapse, growth, late_growth, weekly, gaps, trading_days),
    *(heavy_tails, standstill, rare, negative, constant, total, huge),
)


def points_of(kind: Callable[[Rng], Floats], seed: int, unit: Granularity = Granularity.DAY) -> Points:
    series = a_series(kind(np.random.default_rng(seed)), unit)
    analysis, table = an_assembled(series, detect(series.time, series.value))
    return Points(analysis, table, None)


@pytest.mark.parametrize("unit", [Granularity.HOUR, Granularity.DAY, Granularity.WEEK, Granularity.MONTH])
@pytest.mark.parametrize("kind", KINDS)
def test_no_sentence_is_refuted_by_the_raw_values(kind: Callable[[Rng], Floats], unit: Granularity) -> None:
    for seed in range(2):
        checked = list(sentences(points_of(kind, seed, unit)))
        assert checked
        assert [sentence for sentence in checked if not sentence.true] == []


def test_a_changed_figure_is_refuted() -> None:
    points = points_of(spikes, 1)
    named = next(insight for insight in points.analysis.insights if insight.code == "largest_anomaly")
    figure = re.search(r"was ([\d.]+)", named.title)
    assert figure is not None
    wrong = msgspec.structs.replace(named, title=named.title.replace(figure[1], f"{float(figure[1]) * 1.1:.2f}", 1))
    lying = replace(points, analysis=msgspec.structs.replace(points.analysis, insights=(wrong,)))
    refuted = [sentence.text for sentence in sentences(lying) if not sentence.true]
    assert refuted == [wrong.title]


def test_a_sentence_that_no_rule_knows_counts_as_false() -> None:
    points = points_of(spikes, 2)
    vague = msgspec.structs.replace(points.analysis.insights[0], text="The level has stayed there since.")
    lying = replace(points, analysis=msgspec.structs.replace(points.analysis, insights=(vague,)))
    assert "The level has stayed there since" in [s.text for s in sentences(lying) if not s.true]


def mondays(rng: Rng) -> Floats:
    values = noisy(rng)
    values[7 * rng.choice(57, 9, replace=False)] *= 2
    return values


def some_sundays(rng: Rng) -> Floats:
    values = np.asarray(200 + 5 * rng.standard_normal(1_400))
    values[np.arange(6, 1_400, 7)[rng.random(200) < 0.15]] *= 1.6
    return values


def christmas(rng: Rng) -> Floats:
    values = np.asarray(200 + 5 * rng.standard_normal(1_461))
    values[[359, 724, 1_089, 1_454]] *= 0.3  # 2024-12-25 and so on
    return values


def three(_: Rng) -> Floats:
    return np.array([1.0, 2.0, 3.0])


def assembled(values: Floats, *, quality: DataQuality | None = None, previous: Previous | None = None) -> Points:
    series = a_series(values)
    analysis, table = an_assembled(series, detect(series.time, series.value), quality=quality, previous=previous)
    return Points(analysis, table, quality, previous)


def at_the_ends(values: Floats) -> Points:
    series = replace(a_series(values), first_bucket_complete=False, last_bucket_complete=False)
    found = detect(series.time, series.value, first_bucket_complete=False, last_bucket_complete=False)
    return Points(*an_assembled(series, found), None)


def with_hidden_points() -> Points:
    """Of rows at single times some have the same time, and others have no value."""
    quality = DataQuality(
        total_rows=COUNT + 20, usable_rows=COUNT + 10, rejected_rows=10, duplicate_rows=7, missing_cells=4
    )
    return assembled(spikes(np.random.default_rng(3)), quality=quality)


def after_a_version(values: Floats, earlier: Floats) -> Points:
    """The version before had other values, and one of its anomalies is still there."""
    before = assembled(earlier)
    ids = frozenset(anomaly.id for anomaly in (*before.analysis.anomalies, *assembled(values).analysis.anomalies[:1]))
    return assembled(values, previous=Previous(version=1, summary=before.analysis.summary, anomaly_ids=ids))


def every_way() -> Iterator[Points]:
    yield from (points_of(kind, 0) for kind in (*KINDS, mondays, some_sundays, christmas, three))
    yield from (points_of(kind, 0, Granularity.HOUR) for kind in (weekly, course_of_a_day))
    yield points_of(course_of_a_year, 0, Granularity.MONTH)
    yield at_the_ends(spikes(np.random.default_rng(1)))
    yield with_hidden_points()
    values = spikes(np.random.default_rng(2))
    for earlier in (values, values[:300], 0.8 * values, np.concatenate([values, values[:9]]), values[::-1]):
        yield after_a_version(values, earlier)


def course_of_a_day(rng: Rng) -> Floats:
    return np.asarray(noisy(rng) + 60 * np.sin(2 * np.pi * np.arange(COUNT) / 24))


def course_of_a_year(rng: Rng) -> Floats:
    return np.asarray(noisy(rng) + 60 * np.sin(2 * np.pi * np.arange(COUNT) / 12))


# Of several metrics whose series have different rows: shown by ``tests/unit/insights``, with the figures beside it.
NOT_SAID_OF_ONE_SERIES = {InsightCode.NOT_COMPARABLE, InsightCode.EMPTY_CELLS}


def test_every_kind_of_insight_is_recomputed() -> None:
    codes: set[str] = set()
    for points in every_way():
        checked = list(sentences(points))
        assert [sentence for sentence in checked if not sentence.true] == []
        codes |= {insight.code for insight in points.analysis.insights}
    assert codes == set(InsightCode) - NOT_SAID_OF_ONE_SERIES
