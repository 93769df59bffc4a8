"""The one entry to detection: a series in, events with their reasons out."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from domain.anomaly import severity as grade
from domain.anomaly import words
from domain.anomaly.findings import (
    Anomaly,
    Detection,
    DetectionSettings,
    DialPoint,
    Direction,
    Kind,
    Method,
    MethodVote,
    QualityCode,
    QualityFinding,
    SeriesProfile,
)
from domain.anomaly.series import FloatArray, Series, prepare
from domain.anomaly.threshold import least_threshold
from domain.anomaly.transform import Transform, choose, identity

TO_SIGMA: Final = 1.4826  # makes the MAD estimate a Gaussian's standard deviation (Iglewicz & Hoaglin 1993)
FEWEST: Final = 5


def detect(
    time: npt.NDArray[Any],
    values: npt.NDArray[Any],
    settings: DetectionSettings = DetectionSettings(),  # noqa: B008 - frozen
    *,
    last_bucket_complete: bool = True,
) -> Detection:
    """Find what is abnormal in a series.

    Args:
        time: wall-clock start of each bucket, naive datetime64 of any unit, in any order.
        values: float64 of the same length; what is not finite is left out and reported.
        settings: what the user turned.
        last_bucket_complete: False if the last bucket is still being filled.

    Returns:
        Events and arrays; all positions are those of the arrays as given.
    """
    series = prepare(time, values)
    n = len(series)
    quality: list[QualityFinding] = []
    if n < len(values):
        lost = len(values) - n
        quality.append(QualityFinding(code=QualityCode.NOT_FINITE, text=f"{lost} values are missing.", count=lost))
    if n < FEWEST:
        quality.append(
            QualityFinding(code=QualityCode.TOO_FEW_POINTS, text=f"{n} points are too few to judge: 5 are needed.")
        )
        return _nothing(series, len(values), quality)
    if series.values.min() == series.values.max():
        quality.append(QualityFinding(code=QualityCode.CONSTANT, text=f"All {n} values are the same."))
        return _nothing(series, len(values), quality)
    return _judge(series, len(values), quality)


def _nothing(series: Series, length: int, quality: list[QualityFinding]) -> Detection:
    empty = np.full(length, np.nan)
    return Detection(
        anomalies=(),
        expected=empty,
        lower=empty.copy(),
        upper=empty.copy(),
        score=empty.copy(),
        profile=_profile(series, identity(), 0.0, 0.0),
        quality=tuple(quality),
        dial=tuple(DialPoint(sensitivity=k / 20, flagged_points=0, events=0) for k in range(21)),
    )


def _profile(series: Series, transform: Transform, threshold: float, scale: float) -> SeriesProfile:
    return SeriesProfile(
        points=len(series),
        cadence_seconds=series.cadence,
        regular=series.regular,
        periods=(),
        transform=transform.name,
        ratio_scale=transform.ratio_scale,
        level_shifts=(),
        threshold=threshold,
        threshold_lower=threshold,
        scale=scale,
    )


def _judge(series: Series, length: int, quality: list[QualityFinding]) -> Detection:
    transform = choose(series.values)
    y = transform.forward(series.values)
    level = float(np.median(y))
    scale = max(TO_SIGMA * float(np.median(np.abs(y - level))), transform.least_scale, 1e-12)
    threshold = least_threshold(len(series))
    z = (y - level) / scale
    flagged = np.flatnonzero(np.abs(z) > threshold)
    bounds = transform.inverse(np.array([level, level - threshold * scale, level + threshold * scale]))
    expected, lower, upper = (float(v) for v in series.unscaled(bounds))
    anomalies = tuple(
        _anomaly(
            int(series.positions[i]),
            float(series.unscaled(series.values[i : i + 1])[0]),
            float(z[i]),
            threshold,
            expected,
            lower,
            upper,
            transform,
        )
        for i in flagged
    )
    full = np.full(length, np.nan)

    def spread(values: FloatArray | float) -> FloatArray:
        out = full.copy()
        out[series.positions] = values
        return out

    dial = tuple(DialPoint(sensitivity=k / 20, flagged_points=len(flagged), events=len(flagged)) for k in range(21))
    return Detection(
        anomalies=anomalies,
        expected=spread(expected),
        lower=spread(lower),
        upper=spread(upper),
        score=spread(np.abs(z) / threshold),
        profile=_profile(series, transform, threshold, (upper - expected) / threshold),
        quality=tuple(quality),
        dial=dial,
    )


def _anomaly(
    position: int,
    value: float,
    z: float,
    threshold: float,
    expected: float,
    lower: float,
    upper: float,
    transform: Transform,
) -> Anomaly:
    score = abs(z) / threshold
    kind = Kind.SPIKE if z > 0 else Kind.DIP
    return Anomaly(
        start=position,
        end=position,
        peak=position,
        value=value,
        expected=expected,
        lower=lower,
        upper=upper,
        deviation=value - expected,
        deviation_pct=100.0 * (value - expected) / abs(expected) if expected else None,
        score=score,
        robust_deviations=abs(z),
        type=Method.ROBUST_Z,
        methods=(MethodVote(name=Method.ROBUST_Z, score=abs(z), flagged=True),),
        severity=grade.severity(value=value, expected=expected, score=score, ratio_scale=transform.ratio_scale),
        direction=Direction.UP if z > 0 else Direction.DOWN,
        kind=kind,
        explanation=words.explain(
            kind=kind,
            points=1,
            value=value,
            expected=expected,
            band=(lower, upper),
            deviations=abs(z),
            ratio_scale=transform.ratio_scale,
        ),
    )
