"""The report as one HTML file that needs nothing else: no script, no font, no request."""

from collections.abc import Callable, Iterable
from html import escape
from importlib import resources

from typing_extensions import override

from adapters.report_renderers.charts import SCREEN, SHAPES, box_chart, histogram_chart, line_chart
from adapters.report_renderers.content import AnomalyRow, Content, Row, content_of
from domain.analysis.analysis import Analysis
from domain.datasets.dataset import Dataset
from domain.detection.result import Severity
from domain.ports.analyses import ReportRenderer
from domain.reports.report import ReportStage, unheard
from domain.wording.labels import FIELDS, SEVERITIES


class HtmlPage(ReportRenderer):
    """Charts are inline SVG; light and dark follow the reader's system; prints on white."""

    @override
    def render(self, analysis: Analysis, dataset: Dataset, entering: Callable[[ReportStage], None] = unheard) -> bytes:
        content = content_of(analysis, dataset)
        style = resources.files("adapters.report_renderers").joinpath("page.css").read_text(encoding="utf-8")
        entering(ReportStage.DRAWING)
        charts = _charts(analysis, content) if analysis.summary.count else ""
        entering(ReportStage.WRITING)
        body = "\n".join(
            (
                _header(content),
                _cards(content),
                charts,
                _insights(content),
                _anomalies(content),
                _details(content),
                f"<footer>Analysed by Driftline at {escape(content.analysed)}.</footer>",
            )
        )
        page = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(content.title)}: {escape(content.dataset)}</title>
<style>
{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
        return page.encode()


def _header(content: Content) -> str:
    return (
        f'<header><p class="dataset">{escape(content.dataset)}</p><h1>{escape(content.title)}</h1>'
        f'<p class="muted">{escape(content.subtitle)}</p></header>'
    )


def _cards(content: Content) -> str:
    total = sum(int(row.text.replace(",", "")) for row in content.severities)
    split = " ".join(
        f'<span class="tag {row.name.lower()}">{_shape(row.name.lower())}{row.text} {row.name.lower()}</span>'
        for row in content.severities
        if row.text != "0"
    )
    first = f'<div class="card"><h2>Anomalies</h2><p class="figure">{total:,}</p><p>{split or "None"}</p></div>'
    others = "".join(
        f'<div class="card"><h2>{escape(row.name)}</h2><p class="figure">{escape(row.text)}</p></div>'
        for row in content.cards
    )
    return f'<section class="cards">{first}{others}</section>'


def _shape(severity: str) -> str:
    path = SHAPES[Severity(severity)]
    return f'<svg class="shape" viewBox="-6 -6 12 12" aria-hidden="true"><path d="{path}"/></svg>'


def _charts(analysis: Analysis, content: Content) -> str:
    line = _panel("Over time", content.chart_note, line_chart(analysis, SCREEN))
    bars = _panel("Distribution", "Number of points per value; anomalies in red", histogram_chart(analysis, SCREEN))
    boxes = _panel(content.box_title, "Median, quartiles and outliers", box_chart(analysis, SCREEN))
    return f'{line}<div class="two">{bars}{boxes}</div>'


def _panel(title: str, note: str, body: str, kind: str = "panel") -> str:
    return f'<section class="{kind}"><h2>{escape(title)}</h2><p class="muted">{escape(note)}</p>{body}</section>'


def _insights(content: Content) -> str:
    items = "".join(
        f"<li><h3>{escape(insight.title)}</h3><p>{escape(insight.text)}</p></li>" for insight in content.insights
    )
    return (
        f'<section class="panel"><h2>{FIELDS.insights}</h2><ol class="insights">{items}</ol></section>' if items else ""
    )


def _anomalies(content: Content) -> str:
    if not content.anomalies:
        verdicts = "".join(f"<li>{escape(sentence)}</li>" for sentence in content.verdicts)
        return f'<section class="panel"><h2>Verdicts</h2><ul>{verdicts}</ul></section>' if verdicts else ""
    fields = FIELDS
    names = (fields.severity, fields.time, fields.value, fields.expected_range, fields.deviation, fields.explanation)
    head = "".join(f"<th>{name}</th>" for name in names)
    rows = "".join(_anomaly(row) for row in content.anomalies)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    note = " ".join((f"{len(content.anomalies):,} in order of time.", *content.verdicts))
    body = f'<div class="wide" tabindex="0" role="region" aria-label="Anomalies">{table}</div>'
    return _panel("Anomalies", note, body, "panel anomalies")


def _anomaly(row: AnomalyRow) -> str:
    remarks = f'<p class="verdict">{escape(row.verdict)}</p>' if row.verdict else ""
    remarks += f'<p class="muted">{escape(row.suggested)}</p>' if row.suggested else ""
    methods = f'<p class="muted">{escape(row.kind)}. {FIELDS.methods}: {escape(row.found_by)}</p>'
    cells = (
        f'<td><span class="tag {row.severity}">{_shape(row.severity)}{SEVERITIES[Severity(row.severity)]}</span>'
        f'<p class="muted">{escape(row.certainty)}</p></td>'
        f'<td class="keep">{escape(row.when)}</td>'
        f'<td class="number" data-name="{FIELDS.value}"><b>{escape(row.value)}</b></td>'
        f'<td class="number muted" data-name="{FIELDS.expected_range}">{escape(row.expected)}</td>'
        f'<td class="number" data-name="{FIELDS.deviation}">{escape(row.off_by)}</td>'
        f'<td class="why">{escape(row.explanation)} {escape(row.how_sure)}{methods}{remarks}</td>'
    )
    return f"<tr>{cells}</tr>"


def _details(content: Content) -> str:
    quality = "".join(f"<li>{escape(sentence)}</li>" for sentence in content.quality)
    notes = f'<section class="panel"><h2>Data quality</h2><ul>{quality}</ul></section>' if quality else ""
    return (
        f'<div class="two">{_list("Summary of the points", content.figures)}{notes}</div>'
        f'<div class="two">{_list("Settings", content.settings)}{_list("Origin", content.origin)}</div>'
    )


def _list(title: str, rows: Iterable[Row]) -> str:
    items = "".join(f"<dt>{escape(row.name)}</dt><dd>{escape(row.text)}</dd>" for row in rows)
    return f'<section class="panel"><h2>{title}</h2><dl>{items}</dl></section>'
