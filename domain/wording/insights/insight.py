"""An insight as it leaves the domain: a sentence, and the figures that it rests on."""

from enum import StrEnum

from domain.struct import Struct


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
    INCOMPLETE_FIRST_BUCKET = "incomplete_first_bucket"
    INCOMPLETE_LAST_BUCKET = "incomplete_last_bucket"
    EMPTY_CELLS = "empty_cells"
    REJECTED_ROWS = "rejected_rows"
    DUPLICATES = "duplicates"
    COMPLETE = "complete"


class InsightEvidence(Struct, frozen=True):
    """What an insight rests on: figures by name, and the stretch of the chart that shows it."""

    figures: dict[str, float | int | str]
    start: str | None = None
    end: str | None = None


class Insight(Struct, frozen=True):
    """A ranked plain sentence."""

    code: InsightCode
    title: str
    text: str
    evidence: InsightEvidence
