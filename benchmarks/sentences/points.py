"""The raw points of an analysis, and figures read back from a sentence."""

import math
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from domain.analysis.analysis import Analysis, Anomaly
from domain.analysis.point_table import PointTable
from domain.datasets.dataset import DataQuality
from domain.timeseries.aggregation import Floats, Granularity
from domain.wording.formatting import moment
from domain.wording.insights.facts import Previous
from domain.wording.insights.insight import Insight

Subject = Anomaly | Insight
N = r"(−?[\d.,]+(?:[MBT](?![a-z])|×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?)"
POINTS = r"([\d,]+) (\w+)"
POWERS: Final = {"M": 1e6, "B": 1e9, "T": 1e12}
DIGITS: Final = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")
WORDS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SLACK: Final = 1e-9  # of the value: floating-point noise
FEWEST_DIGITS: Final = 3  # that an estimate is written with


def number_in(text: str) -> tuple[float, float]:
    """Read a figure back: its value and half a unit of its last digit."""
    plain, power = text.replace(",", ""), 1.0
    if "×10" in plain:
        plain, _, exponent = plain.partition("×10")
        power = 10.0 ** int(exponent.translate(DIGITS))
    elif plain[-1] in POWERS:
        power, plain = POWERS[plain[-1]], plain[:-1]
    plain = plain.translate(DIGITS)
    decimals = len(plain.partition(".")[2])
    digits = len(plain.replace("-", "").replace(".", "").lstrip("0"))
    half = 0.5 * 10.0**-decimals * power
    value = float(plain) * power
    if not decimals and digits > FEWEST_DIGITS and plain.endswith("0"):  # 24,500 may be 24,477 in three digits
        zeros = len(plain) - len(plain.rstrip("0"))
        half = min(0.5 * 10.0**zeros * power, 0.5 * 10.0 ** (digits - FEWEST_DIGITS) * power)
    return value, half


def says(text: str, value: float) -> bool:
    """Whether a written figure is the value, rounded (trailing zeros after a point are not written)."""
    written, half = number_in(text)
    return abs(written - value) <= half + SLACK * abs(value) or math.isclose(written, value)


@dataclass(frozen=True, eq=False)
class Points:
    """The raw points of an analysis."""

    analysis: Analysis
    table: PointTable
    quality: DataQuality | None
    previous: Previous | None = None

    @cached_property
    def wall(self) -> np.ndarray:  # type: ignore[type-arg]
        """Wall-clock times."""
        return self.table.time + self.table.offset.astype("timedelta64[s]")

    @cached_property
    def value(self) -> Floats:
        """Every value as it is drawn."""
        return self.table.value

    @cached_property
    def variants(self) -> tuple[Floats, ...]:
        """The values with and without those of an incomplete bucket at either end."""
        options = []
        for first, last in ((False, False), (False, True), (True, False), (True, True)):
            values = self.value.copy()
            values[:1] = np.nan if first else values[:1]
            values[-1:] = np.nan if last else values[-1:]
            options.append(values)
        return tuple(options)

    @cached_property
    def position(self) -> dict[str, int]:
        """Positions by label."""
        labels = self.table.labels(np.arange(len(self.table), dtype=np.int64))
        return {label: at for at, label in enumerate(labels)}

    @cached_property
    def dated(self) -> dict[str, list[int]]:
        """Positions by the date that a sentence writes, with its year and without."""
        unit = self.table.granularity
        if unit is Granularity.NATIVE and self.table.precision == "D":
            unit = Granularity.DAY
        dates: dict[str, list[int]] = {}
        for at, when in enumerate(self.wall):
            for year in (True, False):
                dates.setdefault(moment(when, unit, year=year), []).append(at)
        return dates

    def stretch(self, anomaly: Anomaly) -> slice:
        """The positions that an anomaly covers."""
        return slice(self.position[anomaly.start], self.position[anomaly.end] + 1)

    def open_anomalies(self) -> list[Anomaly]:
        """Those that no verdict closed."""
        return [one for one in self.analysis.anomalies if one.verdict not in {"expected", "false_alarm"}]


def without_unit(text: str, unit: str | None) -> str:
    """Take the unit off the figures."""
    if not unit:
        return text
    text = text.replace("\u00a0percentage points", "").replace("\u00a0percentage point", "")
    if unit == "%":
        return re.sub(r"(\d)% (to|\(usual|\u2014)", r"\1 \2", text)
    return re.sub(rf"\u00a0?{re.escape(unit)}(?=[\s,.;)]|$)|{re.escape(unit)}(?=\d)", "", text)


def peak_of(points: Points, subject: Subject) -> int:
    """Where the anomaly of a sentence peaks; an insight names its anomaly by the stretch it shows."""
    if isinstance(subject, Anomaly):
        return points.position[subject.date]
    return points.position[anomaly_of(points, subject).date]


def anomaly_of(points: Points, subject: Subject) -> Anomaly:
    """The anomaly that a sentence is about."""
    if isinstance(subject, Anomaly):
        return subject
    bounds = (subject.evidence.start, subject.evidence.end)
    return next(one for one in points.analysis.anomalies if (one.start, one.end) == bounds)


def at_peak(points: Points, subject: Subject) -> tuple[float, float, float, float]:
    """Value, expected value and bounds at the peak."""
    at, table = peak_of(points, subject), points.table
    return float(table.value[at]), float(table.expected[at]), float(table.lower[at]), float(table.upper[at])
