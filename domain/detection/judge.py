"""The one entry to detection: a series in, events with their numbers out; ``domain.wording`` makes the sentences.

``prepare`` sorts and scales the series, ``sparse`` sets structural zeros aside, ``model`` fits what to expect
(``transform``, ``seasonality``, ``level_shifts``, ``trend``), the detectors of ``registry`` score every point,
``threshold`` gives each its limit, ``recurrence`` finds recurring patterns, ``combine`` takes the highest
score/threshold ratio, ``events`` joins points and ``build_result`` assembles the numbers. ``feedback`` applies the
verdicts of the user.
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
from domain.detection import feedback
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
    verdict_mask = feedback.placed(series, time, context.new_levels, context.outside_baseline)
    reason = quality.unjudgeable(series)
    if reason is not None:
        return report.nothing(series, len(values), [*findings, reason])
    everything = np.ones(len(series), dtype=np.bool_)
    zeros, active = sparse.judged(series, everything)
    if active.sum() < sparse.ENOUGH and zeros is not Zeros.VALUES:
        return _rarely_active(series, active, len(values), findings, settings)
    reading = _read(series, everything, (), context.named_days)
    if verdict_mask:
        reading = _guided(series, reading, verdict_mask, context.named_days)
    all_scores = combine.as_asked(reading.all_scores, series, settings)
    budget = threshold.budget_at(settings.sensitivity)
    runs = () if reading.zeros is Zeros.INTERMITTENT else tuple(flatline.find(series.values))
    verdict = combine.judge(all_scores, budget)
    judged_series = report.JudgedSeries(
        series=series,
        judged=reading.judged,
        model=reading.model,
        all_scores=all_scores,
        verdict=verdict,
        budget=budget,
        active=reading.active,
        place=np.cumsum(reading.active) - 1,
        quiet_limit=reading.quiet_limit,
        evidence=methods.gather(reading.judged, reading.model, runs, reading.training[reading.active]),
        named=context.named_days,
        standard=combine.standard_scores(all_scores, verdict.flagged, len(series)),
    )
    findings = [
        *findings,
        *quality.flatlines(series, runs),
        *quality.recurrent(reading.recurring_peaks, series.positions),
    ]
    findings += quality.of_calendar(reading.judged, reading.model)
    return report.write(judged_series, len(values), findings, combine.sensitivity_curve(all_scores, series))


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
    sensitivity_curve = tuple(
        replaced(step, flagged_points=len(events), events=len(events)) for step in result.sensitivity_curve
    )
    return replace(
        result,
        anomalies=events,
        expected=zeros,
        lower=zeros.copy(),
        upper=zeros.copy(),
        sensitivity_curve=sensitivity_curve,
    )


@dataclass(frozen=True, slots=True)
class FittedSeries:
    """The fitted model of a series and its scores, before a sensitivity is applied.

    Attributes:
        training: the points it was learnt from.
        zeros, active, judged: what its zeros are, and the points that the model is for.
        model: one entry per point of ``judged``.
        all_scores: of each detector, one entry per point of the series.
        recurring_peaks: where the events peak that were taken for a recurring pattern.
        quiet_limit: the most that is usual at points that are not active; None if all are.
    """

    training: BoolArray
    zeros: Zeros
    active: BoolArray
    judged: PreparedSeries
    model: Model
    all_scores: list[DetectorScores]
    recurring_peaks: IntArray
    quiet_limit: float | None


def _read(
    series: PreparedSeries, training: BoolArray, levels: Sequence[int], named: tuple[NamedDay, ...]
) -> FittedSeries:
    """Fit the model to the training points and score all points."""
    zeros, active = sparse.judged(series, training)
    judged = series if zeros is Zeros.VALUES else series.only(active, regular=zeros is Zeros.CLOSED)
    within = training[active]
    taught = judged if within.all() else judged.only(within, regular=True)
    starts = [int((active & training)[:level].sum()) for level in levels]
    fitted = model.fit_steady(taught, starts) if zeros is Zeros.INTERMITTENT else model.fit(taught, starts, named)
    all_scores = registry.score_all(taught, fitted)
    all_scores, recurring_peaks = combine.without_recurring(all_scores, taught, fitted.calendar.reported)
    if taught is not judged:
        fitted = feedback.model_of_all(fitted, judged, within)
        all_scores = feedback.scores_of_all(all_scores, judged, fitted, within)
    recurring_peaks = np.flatnonzero(active & training)[recurring_peaks]
    all_scores, limit = _with_zeros(all_scores, series, zeros, active, training)
    return FittedSeries(training, zeros, active, judged, fitted, all_scores, recurring_peaks, limit)


def _guided(
    series: PreparedSeries, unguided: FittedSeries, verdict_mask: TrainingMask, named: tuple[NamedDay, ...]
) -> FittedSeries:
    """Fit the series again under the training mask; the scores of the masked points stay as they were."""
    as_found = combine.judge(
        unguided.all_scores, threshold.STANDARD_BUDGET
    )  # whatever the settings: the sensitivity curve stays true
    grown = verdict_mask.grown(combine.spans_of(as_found, series))
    if not _enough(series, ~grown.outside):
        verdict_mask, grown = verdict_mask.only_levels(), grown.only_levels()
    reading = _read(series, ~grown.outside, grown.levels, named)
    spoken = TrainingMask(verdict_mask.levels, grown.outside)
    return replace(
        reading, all_scores=[*reading.all_scores, *feedback.scores_before_verdicts(unguided.all_scores, spoken)]
    )


def _enough(series: PreparedSeries, training: BoolArray) -> bool:
    """Whether the points that teach can be judged by themselves."""
    if quality.unjudgeable(series.only(training, regular=True)) is not None:
        return False
    zeros, active = sparse.judged(series, training)
    return zeros is Zeros.VALUES or int((active & training).sum()) >= sparse.ENOUGH


def _with_zeros(
    all_scores: list[DetectorScores], series: PreparedSeries, zeros: Zeros, active: BoolArray, training: BoolArray
) -> tuple[list[DetectorScores], float | None]:
    """Extend the scores to the whole series; return the most that is usual where normally nothing is."""
    if zeros is Zeros.VALUES:
        return all_scores, None
    all_scores = [sparse.spread_out(c, active) for c in all_scores]
    if zeros is Zeros.INTERMITTENT:
        return [
            *(sparse.without_falls(c) for c in all_scores),
            *sparse.active_rate(series, training),
            *silences(series, training),
        ], 0.0
    closed, limit = sparse.opened(series, active, training)
    return [*all_scores, closed], limit
