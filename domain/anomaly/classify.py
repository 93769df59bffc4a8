"""The one entry to detection: a series in, events with their reasons out.

The way of a series: ``series`` makes it ready, ``sparse`` puts structural zeros aside, ``model`` says what to expect
(``transform``, ``seasonality``, ``shifts``, ``trend``), ``channels`` measure how far points are from it in several
ways, ``threshold`` says how far is too far, ``recurrence`` knows habits, ``verdict`` adds it up, ``events`` joins
points, ``report`` puts it in words. ``guidance`` brings in what the user said of points. docs/detection.md says what
each step is worth.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from domain.anomaly import channels, flatline, guidance, methods, model, quality, report, sparse, threshold, verdict
from domain.anomaly.channels import Channel
from domain.anomaly.findings import Detection, DetectionSettings
from domain.anomaly.guidance import Guidance
from domain.anomaly.model import Model
from domain.anomaly.series import BoolArray, Series, prepare
from domain.anomaly.sparse import Zeros
from domain.wording import Figures

STANDARD = DetectionSettings()


def detect(
    time: npt.NDArray[Any],
    values: npt.NDArray[Any],
    settings: DetectionSettings = STANDARD,
    *,
    last_bucket_complete: bool = True,
    new_levels: Sequence[int] = (),
    outside_baseline: npt.NDArray[np.bool_] | None = None,
    unit: str | None = None,
) -> Detection:
    """Find what is abnormal in a series.

    Args:
        time: wall-clock start of each bucket, naive datetime64 of any unit, in any order; NaT drops a row.
        values: float64 of the same length; what is not finite is left out and reported.
        settings: sensitivity, direction and least change.
        last_bucket_complete: False if the last bucket is still being filled: it is then not judged.
        new_levels: positions from which the user wants a new level: what follows is judged by it.
        outside_baseline: True at points that must not teach what is usual; the event around such a point is left out
            with it. They are judged. Ignored if the others alone cannot be judged.
        unit: of the values, as it stands in the sentences; None without one.

    Returns:
        Events in order of time, and arrays of the input's length. All positions are those of the arrays as given;
        of an unsorted input ``start`` is the position of an event's first point in time.

    Raises:
        ValueError: if the arrays are not one-dimensional and of one length, or a position is none of theirs.
    """
    series = prepare(time, values)
    findings = quality.of_input(series, values, last_bucket_complete=last_bucket_complete)
    if not last_bucket_complete and len(series):
        series = series.only(slice(0, len(series) - 1), regular=True)
    said = guidance.placed(series, time, new_levels, outside_baseline)
    figures = _figures(series, unit)
    reason = quality.unjudgeable(series, figures)
    if reason is not None:
        return report.nothing(series, len(values), [*findings, reason])
    everything = np.ones(len(series), dtype=np.bool_)
    zeros, kept = sparse.judged(series, everything)
    if kept.sum() < sparse.ENOUGH and zeros is not Zeros.VALUES:
        return report.nothing(series, len(values), [*findings, quality.rare_demand(int(kept.sum()))])
    reading = _read(series, everything, ())
    if said:
        reading = _guided(series, reading, said)
    ways = verdict.as_asked(reading.ways, series, settings)
    budget = threshold.budget_at(settings.sensitivity)
    runs = () if reading.zeros is Zeros.INTERMITTENT else tuple(flatline.find(series.values))
    found = report.Report(
        series=series,
        judged=reading.judged,
        model=reading.model,
        channels=ways,
        verdict=verdict.judge(ways, budget),
        budget=budget,
        kept=reading.kept,
        place=np.cumsum(reading.kept) - 1,
        quiet_limit=reading.quiet_limit,
        evidence=methods.gather(reading.judged, reading.model, runs, reading.teaches[reading.kept]),
        figures=figures,
    )
    findings = [*findings, *quality.flatlines(series, runs, figures), *quality.recurrent(reading.habits)]
    return report.write(found, len(values), findings, verdict.dial(ways, series))


def _figures(series: Series, unit: str | None) -> Figures:
    """Return how values are written: with the unit, and as precisely as the spread of their middle half bears."""
    if len(series) == 0:
        return Figures(unit=unit)
    low, high = np.quantile(series.values, [0.25, 0.75])
    return Figures(unit=unit, spread=float(series.in_unit(np.array([high - low]))[0]))


@dataclass(frozen=True, slots=True)
class Reading:
    """A series as the model and the channels see it, before anybody asks how strictly.

    Attributes:
        teaches: the points it was learnt from.
        zeros, kept, judged: what its zeros are, and the points that the model is for.
        model: one entry per point of ``judged``.
        ways: the channels, one entry per point of the series.
        habits: how many events were taken for the series' habit.
        quiet_limit: the most that is usual at points that are not kept; None if all are.
    """

    teaches: BoolArray
    zeros: Zeros
    kept: BoolArray
    judged: Series
    model: Model
    ways: list[Channel]
    habits: int
    quiet_limit: float | None


def _read(series: Series, teaches: BoolArray, levels: Sequence[int]) -> Reading:
    """Learn from the points that teach, and let the channels judge all."""
    zeros, kept = sparse.judged(series, teaches)
    judged = series if zeros is Zeros.VALUES else series.only(kept, regular=zeros is Zeros.CLOSED)
    within = teaches[kept]
    taught = judged if within.all() else judged.only(within, regular=True)
    starts = [int((kept & teaches)[:level].sum()) for level in levels]
    fitted = model.fit_steady(taught, starts) if zeros is Zeros.INTERMITTENT else model.fit(taught, starts)
    ways = channels.build(taught, fitted)
    ways, habits = verdict.without_habits(ways, taught)
    if taught is not judged:
        fitted = guidance.model_of_all(fitted, judged, within)
        ways = guidance.channels_of_all(ways, fitted, within)
    ways, limit = _with_zeros(ways, series, zeros, kept, teaches)
    return Reading(teaches, zeros, kept, judged, fitted, ways, habits, limit)


def _guided(series: Series, unguided: Reading, said: Guidance) -> Reading:
    """Read the series anew, as the user's word has it; what was found of the points spoken of stays."""
    as_found = verdict.judge(unguided.ways, threshold.STANDARD_BUDGET)  # whatever the settings: the dial stays true
    grown = said.grown(verdict.spans_of(as_found, series))
    if not _enough(series, ~grown.outside):
        said, grown = said.only_levels(), grown.only_levels()
    reading = _read(series, ~grown.outside, grown.levels)
    spoken = Guidance(said.levels, grown.outside)
    return replace(reading, ways=[*reading.ways, *guidance.kept_as_found(unguided.ways, spoken)])


def _enough(series: Series, teaches: BoolArray) -> bool:
    """Whether the points that teach can be judged by themselves."""
    if quality.unjudgeable(series.only(teaches, regular=True), Figures()) is not None:
        return False
    zeros, kept = sparse.judged(series, teaches)
    return zeros is Zeros.VALUES or int((kept & teaches).sum()) >= sparse.ENOUGH


def _with_zeros(
    ways: list[Channel], series: Series, zeros: Zeros, kept: BoolArray, teaches: BoolArray
) -> tuple[list[Channel], float | None]:
    """Bring the channels back to the whole series; return the most that is usual where normally nothing is."""
    if zeros is Zeros.VALUES:
        return ways, None
    ways = [sparse.spread_out(c, kept) for c in ways]
    if zeros is Zeros.INTERMITTENT:
        return [*(sparse.without_falls(c) for c in ways), *sparse.crowded(series, teaches)], 0.0
    closed, limit = sparse.opened(series, kept, teaches)
    return [*ways, closed], limit
