"""Changes of level: how far the level moved, and whether it stayed. Every figure is a median of raw values."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.wording.formatting import percent
from domain.wording.insights.facts import Candidate, Facts, candidate
from domain.wording.insights.insight import InsightCode, InsightEvidence
from domain.wording.levels import LevelChange, change_at, confirms

WEIGHTS: Final = (82.0, 66.0)  # the two largest are shown
SAYABLE: Final = 0.01  # a smaller share says less than the amount
MOST_SAYABLE: Final = 5.0  # and a larger one more of how little there was before
SAME_SIZE: Final = 2.0  # a step back of half to twice the size of the step before ends it

Sentence = tuple[InsightCode, str, str, InsightEvidence]


@dataclass(frozen=True, slots=True)
class Shift:
    """A change of level that raw medians confirm.

    Attributes:
        at: first position of the new level.
        until: where the next change begins; None if there is none.
        change: the medians.
    """

    at: int
    until: int | None
    change: LevelChange

    @property
    def size(self) -> float:
        """By how much the median changed."""
        return self.change.after - self.change.before


def candidates(facts: Facts) -> list[Candidate]:
    """Write the two largest changes of level; a step and its step back are one change."""
    sentences = [sentence for _, _, sentence in _written(facts)]
    return [candidate(weight, *sentence) for weight, sentence in zip(WEIGHTS, sentences, strict=False)]


def tells_of(facts: Facts) -> list[tuple[int, int]]:
    """Return the episodes that ``candidates`` tells of: their first position, and the first after them."""
    written = _written(facts)[: len(WEIGHTS)]
    return [(first.at, back.at) for first, back, _ in written if back is not None]


def _written(facts: Facts) -> list[tuple[Shift, Shift | None, Sentence]]:
    """Write all changes, the largest first, each with its step back if it is told with one."""
    shifts = _confirmed(facts)
    pairs: list[tuple[Shift, Shift | None]] = []
    place = 0
    while place < len(shifts):
        first, then = shifts[place], shifts[place + 1] if place + 1 < len(shifts) else None
        returns = then is not None and first.until == then.at and _undoes(first, then)
        pairs.append((first, then if returns else None))
        place += 2 if returns else 1
    pairs.sort(key=lambda pair: (-abs(pair[0].size), pair[0].at))
    written = []
    for first, then in pairs:
        episode = None if then is None else _episode(facts, first, then)
        written.append((first, None, _step(facts, first)) if episode is None else (first, then, episode))
    return written


def _confirmed(facts: Facts) -> list[Shift]:
    """Return the detected changes that show in the medians of the raw values."""
    detected = sorted(facts.detection.profile.level_shifts, key=lambda shift: shift.at)
    edges = [0, *(shift.at for shift in detected), len(facts.value)]
    confirmed = []
    for place, shift in enumerate(detected):
        since, until = edges[place], edges[place + 2]
        change = change_at(facts.complete, shift.at, since, until, facts.detection.profile.periods)
        if change is not None and confirms(change, shift.change):
            confirmed.append(Shift(shift.at, until if until < len(facts.value) else None, change))
    return confirmed


def _undoes(first: Shift, then: Shift) -> bool:
    if first.size * then.size >= 0:
        return False
    return 1 / SAME_SIZE <= abs(then.size / first.size) <= SAME_SIZE


def _size(facts: Facts, change: float, before: float) -> str:
    """Write the size: in percent where the metric is proportional, with the amount."""
    amount = facts.figures.distance(abs(change))
    share = abs(change) / before if facts.proportional and before > 0 else 0.0
    if SAYABLE <= share <= MOST_SAYABLE:
        return f"{amount} ({percent(share)})"
    return amount


def _step(facts: Facts, shift: Shift) -> Sentence:
    change, figures, times = shift.change, facts.figures, facts.times
    way = "up" if shift.size > 0 else "down"
    title = f"{facts.subject} stepped {way} by {_size(facts, shift.size, change.before)} {times.when(shift.at)}"
    text = f"The median of the {times.counted(change.points)} before is {figures.about(change.before)}, "
    text += f"of the {times.counted(change.points)} from then on {figures.about(change.after)}."
    if change.lasts:
        text += " It has stayed near that level since." if shift.until is None else ""
        text += f" It stayed near that level until {times.date(shift.until)}." if shift.until is not None else ""
    last = len(facts.value) - 1 if shift.until is None else shift.until
    return InsightCode.LEVEL_SHIFT, title, text, _evidence(facts, shift, last, change.after)


def _episode(facts: Facts, shift: Shift, back: Shift) -> Sentence | None:
    """Write a level that came and went; None if the median of all of it does not show it."""
    figures, times = facts.figures, facts.times
    inside = facts.complete[shift.at : back.at]
    inside = inside[np.isfinite(inside)]
    during, before, after = float(np.median(inside)), shift.change.before, back.change.after
    difference = during - before
    if difference * shift.size <= 0 or (during - after) * difference <= 0:
        return None
    way = "higher" if difference > 0 else "lower"
    title = (
        f"{facts.subject} ran {way} by {_size(facts, difference, before)} from {times.during(shift.at, back.at - 1)}"
    )
    text = f"The median in that time is {figures.about(during)}; "
    text += f"of the {times.counted(shift.change.points)} before, {figures.about(before)}; "
    text += f"of the {times.counted(back.change.points)} after, {figures.about(after)}. "
    extreme, furthest = ("highest", inside.max()) if difference > 0 else ("lowest", inside.min())
    text += f"The {extreme} value in that time is {figures.observed(float(furthest))}."
    return InsightCode.LEVEL_SHIFT, title, text, _evidence(facts, shift, back.at, during)


def _evidence(facts: Facts, shift: Shift, last: int, after: float) -> InsightEvidence:
    margin = max(1, (last - shift.at) // 4)  # enough of the old level in view to see the step
    before = shift.change.before
    return facts.evidence(
        max(0, shift.at - margin),
        last,
        at=facts.times.label(shift.at),
        before=before,
        after=after,
        change=after - before,
        change_pct=100 * (after - before) / before if facts.proportional and before > 0 else None,
    )
