"""The vocabulary of detection: what may be found."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from domain.detection.baseline.calendar_rules import CalendarDay
from domain.detection.interpretation import Nature
from domain.struct import Struct


class Severity(StrEnum):
    """How much an anomaly matters, by the size of its effect (see ``severity``)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Certainty(StrEnum):
    """How sure it is that an anomaly is no matter of chance (see ``scoring.certainty``)."""

    SURE = "sure"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Direction(StrEnum):
    """Which way a point leaves the band."""

    UP = "up"
    DOWN = "down"


class Method(StrEnum):
    """How a point was judged; the leading one is the anomaly's ``type``."""

    ROBUST_Z = "robust-z-score"
    Z_SCORE = "z-score"
    IQR = "iqr"
    ROLLING_BAND = "rolling-band"
    SEASONAL_RESIDUAL = "seasonal-residual"
    LEVEL_SHIFT = "level-shift"
    FLATLINE = "flatline"


class Kind(StrEnum):
    """What an anomaly looks like."""

    SPIKE = "spike"
    DIP = "dip"
    BURST = "burst"
    OUTAGE = "outage"
    LEVEL_SHIFT = "level_shift"
    FLATLINE = "flatline"


class MethodVote(Struct, frozen=True):
    """What one method says of an anomaly's peak: its score in its own unit, and whether it would flag it alone."""

    name: Method
    score: float
    flagged: bool


class HeldLevel(Struct, frozen=True):
    """A level that begins at an anomaly: the median ``level`` of the next ``points`` points, for which it holds."""

    points: int
    level: float


class LevelEpisode(Struct, frozen=True):
    """A stretch on another level, from position ``start`` to ``end`` (inclusive), between two of about one level."""

    start: int
    end: int


class ActivePoints(Struct, frozen=True):
    """How many of the ``points`` of a stretch are above zero, and how many of as many points usually are."""

    points: int
    active: int
    usual: float


class CalendarCause(Struct, frozen=True):
    """The kind of day on which an anomaly lies.

    Attributes:
        day: the rule of the calendar, or the name of the holiday or event.
        occurrences: days of this kind on which the series differs in this way; 0 if only the name is known.
        as_usual: whether the value is what is usual for its kind; False where a peak is missing, or far exceeded.
    """

    day: CalendarDay
    occurrences: int
    as_usual: bool


class DetectedAnomaly(Struct, frozen=True):
    """One event: a point, or several adjacent ones that belong together.

    ``start``, ``end`` and ``peak`` are positions in the series (inclusive); all figures are those of the peak,
    in the series' own unit. ``score`` is the distance over the threshold (> 1); ``deviation`` is value - expected.
    ``robust_deviations`` is the distance in robust standard deviations on the scale of the transform.

    Attributes:
        ratio_scale: whether the value may be compared with the expected one as a ratio.
        new_level: the level that begins here and later ends; None without one, or if it lasts to the end.
        begins, ends: the episode that begins or ends here; None without one.
        certainty: how sure it is that this is no matter of chance.
        chance: how many such anomalies a series of this length without any would show by chance.
        calendar: the kind of day on which it lies; None if the calendar says nothing.
        active_points: set where the anomaly is that a stretch has too many points above zero, whatever their size.
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
    certainty: Certainty
    chance: float
    direction: Direction
    kind: Kind
    ratio_scale: bool
    new_level: HeldLevel | None = None
    begins: LevelEpisode | None = None
    ends: LevelEpisode | None = None
    active_points: ActivePoints | None = None
    calendar: CalendarCause | None = None


class QualityCode(StrEnum):
    """What can be wrong with a series that is no anomaly."""

    GAP = "gap"
    INCOMPLETE_FIRST_BUCKET = "incomplete_first_bucket"
    INCOMPLETE_LAST_BUCKET = "incomplete_last_bucket"
    DUPLICATE_TIMES = "duplicate_times"
    FLATLINE = "flatline"
    TOO_FEW_POINTS = "too_few_points"
    TOO_FEW_NONZERO = "too_few_nonzero"
    CONSTANT = "constant"
    RECURRENT = "recurrent"
    CODE_FOR_MISSING = "code_for_missing"
    COUNTER_RESET = "counter_reset"
    CALENDAR = "calendar"
    NOT_FINITE = "not_finite"
    # Of reading the file, not of the series:
    REJECTED_ROWS = "rejected_rows"
    DUPLICATE_ROWS = "duplicate_rows"
    OUT_OF_ORDER_ROWS = "out_of_order_rows"
    READING = "reading"


class QualityFinding(Struct, frozen=True):
    """A weakness of the data, as numbers.

    Attributes:
        code: what is wrong.
        count: of values, times, gaps, points or events, whichever the code is about.
        start, end: positions in the series (inclusive); of a gap the points on either side of the longest one.
        total: all values of which ``count`` are missing; all points missing in gaps; the points needed to judge.
        longest: points missing in the longest gap.
        value: the value that does not change, or that is a code, in the unit of the input; of days of the calendar how
            far the series usually is from its level, as a share of it.
        day: the kind of day on which the series differs.
        places: positions of recurring events, in order of time; of very many the last.
    """

    code: QualityCode
    count: int = 1
    start: int | None = None
    end: int | None = None
    total: int | None = None
    longest: int | None = None
    value: float | None = None
    day: CalendarDay | None = None
    places: tuple[int, ...] = ()


class LevelShift(Struct, frozen=True):
    """From position ``at`` on the level is ``change`` higher (in the series' unit, at the level of that place)."""

    at: int
    before: float
    after: float
    change: float


class TransformKind(StrEnum):
    """The scale on which a series is judged (``baseline.transform``)."""

    IDENTITY = "identity"
    SQRT = "sqrt"
    LOG = "log"
    ANSCOMBE = "anscombe"
    INTERMITTENT = "intermittent"
    SHORTFALL = "shortfall"


class SeriesTraits(Struct, frozen=True, kw_only=True):
    """What the series was taken for, so that a user can see why.

    Attributes:
        points: finite points that were judged.
        cadence_seconds: median step; None under two points.
        regular: whether most steps are near the median.
        periods: accepted seasonal periods in points, shortest first (24 for a daily season of hourly data).
        transform: the scale on which it was judged.
        ratio_scale: whether effects are judged as ratios (severity by fold) or by distance over the threshold.
        threshold: robust deviations a point must exceed (the upper side; see ``threshold_lower``).
        scale: typical robust deviation in the series' own unit.
        nature: what the values are: judged as they stand, by increments, or per day of the month.
    """

    points: int
    cadence_seconds: float | None
    regular: bool
    periods: tuple[int, ...]
    transform: TransformKind
    ratio_scale: bool
    threshold: float
    threshold_lower: float
    scale: float
    nature: Nature = Nature.PLAIN


class SeriesProfile(SeriesTraits, frozen=True, kw_only=True):
    """What the series was taken for, with the changes of level that were taken as such, by their positions."""

    level_shifts: tuple[LevelShift, ...]


class SensitivityPoint(Struct, frozen=True):
    """At this sensitivity so many points would be flagged, in so many events."""

    sensitivity: float
    flagged_points: int
    events: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DetectionResult:
    """What ``detect`` returns: events, and per point the arrays to draw and to judge again.

    Attributes:
        anomalies: in order of time.
        expected, lower, upper: length n, the series' unit; NaN where the input is not finite.
        score: length n, distance over the threshold at the settings asked for; NaN where not judged.
        profile: what the series was taken for.
        quality: weaknesses of the data, apart from anomalies.
        sensitivity_curve: for the whole range of sensitivity, in ascending order.
    """

    anomalies: tuple[DetectedAnomaly, ...]
    expected: npt.NDArray[np.float64]
    lower: npt.NDArray[np.float64]
    upper: npt.NDArray[np.float64]
    score: npt.NDArray[np.float64]
    profile: SeriesProfile
    quality: tuple[QualityFinding, ...]
    sensitivity_curve: tuple[SensitivityPoint, ...]
