"""Laws of what the user says: it acts on what is usual, never against the point it was said of."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.detection.detect import detect
from domain.detection.prepared_series import BoolArray
from domain.detection.result import DetectedAnomaly, DetectionResult, Kind
from domain.detection.settings import DetectionSettings
from tests.property.test_detection_laws import START, FloatArray, Times, series, spans

lawful = settings(deadline=None, derandomize=True, max_examples=15, database=None)  # each detects several times
ROUNDING = 0.02  # a point just at its level may fall on either side: that moves a tail's quantile by one place


def around(length: int, anomaly: DetectedAnomaly) -> BoolArray:
    return (np.arange(length) >= anomaly.start) & (np.arange(length) <= anomaly.end)


def one_of(found: DetectionResult, data: st.DataObject) -> DetectedAnomaly:
    assume(found.anomalies)
    return data.draw(st.sampled_from(found.anomalies))


@lawful
@given(series())
def test_nothing_said_is_as_if_nobody_could_speak(given_series: tuple[Times, FloatArray]) -> None:
    time, values = given_series
    plain = detect(time, values)
    silent = detect(time, values, new_levels=(), outside_baseline=np.zeros(len(values), dtype=np.bool_))
    assert (plain.anomalies, plain.profile, plain.sensitivity_curve) == (
        silent.anomalies,
        silent.profile,
        silent.sensitivity_curve,
    )
    np.testing.assert_array_equal(plain.score, silent.score)


@lawful
@given(series(), st.data())
def test_what_is_confirmed_stays_and_never_scores_less(
    given_series: tuple[Times, FloatArray], data: st.DataObject
) -> None:
    time, values = given_series
    before = detect(time, values)
    confirmed = one_of(before, data)
    after = detect(time, values, outside_baseline=np.arange(len(values)) == confirmed.peak)
    assert any(a.start <= confirmed.peak <= a.end for a in after.anomalies)
    assert after.score[confirmed.peak] >= before.score[confirmed.peak] * (1 - 1e-9)


@lawful
@given(series(), st.data())
def test_the_others_are_judged_as_if_the_confirmed_rows_were_not_there(
    given_series: tuple[Times, FloatArray], data: st.DataObject
) -> None:
    time, values = given_series
    confirmed = one_of(detect(time, values), data)
    event = around(len(values), confirmed)
    told = detect(time, values, outside_baseline=event)
    without = detect(time, np.where(event, np.nan, values))
    assume(np.isfinite(without.score).any())  # the others alone can be judged
    steps = {a.start for found in (told, without) for a in found.anomalies if a.kind is Kind.LEVEL_SHIFT}
    rest = ~event & ~np.isin(np.arange(len(values)), sorted(steps))  # a step may begin with the rows left out
    np.testing.assert_allclose(told.score[rest], without.score[rest], rtol=ROUNDING, atol=ROUNDING)


@lawful
@given(series(), st.data(), st.sampled_from([0.0, 0.2, 0.5, 0.8, 1.0]))
def test_the_dial_knows_what_was_said(
    given_series: tuple[Times, FloatArray], data: st.DataObject, sensitivity: float
) -> None:
    time, values = given_series
    found = detect(time, values)
    confirmed, level = one_of(found, data), one_of(found, data)
    mask = np.arange(len(values)) == confirmed.peak
    said = detect(time, values, new_levels=(level.peak,), outside_baseline=mask)
    asked = detect(
        time, values, DetectionSettings(sensitivity=sensitivity), new_levels=(level.peak,), outside_baseline=mask
    )
    (point,) = (p for p in said.sensitivity_curve if p.sensitivity == sensitivity)
    assert point.events == len(asked.anomalies)
    flagged = [p.flagged_points for p in said.sensitivity_curve]
    assert flagged == sorted(flagged)
    for a in asked.anomalies:
        assert a.value < asked.lower[a.peak] or a.value > asked.upper[a.peak]


@lawful
@given(st.integers(0, 2**32), st.integers(20, 300), st.floats(0.1, 0.9), st.floats(10, 1_000), st.sampled_from([1, -1]))
def test_after_a_new_normal_nothing_of_the_new_level_is_abnormal(
    seed: int, n: int, share: float, size: float, side: int
) -> None:
    values = np.clip(np.random.default_rng(seed).standard_normal(n), -2.5, 2.5)
    at = max(3, min(n - 3, int(share * n)))
    values[at:] += side * size
    found = detect(START + np.arange(n) * np.timedelta64(24, "h"), values, new_levels=(at,))
    assert [a for a in spans(found) if a[0] > at] == []
    shifts = {shift.at for shift in found.profile.level_shifts}
    assert at in shifts


@lawful
@given(series(), st.data())
def test_the_point_of_a_new_normal_keeps_what_was_found(
    given_series: tuple[Times, FloatArray], data: st.DataObject
) -> None:
    time, values = given_series
    before = detect(time, values)
    told = one_of(before, data)
    assume(told.peak > 0)
    after = detect(time, values, new_levels=(told.peak,))
    assert any(a.start <= told.peak <= a.end for a in after.anomalies)
    assert after.score[told.peak] >= before.score[told.peak] * (1 - 1e-9)
    assert after.anomalies == detect(time, values, new_levels=[told.peak, told.peak]).anomalies


@lawful
@given(series(), st.data())
def test_row_order_never_matters_to_what_was_said(given_series: tuple[Times, FloatArray], data: st.DataObject) -> None:
    time, values = given_series
    n = len(values)
    said = data.draw(st.sets(st.integers(0, n - 1), max_size=3))
    level = data.draw(st.integers(0, n - 1))
    order = np.random.default_rng(n).permutation(n)
    place = np.argsort(order)
    mask = np.isin(np.arange(n), sorted(said))
    plain = detect(time, values, new_levels=(level,), outside_baseline=mask)
    mixed = detect(time[order], values[order], new_levels=(int(place[level]),), outside_baseline=mask[order])
    assert spans(plain) == [(int(order[a]), int(order[b])) for a, b in spans(mixed)]
