"""Whether anomalies gather on one weekday, hour, month or stretch of time more than chance would have it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from domain.distribution import Grouping, groupings
from domain.insights.facts import Candidate, Facts, InsightCode, candidate, positions_of
from domain.summary import Ints
from domain.wording import MONTH_NAMES, WEEKDAY_NAMES, percent

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


def tell(facts: Facts) -> list[Candidate]:
    """Tell the most unlikely gathering, if it is unlikely enough."""
    peaks = positions_of(facts.detection.anomalies)
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
    chance = float(stats.binom.sf(inside - 1, peaks, share))
    return Gathering(words=words, count=inside, total=peaks, expected=peaks * share, chance=chance)


def _calendar(facts: Facts, grouping: Grouping, judged: Ints, peaks: Ints) -> list[Gathering]:
    where = np.full(len(facts.value), -1, dtype=np.int64)
    where[judged] = grouping.index
    asked = []
    for group in np.unique(grouping.index).tolist():
        share = float((grouping.index == group).mean())
        asked.append(
            _question(_calendar_words(grouping.by, group), int((where[peaks] == group).sum()), len(peaks), share)
        )
    if grouping.by == "hour":
        for name, first in (("between 00:00 and 12:00", 0), ("between 12:00 and 24:00", 12)):
            inside = (where[peaks] >= first) & (where[peaks] < first + 12)
            share = float(((grouping.index >= first) & (grouping.index < first + 12)).mean())
            asked.append(_question(name, int(inside.sum()), len(peaks), share))
    return asked


def _calendar_words(by: str, group: int) -> str:
    if by == "hour":
        return f"between {group:02d}:00 and {group + 1:02d}:00"
    return f"on {WEEKDAY_NAMES[group]}s" if by == "weekday" else f"in {MONTH_NAMES[group]}"


def _periods(facts: Facts, judged: Ints, peaks: Ints) -> list[Gathering]:
    """Ask the first and last half, quarter and tenth of the points."""
    asked = []
    for parts in (2, 4, 10):
        size = len(judged) // parts
        if size < 1:
            continue
        for start, end in ((judged[0], judged[size - 1]), (judged[-size], judged[-1])):
            inside = int(((peaks >= start) & (peaks <= end)).sum())
            words = f"from {facts.during(int(start), int(end))}"
            found = _question(words, inside, len(peaks), size / len(judged))
            asked.append(
                Gathering(
                    words=words,
                    count=inside,
                    total=len(peaks),
                    expected=found.expected,
                    chance=found.chance,
                    start=int(start),
                    end=int(end),
                )
            )
    return asked


def _sentence(facts: Facts, found: Gathering) -> Candidate:
    title = f"{found.count} of {found.total} anomalies fall {found.words}"
    if found.count == found.total:
        title = f"All {found.total} anomalies fall {found.words}"
    share = percent(found.expected / found.total)
    text = f"That stretch holds {share} of all points, so about {found.expected:.1f} would fall there by chance."
    evidence = facts.evidence(
        found.start,
        found.end,
        count=found.count,
        total=found.total,
        expected=found.expected,
        chance=found.chance,
    )
    return candidate(WEIGHT, InsightCode.CONCENTRATION, title, text, evidence)
