"""What the user said of points, by example: confirmed days, new levels, and what cannot be meant."""

import numpy as np
import pytest

from domain.detection.detect import detect
from domain.detection.result import DetectionResult, Kind, Method


def days(n: int) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    return np.datetime64("2024-01-01") + np.arange(n)


def mask(n: int, *places: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.isin(np.arange(n), places)


def starts(found: DetectionResult) -> list[int]:
    return [a.start for a in found.anomalies]


NOISE = np.random.default_rng(5).standard_normal(120)


def test_the_example_stays_whatever_is_confirmed_of_it() -> None:
    values = np.array([23_000, 25_000, 89_000, 24_500, 62_000, 24_800, 8_000.0])
    for confirmed in ((2,), (2, 4), (2, 4, 6)):
        found = detect(days(7), values, outside_baseline=mask(7, *confirmed))
        assert starts(found) == [2, 4, 6]


def test_confirmed_days_do_not_widen_what_is_usual() -> None:
    values = 100 + NOISE
    values[[30, 31, 32, 60, 90]] = (160, 170, 165, 180, 20)
    confirmed = mask(120, 30, 31, 32, 60, 90)
    found = detect(days(120), values, outside_baseline=confirmed)
    clean = detect(days(120), np.where(confirmed, np.nan, values))
    assert found.profile.threshold == pytest.approx(clean.profile.threshold)
    assert found.profile.scale == pytest.approx(clean.profile.scale, rel=0.01)
    assert [(a.start, a.end) for a in found.anomalies] == [(30, 32), (60, 60), (90, 90)]
    assert np.abs(found.expected[confirmed] - 100).max() < 2
    sigma = next(v.score for v in found.anomalies[0].methods if v.name is Method.Z_SCORE)
    assert sigma == pytest.approx(70 / NOISE.std(), rel=0.1)  # the peak is 170


def test_the_event_around_a_confirmed_point_stays_out_with_it() -> None:
    values = np.concatenate([NOISE, NOISE[::-1]]) + 50
    values[100:104] += 40
    one, all_of_it = (detect(days(240), values, outside_baseline=mask(240, *m)) for m in ((102,), range(100, 104)))
    assert one.profile == all_of_it.profile
    assert [(a.start, a.end) for a in one.anomalies] == [(100, 103)]


def test_a_confirmed_day_has_the_season_of_its_weekday() -> None:
    values = 100 + 20 * (np.arange(120) % 7) + NOISE
    values[60] += 90  # 60 % 7 = 4
    found = detect(days(120), values, outside_baseline=mask(120, 60))
    assert found.profile.periods == (7,)
    assert found.expected[60] == pytest.approx(180, abs=3)
    seasonal = next(v for v in found.anomalies[0].methods if v.name is Method.SEASONAL_RESIDUAL)
    assert seasonal.flagged


def test_a_confirmed_step_is_still_one_step() -> None:
    values = 100 + NOISE
    values[70:] += 30
    before = detect(days(120), values)
    assert [(a.start, a.kind) for a in before.anomalies] == [(70, Kind.LEVEL_SHIFT)]
    after = detect(days(120), values, outside_baseline=mask(120, 70))
    assert [(a.start, a.kind) for a in after.anomalies] == [(70, Kind.LEVEL_SHIFT)]


def test_a_new_normal_is_a_level_that_no_test_would_see_yet() -> None:
    values = 100 + NOISE
    values[116:] += 30  # four days: too few for the shift test
    assert [(a.start, a.end, a.kind) for a in detect(days(120), values).anomalies] == [(116, 119, Kind.BURST)]
    found = detect(days(120), values, new_levels=(116,))
    assert [(a.start, a.kind, a.type) for a in found.anomalies] == [(116, Kind.LEVEL_SHIFT, Method.LEVEL_SHIFT)]
    assert found.anomalies[0].new_level is None  # it lasts to the end
    (shift,) = found.profile.level_shifts
    assert shift.at == 116
    assert shift.change == pytest.approx(30, abs=2)
    assert found.expected[117] == pytest.approx(130, abs=2)


def test_what_follows_a_new_normal_is_judged_by_it() -> None:
    values = 100 + NOISE
    values[100:] += 30
    values[112] = 100  # usual once, no longer
    found = detect(days(120), values, new_levels=(100,))
    assert 112 in starts(found)
    assert found.expected[112] == pytest.approx(130, abs=3)


def test_a_new_normal_said_within_an_event_starts_with_the_event() -> None:
    values = np.concatenate([NOISE, NOISE[::-1]]) + 50
    values[236:] += 40
    values[239] += 5
    (event,) = detect(days(240), values).anomalies
    assert (event.start, event.end, event.peak) == (236, 239, 239)
    found = detect(days(240), values, new_levels=(event.peak,))
    assert [(a.start, a.end) for a in found.anomalies] == [(event.peak, event.peak)]
    assert [s.at for s in found.profile.level_shifts] == [236]


def test_a_level_that_starts_in_a_gap_starts_after_it() -> None:
    values = 100 + NOISE
    values[113:] += 30
    values[113:115] = np.nan
    found = detect(days(120), values, new_levels=(113,))
    assert [s.at for s in found.profile.level_shifts] == [115]


def test_rare_demand_can_have_a_new_level_too() -> None:
    rng = np.random.default_rng(3)
    values = np.where(rng.random(300) < 0.3, np.exp(0.1 * NOISE[rng.integers(0, 120, 300)]), 0.0)
    values[290:] *= 40
    values[290] = 41.0
    (before,) = detect(days(300), values).anomalies
    assert (before.start, before.end) == (290, 293)
    (found,) = detect(days(300), values, new_levels=(290,)).anomalies
    assert (found.start, found.end, found.kind) == (290, 290, Kind.LEVEL_SHIFT)


def test_where_too_little_is_left_to_learn_from_everything_teaches() -> None:
    values = np.array([10.0, 11, 9, 10, 60, 12])
    plain, told = detect(days(6), values), detect(days(6), values, outside_baseline=mask(6, 0, 4))
    assert plain.anomalies == told.anomalies


def test_places_outside_the_series_are_refused() -> None:
    with pytest.raises(ValueError, match="0 to 119"):
        detect(days(120), NOISE, new_levels=(120,))
    with pytest.raises(ValueError, match="120 booleans"):
        detect(days(120), NOISE, outside_baseline=mask(119, 3))
