"""Sentences on the calendar: where anomalies gather, and seasons."""

import re

import numpy as np

from benchmarks.sentences.points import Points, Subject, number_in, says
from domain.timeseries.aggregation import Ints
from domain.wording.formatting import MONTH_NAMES, WEEKDAY_NAMES
from domain.wording.insights.insight import Insight


def gathered(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check how many anomalies peak in a part of the calendar."""
    peaks = np.array([points.position[one.date] for one in points.open_anomalies()], dtype=np.int64)
    claimed = match["part"] or match["all"]
    total = match["total"] or match["all"]
    inside = _in_part(points, subject, match["words"])
    return (int(inside[peaks].sum()), len(peaks)) == tuple(int(c.replace(",", "")) for c in (claimed, total))


def _in_part(points: Points, subject: Subject, words: str) -> np.ndarray:  # type: ignore[type-arg]
    wall = points.wall
    if words.startswith("between "):
        low, high = (int(hour) for hour in re.findall(r"(\d\d):00", words))
        hours = (wall.astype("datetime64[h]").astype(np.int64)) % 24
        return np.asarray((hours >= low) & (hours < high))
    name = words.split(" ", 1)[1]
    if name.rstrip("s") in WEEKDAY_NAMES:
        return np.asarray(
            (wall.astype("datetime64[D]").astype(np.int64) + 3) % 7 == WEEKDAY_NAMES.index(name.rstrip("s"))
        )
    if name in MONTH_NAMES:
        return np.asarray(wall.astype("datetime64[M]").astype(np.int64) % 12 == MONTH_NAMES.index(name))
    assert isinstance(subject, Insight)
    inside = np.zeros(len(wall), dtype=np.bool_)
    first, last = (points.position[str(label)] for label in (subject.evidence.start, subject.evidence.end))
    inside[first : last + 1] = True
    return inside


def share_of_points(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check which share of all points lies in that part of the calendar."""
    assert isinstance(subject, Insight)
    words = subject.title.split(" anomalies fall ", 1)[1]
    share = float(_in_part(points, subject, words)[np.isfinite(points.value)].mean())
    expected = share * len(points.open_anomalies())
    return says(match[1], 100 * share) and abs(number_in(match[3])[0] - expected) <= 0.06 * expected


def _groups(points: Points, name: str) -> Ints:
    wall = points.wall
    if ":" in name:
        return np.asarray(wall.astype("datetime64[h]").astype(np.int64) % 24)
    if name in WEEKDAY_NAMES:
        return np.asarray((wall.astype("datetime64[D]").astype(np.int64) + 3) % 7)
    return np.asarray(wall.astype("datetime64[M]").astype(np.int64) % 12)


def _place(name: str) -> int:
    if ":" in name:
        return int(name[:2])
    return (WEEKDAY_NAMES if name in WEEKDAY_NAMES else MONTH_NAMES).index(name)


def highest_group(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check the median of the highest group against all."""
    group = _groups(points, match["name"])
    for values in points.variants:
        top, middle = float(np.nanmedian(values[group == _place(match["name"])])), float(np.nanmedian(values))
        away = 100 * abs(top / middle - 1) if match["pct"] else abs(top - middle)
        if says(match["away"], away) and (match["side"] == "above") == (top > middle):
            return True
    return False


def weekends(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check the median of weekends against weekdays."""
    free = _groups(points, "Monday") >= 5
    for values in points.variants:
        weekend, week = float(np.nanmedian(values[free])), float(np.nanmedian(values[~free]))
        away = 100 * abs(weekend / week - 1) if match["pct"] else abs(weekend - week)
        if says(match["away"], away) and (match["side"] == "above") == (weekend > week):
            return True
    return False


def group_medians(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check the medians of the highest and the lowest group, and that they are these."""
    group = _groups(points, match["high"])
    for values in points.variants:
        medians = {g: float(np.nanmedian(values[group == g])) for g in np.unique(group[np.isfinite(values)]).tolist()}
        high, low = medians[_place(match["high"])], medians[_place(match["low"])]
        if says(match["top"], high) and says(match["bottom"], low):
            return True
    return False


def beats(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check in how many cycles the highest group lies above the lowest."""
    high, low = (_place(match[name]) for name in ("high", "low"))
    group = _groups(points, match["high"])
    days = points.wall.astype("datetime64[D]").astype(np.int64)
    cycle = {"day": days, "week": (days + 3) // 7}.get(match["cycle"])
    cycle = points.wall.astype("datetime64[Y]").astype(np.int64) if cycle is None else cycle
    total = int((match["all"] or match["of"]).replace(",", ""))
    claimed = total if match["all"] else int(match["kept"].replace(",", ""))
    for values in points.variants:
        agreeing = cycles = 0
        for number in np.unique(cycle):
            parts = [values[(cycle == number) & (group == g)] for g in (high, low)]
            if all(np.isfinite(part).any() for part in parts):
                cycles += 1
                agreeing += bool(np.nanmean(parts[0]) > np.nanmean(parts[1]))
        # only cycles in which every group has a value are counted: never more than have these two
        if claimed <= agreeing and total <= cycles and total - claimed <= cycles - agreeing:
            return True
    return False
