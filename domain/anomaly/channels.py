"""The ways a point is judged: by the model, its neighbours, in the plain unit, from afar, at a jump and a shift."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from domain.anomaly import jumps, shifts, threshold, trend
from domain.anomaly.findings import Method
from domain.anomaly.model import Model
from domain.anomaly.robust import spread
from domain.anomaly.series import FloatArray, IntArray, Series
from domain.anomaly.threshold import Tail
from domain.anomaly.transform import Transform, identity, quantum

SIDES_FROM: Final = 200  # points from which each side has a tail of its own
LOCAL_FROM, LOCAL_TO = (60, 2_000)  # fewer have no neighbourhood; in more the model follows well enough
NEIGHBOURS: Final = 3  # on each side
WANDERING: Final = 0.85  # neighbours must predict better than the model by this factor
UNUSUAL: Final = 3.0  # what the plain unit finds must be that unusual to the model as well
AFAR_FROM: Final = 1_000  # points from which blocks are judged
AFAR: Final = (250, 64)  # in so many blocks
AFAR_CLIP: Final = 10.0  # no point moves its block's mean by more than so many deviations
HALF_SHOWS: Final = 0.5  # of what its block does: else the other half is the stretch
NO_BAND: Final = 1.0
OUTSIDE: Final = shifts.LARGE_IF_SURE / shifts.CLEAR  # the first point of a new level is less far than the level
USUAL_SHARES: Final = (0.5, 0.9)  # of the differences: beyond may be those of the jumps themselves


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to judge every point.

    Attributes:
        method: what it is called if it leads.
        transform: its scale; ``expected`` and ``scale`` are on it.
        deviations: what is judged: signed, in robust deviations.
        own: the point's own distance from ``expected`` in units of ``scale``; differs from ``deviations`` where a
            point is judged by the company it keeps (a block, the level after a shift).
        upper, lower: the thresholds of the two sides.
        band_share: the band reaches to this share of the threshold (in units of ``scale``).
        holds: the points for which a level that begins here was seen to hold; 0 where none begins, or for good.
        counts: whether it judges how many points of a stretch are not zero, whatever their size.
    """

    method: Method
    transform: Transform
    expected: FloatArray
    scale: FloatArray
    deviations: FloatArray
    own: FloatArray
    upper: Tail
    lower: Tail
    band_share: float = NO_BAND
    holds: int = 0
    counts: bool = False

    def scores(self, budget: float) -> FloatArray:
        """Return the distance over the threshold, signed: beyond 1 or -1 is abnormal."""
        return self.deviations / np.where(self.deviations >= 0, self.upper.at(budget), self.lower.at(budget))

    def distances(self, budget: float, at: IntArray) -> FloatArray:
        """Return the own distance of the points ``at`` in units of the band, signed: beyond 1 or -1 is outside it."""
        own = self.own[at]
        limits = np.where(own >= 0, self.upper.at(budget), self.lower.at(budget))
        return own / (self.band_share * limits)

    def band(self, budget: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return expected value, lower and upper bound per point in the (scaled) unit of the series."""
        down = self.band_share * self.lower.at(budget) * self.scale
        up = self.band_share * self.upper.at(budget) * self.scale
        centre = self.transform.inverse(self.expected)
        lower, upper = (self.transform.inverse(self.expected - down), self.transform.inverse(self.expected + up))
        return centre, np.minimum(lower, centre), np.maximum(upper, centre)


def build(series: Series, model: Model) -> list[Channel]:
    """Build the channels that suit a series of this length, the model's first."""
    leading = Method.SEASONAL_RESIDUAL if model.periods else Method.ROBUST_Z
    n = len(series)
    main = _channel(leading, model.transform, model.expected, model.scale, model.scaled - model.expected)
    channels: list[Channel | None] = [main]
    if LOCAL_FROM <= n <= LOCAL_TO:
        channels.append(_local(model))
    if n >= SIDES_FROM and model.transform.name != "identity":
        channels.append(_plain_unit(series, model))
    if n >= AFAR_FROM:
        channels.extend(_from_afar(model, count) for count in AFAR)
    if n >= jumps.FROM:
        channels.extend(_jumps(model))
    return [*(c for c in channels if c is not None), *shifted(model)]


def _channel(
    method: Method,
    transform: Transform,
    expected: FloatArray,
    scale: FloatArray,
    residual: FloatArray,
    *,
    bounded: bool = True,
) -> Channel:
    deviations = residual / scale
    upper, lower = _tails(deviations, len(deviations), bounded=bounded)
    return Channel(method, transform, expected, scale, deviations, deviations, upper, lower)


def _tails(
    deviations: FloatArray, points: int, *, bounded: bool, shares: tuple[float, float] | None = None
) -> tuple[Tail, Tail]:
    single = threshold.without_runs(deviations)
    both = np.abs(single)
    if points < SIDES_FROM:
        tail = threshold.fit(both, both, points, bounded=bounded, shares=shares)
        return tail, tail
    upper = threshold.fit(single[single > 0], both, points, bounded=bounded, shares=shares)
    lower = threshold.fit(-single[single < 0], both, points, bounded=bounded, shares=shares)
    return upper, lower


def _local(model: Model) -> Channel | None:
    """Judge each point against the median of its neighbours: an isolated spike in a wandering series."""
    known = model.season + model.steps
    around = neighbours(model.scaled - known)
    residual = model.scaled - known - around
    scale = trend.scale(residual, trend.window(len(residual), model.periods), model.least)
    if scale.overall > WANDERING * model.overall:
        return None
    return _channel(Method.ROLLING_BAND, model.transform, known + around, scale.local, residual)


def neighbours(values: FloatArray) -> FloatArray:
    """Return the median of the three points on each side of every point, itself left out; at the ends, of six."""
    n = len(values)
    if n <= 2 * NEIGHBOURS:
        return np.full(n, np.median(values))
    offsets = np.concatenate([np.arange(-NEIGHBOURS, 0), np.arange(1, NEIGHBOURS + 1)])
    at = np.arange(n)[:, None] + offsets
    width = 2 * NEIGHBOURS + 1
    at = np.where(at < 0, at + width, np.where(at >= n, at - width, at))
    return np.asarray(np.median(values[at], axis=1), dtype=np.float64)


def _plain_unit(series: Series, model: Model) -> Channel | None:
    """Judge in the series' own unit too: what a logarithm makes small may still be the largest by far.

    Far in this unit only because the level is high is no reason: the model must find the point unusual as well.
    """
    expected = model.transform.inverse(model.expected)
    residual = series.values - expected
    usual = spread(residual)
    if usual <= 0:
        return None
    scale = np.full(len(residual), max(usual, 0.6 * quantum(series.values), trend.ROUNDING))
    plain = _channel(Method.ROBUST_Z, identity(), expected, scale, residual, bounded=False)
    judged = np.where(np.abs(model.deviations) > UNUSUAL, plain.deviations, 0.0)
    return Channel(plain.method, plain.transform, expected, scale, judged, plain.own, plain.upper, plain.lower)


def _from_afar(model: Model, count: int) -> Channel | None:
    """Judge means of blocks: a long stretch that no single point gives away. No trend: a stretch is what it would take.

    Plain aggregation at two fixed resolutions (our own; no published source), every block by halves with the one
    before and the one after: of a stretch that begins inside a block no less than three quarters fall into one of
    these. What is found is told of the half that shows it.
    """
    rest = model.scaled - model.season - model.steps
    centre, n = float(np.median(rest)), len(rest)
    length = n // (2 * count)
    halves = np.minimum(np.arange(n) // length, n // length - 1)  # the last takes what is left over
    reach = AFAR_CLIP * model.overall
    sums = np.bincount(halves, weights=np.clip(rest, centre - reach, centre + reach))
    sizes = np.bincount(halves)
    means = (sums[1:] + sums[:-1]) / (sizes[1:] + sizes[:-1])
    middle = float(np.median(means))
    width = spread(means - middle)
    if width <= 0:
        return None
    width = max(width, trend.ROUNDING)
    deviations = (means - middle) / width
    upper, lower = _tails(deviations, count, bounded=True)
    expected = model.season + model.steps + middle
    return Channel(
        Method.ROLLING_BAND,
        model.transform,
        expected,
        np.full(n, width),
        _of_halves(deviations, (sums / sizes - middle) / width)[halves],
        (model.scaled - expected) / width,
        upper,
        lower,
    )


def _of_halves(blocks: FloatArray, halves: FloatArray) -> FloatArray:
    """Return for each half the louder of the two blocks it is in, if it shows at least half of what that shows."""
    before, after = np.concatenate([[0.0], blocks]), np.concatenate([blocks, [0.0]])
    before, after = (np.where(halves * of >= HALF_SHOWS * of * of, of, 0.0) for of in (before, after))
    return np.where(np.abs(after) > np.abs(before), after, before)


def _jumps(model: Model) -> list[Channel]:
    """Judge the first point of each new level by the level before, once for every width of ``jumps``."""
    known = model.season + model.steps
    rest = model.scaled - known
    noise = jumps.noise_of(rest, max(float(np.median(model.least)), trend.ROUNDING))
    return [_jumps_of(model, known, noise, found) for found in jumps.find(rest, noise)]


def _jumps_of(model: Model, known: FloatArray, noise: float, found: jumps.Jumps) -> Channel:
    n = len(known)
    upper, lower = (
        replace(tail, least=max(tail.least, shifts.CLEAR))
        for tail in _tails(found.differences, n, bounded=True, shares=USUAL_SHARES)
    )
    expected, deviations = model.expected.copy(), np.zeros(n)
    expected[found.at] = known[found.at] + found.before
    deviations[found.at] = found.clarity
    own, scale = (model.scaled - expected) / noise, np.full(n, noise)
    return Channel(
        Method.LEVEL_SHIFT,
        model.transform,
        expected,
        scale,
        deviations,
        own,
        upper,
        lower,
        band_share=OUTSIDE,
        holds=found.width,
    )


def shifted(model: Model) -> list[Channel]:
    """Judge the first points of a new level by the level before: there the shift is reported, unless it was told."""
    found = [shift for shift in model.shifts if not shift.told]
    if not found:
        return []
    expected, scale = model.expected.copy(), model.scale
    deviations = np.zeros(len(expected))
    for shift in found:
        reach = slice(shift.at, shift.at + shifts.NEXT_FEW)
        before = model.expected[reach] - shift.change
        outside = (model.scaled[reach] - before) * np.sign(shift.change) > shifts.LARGE_IF_SURE * scale[reach]
        if outside.any():
            place = shift.at + int(np.argmax(outside))
            expected[place] = model.expected[place] - shift.change
            deviations[place] = shift.clarity * np.sign(shift.change)
    tail = Tail(len(expected), shifts.CLEAR)
    own = (model.scaled - expected) / scale
    return [Channel(Method.LEVEL_SHIFT, model.transform, expected, scale, deviations, own, tail, tail, OUTSIDE)]
