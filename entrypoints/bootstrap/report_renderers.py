"""One renderer for each form of report."""

from collections.abc import Mapping

from adapters.report_renderers.csv_table import CsvTable
from adapters.report_renderers.html_page import HtmlPage
from adapters.report_renderers.json_document import JsonDocument
from adapters.report_renderers.pdf_document import PdfDocument
from domain.ports.analyses import ReportRenderer
from domain.reports.report import ReportFormat


def renderers() -> Mapping[ReportFormat, ReportRenderer]:
    """Every format has one; the same in each profile."""
    return {
        ReportFormat.PDF: PdfDocument(),
        ReportFormat.HTML: HtmlPage(),
        ReportFormat.CSV: CsvTable(),
        ReportFormat.JSON: JsonDocument(),
    }
