"""The vocabulary of detection: what is asked, and what may be found."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from domain.value import Value

STANDARD_SENSITIVITY: Final = 0.5  # the middle of the dial is the tested preset


class Severity(StrEnum):
    """How much an anomaly matters, by the size of its effect (see ``severity``)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Direction(StrEnum):
    """Which way a point leaves the band."""

    UP = "up"
    DOWN = "down"


class Reported(StrEnum):
    """Which directions the user wants to hear of."""

    UP = "up"
    DOWN = "down"
    BOTH = "both"


class Method(StrEnum):
    """What can be said of a point; the leading one is the anomaly's ``type``."""

    ROBUST_Z = "robust_z"
    Z_SCORE = "z_score"
    IQR = "iqr"
    ROLLING_BAND = "rolling_band"
    SEASONAL_RESIDUAL = "seasonal_residual"
    LEVEL_SHIFT = "level_shift"
    FLATLINE = "flatline"


class Kind(StrEnum):
    """What an anomaly looks like."""

    SPIKE = "spike"
    DIP = "dip"
    BURST = "burst"
    OUTAGE = "outage"
    LEVEL_SHIFT = "level_shift"
    FLATLINE = "flatline"


class MinChange(Value, frozen=True):
    """The least distance from the expected value that counts: absolute, or in percent of it."""

    amount: float
    percent: bool = False


class DetectionSettings(Value, frozen=True):
    """What the user may turn.

    Attributes:
        sensitivity: 0 (only the plainest) to 1 (everything suspicious); moves the false-alarm budget.
        direction: report rises, falls or both.
        min_change: report only what differs from the expected value by at least this.
    """

    sensitivity: float = STANDARD_SENSITIVITY
    direction: Reported = Reported.BOTH
    min_change: MinChange | None = None


class MethodVote(Value, frozen=True):
    """What one method says of an anomaly's peak: its score in its own unit, and whether it would flag it alone."""

    name: Method
    score: float
    flagged: bool


class Anomaly(Value, frozen=True):
    """One event: a point, or several adjacent ones that belong together.

    ``start``, ``end`` and ``peak`` are positions in the series (inclusive); all figures are those of the peak,
    in the series' own unit. ``score`` is the distance over the threshold (> 1); ``deviation`` is value - expected.
    ``robust_deviations`` is the distance in robust standard deviations on the scale of the transform.
    """

    start: int
    end: int
    peak: int
    value: float
    expected: float
    lower: float
    upper: float
    deviation: float
    deviation_pct: float | None
    score: float
    robust_deviations: float
    type: Method
    methods: tuple[MethodVote, ...]
    severity: Severity
    direction: Direction
    kind: Kind
    explanation: str


class QualityCode(StrEnum):
    """What can be wrong with a series that is no anomaly."""

    GAP = "gap"
    INCOMPLETE_LAST_BUCKET = "incomplete_last_bucket"
    DUPLICATE_TIMES = "duplicate_times"
    FLATLINE = "flatline"
    TOO_FEW_POINTS = "too_few_points"
    CONSTANT = "constant"
    RECURRENT = "recurrent"
    NOT_FINITE = "not_finite"


class QualityFinding(Value, frozen=True):
    """A weakness of the data, said in words. ``start`` and ``end`` are positions in the series, if it has a place."""

    code: QualityCode
    text: str
    count: int = 1
    start: int | None = None
    end: int | None = None


class LevelShift(Value, frozen=True):
    """From position ``at`` on the level is ``change`` higher (in the series' unit, at the level of that place)."""

    at: int
    before: float
    after: float
    change: float


class SeriesProfile(Value, frozen=True):
    """What the series was taken for, so that a user can see why.

    Attributes:
        points: finite points that were judged.
        cadence_seconds: median step; None under two points.
        regular: whether most steps are near the median.
        periods: accepted seasonal periods in points, shortest first (24 for a daily season of hourly data).
        transform: "identity", "sqrt", "log", "anscombe" or "intermittent".
        ratio_scale: whether effects are judged as ratios (severity by fold) or by distance over the threshold.
        level_shifts: changes of level that were taken as such.
        threshold: robust deviations a point must exceed (the upper side; see ``threshold_lower``).
        scale: typical robust deviation in the series' own unit.
    """

    points: int
    cadence_seconds: float | None
    regular: bool
    periods: tuple[int, ...]
    transform: str
    ratio_scale: bool
    level_shifts: tuple[LevelShift, ...]
    threshold: float
    threshold_lower: float
    scale: float


class DialPoint(Value, frozen=True):
    """At this sensitivity so many points would be flagged, in so many events."""

    sensitivity: float
    flagged_points: int
    events: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Detection:
    """What ``detect`` returns: events, and per point the arrays to draw and to judge again.

    Attributes:
        anomalies: in order of time.
        expected, lower, upper: length n, the series' unit; NaN where the input is not finite.
        score: length n, distance over the threshold at the settings asked for; NaN where not judged.
        profile: what the series was taken for.
        quality: weaknesses of the data, apart from anomalies.
        dial: for the whole range of sensitivity, in ascending order.
    """

    anomalies: tuple[Anomaly, ...]
    expected: npt.NDArray[np.float64]
    lower: npt.NDArray[np.float64]
    upper: npt.NDArray[np.float64]
    score: npt.NDArray[np.float64]
    profile: SeriesProfile
    quality: tuple[QualityFinding, ...]
    dial: tuple[DialPoint, ...]
