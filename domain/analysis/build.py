"""Puts a finished ``Analysis`` together from what was counted, found and explained. Pure: same input, same bytes."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from msgspec.structs import replace

from domain.analysis.analysis import (
    MAX_CHART_POINTS,
    Analysis,
    Anomaly,
    DatedLevelShift,
    Profile,
    QualityNote,
    SeriesView,
    severities,
)
from domain.analysis.apply_verdicts import apply_verdicts, closed
from domain.analysis.distribution import box, histogram
from domain.analysis.point_table import PointTable, tabulate, window, wire_places
from domain.analysis.settings import ResolvedSettings
from domain.datasets.column_names import unit_in
from domain.datasets.columns import Column
from domain.datasets.dataset import DataQuality, Dataset
from domain.detection.result import DetectedAnomaly, DetectionResult, SeriesProfile, SeriesTraits
from domain.feedback.verdict import Verdict
from domain.timeseries.aggregation import Summary
from domain.timeseries.downsampling import ChoosePoints
from domain.timeseries.series import TimeSeries, summarise
from domain.wording import data_quality
from domain.wording.anomalies import explain
from domain.wording.certainty import how_sure
from domain.wording.formatting import Figures
from domain.wording.insights.facts import Facts, Previous
from domain.wording.insights.ranking import rank
from domain.wording.time_names import TimeNames

MANY_ANOMALIES: Final = 100  # from here on fewer points are drawn, so that the body stays under 60 kB compressed
POINTS_PER_ANOMALY: Final = 7  # both measured: an anomaly takes 130 bytes compressed, a point 20
FEWEST_CHART_POINTS: Final = 790  # about a point per pixel of the chart; 300 anomalies beside them stay under 60 kB
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
    said: Sequence[Verdict] = ()


NOTHING_KNOWN: Final = Known()


def assemble(
    dataset: Dataset,
    metric: Column,
    settings: ResolvedSettings,
    series: TimeSeries,
    detection: DetectionResult,
    choose: ChoosePoints,
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
        choose: chooses the points to draw.
        created_at: aware.
        known: what there is beside the rows.

    Returns:
        The analysis (``took_seconds`` is 0: the caller knows), and all its points for zooming.
    """
    table = tabulate(series, detection)
    places = wire_places(table.value)
    summary = summarise(series)
    figures = figures_of(metric, summary)
    profile, times = detection.profile, TimeNames(series, detection.profile.cadence_seconds)
    anomalies = tuple(
        report(metric.name, table, anomaly, profile, places, explain(anomaly, series.value, profile, times, figures))
        for anomaly in detection.anomalies
    )
    facts = Facts(
        dataset=dataset,
        metric=metric,
        aggregate=settings.aggregate,
        asked=settings,
        series=series,
        summary=summary,
        detection=detection,
        ids=tuple(anomaly.id for anomaly in anomalies),
        durations=tuple(anomaly.duration_seconds for anomaly in anomalies),
        previous=known.previous,
        figures=figures,
        times=times,
        closed=closed(anomalies, known.said, settings),
        is_segment=bool(settings.where),
    )
    analysis = Analysis(
        dataset_id=dataset.id,
        dataset_name=dataset.dataset_name,
        version=dataset.version,
        metric=metric.name,
        unit=metric.unit or unit_in(metric.name),
        settings=settings,
        summary=summary,
        series=_drawn(series, table, choose),
        histogram=histogram(series.value, table.peaks.tolist()),
        box=box(series.time, series.value, places),
        anomalies=anomalies,
        severities=severities(anomalies),
        insights=rank(facts),
        quality=quality_notes(dataset.quality, table, detection, figures, times),
        profile=profile_view(table, detection.profile),
        sensitivity_curve=detection.sensitivity_curve,
        created_at=created_at,
    )
    return apply_verdicts(analysis, known.said), table


def _drawn(series: TimeSeries, table: PointTable, choose: ChoosePoints) -> SeriesView:
    """The points of the page's chart, and whether its ends are buckets that the data do not cover."""
    return replace(
        chart(table, choose),
        first_incomplete=not series.first_bucket_complete,
        last_incomplete=not series.last_bucket_complete,
    )


def chart(table: PointTable, choose: ChoosePoints) -> SeriesView:
    """Choose the points of the page's chart: about 2,000, fewer where very many anomalies fill the body."""
    beyond = max(0, len(table.peaks) - MANY_ANOMALIES)
    limit = max(FEWEST_CHART_POINTS, MAX_CHART_POINTS - POINTS_PER_ANOMALY * beyond)
    return window(table, None, None, limit, choose)


def figures_of(metric: Column, summary: Summary) -> Figures:
    """Return how the values of a metric are written: with its unit, as precisely as the middle half spreads."""
    return Figures(unit=metric.unit or unit_in(metric.name), spread=summary.iqr or summary.std_dev or 0.0)


def report(
    metric: str, table: PointTable, anomaly: DetectedAnomaly, profile: SeriesProfile, places: int, explanation: str
) -> Anomaly:
    """Turn one event into what a user sees: positions become times, and it gets its lasting name.

    The value is exact; what is estimated is rounded to ``places`` decimals, scores to four significant digits.
    """
    lower, upper = (round(bound, places) for bound in (anomaly.lower, anomaly.upper))
    date, start, end = table.labels(np.array([anomaly.peak, anomaly.start, anomaly.end], dtype=np.int64))
    inside = table.value[anomaly.start : anomaly.end + 1]
    length = (table.time[anomaly.end] - table.time[anomaly.start]) / np.timedelta64(1, "s")
    bucket = bucket_seconds(table.time[anomaly.end], profile.cadence_seconds) if profile.regular else 0.0
    return Anomaly(
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
        certainty=anomaly.certainty,
        chance=float(f"{anomaly.chance:.1g}"),  # an estimate: one digit says what is known
        calendar=anomaly.calendar,
        direction=anomaly.direction,
        kind=anomaly.kind,
        explanation=explanation,
        how_sure=how_sure(anomaly.chance),
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


def quality_notes(
    quality: DataQuality | None, table: PointTable, detection: DetectionResult, figures: Figures, times: TimeNames
) -> tuple[QualityNote, ...]:
    """List the weaknesses of the data: those of the series first, then what reading the file found."""
    notes = [
        QualityNote(
            code=note.code,
            text=data_quality.of_series(note, figures, times),
            count=note.count,
            start=None if note.start is None else table.label(note.start),
            end=None if note.end is None else table.label(note.end),
            dates=tuple(table.label(place) for place in note.places),
        )
        for note in detection.quality
    ]
    if quality is None:
        return tuple(notes)
    notes += [QualityNote(code=code, text=text, count=count) for code, text, count in data_quality.of_reading(quality)]
    return tuple(notes)


def profile_view(table: PointTable, profile: SeriesProfile) -> Profile:
    """Show what the series was taken for, with times for positions."""
    shifts = tuple(
        DatedLevelShift(
            date=table.label(shift.at),
            before=shift.before,
            after=shift.after,
            change=shift.change,
        )
        for shift in profile.level_shifts
    )
    traits = {name: getattr(profile, name) for name in SeriesTraits.__struct_fields__}
    return Profile(level_shifts=shifts, **traits)
