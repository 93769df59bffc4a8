"""Every sentence on series of many kinds is recomputed from the raw values; a changed figure is refuted."""

import re
from collections.abc import Callable
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from benchmarks.sentences.points import Points
from benchmarks.sentences.rules import sentences
from domain.detection.detect import detect
from domain.timeseries.aggregation import Floats, Granularity
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
