"""From scores to the result: anomalies with their numbers, arrays to draw, the profile."""

from dataclasses import dataclass

import numpy as np

from domain.detection.baseline.calendar_rules import DAY_SECONDS, CalendarDay, CalendarRule, NamedDay
from domain.detection.baseline.level_shifts import LARGE_IF_SURE, NEXT_FEW
from domain.detection.baseline.model import Model
from domain.detection.detectors.scores import DetectorScores
from domain.detection.level_episodes import with_episodes
from domain.detection.prepared_series import BoolArray, FloatArray, IntArray, PreparedSeries
from domain.detection.result import (
    ActivePoints,
    CalendarCause,
    DetectedAnomaly,
    DetectionResult,
    Direction,
    HeldLevel,
    Kind,
    LevelShift,
    QualityFinding,
    SensitivityPoint,
    SeriesProfile,
    Severity,
    TransformKind,
)
from domain.detection.scoring import certainty
from domain.detection.scoring import severity as grade
from domain.detection.scoring import votes as methods
from domain.detection.scoring.combine import DIAL_STEPS, CombinedScore, spans_of
from domain.detection.scoring.events import Span

NOTHING_LEFT = 0.01  # of the expected value: below it a fall is an outage


@dataclass(frozen=True, slots=True)
class JudgedSeries:
    """Everything that is known of a series once it is judged.

    Attributes:
        series, judged: all its points, and those the model is fitted to (``active``, at ``place`` among them).
        model, all_scores, verdict, budget: how and how strictly it was judged.
        quiet_limit: the most that is usual at points that are not active; None if all are.
        evidence: for the votes of the methods.
        named: public holidays and events.
        standard: scores at the standard sensitivity, whatever was asked for; 0 where nothing is flagged.
    """

    series: PreparedSeries
    judged: PreparedSeries
    model: Model
    all_scores: list[DetectorScores]
    verdict: CombinedScore
    budget: float
    active: BoolArray
    place: IntArray
    quiet_limit: float | None
    evidence: methods.MethodStatistics
    standard: FloatArray
    named: tuple[NamedDay, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """Expected value and bounds per point, in the unit of the input."""

    expected: FloatArray
    lower: FloatArray
    upper: FloatArray


def write(
    report: JudgedSeries, length: int, quality: list[QualityFinding], sensitivity_curve: tuple[SensitivityPoint, ...]
) -> DetectionResult:
    """Write the report for arrays of the input's ``length``."""
    band = _band(report)
    verdict = report.verdict
    spans = spans_of(verdict, report.series)

    def placed(figures: FloatArray) -> FloatArray:
        out = np.full(length, np.nan)
        out[report.series.positions] = figures
        return out

    return DetectionResult(
        anomalies=_anomalies(report, band, spans),
        expected=placed(band.expected),
        lower=placed(band.lower),
        upper=placed(band.upper),
        score=placed(np.abs(verdict.scores)),
        profile=_profile(report),
        quality=tuple(quality),
        sensitivity_curve=sensitivity_curve,
    )


def nothing(series: PreparedSeries, length: int, quality: list[QualityFinding]) -> DetectionResult:
    """Write the report of a series that cannot be judged; ``quality`` says why."""
    steps = (step / (DIAL_STEPS - 1) for step in range(DIAL_STEPS))
    return DetectionResult(
        anomalies=(),
        expected=np.full(length, np.nan),
        lower=np.full(length, np.nan),
        upper=np.full(length, np.nan),
        score=np.full(length, np.nan),
        profile=SeriesProfile(
            points=len(series),
            cadence_seconds=series.cadence,
            regular=series.regular,
            periods=(),
            transform=TransformKind.IDENTITY,
            ratio_scale=False,
            level_shifts=(),
            threshold=0.0,
            threshold_lower=0.0,
            scale=0.0,
        ),
        quality=tuple(quality),
        sensitivity_curve=tuple(SensitivityPoint(sensitivity=s, flagged_points=0, events=0) for s in steps),
    )


def _band(report: JudgedSeries) -> Band:
    """Draw the model's band, and at every abnormal point the band of the detector with the highest score."""
    expected, lower, upper = report.all_scores[0].band(report.budget)
    if report.quiet_limit is not None:
        quiet = ~report.active
        limit = report.quiet_limit or float(np.median(upper[report.active]))
        expected[quiet], lower[quiet], upper[quiet] = 0.0, 0.0, limit
    flagged = report.verdict.flagged
    for number, detector_scores in enumerate(report.all_scores[1:], start=1):
        mine = flagged[report.verdict.leading[flagged] == number]
        if len(mine):
            for drawn, figures in zip((expected, lower, upper), detector_scores.band(report.budget), strict=True):
                drawn[mine] = figures[mine]
    if report.series.values.min() >= 0:
        lower, expected = np.maximum(lower, 0.0), np.maximum(expected, 0.0)
    unit = report.series.in_unit
    return Band(unit(expected), unit(lower), unit(upper))


def _anomalies(report: JudgedSeries, band: Band, spans: list[Span]) -> tuple[DetectedAnomaly, ...]:
    values, place = report.series.in_unit(report.series.values), report.place
    judged = [Span(int(place[span.start]), int(place[span.end]), int(place[span.peak])) for span in spans]
    return with_episodes([_anomaly(report, band, values, span) for span in spans], judged, report.judged, report.model)


def _anomaly(report: JudgedSeries, band: Band, values: FloatArray, span: Span) -> DetectedAnomaly:
    verdict, peak = report.verdict, span.peak
    detector_scores = report.all_scores[int(verdict.leading[peak])]
    value, expected = float(values[peak]), float(band.expected[peak])
    lower, upper = float(band.lower[peak]), float(band.upper[peak])
    members = slice(span.start, span.end + 1)
    score = float(np.abs(verdict.scores[members]).max())
    deviations = abs(float(detector_scores.own[peak]))
    up = bool(verdict.scores[peak] > 0)
    kind = _kind(report, span, up=up, gone=value <= NOTHING_LEFT * expected)
    ratio = report.model.transform.ratio_scale and value >= 0  # below zero only what the user keeps out of the model
    deviation = _difference(value, expected)
    position = report.series.positions
    at = int(report.place[peak]) if report.active[peak] else None
    calendar = _calendar(report, peak)
    by_chance = certainty.chance(float(report.standard[members].max()))
    return DetectedAnomaly(
        start=int(position[span.start]),
        end=int(position[span.end]),
        peak=int(position[peak]),
        value=value,
        expected=expected,
        lower=lower,
        upper=upper,
        deviation=deviation,
        deviation_pct=_percent(deviation, expected),
        score=score,
        robust_deviations=deviations,
        type=detector_scores.method,
        methods=methods.votes(
            report.evidence,
            float(report.series.values[peak]),
            at,
            detector_scores.method,
            float(detector_scores.deviations[peak]),
        ),
        severity=_severity(report, detector_scores, peak, value, expected, score, calendar),
        certainty=certainty.certainty(by_chance),
        chance=by_chance,
        direction=Direction.UP if up else Direction.DOWN,
        kind=kind,
        ratio_scale=ratio,
        new_level=_new_level(report, detector_scores, values, peak),
        active_points=_active_points(report, members) if detector_scores.traits.counts_occurrences else None,
        calendar=calendar,
    )


def _severity(
    report: JudgedSeries,
    detector_scores: DetectorScores,
    peak: int,
    value: float,
    expected: float,
    score: float,
    calendar: CalendarCause | None,
) -> Severity:
    """Grade an anomaly; a day that is as always on its kind of day is low, however far it is from other days."""
    if calendar is not None and calendar.as_usual:
        return Severity.LOW
    counts = report.model.transform.name is TransformKind.ANSCOMBE  # of 1 expected and 4 seen the ratio says nothing
    ratios = report.model.transform.ratio_scale and value >= 0
    spread, typical = (
        float(x) for x in report.series.in_unit(np.array([report.evidence.spread, report.evidence.typical]))
    )
    return grade.severity(
        value=value,
        expected=expected,
        score=score if detector_scores.traits.counts_occurrences else abs(float(report.verdict.distances[peak])),
        ratio_scale=ratios and not detector_scores.traits.counts_occurrences and not counts,
        spread=spread,
        usual=typical,
    )


def _calendar(report: JudgedSeries, at: int) -> CalendarCause | None:
    """Return the kind of day on which an anomaly lies."""
    if not report.active[at]:
        return None
    model, place = report.model, int(report.place[at])
    number = int(model.calendar.pattern_of[place])
    if number < 0:
        today = int(report.series.seconds[at] // DAY_SECONDS)
        name = next((named.name for named in report.named if named.day == today), None)
        day = None if name is None else CalendarDay(rule=CalendarRule.NAMED, name=name)
        return None if day is None else CalendarCause(day=day, occurrences=0, as_usual=False)
    pattern, effects = model.calendar.patterns[number], model.calendar
    kind = model.scaled[place] - model.expected[place] - effects.kind[place]
    limit = report.all_scores[0].upper if kind > 0 else report.all_scores[0].lower
    usual = abs(kind) <= limit.at(report.budget) * (model.scale[place] + effects.wider[place])
    usual = bool(usual and not pattern.expected)  # what is expected already and still flagged is not as usual
    return CalendarCause(day=pattern.day, occurrences=int(pattern.shown.sum()), as_usual=usual)


def _active_points(report: JudgedSeries, stretch: slice) -> ActivePoints:
    active = report.series.values > 0
    points = stretch.stop - stretch.start
    return ActivePoints(points=points, active=int(active[stretch].sum()), usual=float(active.mean()) * points)


def _new_level(report: JudgedSeries, detector_scores: DetectorScores, values: FloatArray, at: int) -> HeldLevel | None:
    """Return for how many points a level that begins here was seen to hold, and that level; None if to the end."""
    if not detector_scores.traits.explains_level or not report.active[at]:
        return None
    place = int(report.place[at])
    later = (shift.at - place for shift in report.model.shifts if shift.at > place + NEXT_FEW)
    holds = detector_scores.holds or next(later, 0)
    following = values[at:][report.active[at:]][:holds]
    return HeldLevel(points=holds, level=float(np.median(following))) if len(following) else None


def _difference(value: float, other: float) -> float:
    """Return the difference, at most the largest float."""
    limit = float(np.finfo(np.float64).max)
    return float(np.clip(value / 2 - other / 2, -limit / 2, limit / 2)) * 2


def _percent(deviation: float, expected: float) -> float | None:
    if expected == 0:
        return None
    with np.errstate(over="ignore", under="ignore"):
        percent = float(100.0 * (np.float64(deviation) / abs(expected)))
    return percent if np.isfinite(percent) else None


def _kind(report: JudgedSeries, span: Span, *, up: bool, gone: bool) -> Kind:
    if report.all_scores[int(report.verdict.leading[span.peak])].traits.explains_level:
        return Kind.LEVEL_SHIFT
    if not up and gone and report.model.transform.ratio_scale:
        return Kind.OUTAGE
    if span.end > span.start:
        return Kind.BURST
    return Kind.SPIKE if up else Kind.DIP


def _profile(report: JudgedSeries) -> SeriesProfile:
    series, model, first = report.judged, report.model, report.all_scores[0]
    centre = np.array([np.median(model.expected)])
    above = model.transform.inverse(centre + model.overall) - model.transform.inverse(centre)
    return SeriesProfile(
        points=len(report.series),
        cadence_seconds=series.cadence,
        regular=report.series.regular,
        periods=model.periods,
        transform=model.transform.name,
        ratio_scale=model.transform.ratio_scale,
        level_shifts=tuple(_level_shifts(series, model)),
        threshold=first.upper.at(report.budget),
        threshold_lower=first.lower.at(report.budget),
        scale=float(series.in_unit(above)[0]),
    )


def _level_shifts(series: PreparedSeries, model: Model) -> list[LevelShift]:
    level = series.in_unit(model.transform.inverse(model.steps + model.level))
    return [
        LevelShift(
            at=int(series.positions[s.at]),
            before=float(level[s.at - 1]),
            after=float(level[s.at]),
            change=_difference(float(level[s.at]), float(level[s.at - 1])),
        )
        for s in model.shifts
        if not s.declared
        or abs(s.change) > LARGE_IF_SURE * model.overall  # a declared one may be none that can be seen
    ]
