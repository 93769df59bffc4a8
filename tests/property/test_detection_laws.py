"""Laws of detection: what must hold for every series, whatever it looks like."""

import numpy as np
import numpy.typing as npt
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.detection.detect import detect
from domain.detection.result import DetectionResult, Method, Severity
from domain.detection.settings import DetectionSettings, MinChange, Reported

FloatArray = npt.NDArray[np.float64]
Times = npt.NDArray[np.datetime64]
START = np.datetime64("2024-01-01T00", "h")
RANK = {Severity.LOW: 0, Severity.MEDIUM: 1, Severity.HIGH: 2}
lawful = settings(deadline=None, derandomize=True, max_examples=40, database=None)


@st.composite
def series(draw: st.DrawFn, smallest: int = 5, largest: int = 260) -> tuple[Times, FloatArray]:
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n = draw(st.integers(smallest, largest))
    noise = rng.standard_normal(n)
    kind = draw(st.sampled_from(["gauss", "ratio", "counts", "walk", "heavy", "weekly", "rare"]))
    values = {
        "gauss": noise,
        "ratio": 500 * np.exp(0.2 * noise),
        "counts": rng.poisson(5, n).astype(np.float64),
        "walk": np.cumsum(noise),
        "heavy": rng.standard_t(2, n),
        "weekly": 100 + 20 * (np.arange(n) % 7) + noise,
        "rare": np.where(rng.random(n) < 0.25, np.exp(noise), 0.0),
    }[kind]
    for place in draw(st.lists(st.integers(0, n - 1), max_size=4)):
        values[place] += draw(st.sampled_from([-1.0, 1.0])) * 30 * (1 + abs(values[place])) * (kind != "rare")
    step = np.timedelta64(draw(st.sampled_from([1, 24])), "h")
    return START + np.arange(n) * step, values


def spans(found: DetectionResult) -> list[tuple[int, int]]:
    return [(a.start, a.end) for a in found.anomalies]


@lawful
@given(series(), st.sampled_from([-40, -3, 1, 7, 60]))
def test_scaling_by_a_power_of_two_changes_no_event_and_scales_the_band(
    given_series: tuple[Times, FloatArray], power: int
) -> None:
    time, values = given_series
    plain, scaled = detect(time, values), detect(time, np.ldexp(values, power))
    assert spans(plain) == spans(scaled)
    for name in ("expected", "lower", "upper"):
        np.testing.assert_array_equal(np.ldexp(getattr(plain, name), power), getattr(scaled, name))


@lawful
@given(series(), st.sampled_from([-64.0, 256.0]))
def test_shift_changes_no_event_where_the_unit_is_kept(given_series: tuple[Times, FloatArray], by: float) -> None:
    time, values = given_series
    values = np.round(values - values.max() - 300, 3)  # below zero before and after: no other scale is possible
    assert values.max() + by < 0
    assert spans(detect(time, values)) == spans(detect(time, values + by))


@lawful
@given(series(), st.randoms(use_true_random=False))
def test_row_order_never_matters(given_series: tuple[Times, FloatArray], random: object) -> None:
    time, values = given_series
    order = np.random.default_rng(len(values)).permutation(len(values))
    plain, mixed = detect(time, values), detect(time[order], values[order])
    assert spans(plain) == [(int(order[a]), int(order[b])) for a, b in spans(mixed)]


@lawful
@given(series())
def test_answer_is_the_same_again_and_the_input_untouched(given_series: tuple[Times, FloatArray]) -> None:
    time, values = given_series
    before = values.copy()
    first, second = detect(time, values), detect(time, values)
    assert first.anomalies == second.anomalies
    assert first.quality == second.quality
    np.testing.assert_array_equal(values, before)


@lawful
@given(series(), st.sampled_from([0.0, 0.3, 0.5, 0.8, 1.0]))
def test_every_anomaly_lies_outside_the_band_and_in_order(
    given_series: tuple[Times, FloatArray], sensitivity: float
) -> None:
    time, values = given_series
    found = detect(time, values, DetectionSettings(sensitivity=sensitivity))
    for a in found.anomalies:
        assert values[a.peak] == a.value
        assert a.value < found.lower[a.peak] or a.value > found.upper[a.peak]
        assert a.start <= a.peak <= a.end
        assert a.score > 1
    assert spans(found) == sorted(spans(found))
    assert len(found.anomalies) <= len(values)
    assert not np.any(found.lower > found.expected)  # NaN where nothing is judged
    assert not np.any(found.expected > found.upper)


@st.composite
def long_series(draw: st.DrawFn) -> tuple[Times, FloatArray]:
    """Long enough for blocks, jumps and habits: noise, a walk or a season, with stretches that stand apart."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n = draw(st.integers(1_000, 1_400))
    values = {
        "gauss": rng.standard_normal(n),
        "ratio": 500 * np.exp(0.2 * rng.standard_normal(n)),
        "walk": np.cumsum(rng.standard_normal(n)),
        "daily": 100 + 20 * np.sin(np.arange(n) * np.pi / 12) + rng.standard_normal(n),
        "counts": rng.poisson(5, n).astype(np.float64),
        "closed": np.where(np.arange(n) % 24 < 8, 0.0, 50 + rng.standard_normal(n)),
    }[draw(st.sampled_from(["gauss", "ratio", "walk", "daily", "counts", "closed"]))]
    usual = float(np.std(values))
    for start in draw(st.lists(st.integers(0, n - 1), max_size=6)):
        stretch = slice(start, start + draw(st.sampled_from([1, 3, 12, 60, 200])))
        values[stretch] += draw(st.sampled_from([-6.0, -2.0, 2.0, 6.0])) * usual
    return START + np.arange(n) * np.timedelta64(1, "h"), values


@settings(lawful, max_examples=20)
@given(long_series(), st.sampled_from([0.0, 0.5, 0.75, 1.0]))
def test_long_series_keep_the_laws_of_band_and_dial(given_series: tuple[Times, FloatArray], sensitivity: float) -> None:
    time, values = given_series
    found = detect(time, values, DetectionSettings(sensitivity=sensitivity))
    for a in found.anomalies:
        assert a.value < found.lower[a.peak] or a.value > found.upper[a.peak]
        assert a.lower <= a.expected <= a.upper
        assert a.start <= a.peak <= a.end
        assert a.score > 1
    flagged = [point.flagged_points for point in found.sensitivity_curve]
    assert flagged == sorted(flagged)
    own = next(point for point in found.sensitivity_curve if point.sensitivity == sensitivity)
    assert (own.events, own.flagged_points) == (len(found.anomalies), int(np.nansum(found.score > 1.0)))


@lawful
@given(
    series(),
    st.sampled_from(list(Reported)),
    st.one_of(st.none(), st.builds(MinChange, amount=st.floats(1e-6, 1e3), percent=st.booleans())),
    st.sampled_from([0.5, 0.8, 1.0]),
)
def test_only_what_was_asked_for_is_reported_and_the_dial_counts_it(
    given_series: tuple[Times, FloatArray], direction: Reported, least: MinChange | None, sensitivity: float
) -> None:
    settings_asked = DetectionSettings(sensitivity=sensitivity, direction=direction, min_change=least)
    found = detect(*given_series, settings_asked)
    for a in found.anomalies:
        assert direction is Reported.BOTH or a.direction.value == direction.value
        assert (a.direction.value == "up") == (a.value > a.expected)
        if least is not None:
            asked = least.amount / 100 * abs(a.expected) if least.percent else least.amount
            assert abs(a.value - a.expected) >= asked * (1 - 1e-9)
        assert {vote.name for vote in a.methods} == set(Method)
        assert next(vote.flagged for vote in a.methods if vote.name is a.type)
    own = next(point for point in found.sensitivity_curve if point.sensitivity == sensitivity)
    assert (own.events, own.flagged_points) == (len(found.anomalies), int(np.nansum(found.score > 1.0)))


@lawful
@given(series())
def test_turning_the_dial_up_never_flags_less(given_series: tuple[Times, FloatArray]) -> None:
    flagged = [point.flagged_points for point in detect(*given_series).sensitivity_curve]
    assert len(flagged) == 21
    assert flagged == sorted(flagged)


@lawful
@given(series(smallest=20), st.floats(1.1, 100.0))
def test_moving_an_anomaly_further_out_keeps_it_and_its_severity(
    given_series: tuple[Times, FloatArray], factor: float
) -> None:
    time, values = given_series
    rises = [a for a in detect(time, values).anomalies if a.value > a.expected and a.value > 0]
    assume(rises)
    worst = max(rises, key=lambda a: a.score)
    assume(worst.value >= values.max())
    further = values.copy()
    further[worst.peak] *= factor
    again = [a for a in detect(time, further).anomalies if a.start <= worst.peak <= a.end]
    assert again
    assert RANK[again[0].severity] >= RANK[worst.severity]


@lawful
@given(st.integers(0, 10_000), st.integers(20, 300), st.floats(0.01, 0.15))
def test_equal_spikes_are_all_found_or_none(seed: int, n: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    values = rng.standard_normal(n)
    spikes = rng.choice(n, max(1, int(share * n)), replace=False)
    values[spikes] = 60.0
    covered = np.zeros(n, dtype=bool)
    for start, end in spans(detect(START + np.arange(n) * np.timedelta64(24, "h"), values)):
        covered[start : end + 1] = True
    assert covered[spikes].all() or not covered[spikes].any()


@lawful
@given(series(), st.integers(1, 400))
def test_whole_weeks_later_is_the_same(given_series: tuple[Times, FloatArray], weeks: int) -> None:
    time, values = given_series
    assert spans(detect(time, values)) == spans(detect(time + np.timedelta64(7 * 24 * weeks, "h"), values))


@lawful
@given(series(smallest=8), st.data())
def test_rows_without_a_value_are_as_if_they_were_not_there(
    given_series: tuple[Times, FloatArray], data: st.DataObject
) -> None:
    time, values = given_series
    holes = sorted(data.draw(st.sets(st.integers(0, len(values) - 1), max_size=len(values) // 3)))
    holed = values.copy()
    holed[holes] = np.nan
    kept = np.setdiff1d(np.arange(len(values)), holes)
    dropped = detect(time[kept], values[kept])
    assert spans(detect(time, holed)) == [(int(kept[a]), int(kept[b])) for a, b in spans(dropped)]


def test_constant_few_or_missing_values_have_no_anomaly() -> None:
    for values in (np.full(60, 3.0), np.array([1.0, 2.0, 900.0, 1.0]), np.full(30, np.nan), np.zeros(0)):
        assert detect(START + np.arange(len(values)), values).anomalies == ()


def test_at_most_8_percent_of_gaussian_series_raise_an_alarm() -> None:
    time = START + np.arange(1_000) * np.timedelta64(24, "h")
    alarms = sum(bool(detect(time, np.random.default_rng([8, s]).standard_normal(1_000)).anomalies) for s in range(500))
    assert alarms <= 40


def test_two_thousand_hostile_inputs_raise_nothing_and_stay_finite() -> None:
    rng = np.random.default_rng(99)
    makes = [
        lambda n: rng.standard_cauchy(n) * 1e3,
        lambda n: np.full(n, 3.0),
        lambda n: rng.standard_normal(n) * 1e200,
        lambda n: rng.standard_normal(n) * 1e-300,
        lambda n: rng.choice([1e-300, 1e200, 0.0, -1e308, 1e308], n),
        lambda n: rng.choice([np.nan, np.inf, -np.inf, 1.0, 2.0], n),
        lambda n: np.round(rng.standard_normal(n)),
        lambda n: np.where(rng.random(n) < 0.8, 0.0, rng.exponential(10.0, n)),
        lambda n: np.asarray(rng.poisson(1, n), dtype=np.float64),
        lambda n: np.exp(5 * rng.standard_normal(n)),
    ]
    for case in range(2_000):
        n = 1_100 if case % 21 == 0 else int(rng.choice([0, 1, 2, 5, 6, 9, 21, 45, 70, 210]))
        values = makes[case % len(makes)](n)
        steps = rng.integers(0, 3, n) if case % 3 == 0 else np.arange(n) > 0
        time = START + np.cumsum(steps) * np.timedelta64(int(rng.choice([1, 24, 168])), "h")
        found = detect(time, values)
        for a in found.anomalies:
            figures = (a.value, a.expected, a.lower, a.upper, a.deviation, a.score, a.robust_deviations)
            assert np.isfinite(figures).all()
            assert np.isfinite([vote.score for vote in a.methods]).all()
        judged = np.isfinite(values)
        for band in (found.expected, found.lower, found.upper):
            assert not np.isinf(band).any()
            assert np.isnan(band[~judged]).all()
