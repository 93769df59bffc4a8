"""What a printed report says, as text: one wording for screen and paper."""

from datetime import UTC
from typing import Final

import numpy as np

from adapters.report_renderers.charts import wall_clock
from domain.analysis.analysis import Analysis, Anomaly, BoxGrouping
from domain.datasets.column_names import headline
from domain.datasets.dataset import NOT_STORED, Dataset
from domain.detection.result import Severity
from domain.struct import Struct
from domain.timeseries.aggregation import Granularity
from domain.wording.dimensions import where_text
from domain.wording.formatting import CALENDAR, Figures, moment, noun_of, off_by, plural, plural_of, stretch
from domain.wording.labels import AGGREGATES, CERTAINTIES, DIRECTIONS, FIELDS, METHODS, SEVERITIES, VERDICTS, kind_label

DAY_CHARACTERS: Final = len("2024-01-03")  # labels of this length are dates


class Row(Struct, frozen=True):
    """A name and what stands beside it."""

    name: str
    text: str


class AnomalyRow(Struct, frozen=True):
    """One anomaly as a table shows it."""

    severity: str
    certainty: str
    how_sure: str
    when: str
    value: str
    expected: str
    off_by: str
    kind: str
    found_by: str
    explanation: str
    verdict: str | None
    suggested: str | None


class Finding(Struct, frozen=True):
    """A sentence with its headline."""

    title: str
    text: str


class Content(Struct, frozen=True):
    """Everything a report prints but the charts."""

    title: str
    dataset: str
    subtitle: str
    cards: tuple[Row, ...]
    figures: tuple[Row, ...]
    severities: tuple[Row, ...]
    insights: tuple[Finding, ...]
    quality: tuple[str, ...]
    chart_note: str
    box_title: str
    anomalies: tuple[AnomalyRow, ...]
    verdicts: tuple[str, ...]
    settings: tuple[Row, ...]
    origin: tuple[Row, ...]
    analysed: str


def content_of(analysis: Analysis, dataset: Dataset) -> Content:
    """Write out an analysis of a dataset."""
    summary = analysis.summary
    figures = Figures(unit=analysis.unit, spread=summary.iqr or summary.std_dev or 0.0)
    noun = noun_of(analysis.settings.granularity, analysis.profile.cadence_seconds)
    at = analysis.created_at.astimezone(UTC).replace(tzinfo=None)
    analysed = f"{at:%H:%M} UTC on {moment(np.datetime64(at, 'us'), Granularity.DAY)}"
    counts = analysis.severities
    return Content(
        title=headline(analysis.metric) + (f" in {analysis.unit}" if analysis.unit else ""),
        dataset=analysis.dataset_name,
        subtitle=_subtitle(analysis, noun),
        cards=tuple(_cards(analysis, figures)),
        figures=tuple(_figures(analysis, figures)),
        severities=(
            Row(name=SEVERITIES[Severity.HIGH], text=f"{counts.high:,}"),
            Row(name=SEVERITIES[Severity.MEDIUM], text=f"{counts.medium:,}"),
            Row(name=SEVERITIES[Severity.LOW], text=f"{counts.low:,}"),
        ),
        insights=tuple(Finding(title=insight.title, text=insight.text) for insight in analysis.insights),
        quality=tuple(_quality(analysis, dataset)),
        chart_note=_chart_note(analysis, noun),
        box_title="Spread" if analysis.box.by is BoxGrouping.ALL else f"Spread by {analysis.box.by}",
        anomalies=tuple(_rows(analysis, figures)),
        verdicts=tuple(_verdicts(analysis)),
        settings=tuple(_settings(analysis)),
        origin=tuple(_origin(analysis, dataset)),
        analysed=analysed,
    )


def when(label: str, granularity: Granularity = Granularity.DAY) -> str:
    """Write a label of the analysis as people write dates: that of a longer bucket by its name, ``Aug 2025``."""
    return moment(np.datetime64(wall_clock(label), "us"), _unit_of(label, granularity)).removeprefix("the ")


def _unit_of(label: str, granularity: Granularity) -> Granularity:
    """Return how precisely a label's time is written."""
    if len(label) != DAY_CHARACTERS:
        return Granularity.MINUTE
    return granularity if granularity in CALENDAR else Granularity.DAY


def _subtitle(analysis: Analysis, noun: str) -> str:
    summary = analysis.summary
    text = plural(summary.count, noun)
    if analysis.series.time:
        unit = Granularity.DAY if len(analysis.series.time[0]) == DAY_CHARACTERS else Granularity.MINUTE
        unit = analysis.settings.granularity if analysis.settings.granularity in CALENDAR else unit
        first, last = (np.datetime64(wall_clock(analysis.series.time[at]), "us") for at in (0, -1))
        text += f" from {stretch(first, last, unit)}"
    if summary.rows != summary.count:
        text += f", from {plural(summary.rows, 'row')}"
    return f"{text}. Version {analysis.version}."


def _cards(analysis: Analysis, figures: Figures) -> list[Row]:
    summary = analysis.summary
    named = [(FIELDS.mean, summary.mean), (FIELDS.median, summary.median), (FIELDS.std_dev, summary.std_dev)]
    return [Row(name=name, text=figures.brief(value)) for name, value in named if value is not None]


def _figures(analysis: Analysis, figures: Figures) -> list[Row]:
    summary = analysis.summary
    named = [
        (FIELDS.mean, summary.mean),
        (FIELDS.median, summary.median),
        (FIELDS.std_dev, summary.std_dev),
        (FIELDS.min, summary.min),
        (FIELDS.max, summary.max),
    ]
    rows = [Row(name=name, text=figures.brief(value)) for name, value in named if value is not None]
    if summary.q1 is not None and summary.q3 is not None:
        middle = f"{figures.brief(summary.q1)} to {figures.brief(summary.q3)}"
        rows.append(Row(name=FIELDS.quartiles, text=middle))
    return [*rows, Row(name=FIELDS.missing, text=f"{summary.missing:,}")] if summary.missing else rows


def _quality(analysis: Analysis, dataset: Dataset) -> list[str]:
    quality = dataset.quality
    sentences = []
    if quality is not None:
        some = f"{quality.usable_rows:,} of {plural(quality.total_rows, 'row')} used"
        used = (
            f"All {plural(quality.total_rows, 'row')} used" if quality.usable_rows == quality.total_rows > 1 else some
        )
        rejected = f", {quality.rejected_rows:,} rejected" if quality.rejected_rows else ""
        empty = f". {plural(quality.missing_cells, 'empty cell')}" if quality.missing_cells else ""
        sentences.append(f"{used}{rejected}{empty}.")
    sentences += [note.text for note in analysis.quality if note.code != "rejected_rows"]
    return sentences


def _chart_note(analysis: Analysis, noun: str) -> str:
    view = analysis.series
    if not view.downsampled:
        return f"{plural(view.total_points, noun)} with their expected range."
    shown = f"{len(view.time):,} of {view.total_points:,} {plural_of(noun)} shown"
    return f"{shown}, with all extremes and anomalies, and their expected range."


def _verdicts(analysis: Analysis) -> list[str]:
    """Write what the user's verdicts come to: ``2 of 3 closed. 1 of 3 verdicts: real``."""
    summary = analysis.verdicts
    if summary is None:
        return []
    total = len(analysis.anomalies)
    sentences = []
    if summary.judged:
        closed = f"{total - summary.open:,} of {total:,} closed"
        sentences.append(f"{closed}. {summary.confirmed:,} of {plural(summary.judged, 'verdict')}: real.")
    sentences += [f"{VERDICTS['missed']}: {when(one.date)}{_because(one.reason)}." for one in summary.missed]
    sentences += [
        f"{VERDICTS.get(one.verdict, one.verdict)}, but no anomaly at these settings: "
        f"{when(one.date)}{_because(one.reason)}."
        for one in summary.unmatched
    ]
    return sentences


def _because(reason: str | None) -> str:
    return f" ({reason})" if reason else ""


def _rows(analysis: Analysis, figures: Figures) -> list[AnomalyRow]:
    unit, as_ratio = analysis.settings.granularity, analysis.profile.ratio_scale
    noun = noun_of(unit, analysis.profile.cadence_seconds)
    return [_anomaly(anomaly, figures, unit, noun, as_ratio=as_ratio) for anomaly in analysis.anomalies]


def _anomaly(anomaly: Anomaly, figures: Figures, unit: Granularity, noun: str, *, as_ratio: bool) -> AnomalyRow:
    share = None if anomaly.deviation_pct is None else anomaly.deviation_pct / 100
    return AnomalyRow(
        severity=str(anomaly.severity),
        certainty=CERTAINTIES[anomaly.certainty],
        how_sure=anomaly.how_sure,
        when=_when(anomaly, unit, noun),
        value=figures.observed(anomaly.value),
        expected=figures.between(anomaly.lower, anomaly.upper),
        off_by=off_by(anomaly.deviation, share, figures, as_ratio=as_ratio),
        kind=kind_label(anomaly.kind, anomaly.direction),
        found_by=", ".join(METHODS[vote.name] for vote in anomaly.methods if vote.flagged) or METHODS[anomaly.type],
        explanation=anomaly.explanation,
        verdict=_verdict(anomaly),
        suggested=_suggested(anomaly),
    )


def _when(anomaly: Anomaly, granularity: Granularity, noun: str) -> str:
    """Write when an anomaly was, from its first to its last point: ``16 to 22 Mar 2026 (7 days)``."""
    if anomaly.start == anomaly.end:
        return when(anomaly.date, granularity)
    start, end = (np.datetime64(wall_clock(label), "us") for label in (anomaly.start, anomaly.end))
    text = stretch(start, end, _unit_of(anomaly.start, granularity)).replace("the week of ", "week of ")
    return f"{text} ({plural(anomaly.points, noun)})"


def _verdict(anomaly: Anomaly) -> str | None:
    if anomaly.verdict is None:
        return None
    name = VERDICTS.get(anomaly.verdict, anomaly.verdict)
    return f"{name}: {anomaly.reason}" if anomaly.reason else name


def _suggested(anomaly: Anomaly) -> str | None:
    """Write the reason that the file gives, unless the user gave one."""
    suggested = anomaly.suggested_reason
    if suggested is None or anomaly.reason is not None:
        return None
    return f"From the file ({suggested.column}): {suggested.text}"


def _settings(analysis: Analysis) -> list[Row]:
    settings = analysis.settings
    floor = settings.min_change
    unit = "time of the file" if settings.granularity is Granularity.NATIVE else settings.granularity
    least = "None" if floor is None else f"{floor.amount:g}{'%' if floor.percent else ''}"
    rows = [
        Row(name=FIELDS.granularity, text=f"One point per {unit}. {settings.granularity_reason}"),
        Row(name=FIELDS.aggregate, text=f"{AGGREGATES[settings.aggregate]}. {settings.aggregate_reason}"),
        Row(name=FIELDS.sensitivity, text=f"{settings.sensitivity:g} on a scale from 0 to 1"),
        Row(name=FIELDS.direction, text=DIRECTIONS[settings.direction]),
        Row(name=FIELDS.min_change, text=least),
        Row(name=FIELDS.time_zone, text=settings.time_zone),
        *(Row(name=FIELDS.where, text=where_text(settings.where)) for _ in settings.where[:1]),
    ]
    if settings.country is not None:
        rows.append(Row(name=FIELDS.country, text=f"{settings.country}. {settings.country_reason}"))
    if settings.events:
        rows.append(Row(name=FIELDS.events, text=f"{len(settings.events):,}"))
    return rows


def _origin(analysis: Analysis, dataset: Dataset) -> list[Row]:
    added = f", added to version {dataset.appended_to}" if dataset.appended_to else ""
    rows = [
        Row(name="File", text=dataset.file_name),
        Row(name="Version", text=f"{analysis.version}{added}"),
        Row(name="Size", text=f"{dataset.size_bytes:,} bytes"),
    ]
    if dataset.sha256:
        rows.append(Row(name="SHA-256", text=dataset.sha256))
    if dataset.id != NOT_STORED:
        rows.append(Row(name="Dataset", text=analysis.dataset_id))
    return rows
