"""An analysis in the terminal: summary, what stands out, a table of anomalies."""

from collections.abc import Mapping, Sequence
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from domain.analysis.analysis import Analysis, Anomaly
from domain.analysis.causes import ChangeExplanation
from domain.datasets.dataset import Dataset
from domain.detection.result import Severity
from domain.detection.settings import Reported
from domain.wording.dimensions import dimension_line, where_text
from domain.wording.formatting import Figures, duration, off_by, percent, plural
from domain.wording.labels import AGGREGATES, CERTAINTIES, DIRECTIONS, FIELDS, GRANULARITIES, SEVERITIES, kind_label

MAX_ROWS: Final = 20  # a screen; the rest is one --json away
STYLES: Final = {Severity.HIGH: "bold red", Severity.MEDIUM: "dark_orange", Severity.LOW: "yellow"}
SHAPES: Final = {Severity.HIGH: "◆", Severity.MEDIUM: "▲", Severity.LOW: "●"}  # never by colour alone
COLUMNS: Final = (
    *(
        FIELDS.severity,
        FIELDS.certainty,
        FIELDS.time,
        FIELDS.value,
        FIELDS.expected_range,
        FIELDS.deviation,
        FIELDS.kind,
        FIELDS.score,
    ),
    FIELDS.explanation,
)
RIGHT: Final = frozenset({FIELDS.value, FIELDS.expected_range, FIELDS.deviation, FIELDS.score})
FEWEST_COLUMNS: Final = 4  # how bad, how sure, when and the value: less says nothing
WIDTHS: Final = ((140, len(COLUMNS)), (100, len(COLUMNS) - 1), (0, 6))  # what was seen to fit a terminal so wide


def show_dataset(console: Console, dataset: Dataset) -> None:
    """Print what was read, and what could not be."""
    quality = dataset.quality
    console.print(
        Text.assemble(
            (dataset.file_name, "bold"),
            f"  {plural(dataset.row_count or 0, 'row')}, time in {dataset.time_column!r} ({dataset.time_zone}), "
            f"metrics: {', '.join(dataset.metric_columns)}",
        )
    )
    for dimension in dataset.dimensions:
        console.print(Text(f"  {dimension_line(dimension)}", style="dim"))
    if quality is None:
        return
    if quality.rejected_rows:
        share = percent(quality.rejected_rows / max(quality.total_rows, 1))
        console.print(Text(f"  {plural(quality.rejected_rows, 'row')} rejected ({share}).", style="dark_orange"))
    for note in quality.notes:
        console.print(Text(f"  {note}", style="dim"))


def show_analysis(console: Console, analysis: Analysis) -> None:
    """Print the analysis of one metric."""
    console.print()
    console.rule(Text(analysis.metric, style="bold"), align="left")
    console.print(Group(_how(analysis), _figures(analysis), _insights(analysis), _anomalies(analysis, console.width)))


def show_causes(console: Console, analysis: Analysis, causes: Mapping[str, ChangeExplanation]) -> None:
    """Print which values explain the weightiest anomalies, by their identifiers."""
    if not causes:
        return
    console.print(Text("\nWhere they come from", style="bold"))
    for anomaly in analysis.anomalies:
        if anomaly.id in causes:
            console.print(Text.assemble("  • ", (f"{_when(anomaly)}: ", "bold"), causes[anomaly.id].text))


def _how(analysis: Analysis) -> RenderableType:
    settings = analysis.settings
    points = plural(analysis.summary.count, "point")
    unit = GRANULARITIES[settings.granularity].lower()
    how = f"{AGGREGATES[settings.aggregate]}, {unit}: {points}. {settings.granularity_reason}"
    return Text(how + _only(analysis), style="dim")


def _only(analysis: Analysis) -> str:
    """Which of what was found is reported, where that is not all of it."""
    direction, least = analysis.settings.direction, analysis.settings.min_change
    rows = f" Of the rows {where_text(analysis.settings.where)}." if analysis.settings.where else ""
    if direction is Reported.BOTH and least is None:
        return rows
    amount = ""
    if least is not None:
        size = f"{least.amount:g}% of the expected value" if least.percent else f"{least.amount:,g}"
        amount = f" of at least {size}"
    which = "changes" if direction is Reported.BOTH else DIRECTIONS[direction].lower()
    return f" Only {which}{amount} are reported.{rows}"


def _figures_of(analysis: Analysis) -> Figures:
    return Figures(unit=analysis.unit, spread=analysis.summary.iqr or analysis.summary.std_dev or 0.0)


def _figures(analysis: Analysis) -> RenderableType:
    summary, figures = analysis.summary, _figures_of(analysis)
    named = {
        FIELDS.mean: summary.mean,
        FIELDS.median: summary.median,
        FIELDS.std_dev: summary.std_dev,
        FIELDS.min: summary.min,
        FIELDS.max: summary.max,
    }
    cells = [(name, figures.brief(value)) for name, value in named.items() if value is not None]
    if summary.q1 is not None and summary.q3 is not None:
        cells.append((FIELDS.quartiles, f"{figures.brief(summary.q1)} to {figures.brief(summary.q3)}"))
    cells.append((FIELDS.missing, f"{summary.missing:,}"))
    pairs = [Text.assemble((f"{name} ", "dim"), value) for name, value in cells]
    return Padding(Columns(pairs, padding=(0, 3)), (1, 0))


def _insights(analysis: Analysis) -> RenderableType:
    lines: list[RenderableType] = [Text(FIELDS.insights, style="bold")]
    for insight in analysis.insights:
        lines.append(Text(f"  • {insight.title}"))
        lines.append(Padding(Text(insight.text, style="dim"), (0, 0, 0, 4)))
    return Group(*lines)


def _anomalies(analysis: Analysis, console_width: int) -> RenderableType:
    ranked = sorted(analysis.anomalies, key=lambda anomaly: anomaly.rank)
    if not ranked:
        return Text("\nNo anomalies.", style="bold green")
    counts = analysis.severities
    title = Text(
        f"\n{_counted(len(ranked))}: {counts.high} high, {counts.medium} medium, {counts.low} low", style="bold"
    )
    figures = _figures_of(analysis)
    rows = [_row(anomaly, figures, as_ratio=analysis.profile.ratio_scale) for anomaly in ranked[:MAX_ROWS]]
    columns = next(count for width, count in WIDTHS if console_width >= width)
    while columns > FEWEST_COLUMNS and _width(rows, columns) > console_width:
        columns -= 1
    table = _table(columns)
    for row in rows:
        table.add_row(*row[:columns])
    parts: list[RenderableType] = [title, table]
    if len(ranked) > MAX_ROWS:
        parts.append(Text(f"… and {len(ranked) - MAX_ROWS:,} more: add --json to see all.", style="dim"))
    return Group(*parts)


def _table(columns: int) -> Table:
    """The first ``columns`` of all: what a narrow terminal has no room for is left out, never cut off."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name in COLUMNS[:columns]:
        right = name in RIGHT
        table.add_column(name, justify="right" if right else "left", no_wrap=name != COLUMNS[-1])
    return table


def _width(rows: Sequence[Sequence[Text | str]], columns: int) -> int:
    """Return how many characters the first columns take, two between neighbours; the explanation may wrap."""
    widths = [
        max(cell_len(COLUMNS[place]), *(cell_len(str(row[place])) for row in rows))
        for place in range(min(columns, len(COLUMNS) - 1))
    ]
    return sum(widths) + 2 * len(widths)


def _counted(count: int) -> str:
    return plural(count, "anomaly")


def _row(anomaly: Anomaly, figures: Figures, *, as_ratio: bool) -> list[Text | str]:
    share = None if anomaly.deviation_pct is None else anomaly.deviation_pct / 100
    return [
        Text(f"{SHAPES[anomaly.severity]} {SEVERITIES[anomaly.severity]}", style=STYLES[anomaly.severity]),
        CERTAINTIES[anomaly.certainty],
        _when(anomaly),
        figures.observed(anomaly.value),
        figures.between(anomaly.lower, anomaly.upper),
        off_by(anomaly.deviation, share, figures, as_ratio=as_ratio),
        kind_label(anomaly.kind, anomaly.direction),
        f"{anomaly.score:.1f}",
        f"{anomaly.explanation} {anomaly.how_sure}",
    ]


def _when(anomaly: Anomaly) -> str:
    """``2014-02-08 04:00``, with its length if it lasted; the zone stands above the table."""
    start = anomaly.start.replace("T", " ").removesuffix("Z").removesuffix(":00")
    return start if anomaly.start == anomaly.end else f"{start}, {duration(anomaly.duration_seconds)}"
