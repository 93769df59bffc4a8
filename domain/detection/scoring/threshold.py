"""How far is too far: a false-alarm budget turned into robust deviations, fitted to the tail the series has."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.special import ndtri

from domain.detection.prepared_series import FloatArray

STANDARD_BUDGET: Final = 0.05  # expected false alarms in one series at the standard sensitivity
DECADES: Final = 4.0  # sensitivity moves the budget from 1/100 to 100 times the standard one
LEAST: Final = 4.4  # no series is so clean that less is safe (4.2 to 4.4: clean series with an alarm 8.8 -> 7.8 %),
LEAST_FEW: Final = 4.2  # but a few points rarely raise an alarm and do miss more
FEW: Final = 100
COMMONEST: Final = 0.005  # no budget may expect more than this share of points beyond the threshold, per side
# The 95 % point of max|x - median| / (1.4826 MAD) of n Gaussian values, 200,000 simulations each
SHORT_LENGTHS: Final = (5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 24, 30, 40)
SHORT_POINTS: Final = (7.9, 5.54, 5.84, 4.90, 5.09, 4.58, 4.38, 4.23, 4.12, 4.06, 4.00, 3.93, 3.84, 3.78)
SHORT: Final = 20
SHORT_POWER: Final = 3.5  # the same simulations: from the 95 % to the 99 % point of n = 7
TAIL_FROM: Final = 41  # fewer points have no tail to speak of
FEWEST_ON_A_SIDE: Final = 10
SHARES: Final = ((600, 0.8, 0.98), (200, 0.8, 0.95), (0, 0.5, 0.9))  # from so many points on: the two quantiles
CLUSTER_SHARE: Final = 0.2  # at most this share of a series can be outliers
CLUSTER_GAP: Final = 1.5  # a cluster of outliers begins where |z| jumps by this factor ...
CLUSTER_FROM: Final = 3.5  # ... beyond this deviation
DENSE_CLUSTER: Final = 4  # or where so many lie beyond, ...
DENSE_CLUSTER_FAR: Final = 0.7  # ... most of them by that factor again (of Student's 3 degrees a third are) ...
DENSE_CLUSTER_VALLEY: Final = 0.5  # ... and few before: a tail thins out, a dense cluster has a valley in front of it
DENSE_CLUSTER_TO: Final = 600  # points; in longer series a dense cluster is a recurring pattern
RUN_FROM: Final = 2.5  # a run of exceedances of this counts once ...
RUN_CORRELATION: Final = 0.3  # ... unless neighbours resemble each other anyway


@dataclass(frozen=True, slots=True)
class Continuation:
    """How the tail goes on beyond its upper quantile, by how much heavier than Gaussian it is up to there.

    Tuned on Gaussian, Student and Laplace noise: short series on the safe side, as a wrong tail costs an alarm;
    long ones know their tail, and there recurring patterns are recognised apart (``recurrence``).
    """

    linear: float
    square: float
    heaviest: float
    pooled: float
    most: float


LONG_FROM: Final = 1_000
IN_SHORT: Final = Continuation(linear=1.2, square=2.2, heaviest=4.0, pooled=1.0, most=30.0)
IN_LONG: Final = Continuation(linear=1.5, square=0.0, heaviest=2.4, pooled=0.0, most=15.0)
HALF_KNOWN: Final = 60.0  # points at which heaviness is believed by half


@dataclass(frozen=True, slots=True)
class Tail:
    """A side's threshold as a function of the budget.

    Attributes:
        points: length of the series.
        least: the threshold at the standard budget, if the tail is Gaussian.
        least_power: how ``least`` follows the Gaussian point.
        anchor, anchor_point: an upper quantile of the deviations, and the Gaussian's at the same share.
        power: how the tail goes on from the anchor: 1 for a Gaussian.
        most: the threshold is no higher, however heavy the tail (at the standard budget).
    """

    points: int
    least: float
    least_power: float = 1.0
    anchor: float = 0.0
    anchor_point: float = 1.0
    power: float = 1.0
    most: float = np.inf

    def at(self, budget: float) -> float:
        """Return the threshold that is exceeded ``budget`` times on average; a larger budget never raises it."""
        point = gaussian_point(self.points, budget)
        ratio = point / gaussian_point(self.points, STANDARD_BUDGET)
        fitted = self.anchor * (point / self.anchor_point) ** self.power
        return float(max(self.least * ratio**self.least_power, min(fitted, self.most * max(ratio, 1.0))))

    def capped(self, most: float) -> "Tail":
        """Return the same tail with a threshold no higher than ``most`` (at the standard budget)."""
        return replace(self, most=min(self.most, most))


def budget_at(sensitivity: float) -> float:
    """Return the false alarms per series that a sensitivity allows: 0.0005 at 0, 0.05 at 1/2, 5 at 1."""
    return float(STANDARD_BUDGET * 10.0 ** (DECADES * (min(max(sensitivity, 0.0), 1.0) - 0.5)))


def gaussian_point(points: int, budget: float) -> float:
    """Return the deviation that ``points`` Gaussian values exceed ``budget`` times on average, on either side."""
    return float(-ndtri(min(budget / (2.0 * points), COMMONEST)))


def plain(points: int) -> Tail:
    """Return the threshold for a Gaussian tail."""
    least = gaussian_point(points, STANDARD_BUDGET)
    if points <= SHORT_LENGTHS[-1]:
        least = float(np.interp(points, SHORT_LENGTHS, SHORT_POINTS))
    return Tail(points, max(LEAST_FEW if points < FEW else LEAST, least), SHORT_POWER if points < SHORT else 1.0)


def fit(
    side: FloatArray,
    both: FloatArray,
    points: int,
    *,
    bounded: bool = True,
    shares: tuple[float, float] | None = None,
) -> Tail:
    """Fit the tail of one side.

    The thresholds of SPOT (Siffer et al. 2017) come from a generalized Pareto fit to the excesses. Here two quantiles
    stand in for it: they exist at fifty points too, and what lies over the threshold cannot move them.

    Args:
        side: |z| of that side.
        both: |z| of both sides, to pool with.
        points: length of the whole series, which the budget is for.
        bounded: whether the threshold may be capped and clusters be trimmed; not where spread depends on the level.
        shares: the two quantiles the tail is described by; None for those that suit the length.
    """
    gaussian = plain(points)
    if points < TAIL_FROM or len(side) < FEWEST_ON_A_SIDE:
        return gaussian
    shares = shares or next((low, high) for least, low, high in SHARES if points >= least)
    low_point, high_point = (float(ndtri((1.0 + s) / 2.0)) for s in shares)
    clusters = bounded and points < DENSE_CLUSTER_TO
    high, ratio = _quantiles(side, shares, points, clusters=clusters)
    if high <= 0:
        return gaussian
    rule = IN_SHORT if points < LONG_FROM else IN_LONG
    if rule.pooled:
        ratio += rule.pooled * max(_quantiles(both, shares, points, clusters=clusters)[1] - ratio, 0.0)
    heavier = ratio / np.log(high_point / low_point) - 1.0
    known = points / (points + HALF_KNOWN)
    power = 1.0 + known * (rule.linear * heavier + rule.square * heavier * abs(heavier))
    return Tail(
        points,
        gaussian.least,
        gaussian.least_power,
        high,
        high_point,
        float(np.clip(power, 1.0, rule.heaviest)),
        rule.most if bounded else np.inf,
    )


def _quantiles(
    deviations: FloatArray, shares: tuple[float, float], points: int, *, clusters: bool
) -> tuple[float, float]:
    """Return the upper quantile and the log of its ratio to the lower one."""
    sides = points / len(deviations) if points < LONG_FROM else 1.0  # all outliers may stand on one; many recur
    outliers = CLUSTER_SHARE * float(np.clip(sides, 1.0, 2.0))
    usual = without_cluster(np.sort(deviations), clusters=clusters, share=outliers)
    low, high = (float(q) for q in np.quantile(usual, shares))
    return high, float(np.log(high / max(low, 0.02 * high))) if high > 0 else 0.0


def without_runs(deviations: FloatArray) -> FloatArray:
    """Keep of each run of exceedances only its furthest point: a burst is one event, not a heavy tail.

    Runs declustering of extremes (Coles 2001, section 5.3.2). Where neighbours resemble each other anyway (a sensor,
    a random walk) runs are how the tail looks, and nothing is dropped.
    """
    calm = np.clip(deviations, -RUN_FROM, RUN_FROM)
    energy = float(np.square(calm).sum())  # np.dot would start threads, which wait for each other longer than they work
    if energy <= 0 or float((calm[1:] * calm[:-1]).sum()) > RUN_CORRELATION * energy:
        return deviations
    beyond = np.flatnonzero(np.abs(deviations) > RUN_FROM)
    far = deviations[beyond]
    goes_on = np.concatenate([[False], (np.diff(beyond) == 1) & (far[1:] * far[:-1] > 0)])
    if not goes_on.any():
        return deviations
    starts = np.flatnonzero(~goes_on)
    peaks_only = deviations.copy()
    peaks_only[beyond[starts]] = np.maximum.reduceat(np.abs(far), starts) * np.sign(far[starts])
    return np.delete(peaks_only, beyond[goes_on])


def without_cluster(ordered: FloatArray, *, clusters: bool, share: float = CLUSTER_SHARE) -> FloatArray:
    """Drop a separated cluster of outliers, so that it does not widen the tail that is to judge it (masking).

    Args:
        ordered: |z|, ascending.
        clusters: whether outliers without a clear jump before them may be separated by the valley in front of them.
        share: at most so much of them can be outliers.
    """
    first = max(int(np.ceil((1.0 - share) * len(ordered))) - 1, 0)
    top = ordered[first:]
    beyond = int((top > CLUSTER_FROM).sum())
    far = int((top > CLUSTER_GAP * CLUSTER_FROM).sum())
    valley = int((ordered > CLUSTER_FROM / CLUSTER_GAP).sum()) - beyond
    if (
        clusters
        and beyond >= DENSE_CLUSTER
        and far >= DENSE_CLUSTER_FAR * beyond
        and valley <= DENSE_CLUSTER_VALLEY * beyond
    ):
        return ordered[: len(ordered) - beyond]
    jumps = top[1:] > np.maximum(CLUSTER_GAP * top[:-1], CLUSTER_FROM)
    return ordered[: first + int(np.argmax(jumps)) + 1] if jumps.any() else ordered
