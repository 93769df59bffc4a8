"""What the sentences are written from, and the one form they are written in."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from domain.datasets.column_names import headline, spoken
from domain.datasets.columns import Column
from domain.datasets.dataset import Dataset
from domain.detection.result import DetectedAnomaly, DetectionResult
from domain.detection.scoring.severity import rank
from domain.detection.settings import DetectionSettings
from domain.struct import Struct, camel
from domain.timeseries.aggregation import Aggregate, Floats, Ints, Summary, Times
from domain.timeseries.series import TimeSeries
from domain.wording.formatting import Figures
from domain.wording.insights.insight import Insight, InsightCode, InsightEvidence
from domain.wording.time_names import TimeNames


class Previous(Struct, frozen=True):
    """What the version before had: to tell what changed."""

    version: int
    summary: Summary
    anomaly_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An insight and its weight, 0 to 100: how much a reader would miss it."""

    weight: float
    insight: Insight


@dataclass(frozen=True, kw_only=True, eq=False)
class Facts:
    """Everything that may be told of.

    Attributes:
        aggregate: what became of the rows of a point.
        asked: the detection settings that the user chose.
        ids, durations: lasting name and length in seconds of each of ``detection.anomalies``.
        figures: how this metric's values are written.
        times: how its points and their times are named.
        previous: None if there is no version before, or it was analysed otherwise.
        closed: which of them the user closed (expected, a false alarm, the new normal): they are no news.
        is_segment: only some of the rows were looked at.
    """

    dataset: Dataset
    metric: Column
    aggregate: Aggregate
    asked: DetectionSettings
    series: TimeSeries
    summary: Summary
    detection: DetectionResult
    ids: tuple[str, ...]
    durations: tuple[float, ...]
    figures: Figures
    times: TimeNames
    previous: Previous | None = None
    closed: frozenset[int] = frozenset()
    is_segment: bool = False

    @cached_property
    def open(self) -> tuple[DetectedAnomaly, ...]:
        """The anomalies that are still open."""
        return tuple(one for at, one in enumerate(self.detection.anomalies) if at not in self.closed)

    @property
    def wall(self) -> Times:
        """Wall-clock times of all points."""
        return self.series.time

    @property
    def value(self) -> Floats:
        """Values of all points, NaN where there is none."""
        return self.series.value

    @cached_property
    def complete(self) -> Floats:
        """The values without those of an incomplete first or last bucket: NaN instead."""
        complete = self.value.copy()
        if not self.series.last_bucket_complete:
            complete[-1:] = np.nan
        if not self.series.first_bucket_complete:
            complete[:1] = np.nan
        return complete

    @cached_property
    def usual(self) -> Floats:
        """The values without those of anomalies and of an incomplete first or last bucket: NaN instead."""
        usual = self.complete.copy()
        for anomaly in self.detection.anomalies:
            usual[anomaly.start : anomaly.end + 1] = np.nan
        return usual

    @property
    def ratio_scale(self) -> bool:
        """Whether "twice as much" makes sense: nothing is negative, and zero means none."""
        return self.detection.profile.ratio_scale

    @property
    def proportional(self) -> bool:
        """Whether a level may be compared in percent: no value is negative."""
        return self.summary.min is not None and self.summary.min >= 0

    @property
    def name(self) -> str:
        """The metric inside a sentence."""
        return spoken(self.metric.name)

    @property
    def subject(self) -> str:
        """The metric at the beginning of a sentence."""
        return headline(self.metric.name)

    def strongest(self) -> list[int]:
        """Return the indices of the open anomalies, the weightiest first: by severity and certainty, then by score."""
        anomalies = self.detection.anomalies
        still_open = (i for i in range(len(anomalies)) if i not in self.closed)
        return sorted(
            still_open,
            key=lambda i: (rank(anomalies[i].severity, anomalies[i].certainty), -anomalies[i].score, anomalies[i].peak),
        )

    def evidence(
        self, start: int | None = None, end: int | None = None, **figures: float | str | None
    ) -> InsightEvidence:
        """Name the figures (None is left out) and the stretch of the chart that shows them."""
        named = {camel(name): value for name, value in figures.items() if value is not None}
        return InsightEvidence(
            figures=named,
            start=None if start is None else self.times.label(start),
            end=None if end is None else self.times.label(end),
        )


def candidate(weight: float, code: InsightCode, title: str, text: str, evidence: InsightEvidence) -> Candidate:
    """Make an insight with its weight."""
    return Candidate(weight, Insight(code=code, title=title, text=text, evidence=evidence))


def positions_of(anomalies: tuple[DetectedAnomaly, ...]) -> Ints:
    """Return where the anomalies peak."""
    return np.array([anomaly.peak for anomaly in anomalies], dtype=np.int64)
