"""How far the data can be trusted: what is missing, was merged or refused, and whether points compare."""

from typing import Final

import numpy as np

from domain.anomaly.findings import QualityCode
from domain.buckets import ordinals
from domain.insights.facts import Candidate, Facts, InsightCode, candidate
from domain.summary import Aggregate, Granularity, Ints
from domain.wording import percent, plural, plural_of

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
PASSED_ON: Final = {
    QualityCode.RECURRENT: (HABIT_WEIGHT, InsightCode.RECURRENT, "Events that keep coming back were taken as usual"),
    QualityCode.FLATLINE: (STILL_WEIGHT, InsightCode.FLATLINE, "The series stands still in places"),
}


def tell(facts: Facts) -> list[Candidate]:
    """Tell each weakness of the data; that it has none, if it has none."""
    told = [
        *_unjudged(facts),
        *_gaps(facts),
        *_incomplete(facts),
        *_empty(facts),
        *_rejected(facts),
        *_uneven_rows(facts),
    ]
    told += _duplicates(facts)
    complete = [] if told else _complete(facts)
    return told + complete + _passed_on(facts)


def _weight(share: float) -> float:
    much, some, little = SHARE_WEIGHTS
    return much if share >= MUCH else some if share >= SOME else little


def _unjudged(facts: Facts) -> list[Candidate]:
    codes = {finding.code: finding for finding in facts.detection.quality}
    count = facts.summary.count
    if QualityCode.TOO_FEW_POINTS in codes:
        title = (
            f"{facts.counted(count)} are too few to judge" if count != 1 else f"One {facts.noun} is too little to judge"
        )
        text = "At least 5 are needed before anything can be called usual or abnormal. Upload a longer stretch"
        text += (
            f", or choose a finer granularity than {facts.noun}s."
            if facts.granularity is not Granularity.NATIVE
            else "."
        )
        evidence = facts.evidence(points=count)
        return [candidate(UNJUDGED_WEIGHT, InsightCode.TOO_FEW_POINTS, title, text, evidence)]
    if QualityCode.CONSTANT in codes and facts.summary.min is not None:
        value = facts.figures.observed(facts.summary.min)
        title = f"{facts.subject} never changed from {value}"
        text = f"All {facts.counted(count)} have the same value, so there is nothing to compare."
        evidence = facts.evidence(0, len(facts.value) - 1, value=facts.summary.min, points=count)
        return [candidate(UNJUDGED_WEIGHT, InsightCode.CONSTANT, title, text, evidence)]
    return []


def _gaps(facts: Facts) -> list[Candidate]:
    """Tell how many calendar units between the first and the last have no data, and the longest run of them."""
    gap = missing_units(facts)
    if gap is None:
        return []
    missing, total, longest, after = gap
    noun = facts.noun
    last = min(after + 1, len(facts.value) - 1)
    until = int(np.flatnonzero(np.isfinite(facts.value[after + 1 :]))[0]) + after + 1 if last > after else last
    share = missing / total
    title = f"{missing:,} of {plural(total, noun)} {'has' if missing == 1 else 'have'} no data"
    text = f"The longest gap is {plural(longest, noun)}, between {facts.date(after)} and {facts.date(until)}. "
    text += "Gaps are left out, never filled in or counted as zero."
    evidence = facts.evidence(after, until, missing=missing, total=total, longest=longest, share=share)
    return [candidate(_weight(share), InsightCode.GAPS, title, text, evidence)]


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
    unit = facts.granularity
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
    if facts.series.last_bucket_complete:
        return []
    last = len(facts.value) - 1
    value = facts.figures.observed(float(facts.value[last]))
    rows = int(facts.series.rows[last])
    usual = float(np.median(facts.series.rows[:-1]))
    title = f"The last {facts.noun} is not complete yet"
    text = f"{facts.date(last)} holds {plural(rows, 'row')} where {usual:,.0f} are usual, so its {value} is shown "
    text += "but not judged."
    evidence = facts.evidence(last, last, rows=rows, usual_rows=usual, value=float(facts.value[last]))
    return [candidate(INCOMPLETE_WEIGHT, InsightCode.INCOMPLETE_LAST_BUCKET, title, text, evidence)]


def _empty(facts: Facts) -> list[Candidate]:
    """Tell how many rows have no value of this metric, and if its values begin or end apart from the others."""
    kept, rows = facts.dataset.row_count or 0, facts.summary.rows
    if rows == 0 or rows >= kept:
        return []
    share = 1 - rows / kept
    first, last = facts.date(0), facts.date(len(facts.value) - 1)
    title = f"{facts.subject} is empty in {kept - rows:,} of {plural(kept, 'row')}"
    text = f"The {percent(rows / kept)} of rows that have a value run from {first} to {last}; the others are left out."
    evidence = facts.evidence(0, len(facts.value) - 1, empty=kept - rows, rows=kept)
    return [candidate(min(_weight(share), EMPTY_WEIGHT), InsightCode.EMPTY_CELLS, title, text, evidence)]


def _rejected(facts: Facts) -> list[Candidate]:
    quality = facts.dataset.quality
    if quality is None or quality.rejected_rows == 0:
        return []
    share = quality.rejected_rows / max(quality.total_rows, 1)
    title = f"{plural(quality.rejected_rows, 'row')} could not be used"
    text = f"That is {percent(share)} of the {quality.total_rows:,} rows of the file. The list of rejected rows names "
    text += "the line, the column and the reason of each."
    evidence = facts.evidence(rejected=quality.rejected_rows, rows=quality.total_rows, share=share)
    return [candidate(_weight(share), InsightCode.REJECTED_ROWS, title, text, evidence)]


def _uneven_rows(facts: Facts) -> list[Candidate]:
    """Warn where a sum rests on more and more (or fewer) rows: it then changes without any row changing."""
    present = np.flatnonzero(np.isfinite(facts.usual))
    third = len(present) // 3
    if facts.settings.aggregate is not Aggregate.SUM or third < 3:  # noqa: PLR2004 - a median needs three
        return []
    rows = facts.series.rows[present]
    first, last = float(np.median(rows[:third])), float(np.median(rows[-third:]))
    if max(first, last) <= 1 or max(first, last) < GROWN * min(first, last):
        return []
    way = "more" if last > first else "fewer"
    title = f"Later {plural_of(facts.noun)} rest on {way} rows than earlier ones"
    text = f"A {facts.noun} in the first third sums {first:,.0f} rows, one in the last third {last:,.0f}. "
    text += "Choose the mean to compare what a single row amounts to."
    evidence = facts.evidence(rows_first=first, rows_last=last)
    return [candidate(COMPARABLE_WEIGHT, InsightCode.NOT_COMPARABLE, title, text, evidence)]


def _duplicates(facts: Facts) -> list[Candidate]:
    quality = facts.dataset.quality
    repeated = quality.duplicate_rows if quality is not None else 0
    shared = facts.series.duplicates
    if repeated and quality is not None:
        title = f"{plural(repeated, 'duplicate row')} counted once"
        text = f"Each repeats another of the {quality.total_rows:,} rows of the file word for word."
    elif shared:
        title = f"{plural(shared, 'row')} shared a time with another"
        text = f"Rows of one time were merged into one {facts.noun} by their {facts.settings.aggregate}."
    else:
        return []
    evidence = facts.evidence(duplicates=repeated or shared, rows=facts.summary.rows)
    return [candidate(DUPLICATES_WEIGHT, InsightCode.DUPLICATES, title, text, evidence)]


def _complete(facts: Facts) -> list[Candidate]:
    if facts.summary.count == 0:
        return []
    title = f"The data is complete: every {facts.noun} has a value"
    stretch = facts.era(0, len(facts.value) - 1)
    text = f"No gap among the {facts.counted(facts.summary.count)} from {stretch}"
    text += "" if facts.dataset.quality is None else f", and none of {plural(facts.summary.rows, 'row')} was rejected"
    text += "."
    evidence = facts.evidence(0, len(facts.value) - 1, points=facts.summary.count, rows=facts.summary.rows)
    return [candidate(COMPLETE_WEIGHT, InsightCode.COMPLETE, title, text, evidence)]


def _passed_on(facts: Facts) -> list[Candidate]:
    """Pass on what the detector says of the series' habits, in its own words."""
    told = []
    for finding in facts.detection.quality:
        if finding.code in PASSED_ON:
            weight, code, title = PASSED_ON[finding.code]
            told.append(
                candidate(
                    weight, code, title, finding.text, facts.evidence(finding.start, finding.end, count=finding.count)
                )
            )
    return told
