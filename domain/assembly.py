"""Puts a finished ``Analysis`` together from what was counted, found and explained. Pure: same input, same bytes."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from msgspec.structs import replace

from domain.analysis import (
    MAX_CHART_POINTS,
    Analysis,
    AnomalyReport,
    Profile,
    QualityNote,
    ResolvedSettings,
    SeriesView,
    ShiftView,
    severities,
)
from domain.annotations import Annotation, annotate, closed
from domain.anomaly.findings import Anomaly, Detection, SeriesProfile
from domain.column_names import unit_in
from domain.dataset import Column, DataQuality, Dataset
from domain.distribution import box, histogram
from domain.insights.facts import Facts, Previous
from domain.insights.ranking import rank
from domain.points import PointTable, tabulate, window, wire_places
from domain.ports import Thinner
from domain.series import Series, summarise
from domain.wording import plural

MANY_ANOMALIES: Final = 100  # from here on fewer points are drawn, so that the body stays under 60 kB compressed
POINTS_PER_ANOMALY: Final = 6  # both measured: an anomaly takes 110 bytes compressed, a point 20
FEWEST_CHART_POINTS: Final = 800  # a point per pixel of the chart
DAY_SECONDS: Final = 86_400.0
CALENDAR_MONTHS: Final = ((1, 30, 31), (3, 90, 92), (12, 365, 366))  # months, and the days the median one has
SCORE_DIGITS: Final = 4  # more would fill a body with noise: a score is an estimate
ID_CHARACTERS: Final = 16  # of SHA-256 in hex: 64 bits, no two of 2,000,000 points alike in practice


@dataclass(frozen=True, slots=True)
class Known:
    """What there is beside the rows.

    Attributes:
        previous: the analysis of the version before, to tell what changed.
        said: the user's verdicts: insights tell of what is still open.
    """

    previous: Previous | None = None
    said: Sequence[Annotation] = ()


NOTHING_KNOWN: Final = Known()


def assemble(
    dataset: Dataset,
    metric: Column,
    settings: ResolvedSettings,
    series: Series,
    detection: Detection,
    thinner: Thinner,
    created_at: datetime,
    known: Known = NOTHING_KNOWN,
) -> tuple[Analysis, PointTable]:
    """Put an analysis together.

    Args:
        dataset: the version that was analysed.
        metric: its column; the unit goes into every sentence.
        settings: as they were applied.
        series: regularised, positions as those of ``detection``.
        detection: what was found in ``series``.
        thinner: chooses the points to draw.
        created_at: aware.
        known: what there is beside the rows.

    Returns:
        The analysis (``took_seconds`` is 0: the caller knows), and all its points for zooming.
    """
    table = tabulate(series, detection)
    places = wire_places(table.value)
    anomalies = tuple(report(metric.name, table, found, detection.profile, places) for found in detection.anomalies)
    summary = summarise(series)
    facts = Facts(
        dataset=dataset,
        metric=metric,
        settings=settings,
        series=series,
        table=table,
        summary=summary,
        detection=detection,
        reports=anomalies,
        previous=known.previous,
        closed=closed(anomalies, known.said, settings),
    )
    analysis = Analysis(
        dataset_id=dataset.id,
        dataset_name=dataset.dataset_name,
        version=dataset.version,
        metric=metric.name,
        unit=metric.unit or unit_in(metric.name),
        settings=settings,
        summary=summary,
        series=chart(table, thinner),
        histogram=histogram(series.value, table.peaks.tolist()),
        box=box(series.time, series.value, places),
        anomalies=anomalies,
        severities=severities(anomalies),
        insights=rank(facts),
        quality=quality_notes(dataset.quality, table, detection),
        profile=profile_view(table, detection.profile),
        dial=detection.dial,
        created_at=created_at,
    )
    return annotate(analysis, known.said), table


def chart(table: PointTable, thinner: Thinner) -> SeriesView:
    """Choose the points of the page's chart: about 2,000, fewer where very many anomalies fill the body."""
    beyond = max(0, len(table.peaks) - MANY_ANOMALIES)
    limit = max(FEWEST_CHART_POINTS, MAX_CHART_POINTS - POINTS_PER_ANOMALY * beyond)
    return window(table, None, None, limit, thinner)


def report(metric: str, table: PointTable, anomaly: Anomaly, profile: SeriesProfile, places: int) -> AnomalyReport:
    """Turn one event into what a user sees: positions become times, and it gets its lasting name.

    The value is exact; what is estimated is rounded to ``places`` decimals, scores to four significant digits.
    """
    lower, upper = (round(bound, places) for bound in (anomaly.lower, anomaly.upper))
    date, start, end = table.labels(np.array([anomaly.peak, anomaly.start, anomaly.end], dtype=np.int64))
    inside = table.value[anomaly.start : anomaly.end + 1]
    length = (table.time[anomaly.end] - table.time[anomaly.start]) / np.timedelta64(1, "s")
    bucket = bucket_seconds(table.time[anomaly.end], profile.cadence_seconds) if profile.regular else 0.0
    return AnomalyReport(
        id=anomaly_id(metric, date),
        date=date,
        start=start,
        end=end,
        points=int(np.isfinite(inside).sum()),
        duration_seconds=float(length) + bucket,
        value=anomaly.value,
        expected=round(anomaly.expected, places),
        lower=lower if anomaly.value < lower or anomaly.value >= anomaly.lower else anomaly.lower,
        upper=upper if anomaly.value > upper or anomaly.value <= anomaly.upper else anomaly.upper,
        deviation=round(anomaly.deviation, places),
        deviation_pct=None if anomaly.deviation_pct is None else short(anomaly.deviation_pct),
        robust_deviations=short(anomaly.robust_deviations),
        type=anomaly.type,
        score=short(anomaly.score),
        methods=tuple(replace(vote, score=short(vote.score)) for vote in anomaly.methods),
        severity=anomaly.severity,
        direction=anomaly.direction,
        kind=anomaly.kind,
        explanation=anomaly.explanation,
    )


def bucket_seconds(start: np.datetime64, cadence: float | None) -> float:
    """Return how long the bucket from ``start`` lasts: months, quarters and years are as long as they are.

    Args:
        start: of a bucket of a regular series, its wall-clock time.
        cadence: the series' median step in seconds; None without one.
    """
    if cadence is None:
        return 0.0
    days = cadence / DAY_SECONDS
    months = next((count for count, least, most in CALENDAR_MONTHS if least <= days <= most), None)
    if months is None:
        return cadence
    month = start.astype("datetime64[M]")
    first, following = (m.astype("datetime64[s]") for m in (month, month + months))
    return float((following - first) / np.timedelta64(1, "s"))


def anomaly_id(metric: str, date: str) -> str:
    """Name an anomaly by its metric and the time of its peak: the same in every run that finds it."""
    return hashlib.sha256(f"{metric}\n{date}".encode()).hexdigest()[:ID_CHARACTERS]


def short(score: float) -> float:
    """Round a score to four significant digits; 0 where there is none."""
    return float(f"{score:.{SCORE_DIGITS}g}") if math.isfinite(score) else 0.0


def quality_notes(quality: DataQuality | None, table: PointTable, detection: Detection) -> tuple[QualityNote, ...]:
    """List the weaknesses of the data: those of the series first, then what reading the file found."""
    notes = [
        QualityNote(
            code=str(found.code),
            text=found.text,
            count=found.count,
            start=None if found.start is None else table.label(found.start),
            end=None if found.end is None else table.label(found.end),
        )
        for found in detection.quality
    ]
    if quality is None:
        return tuple(notes)
    told = (
        ("rejected_rows", quality.rejected_rows, "could not be used; the list of rejects says why"),
        ("duplicate_rows", quality.duplicate_rows, "said the same as another; each is counted once"),
        ("out_of_order_rows", quality.out_of_order_rows, "came out of order; the series is sorted by time"),
    )
    notes += [QualityNote(code=code, text=f"{plural(n, 'row')} {said}.", count=n) for code, n, said in told if n]
    notes += [QualityNote(code="reading", text=note, count=1) for note in quality.notes]
    return tuple(notes)


def profile_view(table: PointTable, profile: SeriesProfile) -> Profile:
    """Show what the series was taken for, with times for positions."""
    shifts = tuple(
        ShiftView(
            date=table.label(shift.at),
            before=shift.before,
            after=shift.after,
            change=shift.change,
        )
        for shift in profile.level_shifts
    )
    return Profile(
        points=profile.points,
        cadence_seconds=profile.cadence_seconds,
        regular=profile.regular,
        periods=profile.periods,
        transform=profile.transform,
        ratio_scale=profile.ratio_scale,
        level_shifts=shifts,
        threshold=profile.threshold,
        threshold_lower=profile.threshold_lower,
        scale=profile.scale,
    )
