"""Kinds of days and shares that series of the world have and generated ones do not."""

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

from domain.detection.baseline.transform import choose
from domain.detection.detect import detect
from domain.detection.prepared_series import prepare
from domain.detection.result import DetectionResult, Direction, Kind, QualityCode

FloatArray = npt.NDArray[np.float64]


def days(count: int) -> npt.NDArray[np.datetime64]:
    return np.datetime64("2021-01-01", "D") + np.arange(count)


def months(count: int) -> npt.NDArray[np.datetime64]:
    return (np.datetime64("2000-01", "M") + np.arange(count)).astype("datetime64[D]")


def peaks(found: DetectionResult) -> list[int]:
    return [anomaly.peak for anomaly in found.anomalies]


def rainy(count: int) -> FloatArray:
    """Days of which every tenth loses up to half, so that the lower tail is heavy."""
    dice = np.random.default_rng(5)
    values = 5_000.0 * (1.0 + 0.06 * dice.standard_normal(count))
    wet = dice.random(count) < 0.1
    values[wet] *= 1.0 - 0.5 * dice.random(wet.sum())
    return np.asarray(values)


def test_day_on_which_nearly_everything_is_missing_is_found_below_a_heavy_tail() -> None:
    values = rainy(700)
    values[400] *= 0.1
    assert 400 in peaks(detect(days(700), values))


def test_months_after_a_collapse_are_no_rise() -> None:
    dice = np.random.default_rng(6)
    walk = 500.0 * np.exp(np.cumsum(0.01 * dice.standard_normal(240)))
    walk[120:123] *= 0.6
    walk[124:127] *= 0.6
    found = detect(months(240), walk)
    assert found.anomalies
    assert {anomaly.direction for anomaly in found.anomalies} == {Direction.DOWN}


def test_share_near_its_bound_is_judged_by_what_is_missing_to_it() -> None:
    share = 100.0 - np.exp(np.random.default_rng(9).normal(-4.3, 0.9, 900)).clip(0, 0.08)
    share[::50] = 100.0
    share[300], share[600:603] = 97.0, 62.0
    assert choose(prepare(days(900), share)).name == "shortfall"
    hours = np.datetime64("2024-01-01T00", "h") + np.arange(900)
    assert [(a.start, a.end) for a in detect(hours, share).anomalies] == [(300, 300), (600, 602)]


def test_share_of_nothing_is_no_outage_where_small_shares_come_anyway() -> None:
    share = np.exp(np.random.default_rng(2).normal(0.0, 0.8, 365)).round(2).clip(0.1)
    share[[40, 200, 201]] = 0.0
    assert peaks(detect(days(365), share)) == []


def test_steep_begin_is_not_far_in_the_own_unit() -> None:
    ramp = 13_000.0 / (1.0 + np.exp(-(np.arange(420) - 15) / 6.0)) * np.exp(-np.maximum(np.arange(420) - 60, 0) / 120.0)
    values = ramp * np.exp(0.05 * np.random.default_rng(4).standard_normal(420))
    assert [at for at in peaks(detect(days(420), values)) if at > 5 and at < 30] == []


def test_two_days_that_meet_on_a_date_are_no_habit_of_it() -> None:
    values = 1_000.0 * np.exp(0.05 * np.random.default_rng(8).standard_normal(730))
    values[[100, 465]] *= 0.4
    found = detect(days(730), values)
    assert peaks(found) == [100, 465]
    assert all(anomaly.calendar is None for anomaly in found.anomalies)


def test_habit_is_listed_with_its_dates_and_the_one_on_another_weekday_is_news() -> None:
    values = 1_000.0 * np.exp(0.03 * np.random.default_rng(11).standard_normal(1_400))
    sundays = np.arange(2, 1_400, 7)[np.random.default_rng(12).random(200) < 0.15]
    values[sundays] *= 1.6
    values[705] *= 1.6  # 2021-01-01 is a Friday: 705 days later it is a Wednesday
    found = detect(days(1_400), values)
    assert peaks(found) == [705]
    (habit,) = (finding for finding in found.quality if finding.code is QualityCode.RECURRENT)
    assert set(habit.places) == set(sundays.tolist())


def test_morning_that_comes_earlier_or_later_is_no_level_shift() -> None:
    dice = np.random.default_rng(2)
    count, per_day = 65, 288
    at = np.arange(count * per_day)
    day, share = at // per_day, (at % per_day) / per_day
    amplitude = dice.uniform(6, 16, count + 1)[day]
    base = np.interp(at, np.arange(0, len(at) + per_day, per_day), np.cumsum(dice.normal(0, 2, count + 1)))
    rise, steepness = dice.uniform(0.28, 0.36, count + 1)[day], dice.uniform(25, 90, count + 1)[day]
    curve = np.clip(1 - np.maximum(share - 0.62, 0) / 0.38, 0, 1) ** 1.5 / (1 + np.exp(-(share - rise) * steepness))
    noise = lfilter([1.0], [1.0, -0.97], dice.normal(0, 0.08, len(at)))
    time = np.datetime64("2023-01-01T00:00", "m") + 5 * at
    found = detect(time, np.round(10 + base + amplitude * curve + noise, 1))
    assert Kind.LEVEL_SHIFT not in {anomaly.kind for anomaly in found.anomalies}
