"""What the sentences are written from, and the one form they are written in."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

import numpy as np

from domain.analysis import AnomalyReport, Evidence, Insight, ResolvedSettings
from domain.anomaly.findings import Anomaly, Detection
from domain.column_names import headline, spoken, unit_in
from domain.dataset import Column, Dataset
from domain.points import PointTable
from domain.series import Series
from domain.summary import Floats, Granularity, Ints, Summary, Times
from domain.value import Value, camel
from domain.wording import CALENDAR, Figures, moment, noun_of, on, plural, stretch

BY_MONTH: Final = np.timedelta64(400, "D")  # a stretch longer than this is told by its months
BY_DAY: Final = np.timedelta64(10, "D")  # and one longer than this without the time of day
FAMILIAR_YEAR: Final = 1  # a series within one calendar year is told of without naming it at every date


class InsightCode(StrEnum):
    """What an insight says; stable, so that a client may choose an icon or a place for it."""

    LARGEST_ANOMALY = "largest_anomaly"
    ANOMALY_COUNT = "anomaly_count"
    NO_ANOMALIES = "no_anomalies"
    CONCENTRATION = "concentration"
    LEVEL_SHIFT = "level_shift"
    TREND = "trend"
    SEASON_HOUR = "season_hour"
    SEASON_WEEKDAY = "season_weekday"
    SEASON_MONTH = "season_month"
    CHANGED_SINCE_VERSION = "changed_since_version"
    NOT_COMPARABLE = "not_comparable"
    TOO_FEW_POINTS = "too_few_points"
    CONSTANT = "constant"
    RECURRENT = "recurrent"
    FLATLINE = "flatline"
    GAPS = "gaps"
    INCOMPLETE_LAST_BUCKET = "incomplete_last_bucket"
    EMPTY_CELLS = "empty_cells"
    REJECTED_ROWS = "rejected_rows"
    DUPLICATES = "duplicates"
    COMPLETE = "complete"


class Previous(Value, frozen=True):
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
        reports: of ``detection.anomalies``, in the same order.
        previous: None if there is no version before, or it was analysed otherwise.
        closed: which of them the user closed (expected, or a false alarm): they are no news.
    """

    dataset: Dataset
    metric: Column
    settings: ResolvedSettings
    series: Series
    table: PointTable
    summary: Summary
    detection: Detection
    reports: tuple[AnomalyReport, ...]
    previous: Previous | None = None
    closed: frozenset[int] = frozenset()

    @cached_property
    def open(self) -> tuple[Anomaly, ...]:
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
    def usual(self) -> Floats:
        """The values without those of anomalies and of an incomplete first or last bucket: NaN instead."""
        usual = self.value.copy()
        for anomaly in self.detection.anomalies:
            usual[anomaly.start : anomaly.end + 1] = np.nan
        if not self.series.last_bucket_complete:
            usual[-1:] = np.nan
        if not self.series.first_bucket_complete:
            usual[:1] = np.nan
        return usual

    @cached_property
    def figures(self) -> Figures:
        """How this metric's values are written."""
        spread = self.summary.iqr or self.summary.std_dev or 0.0
        return Figures(unit=self.metric.unit or unit_in(self.metric.name), spread=spread)

    @property
    def ratio_scale(self) -> bool:
        """Whether "twice as much" makes sense: nothing is negative, and zero means none."""
        return self.detection.profile.ratio_scale

    @property
    def proportional(self) -> bool:
        """Whether a level may be compared in percent: no value is negative."""
        return self.summary.min is not None and self.summary.min >= 0

    @cached_property
    def noun(self) -> str:
        """What one point is called."""
        return noun_of(self.granularity, self.detection.profile.cadence_seconds)

    @cached_property
    def granularity(self) -> Granularity:
        """The unit that dates are written in: that of the series; days where its times are bare dates."""
        native = self.series.granularity is Granularity.NATIVE
        return Granularity.DAY if native and self.table.precision == "D" else self.series.granularity

    @property
    def name(self) -> str:
        """The metric inside a sentence."""
        return spoken(self.metric.name)

    @property
    def subject(self) -> str:
        """The metric at the beginning of a sentence."""
        return headline(self.metric.name)

    @cached_property
    def names_years(self) -> bool:
        """Whether dates need their year: the series touches more than one."""
        years = self.wall[[0, -1]].astype("datetime64[Y]").astype(np.int64) if len(self.wall) else np.zeros(2, np.int64)
        return int(years[1] - years[0]) + 1 > FAMILIAR_YEAR

    def date(self, at: int) -> str:
        """Write the time of a position, with the year only if needed."""
        return moment(self.wall[at], self.granularity, year=self.names_years)

    def when(self, at: int) -> str:
        """Write the time of a position with its preposition."""
        return on(self.wall[at], self.granularity, year=self.names_years)

    def during(self, start: int, end: int) -> str:
        """Write a stretch between two positions, year included."""
        return stretch(self.wall[start], self.wall[end], self.granularity)

    def era(self, start: int, end: int) -> str:
        """Write a long stretch no finer than needed: by month over a year, by day over ten days."""
        length = self.wall[end] - self.wall[start]
        coarse = self.granularity
        if length > BY_MONTH and coarse not in CALENDAR - {Granularity.WEEK}:
            coarse = Granularity.MONTH
        elif length > BY_DAY and coarse not in CALENDAR:
            coarse = Granularity.DAY
        return stretch(self.wall[start], self.wall[end], coarse)

    def label(self, at: int) -> str:
        """Write the time of a position for a machine."""
        return self.table.label(at)

    def counted(self, count: int) -> str:
        """Write a count of points: ``365 days``."""
        return plural(count, self.noun)

    def strongest(self) -> list[int]:
        """Return the indices of the open anomalies, the weightiest first: by severity, then by score."""
        order = {"high": 0, "medium": 1, "low": 2}
        found = self.detection.anomalies
        still_open = (i for i in range(len(found)) if i not in self.closed)
        return sorted(still_open, key=lambda i: (order[found[i].severity], -found[i].score, found[i].peak))

    def evidence(self, start: int | None = None, end: int | None = None, **figures: float | str | None) -> Evidence:
        """Name the figures (None is left out) and the stretch of the chart that shows them."""
        named = {camel(name): value for name, value in figures.items() if value is not None}
        return Evidence(
            figures=named,
            start=None if start is None else self.label(start),
            end=None if end is None else self.label(end),
        )


def candidate(weight: float, code: InsightCode, title: str, text: str, evidence: Evidence) -> Candidate:
    """Make an insight with its weight."""
    return Candidate(weight, Insight(code=str(code), title=title, text=text, evidence=evidence))


def positions_of(anomalies: tuple[Anomaly, ...]) -> Ints:
    """Return where the anomalies peak."""
    return np.array([anomaly.peak for anomaly in anomalies], dtype=np.int64)
