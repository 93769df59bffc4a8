"""The anomalies themselves: the weightiest by name, all of them by number, or that there is none."""

from typing import Final

import numpy as np

from domain.datasets.column_names import capital
from domain.detection.result import DetectedAnomaly, Direction, QualityCode, Severity
from domain.detection.settings import Reported
from domain.timeseries.aggregation import Floats
from domain.wording.anomalies import is_extreme
from domain.wording.formatting import compared, in_words, join, percent, plural
from domain.wording.insights.facts import Candidate, Facts, candidate
from domain.wording.insights.insight import InsightCode
from domain.wording.insights.shifts import tells_of

# How much each of the three weightiest is missed, by severity; see ``ranking``.
WEIGHTS: Final = {Severity.HIGH: (95.0, 85.0, 72.0), Severity.MEDIUM: (80.0, 68.0, 55.0), Severity.LOW: (60.0, 48.0)}
COUNT_WEIGHT: Final = 88.0
NONE_WEIGHT: Final = 90.0
COUNTED_FROM: Final = 4  # up to three are named one by one
NAMED_BESIDE_COUNT: Final = 2  # with the count told, the two weightiest are enough


def candidates(facts: Facts) -> list[Candidate]:
    """Name the weightiest anomalies and count them all; or say that nothing is unusual."""
    detected = facts.detection.anomalies
    if not detected:
        return _nothing(facts)
    if not facts.open:
        return [_all_closed(facts)]
    many = len(facts.open) >= COUNTED_FROM
    episodes = tells_of(facts)
    named = [
        index
        for index in facts.strongest()
        if not _is_of_episode(detected[index], episodes) and not (many and _is_a_step(facts, detected[index]))
    ]
    named = named[: NAMED_BESIDE_COUNT if many else COUNTED_FROM - 1]
    written = []
    for place, index in enumerate(named):
        weights = WEIGHTS[detected[index].severity]
        if place < len(weights):
            written.append(_largest(facts, detected[index], weights[place]))
    return [*written, _count(facts)] if many else written


def _is_a_step(facts: Facts, anomaly: DetectedAnomaly) -> bool:
    """Whether it is where the level changes: ``shifts`` tells of that."""
    steps = (shift.at for shift in facts.detection.profile.level_shifts)
    return any(anomaly.start - 1 <= at <= anomaly.end + 1 for at in steps)


def _is_of_episode(anomaly: DetectedAnomaly, episodes: list[tuple[int, int]]) -> bool:
    """Whether it is the beginning or the end of an episode that ``shifts`` tells of as a whole."""
    stretches = [stretch for stretch in (anomaly.begins, anomaly.ends) if stretch is not None]
    return any(since <= stretch.end < until for stretch in stretches for since, until in episodes)


def _largest(facts: Facts, anomaly: DetectedAnomaly, weight: float) -> Candidate:
    figures, times = facts.figures, facts.times
    against = compared(anomaly.value, anomaly.expected, figures, as_ratio=facts.ratio_scale and anomaly.ratio_scale)
    usual = f"The usual range there is {figures.between(anomaly.lower, anomaly.upper)}."
    separator = " " if against.startswith("instead") else ", "
    if anomaly.end > anomaly.start:
        title = _stretch_title(facts, anomaly)
        which = "highest" if anomaly.direction is Direction.UP else "lowest"
        superlative = f"the {which} value was" if is_extreme(anomaly, facts.value) else "the value was"
        text = f"{capital(times.when(anomaly.peak))} {superlative} {figures.observed(anomaly.value)}"
        text += f"{separator}{against}. {usual}"
    else:
        value = figures.observed(anomaly.value)
        title = f"{facts.subject} was {value} {times.when(anomaly.peak)}{separator}{against}"
        distance = figures.distance(abs(anomaly.deviation))
        side = "more" if anomaly.value > anomaly.expected else "less"
        text = (
            usual if against.startswith((distance, "instead")) else f"That is {distance} {side} than expected. {usual}"
        )
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
        certainty=str(anomaly.certainty),
    )
    return candidate(weight, InsightCode.LARGEST_ANOMALY, title, text, evidence)


def _record(facts: Facts, value: float) -> str:
    """Say so if no other point went as far."""
    way = "high" if value == facts.summary.max else "low" if value == facts.summary.min else None
    if way is None or int((facts.value == value).sum()) > 1:
        return ""
    return f" No other of the {facts.times.counted(facts.summary.count)} was as {way}."


def _stretch_title(facts: Facts, anomaly: DetectedAnomaly) -> str:
    """Count the points of a stretch that lie outside the expected range, or on its side of the expected value."""
    times, up = facts.times, anomaly.direction is Direction.UP
    part = slice(anomaly.start, anomaly.end + 1)
    value, detection = facts.value[part], facts.detection
    present = np.isfinite(value)
    points, since = int(present.sum()), f"from {times.date(anomaly.start)}"
    if bool((value[present] == 0).all()):
        return f"{facts.subject} was 0 for {times.counted(points)} {since}"
    outside = int((value > detection.upper[part]).sum() if up else (value < detection.lower[part]).sum())
    side = "above" if up else "below"
    beyond = f"{facts.subject} was {side} its usual range"
    if outside == points:
        return f"{beyond} for {times.counted(points)} {since}"
    if outside:
        return f"{beyond} {times.preposition} {outside:,} of {times.counted(points)} {since}"
    beside = int((value > detection.expected[part]).sum() if up else (value < detection.expected[part]).sum())
    share = f"{beside:,} of {times.counted(points)}"
    return f"{facts.subject} was {side} the expected value {times.preposition} {share} {since}"


def _count(facts: Facts) -> Candidate:
    open_anomalies = facts.open
    by_severity = {severity: sum(a.severity is severity for a in open_anomalies) for severity in Severity}
    high = by_severity[Severity.HIGH]
    up = sum(a.direction is Direction.UP for a in open_anomalies)
    covered = np.zeros(len(facts.value), dtype=np.bool_)
    for anomaly in open_anomalies:
        covered[anomaly.start : anomaly.end + 1] = True
    points = int((covered & np.isfinite(facts.value)).sum())
    title = plural(len(open_anomalies), "open anomaly" if facts.closed else "anomaly")
    title += (
        f", {in_words(high)} of high severity"
        if 0 < high < len(open_anomalies)
        else ", all of high severity"
        if high
        else ""
    )
    share = percent(points / facts.summary.count)
    split = f"{join([f'{up:,} above', f'{len(open_anomalies) - up:,} below'])} the expected value. They"
    if up in {0, len(open_anomalies)}:
        split = f"All are {'above' if up else 'below'} the expected value. They"
    text = f"{split} cover {points:,} of {facts.times.counted(facts.summary.count)} ({share})."
    if facts.closed:
        text += f" {capital(in_words(len(facts.closed)))} more {'is' if len(facts.closed) == 1 else 'are'} closed."
    evidence = facts.evidence(
        open_anomalies[0].start,
        open_anomalies[-1].end,
        anomalies=len(open_anomalies),
        high=high,
        medium=by_severity[Severity.MEDIUM],
        low=by_severity[Severity.LOW],
        rises=up,
        falls=len(open_anomalies) - up,
        points=points,
        closed=len(facts.closed) or None,
    )
    return candidate(COUNT_WEIGHT, InsightCode.ANOMALY_COUNT, title, text, evidence)


def _all_closed(facts: Facts) -> Candidate:
    detected = facts.detection.anomalies
    closed = "the one detected is" if len(detected) == 1 else f"all {len(detected):,} detected are"
    title = f"No open anomalies: {closed} closed"
    text = "Each was marked as expected or as a false alarm. Undo a verdict to reopen an anomaly."
    evidence = facts.evidence(detected[0].start, detected[-1].end, anomalies=len(detected), closed=len(detected))
    return candidate(NONE_WEIGHT, InsightCode.NO_ANOMALIES, title, text, evidence)


def _nothing(facts: Facts) -> list[Candidate]:
    unjudged = {QualityCode.TOO_FEW_POINTS, QualityCode.TOO_FEW_NONZERO, QualityCode.CONSTANT}
    if any(finding.code in unjudged for finding in facts.detection.quality) or facts.summary.count == 0:
        return []  # ``quality`` says why nothing was judged
    detection = facts.detection
    judged = np.isfinite(facts.value) & np.isfinite(detection.lower)
    if not judged.any():
        return []
    values, lower, upper = facts.value[judged], detection.lower[judged], detection.upper[judged]
    inside = int(((values >= lower) & (values <= upper)).sum())
    title, text = _all_inside(facts, values, lower, upper) if inside == len(values) else _some_outside(facts, inside)
    evidence = facts.evidence(
        0,
        len(facts.value) - 1,
        points=len(values),
        inside=inside,
        min=float(values.min()),
        max=float(values.max()),
        typical_width=float(np.median(upper - lower)),
    )
    return [candidate(NONE_WEIGHT, InsightCode.NO_ANOMALIES, title, text, evidence)]


def _all_inside(facts: Facts, values: Floats, lower: Floats, upper: Floats) -> tuple[str, str]:
    """Nothing is unusual; where the band is wider than all values together, nothing could have been."""
    figures, times = facts.figures, facts.times
    # Of every value that is drawn, also of the few that had too little before them to be judged.
    low, q1, q3, high = np.nanpercentile(facts.value, [0, 25, 75, 100]).tolist()
    width = float(np.median(upper - lower))
    if width > high - low:
        title = f"{facts.subject} varies too much to tell unusual {times.nouns} from usual ones"
        text = f"The expected range is typically {figures.distance(width)} wide, and all values lie between "
        text += (
            f"{figures.observed(low)} and {figures.observed(high)}. A longer history, a coarser interval or a higher "
        )
        return title, text + "sensitivity can help."
    title = f"Nothing unusual: all {times.counted(len(values))} are within the expected range"
    text = f"Values run from {figures.observed(low)} to {figures.observed(high)}, half of them between "
    return title, text + f"{figures.about(q1)} and {figures.about(q3)}."


def _some_outside(facts: Facts, inside: int) -> tuple[str, str]:
    times, total = facts.times, int((np.isfinite(facts.value) & np.isfinite(facts.detection.lower)).sum())
    outside = total - inside
    verb = "is" if outside == 1 else "are"
    counted = f"{outside:,} of {times.counted(total)} {verb} outside the expected range"
    if facts.asked.direction is not Reported.BOTH or facts.asked.min_change is not None:
        return "Nothing unusual at these settings", f"{counted}, but excluded by the direction or the smallest change."
    return "Nothing unusual", f"{counted}, by too little or too often to be reported."
