"""What a new version of the dataset brought."""

from typing import Final

from domain.wording.formatting import join, percent, plural
from domain.wording.insights.facts import Candidate, Facts, candidate
from domain.wording.insights.insight import InsightCode

WEIGHT: Final = 74.0
LEAST_CHANGE: Final = 0.01  # a mean that moved by less is told as unchanged


def candidates(facts: Facts) -> list[Candidate]:
    """Write how many anomalies are new or gone, and how the mean and the length changed."""
    before = facts.previous
    if before is None:
        return []
    now = frozenset(facts.ids)
    new, gone = len(now - before.anomaly_ids), len(before.anomaly_ids - now)
    longer = facts.summary.count - before.summary.count
    changes = []
    if new:
        changes.append(f"{plural(new, 'new anomaly')}")
    if gone:
        changes.append(f"{gone:,} no longer found")
    if longer:
        changes.append(f"{facts.times.counted(abs(longer))} {'more' if longer > 0 else 'fewer'}")
    mean = _mean(facts, before.summary.mean)
    same = facts.summary == before.summary
    if changes:
        title = f"Since version {before.version}: {join(changes)}"
    elif same:
        title = f"Same figures and anomalies as in version {before.version}"
    else:
        title = f"As many {facts.times.nouns} as in version {before.version}, with other values"
    text = f"The mean went {mean}." if mean else _hardly(facts, before.summary.mean)
    remaining = len(now & before.anomaly_ids)
    if before.anomaly_ids:
        text += (
            f" {plural(remaining, 'anomaly')} of version {before.version} {'remains' if remaining == 1 else 'remain'}."
        )
    evidence = facts.evidence(
        version=before.version,
        new=new,
        gone=gone,
        kept=remaining,
        points=longer,
        mean_before=before.summary.mean,
        mean=facts.summary.mean,
    )
    return [candidate(WEIGHT, InsightCode.CHANGED_SINCE_VERSION, title, text, evidence)]


def _hardly(facts: Facts, before: float | None) -> str:
    return "The mean is the same." if facts.summary.mean == before else "The mean changed by less than 1%."


def _mean(facts: Facts, before: float | None) -> str | None:
    now = facts.summary.mean
    if before is None or now is None or abs(now - before) <= LEAST_CHANGE * abs(before):
        return None
    size = f" ({percent(abs(now / before - 1))})" if before > 0 and now > 0 else ""
    way = "up" if now > before else "down"
    return f"{way} from {facts.figures.about(before)} to {facts.figures.about(now)}{size}"
