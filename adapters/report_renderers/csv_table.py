"""The anomalies as a table for spreadsheets."""

import csv
import io
from collections.abc import Callable
from typing import Final

from typing_extensions import override

from domain.analysis.analysis import Analysis, Anomaly
from domain.datasets.dataset import Dataset
from domain.ports.analyses import ReportRenderer
from domain.reports.report import ReportStage, unheard
from domain.wording.spreadsheet import plain_text

MARK: Final = "\ufeff"  # byte order mark: without it Excel reads UTF-8 as the code page of its country
EXACT: Final = 2.0**53  # below it every whole number is a float of its own
HEADER: Final = (
    *("date", "start", "end", "points", "durationSeconds", "value", "expected", "lower", "upper"),
    *(
        "deviation",
        "deviationPct",
        "severity",
        "certainty",
        "chance",
        "direction",
        "kind",
        "type",
        "score",
        "robustDeviations",
    ),
    *("foundBy", "explanation", "verdict", "reason", "suggestedReason", "id"),
)


class CsvTable(ReportRenderer):
    """RFC 4180, UTF-8 with a byte order mark; numbers as they are, texts such that no spreadsheet runs them."""

    @override
    def render(self, analysis: Analysis, dataset: Dataset, entering: Callable[[ReportStage], None] = unheard) -> bytes:
        entering(ReportStage.WRITING)
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(HEADER)
        writer.writerows([_cell(value) for value in _row(anomaly)] for anomaly in analysis.anomalies)
        return (MARK + text.getvalue()).encode()


def _row(anomaly: Anomaly) -> tuple[object, ...]:
    return (
        anomaly.date,
        anomaly.start,
        anomaly.end,
        anomaly.points,
        anomaly.duration_seconds,
        anomaly.value,
        anomaly.expected,
        anomaly.lower,
        anomaly.upper,
        anomaly.deviation,
        anomaly.deviation_pct,
        str(anomaly.severity),
        str(anomaly.certainty),
        anomaly.chance,
        str(anomaly.direction),
        str(anomaly.kind),
        str(anomaly.type),
        anomaly.score,
        anomaly.robust_deviations,
        " ".join(str(vote.name) for vote in anomaly.methods if vote.flagged),
        anomaly.explanation,
        anomaly.verdict,
        anomaly.reason,
        anomaly.suggested_reason.text if anomaly.suggested_reason else None,
        anomaly.id,
    )


def _cell(value: object) -> object:
    """Write whole numbers without a fraction, and texts such that no spreadsheet runs them."""
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return int(value)
    return plain_text(value) if isinstance(value, str) else value
