"""What is said of an anomaly, in a sentence that carries its numbers and their unit (written by ``domain.wording``)."""

from domain.anomaly.findings import Kind
from domain.wording import Figures, compared, number


def explain(
    *,
    kind: Kind,
    points: int,
    value: float,
    band: tuple[float, float, float],
    deviations: float,
    ratio_scale: bool,
    figures: Figures,
    then: tuple[int, float] | None = None,
) -> str:
    """Say what happened: how far from what, what is usual there, and how many robust deviations that is.

    ``band`` are its lower bound, what was expected, and its upper bound. ``then`` are the points for which a new level
    was seen to hold, and the level; None if it is there for good.
    """
    lower, expected, upper = band
    usual = f"usual range {figures.between(lower, upper)}"
    side = "above" if value > expected else "below"
    distance = f"{number(deviations)} robust deviations {side} the level of this series"
    how = compared(value, expected, figures, as_ratio=ratio_scale)
    text = f"{figures.observed(value)} is {how} ({usual}), {distance}."
    return text + _shape(kind, points, then, figures)


def crowded(value: float, points: int, active: int, usual: float, figures: Figures) -> str:
    """Say that something comes more often than it should."""
    return (
        f"{active:,} of these {points:,} points are not zero, where about {number(usual, 2)} would be usual; "
        f"the largest is {figures.observed(value)}."
    )


def _shape(kind: Kind, points: int, then: tuple[int, float] | None, figures: Figures) -> str:
    if kind is Kind.LEVEL_SHIFT and then is not None:
        return f" The level jumps here: the next {then[0]:,} points lie around {figures.about(then[1])}."
    if kind is Kind.LEVEL_SHIFT:
        return " The level stays changed from here on."
    if points > 1:
        return f" It lasts {points:,} points; the figures are those of its furthest."
    return ""
