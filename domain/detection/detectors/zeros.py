"""Zeros that mean "nothing to judge here": closed days, and demand that comes now and then."""

from dataclasses import replace
from enum import Enum, auto
from typing import Final

import numpy as np

from domain.detection.baseline.transform import identity
from domain.detection.detectors.scores import DetectorScores, Traits
from domain.detection.prepared_series import BoolArray, FloatArray, PreparedSeries
from domain.detection.result import Method
from domain.detection.robust_stats import spread
from domain.detection.scoring.threshold import Tail, budget_at, plain

DAY, WEEK = 86_400.0, 604_800.0
MOSTLY: Final = 0.5  # more zeros than this: intermittent demand
ENOUGH: Final = 8  # values other than zero that can be judged
CLOSED_ZEROS: Final = 0.9  # a weekday (or hour of the week) with this share of zeros is closed
CLOSED_CYCLES: Final = 4  # seen so often
FEW_ZEROS: Final = 0.1  # share of closed points that is worth it, and of zeros that may remain elsewhere
OPEN_SHARE: Final = 0.05  # of the median open day: more than that on a closed one is unusual ...
OPEN_OFTEN: Final = 0.05  # ... unless it happens on more than this share of closed days
ACTIVITY_FROM: Final = 1_000  # points from which it is judged how often demand comes ...
ACTIVITY_BLOCKS: Final = 64  # ... in so many blocks, as ``block_means`` has
ANYTHING: Final = 0.25  # of the smallest demand: in a stretch that is too busy the band has no room for any

LITTLE: Final = 1e-9  # a zero in a busy stretch belongs to it but is never its peak


class Zeros(Enum):
    """What the zeros of a series are."""

    VALUES = auto()
    CLOSED = auto()
    INTERMITTENT = auto()


def judged(series: PreparedSeries, training: BoolArray) -> tuple[Zeros, BoolArray]:
    """Say what the zeros are, by the points that teach, and which of all points are judged by the model."""
    everything = np.ones(len(series), dtype=np.bool_)
    zero = series.values == 0
    if series.values[training].min() < 0 or zero[training].mean() <= FEW_ZEROS:
        return Zeros.VALUES, everything
    closed = _closed(series, zero, training)
    unlocked = ~closed & training
    if closed[training].mean() >= FEW_ZEROS and unlocked.sum() >= ENOUGH and zero[unlocked].mean() <= FEW_ZEROS:
        return Zeros.CLOSED, ~closed
    if zero[training].mean() > MOSTLY:
        return Zeros.INTERMITTENT, ~zero
    return Zeros.VALUES, everything


def _closed(series: PreparedSeries, zero: BoolArray, training: BoolArray) -> BoolArray:
    """Return the points of weekdays (or hours of the week) at which there is nearly always nothing."""
    if not series.regular or series.cadence is None or series.cadence > DAY:
        return np.zeros(len(series), dtype=np.bool_)
    phase = np.floor(np.mod(series.seconds, WEEK) / series.cadence).astype(np.int64)
    phases = int(phase.max()) + 1
    seen = np.bincount(phase[training], minlength=phases)
    empty = np.bincount(phase[training], weights=zero[training], minlength=phases)
    return ((seen >= CLOSED_CYCLES) & (empty >= CLOSED_ZEROS * seen))[phase]


def spread_out(detector_scores: DetectorScores, active: BoolArray) -> DetectorScores:
    """Return scores of the ``active`` points as scores of the whole series: zero at the others."""

    def whole(values: FloatArray, fill: float) -> FloatArray:
        out = np.full(len(active), fill)
        out[active] = values
        return out

    return replace(
        detector_scores,
        expected=whole(detector_scores.expected, 0.0),
        scale=whole(detector_scores.scale, 1.0),
        deviations=whole(detector_scores.deviations, 0.0),
        own=whole(detector_scores.own, 0.0),
    )


def opened(series: PreparedSeries, active: BoolArray, training: BoolArray) -> tuple[DetectorScores, float]:
    """Judge the closed points: a considerable value there is unusual, unless it is common. Return its limit too."""
    limit = OPEN_SHARE * float(np.median(series.values[active & training]))
    height = np.where(active, 0.0, series.values / max(limit, 1e-300))
    closed = ~active & training
    if int((height[training] > 1.0).sum()) > OPEN_OFTEN * closed.sum():
        limit = max(limit, float(series.values[closed].max()))
        height = np.zeros(len(series))
    n = len(series)
    tail = Tail(n, 1.0)
    scale = np.full(n, limit)
    return DetectorScores(Method.SEASONAL_RESIDUAL, identity(), np.zeros(n), scale, height, height, tail, tail), limit


def active_rate(series: PreparedSeries, training: BoolArray) -> list[DetectorScores]:
    """Judge how often demand comes, whatever its size: a stretch with much more frequent demand is reported.

    Counts of blocks on Anscombe's scale (1948), where Poisson counts have spread 1; a c-chart (Shewhart 1931) whose
    centre and spread are medians. Demand that comes in bursts has wider counts, and is judged by those.
    """
    n = len(series)
    if n < ACTIVITY_FROM:
        return []
    active = series.values > 0
    blocks = np.arange(n) // (n // ACTIVITY_BLOCKS)
    sizes = np.bincount(blocks)
    whole = (2 * sizes >= sizes[0]) & (2 * np.bincount(blocks, weights=training) >= sizes)
    if whole.sum() < ACTIVITY_BLOCKS // 2:
        return []
    counts = 2.0 * np.sqrt(np.bincount(blocks, weights=active) * sizes[0] / sizes + 0.375)
    height = np.where(whole, counts - np.median(counts[whole]), 0.0)
    height = height / max(spread(height[whole]), 1.0)
    tail = plain(int(whole.sum()))
    limit = ANYTHING * float(series.values[active].min())
    scale = np.full(n, limit / tail.at(budget_at(0.0)))
    own = np.maximum(series.values / scale, LITTLE)
    busy = np.maximum(height, 0.0)[blocks]
    return [
        DetectorScores(
            Method.ROLLING_BAND,
            identity(),
            np.zeros(n),
            scale,
            busy,
            own,
            tail,
            tail,
            traits=Traits(counts_occurrences=True, finds_stretches=True),
        )
    ]


def without_falls(detector_scores: DetectorScores) -> DetectorScores:
    """Mask the lower side: where zero is the rule, a small value is usual."""
    return replace(detector_scores, deviations=np.maximum(detector_scores.deviations, 0.0))
