"""Search for the few elements that explain the change.

The element with the largest gain is taken, its leaves are set aside and the search goes on (RiskLoc, Kalander, arXiv
2205.10004, section IV-C). What an element must reach: the price of naming it among all elements (minimum description
length), and what elements of as many columns reach that moved against the total, which only noise can do (the idea of
RiskLoc's cut-off, section IV-A).
"""

from dataclasses import dataclass

import numpy as np

from domain.causes.cube import Cube, Flags, Floats, Integers
from domain.causes.gains import Gains

EVIDENCE = 4.0  # log odds, for each column that a cause fixes, beyond the price of naming it: 50 to 1
MARGIN = (
    1.3  # gain over what noise reaches: its largest values vary so much (S of the benchmark: .93 without, .96 with)
)
MOST_TESTED = 60  # candidates whose purity is tested in one round: bounds the time
IMPURE = 0.05  # part of its gain by which the values of one more column may tell more than the element as a whole
LEAST_AGAINST = 50  # elements of a layer, from which on those that moved against the total show how far noise goes
OUTLIERS = 3  # of those, the rank that is believed: one or two may be causes of their own
DIGITS = 9  # significant digits of gains that are compared: sums in another order differ in the 15th


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """When the search ends.

    Attributes:
        most: causes of one answer.
        least_share: the part of the total's change that a cause must have.
        least_gain: the part of the first cause's gain that a later one must have.
        mirrored: whether elements that moved against the total tell how far noise goes.
    """

    most: int
    least_share: float
    least_gain: float
    mirrored: bool


@dataclass(frozen=True, slots=True)
class FoundElement:
    """An element and its gain, from the leaves below it that no better one took."""

    element: int
    gain: float


def find(gains: Gains, limits: SearchLimits, allowed: Flags) -> list[FoundElement]:
    """Return the elements that explain the change, best first; ``gains`` is used up.

    Args:
        gains: sums of all elements.
        limits: when to stop.
        allowed: elements that may be answered, shape (elements,).
    """
    elements: list[FoundElement] = []
    bar = bars(gains, limits.mirrored)
    least_change = limits.least_share * abs(float(gains.change[: gains.cube.starts[1]].sum())) if bar.size else 0.0
    while len(elements) < limits.most:
        gain = gains.elements()
        least_gain = limits.least_gain * elements[0].gain if elements else 0.0
        fit = allowed & (gain > np.maximum(bar, least_gain)) & (gains.change * gains.direction > least_change)
        best = _best_pure(gains, gain, np.flatnonzero(fit))
        if best is None:
            break
        elements.append(FoundElement(best, float(gain[best])))
        below = gains.cube.below(best)
        gains.set_aside(below[gains.live[below]])
    return elements


def bars(gains: Gains, mirrored: bool) -> Floats:  # noqa: FBT001  # one of the limits, handed on
    """Return the gain that each element must exceed, shape (elements,)."""
    cube = gains.cube
    bar = np.log(len(cube.cuboids) + 1.0) + np.log(cube.sizes)
    if mirrored:
        other = gains.against()
        for layer in np.unique(cube.layers):
            inside = cube.layers == layer
            level = _noise_level(cube, other, int(layer))
            bar[inside] = np.maximum(bar[inside], MARGIN * level)
    return np.asarray(bar + EVIDENCE * cube.layers)


def _noise_level(cube: Cube, against: Floats, layer: int) -> float:
    """Return the largest gain against the total in the cuboids of a layer, outliers of each cuboid left out."""
    level = 0.0
    for cuboid, axes in enumerate(cube.cuboids):
        if len(axes) == layer:
            inside = against[cube.starts[cuboid] : cube.starts[cuboid + 1]]
            inside = inside[inside > 0]
            if len(inside) > LEAST_AGAINST:
                level = max(level, float(np.partition(inside, -OUTLIERS)[-OUTLIERS]))
    return level


def _best_pure(gains: Gains, gain: Floats, candidates: Integers) -> int | None:
    for element in ranked(gains.cube, gain, np.abs(gains.change), candidates)[:MOST_TESTED]:
        if is_pure(gains, int(element), float(gain[element])):
            return int(element)
    return None


def is_pure(gains: Gains, element: int, gain: float) -> bool:
    """Return whether no split of the element by one more column tells clearly more than the element as a whole."""
    leaves = gains.cube.leaves
    below = gains.cube.below(element)
    below = below[gains.live[below]]
    fixed = gains.cube.cuboids[gains.cube.cuboid_of(element)]
    for axis, codes in enumerate(leaves.codes):
        if axis not in fixed:
            price = EVIDENCE + np.log(len(leaves.values[axis]))
            if np.maximum(gains.groups(codes, below) - price, 0.0).sum() > (1 + IMPURE) * gain:
                return False
    return True


def ranked(cube: Cube, gain: Floats, change: Floats, candidates: Integers) -> Integers:
    """Order candidates by gain; ties by fewer columns, then larger change, then name (elements are numbered by it)."""
    keys = (candidates, -rounded(change[candidates]), cube.layers[candidates], -rounded(gain[candidates]))
    return candidates[np.lexsort(keys)]


def rounded(numbers: Floats) -> Floats:
    """Round to ``DIGITS`` significant digits."""
    size = np.floor(np.log10(np.maximum(np.abs(numbers), np.finfo(np.float64).tiny)))
    scale = 10.0 ** np.clip(DIGITS - 1 - size, -300, 300)
    return np.asarray(np.round(numbers * scale) / scale)
