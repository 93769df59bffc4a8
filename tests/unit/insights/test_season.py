import numpy as np
import pytest

from domain.timeseries.aggregation import Granularity
from domain.wording.insights.insight import InsightCode
from domain.wording.insights.ranking import rank
from tests.support.findings import a_series, the_facts, told

SEASONS = {InsightCode.SEASON_HOUR, InsightCode.SEASON_WEEKDAY, InsightCode.SEASON_MONTH}


def noise(seed: int, count: int, scale: float = 1.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, scale, count)


def test_a_planted_strongest_weekday_is_named_with_its_size() -> None:
    values = 100 + noise(1, 140, 5)
    values[4::7] += 50  # 2024-01-01 was a Monday, so these are Fridays
    insight = told(the_facts(a_series(values)))["season_weekday"]
    assert insight.title.startswith("Friday is the highest day: its median is ")
    figures = insight.evidence.figures
    assert figures["strongest"] == "Friday"
    assert figures["strongestTypical"] == pytest.approx(np.median(values[4::7]))
    assert figures["kept"] <= figures["cycles"] == 20


def test_weekends_are_spoken_of_as_such() -> None:
    values = 100 + noise(2, 140, 3)
    values[5::7] -= 30
    values[6::7] -= 30
    insight = told(the_facts(a_series(values)))["season_weekday"]
    assert insight.title.startswith("Weekends are typically ")
    assert insight.title.endswith("% below weekdays")


def test_a_planted_daily_course_names_its_hour() -> None:
    hours = np.arange(24 * 21)
    values = 60 + 20 * np.cos(2 * np.pi * (hours % 24 - 17) / 24) + noise(3, len(hours))
    insight = told(the_facts(a_series(values, Granularity.HOUR)))["season_hour"]
    assert "17:00 is the highest hour" in insight.title
    assert insight.evidence.figures["weakest"] in {"04:00", "05:00", "06:00"}


def test_a_planted_year_names_its_month_by_distance_where_values_are_negative() -> None:
    days = np.arange(4 * 365)
    values = -15 * np.cos(2 * np.pi * (days - 10) / 365.25) + noise(4, len(days))
    insight = told(the_facts(a_series(values, start="2020-01-01")))["season_month"]
    assert insight.title.startswith("July is the highest month: ")
    assert "%" not in insight.title
    assert insight.evidence.figures["weakest"] == "January"


def test_a_trend_and_a_step_do_not_hide_a_season() -> None:
    values = 100 + np.arange(210) * 2.0 + noise(5, 210, 3)
    values[90:] += 300
    values[2::7] += 40
    insight = told(the_facts(a_series(values)))["season_weekday"]
    assert insight.evidence.figures["strongest"] == "Wednesday"


def test_two_weeks_prove_no_weekday() -> None:
    values = np.tile([1.0, 2, 3, 4, 5, 9, 7], 2) + 100
    assert "season_weekday" not in told(the_facts(a_series(values)))


@pytest.mark.slow
def test_at_most_one_in_a_hundred_series_of_noise_is_given_a_season() -> None:
    claims = 0
    for seed in range(200):
        days = a_series(100 + noise(seed, 400, 10))
        hours = a_series(100 + noise(seed + 1_000, 600, 10), Granularity.HOUR)
        for series in (days, hours):
            claims += any(insight.code in SEASONS for insight in rank(the_facts(series)))
    assert claims <= 4
