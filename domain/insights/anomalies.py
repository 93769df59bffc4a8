"""The anomalies themselves: the weightiest by name, all of them by number, or that there is none."""

from typing import Final

import numpy as np

from domain.anomaly.findings import Anomaly, Direction, Kind, QualityCode, Reported, Severity
from domain.insights.facts import Candidate, Facts, InsightCode, candidate
from domain.wording import compared, duration, in_words, join, percent, plural

# How much each of the three weightiest is missed, by severity; see ``ranking``.
WEIGHTS: Final = {Severity.HIGH: (95.0, 85.0, 72.0), Severity.MEDIUM: (80.0, 68.0, 55.0), Severity.LOW: (60.0, 48.0)}
COUNT_WEIGHT: Final = 88.0
NONE_WEIGHT: Final = 90.0
COUNTED_FROM: Final = 4  # up to three are named one by one
NAMED_BESIDE_COUNT: Final = 2  # with the count told, the two weightiest are enough


def tell(facts: Facts) -> list[Candidate]:
    """Name the weightiest anomalies and count them all; or say that nothing stands out."""
    found = facts.detection.anomalies
    if not found:
        return _nothing(facts)
    if not facts.open:
        return [_all_closed(facts)]
    many = len(facts.open) >= COUNTED_FROM
    named = [index for index in facts.strongest() if not many or not _is_a_step(facts, found[index])]
    named = named[: NAMED_BESIDE_COUNT if many else COUNTED_FROM - 1]
    told = []
    for place, index in enumerate(named):
        weights = WEIGHTS[found[index].severity]
        if place < len(weights):
            told.append(_largest(facts, found[index], facts.reports[index].duration_seconds, weights[place]))
    return [*told, _count(facts)] if many else told


def _is_a_step(facts: Facts, anomaly: Anomaly) -> bool:
    """Whether it is where the level changes: ``shifts`` tells of that."""
    steps = (shift.at for shift in facts.detection.profile.level_shifts)
    return any(anomaly.start - 1 <= at <= anomaly.end + 1 for at in steps)


def _largest(facts: Facts, anomaly: Anomaly, seconds: float, weight: float) -> Candidate:
    figures = facts.figures
    against = compared(anomaly.value, anomaly.expected, figures, as_ratio=facts.ratio_scale)
    distance = figures.distance(abs(anomaly.deviation))
    usual = f"the usual range there is {figures.between(anomaly.lower, anomaly.upper)}."
    if anomaly.end > anomaly.start or anomaly.kind is Kind.FLATLINE:
        title = _headline_of_stretch(facts, anomaly, seconds)
        text = f"At its furthest, {facts.when(anomaly.peak)}, it was {figures.observed(anomaly.value)}, {against}; "
        text += usual
    else:
        verb = "hit" if anomaly.direction is Direction.UP else "fell to"
        title = f"{facts.subject} {verb} {figures.observed(anomaly.value)} {facts.when(anomaly.peak)}, {against}"
        side = "more" if anomaly.direction is Direction.UP else "less"
        text = f"That is {distance} {side} than expected; {usual}"
        if against.startswith(distance):  # the title has said so
            text = usual[0].upper() + usual[1:]
    text += _record(facts, anomaly.value)
    evidence = facts.evidence(
        anomaly.start,
        anomaly.end,
        value=anomaly.value,
        expected=anomaly.expected,
        lower=anomaly.lower,
        upper=anomaly.upper,
        deviation_pct=anomaly.deviation_pct,
        robust_deviations=anomaly.robust_deviations,
        severity=str(anomaly.severity),
    )
    return candidate(weight, InsightCode.LARGEST_ANOMALY, title, text, evidence)


def _record(facts: Facts, value: float) -> str:
    """Say so if no other point went as far."""
    way = "highest" if value == facts.summary.max else "lowest" if value == facts.summary.min else None
    if way is None or int((facts.value == value).sum()) > 1:
        return ""
    return f" No other of the {facts.counted(facts.summary.count)} was as {way.removesuffix('est')}."


def _headline_of_stretch(facts: Facts, anomaly: Anomaly, seconds: float) -> str:
    lasted = duration(seconds)
    since = f"from {facts.date(anomaly.start)}"
    if anomaly.kind is Kind.FLATLINE:
        return f"{facts.subject} stood still at {facts.figures.observed(anomaly.value)} for {lasted} {since}"
    if anomaly.kind is Kind.OUTAGE:
        return f"{facts.subject} dropped out for {lasted} {since}"
    manner = "high" if anomaly.direction is Direction.UP else "low"
    return f"{facts.subject} ran {manner} for {lasted} {since}"


def _count(facts: Facts) -> Candidate:
    found = facts.open
    by_severity = {severity: sum(a.severity is severity for a in found) for severity in Severity}
    high = by_severity[Severity.HIGH]
    up = sum(a.direction is Direction.UP for a in found)
    covered = np.zeros(len(facts.value), dtype=np.bool_)
    for anomaly in found:
        covered[anomaly.start : anomaly.end + 1] = True
    points = int((covered & np.isfinite(facts.value)).sum())
    title = f"{len(found):,} anomalies stand out"
    title += f", {in_words(high)} of them high" if 0 < high < len(found) else ", all of them high" if high else ""
    share = percent(points / facts.summary.count)
    split = f"They are {join([plural(up, 'rise'), plural(len(found) - up, 'fall')])} and"
    if up in {0, len(found)}:
        split = f"All of them are {'rises' if up else 'falls'}; they"
    text = f"{split} cover {points:,} of {facts.counted(facts.summary.count)} ({share})."
    if facts.closed:
        text += f" {in_words(len(facts.closed)).capitalize()} more {'is' if len(facts.closed) == 1 else 'are'} closed."
    evidence = facts.evidence(
        found[0].start,
        found[-1].end,
        anomalies=len(found),
        high=high,
        medium=by_severity[Severity.MEDIUM],
        low=by_severity[Severity.LOW],
        rises=up,
        falls=len(found) - up,
        points=points,
        closed=len(facts.closed) or None,
    )
    return candidate(COUNT_WEIGHT, InsightCode.ANOMALY_COUNT, title, text, evidence)


def _all_closed(facts: Facts) -> Candidate:
    found = facts.detection.anomalies
    count = plural(len(found), "anomaly")
    title = f"Nothing is open: {count} {'was' if len(found) == 1 else 'were'} found, and closed by a verdict"
    text = "Each was expected or a false alarm, in your own words. Take a verdict back to open it again."
    evidence = facts.evidence(found[0].start, found[-1].end, anomalies=len(found), closed=len(found))
    return candidate(NONE_WEIGHT, InsightCode.NO_ANOMALIES, title, text, evidence)


def _nothing(facts: Facts) -> list[Candidate]:
    unjudged = {QualityCode.TOO_FEW_POINTS, QualityCode.CONSTANT}
    if any(finding.code in unjudged for finding in facts.detection.quality) or facts.summary.count == 0:
        return []  # ``quality`` says why nothing was judged
    detection, figures = facts.detection, facts.figures
    judged = np.isfinite(facts.value) & np.isfinite(detection.lower)
    inside = judged & (facts.value >= detection.lower) & (facts.value <= detection.upper)
    total, calm = int(judged.sum()), int(inside.sum())
    low, q1, q3, high = np.percentile(facts.value[judged], [0, 25, 75, 100]).tolist() if total else [0.0] * 4
    asked = facts.settings
    if calm == total:
        title = f"Nothing stands out: all {facts.counted(total)} lie in the expected range"
        text = f"They run from {figures.observed(low)} to {figures.observed(high)}, "
        text += f"half of them between {figures.about(q1)} and {figures.about(q3)}."
    elif asked.direction is not Reported.BOTH or asked.min_change is not None:
        title = "Nothing stands out at these settings"
        text = f"{total - calm:,} of {facts.counted(total)} lie outside the expected range, but not by the direction "
        text += "or the least change that was asked for."
    else:
        title = "Nothing stands out"
        text = f"{calm:,} of {facts.counted(total)} lie in the expected range; the others leave it too slightly, or "
        text += "too often, to be called abnormal."
    last = len(facts.value) - 1
    evidence = facts.evidence(0, last, points=total, inside=calm, min=low, max=high)
    return [candidate(NONE_WEIGHT, InsightCode.NO_ANOMALIES, title, text, evidence)]
