"""The sentence that explains an anomaly, and those that name a weakness of the data."""

import numpy as np
import pytest

from domain.detection.data_quality import rare_demand, recurrent
from domain.detection.detect import detect
from domain.detection.result import (
    ActivePoints,
    DetectedAnomaly,
    HeldLevel,
    Kind,
    LevelEpisode,
    QualityCode,
    QualityFinding,
)
from domain.wording.anomalies import explain
from domain.wording.data_quality import SENTENCES, of_series
from domain.wording.formatting import Figures
from domain.wording.time_names import TimeNames
from tests.support.findings import a_detection, a_series, an_anomaly

DAYS = np.array(
    ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05", "2024-01-15", "2024-01-27"],
    dtype="datetime64[D]",
)
VALUES = np.array([24_000, 25_500, 89_000, 23_800, 24_500, 62_000, 8_000], dtype=np.float64)
RISING = np.arange(60.0)
PLAIN = Figures()


def explained(values: np.ndarray, anomaly: DetectedAnomaly, figures: Figures) -> str:
    series = a_series(values)
    return explain(anomaly, values, a_detection(series).profile, TimeNames(series, 86_400.0), figures)


def noted(finding: QualityFinding, figures: Figures = PLAIN) -> str:
    return of_series(finding, figures, TimeNames(a_series(RISING), 86_400.0))


def test_an_explanation_carries_its_numbers_with_their_unit() -> None:
    first = detect(DAYS, VALUES).anomalies[0]
    assert explained(VALUES, first, Figures(spread=19_600)) == (
        "89,000 is 3.6 times the expected 24,500 (usual range 17,300 to 34,600), 22 times the usual variation."
    )
    assert explained(VALUES, first, Figures("$", 19_600)).startswith(
        "$89,000 is 3.6 times the expected $24,500 (usual range $17,300 to $34,600), 22 times"
    )


def test_an_explanation_says_how_much_an_event_covers_and_which_day_is_its_lowest() -> None:
    values = RISING.copy()
    values[40:44] = [3, 1, 2, 5]
    low = an_anomaly(a_series(values), 41, expected=40.0, start=40, end=43)
    assert explained(values, low, Figures()).endswith("It covers 4 days; the figures are for 11 Feb, the lowest.")
    values[42] = 1
    assert explained(values, low, Figures()).endswith("It covers 4 days; the figures are for 11 Feb.")


def test_a_level_that_begins_is_told_with_the_median_of_what_follows() -> None:
    values = np.concatenate([np.full(40, 10.0), np.full(12, 45.0), np.full(8, 10.0)])
    jump = an_anomaly(
        a_series(values), 40, expected=10.0, kind=Kind.LEVEL_SHIFT, new_level=HeldLevel(points=12, level=45.0)
    )
    assert explained(values, jump, Figures()).endswith("The level changes here: the next 12 days have a median of 45.")


def test_an_episode_is_told_with_its_end_and_its_return_with_its_beginning() -> None:
    values = np.concatenate([np.full(40, 10.0), np.full(12, 45.0), np.full(8, 11.0)])
    episode, held = LevelEpisode(start=40, end=51), HeldLevel(points=12, level=45.0)
    medians = "the 8 days before 10 Feb have a median of 10, the 8 days after 21 Feb one of 11."
    series = a_series(values)
    jump = an_anomaly(series, 40, expected=10.0, kind=Kind.LEVEL_SHIFT, new_level=held, begins=episode)
    assert explained(values, jump, PLAIN).endswith(
        f"The level changes here: the next 12 days have a median of 45. Later the level returns: {medians}"
    )
    back = an_anomaly(series, 52, expected=45.0, kind=Kind.LEVEL_SHIFT, ends=episode)
    assert explained(values, back, PLAIN).endswith(f"usual variation. The level returns here: {medians}")


def test_a_return_that_medians_of_the_values_do_not_show_is_not_told() -> None:
    values = np.concatenate([np.full(40, 10.0), np.full(12, 45.0), np.full(8, 40.0)])
    jump = an_anomaly(a_series(values), 40, expected=10.0, kind=Kind.LEVEL_SHIFT, begins=LevelEpisode(start=40, end=51))
    assert "returns" not in explained(values, jump, PLAIN)


def test_a_level_is_said_to_stay_changed_only_where_it_does() -> None:
    values = np.concatenate([np.full(40, 10.0), np.full(60, 45.0)])
    step = an_anomaly(a_series(values), 40, expected=10.0, kind=Kind.LEVEL_SHIFT)
    assert explained(values, step, Figures()).endswith("The level stays changed from here on.")
    values[70:] = 11.0
    assert "stays" not in explained(values, step, Figures())


def test_what_comes_too_often_is_counted() -> None:
    crowd = an_anomaly(
        a_series(RISING), 40, expected=0.0, active_points=ActivePoints(points=100, active=70, usual=10.2)
    )
    assert explained(RISING, crowd, Figures()) == (
        "70 of these 100 days are above zero; usually about 10 are. The largest is 40."
    )


def test_every_weakness_has_a_sentence() -> None:
    noted_by_the_reader = {
        *(QualityCode.REJECTED_ROWS, QualityCode.DUPLICATE_ROWS, QualityCode.OUT_OF_ORDER_ROWS, QualityCode.READING)
    }
    assert set(SENTENCES) | noted_by_the_reader == set(QualityCode)


@pytest.mark.parametrize(
    ("values", "code", "text"),
    [
        ([7.25] * 60, QualityCode.CONSTANT, "All 60 days have the value 7.25\u00a0°C: nothing to compare."),
        ([1.0] * 4, QualityCode.TOO_FEW_POINTS, "4 days are too few to analyse; 5 are needed."),
        ([1.0, 2, np.nan, 4, 5, 6], QualityCode.NOT_FINITE, "1 of 6 days has no value."),
    ],
)
def test_a_weakness_is_told_with_its_numbers(values: list[float], code: QualityCode, text: str) -> None:
    days = np.datetime64("2024-01-01", "D") + np.arange(len(values))
    assert [noted(q, Figures("°C")) for q in detect(days, np.array(values)).quality if q.code is code] == [text]


def test_a_gap_a_pattern_and_rare_demand_are_counted() -> None:
    hours = np.datetime64("2024-03-01T00", "h") + np.r_[0:60, 72:200]
    values = 50.0 + np.random.default_rng(11).standard_normal(188)
    (gap,) = detect(hours, values).quality
    assert noted(gap) == "1 gap with 12 days missing in total, 12 in the longest."
    (found,) = recurrent(np.array([1, 2, 3, 4]), np.arange(10))
    assert found.places == (1, 2, 3, 4)
    assert noted(found).startswith("4 recurring events are treated as normal. The last: ")
    assert noted(rare_demand(3)) == "Only 3 days are above zero: too few to analyse."
