"""The times of a series in words: what a point is called, its date, and stretches of time."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from domain.timeseries.aggregation import Granularity, Times
from domain.timeseries.series import TimeSeries
from domain.timeseries.time_labels import Precision, precision_of, write
from domain.wording.formatting import CALENDAR, moment, noun_of, on, plural, plural_of, stretch

BY_MONTH: Final = np.timedelta64(400, "D")  # a longer stretch is written by its months
BY_DAY: Final = np.timedelta64(10, "D")  # and a longer one than this without the time of day


@dataclass(frozen=True, eq=False)
class TimeNames:
    """Writes the times of one series.

    Attributes:
        series: whose positions are named.
        cadence_seconds: median step, None under two points; names the points of a series without a calendar unit.
    """

    series: TimeSeries
    cadence_seconds: float | None

    @property
    def wall(self) -> Times:
        """Wall-clock times of all points."""
        return self.series.time

    @cached_property
    def granularity(self) -> Granularity:
        """The unit that dates are written in: that of the series; days where its times are bare dates."""
        native = self.series.granularity is Granularity.NATIVE
        return Granularity.DAY if native and self._precision == "D" else self.series.granularity

    @cached_property
    def noun(self) -> str:
        """What one point is called: ``day``."""
        return noun_of(self.granularity, self.cadence_seconds)

    @property
    def nouns(self) -> str:
        """What several points are called: ``days``."""
        return plural_of(self.noun)

    @property
    def preposition(self) -> str:
        """``on`` before days, ``in`` before other units."""
        return "on" if self.noun == "day" else "in"

    @cached_property
    def names_years(self) -> bool:
        """Whether dates need their year: the series touches more than one."""
        years = self.wall[[0, -1]].astype("datetime64[Y]") if len(self.wall) else np.zeros(2, "datetime64[Y]")
        return bool(years[0] != years[1])

    @cached_property
    def _precision(self) -> Precision:
        return precision_of(self.wall, self.series.granularity)

    def counted(self, count: int) -> str:
        """Write a count of points: ``365 days``."""
        return plural(count, self.noun)

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
        wall = self.wall[at : at + 1]
        offset = ((wall - self.series.time_utc[at : at + 1]) / np.timedelta64(1, "s")).astype(np.int64)
        return write(wall, offset, self._precision, self.series.time_zone)[0]
