import re

import numpy as np
import pytest

from domain.detection.result import LevelShift
from domain.timeseries.aggregation import Granularity
from domain.wording.insights import trend
from tests.support.findings import a_detection, a_series, the_facts, told


def noise(seed: int, count: int, scale: float = 1.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, scale, count)


def test_a_planted_rise_is_told_with_its_size_and_stretch() -> None:
    values = 100 + np.linspace(0, 40, 300) + noise(1, 300, 3)
    insight = told(the_facts(a_series(values)))["trend"]
    assert re.fullmatch(r"Revenue rose by 3\d% from 1 Jan to 26 Oct 2024", insight.title)
    first, last = np.median(values[:37]), np.median(values[-37:])
    assert insight.evidence.figures["before"] == pytest.approx(first, rel=0.01)
    assert insight.evidence.figures["after"] == pytest.approx(last, rel=0.01)
    assert (insight.evidence.start, insight.evidence.end) == ("2024-01-01", "2024-10-26")


def test_a_rise_that_began_late_is_told_since_when() -> None:
    values = np.concatenate([np.full(200, 100.0), 100 + np.linspace(0, 60, 200)]) + noise(2, 400, 2)
    insight = told(the_facts(a_series(values)))["trend"]
    since = np.datetime64(insight.evidence.start)
    assert abs(since - np.datetime64("2024-07-19")) <= np.timedelta64(20, "D")
    assert "since" in insight.title
    assert "flat" not in insight.text  # of what was before nothing is said


def test_a_fall_below_zero_is_told_by_its_amount() -> None:
    values = 5 - np.linspace(0, 20, 300) + noise(3, 300)
    insight = told(the_facts(a_series(values)))["trend"]
    assert insight.title.startswith("Revenue fell by 16.9 ")
    assert "%" not in insight.title


def test_a_yearly_season_is_no_trend_but_the_trend_beneath_it_is_found() -> None:
    days = np.arange(4 * 365)
    season = 10 * np.sin(2 * np.pi * days / 365.25)
    flat = 50 + season + noise(4, len(days))
    assert "trend" not in told(the_facts(a_series(flat, start="2020-01-01")))
    rising = flat + days * 0.01
    insight = told(the_facts(a_series(rising, start="2020-01-01")))["trend"]
    assert "12 months" in insight.text
    assert insight.evidence.figures["change"] == pytest.approx(0.01 * 3 * 365, rel=0.1)


def test_steps_are_not_told_again_as_a_trend() -> None:
    values = np.concatenate([np.full(150, 100.0), np.full(150, 140.0)]) + noise(5, 300, 2)
    series = a_series(values)
    detection = a_detection(series, shifts=[LevelShift(at=150, before=100, after=140, change=40)])
    found = told(the_facts(series, detection))
    assert "trend" not in found
    assert "level_shift" in found


def test_a_rise_too_small_to_act_upon_is_not_told() -> None:
    values = 1_000 + np.linspace(0, 20, 400) + noise(6, 400)
    assert "trend" not in told(the_facts(a_series(values)))


def test_a_few_points_are_no_trend() -> None:
    assert "trend" not in told(the_facts(a_series(np.arange(7.0) + 100)))


def test_at_most_one_in_a_hundred_series_of_noise_with_memory_is_called_a_trend() -> None:
    wall = a_series(np.zeros(1_000) + 1, Granularity.HOUR).time
    claims = 0
    for seed in range(300):
        shocks = noise(seed, 1_000)
        values = np.empty(1_000)
        values[0] = shocks[0]
        for at in range(1, 1_000):
            values[at] = 0.7 * values[at - 1] + shocks[at]
        claims += trend.find(wall, values) is not None
    assert claims <= 3
