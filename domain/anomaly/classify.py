"""The one entry to detection: a series in, events with their reasons out.

The way of a series: ``series`` makes it ready, ``sparse`` puts structural zeros aside, ``model`` says what to expect
(``transform``, ``seasonality``, ``shifts``, ``trend``), ``channels`` measure how far points are from it in several
ways, ``threshold`` says how far is too far, ``recurrence`` knows habits, ``verdict`` adds it up, ``events`` joins
points, ``report`` puts it in words. docs/detection.md says what each step is worth.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from domain.anomaly import channels, flatline, methods, model, quality, report, sparse, threshold, verdict
from domain.anomaly.channels import Channel
from domain.anomaly.findings import Detection, DetectionSettings, QualityFinding
from domain.anomaly.series import BoolArray, Series, prepare
from domain.anomaly.sparse import Zeros

STANDARD = DetectionSettings()


def detect(
    time: npt.NDArray[Any],
    values: npt.NDArray[Any],
    settings: DetectionSettings = STANDARD,
    *,
    last_bucket_complete: bool = True,
) -> Detection:
    """Find what is abnormal in a series.

    Args:
        time: wall-clock start of each bucket, naive datetime64 of any unit, in any order; NaT drops a row.
        values: float64 of the same length; what is not finite is left out and reported.
        settings: sensitivity, direction and least change.
        last_bucket_complete: False if the last bucket is still being filled: it is then not judged.

    Returns:
        Events in order of time, and arrays of the input's length. All positions are those of the arrays as given;
        of an unsorted input ``start`` is the position of an event's first point in time.

    Raises:
        ValueError: if the arrays are not one-dimensional and of one length.
    """
    series = prepare(time, values)
    findings = quality.of_input(series, values, last_bucket_complete=last_bucket_complete)
    if not last_bucket_complete and len(series):
        series = series.only(slice(0, len(series) - 1), regular=True)
    reason = quality.unjudgeable(series)
    if reason is not None:
        return report.nothing(series, len(values), [*findings, reason])
    zeros, kept = sparse.judged(series)
    if kept.sum() < sparse.ENOUGH and zeros is not Zeros.VALUES:
        return report.nothing(series, len(values), [*findings, quality.rare_demand(int(kept.sum()))])
    return _judge(series, len(values), settings, findings, zeros, kept)


def _judge(
    series: Series,
    length: int,
    settings: DetectionSettings,
    findings: list[QualityFinding],
    zeros: Zeros,
    kept: BoolArray,
) -> Detection:
    judged = series if zeros is Zeros.VALUES else series.only(kept, regular=zeros is Zeros.CLOSED)
    fitted = model.fit_steady(judged) if zeros is Zeros.INTERMITTENT else model.fit(judged)
    ways = channels.build(judged, fitted)
    ways, habits = verdict.without_habits(ways, judged)
    ways, limit = _with_zeros(ways, series, zeros, kept)
    ways = verdict.as_asked(ways, series, settings)
    budget = threshold.budget_at(settings.sensitivity)
    runs = () if zeros is Zeros.INTERMITTENT else tuple(flatline.find(series.values))
    found = report.Report(
        series=series,
        judged=judged,
        model=fitted,
        channels=ways,
        verdict=verdict.judge(ways, budget),
        budget=budget,
        kept=kept,
        place=np.cumsum(kept) - 1,
        quiet_limit=limit,
        evidence=methods.gather(judged, fitted, runs),
    )
    findings = [*findings, *quality.flatlines(series, runs), *quality.recurrent(habits)]
    return report.write(found, length, findings, verdict.dial(ways, series))


def _with_zeros(
    ways: list[Channel], series: Series, zeros: Zeros, kept: BoolArray
) -> tuple[list[Channel], float | None]:
    """Bring the channels back to the whole series; return the most that is usual where normally nothing is."""
    if zeros is Zeros.VALUES:
        return ways, None
    ways = [sparse.spread_out(c, kept) for c in ways]
    if zeros is Zeros.INTERMITTENT:
        return [sparse.without_falls(c) for c in ways], 0.0
    closed, limit = sparse.opened(series, kept)
    return [*ways, closed], limit
