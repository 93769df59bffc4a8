"""Whether anomalies gather on one weekday, hour, month or stretch of time more than chance would have it."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import scipy  # scipy.stats itself is loaded at its first use: it would double the time to start

from domain.timeseries.aggregation import Ints
from domain.timeseries.calendar_groups import CalendarUnit, Grouping, groupings
from domain.wording.formatting import MONTH_NAMES, WEEKDAY_NAMES, number, percent
from domain.wording.insights.facts import Candidate, Facts, candidate, positions_of
from domain.wording.insights.insight import InsightCode
from domain.wording.time_names import BY_DAY, BY_MONTH

SIGNIFICANT: Final = 0.01  # chance of any such claim where anomalies fall anywhere, all questions together
FEWEST_ANOMALIES: Final = 5
FEWEST_TOGETHER: Final = 3
LEAST_SHARE: Final = 0.3  # of all anomalies: "2 of 40 fall on ..." is no news, however unlikely
WEIGHT: Final = 78.0


@dataclass(frozen=True, slots=True)
class Gathering:
    """Anomalies that fall together: ``count`` of ``total`` where ``expected`` would by chance."""

    words: str
    count: int
    total: int
    expected: float
    chance: float
    start: int | None = None
    end: int | None = None


def candidates(facts: Facts) -> list[Candidate]:
    """Write the most unlikely gathering, if it is unlikely enough."""
    peaks = positions_of(facts.open)
    if len(peaks) < FEWEST_ANOMALIES:
        return []
    judged = np.flatnonzero(np.isfinite(facts.value))
    questions = [question for g in groupings(facts.wall[judged]) for question in _calendar(facts, g, judged, peaks)]
    questions += _periods(facts, judged, peaks)
    if not questions:
        return []
    best = min(questions, key=lambda question: question.chance)
    # Bonferroni: each question asked makes a finding by chance more likely.
    if best.chance * len(questions) >= SIGNIFICANT or best.count < max(FEWEST_TOGETHER, LEAST_SHARE * best.total):
        return []
    return [_sentence(facts, best)]


def _question(words: str, inside: int, peaks: int, share: float) -> Gathering:
    """Ask for the binomial chance of at least so many of the anomalies in a group with this share of the points."""
    chance = float(scipy.stats.binom.sf(inside - 1, peaks, share))
    return Gathering(words=words, count=inside, total=peaks, expected=peaks * share, chance=chance)


def _calendar(facts: Facts, grouping: Grouping, judged: Ints, peaks: Ints) -> list[Gathering]:
    where = np.full(len(facts.value), -1, dtype=np.int64)
    where[judged] = grouping.index
    gatherings = []
    for group in np.unique(grouping.index).tolist():
        share = float((grouping.index == group).mean())
        gatherings.append(
            _question(_calendar_words(grouping.by, group), int((where[peaks] == group).sum()), len(peaks), share)
        )
    if grouping.by is CalendarUnit.HOUR:
        for name, first in (("between 00:00 and 12:00", 0), ("between 12:00 and 24:00", 12)):
            inside = (where[peaks] >= first) & (where[peaks] < first + 12)
            share = float(((grouping.index >= first) & (grouping.index < first + 12)).mean())
            gatherings.append(_question(name, int(inside.sum()), len(peaks), share))
    return gatherings


def _calendar_words(by: CalendarUnit, group: int) -> str:
    if by is CalendarUnit.HOUR:
        return f"between {group:02d}:00 and {group + 1:02d}:00"
    return f"on {WEEKDAY_NAMES[group]}s" if by is CalendarUnit.WEEKDAY else f"in {MONTH_NAMES[group]}"


def _periods(facts: Facts, judged: Ints, peaks: Ints) -> list[Gathering]:
    """Ask the first and last half, quarter and tenth of the points, made up to whole days or months."""
    gatherings = []
    for parts in (2, 4, 10):
        size = len(judged) // parts
        if size < 1:
            continue
        for first, last in ((0, size - 1), (len(judged) - size, len(judged) - 1)):
            start, end = _rounded(facts, judged, first, last)
            inside = int(((peaks >= start) & (peaks <= end)).sum())
            share = float(((judged >= start) & (judged <= end)).mean())
            gathering = _question(f"from {facts.times.era(start, end)}", inside, len(peaks), share)
            gatherings.append(replace(gathering, start=start, end=end))
    return gatherings


def _rounded(facts: Facts, judged: Ints, first: int, last: int) -> tuple[int, int]:
    """Widen a stretch to the days or months that it is told by, so that the words are exact."""
    wall = facts.wall[judged]
    length = wall[last] - wall[first]
    unit = "M" if length > BY_MONTH else "D" if length > BY_DAY else "us"
    calendar = wall.astype(f"datetime64[{unit}]")
    begin = int(np.searchsorted(calendar, calendar[first], side="left"))
    finish = int(np.searchsorted(calendar, calendar[last], side="right")) - 1
    return int(judged[begin]), int(judged[finish])


def _sentence(facts: Facts, gathering: Gathering) -> Candidate:
    which = f"{gathering.count:,} of {gathering.total:,}"
    title = (
        f"{which if gathering.count < gathering.total else f'All {gathering.total:,}'} anomalies fall {gathering.words}"
    )
    share = percent(gathering.expected / gathering.total)
    text = f"Only {share} of all {facts.times.nouns} are in that time; by chance about "
    text += f"{number(gathering.expected, 2)} would fall there."
    first, *_, last = positions_of(facts.open).tolist()
    evidence = facts.evidence(
        first if gathering.start is None else gathering.start,
        last if gathering.end is None else gathering.end,
        count=gathering.count,
        total=gathering.total,
        expected=gathering.expected,
        chance=gathering.chance,
    )
    return candidate(WEIGHT, InsightCode.CONCENTRATION, title, text, evidence)
