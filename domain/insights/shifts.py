"""Changes of level: from which day on everything is higher or lower, and whether it went back."""

from typing import Final

from domain.anomaly.findings import LevelShift
from domain.insights.facts import Candidate, Facts, InsightCode, candidate
from domain.wording import percent

WEIGHTS: Final = (82.0, 66.0)  # the two largest are told
SAYABLE: Final = 0.01  # a smaller share says less than the amount
MOST_SAYABLE: Final = 5.0  # and a larger one more of how little there was before
SAME_SIZE: Final = 2.0  # a step back of half to twice the size of the step before ends it


def tell(facts: Facts) -> list[Candidate]:
    """Tell the two largest changes of level; a step and its step back are one change."""
    shifts = sorted(facts.detection.profile.level_shifts, key=lambda shift: shift.at)
    changes: list[tuple[LevelShift, LevelShift | None, LevelShift | None]] = []
    at = 0
    while at < len(shifts):
        first, then = shifts[at], shifts[at + 1] if at + 1 < len(shifts) else None
        back = then is not None and _undoes(first, then)
        changes.append((first, then if back else None, then))
        at += 2 if back else 1
    changes.sort(key=lambda change: (-abs(change[0].change), change[0].at))
    return [
        _step(facts, first, then, weight) if back is None else _episode(facts, first, back, weight)
        for (first, back, then), weight in zip(changes, WEIGHTS, strict=False)
    ]


def _undoes(first: LevelShift, then: LevelShift) -> bool:
    if first.change * then.change >= 0:
        return False
    return 1 / SAME_SIZE <= abs(then.change / first.change) <= SAME_SIZE


def _size(facts: Facts, shift: LevelShift) -> str:
    """Write the size: in percent where the metric is proportional, with the amount."""
    amount = facts.figures.distance(abs(shift.change))
    share = abs(shift.change) / shift.before if facts.proportional and shift.before > 0 else 0.0
    if SAYABLE <= share <= MOST_SAYABLE:
        return f"{amount} ({percent(share)})"
    return amount


def _step(facts: Facts, shift: LevelShift, then: LevelShift | None, weight: float) -> Candidate:
    figures = facts.figures
    way = "up" if shift.change > 0 else "down"
    title = f"{facts.subject} stepped {way} by {_size(facts, shift)} {facts.when(shift.at)}"
    lasting = "has stayed there since" if then is None else f"stayed there until {facts.date(then.at)}"
    text = (
        f"The level went from about {figures.about(shift.before)} to about {figures.about(shift.after)} and {lasting}."
    )
    last = len(facts.value) - 1 if then is None else then.at
    return _told(facts, shift, last, title, text, weight)


def _episode(facts: Facts, shift: LevelShift, back: LevelShift, weight: float) -> Candidate:
    figures = facts.figures
    way = "higher" if shift.change > 0 else "lower"
    title = f"{facts.subject} ran {way} by {_size(facts, shift)} from {facts.during(shift.at, back.at - 1)}"
    text = f"The level went from about {figures.about(shift.before)} to about {figures.about(shift.after)}, "
    text += f"and came back to about {figures.about(back.after)} {facts.when(back.at)}."
    return _told(facts, shift, back.at, title, text, weight)


def _told(facts: Facts, shift: LevelShift, last: int, title: str, text: str, weight: float) -> Candidate:
    margin = max(1, (last - shift.at) // 4)  # enough of the old level in view to see the step
    evidence = facts.evidence(
        max(0, shift.at - margin),
        last,
        at=facts.label(shift.at),
        before=shift.before,
        after=shift.after,
        change=shift.change,
        change_pct=100 * shift.change / shift.before if facts.proportional and shift.before > 0 else None,
    )
    return candidate(weight, InsightCode.LEVEL_SHIFT, title, text, evidence)
