import numpy as np
import pytest

from domain.timeseries.aggregation import Granularity
from tests.support.findings import a_detection, a_series, an_anomaly, the_facts, told


def facts_with(peaks: list[int], count: int = 364, granularity: Granularity = Granularity.DAY) -> dict:
    values = 100 + np.random.default_rng(7).normal(0, 5, count)
    values[peaks] = 200
    series = a_series(values, granularity)
    return told(
        the_facts(series, a_detection(series, [an_anomaly(series, peak, expected=100) for peak in sorted(peaks)]))
    )


def test_anomalies_planted_on_mondays_are_told_to_fall_on_mondays() -> None:
    insight = facts_with([0, 35, 70, 140, 210, 301, 100, 200, 333])["concentration"]
    assert insight.title == "6 of 9 anomalies fall on Mondays"
    assert insight.evidence.figures["expected"] == pytest.approx(9 / 7, rel=0.01)
    assert insight.evidence.figures["chance"] < 0.001


def test_anomalies_of_the_night_are_told_by_their_half_of_the_day() -> None:
    peaks = [
        day * 24 + hour
        for day, hour in zip(range(2, 60, 4), (0, 3, 7, 11, 5, 9, 1, 2, 10, 8, 4, 6, 3, 7, 1), strict=True)
    ]
    insight = facts_with(peaks, 24 * 70, Granularity.HOUR)["concentration"]
    assert insight.title == "All 15 anomalies fall between 00:00 and 12:00"


def test_anomalies_that_gather_at_the_end_name_their_stretch() -> None:
    insight = facts_with([330, 336, 341, 345, 349, 352, 358, 363])["concentration"]
    assert insight.title == "All 8 anomalies fall from 24 Nov to 29 Dec 2024"
    assert (insight.evidence.start, insight.evidence.end) == ("2024-11-24", "2024-12-29")


def test_four_anomalies_are_too_few_to_gather() -> None:
    assert "concentration" not in facts_with([0, 35, 70, 140])


@pytest.mark.slow
def test_anomalies_that_fall_anywhere_are_told_to_gather_in_at_most_one_series_of_a_hundred() -> None:
    rng = np.random.default_rng(8)
    claims = sum(
        "concentration" in facts_with(rng.choice(364, int(rng.integers(5, 25)), replace=False).tolist())
        for _ in range(200)
    )
    assert claims <= 2
