"""An element as a cause: named, with its share, and with the elements that cover the same rows."""

import numpy as np

from domain.causes.cube import Cube, Floats
from domain.causes.explanation import Cause, Condition, Effect, RatioTerms, presence_of
from domain.causes.search import FoundElement

SAME_ROWS = 0.85  # weighted Jaccard index above which two elements cannot be told apart
MOST_ALSO = 3  # others that are named


def cause_of(  # the numbers of one cause, each once
    cube: Cube,
    element: FoundElement,
    effect: Effect,
    actual: float,
    expected: float,
    change: float,
    mass: Floats,
) -> Cause:
    """Describe an element of a sum.

    Args:
        cube: the elements.
        element: the element.
        effect: how it moved the total.
        actual: its sum.
        expected: its expected sum.
        change: of the total.
        mass: weight of each leaf for "nearly the same rows", shape (leaves,).
    """
    return Cause(
        conditions=conditions_of(cube, element.element),
        effect=effect,
        presence=presence_of(actual, expected),
        actual=actual,
        expected=expected,
        share=(actual - expected) / change if change else 0.0,
        gain=element.gain,
        also=same_rows(cube, element.element, mass),
    )


def ratio_cause(  # the numbers of one cause, each once
    cube: Cube,
    element: FoundElement,
    effect: Effect,
    sides: tuple[float, float],
    share: float,
    terms: RatioTerms,
    mass: Floats,
) -> Cause:
    """Describe an element of a ratio; ``sides`` are its ratio, or its part of the denominator, actual and expected."""
    return Cause(
        conditions=conditions_of(cube, element.element),
        effect=effect,
        presence=presence_of(*sides),
        actual=sides[0],
        expected=sides[1],
        share=share,
        gain=element.gain,
        also=same_rows(cube, element.element, mass),
        terms=terms,
    )


def conditions_of(cube: Cube, element: int) -> tuple[Condition, ...]:
    """Return what an element fixes, sorted by column."""
    return tuple(Condition(column=column, value=value) for column, value in sorted(cube.named(element).items()))


def same_rows(cube: Cube, element: int, mass: Floats) -> tuple[tuple[Condition, ...], ...]:
    """Return other elements, fewest columns first, that cover nearly the same mass (Jaccard index, ``SAME_ROWS``)."""
    below = cube.below(element)
    own = float(mass[below].sum())
    shared = cube.total(mass[below], below)
    every = cube.total(mass)
    alike = (shared > SAME_ROWS * (every + own - shared)) & ~cube.blank
    alike[element] = False
    return tuple(conditions_of(cube, int(other)) for other in np.flatnonzero(alike)[:MOST_ALSO])
