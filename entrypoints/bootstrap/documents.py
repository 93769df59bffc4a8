"""One renderer for each form of report."""

from collections.abc import Mapping

from adapters.reports.csv_table import CsvTable
from adapters.reports.html_page import HtmlPage
from adapters.reports.json_document import JsonDocument
from adapters.reports.pdf_document import PdfDocument
from domain.ports import ReportRenderer
from domain.reports import ReportFormat


def renderers() -> Mapping[ReportFormat, ReportRenderer]:
    """Every format has one; the same in each profile."""
    return {
        ReportFormat.PDF: PdfDocument(),
        ReportFormat.HTML: HtmlPage(),
        ReportFormat.CSV: CsvTable(),
        ReportFormat.JSON: JsonDocument(),
    }
