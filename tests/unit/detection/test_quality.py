"""Weaknesses of the data are said apart from anomalies."""

import numpy as np

from domain.detection.detect import detect
from domain.detection.result import DetectionResult, QualityCode, QualityFinding

HOURS = np.datetime64("2024-03-01T00", "h") + np.arange(200)
VALUES = 50.0 + np.random.default_rng(11).standard_normal(200)


def one(found: DetectionResult, code: QualityCode) -> QualityFinding:
    (finding,) = [q for q in found.quality if q.code is code]
    return finding


def test_missing_values_are_counted_and_have_no_band() -> None:
    values = VALUES.copy()
    values[[3, 90]] = [np.nan, np.inf]
    found = detect(HOURS, values)
    assert one(found, QualityCode.NOT_FINITE).count == 2
    assert np.flatnonzero(np.isnan(found.expected)).tolist() == [3, 90]


def test_gap_in_a_regular_cadence_is_named_with_the_points_around_it() -> None:
    kept = np.r_[0:60, 72:200]
    gap = one(detect(HOURS[kept], VALUES[kept]), QualityCode.GAP)
    assert (gap.start, gap.end, gap.count, gap.total, gap.longest) == (59, 60, 1, 12, 12)


def test_unfinished_last_bucket_is_said_and_never_an_anomaly() -> None:
    values = VALUES.copy()
    values[-1] = 2.0
    assert [a.peak for a in detect(HOURS, values).anomalies] == [199]
    found = detect(HOURS, values, last_bucket_complete=False)
    assert found.anomalies == ()
    assert one(found, QualityCode.INCOMPLETE_LAST_BUCKET).start == 199


def test_sensor_that_stands_still_is_a_flatline() -> None:
    values = VALUES.copy()
    values[80:100] = values[80]
    still = one(detect(HOURS, values), QualityCode.FLATLINE)
    assert (still.start, still.end, still.count) == (80, 99, 20)


def test_counts_that_repeat_by_chance_are_no_flatline() -> None:
    counts = np.random.default_rng(5).poisson(0.4, 200).astype(np.float64)
    assert QualityCode.FLATLINE not in {q.code for q in detect(HOURS, counts).quality}


def test_four_points_are_too_few_and_say_so() -> None:
    found = detect(HOURS[:4], np.array([1.0, 1.0, 99.0, 1.0]))
    assert found.anomalies == ()
    too_few = one(found, QualityCode.TOO_FEW_POINTS)
    assert (too_few.count, too_few.total) == (4, 5)


def test_constant_series_has_nothing_to_compare() -> None:
    found = detect(HOURS, np.full(200, 7.0))
    assert found.anomalies == ()
    constant = one(found, QualityCode.CONSTANT)
    assert (constant.count, constant.value) == (200, 7.0)


def test_hour_that_occurs_twice_is_mentioned_and_judged() -> None:
    times = np.r_[HOURS[:100], HOURS[99:199]]
    found = detect(times, VALUES)
    assert one(found, QualityCode.DUPLICATE_TIMES).count == 1
    assert np.isfinite(found.expected).all()
