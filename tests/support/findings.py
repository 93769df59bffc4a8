"""Series, detections and facts to write sentences from: planted, so that a test knows what is true of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from typing_extensions import override

from domain.analysis.analysis import Analysis
from domain.analysis.build import Known, assemble, figures_of, report
from domain.analysis.point_table import PointTable, tabulate, wire_places
from domain.analysis.settings import ResolvedSettings
from domain.datasets.columns import Column, ColumnType
from domain.datasets.dataset import DataQuality, Dataset, Status
from domain.detection.result import (
    Certainty,
    DetectedAnomaly,
    DetectionResult,
    Direction,
    Kind,
    LevelShift,
    Method,
    MethodVote,
    QualityCode,
    QualityFinding,
    SeriesProfile,
    Severity,
    TransformKind,
)
from domain.detection.settings import DetectionSettings, Reported
from domain.ports.analyses import Downsampler
from domain.timeseries.aggregation import Aggregate, Floats, Granularity, Ints
from domain.timeseries.series import TimeSeries, build, regularise, summarise
from domain.wording.insights.facts import Facts, Previous
from domain.wording.insights.insight import Insight
from domain.wording.insights.ranking import rank
from domain.wording.time_names import TimeNames
from tests.support.builders import a_dataset
from tests.support.fakes import NOON


@dataclass(frozen=True)
class EveryNth(Downsampler):
    """Chooses evenly, and what must be kept."""

    @override
    def choose(self, values: Floats, limit: int, keep: Sequence[int]) -> Ints:
        places = max(2, min(limit - len(keep) - 2, len(values)))
        even = np.linspace(0, len(values) - 1, places).astype(np.int64)
        present = np.flatnonzero(np.isfinite(values))
        extremes = [present[np.argmin(values[present])], present[np.argmax(values[present])]] if len(present) else []
        return np.unique(np.concatenate([even, extremes, keep]).astype(np.int64))


STEPS = {
    Granularity.MINUTE: 60,
    Granularity.HOUR: 3_600,
    Granularity.DAY: 86_400,
    Granularity.WEEK: 7 * 86_400,
}


def a_series(
    values: Sequence[float] | Floats,
    granularity: Granularity = Granularity.DAY,
    start: str = "2024-01-01",
    time_zone: str = "UTC",
    aggregate: Aggregate = Aggregate.MEAN,
) -> TimeSeries:
    """One row a bucket, from ``start`` on; NaN leaves its bucket out."""
    array = np.asarray(values, dtype=np.float64)
    if granularity is Granularity.MONTH:
        times = (np.datetime64(start, "M") + np.arange(len(array))).astype("datetime64[us]")
    else:
        times = np.datetime64(start, "us") + np.arange(len(array)) * np.timedelta64(STEPS[granularity], "s")
    answer = build(times.astype(np.int64), array, granularity, aggregate, time_zone, 7)
    return regularise(answer, granularity, time_zone)


def an_anomaly(
    series: TimeSeries, peak: int, *, expected: float, end: int | None = None, **changes: Any
) -> DetectedAnomaly:
    value = float(series.value[peak])
    half = abs(value - expected) / 2
    up = value > expected
    anomaly = DetectedAnomaly(
        start=peak,
        end=peak if end is None else end,
        peak=peak,
        value=value,
        expected=expected,
        lower=expected - half,
        upper=expected + half,
        deviation=value - expected,
        deviation_pct=100 * (value - expected) / expected if expected else None,
        score=2.0,
        robust_deviations=8.0,
        type=Method.ROBUST_Z,
        methods=(MethodVote(name=Method.ROBUST_Z, score=8.0, flagged=True),),
        severity=Severity.HIGH,
        certainty=Certainty.SURE,
        chance=0.001,
        direction=Direction.UP if up else Direction.DOWN,
        kind=Kind.SPIKE if up else Kind.DIP,
        ratio_scale=bool(value >= 0 and expected > 0),
    )
    return msgspec.structs.replace(anomaly, **changes)


def a_detection(
    series: TimeSeries,
    anomalies: Sequence[DetectedAnomaly] = (),
    shifts: Sequence[LevelShift] = (),
    quality: Sequence[QualityFinding] = (),
    band: tuple[float, float] | None = None,
) -> DetectionResult:
    """A detection that found what it is told; the band holds every point that is not an anomaly."""
    n = len(series)
    value = series.value
    usual = value.copy()
    for anomaly in anomalies:
        usual[anomaly.start : anomaly.end + 1] = np.nan
    low, high = band if band is not None else (float(np.nanmin(usual)), float(np.nanmax(usual)))
    expected = np.full(n, float(np.nanmedian(value)))
    steps = np.diff(series.time_utc.astype(np.int64)) / 1e6
    return DetectionResult(
        anomalies=tuple(anomalies),
        expected=expected,
        lower=np.full(n, low),
        upper=np.full(n, high),
        score=np.zeros(n),
        profile=SeriesProfile(
            points=int(np.isfinite(value).sum()),
            cadence_seconds=float(np.median(steps)) if len(steps) else None,
            regular=True,
            periods=(),
            transform=TransformKind.IDENTITY,
            ratio_scale=bool(np.nanmin(value) >= 0),
            level_shifts=tuple(shifts),
            threshold=4.0,
            threshold_lower=4.0,
            scale=1.0,
        ),
        quality=tuple(quality),
        sensitivity_curve=(),
    )


def some_settings(series: TimeSeries, aggregate: Aggregate = Aggregate.MEAN, **changes: Any) -> ResolvedSettings:
    settings = ResolvedSettings(
        granularity=series.granularity,
        aggregate=aggregate,
        sensitivity=0.5,
        direction=Reported.BOTH,
        min_change=None,
        time_zone=series.time_zone,
        granularity_reason="The data has one row a day.",
        aggregate_reason="One row a point: it makes no difference.",
        requested_granularity=Granularity.AUTO,
        requested_aggregate=Aggregate.AUTO,
    )
    return msgspec.structs.replace(settings, **changes)


def a_processed_dataset(quality: DataQuality | None = None, **changes: Any) -> Dataset:
    return a_dataset(status=Status.PROCESSED, quality=quality, **changes)


REVENUE = Column(name="revenue", type=ColumnType.NUMBER)


def the_facts(
    series: TimeSeries,
    detection: DetectionResult | None = None,
    *,
    metric: Column = REVENUE,
    quality: DataQuality | None = None,
    previous: Previous | None = None,
    **settings: Any,
) -> Facts:
    found = a_detection(series) if detection is None else detection
    table = tabulate(series, found)
    summary = summarise(series)
    figures = figures_of(metric, summary)
    places = wire_places(series.value)
    chosen = some_settings(series, **settings)
    times = TimeNames(series, found.profile.cadence_seconds)
    reported = [report(metric.name, table, anomaly, found.profile, places, "") for anomaly in found.anomalies]
    return Facts(
        dataset=a_processed_dataset(quality),
        metric=metric,
        aggregate=chosen.aggregate,
        asked=DetectionSettings(direction=chosen.direction, min_change=chosen.min_change),
        series=series,
        summary=summary,
        detection=found,
        ids=tuple(anomaly.id for anomaly in reported),
        durations=tuple(anomaly.duration_seconds for anomaly in reported),
        figures=figures,
        times=times,
        previous=previous,
    )


def told(facts: Facts) -> dict[str, Insight]:
    """The insights by their code (the first of each)."""
    found: dict[str, Insight] = {}
    for insight in rank(facts):
        found.setdefault(insight.code, insight)
    return found


def an_assembled(
    series: TimeSeries,
    detection: DetectionResult,
    *,
    metric: Column = REVENUE,
    quality: DataQuality | None = None,
    previous: Previous | None = None,
) -> tuple[Analysis, PointTable]:
    dataset, known = a_processed_dataset(quality), Known(previous=previous)
    settings = some_settings(series)
    return assemble(dataset, metric, settings, series, detection, EveryNth().choose, NOON, known)


def too_few() -> QualityFinding:
    return QualityFinding(code=QualityCode.TOO_FEW_POINTS, count=3, total=5)


def noise(seed: int, count: int, scale: float = 1.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, scale, count)


def titles(insights: tuple[Insight, ...]) -> list[str]:
    return [insight.title for insight in insights]
