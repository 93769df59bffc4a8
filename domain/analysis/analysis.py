"""The finished analysis of one metric: what the API returns, the cache keeps and reports print.

Every time here is text in the dataset's time zone: ``2024-01-03`` for points of a day or longer, RFC 3339 with its
offset (``2024-01-03T05:00:00+02:00``) for shorter ones. Numbers that do not exist are null, never NaN.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from domain.analysis.settings import ResolvedSettings
from domain.detection.result import (
    CalendarCause,
    Certainty,
    Direction,
    Kind,
    Method,
    MethodVote,
    QualityCode,
    SensitivityPoint,
    SeriesTraits,
    Severity,
)
from domain.detection.scoring.severity import rank
from domain.feedback.verdict import VerdictKind
from domain.struct import Struct
from domain.timeseries.aggregation import Granularity, Summary
from domain.wording.insights.insight import Insight

MAX_CHART_POINTS = 2_000  # drawn in 0.2 s as SVG; the body stays near 18 kB compressed (docs/decisions/0011)
MAX_WINDOW_POINTS = 10_000  # of a zoomed window (docs/decisions/0011)
MAX_SERIES_POINTS = 2_000_000  # about 12 s of detection on one core; more is refused in words


class RangeSummary(Struct, frozen=True):
    """Figures of every point with a value in a time range, drawn or not. ``std_dev`` is of the sample (n - 1)."""

    count: int
    total: float
    mean: float
    median: float
    q1: float
    q3: float
    min: float
    max: float
    std_dev: float | None


class SeriesView(Struct, frozen=True):
    """The points to draw: at most about 2,000, chosen so that no extreme and no anomaly is lost.

    ``first_incomplete`` and ``last_incomplete`` say that the data do not cover the first or last bucket of the series:
    its value is no figure of a whole bucket, and it was not analysed. They are set in an analysis, not in a zoom.
    """

    granularity: Granularity
    time: tuple[str, ...]
    value: tuple[float | None, ...]
    rolling: tuple[float | None, ...]
    expected: tuple[float | None, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    total_points: int
    downsampled: bool
    range_summary: RangeSummary | None = None  # of a requested time range
    first_incomplete: bool = False
    last_incomplete: bool = False


class Histogram(Struct, frozen=True):
    """Counts of points between ``edges`` (one more edge than counts), anomalies counted apart as well."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    anomalies: tuple[int, ...]


class BoxGroup(Struct, frozen=True):
    """Tukey's box of one group: whiskers reach the last point within 1.5 IQR; the farthest outliers are listed."""

    label: str
    count: int
    lower_whisker: float
    q1: float
    median: float
    q3: float
    upper_whisker: float
    outliers: tuple[float, ...]


class BoxGrouping(StrEnum):
    """What has a box of its own: a group of ``CalendarUnit``, or all points together."""

    HOUR = "hour"
    WEEKDAY = "weekday"
    MONTH = "month"
    ALL = "all"


class Box(Struct, frozen=True):
    """Boxes by the unit of the calendar that the cadence allows."""

    by: BoxGrouping
    groups: tuple[BoxGroup, ...]


class SuggestedReason(Struct, frozen=True):
    """What a text column of the file says at the time of an anomaly; it has not been saved as the reason."""

    column: str
    text: str


class Anomaly(Struct, frozen=True):
    """One anomaly as a user sees it. ``date`` is its peak; ``reason`` and ``verdict`` are the user's own words.

    ``verdict_date`` is the time that was spoken of: that of the day for an hour of it, of a day for a longer event.
    ``severity`` grades how large it is, ``certainty`` how sure; ``chance`` is how many such anomalies a series of this
    length without any would show by chance. ``calendar`` is the kind of day on which it lies. ``how_sure`` says
    ``chance`` in words.
    """

    @property
    def rank(self) -> tuple[int, float]:
        """Return what to sort by, the weightiest first: severity and certainty together, then the score."""
        return rank(self.severity, self.certainty), -self.score

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
    certainty: Certainty
    chance: float
    direction: Direction
    kind: Kind
    explanation: str
    reason: str | None = None
    verdict: VerdictKind | None = None
    verdict_date: str | None = None
    suggested_reason: SuggestedReason | None = None
    calendar: CalendarCause | None = None
    how_sure: str = ""


class QualityNote(Struct, frozen=True):
    """A weakness of the data, in words; never counted as an anomaly.

    ``dates`` are those of recurring events, which are treated as normal; of very many the last.
    """

    code: QualityCode
    text: str
    count: int
    start: str | None = None
    end: str | None = None
    dates: tuple[str, ...] = ()


class DatedLevelShift(Struct, frozen=True):
    """A change of level and when it happened."""

    date: str
    before: float
    after: float
    change: float


class Profile(SeriesTraits, frozen=True, kw_only=True):
    """What the series was taken for, with the changes of level that were taken as such, by their dates."""

    level_shifts: tuple[DatedLevelShift, ...]


class SeverityCounts(Struct, frozen=True):
    """Anomalies by severity."""

    high: int
    medium: int
    low: int


def severities(anomalies: Iterable[Anomaly]) -> SeverityCounts:
    """Count anomalies by severity."""
    levels = [anomaly.severity for anomaly in anomalies]
    return SeverityCounts(
        high=levels.count(Severity.HIGH), medium=levels.count(Severity.MEDIUM), low=levels.count(Severity.LOW)
    )


class MissedAnomaly(Struct, frozen=True):
    """An anomaly that the user saw and the detector did not."""

    date: str
    reason: str | None


class UnmatchedVerdict(Struct, frozen=True):
    """A verdict on a time that is no anomaly any more: at these settings, or in this version."""

    date: str
    verdict: VerdictKind
    reason: str | None


class VerdictSummary(Struct, frozen=True):
    """What the user's verdicts come to: anomalies still open, judged, and how many of the judged were confirmed."""

    open: int
    confirmed: int
    judged: int
    confirmed_share: float | None
    missed: tuple[MissedAnomaly, ...] = ()
    open_severities: SeverityCounts = SeverityCounts(high=0, medium=0, low=0)
    unmatched: tuple[UnmatchedVerdict, ...] = ()


class Analysis(Struct, frozen=True):
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
    anomalies: tuple[Anomaly, ...]
    severities: SeverityCounts
    insights: tuple[Insight, ...]
    quality: tuple[QualityNote, ...]
    profile: Profile
    sensitivity_curve: tuple[SensitivityPoint, ...]
    created_at: datetime
    took_seconds: float = 0.0
    verdicts: VerdictSummary | None = None
