"""What the numbers of a series are, and the calendar in it."""

import numpy as np

from domain.detection.detect import detect
from domain.detection.interpretation import Nature
from domain.detection.result import Certainty, QualityCode, Severity

RNG = np.random.default_rng(11)


def days(count: int, start: str = "2023-01-01") -> np.ndarray:
    return np.datetime64(start) + np.arange(count)


def test_total_that_only_rises_is_judged_by_its_increments() -> None:
    values = 1_000 + np.cumsum(RNG.poisson(50, 300)).astype(float)
    values[200:] += 900
    found = detect(days(300), values)
    assert found.profile.nature is Nature.CUMULATIVE
    (anomaly,) = found.anomalies
    assert anomaly.peak == 200
    assert anomaly.value == values[200]
    assert anomaly.value > anomaly.upper


def test_reading_of_zero_that_is_back_at_once_is_one_bad_reading() -> None:
    values = 1_000 + np.cumsum(RNG.poisson(50, 300)).astype(float)
    values[120] = 0.0
    assert [a.peak for a in detect(days(300), values).anomalies] == [120]


def test_code_for_missing_is_left_out_and_reported() -> None:
    values = 60 + 3 * RNG.standard_normal(300)
    values[[20, 90, 180]] = 9_999.0
    found = detect(days(300), values)
    assert found.anomalies == ()
    assert (QualityCode.CODE_FOR_MISSING, 3) in [(q.code, q.count) for q in found.quality]
    assert QualityCode.NOT_FINITE not in {q.code for q in found.quality}


def test_sums_of_months_are_compared_per_day() -> None:
    months = np.arange("2015-01", "2025-01", dtype="datetime64[M]")
    length = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(float)
    values = 1_000 * length * np.exp(0.003 * RNG.standard_normal(120))
    found = detect(months, values)
    assert found.anomalies == ()
    assert found.profile.nature is Nature.PER_MONTH


def test_month_end_without_its_peak_is_found_and_the_peaks_are_not() -> None:
    time = days(730)
    following = (time + 1).astype("datetime64[M]")
    ends = np.flatnonzero(following != time.astype("datetime64[M]"))
    values = 1_000 * np.exp(0.05 * RNG.standard_normal(730))
    values[ends] *= 2.4
    values[ends[15]] /= 2.4
    assert [a.peak for a in detect(time, values).anomalies] == [ends[15]]


def test_day_that_is_low_each_year_is_named_and_weighs_little() -> None:
    time = days(1_095)
    values = 1_000 * np.exp(0.05 * RNG.standard_normal(1_095))
    christmas = np.flatnonzero([str(day)[5:] == "12-25" for day in time])
    values[christmas] *= 0.3
    found = detect(time, values).anomalies
    assert [a.peak for a in found] == christmas.tolist()
    assert {a.severity for a in found} == {Severity.LOW}
    assert {a.certainty for a in found} == {Certainty.SURE}
    assert all(a.calendar is not None and a.calendar.as_usual for a in found)


def test_fall_over_two_weeks_is_one_episode_that_ends_with_the_return() -> None:
    values = 1_000 * np.exp(0.05 * RNG.standard_normal(600))
    values[300:314] *= np.linspace(0.9, 0.1, 14)
    values[314:380] *= 0.1
    found = detect(days(600), values).anomalies
    assert any(295 <= a.start <= 314 and 340 <= a.end <= 400 for a in found)
