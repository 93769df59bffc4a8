"""Sentences on anomalies: against value, expected value and band of every point."""

import re
from typing import Final

import numpy as np

from benchmarks.sentences.points import WORDS, N, Points, Subject, anomaly_of, at_peak, number_in, peak_of, says
from domain.analysis.analysis import Anomaly
from domain.timeseries.aggregation import Floats

COMPARED: Final = (
    rf"(?:(?P<instead>instead)|(?P<twice>twice)|{N} times|{N}(?P<share>%)? (?P<side>above|below)) "
    rf"(?:of )?the expected {N}%?"
)


def compared(points: Points, subject: Subject, match: re.Match[str], offset: int) -> bool:
    """Check ``3.6 times the expected 24,500``; ``offset`` is the number of groups before it."""
    value, expected, _, _ = at_peak(points, subject)
    groups = match.groups()[offset:]
    times, amount, goal = groups[2], groups[3], groups[6]
    if not says(goal, expected):
        return False
    if match["instead"]:
        return value == 0
    if match["twice"]:
        return 1.94 < value / expected < 2.06
    if times is not None:
        return says(times, value / expected)
    if (match["side"] == "above") != (value > expected):
        return False
    if match["share"]:
        return says(amount, 100 * abs(value / expected - 1)) or says(amount, abs(value - expected))
    return says(amount, abs(value - expected))


def explained(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check ``89,000 is 3.6 times the expected 24,500 (usual range ...), 22 times the usual variation``."""
    value, _, lower, upper = at_peak(points, subject)
    low, high, variations = match.groups()[-3:]
    assert isinstance(subject, Anomaly)
    far = variations == "over 1,000" and subject.robust_deviations >= 999
    return (
        says(match[1], value)
        and compared(points, subject, match, 1)
        and says(low, lower)
        and says(high, upper)
        and (far or abs(number_in(variations)[0] / subject.robust_deviations - 1) <= 0.055)
    )


def covers(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check how many points an anomaly covers, and that its peak is the extreme where that is said."""
    anomaly = anomaly_of(points, subject)
    inside = points.value[points.stretch(anomaly)]
    at = points.position[anomaly.date]
    if int(np.isfinite(inside).sum()) != int(match[1].replace(",", "")) or at not in points.dated.get(match[3], []):
        return False
    return extreme(inside, points.value[at], match[4])


def extreme(inside: Floats, value: float, which: str | None) -> bool:
    """Whether the value is the one highest or lowest of a stretch, if that is said."""
    if which is None:
        return True
    furthest = np.nanmax(inside) if which == "highest" else np.nanmin(inside)
    return bool(value == furthest and (inside == furthest).sum() == 1)


def by_chance(_: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check ``about 1 in 300 such series``, and that what is sure is rarer by chance than what is possible."""
    assert isinstance(subject, Anomaly)
    if match["series"] is None:
        return subject.chance > 1 / 2
    series = int(match["series"].replace(",", ""))
    close = series <= 1 / subject.chance if match["fewer"] else 0.6 < series * subject.chance < 1.7
    return close and {"sure": series >= 100, "likely": 30 <= series <= 100, "possible": series <= 40}[subject.certainty]


def crowd(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check how many points of a stretch are above zero, and how many usually are."""
    inside = points.value[points.stretch(anomaly_of(points, subject))]
    finite = points.value[np.isfinite(points.value)]
    active, count = int((inside > 0).sum()), int(np.isfinite(inside).sum())
    usual = (finite > 0).mean() * count
    return (
        says(match[1], active) and says(match[2], count) and abs(number_in(match[4])[0] - usual) <= 0.06 * usual + 0.5
    )


def title_of_point(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check ``Revenue was 89,000 on 3 Jan, 3.6 times the expected 24,500``."""
    value = at_peak(points, subject)[0]
    return says(match[1], value) and _is_date(points, subject, match[2]) and compared(points, subject, match, 2)


def _is_date(points: Points, subject: Subject, text: str) -> bool:
    return peak_of(points, subject) in points.dated.get(re.sub(r"^(on|in) ", "", text), [])


def at_date(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check ``On 3 Jan the highest value was 89,000, 3.6 times the expected 24,500``."""
    value = at_peak(points, subject)[0]
    inside = points.value[points.stretch(anomaly_of(points, subject))]
    date = match[1][0].lower() + match[1][1:]
    return (
        _is_date(points, subject, date)
        and extreme(inside, value, match[2])
        and says(match[3], value)
        and compared(points, subject, match, 3)
    )


def usual_range(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check the band at the peak."""
    _, _, lower, upper = at_peak(points, subject)
    return says(match[1], lower) and says(match[2], upper)


def than_expected(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check ``That is 64,500 more than expected``."""
    value, expected, _, _ = at_peak(points, subject)
    return says(match[1], abs(value - expected)) and (match[2] == "more") == (value > expected)


def record(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check ``No other of the 31 days was as high``."""
    finite = points.value[np.isfinite(points.value)]
    value = at_peak(points, subject)[0]
    rivals = (finite >= value).sum() if match[3] == "high" else (finite <= value).sum()
    return says(match[1], len(finite)) and rivals == 1


def outside_range(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check how many points of a stretch lie outside the band, beside the expected value, or are zero."""
    part, table = points.stretch(anomaly_of(points, subject)), points.table
    value = points.value[part]
    present = int(np.isfinite(value).sum())
    side, line = match["side"], match["line"]
    if match["zero"]:
        outside = int((value == 0).sum())
    elif line == "its usual range":
        outside = int((value > table.upper[part]).sum() if side == "above" else (value < table.lower[part]).sum())
    else:
        outside = int((value > table.expected[part]).sum() if side == "above" else (value < table.expected[part]).sum())
    claimed = match["share"] or match["points"]
    starts = part.start in points.dated.get(match["since"], [])
    return starts and says(match["points"], present) and outside == int(claimed.replace(",", ""))


def counted(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check the number of anomalies, and of those of high severity."""
    found = points.open_anomalies()
    high = sum(one.severity == "high" for one in found)
    claimed = match[2]
    is_high = claimed is None or (high == len(found) if claimed == "all" else str(high) == _in_figures(claimed))
    return len(found) == int(match[1].replace(",", "")) and is_high


def _in_figures(word: str) -> str:
    return str(WORDS.index(word.lower())) if word.lower() in WORDS else word.replace(",", "")


def sides(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check how many anomalies are above and below the expected value."""
    signs = np.sign([at_peak(points, one)[0] - at_peak(points, one)[1] for one in points.open_anomalies()])
    above, below = int((signs > 0).sum()), int((signs < 0).sum())
    if match["all"]:
        return (below if match["all"] == "above" else above) == 0
    return (above, below) == (int(match[2].replace(",", "")), int(match[3].replace(",", "")))


def cover(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check how many points the anomalies cover."""
    covered = np.zeros(len(points.value), dtype=np.bool_)
    for one in points.open_anomalies():
        covered[points.stretch(one)] = True
    present = np.isfinite(points.value)
    inside, total = int((covered & present).sum()), int(present.sum())
    return says(match[1], inside) and says(match[2], total) and says(match[4], 100 * inside / total)


def closed_too(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check how many anomalies are closed."""
    count = len(points.analysis.anomalies) - len(points.open_anomalies())
    return _in_figures(match[1]) == str(count)


def within(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check that all points are within the band."""
    inside, judged = _inside(points)
    return inside == judged == int(match[1].replace(",", ""))


def _inside(points: Points) -> tuple[int, int]:
    table = points.table
    judged = np.isfinite(points.value) & np.isfinite(table.lower)
    inside = judged & (points.value >= table.lower) & (points.value <= table.upper)
    return int(inside.sum()), int(judged.sum())


def some_outside(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check how many points are outside the band although none is reported."""
    inside, judged = _inside(points)
    return not points.analysis.anomalies and says(match[1], judged - inside) and says(match[2], judged)


def too_variable(points: Points, _: Subject, __: re.Match[str]) -> bool:
    """Check that the band is wider than all values together."""
    table = points.table
    spread = float(np.nanmax(points.value) - np.nanmin(points.value))
    return float(np.nanmedian(table.upper - table.lower)) > 0.99 * spread and not points.analysis.anomalies


def typically_wide(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check the width of the band and the range of the values."""
    table = points.table
    width = float(np.nanmedian(table.upper - table.lower))
    low, high = float(np.nanmin(points.value)), float(np.nanmax(points.value))
    return says(match[1], width) and says(match[2], low) and says(match[3], high)


def values_run(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check range and quartiles."""
    figures = np.nanpercentile(points.value, [0, 100, 25, 75]).tolist()
    return all(says(match[i + 1], figure) for i, figure in enumerate(figures))
