"""What detection says of whole series."""

import numpy as np
import numpy.typing as npt
import pytest

from domain.detection.detect import detect
from domain.detection.result import Direction, Kind, LevelEpisode, Method, QualityCode, Severity
from domain.detection.settings import DetectionSettings, MinChange, Reported

FloatArray = npt.NDArray[np.float64]
DAY = np.timedelta64(1, "D")


def days(count: int) -> npt.NDArray[np.datetime64]:
    return np.datetime64("2024-01-01", "D") + np.arange(count) * DAY


def steady(count: int, seed: int = 7) -> FloatArray:
    return 1_000.0 * np.exp(0.05 * np.random.default_rng(seed).standard_normal(count))


EXAMPLE_DAYS = np.array(
    ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05", "2024-01-15", "2024-01-27"],
    dtype="datetime64[D]",
)
EXAMPLE = np.array([24_000, 25_500, 89_000, 23_800, 24_500, 62_000, 8_000], dtype=np.float64)


def test_example_of_the_specification_comes_out_exactly() -> None:
    found = detect(EXAMPLE_DAYS, EXAMPLE)
    said = [(str(EXAMPLE_DAYS[a.peak]), a.value, a.severity, a.start == a.end) for a in found.anomalies]
    assert said == [
        ("2024-01-03", 89_000.0, Severity.HIGH, True),
        ("2024-01-15", 62_000.0, Severity.MEDIUM, True),
        ("2024-01-27", 8_000.0, Severity.HIGH, True),
    ]


@pytest.mark.slow
def test_at_least_199_of_200_random_months_show_exactly_the_three_events() -> None:
    exact = 0
    for seed in range(200):
        values = np.round(24_000 + 800 * np.random.default_rng([200, seed]).standard_normal(31), -2)
        values[[2, 14, 26]] = [89_000, 62_000, 8_000]
        exact += [(a.start, a.end) for a in detect(days(31), values).anomalies] == [(2, 2), (14, 14), (26, 26)]
    assert exact >= 199


def test_every_method_says_its_piece_of_an_anomaly_and_the_leading_one_agrees() -> None:
    for anomaly in detect(EXAMPLE_DAYS, EXAMPLE).anomalies:
        assert {vote.name for vote in anomaly.methods} == set(Method)
        assert next(vote for vote in anomaly.methods if vote.name is anomaly.type).flagged


def test_z_score_finds_none_of_the_example_which_is_why_it_only_gives_evidence() -> None:
    votes = [v for a in detect(EXAMPLE_DAYS, EXAMPLE).anomalies for v in a.methods if v.name is Method.Z_SCORE]
    assert not any(vote.flagged for vote in votes)


def test_weekly_season_is_expected_and_a_busy_monday_is_not() -> None:
    weekly = np.array([1.0, 1.1, 1.0, 1.2, 1.6, 2.5, 2.2])
    values = steady(140) * np.tile(weekly, 20)
    values[70] *= 2.3  # a Monday as strong as a Saturday
    found = detect(days(140), values)
    assert found.profile.periods == (7,)
    assert [a.peak for a in found.anomalies] == [70]
    assert found.anomalies[0].type is Method.SEASONAL_RESIDUAL


def test_level_shift_is_one_event_and_not_a_thousand_points() -> None:
    values = steady(300)
    values[180:] *= 1.8
    found = detect(days(300), values)
    assert [a.kind for a in found.anomalies] == [Kind.LEVEL_SHIFT]
    assert abs(found.anomalies[0].start - 180) <= 1
    (shift,) = found.profile.level_shifts
    assert abs(shift.at - 180) <= 1
    assert shift.after / shift.before == pytest.approx(1.8, rel=0.1)


def test_the_return_to_the_level_before_is_the_end_of_the_episode_and_of_low_severity() -> None:
    values = steady(250)
    values[100:130] *= 0.3
    fall, back = detect(days(250), values).anomalies
    assert (fall.kind, fall.severity, fall.direction) == (Kind.LEVEL_SHIFT, Severity.HIGH, Direction.DOWN)
    assert (fall.begins, fall.ends) == (LevelEpisode(start=100, end=129), None)
    assert (back.peak, back.severity, back.direction) == (130, Severity.LOW, Direction.UP)
    assert (back.begins, back.ends) == (None, LevelEpisode(start=100, end=129))


def test_the_return_from_a_short_episode_is_not_reported_and_its_beginning_knows_its_end() -> None:
    values = steady(250)
    values[100:112] *= 0.3
    (fall,) = detect(days(250), values).anomalies
    assert fall.begins == LevelEpisode(start=100, end=111)


def test_a_stretch_longer_than_half_of_what_is_beside_it_is_a_level_with_two_changes() -> None:
    values = steady(300)
    values[100:220] *= 0.3
    changes = detect(days(300), values).anomalies
    assert [(one.severity, one.begins, one.ends) for one in changes] == [(Severity.HIGH, None, None)] * 2


def test_stretch_on_another_level_is_told_where_it_begins_and_where_it_ends() -> None:
    values = 50 + np.random.default_rng(11).standard_normal(3_000)
    for start in (600, 1_200, 2_000):  # three stretches: no level shift for good, and no block of the whole
        values[start : start + 40] -= 5.0
    found = detect(np.datetime64("2024-01-01T00:00") + np.arange(3_000) * np.timedelta64(5, "m"), values)
    edges = sorted(k for start in (600, 1_200, 2_000) for k in (start, start + 40))
    told = [(a.start, a.end) for a in found.anomalies]
    assert all(any(a - 2 <= edge <= b + 2 for a, b in told) for edge in edges)
    assert all(any(a - 2 <= edge <= b + 2 for edge in edges) for a, b in told)
    jump = next(a for a in found.anomalies if a.kind is Kind.LEVEL_SHIFT)
    assert jump.value < jump.lower
    assert jump.new_level is not None
    assert (jump.new_level.points, round(jump.new_level.level)) == (40, 45)


def test_slow_stretch_that_begins_inside_a_block_is_told_where_it_is() -> None:
    values = np.random.default_rng(8).standard_normal(2_000)
    values[1_020:1_060] += 2.2  # no point of it is far, and of fixed blocks it fills none
    found = detect(np.datetime64("2024-01-01T00:00") + np.arange(2_000) * np.timedelta64(5, "m"), values)
    (stretch,) = found.anomalies
    assert 1_000 <= stretch.start <= 1_040 <= stretch.end <= 1_080


def test_nothing_sold_for_three_days_is_an_outage() -> None:
    values = steady(250)
    values[100:103] = 0.0
    (anomaly,) = detect(days(250), values).anomalies
    assert (anomaly.start, anomaly.end, anomaly.kind, anomaly.severity) == (100, 102, Kind.OUTAGE, Severity.HIGH)


def test_closed_weekends_are_no_outage_but_a_sale_on_one_is_news() -> None:
    values = steady(140)
    values[(np.arange(140) % 7) >= 5] = 0.0
    assert detect(days(140), values).anomalies == ()
    values[75] = 700.0  # a Saturday
    (anomaly,) = detect(days(140), values).anomalies
    assert (anomaly.peak, anomaly.expected, anomaly.direction) == (75, 0.0, Direction.UP)


def test_rare_demand_is_judged_by_the_days_with_demand() -> None:
    rng = np.random.default_rng(3)
    values = np.where(rng.random(300) < 0.2, np.exp(3 + 0.4 * rng.standard_normal(300)), 0.0)
    assert detect(days(300), values).anomalies == ()
    values[150] = 1_500.0
    found = detect(days(300), values)
    assert [a.peak for a in found.anomalies] == [150]
    assert found.profile.transform == "intermittent"


def test_rare_demand_that_comes_far_more_often_is_told_as_a_stretch() -> None:
    rng = np.random.default_rng(5)
    values = np.where(rng.random(2_000) < 0.1, np.exp(3 + 0.3 * rng.standard_normal(2_000)), 0.0)
    time = np.datetime64("2024-01-01T00:00") + np.arange(2_000) * np.timedelta64(5, "m")
    assert detect(time, values).anomalies == ()
    busy = rng.choice(np.arange(900, 1_000), 70, replace=False)
    values[busy] = np.exp(3 + 0.3 * rng.standard_normal(70))
    (anomaly,) = detect(time, values).anomalies
    assert anomaly.start < 930
    assert anomaly.end > 970
    assert anomaly.value > anomaly.upper
    assert anomaly.active_points is not None
    assert anomaly.active_points.active > 2 * anomaly.active_points.usual


def test_hour_that_is_always_unsteady_is_judged_by_its_own_spread() -> None:
    rng = np.random.default_rng(6)
    at = np.arange(24 * 60)
    busy = at % 24 == 9  # every day at nine something runs, each time as long as it likes
    values = -100 + rng.standard_normal(len(at)) + np.where(busy, 60 + 12 * rng.standard_normal(len(at)), 0.0)
    time = np.datetime64("2024-01-01T00", "h") + at
    assert detect(time, values).anomalies == ()
    values[24 * 30 + 12] += 12.0  # at noon as much is news
    assert [a.peak for a in detect(time, values).anomalies] == [24 * 30 + 12]


def test_what_recurs_all_the_time_is_a_habit_said_once() -> None:
    values = steady(2_400)
    values[np.arange(10, 2_400, 61)] *= 4.0
    found = detect(np.datetime64("2024-01-01T00:00") + np.arange(2_400) * np.timedelta64(1, "m"), values)
    assert found.anomalies == ()
    assert QualityCode.RECURRENT in {q.code for q in found.quality}


def test_direction_filters_what_is_reported() -> None:
    up = detect(EXAMPLE_DAYS, EXAMPLE, DetectionSettings(direction=Reported.UP))
    down = detect(EXAMPLE_DAYS, EXAMPLE, DetectionSettings(direction=Reported.DOWN))
    assert [a.value for a in up.anomalies] == [89_000.0, 62_000.0]
    assert [a.value for a in down.anomalies] == [8_000.0]


@pytest.mark.parametrize(
    ("least", "values"),
    [
        (MinChange(amount=30_000), [89_000.0, 62_000.0]),
        (MinChange(amount=40_000), [89_000.0]),
        (MinChange(amount=200, percent=True), [89_000.0]),
    ],
)
def test_least_change_filters_what_is_reported(least: MinChange, values: list[float]) -> None:
    found = detect(EXAMPLE_DAYS, EXAMPLE, DetectionSettings(min_change=least))
    assert [a.value for a in found.anomalies] == values


def test_dial_agrees_with_the_answer_at_its_own_sensitivity_and_never_falls() -> None:
    values = steady(400)
    values[[50, 150, 250]] *= [1.3, 0.75, 1.25]
    sensitivity_curve = detect(days(400), values).sensitivity_curve
    assert [point.flagged_points for point in sensitivity_curve] == sorted(
        point.flagged_points for point in sensitivity_curve
    )
    for point in sensitivity_curve[::4]:
        found = detect(days(400), values, DetectionSettings(sensitivity=point.sensitivity))
        assert len(found.anomalies) == point.events
        assert int(np.nansum(found.score > 1.0)) == point.flagged_points


def test_unsorted_input_is_answered_in_its_own_positions() -> None:
    order = np.array([3, 0, 6, 2, 5, 1, 4])
    found = detect(EXAMPLE_DAYS[order], EXAMPLE[order])
    assert [EXAMPLE[order][a.peak] for a in found.anomalies] == [89_000.0, 62_000.0, 8_000.0]
    assert np.isfinite(found.expected).all()


def test_bad_shapes_are_refused_with_both_named() -> None:
    with pytest.raises(ValueError, match=r"\(3,\).*\(2,\)"):
        detect(days(3), np.zeros(2))
