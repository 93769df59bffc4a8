"""The shift that all leaves share: a day that is good or bad for everybody is no cause (see ``localise``)."""

import numpy as np

from domain.causes.cube import Floats, Leaves
from domain.causes.noise import deviations, large_leaves

LEAST_MASS = 0.02  # of the total that a value must hold to be asked: smaller ones are too noisy
LEAST_LEAVES = 5  # leaves of a value whose median deviation is believed, where any value has as many


def common_deviation(leaves: Leaves, actual: Floats, expected: Floats) -> float:
    """Return the deviation, in [-2, 2], by which every value of every column moved at least.

    Where one value is the cause, the other values of its column did not move, so the answer is 0 however large the
    cause is; where all moved alike it is their shift. Medians over the leaves of a value: smaller causes do not count.

    Args:
        leaves: the leaf table.
        actual: per leaf, shape (leaves,).
        expected: per leaf, shape (leaves,).
    """
    deviation, mean = deviations(actual, expected)
    if not mean.any():
        return 0.0
    large = large_leaves(mean)
    large = large[mean[large] > 0]
    medians = [float(np.median(deviation[large]))]
    for codes, values in zip(leaves.codes, leaves.values, strict=True):
        mass = np.bincount(codes, mean, len(values))
        for value in np.flatnonzero(mass >= LEAST_MASS * mass.sum()):
            own = deviation[large[codes[large] == value]]
            if len(own) >= min(LEAST_LEAVES, len(large) // len(values)):
                medians.append(float(np.median(own)) if len(own) else 0.0)
    if min(medians) > 0:
        return min(medians)
    return min(max(medians), 0.0)


def factor_of(deviation: float) -> float:
    """Return actual / expected of a deviation: 0 for -2, infinite for +2."""
    return (2 + deviation) / (2 - deviation) if deviation < 2 else float("inf")  # noqa: PLR2004  # the end of its range


def common_part(leaves: Leaves, actual: Floats, expected: Floats) -> float:
    """Return the part of the total's change that every value of every column shares, 0 to about 1.

    By the sums of the values: where one value, or a combination with it, is the cause, the other values of its column
    did not move. A column with one large value says nothing of others.

    Args:
        leaves: the leaf table.
        actual: per leaf, shape (leaves,).
        expected: per leaf, shape (leaves,).
    """
    change = float(actual.sum() - expected.sum())
    moves: list[float] = []
    for codes, values in zip(leaves.codes, leaves.values, strict=True):
        now, then = (np.asarray(np.bincount(codes, side, len(values)), np.float64) for side in (actual, expected))
        deviation, mean = deviations(now, then)
        large = np.flatnonzero(mean >= LEAST_MASS * mean.sum())
        if len(large) > 1:
            moves += deviation[large].tolist()
    if change == 0 or not moves or np.sign(min(moves)) != np.sign(max(moves)):
        return 0.0
    common = factor_of(min(moves, key=abs))
    return (common - 1) * float(expected.sum()) / change if np.isfinite(common) else 0.0
