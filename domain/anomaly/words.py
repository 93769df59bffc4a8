"""What is said of an anomaly, in a sentence that carries its numbers."""

import math
from typing import Final

from domain.anomaly.findings import Kind

LARGEST_PLAIN: Final = 1e15  # above it, and below 1e-4, a number reads better with an exponent
SMALLEST_PLAIN: Final = 1e-4
READABLE_FOLD: Final = 1.1  # "1.0 times the expected" says nothing


def number(value: float, digits: int = 3) -> str:
    """Write ``value`` for people: ``24,500``, ``0.0372``, ``1.2e+20``; ``digits`` significant ones."""
    if value == 0:
        return "0"
    size = abs(value)
    if size >= LARGEST_PLAIN or size < SMALLEST_PLAIN:
        return f"{value:.{digits - 1}e}"
    decimals = digits - 1 - math.floor(math.log10(size))
    text = f"{round(value, decimals):,.{max(decimals, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact(value: float) -> str:
    """Write a value that was observed: whole numbers in full, others with six digits."""
    if value == round(value) and abs(value) < LARGEST_PLAIN:
        return f"{value:,.0f}"
    return number(value, 6)


def explain(
    *,
    kind: Kind,
    points: int,
    value: float,
    expected: float,
    band: tuple[float, float],
    deviations: float,
    ratio_scale: bool,
    then: tuple[int, float] | None = None,
) -> str:
    """Say what happened: how far from what, what is usual there, and how many robust deviations that is.

    ``then`` are the points for which a new level was seen to hold, and the level; None if it is there for good.
    """
    usual = f"usual range {number(band[0])} to {number(band[1])}"
    side = "above" if value > expected else "below"
    distance = f"{number(deviations)} robust deviations {side} the level of this series"
    text = f"{exact(value)} is {_compared(value, expected, ratio_scale=ratio_scale)} ({usual}), {distance}."
    return text + _shape(kind, points, then)


def crowded(value: float, points: int, active: int, usual: float) -> str:
    """Say that something comes more often than it should."""
    return (
        f"{active:,} of these {points:,} points are not zero, where about {number(usual, 2)} would be usual; "
        f"the largest is {exact(value)}."
    )


def _compared(value: float, expected: float, *, ratio_scale: bool) -> str:
    if not ratio_scale or expected <= 0 or value < 0:
        word = "above" if value > expected else "below"
        return f"{number(abs(value - expected))} {word} the expected {number(expected)}"
    if value == 0:
        return f"nothing where {number(expected)} was expected"
    if value >= READABLE_FOLD * expected:
        return f"{value / expected:,.1f} times the expected {number(expected)}"
    percent = 100 * abs(value - expected) / expected
    word = "above" if value > expected else "below"
    return f"{number(percent, 2)} % {word} the expected {number(expected)}"


def _shape(kind: Kind, points: int, then: tuple[int, float] | None) -> str:
    if kind is Kind.LEVEL_SHIFT and then is not None:
        return f" The level jumps here: the next {then[0]} points lie around {number(then[1])}."
    if kind is Kind.LEVEL_SHIFT:
        return " The level stays changed from here on."
    if points > 1:
        return f" It lasts {points} points; the figures are those of its furthest."
    return ""
