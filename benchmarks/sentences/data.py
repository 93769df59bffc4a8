"""Sentences on the data: gaps, rows, equal values."""

import re

import numpy as np

from benchmarks.sentences.points import Points, Subject, says
from domain.wording.insights.insight import Insight


def no_data(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check how many units between the first and the last have no data."""
    assert isinstance(subject, Insight)
    missing, total = int(match[1].replace(",", "")), int(match[2].replace(",", ""))
    return total - missing == int(np.isfinite(points.value).sum())


def longest_gap(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check that no two neighbouring points are further apart."""
    present = np.flatnonzero(np.isfinite(points.value))
    steps = np.diff(points.table.time[present])
    last = int(np.argmax(steps))
    dates = (points.dated.get(match["since"], []), points.dated.get(match["until"], []))
    if present[last] in dates[0] and present[last + 1] in dates[1]:
        return True
    # calendar units differ in length: another gap may be as long in units
    pairs = [at for at in present[:-1] if at in dates[0]]
    return any(present[np.searchsorted(present, at) + 1] in dates[1] for at in pairs)


def weekends_missing(points: Points, _: Subject, __: re.Match[str]) -> bool:
    """Check that data is on all weekdays and on no weekend."""
    days = points.wall[np.isfinite(points.value)].astype("datetime64[D]")
    every = np.arange(days[0], days[-1] + 1)
    working = every[(every.astype(np.int64) + 3) % 7 < 5]
    return bool(np.array_equal(working, days))


def nothing_missing(points: Points, _: Subject, __: re.Match[str]) -> bool:
    """Check that the points have equal calendar steps and all have a value."""
    steps = np.diff(points.table.time).astype("timedelta64[s]").astype(np.int64)
    return bool(np.isfinite(points.value).all()) and (len(steps) == 0 or steps.max() <= 1.2 * np.median(steps) + 3_601)


def all_have_value(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check the number of points with a value."""
    return says(match[1], int(np.isfinite(points.value).sum()))


def all_rows_used(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check that no row of the file is missing from the points."""
    rows = int(match[1].replace(",", ""))
    return points.quality is not None and points.quality.total_rows == rows == points.analysis.summary.rows


def rejected(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check the number of rejected rows."""
    return points.quality is not None and points.quality.rejected_rows == int(match[1].replace(",", ""))


def share_rejected(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check the share of rejected rows."""
    quality = points.quality
    if quality is None or quality.total_rows != int(match[2].replace(",", "")):
        return False
    return says(match[1], 100 * quality.rejected_rows / quality.total_rows)


def copies(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check the number of rows that repeat another."""
    return points.quality is not None and points.quality.duplicate_rows == int(match[1].replace(",", ""))


def run_of_equal(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check that so many points in a row have the value, from the date on."""
    count, present = int(match[1].replace(",", "")), np.isfinite(points.value)
    for start in points.dated.get(match[4], []):
        run = points.value[start:][present[start:]][:count]
        if len(run) == count and bool((run == run[0]).all()) and says(match[3], float(run[0])):
            return True
    return False


def places(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check in how many places the series stands still: as many as the notes list."""
    notes = [note for note in points.analysis.quality if note.code == "flatline"]
    return len(notes) == int(match[1])


def recurring(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """The detector's own count."""
    notes = [note for note in points.analysis.quality if note.code == "recurrent"]
    return any(note.count == int(match[1].replace(",", "")) for note in notes)


def recurring_dates(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check that the dates named are the last of those listed."""
    notes = [note for note in points.analysis.quality if note.code == "recurrent"]
    places = [points.position[day] for note in notes for day in note.dates]
    named = re.split(r", | and ", match[1])
    return len(named) <= len(places) and all(
        place in points.dated.get(date, []) for date, place in zip(reversed(named), reversed(places), strict=False)
    )


def always(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check that all values are the same."""
    return float(np.nanmin(points.value)) == float(np.nanmax(points.value)) and says(
        match[1], float(np.nanmin(points.value))
    )


def too_few(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """Check the number of points."""
    return int(np.isfinite(points.value).sum()) == int(match[1].replace(",", "")) < 5


def rows_of_thirds(points: Points, _: Subject, match: re.Match[str]) -> bool:
    """The evidence's own figures: the table holds no row counts."""
    assert isinstance(_, Insight)
    figures = _.evidence.figures
    return says(match[1], float(figures["rowsFirst"])) and says(match[2], float(figures["rowsLast"]))


def more_rows(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check the direction against the evidence."""
    assert isinstance(subject, Insight)
    figures = subject.evidence.figures
    return (match[1] == "more") == (float(figures["rowsLast"]) > float(figures["rowsFirst"]))


def empty_rows(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check how many rows have no value."""
    empty, rows = (int(match[i].replace(",", "")) for i in (1, 2))
    return rows - empty == points.analysis.summary.rows


def rows_with_value(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check the share of rows that have a value."""
    assert isinstance(subject, Insight)
    return says(match[1], 100 * points.analysis.summary.rows / float(subject.evidence.figures["rows"]))


def incomplete(points: Points, subject: Subject, _: re.Match[str]) -> bool:
    """The note on the bucket is there, and no anomaly is in it."""
    assert isinstance(subject, Insight)
    at = points.position[str(subject.evidence.start)]
    noted = subject.code in {note.code for note in points.analysis.quality} and at in {0, len(points.value) - 1}
    return noted and all(
        points.position[a.start] > at or points.position[a.end] < at for a in points.analysis.anomalies
    )


def bucket_value(points: Points, subject: Subject, match: re.Match[str]) -> bool:
    """Check the value of an incomplete bucket."""
    assert isinstance(subject, Insight)
    return says(match[1], float(points.value[points.position[str(subject.evidence.start)]]))


def always_true(_: Points, __: Subject, ___: re.Match[str]) -> bool:
    """Advice, or how the product works: not a statement on the data."""
    return True
