"""The one entry to detection: a series in, anomalies and numbers out.

``interpretation`` finds out what the numbers are (values, a total that only rises, sums of months), ``judge`` finds
what is abnormal in them, and this puts the result back into the unit of the input.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace as changed

from domain.detection import interpretation
from domain.detection.baseline.calendar_rules import NamedDay
from domain.detection.interpretation import Increments, Nature
from domain.detection.judge import SeriesContext, judge
from domain.detection.prepared_series import FloatArray, IntArray
from domain.detection.result import (
    Certainty,
    DetectedAnomaly,
    DetectionResult,
    Direction,
    Kind,
    Method,
    QualityCode,
    QualityFinding,
)
from domain.detection.scoring import certainty
from domain.detection.scoring import severity as grade
from domain.detection.settings import DetectionSettings

STANDARD: Final = DetectionSettings()
BAD_READING_SCORE: Final = 10.0  # times the threshold: a total that falls and returns at once is no matter of chance


def detect(
    time: npt.NDArray[Any],
    values: npt.NDArray[Any],
    settings: DetectionSettings = STANDARD,
    *,
    first_bucket_complete: bool = True,
    last_bucket_complete: bool = True,
    new_levels: Sequence[int] = (),
    named_days: tuple[NamedDay, ...] = (),
    outside_baseline: npt.NDArray[np.bool_] | None = None,
) -> DetectionResult:
    """Find what is abnormal in a series.

    Args:
        time: wall-clock start of each bucket, naive datetime64 of any unit, in any order; NaT drops a row.
        values: float64 of the same length; what is not finite is left out and reported.
        settings: sensitivity, direction and least change.
        first_bucket_complete: False if the data do not cover the first bucket: it is then not judged.
        last_bucket_complete: False if they do not cover the last one, as while it is being filled; the same.
        new_levels: positions from which the user wants a new level: what follows is judged by it.
        named_days: public holidays and events; what happens on them is learnt, and named.
        outside_baseline: True at points that must not teach what is usual; the event around such a point is left out
            with it. They are judged. Ignored if the others alone cannot be judged.

    Returns:
        Events in order of time, and arrays of the input's length. All positions are those of the arrays as given;
        of an unsorted input ``start`` is the position of an event's first point in time.

    Raises:
        ValueError: if the arrays are not one-dimensional and of one length, or a position is none of theirs.
    """
    context = SeriesContext(
        first_bucket_complete=first_bucket_complete,
        last_bucket_complete=last_bucket_complete,
        new_levels=new_levels,
        named_days=named_days,
        outside_baseline=outside_baseline,
    )

    def judged(numbers: FloatArray) -> DetectionResult:
        return judge(time, numbers, settings, context)

    if time.ndim != 1 or values.ndim != 1 or len(time) != len(values):
        return judged(values)  # raises
    x = np.asarray(values, dtype=np.float64)
    coded, code = interpretation.codes_for_missing(x)
    if code is not None:
        x = np.where(coded, np.nan, x)
    at = _in_order(time, x)
    cumulative = interpretation.increments(x[at], at)
    per_day = None if cumulative else interpretation.month_weights(np.asarray(time)[at], x[at])
    if cumulative is not None:
        result = _cumulative(judged(_placed(cumulative.values, at, len(x))), cumulative, x, at)
    elif per_day is not None:
        weights, nature = _placed(per_day[0], at, len(x)), per_day[1]
        result = _per_day(judged(x / weights), weights, nature)
    else:
        result = judged(x)
    return result if code is None else _with_code(result, code, int(coded.sum()))


def _in_order(time: npt.NDArray[Any], values: FloatArray) -> IntArray:
    """Return the positions of finite values in order of time."""
    micros = np.asarray(time).astype("datetime64[us]")
    at = np.flatnonzero(np.isfinite(values) & ~np.isnat(micros))
    if (np.diff(micros[at]) <= np.timedelta64(0)).any():
        at = at[np.lexsort((values[at], micros[at]))]
    return np.asarray(at, dtype=np.int64)


def _placed(figures: FloatArray, at: IntArray, length: int) -> FloatArray:
    out = np.full(length, np.nan)
    out[at] = figures
    return out


def _with_code(result: DetectionResult, code: float, count: int) -> DetectionResult:
    """Report values that are a code for missing as such, not as missing."""
    quality = [_fewer_missing(finding, count) for finding in result.quality]
    code_finding = QualityFinding(code=QualityCode.CODE_FOR_MISSING, count=count, value=code)
    return replace(result, quality=(code_finding, *(finding for finding in quality if finding is not None)))


def _fewer_missing(finding: QualityFinding, count: int) -> QualityFinding | None:
    if finding.code is not QualityCode.NOT_FINITE:
        return finding
    return changed(finding, count=finding.count - count) if finding.count > count else None


def _per_day(result: DetectionResult, weights: FloatArray, nature: Nature) -> DetectionResult:
    """Bring a result per mean month back to months as long as they are."""

    def month(anomaly: DetectedAnomaly) -> DetectedAnomaly:
        weight = float(weights[anomaly.peak])
        names = ("value", "expected", "lower", "upper", "deviation")
        return changed(anomaly, **{name: getattr(anomaly, name) * weight for name in names})

    return replace(
        result,
        anomalies=tuple(month(anomaly) for anomaly in result.anomalies),
        expected=result.expected * weights,
        lower=result.lower * weights,
        upper=result.upper * weights,
        profile=changed(result.profile, nature=nature),
    )


def _cumulative(result: DetectionResult, increments: Increments, values: FloatArray, at: IntArray) -> DetectionResult:
    """Bring a result of increments back to the total: what each value should be after the one before it."""
    base = _placed(increments.base, at, len(values))
    expected, lower, upper = (figures + base for figures in (result.expected, result.lower, result.upper))
    bad = [_bad_reading(values, at, int(place)) for place in increments.bad]
    for anomaly in bad:
        expected[anomaly.peak], lower[anomaly.peak], upper[anomaly.peak] = (
            anomaly.expected,
            anomaly.lower,
            anomaly.upper,
        )
    anomalies = [_of_total(anomaly, float(base[anomaly.peak]), values) for anomaly in result.anomalies]
    lost = int(np.isnan(increments.values).sum())  # the first value, bad readings and a meter at rest have no increment
    quality = [q for finding in result.quality if (q := _fewer_missing(finding, lost)) is not None]
    first = int(at[increments.resets[0]]) if len(increments.resets) else None
    if first is not None:
        resets = QualityFinding(code=QualityCode.COUNTER_RESET, count=len(increments.resets), start=first, end=first)
        quality.append(resets)
    return replace(
        result,
        anomalies=tuple(sorted([*anomalies, *bad], key=lambda anomaly: int(np.searchsorted(at, anomaly.start)))),
        expected=expected,
        lower=lower,
        upper=upper,
        profile=changed(result.profile, nature=Nature.CUMULATIVE, level_shifts=()),
        quality=tuple(q for q in quality if q.code not in {QualityCode.FLATLINE, QualityCode.GAP}),
    )


def _of_total(anomaly: DetectedAnomaly, base: float, values: FloatArray) -> DetectedAnomaly:
    expected = anomaly.expected + base
    return changed(
        anomaly,
        value=float(values[anomaly.peak]),
        expected=expected,
        lower=anomaly.lower + base,
        upper=anomaly.upper + base,
        deviation_pct=100.0 * anomaly.deviation / expected if expected > 0 else None,
        ratio_scale=False,
        new_level=None,
        begins=None,
        ends=None,
    )


def _bad_reading(values: FloatArray, at: IntArray, place: int) -> DetectedAnomaly:
    """Report a single reading that leaves a rising total, which then goes on as if it had not been."""
    before, value, after = (float(values[at[place + offset]]) for offset in (-1, 0, 1))
    expected, position, up = (before + after) / 2, int(at[place]), value > after
    return DetectedAnomaly(
        start=position,
        end=position,
        peak=position,
        value=value,
        expected=expected,
        lower=before,
        upper=after,
        deviation=value - expected,
        deviation_pct=100.0 * (value - expected) / expected if expected > 0 else None,
        score=BAD_READING_SCORE,
        robust_deviations=BAD_READING_SCORE,
        type=Method.ROLLING_BAND,
        methods=(),
        severity=grade.severity(value=value, expected=expected, score=BAD_READING_SCORE, ratio_scale=True),
        certainty=Certainty.SURE,
        chance=certainty.chance(BAD_READING_SCORE),
        direction=Direction.UP if up else Direction.DOWN,
        kind=Kind.SPIKE if up else Kind.DIP,
        ratio_scale=True,
    )
