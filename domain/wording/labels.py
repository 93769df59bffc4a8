"""Labels: the one English name of each code that a person reads, for page, reports, tables and terminal alike.

Served as they are at ``/api/labels``.
"""

from collections.abc import Mapping
from typing import Final

from domain.detection.result import Certainty, Direction, Kind, Method, Severity
from domain.detection.settings import Reported
from domain.struct import Struct
from domain.timeseries.aggregation import Aggregate, Granularity
from domain.timeseries.calendar_groups import CalendarUnit
from domain.wording.formatting import MONTHS, WEEKDAYS

METHODS: Final[Mapping[Method, str]] = {
    Method.ROBUST_Z: "Robust z-score",
    Method.Z_SCORE: "Z-score",
    Method.IQR: "IQR fences",
    Method.ROLLING_BAND: "Rolling band",
    Method.SEASONAL_RESIDUAL: "Seasonal residual",
    Method.LEVEL_SHIFT: "Level shift",
    Method.FLATLINE: "Flat line",
}
KINDS: Final[Mapping[Kind, str]] = {
    Kind.SPIKE: "Spike",
    Kind.DIP: "Dip",
    Kind.BURST: "Sustained rise",
    Kind.OUTAGE: "Outage",
    Kind.LEVEL_SHIFT: "Level shift",
    Kind.FLATLINE: "Flat line",
}
SUSTAINED_DROP: Final = "Sustained drop"
SEVERITIES: Final[Mapping[Severity, str]] = {Severity.HIGH: "High", Severity.MEDIUM: "Medium", Severity.LOW: "Low"}
CERTAINTIES: Final[Mapping[Certainty, str]] = {
    Certainty.SURE: "Sure",
    Certainty.LIKELY: "Likely",
    Certainty.POSSIBLE: "Possible",
}
DIRECTIONS: Final[Mapping[Reported, str]] = {Reported.BOTH: "Both", Reported.UP: "Rises", Reported.DOWN: "Drops"}
VERDICTS: Final[Mapping[str, str]] = {
    "confirmed": "Real",
    "expected": "Expected",
    "false_alarm": "False alarm",
    "new_normal": "New normal",
    "missed": "Missed anomaly",
}
AGGREGATES: Final[Mapping[Aggregate, str]] = {
    Aggregate.AUTO: "Auto",
    Aggregate.SUM: "Total",
    Aggregate.MEAN: "Average",
    Aggregate.MIN: "Minimum",
    Aggregate.MAX: "Maximum",
    Aggregate.COUNT: "Count",
}
GRANULARITIES: Final[Mapping[Granularity, str]] = {
    Granularity.AUTO: "Auto",
    Granularity.NATIVE: "As recorded",
    Granularity.MINUTE: "Minutes",
    Granularity.HOUR: "Hours",
    Granularity.DAY: "Days",
    Granularity.WEEK: "Weeks",
    Granularity.MONTH: "Months",
    Granularity.QUARTER: "Quarters",
    Granularity.YEAR: "Years",
}


class FieldLabels(Struct, frozen=True):
    """Names of the fields of an anomaly and of a summary, as columns of a table and cards carry them."""

    severity: str = "Severity"
    certainty: str = "How sure"
    time: str = "Time"
    value: str = "Actual"
    expected_range: str = "Expected range"
    deviation: str = "Difference"
    kind: str = "Kind"
    methods: str = "Methods"
    score: str = "Score"
    explanation: str = "Explanation"
    mean: str = "Mean"
    median: str = "Median"
    std_dev: str = "Standard deviation"
    min: str = "Minimum"
    max: str = "Maximum"
    quartiles: str = "Quartiles"
    missing: str = "Missing points"
    sensitivity: str = "Sensitivity"
    direction: str = "Direction"
    min_change: str = "Smallest change"
    where: str = "Rows"
    granularity: str = "Interval"
    aggregate: str = "Value of a point"
    time_zone: str = "Time zone"
    country: str = "Public holidays"
    events: str = "Own events"
    insights: str = "What stands out"


FIELDS: Final = FieldLabels()


class Labels(Struct, frozen=True):
    """Every label by its code. ``burst`` is a sustained rise; going down it is ``sustainedDrop``."""

    methods: dict[str, str]
    kinds: dict[str, str]
    sustained_drop: str
    severities: dict[str, str]
    certainties: dict[str, str]
    directions: dict[str, str]
    verdicts: dict[str, str]
    aggregates: dict[str, str]
    granularities: dict[str, str]
    fields: FieldLabels


def kind_label(kind: Kind, direction: Direction) -> str:
    """Name what an anomaly looks like; a burst may go either way."""
    return SUSTAINED_DROP if kind is Kind.BURST and direction is Direction.DOWN else KINDS[kind]


def group_label(by: CalendarUnit, group: int) -> str:
    """Name a group of the calendar in short: ``07``, ``Mon``, ``Jan``."""
    if by is CalendarUnit.HOUR:
        return f"{group:02d}"
    return (WEEKDAYS if by is CalendarUnit.WEEKDAY else MONTHS)[group]


def all_labels() -> Labels:
    """Return every label, as the API serves them."""
    return Labels(
        methods={str(code): label for code, label in METHODS.items()},
        kinds={str(code): label for code, label in KINDS.items()},
        sustained_drop=SUSTAINED_DROP,
        severities={str(code): label for code, label in SEVERITIES.items()},
        certainties={str(code): label for code, label in CERTAINTIES.items()},
        directions={str(code): label for code, label in DIRECTIONS.items()},
        verdicts=dict(VERDICTS),
        aggregates={str(code): label for code, label in AGGREGATES.items()},
        granularities={str(code): label for code, label in GRANULARITIES.items()},
        fields=FIELDS,
    )
