"""The finished analysis of one metric: what the API returns, the cache keeps and reports print.

Every time here is text in the dataset's time zone: ``2024-01-03`` for points of a day or longer, RFC 3339 with its
offset (``2024-01-03T05:00:00+02:00``) for shorter ones. Numbers that do not exist are null, never NaN.
"""

import math
from collections.abc import Iterable
from datetime import datetime

from domain.anomaly.findings import (
    DialPoint,
    Direction,
    Kind,
    Method,
    MethodVote,
    MinChange,
    Reported,
    Severity,
)
from domain.errors import InvalidInputError
from domain.summary import Aggregate, Granularity, Summary
from domain.value import Value

MAX_CHART_POINTS = 2_000  # frontend.md: drawn in 0.2 s as SVG; the body stays near 18 kB compressed
MAX_WINDOW_POINTS = 10_000  # frontend.md: the cap for a zoom window
MAX_SERIES_POINTS = 2_000_000  # about 12 s of detection on one core; more is refused in words


class AnalysisSettings(Value, frozen=True):
    """What the user may choose; the digest of it is the cache's field."""

    granularity: Granularity = Granularity.AUTO
    aggregate: Aggregate = Aggregate.AUTO
    sensitivity: float = 0.5
    direction: Reported = Reported.BOTH
    min_change: MinChange | None = None


def min_change_of(text: str | None, option: str = "minChange") -> MinChange | None:
    """Read "500" (in the metric's unit) or "20%" (of the expected value); None and "" mean any change.

    Raises:
        InvalidInputError: it is neither, or not above 0; ``option`` is what the user calls it.
    """
    if not text:
        return None
    percent = text.endswith("%")
    try:
        amount = float(text.removesuffix("%"))
    except ValueError:
        amount = math.nan
    if not (math.isfinite(amount) and amount > 0):
        raise InvalidInputError(
            f"{option}: {text!r} is not possible; write a number above 0 like 500, or a share like 20%.",
            field=option,
        )
    return MinChange(amount=amount, percent=percent)


class ResolvedSettings(Value, frozen=True):
    """The settings as they were applied, with the reason for what ``auto`` became."""

    granularity: Granularity
    aggregate: Aggregate
    sensitivity: float
    direction: Reported
    min_change: MinChange | None
    time_zone: str
    granularity_reason: str
    aggregate_reason: str
    requested_granularity: Granularity
    requested_aggregate: Aggregate


class SeriesView(Value, frozen=True):
    """The points to draw: at most about 2,000, chosen so that no extreme and no anomaly is lost."""

    granularity: Granularity
    time: tuple[str, ...]
    value: tuple[float | None, ...]
    rolling: tuple[float | None, ...]
    expected: tuple[float | None, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    total_points: int
    downsampled: bool


class Histogram(Value, frozen=True):
    """Counts of points between ``edges`` (one more edge than counts), anomalies counted apart as well."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    anomalies: tuple[int, ...]


class BoxGroup(Value, frozen=True):
    """Tukey's box of one group: whiskers reach the last point within 1.5 IQR; the farthest outliers are listed."""

    label: str
    count: int
    lower_whisker: float
    q1: float
    median: float
    q3: float
    upper_whisker: float
    outliers: tuple[float, ...]


class Box(Value, frozen=True):
    """Boxes by ``by`` ("weekday", "hour", "month" or "all"), whichever the cadence allows."""

    by: str
    groups: tuple[BoxGroup, ...]


class SuggestedReason(Value, frozen=True):
    """What a text column of the file says at the time of an anomaly; nobody has saved it as the reason."""

    column: str
    text: str


class AnomalyReport(Value, frozen=True):
    """One anomaly as a user sees it. ``date`` is its peak; ``reason`` and ``verdict`` are the user's own words.

    ``verdict_date`` is the time that was spoken of: that of the day for an hour of it, of a day for a longer event.
    """

    id: str
    date: str
    start: str
    end: str
    points: int
    duration_seconds: float
    value: float
    expected: float
    lower: float
    upper: float
    deviation: float
    deviation_pct: float | None
    robust_deviations: float
    type: Method
    score: float
    methods: tuple[MethodVote, ...]
    severity: Severity
    direction: Direction
    kind: Kind
    explanation: str
    reason: str | None = None
    verdict: str | None = None
    verdict_date: str | None = None
    suggested_reason: SuggestedReason | None = None


class Evidence(Value, frozen=True):
    """What an insight rests on: figures by name, and the stretch of the chart that shows it."""

    figures: dict[str, float | int | str]
    start: str | None = None
    end: str | None = None


class Insight(Value, frozen=True):
    """A ranked plain sentence. ``code`` is stable (see ``domain.insights``)."""

    code: str
    title: str
    text: str
    evidence: Evidence


class QualityNote(Value, frozen=True):
    """A weakness of the data, in words; never counted as an anomaly."""

    code: str
    text: str
    count: int
    start: str | None = None
    end: str | None = None


class ShiftView(Value, frozen=True):
    """A change of level and when it happened."""

    date: str
    before: float
    after: float
    change: float


class Profile(Value, frozen=True):
    """What the series was taken for (see ``anomaly.findings.SeriesProfile``)."""

    points: int
    cadence_seconds: float | None
    regular: bool
    periods: tuple[int, ...]
    transform: str
    ratio_scale: bool
    level_shifts: tuple[ShiftView, ...]
    threshold: float
    threshold_lower: float
    scale: float


class SeverityCounts(Value, frozen=True):
    """Anomalies by severity."""

    high: int
    medium: int
    low: int


def severities(anomalies: Iterable[AnomalyReport]) -> SeverityCounts:
    """Count anomalies by severity."""
    found = [anomaly.severity for anomaly in anomalies]
    return SeverityCounts(
        high=found.count(Severity.HIGH), medium=found.count(Severity.MEDIUM), low=found.count(Severity.LOW)
    )


class MissedReport(Value, frozen=True):
    """An anomaly that the user saw and the detector did not."""

    date: str
    reason: str | None


class UnmatchedVerdict(Value, frozen=True):
    """A verdict on a time that is no anomaly any more: at these settings, or in this version."""

    date: str
    verdict: str
    reason: str | None


class Verdicts(Value, frozen=True):
    """What the user's verdicts come to: anomalies still open, judged, and how many of the judged were confirmed."""

    open: int
    confirmed: int
    judged: int
    confirmed_share: float | None
    missed: tuple[MissedReport, ...] = ()
    open_severities: SeverityCounts = SeverityCounts(high=0, medium=0, low=0)
    unmatched: tuple[UnmatchedVerdict, ...] = ()


class Analysis(Value, frozen=True):
    """Everything about one metric of one dataset version under one setting."""

    dataset_id: str
    dataset_name: str
    version: int
    metric: str
    unit: str | None
    settings: ResolvedSettings
    summary: Summary
    series: SeriesView
    histogram: Histogram
    box: Box
    anomalies: tuple[AnomalyReport, ...]
    severities: SeverityCounts
    insights: tuple[Insight, ...]
    quality: tuple[QualityNote, ...]
    profile: Profile
    dial: tuple[DialPoint, ...]
    created_at: datetime
    took_seconds: float = 0.0
    verdicts: Verdicts | None = None
