"""Weaknesses of the data: said apart from anomalies, because nothing happened there, or nobody knows."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from domain.anomaly.findings import QualityCode, QualityFinding
from domain.anomaly.flatline import Run
from domain.anomaly.series import Series
from domain.wording import Figures

FEWEST: Final = 5  # points that can be judged at all (detection.md, step 1)
MOST_RUNS: Final = 20  # flatlines that are listed one by one


def of_input(series: Series, values: npt.NDArray[Any], *, last_bucket_complete: bool) -> list[QualityFinding]:
    """Say what is missing, double or unfinished."""
    found = []
    lost = len(values) - len(series)
    if lost:
        text = f"{_count(lost, 'value')} of {len(values):,} {'is' if lost == 1 else 'are'} missing and not judged."
        found.append(QualityFinding(code=QualityCode.NOT_FINITE, text=text, count=lost))
    if not last_bucket_complete and len(series):
        last = int(series.positions[-1])
        text = "The last bucket is still being filled; it is shown but not judged."
        found.append(QualityFinding(code=QualityCode.INCOMPLETE_LAST_BUCKET, text=text, start=last, end=last))
    double = int((np.diff(series.seconds) == 0).sum())
    if double:
        text = f"{_count(double, 'time')} occur{'s' if double == 1 else ''} again; every value is judged by itself."
        found.append(QualityFinding(code=QualityCode.DUPLICATE_TIMES, text=text, count=double))
    return found + _gaps(series)


def _gaps(series: Series) -> list[QualityFinding]:
    """Name the gaps of a regular cadence; ``start`` and ``end`` are the points around the longest."""
    if not series.regular or len(series) < FEWEST:
        return []
    missing = np.diff(series.slots()) - 1
    gaps = np.flatnonzero(missing > 0)
    if len(gaps) == 0:
        return []
    longest = int(gaps[np.argmax(missing[gaps])])
    text = (
        f"{_count(len(gaps), 'gap')} in an otherwise regular series: {_count(int(missing[gaps].sum()), 'point')} "
        f"missing, {int(missing[longest]):,} in the longest."
    )
    start, end = int(series.positions[longest]), int(series.positions[longest + 1])
    return [QualityFinding(code=QualityCode.GAP, text=text, count=len(gaps), start=start, end=end)]


def unjudgeable(series: Series, figures: Figures) -> QualityFinding | None:
    """Return why nothing can be found, if so."""
    n = len(series)
    if n < FEWEST:
        text = (
            f"{_count(n, 'point')} {'is' if n == 1 else 'are'} too few to tell unusual from usual; {FEWEST} are needed."
        )
        return QualityFinding(code=QualityCode.TOO_FEW_POINTS, text=text, count=n)
    if series.values.min() == series.values.max():
        value = figures.observed(float(series.in_unit(series.values[:1])[0]))
        return QualityFinding(
            code=QualityCode.CONSTANT, text=f"All {n:,} values are {value}: nothing to compare.", count=n
        )
    return None


def flatlines(series: Series, runs: tuple[Run, ...], figures: Figures) -> list[QualityFinding]:
    """Name the stretches where the value stands still, the longest first to be kept, in order of time."""
    longest = sorted(runs, key=lambda r: r.start - r.end)[:MOST_RUNS]
    found = []
    for run in sorted(longest, key=lambda r: r.start):
        value = figures.observed(float(series.in_unit(series.values[run.start : run.start + 1])[0]))
        length = run.end - run.start + 1
        text = f"The value stands still at {value} for {length:,} points, longer than chance explains."
        start, end = int(series.positions[run.start]), int(series.positions[run.end])
        found.append(QualityFinding(code=QualityCode.FLATLINE, text=text, count=length, start=start, end=end))
    return found


def recurrent(events: int) -> list[QualityFinding]:
    """Say that events were taken for a habit."""
    if not events:
        return []
    text = f"{_count(events, 'similar event')} recur so often that they are the habit of this series, not anomalies."
    return [QualityFinding(code=QualityCode.RECURRENT, text=text, count=events)]


def rare_demand(judged: int) -> QualityFinding:
    """Say that a series of mostly zeros has too few other values."""
    text = f"Mostly zeros, and only {_count(judged, 'other value')}: too few to tell unusual from usual."
    return QualityFinding(code=QualityCode.TOO_FEW_POINTS, text=text, count=judged)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
