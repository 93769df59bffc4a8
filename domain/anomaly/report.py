"""From verdicts to what is handed out: anomalies with their figures and reasons, arrays to draw, the profile."""

from dataclasses import dataclass

import numpy as np

from domain.anomaly import methods, words
from domain.anomaly import severity as grade
from domain.anomaly.channels import Channel
from domain.anomaly.events import Span
from domain.anomaly.findings import (
    Anomaly,
    Detection,
    DialPoint,
    Direction,
    Kind,
    LevelShift,
    Method,
    QualityFinding,
    SeriesProfile,
)
from domain.anomaly.model import Model
from domain.anomaly.series import BoolArray, FloatArray, IntArray, Series
from domain.anomaly.shifts import LARGE_IF_SURE, NEXT_FEW
from domain.anomaly.verdict import DIAL_STEPS, Verdict, spans_of
from domain.wording import Figures

NOTHING_LEFT = 0.01  # of the expected value: below it a fall is an outage


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is known of a series once it is judged.

    Attributes:
        series, judged: all its points, and those the model is fitted to (``kept``, at ``place`` among them).
        model, channels, verdict, budget: how and how strictly it was judged.
        quiet_limit: the most that is usual at points that are not kept; None if all are.
        evidence: for the votes of the methods.
        figures: how its values are written.
    """

    series: Series
    judged: Series
    model: Model
    channels: list[Channel]
    verdict: Verdict
    budget: float
    kept: BoolArray
    place: IntArray
    quiet_limit: float | None
    evidence: methods.Evidence
    figures: Figures


@dataclass(frozen=True, slots=True)
class Band:
    """Expected value and bounds per point, in the unit of the input."""

    expected: FloatArray
    lower: FloatArray
    upper: FloatArray


def write(report: Report, length: int, quality: list[QualityFinding], dial: tuple[DialPoint, ...]) -> Detection:
    """Write the report for arrays of the input's ``length``."""
    band = _band(report)
    verdict = report.verdict
    spans = spans_of(verdict, report.series)
    values = report.series.in_unit(report.series.values)

    def placed(figures: FloatArray) -> FloatArray:
        out = np.full(length, np.nan)
        out[report.series.positions] = figures
        return out

    return Detection(
        anomalies=tuple(_anomaly(report, band, values, span) for span in spans),
        expected=placed(band.expected),
        lower=placed(band.lower),
        upper=placed(band.upper),
        score=placed(np.abs(verdict.scores)),
        profile=_profile(report),
        quality=tuple(quality),
        dial=dial,
    )


def nothing(series: Series, length: int, quality: list[QualityFinding]) -> Detection:
    """Write the report of a series that cannot be judged; ``quality`` says why."""
    steps = (step / (DIAL_STEPS - 1) for step in range(DIAL_STEPS))
    return Detection(
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
            transform="identity",
            ratio_scale=False,
            level_shifts=(),
            threshold=0.0,
            threshold_lower=0.0,
            scale=0.0,
        ),
        quality=tuple(quality),
        dial=tuple(DialPoint(sensitivity=s, flagged_points=0, events=0) for s in steps),
    )


def _band(report: Report) -> Band:
    """Draw the model's band, and at every abnormal point the band of the channel that found it."""
    expected, lower, upper = report.channels[0].band(report.budget)
    if report.quiet_limit is not None:
        quiet = ~report.kept
        limit = report.quiet_limit or float(np.median(upper[report.kept]))
        expected[quiet], lower[quiet], upper[quiet] = 0.0, 0.0, limit
    flagged = report.verdict.flagged
    for number, channel in enumerate(report.channels[1:], start=1):
        mine = flagged[report.verdict.leading[flagged] == number]
        if len(mine):
            for drawn, figures in zip((expected, lower, upper), channel.band(report.budget), strict=True):
                drawn[mine] = figures[mine]
    if report.series.values.min() >= 0:
        lower, expected = np.maximum(lower, 0.0), np.maximum(expected, 0.0)
    unit = report.series.in_unit
    return Band(unit(expected), unit(lower), unit(upper))


def _anomaly(report: Report, band: Band, values: FloatArray, span: Span) -> Anomaly:
    verdict, peak = report.verdict, span.peak
    channel = report.channels[int(verdict.leading[peak])]
    value, expected = float(values[peak]), float(band.expected[peak])
    lower, upper = float(band.lower[peak]), float(band.upper[peak])
    members = slice(span.start, span.end + 1)
    score = float(np.abs(verdict.scores[members]).max())
    deviations = abs(float(channel.own[peak]))
    up = bool(verdict.scores[peak] > 0)
    kind = _kind(report, span, up=up, gone=value <= NOTHING_LEFT * expected)
    ratio = report.model.transform.ratio_scale and value >= 0  # below zero only what the user keeps out of the model
    deviation = _difference(value, expected)
    position = report.series.positions
    at = int(report.place[peak]) if report.kept[peak] else None
    return Anomaly(
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
        type=channel.method,
        methods=methods.votes(
            report.evidence, float(report.series.values[peak]), at, channel.method, float(channel.deviations[peak])
        ),
        severity=grade.severity(
            value=value,
            expected=expected,
            score=score if channel.counts else abs(float(verdict.distances[peak])),
            ratio_scale=ratio and not channel.counts,
        ),
        direction=Direction.UP if up else Direction.DOWN,
        kind=kind,
        explanation=_explained(
            report, channel, values, span, kind, (lower, expected, upper), deviations, ratio_scale=ratio
        ),
    )


def _explained(
    report: Report,
    channel: Channel,
    values: FloatArray,
    span: Span,
    kind: Kind,
    band: tuple[float, float, float],
    deviations: float,
    *,
    ratio_scale: bool,
) -> str:
    value, points = float(values[span.peak]), span.end - span.start + 1
    if channel.counts:
        return words.crowded(value, points, *_busy(report, slice(span.start, span.end + 1)), report.figures)
    return words.explain(
        kind=kind,
        points=points,
        value=value,
        band=band,
        deviations=deviations,
        ratio_scale=ratio_scale,
        figures=report.figures,
        then=_then(report, channel, values, span.peak),
    )


def _busy(report: Report, stretch: slice) -> tuple[int, float]:
    """Return how many points of a stretch are not zero, and how many of as many points usually are."""
    active = report.series.values > 0
    return int(active[stretch].sum()), float(active.mean()) * (stretch.stop - stretch.start)


def _then(report: Report, channel: Channel, values: FloatArray, at: int) -> tuple[int, float] | None:
    """Return for how many points a level that begins here was seen to hold, and that level; None if to the end."""
    if channel.method is not Method.LEVEL_SHIFT or not report.kept[at]:
        return None
    place = int(report.place[at])
    later = (shift.at - place for shift in report.model.shifts if shift.at > place + NEXT_FEW)
    holds = channel.holds or next(later, 0)
    following = values[at:][report.kept[at:]][:holds]
    return (holds, float(np.median(following))) if len(following) else None


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


def _kind(report: Report, span: Span, *, up: bool, gone: bool) -> Kind:
    leading = report.verdict.leading[span.start : span.end + 1]
    shift = [k for k, c in enumerate(report.channels) if c.method is Method.LEVEL_SHIFT]
    if (
        np.isin(leading, shift).any()
        and report.channels[int(report.verdict.leading[span.peak])].method is Method.LEVEL_SHIFT
    ):
        return Kind.LEVEL_SHIFT
    if not up and gone and report.model.transform.ratio_scale:
        return Kind.OUTAGE
    if span.end > span.start:
        return Kind.BURST
    return Kind.SPIKE if up else Kind.DIP


def _profile(report: Report) -> SeriesProfile:
    series, model, first = report.judged, report.model, report.channels[0]
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


def _level_shifts(series: Series, model: Model) -> list[LevelShift]:
    level = series.in_unit(model.transform.inverse(model.steps + model.level))
    return [
        LevelShift(
            at=int(series.positions[s.at]),
            before=float(level[s.at - 1]),
            after=float(level[s.at]),
            change=_difference(float(level[s.at]), float(level[s.at - 1])),
        )
        for s in model.shifts
        if not s.told or abs(s.change) > LARGE_IF_SURE * model.overall  # a told one may be none that can be seen
    ]
