"""How far leaves move by chance: relative noise, noise of counting, and noise that many leaves share."""

from dataclasses import dataclass

import numpy as np

from domain.causes.cube import Floats, Integers

MAD_TO_SIGMA = 1.4826  # median absolute deviation of a normal variable to its standard deviation
QUARTILE_TO_SIGMA = 3.138  # lower quartile of the absolute value of a normal variable to its standard deviation
FEW_MEDIAN = 0.7  # half of the leaves may be shifted, and their shift then is half of the median
CHI2_MEDIAN = 0.455  # median of a chi-squared variable with one degree of freedom
LARGE_MASS = 0.8  # the leaves that hold this part of the mass show the relative noise (small ones show counting noise)
LEAST_LARGE = 30  # leaves below which a median says little
LEAST_SIGMA = 0.01  # no real figure repeats to better than a percent
LEAST_TAIL = 100  # leaves below which tails cannot be judged
TAIL_RANK = 10  # the leaf that shows the tail: fewer may be causes of their own
TAIL_PART = 0.005  # of many leaves
HEAVY = 1.7  # times the reach of normal noise: S and L of the benchmark stay below 1.4, its real page views (K) above
LEAST_VARIANCE = 1e-3  # of the relative noise, where counting noise alone explains the large leaves: 3 percent


@dataclass(frozen=True, slots=True)
class Noise:
    """The variance of a leaf's deviation d is ``sigma**2 + phi / mean``; that of an element's has ``shared**2`` more.

    Attributes:
        sigma: relative noise of a leaf, 0.1 being 10 percent.
        phi: variance over mean of counting; 1 for independent events of size 1.
        shared: relative noise that the leaves of one element have in common and that does not average out.
        clear: standard deviations by which an element's shift must exceed all noise, the shared included.
    """

    sigma: float
    phi: float = 0.0
    shared: float = 0.0
    clear: float = 0.0

    def weights(self, mean: Floats) -> Floats:
        """Return 1 / variance per leaf, 0 for leaves without any mass."""
        live = mean > 0
        return np.divide(live, self.sigma**2 + np.divide(self.phi, mean, out=np.zeros_like(mean), where=live))


def deviations(actual: Floats, expected: Floats) -> tuple[Floats, Floats]:
    """Return (actual - expected) / mean of both, in [-2, 2], and the mean; 0 for leaves without any mass.

    The measure of Squeeze (ISSRE 2019) as RiskLoc (arXiv 2205.10004, section III) uses it: all leaves below a cause
    have the same one, whatever their size, and new (+2) and vanished (-2) leaves have one as well.
    """
    mean = (np.abs(actual) + np.abs(expected)) / 2
    return np.divide(actual - expected, mean, out=np.zeros_like(mean), where=mean > 0), mean


def large_leaves(mean: Floats) -> Integers:
    """Return the leaves that together hold ``LARGE_MASS``, at least ``LEAST_LARGE``, else at most half of all.

    Leaves as large as the smallest of them are in as well: the order of the leaves decides nothing.
    """
    sizes = np.sort(mean)[::-1]
    count = int(np.searchsorted(np.cumsum(sizes), LARGE_MASS * mean.sum())) + 1
    count = int(np.clip(count, min(LEAST_LARGE, len(mean)), max(len(mean) // 2, 1)))
    return np.flatnonzero(mean >= sizes[count - 1])


def estimated_noise(deviation: Floats, mean: Floats) -> Noise:
    """Estimate sigma from the large leaves and phi from the small ones, by medians that a cause does not move much."""
    deviation, mean = deviation[mean > 0], mean[mean > 0]
    if not len(mean):
        return Noise(LEAST_SIGMA)
    if len(mean) < 2 * LEAST_LARGE:
        return Noise(_few_leaves_sigma(np.abs(deviation)))
    large = large_leaves(mean)
    sigma = max(MAD_TO_SIGMA * float(np.median(np.abs(deviation[large]))), LEAST_SIGMA)
    small = np.ones(len(mean), np.bool_)
    small[large] = False
    if not small.any():
        return Noise(sigma)
    beyond = np.maximum(deviation[small] ** 2 / CHI2_MEDIAN - sigma**2, 0.0) * mean[small]
    phi = float(np.median(beyond))
    if phi < 0.01 * float(np.median(mean)) * sigma**2:  # under 1 % of the variance of a usual leaf: no counting noise
        return Noise(sigma)
    counted = phi * float(np.mean(1 / mean[large]))
    return Noise(float(np.sqrt(max(sigma**2 - counted, LEAST_VARIANCE))), phi)


def _few_leaves_sigma(size: Floats) -> float:
    """Return the relative noise of a small table, in which a cause may cover half of all leaves or more.

    The lower quartile of |d| stands up to that; ``FEW_MEDIAN`` of what the median says is the least, for it is of
    few leaves.
    """
    quartile, median = np.quantile(size, (0.25, 0.5))
    return max(QUARTILE_TO_SIGMA * float(quartile), FEW_MEDIAN * MAD_TO_SIGMA * float(median), LEAST_SIGMA)


def is_heavy_tailed(deviation: Floats, weight: Floats, direction: float) -> bool:
    """Return whether leaves that moved against the total reach further than normal noise does.

    Of n normal leaves the rank r has a halved square of about log(n / r) at most.

    Args:
        deviation: per leaf, shape (leaves,).
        weight: 1 / variance per leaf, 0 without mass.
        direction: 1 or -1, the way of the total.
    """
    other = (deviation**2 * weight / 2)[(deviation * direction < 0) & (weight > 0)]
    rank = max(TAIL_RANK, int(TAIL_PART * len(other)))
    if len(other) < LEAST_TAIL:
        return False
    return bool(np.partition(other, -rank)[-rank] > HEAVY * np.log(len(other) / rank))
