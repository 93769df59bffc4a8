"""What leaves usually are: from the same leaves on comparable days before."""

from dataclasses import dataclass

import numpy as np

from domain.causes.cube import Floats
from domain.causes.noise import Noise

# Of daily revenue and orders per leaf, beyond counting (the benchmark's events).
LEAF_SIGMA = 0.08
SHARED = 0.05  # a misjudged trend or a good day moves all leaves of an element together
CLEAR = 3.0  # deviations by which a shift must exceed the shared noise


@dataclass(frozen=True, slots=True)
class Usual:
    """Expected values per leaf, shape (leaves,), and how far leaves move by chance."""

    expected: Floats
    noise: Noise


def usual(past: Floats) -> Usual:
    """Return what is expected of the leaves, and the noise of a day.

    The mean is additive, as a median is not: what is expected of an element is the sum of what is expected of its
    leaves.
    Counting noise is the pooled variance over the pooled mean, plus that of the mean itself.

    Args:
        past: sums per comparable day (same weekday) and leaf, shape (days, leaves), at least one day.
    """
    mean = past.mean(axis=0)
    level = float(np.abs(mean).sum())
    spread = float(past.var(axis=0).sum()) / level if level else 0.0
    return Usual(mean, Noise(LEAF_SIGMA, spread * (1 + 2 / len(past)), SHARED, CLEAR))
