"""The gain of an element: how much likelier one shift of all its leaves is than none.

If an element is the cause, all leaves below it share one deviation (the ripple effect: HotSpot, Sun et al., IEEE Access
2018; generalised in Squeeze, ISSRE 2019). A parent of the cause is diluted and a child has fewer leaves, so the cause
itself has the largest log likelihood ratio. Two families of noise: normal, where it is (sum w d)^2 / (2 sum w), and
Student's t, where one wild leaf cannot make a cause and many leaves that agree can.
"""

from abc import ABC, abstractmethod

import numpy as np
from typing_extensions import override

from domain.causes.cube import Cube, Floats, Integers
from domain.causes.noise import Noise, deviations

# Shifts that are tried where noise is heavy-tailed: between neighbours the likelihood changes little.
SHIFTS = (0.08, 0.15, 0.25, 0.35, 0.5, 0.65, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0)
FREEDOM = 3.0  # degrees of freedom of Student's t, the heaviest tails that still have a variance
# Of the weights under Student's t: a median of |d| knows nothing of the tails (K of the benchmark: F1 .50 with 1).
WIDER = 0.5


class Gains(ABC):
    """The sums of all elements over the leaves that are not yet set aside.

    Attributes:
        live: whether a leaf has mass and is not yet set aside, shape (leaves,).
        change: actual - expected of each element's live leaves, shape (elements,).
    """

    def __init__(self, cube: Cube, actual: Floats, expected: Floats, noise: Noise, direction: float) -> None:
        """Sum the leaves.

        Args:
            cube: the elements.
            actual: per leaf, shape (leaves,).
            expected: per leaf, shape (leaves,).
            noise: how far leaves move by chance.
            direction: 1 or -1, the way of shifts that are looked for.
        """
        self.cube, self.noise, self.direction = cube, noise, direction
        self.deviation, self._mean = deviations(actual, expected)
        self.weight = noise.weights(self._mean)
        self.live = self.weight > 0
        self._change = actual - expected
        self.change = cube.total(self._change)
        self._leaves = cube.total(self.live.astype(np.float64))

    @abstractmethod
    def elements(self) -> Floats:
        """Return the gain of every element for a shift in the direction, shape (elements,)."""

    @abstractmethod
    def against(self) -> Floats:
        """Return the gain of every element for a shift against the direction: what noise alone reaches."""

    @abstractmethod
    def groups(self, codes: Integers, below: Integers) -> Floats:
        """Return the gain of each group of the leaves ``below``, whichever way, by their ``codes``."""

    def set_aside(self, below: Integers) -> None:
        """Take the leaves out of all sums."""
        self.change -= self.cube.total(self._change[below], below)
        self._leaves -= self.cube.total(self.live[below].astype(np.float64), below)
        self.live[below] = False

    @property
    def has_leaves(self) -> Floats:
        """1 for elements with a live leaf, else 0: the sums of others hold rounding errors only."""
        return np.asarray(self._leaves > 0.5, np.float64)  # noqa: PLR2004  # a whole number, compared as one


class NormalGains(Gains):
    """Gains under normal noise, with a term for the noise that the leaves of an element share."""

    @override
    def __init__(self, cube: Cube, actual: Floats, expected: Floats, noise: Noise, direction: float) -> None:
        super().__init__(cube, actual, expected, noise, direction)
        self._pull = self.weight * self.deviation
        self._shift = cube.total(self._pull)
        self._certainty = cube.total(self.weight)

    def _both_ways(self) -> Floats:
        some = self.has_leaves > 0
        gain = np.divide(self._shift**2, 2 * self._certainty, out=np.zeros_like(self._shift), where=some)
        bar = self.noise.clear**2 * (1 + self.noise.shared**2 * self._certainty) / 2
        return np.where(gain < bar, 0.0, gain)

    def all_alike(self) -> float:
        """Return the gain of "all live leaves share one shift"."""
        certainty = float(self.weight.sum())
        return float(self._pull.sum()) ** 2 / (2 * certainty) if certainty else 0.0

    @override
    def elements(self) -> Floats:
        return np.where(self._shift * self.direction > 0, self._both_ways(), 0.0)

    @override
    def against(self) -> Floats:
        return np.where(self._shift * self.direction < 0, self._both_ways(), 0.0)

    @override
    def groups(self, codes: Integers, below: Integers) -> Floats:
        certainty = np.bincount(codes[below], self.weight[below])
        some = certainty > 0
        return np.asarray(np.bincount(codes[below], self._pull[below])[some] ** 2 / (2 * certainty[some]))

    @override
    def set_aside(self, below: Integers) -> None:
        super().set_aside(below)
        self._shift -= self.cube.total(self._pull[below], below)
        self._certainty -= self.cube.total(self.weight[below], below)
        self._pull[below] = self.weight[below] = 0.0


class StudentGains(Gains):
    """Gains under Student's t: the largest log likelihood ratio of some shifts (Lange et al., JASA 84, 1989)."""

    @override
    def __init__(self, cube: Cube, actual: Floats, expected: Floats, noise: Noise, direction: float) -> None:
        super().__init__(cube, actual, expected, noise, direction)
        self.weight = self.weight * WIDER
        self._ratios = [self._ratio(shift * direction) for shift in SHIFTS]
        self._sums = [cube.total(ratio) for ratio in self._ratios]

    def _ratio(self, shift: float) -> Floats:
        """Return the log likelihood ratio of a shift to none per leaf, shape (leaves,)."""
        none = np.log1p(self.deviation**2 * self.weight / FREEDOM)
        some = np.log1p((self.deviation - shift) ** 2 * self.weight / FREEDOM)
        return (none - some) * (FREEDOM + 1) / 2

    @override
    def elements(self) -> Floats:
        return np.asarray(np.maximum(np.max(self._sums, axis=0), 0.0) * self.has_leaves)

    @override
    def against(self) -> Floats:
        sums = [self.cube.total(np.where(self.live, self._ratio(-shift * self.direction), 0.0)) for shift in SHIFTS]
        return np.asarray(np.maximum(np.max(sums, axis=0), 0.0))

    @override
    def groups(self, codes: Integers, below: Integers) -> Floats:
        return np.asarray(np.max([np.bincount(codes[below], ratio[below]) for ratio in self._ratios], axis=0))

    @override
    def set_aside(self, below: Integers) -> None:
        super().set_aside(below)
        for place, ratio in enumerate(self._ratios):
            self._sums[place] -= self.cube.total(ratio[below], below)
            ratio[below] = 0.0
