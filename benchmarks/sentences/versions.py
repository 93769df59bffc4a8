"""Sentences that compare an analysis with that of the version before."""

import re

import numpy as np

from benchmarks.sentences.points import Points, Subject, says

LEAST_CHANGE = 0.01  # of the mean: a smaller one is not said with figures


def changes(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check how many anomalies and points have come or gone."""
    before = points.previous
    if before is None or int(match["version"]) != before.version:
        return False
    now = {anomaly.id for anomaly in points.analysis.anomalies}
    longer = int(np.isfinite(points.value).sum()) - before.summary.count
    true = {
        "new": len(now - before.anomaly_ids),
        "gone": len(before.anomaly_ids - now),
        "more": max(longer, 0),
        "fewer": max(-longer, 0),
    }
    said = {name: int((match[name] or "0").replace(",", "")) for name in true}
    return said == true


def alike(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check that there are as many anomalies and points as before, and whether the values are others."""
    before = points.previous
    if before is None or int(match["version"]) != before.version:
        return False
    same = points.analysis.summary == before.summary
    ids = frozenset(anomaly.id for anomaly in points.analysis.anomalies)
    return ids == before.anomaly_ids and same == match[0].startswith("Same figures")


def mean_went(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check the means of both versions, and by what share they differ."""
    if points.previous is None or points.previous.summary.mean is None:
        return False
    before, now = points.previous.summary.mean, float(np.nanmean(points.value))
    share = abs(now / before - 1) if before else 0.0
    return (
        (now > before) == (match["way"] == "up")
        and says(match["before"], before)
        and says(match["now"], now)
        and (match["share"] is None or says(match["share"], 100 * share))
    )


def mean_hardly(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check that the mean is the same, or changed by less than a hundredth."""
    if points.previous is None or points.previous.summary.mean is None:
        return False
    before, now = points.previous.summary.mean, float(np.nanmean(points.value))
    return bool(np.isclose(now, before)) if match["same"] else abs(now - before) <= LEAST_CHANGE * abs(before)


def remaining(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check how many anomalies of the version before are still there."""
    if points.previous is None or int(match[2]) != points.previous.version:
        return False
    now = {anomaly.id for anomaly in points.analysis.anomalies}
    return len(now & points.previous.anomaly_ids) == int(match[1].replace(",", ""))
