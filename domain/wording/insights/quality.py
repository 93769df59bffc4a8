"""How far the data can be trusted: what is missing, was merged or refused, and whether points compare."""

from typing import Final

import numpy as np

from domain.datasets.column_names import capital
from domain.detection.result import QualityCode
from domain.timeseries.aggregation import Aggregate, Granularity, Ints
from domain.timeseries.buckets import ordinals
from domain.timeseries.calendar_groups import WEEKEND, weekdays
from domain.wording.data_quality import of_series
from domain.wording.formatting import number, percent, plural
from domain.wording.insights.facts import Candidate, Facts, candidate
from domain.wording.insights.insight import InsightCode

UNJUDGED_WEIGHT: Final = 100.0  # if nothing could be judged, that is the news
INCOMPLETE_WEIGHT: Final = 65.0
COMPARABLE_WEIGHT: Final = 73.0
HABIT_WEIGHT: Final = 50.0
STILL_WEIGHT: Final = 67.0
EMPTY_WEIGHT: Final = 64.0  # often the nature of a file that holds several series
DUPLICATES_WEIGHT: Final = 36.0
COMPLETE_WEIGHT: Final = 30.0
MUCH, SOME = 0.2, 0.05  # shares of the points: from the first a weakness leads, from the second it is told early
SHARE_WEIGHTS: Final = (84.0, 64.0, 40.0)
GROWN: Final = 1.25  # rows behind a point, last third against first: from here on sums of them do not compare
AGGREGATE_NOUNS: Final = {
    Aggregate.SUM: "sum",
    Aggregate.MEAN: "mean",
    Aggregate.MIN: "minimum",
    Aggregate.MAX: "maximum",
    Aggregate.COUNT: "count",
}


def candidates(facts: Facts) -> list[Candidate]:
    """Name each weakness of the data; that it has none, if it has none."""
    weaknesses = [writing for writer in WEAKNESSES for writing in writer(facts)]
    return [*(weaknesses or _complete(facts)), *_recurrent(facts), *_flatlines(facts)]


def _weight(share: float) -> float:
    much, some, little = SHARE_WEIGHTS
    return much if share >= MUCH else some if share >= SOME else little


def _unjudged(facts: Facts) -> list[Candidate]:
    codes = {finding.code: finding for finding in facts.detection.quality}
    count = facts.summary.count
    if QualityCode.TOO_FEW_POINTS in codes:
        title = (
            f"{facts.times.counted(count)} are too few to analyse"
            if count != 1
            else f"One {facts.times.noun} is too little to analyse"
        )
        text = "At least 5 are needed to tell unusual from usual. Upload a longer stretch"
        text += (
            f", or choose a finer interval than {facts.times.nouns}."
            if facts.times.granularity is not Granularity.NATIVE
            else "."
        )
        evidence = facts.evidence(points=count)
        return [candidate(UNJUDGED_WEIGHT, InsightCode.TOO_FEW_POINTS, title, text, evidence)]
    if QualityCode.TOO_FEW_NONZERO in codes:
        nonzero = codes[QualityCode.TOO_FEW_NONZERO].count
        title = f"Only {nonzero:,} of {facts.times.counted(count)} {'is' if nonzero == 1 else 'are'} above zero"
        text = "That is too few to tell usual from unusual. Upload a longer stretch."
        evidence = facts.evidence(points=count, nonzero=nonzero)
        return [candidate(UNJUDGED_WEIGHT, InsightCode.TOO_FEW_POINTS, title, text, evidence)]
    if QualityCode.CONSTANT in codes and facts.summary.min is not None:
        value = facts.figures.observed(facts.summary.min)
        title = f"{facts.subject} is always {value}"
        text = f"All {facts.times.counted(count)} have the same value, so there is nothing to compare."
        evidence = facts.evidence(0, len(facts.value) - 1, value=facts.summary.min, points=count)
        return [candidate(UNJUDGED_WEIGHT, InsightCode.CONSTANT, title, text, evidence)]
    return []


def _gaps(facts: Facts) -> list[Candidate]:
    """Count the calendar units between the first and the last that have no data, and the longest run of them."""
    gap = missing_units(facts)
    if gap is None:
        return []
    missing, total, longest, after = gap
    times = facts.times
    last = min(after + 1, len(facts.value) - 1)
    until = int(np.flatnonzero(np.isfinite(facts.value[after + 1 :]))[0]) + after + 1 if last > after else last
    share = missing / total
    evidence = facts.evidence(after, until, missing=missing, total=total, longest=longest, share=share)
    if times.noun == "day" and _only_weekends(facts, missing):
        title, text = "No data on weekends", f"All {times.counted(missing)} without data are Saturdays and Sundays."
        return [candidate(SHARE_WEIGHTS[-1], InsightCode.GAPS, title, text, evidence)]
    title = f"{missing:,} of {times.counted(total)} {'has' if missing == 1 else 'have'} no data"
    text = f"The longest gap is {times.counted(longest)}, between {times.date(after)} and {times.date(until)}. "
    text += "Gaps are left out, neither filled in nor counted as zero."
    return [candidate(_weight(share), InsightCode.GAPS, title, text, evidence)]


def _only_weekends(facts: Facts, missing: int) -> bool:
    """Whether each missing day is a Saturday or Sunday, and no such day has data."""
    present = facts.wall[np.isfinite(facts.value)].astype("datetime64[D]")
    days = np.arange(present[0], present[-1] + 1)
    free = np.isin(weekdays(days), WEEKEND)
    return bool(np.array_equal(days[~free], present)) and int(free.sum()) == missing


def missing_units(facts: Facts) -> tuple[int, int, int, int] | None:
    """Count calendar units without data: (missing, all, the longest run, the position before that run).

    Counted on the calendar, whether or not the series was laid out on a full grid; None where nothing is missing
    or the points follow no unit.
    """
    at = np.flatnonzero(np.isfinite(facts.value))
    place = _places(facts, at)
    if place is None or len(at) < 2:  # noqa: PLR2004 - one point has no gap
        return None
    steps = np.diff(place)
    missing = int((steps - 1).clip(min=0).sum())
    if missing == 0:
        return None
    longest = int(np.argmax(steps))
    return missing, int(place[-1] - place[0]) + 1, int(steps[longest]) - 1, int(at[longest])


def _places(facts: Facts, at: Ints) -> Ints | None:
    """Number the points by their calendar unit."""
    unit = facts.times.granularity
    if unit is Granularity.NATIVE:
        cadence = facts.detection.profile.cadence_seconds
        if not cadence or not facts.detection.profile.regular:
            return None
        seconds = facts.series.time_utc[at].astype("datetime64[us]").astype(np.int64) / 1e6
        return np.asarray(np.rint((seconds - seconds[0]) / cadence), dtype=np.int64)
    if unit in {Granularity.MINUTE, Granularity.HOUR}:
        size = 60 if unit is Granularity.MINUTE else 3_600
        return np.asarray(facts.series.time_utc[at].astype("datetime64[s]").astype(np.int64) // size)
    return np.asarray(ordinals(facts.wall[at].astype("datetime64[us]").astype(np.int64), unit), dtype=np.int64)


def _incomplete(facts: Facts) -> list[Candidate]:
    """Name the first and the last bucket where the data do not cover it."""
    last = len(facts.value) - 1
    ends = []
    if not facts.series.first_bucket_complete:
        ends.append((0, "first", InsightCode.INCOMPLETE_FIRST_BUCKET))
    if not facts.series.last_bucket_complete:
        ends.append((last, "last", InsightCode.INCOMPLETE_LAST_BUCKET))
    return [_incomplete_bucket(facts, at, which, code) for at, which, code in ends]


def _incomplete_bucket(facts: Facts, at: int, which: str, code: InsightCode) -> Candidate:
    value = facts.figures.observed(float(facts.value[at]))
    rows = int(facts.series.rows[at])
    usual = float(np.median(facts.series.rows))
    title = f"The {which} {facts.times.noun} is incomplete"
    text = f"{capital(facts.times.date(at))} has {plural(rows, 'row')}, the median is {usual:,.0f}. "
    text += f"Its value of {value} is shown, not analysed."
    evidence = facts.evidence(at, at, rows=rows, usual_rows=usual, value=float(facts.value[at]))
    return candidate(INCOMPLETE_WEIGHT, code, title, text, evidence)


def _empty(facts: Facts) -> list[Candidate]:
    """Tell how many rows have no value of this metric, and if its values begin or end apart from the others."""
    stored, rows = facts.dataset.row_count or 0, facts.summary.rows
    if rows == 0 or rows >= stored or facts.is_segment:  # the other rows are not empty
        return []
    share = 1 - rows / stored
    first, last = facts.times.date(0), facts.times.date(len(facts.value) - 1)
    title = f"{facts.subject} is empty in {stored - rows:,} of {plural(stored, 'row')}"
    text = f"The rows with a value ({percent(rows / stored)}) run from {first} to {last}; the others are left out."
    evidence = facts.evidence(0, len(facts.value) - 1, empty=stored - rows, rows=stored)
    return [candidate(min(_weight(share), EMPTY_WEIGHT), InsightCode.EMPTY_CELLS, title, text, evidence)]


def _rejected(facts: Facts) -> list[Candidate]:
    quality = facts.dataset.quality
    if quality is None or quality.rejected_rows == 0:
        return []
    share = quality.rejected_rows / max(quality.total_rows, 1)
    title = f"{plural(quality.rejected_rows, 'row')} rejected"
    text = (
        f"That is {percent(share)} of the {plural(quality.total_rows, 'row')} of the file. The list of rejected rows "
    )
    text += "gives line, column and reason for each."
    evidence = facts.evidence(rejected=quality.rejected_rows, rows=quality.total_rows, share=share)
    return [candidate(_weight(share), InsightCode.REJECTED_ROWS, title, text, evidence)]


def _uneven_rows(facts: Facts) -> list[Candidate]:
    """Warn where a sum rests on more and more (or fewer) rows: it then changes without any row changing."""
    present = np.flatnonzero(np.isfinite(facts.complete))
    third = len(present) // 3
    if facts.aggregate is not Aggregate.SUM or third < 3:  # noqa: PLR2004 - a median needs three
        return []
    rows = facts.series.rows[present]
    first, last = float(np.median(rows[:third])), float(np.median(rows[-third:]))
    if max(first, last) <= 1 or max(first, last) < GROWN * min(first, last):
        return []
    way = "more" if last > first else "fewer"
    title = f"Later {facts.times.nouns} are sums of {way} rows than earlier ones"
    text = f"The median number of rows is {number(first)} in the first third and {number(last)} in the last third. "
    text += "Choose the mean to compare single rows."
    evidence = facts.evidence(rows_first=first, rows_last=last)
    return [candidate(COMPARABLE_WEIGHT, InsightCode.NOT_COMPARABLE, title, text, evidence)]


def _duplicates(facts: Facts) -> list[Candidate]:
    quality = facts.dataset.quality
    repeated = quality.duplicate_rows if quality is not None else 0
    shared = facts.series.duplicates
    if repeated:
        title = (
            f"{plural(repeated, 'row')} {'is an exact copy' if repeated == 1 else 'are exact copies'} of another row"
        )
        text = "Copies count like any other row. Remove them from the file if they are mistakes."
    elif shared:
        title = f"{plural(shared, 'row')} {'has' if shared == 1 else 'have'} the same time as another row"
        text = f"Rows with the same time become one value: their {AGGREGATE_NOUNS[facts.aggregate]}."
    else:
        return []
    evidence = facts.evidence(duplicates=repeated or shared, rows=facts.summary.rows)
    return [candidate(DUPLICATES_WEIGHT, InsightCode.DUPLICATES, title, text, evidence)]


def _complete(facts: Facts) -> list[Candidate]:
    if facts.summary.count == 0 or not facts.series.first_bucket_complete or not facts.series.last_bucket_complete:
        return []
    quality, times = facts.dataset.quality, facts.times
    title = f"No missing {times.nouns}"
    text = f"All {times.counted(facts.summary.count)} from {times.era(0, len(facts.value) - 1)} have a value."
    if quality is not None and quality.total_rows == facts.summary.rows:
        text += f" All {plural(facts.summary.rows, 'row')} of the file are used."
    evidence = facts.evidence(0, len(facts.value) - 1, points=facts.summary.count, rows=facts.summary.rows)
    return [candidate(COMPLETE_WEIGHT, InsightCode.COMPLETE, title, text, evidence)]


def _recurrent(facts: Facts) -> list[Candidate]:
    return [
        candidate(
            HABIT_WEIGHT,
            InsightCode.RECURRENT,
            "Recurring events are treated as normal",
            of_series(finding, facts.figures, facts.times),
            facts.evidence(finding.start, finding.end, count=finding.count),
        )
        for finding in facts.detection.quality
        if finding.code is QualityCode.RECURRENT
    ]


def _flatlines(facts: Facts) -> list[Candidate]:
    """Name the stretches in which the value stands still as one insight, with the longest."""
    runs = [finding for finding in facts.detection.quality if finding.code is QualityCode.FLATLINE]
    if not runs:
        return []
    longest = max(runs, key=lambda run: run.count)
    title = f"{facts.subject} stands still in {plural(len(runs), 'place')}"
    text = f"{'The longest: ' if len(runs) > 1 else ''}{of_series(longest, facts.figures, facts.times)}"
    evidence = facts.evidence(longest.start, longest.end, count=longest.count, places=len(runs))
    return [candidate(STILL_WEIGHT, InsightCode.FLATLINE, title, text, evidence)]


WEAKNESSES: Final = (_unjudged, _gaps, _incomplete, _empty, _rejected, _uneven_rows, _duplicates)
