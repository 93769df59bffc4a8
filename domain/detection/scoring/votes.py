"""Evidence: what each well-known method says of a point. None of them alone decides."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.detection.baseline.level_shifts import CLEAR, NEXT_FEW
from domain.detection.baseline.model import Model
from domain.detection.detectors.flatline import Run
from domain.detection.detectors.rolling import NEIGHBOURS
from domain.detection.prepared_series import BoolArray, FloatArray, PreparedSeries
from domain.detection.result import Method, MethodVote
from domain.detection.robust_stats import spread

ROBUST_CUT: Final = 3.5  # Iglewicz & Hoaglin (1993)
SIGMA_CUT: Final = 3.0  # the three-sigma rule
FENCE: Final = 1.5  # Tukey (1977): outside the whiskers
ROLLING_CUT: Final = 4.0


@dataclass(frozen=True, slots=True)
class MethodStatistics:
    """The figures of the whole series that the methods compare a point with.

    ``typical`` is the median value of a series that is never negative, 0 of others.
    """

    series: PreparedSeries
    model: Model
    runs: tuple[Run, ...]
    mean: float
    deviation: float
    quartiles: tuple[float, float]
    typical: float
    median: float
    robust_deviation: float
    rolling_deviation: float

    @property
    def spread(self) -> float:
        """Return the distance between the quartiles."""
        return self.quartiles[1] - self.quartiles[0]


def gather(series: PreparedSeries, model: Model, runs: tuple[Run, ...], training: BoolArray) -> MethodStatistics:
    """Compute the figures once per series, of the points that teach."""
    x, scaled = series.values[training], model.scaled[training]
    low, high = (float(q) for q in np.quantile(x, [0.25, 0.75]))
    median = float(np.median(scaled))
    steps = scaled[NEIGHBOURS:] - scaled[:-NEIGHBOURS]
    deviation = float(np.std(x, ddof=1)) if len(x) > 1 else 0.0
    return MethodStatistics(
        series,
        model,
        runs,
        float(np.mean(x)),
        deviation,
        (low, high),
        float(np.median(x)) if float(series.values.min()) >= 0 else 0.0,
        median,
        max(spread(scaled - median), float(np.median(model.least)), 1e-12),
        max(spread(steps) / np.sqrt(2.0), float(np.median(model.least)), 1e-12),
    )


def votes(
    evidence: MethodStatistics, value: float, at: int | None, leading: Method, deviations: float
) -> tuple[MethodVote, ...]:
    """Return what every method says of a point; the leading one says what led.

    Args:
        evidence: of the series.
        value: the point's (scaled) value.
        at: its position among the points of the model; None if it stands where normally nothing does.
        leading: the method that found it.
        deviations: how far that method finds it, in robust deviations.
    """
    model = evidence.model
    y = float(model.transform.forward(np.array([value]))[0])
    low, high = evidence.quartiles
    width = high - low
    fence = max(low - value, value - high, 0.0) / width if width > 0 else 0.0
    sigma = abs(value - evidence.mean) / evidence.deviation if evidence.deviation > 0 else 0.0
    rolling = seasonal = shift = still = 0.0
    if at is not None:
        rolling = abs(y - _around(model.scaled, at)) / evidence.rolling_deviation
        seasonal = abs(float(model.deviations[at])) if model.periods else 0.0
        shift = max((s.clarity for s in model.shifts if 0 <= at - s.at < NEXT_FEW), default=0.0)
        still = next((r.end - r.start + 1.0 for r in evidence.runs if r.start <= at <= r.end), 0.0)
    by_method = (
        (Method.ROBUST_Z, abs(y - evidence.median) / evidence.robust_deviation, ROBUST_CUT),
        (Method.Z_SCORE, sigma, SIGMA_CUT),
        (Method.IQR, fence, FENCE),
        (Method.ROLLING_BAND, rolling, ROLLING_CUT),
        (Method.SEASONAL_RESIDUAL, seasonal, ROLLING_CUT),
        (Method.LEVEL_SHIFT, shift, CLEAR),
        (Method.FLATLINE, still, 1.0),
    )
    return tuple(
        MethodVote(name=name, score=abs(deviations), flagged=True)
        if name is leading
        else MethodVote(name=name, score=float(score), flagged=bool(score >= cut))
        for name, score, cut in by_method
    )


def _around(scaled: FloatArray, at: int) -> float:
    near = np.r_[scaled[max(at - NEIGHBOURS, 0) : at], scaled[at + 1 : at + 1 + NEIGHBOURS]]
    return float(np.median(near)) if len(near) else float(scaled[at])
