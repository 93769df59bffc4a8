"""An analysis in the terminal: summary, what stands out, a table of anomalies."""

from typing import Final

from rich.box import SIMPLE_HEAD
from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from domain.analysis import Analysis, AnomalyReport
from domain.anomaly.findings import Severity
from domain.dataset import Dataset
from domain.wording import MINUS, Figures, percent, plural

MAX_ROWS: Final = 20  # a screen; the rest is one --json away
STYLES: Final = {Severity.HIGH: "bold red", Severity.MEDIUM: "dark_orange", Severity.LOW: "yellow"}
SHAPES: Final = {Severity.HIGH: "◆", Severity.MEDIUM: "▲", Severity.LOW: "●"}  # never by colour alone
WIDE: Final = 130  # from this width on a sentence fits beside the figures
WITHOUT_DECIMALS: Final = 100_000.0  # six digits are enough of a mean
DAY: Final = len("2024-01-03")
RANK: Final = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.LOW: 2}


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
    if quality is None:
        return
    if quality.rejected_rows:
        share = percent(quality.rejected_rows / max(quality.total_rows, 1))
        console.print(
            Text(f"  {plural(quality.rejected_rows, 'row')} could not be used ({share}).", style="dark_orange")
        )
    for note in quality.notes:
        console.print(Text(f"  {note}", style="dim"))


def show_analysis(console: Console, analysis: Analysis) -> None:
    """Print the analysis of one metric."""
    console.print()
    console.rule(Text(analysis.metric, style="bold"), align="left")
    console.print(Group(_how(analysis), _figures(analysis), _insights(analysis), _anomalies(analysis, console.width)))


def _how(analysis: Analysis) -> RenderableType:
    settings = analysis.settings
    points = plural(analysis.summary.count, "point")
    return Text(f"{settings.aggregate} by {settings.granularity}, {points}. {settings.granularity_reason}", style="dim")


def _figures_of(analysis: Analysis) -> Figures:
    return Figures(unit=analysis.unit, spread=analysis.summary.std_dev or 0.0)


def _figures(analysis: Analysis) -> RenderableType:
    summary, figures = analysis.summary, _figures_of(analysis)
    named = {
        "mean": summary.mean,
        "median": summary.median,
        "std. dev.": summary.std_dev,
        "min": summary.min,
        "max": summary.max,
    }
    cells = [(name, _exact(value, figures)) for name, value in named.items() if value is not None]
    if summary.q1 is not None and summary.q3 is not None:
        cells.append(("quartiles", figures.between(summary.q1, summary.q3)))
    cells.append(("missing", f"{summary.missing:,}"))
    pairs = [Text.assemble((f"{name} ", "dim"), value) for name, value in cells]
    return Padding(Columns(pairs, padding=(0, 3)), (1, 0))


def _exact(value: float, figures: Figures) -> str:
    """Figures of the summary are for copying: two decimals, more where the values are small, none where huge."""
    if abs(value) >= WITHOUT_DECIMALS:
        return figures.signed(f"{value:,.0f}")
    return figures.signed(f"{value:,.2f}" if abs(value) >= 1 else f"{value:.4g}")


def _insights(analysis: Analysis) -> RenderableType:
    lines: list[RenderableType] = [Text("What stands out", style="bold")]
    for insight in analysis.insights:
        lines.append(Text(f"  • {insight.title}"))
        lines.append(Padding(Text(insight.text, style="dim"), (0, 0, 0, 4)))
    return Group(*lines)


def _anomalies(analysis: Analysis, console_width: int) -> RenderableType:
    found = sorted(analysis.anomalies, key=lambda anomaly: (RANK[anomaly.severity], -anomaly.score))
    if not found:
        return Text("\nNo anomalies.", style="bold green")
    counts = analysis.severities
    title = Text(
        f"\n{_counted(len(found))}: {counts.high} high, {counts.medium} medium, {counts.low} low", style="bold"
    )
    figures = _figures_of(analysis)
    table = _table(explained=console_width >= WIDE)
    for anomaly in found[:MAX_ROWS]:
        cells = _row(anomaly, figures)
        table.add_row(*(cells if console_width >= WIDE else cells[:-1]))
    parts: list[RenderableType] = [title, table]
    if len(found) > MAX_ROWS:
        parts.append(Text(f"… and {len(found) - MAX_ROWS:,} more: add --json to have them all.", style="dim"))
    return Group(*parts)


def _table(*, explained: bool) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("severity", "when"):
        table.add_column(name, no_wrap=True)
    for name in ("value", "expected range", "off by", "score"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("kind", no_wrap=True)
    if explained:
        table.add_column("why")
    return table


def _counted(count: int) -> str:
    return "1 anomaly" if count == 1 else f"{count:,} anomalies"


def _row(anomaly: AnomalyReport, figures: Figures) -> list[RenderableType]:
    off = figures.change(anomaly.deviation)
    if anomaly.deviation_pct is not None:
        off = f"{anomaly.deviation_pct:+,.0f} %".replace("-", MINUS)
    return [
        Text(f"{SHAPES[anomaly.severity]} {anomaly.severity}", style=STYLES[anomaly.severity]),
        _when(anomaly),
        figures.observed(anomaly.value),
        figures.between(anomaly.lower, anomaly.upper),
        off,
        f"{anomaly.score:.1f}",
        str(anomaly.kind).replace("_", " "),
        anomaly.explanation,
    ]


def _when(anomaly: AnomalyReport) -> str:
    """``2014-02-08 04:00``, or a stretch with its common day written once; the zone stands above the table."""
    start, end = (text.replace("T", " ").removesuffix("Z").removesuffix(":00") for text in (anomaly.start, anomaly.end))
    if start == end:
        return start
    same_day = len(start) > DAY and start[:DAY] == end[:DAY]
    return f"{start} … {end[DAY + 1 :] if same_day else end}"
