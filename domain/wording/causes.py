"""Why a total moved, in sentences."""

from collections.abc import Sequence
from typing import Final

from domain.causes.explanation import Cause, Conclusion, Condition, Effect, Explanation, Presence
from domain.wording.dimensions import value_name
from domain.wording.formatting import Figures, percent, plural

WHOLE: Final = 0.995  # a share that is written as all of it
BEYOND: Final = 1.05  # a share that others offset in part
NO_DIMENSION: Final = "No column of the file groups its rows, so nothing can say where this comes from."
NO_SUM: Final = (
    "A smallest or largest value has no parts: choose Sum, Mean or Count to see which values a change comes from."
)
NO_REFERENCE: Final = "There is no other time like it to compare with, so nothing can say where this comes from."


def why(explanation: Explanation, references: int, noun: str, figures: Figures) -> str:
    """Say what explains a change, or that nothing does.

    Args:
        explanation: of a stretch of a series.
        references: how many spans it was compared with.
        noun: what one such span is called: ``week``.
        figures: writes the values of the metric.
    """
    move = "rise" if explanation.actual > explanation.expected else "drop"
    compared = _compared(references, noun)
    if explanation.conclusion is Conclusion.UNCHANGED:
        return f"Nothing changed, {compared}."
    if explanation.conclusion is Conclusion.UNIFORM:
        verb = "rose" if move == "rise" else "fell"
        return f"No single value explains the {move}: all {verb} alike, {compared}."
    if explanation.conclusion is Conclusion.UNCLEAR:
        return f"No value stands out of what is usual: the {move} has no single place, {compared}."
    return " ".join(cause_text(cause, move, figures) for cause in explanation.causes)


def contrary(rose: bool, references: int, noun: str) -> str:  # noqa: FBT001 - one of two ways
    """Say that the comparison shows no such change."""
    return f"It is not {'higher' if rose else 'lower'} {_compared(references, noun)}: no value explains it."


def _compared(references: int, noun: str) -> str:
    return f"compared with the same time in {plural(references, f'other {noun}')}"


def cause_text(cause: Cause, move: str, figures: Figures) -> str:
    """Say what a cause explains: ``North in region explains 83% of the drop: 120 instead of 480 expected``."""
    part = f"{place(cause.conditions)} explains {_part(cause.share)} of the {move}"
    return f"{part}: {_change(cause, figures)}.{_also(cause)}"


def place(conditions: Sequence[Condition]) -> str:
    """Name a part of the rows: ``North in region and P-12 in product``."""
    return " and ".join(f"{value_name(one.value)} in {one.column}" for one in conditions)


def _part(share: float) -> str:
    if share > BEYOND:
        return "more than all"
    return "all" if share >= WHOLE else percent(share)


def _change(cause: Cause, figures: Figures) -> str:
    if cause.effect is Effect.MIX:
        return f"it makes up {percent(cause.actual)} of what is counted instead of {percent(cause.expected)}"
    if cause.presence is Presence.VANISHED:
        return f"nothing came of it, {figures.about(cause.expected)} were expected"
    if cause.presence is Presence.NEW:
        return f"it is new, with {figures.about(cause.actual)}"
    return f"{figures.about(cause.actual)} instead of {figures.about(cause.expected)} expected"


def _also(cause: Cause) -> str:
    if not cause.also:
        return ""
    return f" The same rows are {' or '.join(place(also) for also in cause.also)}."
