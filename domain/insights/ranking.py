"""Which of all true sentences are told, and in which order."""

from typing import Final

from domain.analysis import Insight
from domain.insights import anomalies, concentration, quality, season, shifts, trend, versions
from domain.insights.facts import Facts

MOST: Final = 8  # a panel that is read, not scrolled
WRITERS: Final = (
    anomalies.tell,
    concentration.tell,
    shifts.tell,
    trend.tell,
    season.tell,
    versions.tell,
    quality.tell,
)


def rank(facts: Facts) -> tuple[Insight, ...]:
    """Write what stands out, the weightiest first, at most eight; of equal weight in the order of ``WRITERS``."""
    found = [candidate for writer in WRITERS for candidate in writer(facts)]
    best = sorted(found, key=lambda candidate: -candidate.weight)[:MOST]
    return tuple(candidate.insight for candidate in best)
