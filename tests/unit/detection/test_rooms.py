"""Each step of detection, by itself."""

import numpy as np
import pytest
from scipy.special import ndtri

from domain.detection.baseline import level_shifts as shifts
from domain.detection.baseline import seasonality, transform, trend
from domain.detection.detectors import change_points as jumps
from domain.detection.detectors import flatline
from domain.detection.prepared_series import prepare
from domain.detection.result import Severity
from domain.detection.robust_stats import running_median, spread
from domain.detection.scoring import recurrence, severity, threshold
from domain.detection.scoring.events import Span, group

RNG = np.random.default_rng(2024)
HOURS = np.datetime64("2024-01-01T00", "h")


def hourly(values: np.ndarray) -> object:
    return prepare(HOURS + np.arange(len(values)), values)


def test_spread_of_gaussian_values_is_their_deviation_and_ignores_a_fifth_of_outliers() -> None:
    values = RNG.standard_normal(5_000)
    assert spread(values) == pytest.approx(1.0, abs=0.05)
    values[:1_000] = 1e9
    assert spread(values) < 1.6


def test_spread_of_mostly_equal_values_is_not_zero() -> None:
    assert spread(np.r_[np.zeros(90), np.full(10, 5.0)]) > 0


def test_running_median_passes_over_a_spike() -> None:
    assert running_median(np.array([1.0, 1, 1, 50, 1, 1, 1]), 5).tolist() == [1.0] * 7


def test_series_is_scaled_by_a_power_of_two_and_back_without_loss() -> None:
    values = RNG.standard_normal(50) * 1e200
    series = prepare(HOURS + np.arange(50), values)
    assert np.abs(series.values).max() <= 1
    assert np.array_equal(series.in_unit(series.values), values)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (1_000 * np.exp(0.5 * RNG.standard_normal(400)), "log"),
        (RNG.standard_normal(400), "identity"),
        (RNG.poisson(4, 400).astype(float), "anscombe"),
        (12.0 * RNG.poisson(4, 400), "anscombe"),  # dozens are counts too
    ],
)
def test_scale_of_judgement_suits_the_noise(values: np.ndarray, name: str) -> None:
    assert transform.choose(hourly(values)).name == name


def test_coarse_sensor_is_not_taken_for_counts() -> None:
    readings = np.round(RNG.normal(20, 0.3, 400))
    assert transform.choose(hourly(readings)).name != "anscombe"


@pytest.mark.parametrize("make", [transform.identity, transform.square_root, lambda: transform.anscombe(1.0)])
def test_scale_and_back_is_the_same_value(make: object) -> None:
    scale = make()
    values = np.array([0.5, 3.0, 70.0])
    assert scale.inverse(scale.forward(values)) == pytest.approx(values)


def test_daily_season_is_found_and_noise_has_none() -> None:
    t = np.arange(24 * 20)
    noise = RNG.standard_normal(len(t))
    wave = 3 * np.sin(2 * np.pi * t / 24)
    assert 24 in seasonality.find(wave + noise, hourly(wave + noise)).periods
    assert seasonality.find(noise, hourly(noise)).periods == ()


def test_season_no_calendar_knows_is_found_by_its_echo() -> None:
    t = np.arange(600)
    values = 4 * np.sin(2 * np.pi * t / 37) + RNG.standard_normal(600)
    (period,) = seasonality.find(values, hourly(values)).periods
    assert period % 37 in (0, 1, 36)


def test_point_does_not_prop_up_its_own_expectation() -> None:
    t = np.arange(24 * 5)
    values = 3 * np.sin(2 * np.pi * t / 24) + 0.1 * RNG.standard_normal(len(t))
    before = seasonality.find(values, hourly(values)).values[60]
    values[60] += 1_000
    after = seasonality.find(values, hourly(values)).values[60]
    assert abs(after - before) < 1


def test_step_is_found_where_it_is_and_a_trend_or_a_walk_has_none() -> None:
    noise = RNG.standard_normal(400)
    step = noise + np.where(np.arange(400) >= 250, 6.0, 0.0)
    ((shift,), level) = shifts.find(step, 0, 0.0)
    assert abs(shift.at - 250) <= 2
    assert level[-1] == pytest.approx(6.0, abs=0.6)
    assert shifts.find(noise + 0.05 * np.arange(400), 0, 0.0)[0] == []
    assert shifts.find(np.cumsum(noise), 0, 0.0)[0] == []


@pytest.mark.parametrize("burst", [slice(0, 6), slice(60, 67), slice(114, 120)])
def test_outliers_near_each_other_are_no_level(burst: slice) -> None:
    rest = np.random.default_rng(5).standard_normal(120)
    rest[burst] = 60.0
    found, level = shifts.find(rest, 0, 0.0)
    assert not found
    assert np.abs(level - np.median(level)).max() == 0


def strong_jumps(rest: np.ndarray) -> set[int]:
    found = jumps.find(rest, jumps.noise_of(rest, 1e-12))
    return {int(at) for j in found for at, c in zip(j.at, j.clarity, strict=True) if abs(c) > shifts.CLEAR}


def test_stretch_that_stands_apart_jumps_at_both_ends_and_a_walk_a_ramp_or_a_burst_nowhere() -> None:
    noise = RNG.standard_normal(2_000)
    apart = noise + np.where((np.arange(2_000) >= 800) & (np.arange(2_000) < 900), 6.0, 0.0)
    at = strong_jumps(apart)
    assert {min(abs(a - 800), abs(a - 900)) for a in at} <= {0, 1, 2}
    assert min(at) < 850 < max(at)
    burst = noise.copy()
    burst[500:503] = 40.0
    for quiet in (np.cumsum(noise), noise + 0.1 * np.arange(2_000), burst):
        assert strong_jumps(quiet) == set()


def test_level_of_a_short_series_is_its_median() -> None:
    assert trend.level(np.array([1.0, 2, 90, 3, 4]), ()).tolist() == [3.0] * 5


def test_threshold_falls_as_the_budget_grows_and_rises_with_the_tail() -> None:
    calm, heavy = RNG.standard_normal(800), RNG.standard_t(3, 800)
    tails = [threshold.fit(np.abs(z), np.abs(z), 800) for z in (calm, heavy)]
    assert tails[0].at(0.05) < tails[1].at(0.05)
    for tail in tails:
        limits = [tail.at(threshold.budget_at(s)) for s in (0.0, 0.25, 0.5, 0.75, 1.0)]
        assert limits == sorted(limits, reverse=True)


def test_cluster_of_outliers_does_not_widen_the_tail_that_judges_it() -> None:
    clean = np.abs(RNG.standard_normal(300))
    spoiled = np.r_[clean[:270], np.full(30, 40.0)]
    assert threshold.fit(spoiled, spoiled, 300).at(0.05) < 6


def test_outliers_of_many_sizes_on_one_side_do_not_widen_the_tail_that_judges_them() -> None:
    noise = ndtri(0.5 + 0.5 * (np.arange(120) + 0.5) / 120)
    outliers = np.r_[4.2, 4.8, 6.3, 7.6, 9.0, 11.0, 14.0, 20.0]
    with_outliers = np.r_[noise, outliers]
    assert threshold.fit(with_outliers, with_outliers, 240).at(0.05) < 5


def test_burst_counts_once_in_the_tail() -> None:
    deviations = RNG.standard_normal(300)
    deviations[100:106] = [6, 7, 8, 9, 7, 6]
    assert np.sort(threshold.without_runs(deviations))[-2:].max() == 9
    assert (threshold.without_runs(deviations) > 5).sum() == 1


def test_run_longer_than_chance_is_found_and_shorter_is_not() -> None:
    values = RNG.standard_normal(300)
    values[50:62] = values[50]
    assert [(r.start, r.end) for r in flatline.find(values)] == [(50, 61)]
    values[55] += 1
    assert flatline.find(values) == []


def test_neighbours_join_to_one_event_and_a_change_of_side_ends_it() -> None:
    series = hourly(RNG.standard_normal(300))
    scores = np.zeros(300)
    scores[[10, 12, 13, 40, 41]] = [2, 3, 2, 2, -2]
    spans = group(np.flatnonzero(scores), scores, series)
    assert [(s.start, s.end, s.peak) for s in spans] == [(10, 13, 12), (40, 40, 40), (41, 41, 41)]


def test_a_point_that_alone_turns_to_the_other_side_does_not_end_a_long_series_event() -> None:
    series, flagged = hourly(RNG.standard_normal(2_000)), np.arange(100, 110)
    scores = np.zeros(2_000)
    scores[flagged] = [2, 3, 2, -2, 2, 2, 2, -3, -4, -2]
    assert [(s.start, s.end) for s in group(flagged, scores, series)] == [(100, 106), (107, 109)]
    scores[flagged] = [2, -3, 2, -2, 2, -2, 2, -3, 4, -2]  # turning all the time is no stretch
    assert len(group(flagged, scores, series)) > 5


def test_in_a_short_series_every_point_is_its_own_anomaly() -> None:
    scores = np.zeros(30)
    scores[[4, 5]] = 2
    assert len(group(np.array([4, 5]), scores, hourly(RNG.standard_normal(30)))) == 2


def test_twenty_alike_are_a_habit_and_one_far_larger_is_not() -> None:
    spans = [Span(k, k, k) for k in range(0, 2_000, 100)] + [Span(1_950, 1_950, 1_950)]
    scores = np.zeros(2_000)
    scores[::100], scores[1_950] = 2.0, 9.0
    assert recurrence.recurring_events(spans, scores, 2_000).tolist() == [True] * 20 + [False]


def test_events_of_a_short_series_are_a_pattern_only_at_regular_intervals() -> None:
    monthly = [Span(k, k, k) for k in (18, 48, 79, 108, 140, 170, 201, 231, 262)]
    scattered = [Span(k, k, k) for k in (3, 48, 60, 108, 111, 170, 190, 250, 262)]
    scores = np.full(300, 2.0)
    assert recurrence.recurring_events(monthly, scores, 300).all()
    assert not recurrence.recurring_events(scattered, scores, 300).any()


def test_fall_to_a_third_weighs_as_much_as_a_rise_to_three_times() -> None:
    def grade(value: float) -> Severity:
        return severity.severity(value=value, expected=90.0, score=1.1, ratio_scale=True)

    assert grade(30.0) is grade(270.0) is Severity.HIGH
    assert grade(0.0) is Severity.HIGH
    assert grade(40.0) is grade(200.0) is Severity.MEDIUM
    assert grade(110.0) is Severity.LOW
