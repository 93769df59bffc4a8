"""The one entry to detection: a series in, events with their numbers out; ``domain.wording`` makes the sentences.

The way of a series: ``series`` makes it ready, ``sparse`` puts structural zeros aside, ``model`` says what to expect
(``transform``, ``seasonality``, ``shifts``, ``trend``), ``channels`` measure how far points are from it in several
ways, ``threshold`` says how far is too far, ``recurrence`` knows habits, ``verdict`` adds it up, ``events`` joins
points, ``build_result`` puts the numbers together. ``guidance`` brings in what the user said of points.
docs/detection.md says what each step is worth.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace as replaced

from domain.detection import build_result as report
from domain.detection import data_quality as quality
from domain.detection import feedback as guidance
from domain.detection.baseline import model
from domain.detection.baseline.calendar_rules import NamedDay
from domain.detection.baseline.model import Model
from domain.detection.detectors import flatline, registry
from domain.detection.detectors import zeros as sparse
from domain.detection.detectors.scores import DetectorScores
from domain.detection.detectors.silence import silences
from domain.detection.detectors.zeros import Zeros
from domain.detection.feedback import TrainingMask
from domain.detection.prepared_series import BoolArray, IntArray, PreparedSeries, prepare
from domain.detection.rare_events import rare_events
from domain.detection.result import DetectionResult, QualityFinding
from domain.detection.scoring import combine, threshold
from domain.detection.scoring import votes as methods
from domain.detection.settings import DetectionSettings, Reported


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeriesContext:
    """What is known of a series beside its values; see the arguments of ``detect``."""

    first_bucket_complete: bool = True
    last_bucket_complete: bool = True
    new_levels: Sequence[int] = ()
    named_days: tuple[NamedDay, ...] = ()
    outside_baseline: npt.NDArray[np.bool_] | None = None


def judge(
    time: npt.NDArray[Any],
    values: npt.NDArray[Any],
    settings: DetectionSettings,
    context: SeriesContext,
) -> DetectionResult:
    """Find what is abnormal in a series whose values are judged as they stand.

    Arguments, result and errors are those of ``detect``, its keyword arguments together as ``context``.
    """
    series = prepare(time, values)
    covered = (context.first_bucket_complete, context.last_bucket_complete)
    findings = quality.of_input(series, values, covered)
    if not all(covered) and len(series):
        series = series.only(slice(int(not covered[0]), len(series) - int(not covered[1])), regular=True)
    said = guidance.placed(series, time, context.new_levels, context.outside_baseline)
    reason = quality.unjudgeable(series)
    if reason is not None:
        return report.nothing(series, len(values), [*findings, reason])
    everything = np.ones(len(series), dtype=np.bool_)
    zeros, kept = sparse.judged(series, everything)
    if kept.sum() < sparse.ENOUGH and zeros is not Zeros.VALUES:
        return _rarely_active(series, kept, len(values), findings, settings)
    reading = _read(series, everything, (), context.named_days)
    if said:
        reading = _guided(series, reading, said, context.named_days)
    ways = combine.as_asked(reading.ways, series, settings)
    budget = threshold.budget_at(settings.sensitivity)
    runs = () if reading.zeros is Zeros.INTERMITTENT else tuple(flatline.find(series.values))
    verdict = combine.judge(ways, budget)
    found = report.JudgedSeries(
        series=series,
        judged=reading.judged,
        model=reading.model,
        channels=ways,
        verdict=verdict,
        budget=budget,
        kept=reading.kept,
        place=np.cumsum(reading.kept) - 1,
        quiet_limit=reading.quiet_limit,
        evidence=methods.gather(reading.judged, reading.model, runs, reading.teaches[reading.kept]),
        named=context.named_days,
        standard=combine.standard_scores(ways, verdict.flagged, len(series)),
    )
    findings = [*findings, *quality.flatlines(series, runs), *quality.recurrent(reading.habits, series.positions)]
    findings += quality.of_calendar(reading.judged, reading.model)
    return report.write(found, len(values), findings, combine.dial(ways, series))


def _rarely_active(
    series: PreparedSeries, active: BoolArray, length: int, findings: list[QualityFinding], settings: DetectionSettings
) -> DetectionResult:
    events = rare_events(series, active)
    if settings.direction is not Reported.BOTH:
        events = tuple(event for event in events if event.direction.value == settings.direction.value)
    if not events:
        return report.nothing(series, length, [*findings, quality.rare_demand(int(active.sum()))])
    result = report.nothing(series, length, findings)
    zeros = np.full(length, np.nan)
    zeros[series.positions] = 0.0
    dial = tuple(replaced(step, flagged_points=len(events), events=len(events)) for step in result.dial)
    return replace(result, anomalies=events, expected=zeros, lower=zeros.copy(), upper=zeros.copy(), dial=dial)


@dataclass(frozen=True, slots=True)
class FittedSeries:
    """A series as the model and the channels see it, before a sensitivity is applied.

    Attributes:
        teaches: the points it was learnt from.
        zeros, kept, judged: what its zeros are, and the points that the model is for.
        model: one entry per point of ``judged``.
        ways: the channels, one entry per point of the series.
        habits: where the events peak that were taken for the series' habit.
        quiet_limit: the most that is usual at points that are not kept; None if all are.
    """

    teaches: BoolArray
    zeros: Zeros
    kept: BoolArray
    judged: PreparedSeries
    model: Model
    ways: list[DetectorScores]
    habits: IntArray
    quiet_limit: float | None


def _read(
    series: PreparedSeries, teaches: BoolArray, levels: Sequence[int], named: tuple[NamedDay, ...]
) -> FittedSeries:
    """Learn from the points that teach, and let the channels judge all."""
    zeros, kept = sparse.judged(series, teaches)
    judged = series if zeros is Zeros.VALUES else series.only(kept, regular=zeros is Zeros.CLOSED)
    within = teaches[kept]
    taught = judged if within.all() else judged.only(within, regular=True)
    starts = [int((kept & teaches)[:level].sum()) for level in levels]
    fitted = model.fit_steady(taught, starts) if zeros is Zeros.INTERMITTENT else model.fit(taught, starts, named)
    ways = registry.score_all(taught, fitted)
    ways, habits = combine.without_habits(ways, taught, fitted.calendar.reported)
    if taught is not judged:
        fitted = guidance.model_of_all(fitted, judged, within)
        ways = guidance.channels_of_all(ways, judged, fitted, within)
    habits = np.flatnonzero(kept & teaches)[habits]
    ways, limit = _with_zeros(ways, series, zeros, kept, teaches)
    return FittedSeries(teaches, zeros, kept, judged, fitted, ways, habits, limit)


def _guided(
    series: PreparedSeries, unguided: FittedSeries, said: TrainingMask, named: tuple[NamedDay, ...]
) -> FittedSeries:
    """Fit the series again under the training mask; the scores of the masked points stay as they were."""
    as_found = combine.judge(unguided.ways, threshold.STANDARD_BUDGET)  # whatever the settings: the dial stays true
    grown = said.grown(combine.spans_of(as_found, series))
    if not _enough(series, ~grown.outside):
        said, grown = said.only_levels(), grown.only_levels()
    reading = _read(series, ~grown.outside, grown.levels, named)
    spoken = TrainingMask(said.levels, grown.outside)
    return replace(reading, ways=[*reading.ways, *guidance.kept_as_found(unguided.ways, spoken)])


def _enough(series: PreparedSeries, teaches: BoolArray) -> bool:
    """Whether the points that teach can be judged by themselves."""
    if quality.unjudgeable(series.only(teaches, regular=True)) is not None:
        return False
    zeros, kept = sparse.judged(series, teaches)
    return zeros is Zeros.VALUES or int((kept & teaches).sum()) >= sparse.ENOUGH


def _with_zeros(
    ways: list[DetectorScores], series: PreparedSeries, zeros: Zeros, kept: BoolArray, teaches: BoolArray
) -> tuple[list[DetectorScores], float | None]:
    """Bring the channels back to the whole series; return the most that is usual where normally nothing is."""
    if zeros is Zeros.VALUES:
        return ways, None
    ways = [sparse.spread_out(c, kept) for c in ways]
    if zeros is Zeros.INTERMITTENT:
        return [
            *(sparse.without_falls(c) for c in ways),
            *sparse.crowded(series, teaches),
            *silences(series, teaches),
        ], 0.0
    closed, limit = sparse.opened(series, kept, teaches)
    return [*ways, closed], limit
