"""Weaknesses of the data, reported apart from anomalies: as codes and numbers, without words."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from domain.detection.baseline.model import Model
from domain.detection.detectors.flatline import Run
from domain.detection.prepared_series import IntArray, PreparedSeries
from domain.detection.result import QualityCode, QualityFinding

FEWEST: Final = 5  # points that can be judged: of four, one is a quarter of all evidence
LEAST_CALENDAR: Final = 0.02  # of the level: smaller differences of a kind of day are not worth a sentence
MOST_RECURRENT: Final = 100  # recurring events whose places are listed
MOST_RUNS: Final = 20  # flatlines that are listed one by one


def of_input(
    series: PreparedSeries, values: npt.NDArray[Any], covered: tuple[bool, bool] = (True, True)
) -> list[QualityFinding]:
    """Report what is missing, duplicate or incomplete."""
    findings = []
    lost = len(values) - len(series)
    if lost:
        findings.append(QualityFinding(code=QualityCode.NOT_FINITE, count=lost, total=len(values)))
    first_covered, last_covered = covered
    if not first_covered and len(series):
        first = int(series.positions[0])
        findings.append(QualityFinding(code=QualityCode.INCOMPLETE_FIRST_BUCKET, start=first, end=first))
    if not last_covered and len(series):
        last = int(series.positions[-1])
        findings.append(QualityFinding(code=QualityCode.INCOMPLETE_LAST_BUCKET, start=last, end=last))
    double = int((np.diff(series.seconds) == 0).sum())
    if double:
        findings.append(QualityFinding(code=QualityCode.DUPLICATE_TIMES, count=double))
    return findings + _gaps(series)


def _gaps(series: PreparedSeries) -> list[QualityFinding]:
    """Count the gaps of a regular cadence."""
    if not series.regular or len(series) < FEWEST:
        return []
    missing = np.diff(series.slots()) - 1
    gaps = np.flatnonzero(missing > 0)
    if len(gaps) == 0:
        return []
    longest = int(gaps[np.argmax(missing[gaps])])
    return [
        QualityFinding(
            code=QualityCode.GAP,
            count=len(gaps),
            start=int(series.positions[longest]),
            end=int(series.positions[longest + 1]),
            total=int(missing[gaps].sum()),
            longest=int(missing[longest]),
        )
    ]


def unjudgeable(series: PreparedSeries) -> QualityFinding | None:
    """Return why nothing can be found, if so."""
    n = len(series)
    if n < FEWEST:
        return QualityFinding(code=QualityCode.TOO_FEW_POINTS, count=n, total=FEWEST)
    if series.values.min() == series.values.max():
        return QualityFinding(code=QualityCode.CONSTANT, count=n, value=_value_at(series, 0))
    return None


def flatlines(series: PreparedSeries, runs: tuple[Run, ...]) -> list[QualityFinding]:
    """List the stretches where the value stands still in order of time; of very many the longest."""
    longest = sorted(runs, key=lambda r: r.start - r.end)[:MOST_RUNS]
    return [
        QualityFinding(
            code=QualityCode.FLATLINE,
            count=run.end - run.start + 1,
            start=int(series.positions[run.start]),
            end=int(series.positions[run.end]),
            value=_value_at(series, run.start),
        )
        for run in sorted(longest, key=lambda r: r.start)
    ]


def of_calendar(series: PreparedSeries, model: Model) -> list[QualityFinding]:
    """Report the kinds of days on which the series always differs: once each, not day by day."""
    findings = []
    for pattern in model.calendar.patterns:
        at = pattern.places[pattern.shown]
        expected = model.transform.inverse(model.expected[at])
        level = model.transform.inverse(model.expected[at] - model.calendar.season[at])
        share = np.median(expected - level) / max(np.median(np.abs(level)), 1e-300)
        if pattern.expected and len(at) and abs(share) >= LEAST_CALENDAR:
            start, end = int(series.positions[at[0]]), int(series.positions[at[-1]])
            findings.append(
                QualityFinding(
                    code=QualityCode.CALENDAR,
                    count=len(at),
                    start=start,
                    end=end,
                    value=float(share),
                    day=pattern.day,
                    places=tuple(series.positions[at].tolist()) if pattern.day.rule.yearly else (),
                )
            )
    return findings


def recurrent(events: IntArray, positions: IntArray) -> list[QualityFinding]:
    """Report the events that were taken as a recurring pattern: how many, and where; of very many the last.

    Args:
        events: where each peaks, among the prepared points.
        positions: of the prepared points in the input.
    """
    if len(events) == 0:
        return []
    at = tuple(int(place) for place in positions[events])
    return [
        QualityFinding(
            code=QualityCode.RECURRENT, count=len(at), start=min(at), end=max(at), places=at[-MOST_RECURRENT:]
        )
    ]


def rare_demand(judged: int) -> QualityFinding:
    """Report that a series of mostly zeros has too few other values."""
    return QualityFinding(code=QualityCode.TOO_FEW_NONZERO, count=judged)


def _value_at(series: PreparedSeries, at: int) -> float:
    return float(series.in_unit(series.values[at : at + 1])[0])
