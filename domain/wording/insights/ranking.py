"""Which of all true sentences are shown, and in which order."""

from typing import Final

from domain.wording.insights import anomalies, concentration, quality, season, shifts, trend, versions
from domain.wording.insights.facts import Facts
from domain.wording.insights.insight import Insight

MOST: Final = 8  # a panel that is read, not scrolled
WRITERS: Final = (
    anomalies.candidates,
    concentration.candidates,
    shifts.candidates,
    trend.candidates,
    season.candidates,
    versions.candidates,
    quality.candidates,
)


def rank(facts: Facts) -> tuple[Insight, ...]:
    """Write what stands out, the weightiest first, at most eight; of equal weight in the order of ``WRITERS``.

    Of several with the same title only the weightiest is shown.
    """
    written = [candidate for writer in WRITERS for candidate in writer(facts)]
    by_title: dict[str, Insight] = {}
    for candidate in sorted(written, key=lambda candidate: -candidate.weight):
        by_title.setdefault(candidate.insight.title, candidate.insight)
    return tuple(by_title.values())[:MOST]
