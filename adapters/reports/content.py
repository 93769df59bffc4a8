"""What a printed report says, as text: one wording for screen and paper."""

from datetime import UTC
from typing import Final

import numpy as np

from adapters.reports.charts import wall_clock
from domain.analysis import Analysis, AnomalyReport
from domain.anomaly.findings import Kind, Method
from domain.column_names import headline
from domain.dataset import NOBODY, Dataset
from domain.summary import Aggregate, Granularity
from domain.value import Value
from domain.wording import CALENDAR, Figures, moment, noun_of, off_by, percent, plural, plural_of, stretch

DAY_CHARACTERS: Final = len("2024-01-03")  # labels of this length are dates
METHODS: Final = {
    Method.ROBUST_Z: "Robust z-score",
    Method.Z_SCORE: "z-score",
    Method.IQR: "Quartile fences",
    Method.ROLLING_BAND: "Rolling band",
    Method.SEASONAL_RESIDUAL: "Seasonal residual",
    Method.LEVEL_SHIFT: "Level shift",
    Method.FLATLINE: "Flatline",
}
KINDS: Final = {
    Kind.SPIKE: "Spike",
    Kind.DIP: "Dip",
    Kind.BURST: "Burst",
    Kind.OUTAGE: "Outage",
    Kind.LEVEL_SHIFT: "Level shift",
    Kind.FLATLINE: "Standstill",
}
VERDICTS: Final = {
    "confirmed": "Confirmed",
    "expected": "Expected",
    "false_alarm": "False alarm",
    "new_normal": "New normal",
}
AGGREGATES: Final = {
    Aggregate.SUM: "Sum",
    Aggregate.MEAN: "Mean",
    Aggregate.MIN: "Smallest",
    Aggregate.MAX: "Largest",
    Aggregate.COUNT: "Count",
}


class Row(Value, frozen=True):
    """A name and what stands beside it."""

    name: str
    text: str


class AnomalyRow(Value, frozen=True):
    """One anomaly as a table shows it."""

    severity: str
    when: str
    value: str
    expected: str
    off_by: str
    kind: str
    found_by: str
    explanation: str
    verdict: str | None
    suggested: str | None


class Said(Value, frozen=True):
    """A sentence with its headline."""

    title: str
    text: str


class Content(Value, frozen=True):
    """Everything a report prints but the charts."""

    title: str
    dataset: str
    subtitle: str
    cards: tuple[Row, ...]
    figures: tuple[Row, ...]
    severities: tuple[Row, ...]
    insights: tuple[Said, ...]
    quality: tuple[str, ...]
    chart_note: str
    box_title: str
    anomalies: tuple[AnomalyRow, ...]
    verdicts: tuple[str, ...]
    settings: tuple[Row, ...]
    origin: tuple[Row, ...]
    made: str


def content_of(analysis: Analysis, dataset: Dataset) -> Content:
    """Write out an analysis of a dataset."""
    summary = analysis.summary
    figures = Figures(unit=analysis.unit, spread=summary.iqr or summary.std_dev or 0.0)
    noun = noun_of(analysis.settings.granularity, analysis.profile.cadence_seconds)
    at = analysis.created_at.astimezone(UTC).replace(tzinfo=None)
    made = f"{at:%H:%M} UTC on {moment(np.datetime64(at, 'us'), Granularity.DAY)}"
    counts = analysis.severities
    return Content(
        title=headline(analysis.metric) + (f" in {analysis.unit}" if analysis.unit else ""),
        dataset=analysis.dataset_name,
        subtitle=_subtitle(analysis, noun),
        cards=tuple(_cards(analysis, figures)),
        figures=tuple(_figures(analysis, figures)),
        severities=(
            Row(name="High", text=f"{counts.high:,}"),
            Row(name="Medium", text=f"{counts.medium:,}"),
            Row(name="Low", text=f"{counts.low:,}"),
        ),
        insights=tuple(Said(title=insight.title, text=insight.text) for insight in analysis.insights),
        quality=tuple(_quality(analysis, dataset)),
        chart_note=_chart_note(analysis, noun),
        box_title={"all": "Spread"}.get(analysis.box.by, f"Spread by {analysis.box.by}"),
        anomalies=tuple(_rows(analysis, figures)),
        verdicts=tuple(_verdicts(analysis)),
        settings=tuple(_settings(analysis)),
        origin=tuple(_origin(analysis, dataset)),
        made=made,
    )


def when(label: str, granularity: Granularity = Granularity.DAY) -> str:
    """Write a label of the analysis as people write dates: that of a longer bucket by its name, ``Aug 2025``."""
    unit = granularity if granularity in CALENDAR else Granularity.DAY
    unit = unit if len(label) == DAY_CHARACTERS else Granularity.MINUTE
    return moment(np.datetime64(wall_clock(label), "us"), unit).removeprefix("the ")


def _subtitle(analysis: Analysis, noun: str) -> str:
    summary = analysis.summary
    text = plural(summary.count, noun)
    if analysis.series.time:
        unit = Granularity.DAY if len(analysis.series.time[0]) == DAY_CHARACTERS else Granularity.MINUTE
        first, last = (np.datetime64(wall_clock(analysis.series.time[at]), "us") for at in (0, -1))
        text += f" from {stretch(first, last, unit)}"
    if summary.rows != summary.count:
        text += f", made of {plural(summary.rows, 'row')}"
    return f"{text}. Version {analysis.version}."


def _cards(analysis: Analysis, figures: Figures) -> list[Row]:
    summary = analysis.summary
    told = [("Mean", summary.mean), ("Median", summary.median), ("Standard deviation", summary.std_dev)]
    return [Row(name=name, text=figures.brief(value)) for name, value in told if value is not None]


def _figures(analysis: Analysis, figures: Figures) -> list[Row]:
    summary = analysis.summary
    told = [
        ("Mean", summary.mean),
        ("Median", summary.median),
        ("Standard deviation", summary.std_dev),
        ("Smallest", summary.min),
        ("Largest", summary.max),
    ]
    rows = [Row(name=name, text=figures.detailed(value)) for name, value in told if value is not None]
    if summary.q1 is not None and summary.q3 is not None:
        middle = f"{figures.detailed(summary.q1)} to {figures.detailed(summary.q3)}"
        rows.append(Row(name="Middle half", text=middle))
    return [*rows, Row(name="Missing points", text=f"{summary.missing:,}")] if summary.missing else rows


def _quality(analysis: Analysis, dataset: Dataset) -> list[str]:
    found = dataset.quality
    sentences = []
    if found is not None:
        used = f"{found.usable_rows:,} of {plural(found.total_rows, 'row')} could be used"
        refused = f"; {found.rejected_rows:,} could not" if found.rejected_rows else ""
        empty = f"; {plural(found.missing_cells, 'cell')} of the file had no value" if found.missing_cells else ""
        sentences.append(f"{used}{refused}{empty}.")
    sentences += [note.text for note in analysis.quality if note.code != "rejected_rows"]
    return sentences


def _chart_note(analysis: Analysis, noun: str) -> str:
    view = analysis.series
    if not view.downsampled:
        return f"All {plural(view.total_points, noun)}, over the range that was expected of each."
    shown = f"{len(view.time):,} of {view.total_points:,} {plural_of(noun)} drawn"
    return f"{shown}, with every extreme and every anomaly, over the range that was expected of each."


def _verdicts(analysis: Analysis) -> list[str]:
    """Write what the user's verdicts come to."""
    said = analysis.verdicts
    if said is None:
        return []
    told = []
    if said.confirmed_share is not None:
        found = plural(len(analysis.anomalies), "anomaly")
        judged = f"{said.judged:,} of {found} {'was' if said.judged == 1 else 'were'} judged"
        real = f"{said.confirmed:,} of them confirmed ({percent(said.confirmed_share)})"
        told.append(f"{judged}, {real}; {said.open:,} {'is' if said.open == 1 else 'are'} still open.")
    told += [f"Reported as missed: {when(one.date)}{_because(one.reason)}." for one in said.missed]
    told += [
        f"{VERDICTS.get(one.verdict, one.verdict)}, but no anomaly at these settings: "
        f"{when(one.date)}{_because(one.reason)}."
        for one in said.unmatched
    ]
    return told


def _because(reason: str | None) -> str:
    return f" ({reason})" if reason else ""


def _rows(analysis: Analysis, figures: Figures) -> list[AnomalyRow]:
    unit, as_ratio = analysis.settings.granularity, analysis.profile.ratio_scale
    return [_anomaly(anomaly, figures, unit, as_ratio=as_ratio) for anomaly in analysis.anomalies]


def _anomaly(anomaly: AnomalyReport, figures: Figures, unit: Granularity, *, as_ratio: bool) -> AnomalyRow:
    share = None if anomaly.deviation_pct is None else anomaly.deviation_pct / 100
    long = anomaly.start != anomaly.end
    return AnomalyRow(
        severity=str(anomaly.severity),
        when=when(anomaly.date, unit) + (f" ({plural(anomaly.points, 'point')})" if long else ""),
        value=figures.observed(anomaly.value),
        expected=figures.between(anomaly.lower, anomaly.upper),
        off_by=off_by(anomaly.deviation, share, figures, as_ratio=as_ratio),
        kind=KINDS[anomaly.kind],
        found_by=", ".join(METHODS[vote.name] for vote in anomaly.methods if vote.flagged) or METHODS[anomaly.type],
        explanation=anomaly.explanation,
        verdict=_said(anomaly),
        suggested=_suggested(anomaly),
    )


def _said(anomaly: AnomalyReport) -> str | None:
    if anomaly.verdict is None:
        return None
    name = VERDICTS.get(anomaly.verdict, anomaly.verdict)
    return f"{name}: {anomaly.reason}" if anomaly.reason else name


def _suggested(anomaly: AnomalyReport) -> str | None:
    """Write what the file says, unless the user gave a reason."""
    found = anomaly.suggested_reason
    return f"The file says ({found.column}): {found.text}" if found is not None and anomaly.reason is None else None


def _settings(analysis: Analysis) -> list[Row]:
    settings = analysis.settings
    floor = settings.min_change
    unit = "time of the file" if settings.granularity is Granularity.NATIVE else settings.granularity
    least = "any" if floor is None else f"{floor.amount:g}{'%' if floor.percent else ''}"
    return [
        Row(name="Points", text=f"One per {unit}. {settings.granularity_reason}"),
        Row(
            name="Value of a point",
            text=f"{AGGREGATES.get(settings.aggregate, settings.aggregate)}. {settings.aggregate_reason}",
        ),
        Row(name="Sensitivity", text=f"{settings.sensitivity:g} on a scale from 0 to 1"),
        Row(name="Reported", text={"both": "Rises and falls", "up": "Rises", "down": "Falls"}[settings.direction]),
        Row(name="Least change", text=least),
        Row(name="Time zone", text=settings.time_zone),
    ]


def _origin(analysis: Analysis, dataset: Dataset) -> list[Row]:
    added = f"; the file's rows were added to those of version {dataset.appended_to}" if dataset.appended_to else ""
    rows = [
        Row(name="File", text=dataset.file_name),
        Row(name="Version", text=f"{analysis.version}{added}"),
        Row(name="Size", text=f"{dataset.size_bytes:,} bytes"),
    ]
    if dataset.sha256:
        rows.append(Row(name="SHA-256", text=dataset.sha256))
    if dataset.id != NOBODY:
        rows.append(Row(name="Dataset", text=analysis.dataset_id))
    return rows
