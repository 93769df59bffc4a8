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
OPEN_SHARE: Final = 0.05  # of the median open day: more than that on a closed one is news ...
OPEN_OFTEN: Final = 0.05  # ... unless it happens on more than this share of closed days
CROWD_FROM: Final = 1_000  # points from which it is judged how often demand comes ...
CROWD_BLOCKS: Final = 64  # ... in so many blocks, as ``block_means`` has
ANYTHING: Final = 0.25  # of the smallest demand: in a stretch that is too busy the band has no room for any

LITTLE: Final = 1e-9  # a zero in a busy stretch belongs to it but is never its peak


class Zeros(Enum):
    """What the zeros of a series are."""

    VALUES = auto()
    CLOSED = auto()
    INTERMITTENT = auto()


def judged(series: PreparedSeries, teaches: BoolArray) -> tuple[Zeros, BoolArray]:
    """Say what the zeros are, by the points that teach, and which of all points are judged by the model."""
    everything = np.ones(len(series), dtype=np.bool_)
    zero = series.values == 0
    if series.values[teaches].min() < 0 or zero[teaches].mean() <= FEW_ZEROS:
        return Zeros.VALUES, everything
    closed = _closed(series, zero, teaches)
    unlocked = ~closed & teaches
    if closed[teaches].mean() >= FEW_ZEROS and unlocked.sum() >= ENOUGH and zero[unlocked].mean() <= FEW_ZEROS:
        return Zeros.CLOSED, ~closed
    if zero[teaches].mean() > MOSTLY:
        return Zeros.INTERMITTENT, ~zero
    return Zeros.VALUES, everything


def _closed(series: PreparedSeries, zero: BoolArray, teaches: BoolArray) -> BoolArray:
    """Return the points of weekdays (or hours of the week) at which there is nearly always nothing."""
    if not series.regular or series.cadence is None or series.cadence > DAY:
        return np.zeros(len(series), dtype=np.bool_)
    phase = np.floor(np.mod(series.seconds, WEEK) / series.cadence).astype(np.int64)
    phases = int(phase.max()) + 1
    seen = np.bincount(phase[teaches], minlength=phases)
    empty = np.bincount(phase[teaches], weights=zero[teaches], minlength=phases)
    return ((seen >= CLOSED_CYCLES) & (empty >= CLOSED_ZEROS * seen))[phase]


def spread_out(channel: DetectorScores, kept: BoolArray) -> DetectorScores:
    """Return a channel of the ``kept`` points as one of the whole series: silent at the others."""

    def whole(values: FloatArray, fill: float) -> FloatArray:
        out = np.full(len(kept), fill)
        out[kept] = values
        return out

    return replace(
        channel,
        expected=whole(channel.expected, 0.0),
        scale=whole(channel.scale, 1.0),
        deviations=whole(channel.deviations, 0.0),
        own=whole(channel.own, 0.0),
    )


def opened(series: PreparedSeries, kept: BoolArray, teaches: BoolArray) -> tuple[DetectorScores, float]:
    """Judge the closed points: anything worth speaking of there is news, unless it is common. Return its limit too."""
    limit = OPEN_SHARE * float(np.median(series.values[kept & teaches]))
    height = np.where(kept, 0.0, series.values / max(limit, 1e-300))
    closed = ~kept & teaches
    if int((height[teaches] > 1.0).sum()) > OPEN_OFTEN * closed.sum():
        limit = max(limit, float(series.values[closed].max()))
        height = np.zeros(len(series))
    n = len(series)
    tail = Tail(n, 1.0)
    scale = np.full(n, limit)
    return DetectorScores(Method.SEASONAL_RESIDUAL, identity(), np.zeros(n), scale, height, height, tail, tail), limit


def crowded(series: PreparedSeries, teaches: BoolArray) -> list[DetectorScores]:
    """Judge how often demand comes, whatever its size: a stretch in which it comes much more often than usual is news.

    Counts of blocks on Anscombe's scale (1948), where Poisson counts have spread 1; a c-chart (Shewhart 1931) whose
    centre and spread are medians. Demand that comes in bursts has wider counts, and is judged by those.
    """
    n = len(series)
    if n < CROWD_FROM:
        return []
    active = series.values > 0
    blocks = np.arange(n) // (n // CROWD_BLOCKS)
    sizes = np.bincount(blocks)
    whole = (2 * sizes >= sizes[0]) & (2 * np.bincount(blocks, weights=teaches) >= sizes)
    if whole.sum() < CROWD_BLOCKS // 2:
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


def without_falls(channel: DetectorScores) -> DetectorScores:
    """Silence the lower side: where nothing is the rule, little is no news."""
    return replace(channel, deviations=np.maximum(channel.deviations, 0.0))
