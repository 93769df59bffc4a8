"""Sentences on levels and trends: against medians of the values."""

import re

import numpy as np

from benchmarks.sentences.points import Points, Subject, number_in, peak_of, says
from domain.timeseries.aggregation import Floats
from domain.wording.insights.insight import Insight


def next_median(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check the median of the next points."""
    following = points.value[peak_of(points, subject) :]
    following = following[np.isfinite(following)][: int(match[1].replace(",", ""))]
    return says(match[3], float(np.median(following)))


def stays_changed(points: Points, subject: Subject, _: re.Match[str]) -> bool:
    """Each third of what follows has its median nearer to the new level than to the old one."""
    at = peak_of(points, subject)
    before, later = (v[np.isfinite(v)] for v in (points.value[:at], points.value[at:]))
    return nearer(later, float(np.median(before[-30:])), float(np.median(later[:30])))


def nearer(later: Floats, before: float, after: float) -> bool:
    """Whether each third of the later values has its median nearer to ``after``."""
    thirds = np.array_split(later, 3) if len(later) >= 9 else [later]
    return all(abs(np.median(part) - after) < abs(np.median(part) - before) for part in thirds)


def stepped(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check the size of a step against the medians that the text names."""
    assert isinstance(subject, Insight)
    figures = subject.evidence.figures
    before, after = float(figures["before"]), float(figures["after"])
    right_way = (match["way"] in {"up", "higher"}) == (after > before)
    size = says(match["size"], abs(after - before))
    return right_way and size and (match["pct"] is None or says(match["pct"], 100 * abs(after - before) / before))


def medians_beside(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check the medians before and after a step."""
    at = _step_at(points, subject)
    return any(
        says(match[3], _last(v[:at], match[1])) and says(match[6], _first(v[at:], match[4])) for v in points.variants
    )


def _step_at(points: Points, subject: Subject) -> int:
    assert isinstance(subject, Insight)
    return points.position[str(subject.evidence.figures["at"])]


def _first(values: Floats, count: str) -> float:
    return float(np.median(values[np.isfinite(values)][: int(count.replace(",", ""))]))


def _last(values: Floats, count: str) -> float:
    return float(np.median(values[np.isfinite(values)][-int(count.replace(",", "")) :]))


def stayed(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check that the level stayed, to the end or until a date."""
    assert isinstance(subject, Insight)
    at, figures = _step_at(points, subject), subject.evidence.figures
    until = len(points.value) if match[1] is None else points.dated[match[1]][-1]
    later = points.value[at:until]
    return nearer(later[np.isfinite(later)], float(figures["before"]), float(figures["after"]))


def episode(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check the medians before, during and after an episode."""
    assert isinstance(subject, Insight)
    at, back = _step_at(points, subject), points.position[str(subject.evidence.end)]
    return any(
        says(match[1], float(np.nanmedian(v[at:back])))
        and says(match[4], _last(v[:at], match[2]))
        and says(match[7], _first(v[back:], match[5]))
        for v in points.variants
    )


def furthest(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check the extreme of an episode."""
    assert isinstance(subject, Insight)
    at, back = _step_at(points, subject), points.position[str(subject.evidence.end)]
    extreme = np.nanmax if match["which"] == "highest" else np.nanmin
    return any(says(match["value"], float(extreme(v[at:back]))) for v in points.variants)


def returns(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check the medians before and after an episode, and that they are nearer to each other than to that between."""
    peak = peak_of(points, subject)
    for since in points.dated[match["since"]]:
        for until in points.dated[match["until"]]:
            if since > until or not since <= peak <= until + 5:
                continue
            value = points.value
            before, after = _last(value[:since], match["count"]), _first(value[until + 1 :], match["count"])
            returned = abs(after - before) < abs(float(np.nanmedian(value[since : until + 1])) - before)
            if returned and says(match["before"], before) and says(match["after"], after):
                return True
    return False


def trend_title(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check the size of a trend against the medians that the text names."""
    assert isinstance(subject, Insight)
    before, after = (float(subject.evidence.figures[name]) for name in ("before", "after"))
    if (match["way"] == "rose") != (after > before):
        return False
    if match["factor"]:
        return abs(number_in(match["factor"])[0] / (after / before) - 1) <= 0.06
    return says(match["size"], 100 * abs(after / before - 1) if match["pct"] else abs(after - before))


def trend_ends(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check the medians at both ends of a trend."""
    assert isinstance(subject, Insight)
    first, last = (points.position[str(label)] for label in (subject.evidence.start, subject.evidence.end))
    wall = points.wall
    for values in points.variants:
        if match["year"]:
            month = [wall[at].astype("datetime64[M]") for at in (first, last)]
            rest = [wall[at] - start.astype(wall.dtype) for at, start in zip((first, last), month, strict=True)]
            early = (np.arange(len(wall)) >= first) & (wall < (month[0] + 12).astype(wall.dtype) + rest[0])
            late = (np.arange(len(wall)) <= last) & (wall > (month[1] - 12).astype(wall.dtype) + rest[1])
            ends = (float(np.nanmedian(values[early])), float(np.nanmedian(values[late])))
        else:
            inside = values[first : last + 1]
            ends = (_first(inside, match["count"]), _last(inside, match["count"]))
        if says(match["before"], ends[0]) and says(match["after"], ends[1]):
            return True
    return False
