"""The report on paper, typeset by Typst from the same sentences and charts as the HTML page."""

import json
from collections.abc import Callable
from importlib import resources

import msgspec
import typst
from typing_extensions import override

from adapters.report_renderers.charts import PAPER, box_chart, histogram_chart, line_chart
from adapters.report_renderers.content import content_of
from domain.analysis.analysis import Analysis
from domain.datasets.dataset import Dataset
from domain.ports.analyses import ReportRenderer
from domain.reports.report import ReportStage, unheard
from domain.wording.labels import FIELDS


class PdfDocument(ReportRenderer):
    """A4, with page numbers; charts stay vectors, text stays text. The fonts lie beside this module.

    Everything that came from a user reaches the template as data: it is never read as markup.
    """

    @override
    def render(self, analysis: Analysis, dataset: Dataset, entering: Callable[[ReportStage], None] = unheard) -> bytes:
        entering(ReportStage.DRAWING)
        charts = None
        if analysis.summary.count:
            charts = {
                "line": line_chart(analysis, PAPER),
                "histogram": histogram_chart(analysis, PAPER),
                "box": box_chart(analysis, PAPER),
            }
        entering(ReportStage.TYPESETTING)
        content = msgspec.to_builtins(content_of(analysis, dataset))
        data = {"content": content, "charts": charts, "fields": msgspec.to_builtins(FIELDS)}
        with resources.as_file(resources.files("adapters.report_renderers")) as folder:
            document = typst.compile(
                str(folder / "report.typ"),
                root=str(folder),
                font_paths=[str(folder / "fonts")],
                sys_inputs={"data": json.dumps(data)},
                timestamp=analysis.created_at.replace(microsecond=0),
            )
        return bytes(document)
