import csv
import io
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import msgspec
import numpy as np
import pytest
from pypdf import PdfReader

from adapters.report_renderers.charts import PAPER, SCREEN, box_chart, histogram_chart, line_chart
from adapters.report_renderers.content import when
from adapters.report_renderers.csv_table import HEADER, CsvTable
from adapters.report_renderers.html_page import HtmlPage
from adapters.report_renderers.json_document import JsonDocument
from adapters.report_renderers.pdf_document import PdfDocument
from domain.analysis.analysis import Analysis, Anomaly, SuggestedReason
from domain.analysis.apply_verdicts import apply_verdicts
from domain.datasets.columns import Column, ColumnType
from domain.datasets.dataset import DataQuality, Dataset
from domain.detection.result import Severity
from domain.feedback.verdict import Verdict, VerdictKind, instant_of
from domain.ports.analyses import ReportRenderer
from domain.timeseries.aggregation import Granularity
from tests.support.builders import an_annotation
from tests.support.findings import a_detection, a_processed_dataset, a_series, an_anomaly, an_assembled
from tests.support.source_tree import ROOT

RENDERERS: tuple[ReportRenderer, ...] = (CsvTable(), JsonDocument(), HtmlPage(), PdfDocument())
DATA = ROOT / "tests/data"
RUPEES = Column(name="net_revenue", type=ColumnType.NUMBER, unit="₹")
HOSTILE = '=cmd|"/c calc"!A1 <script>alert(1)</script> #set page(width: 1pt) $x$ *b* </svg>'


def an_analysis(granularity: Granularity = Granularity.DAY, count: int = 120) -> Analysis:
    values = 24_000 + 900 * np.sin(np.arange(count) / 5)
    values[[10, 40, 90]] = [89_000, 62_000, 8_000]
    values[60:63] = np.nan
    series = a_series(values, granularity)
    anomalies = [
        an_anomaly(series, 10, expected=24_500),
        an_anomaly(series, 40, expected=24_500, severity=Severity.MEDIUM),
        an_anomaly(series, 90, expected=24_500, severity=Severity.LOW),
    ]
    return an_assembled(series, a_detection(series, anomalies), metric=RUPEES)[0]


def a_source(**changes: object) -> Dataset:
    quality = DataQuality(total_rows=120, usable_rows=117, rejected_rows=3, missing_cells=4)
    return msgspec.structs.replace(a_processed_dataset(quality), **changes)


def pdf_text(document: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("renderer", RENDERERS, ids=lambda renderer: type(renderer).__name__)
@pytest.mark.slow
def test_the_same_analysis_gives_the_same_bytes(renderer: ReportRenderer) -> None:
    analysis, source = an_analysis(), a_source()
    assert renderer.render(analysis, source) == renderer.render(analysis, source)


@pytest.mark.parametrize("renderer", RENDERERS, ids=lambda renderer: type(renderer).__name__)
def test_a_series_of_one_point_and_one_without_anomalies_can_be_printed(renderer: ReportRenderer) -> None:
    for values in ([5.0], [1.0, 2, 3, 4, 5, 6, 7]):
        series = a_series(values)
        analysis, _ = an_assembled(series, a_detection(series))
        assert len(renderer.render(analysis, a_source(quality=None))) > 100


def test_the_table_holds_every_anomaly_with_plain_numbers() -> None:
    analysis = an_analysis()
    text = CsvTable().render(analysis, a_source()).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == HEADER
    assert [(row["date"], float(row["value"]), row["severity"]) for row in rows] == [
        ("2024-01-11", 89_000, "high"),
        ("2024-02-10", 62_000, "medium"),
        ("2024-03-31", 8_000, "low"),
    ]
    assert float(rows[2]["deviation"]) == -16_500
    assert rows[0]["explanation"] == analysis.anomalies[0].explanation


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_text_that_a_spreadsheet_would_run_is_shown_instead(start: str) -> None:
    analysis = an_analysis()
    first = msgspec.structs.replace(analysis.anomalies[0], reason=f'{start}HYPERLINK("http://evil")')
    analysis = msgspec.structs.replace(analysis, anomalies=(first,))
    text = CsvTable().render(analysis, a_source()).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["reason"] == f"'{first.reason}"
    assert row["deviation"] == "64500"


@pytest.mark.parametrize(
    ("label", "unit", "text"),
    [
        ("2025-02-10", Granularity.DAY, "10 Feb 2025"),
        ("2025-02-10", Granularity.WEEK, "week of 10 Feb 2025"),
        ("2025-08-01", Granularity.MONTH, "Aug 2025"),
        ("2025-07-01", Granularity.QUARTER, "Q3 2025"),
        ("2025-02-10", Granularity.NATIVE, "10 Feb 2025"),
        ("2025-02-10T05:00:00Z", Granularity.HOUR, "10 Feb 2025, 05:00"),
        ("2025-02-10T05:10:00+05:30", Granularity.NATIVE, "10 Feb 2025, 05:10"),
    ],
)
def test_a_time_is_written_as_its_bucket_is_called(label: str, unit: Granularity, text: str) -> None:
    assert when(label, unit) == text


def test_the_table_of_two_anomalies_is_the_one_that_was_agreed() -> None:
    anomalies = msgspec.json.decode((DATA / "anomalies.json").read_bytes(), type=tuple[Anomaly, ...])
    analysis = msgspec.structs.replace(an_analysis(), anomalies=anomalies)
    assert CsvTable().render(analysis, a_source()) == (DATA / "anomalies.csv").read_bytes()


def test_the_json_document_is_the_analysis_and_where_it_came_from() -> None:
    analysis = an_analysis()
    document = msgspec.json.decode(JsonDocument().render(analysis, a_source()))
    assert msgspec.convert(document["analysis"], Analysis) == analysis
    assert document["dataset"]["sha256"] == "ab" * 32


class Tags(HTMLParser):
    """Collects tags and checks that each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"src", "href", "action", "data"}]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_asks_the_network_for_nothing_and_runs_nothing() -> None:
    page = HtmlPage().render(an_analysis(), a_source(dataset_name=HOSTILE)).decode()
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert tags.links == []
    assert not {"script", "link", "img", "iframe", "object"} & set(tags.seen)
    assert "default-src 'none'" in page
    assert set(re.findall(r"https?://[^\"' )<]+", page)) == {"http://www.w3.org/2000/svg"}
    assert "prefers-color-scheme: dark" in page


def test_the_page_says_what_the_analysis_says() -> None:
    analysis = an_analysis()
    page = HtmlPage().render(analysis, a_source()).decode()
    assert "<h1>Net revenue in ₹</h1>" in page
    assert page.count("<tr>") == 1 + len(analysis.anomalies)
    for insight in analysis.insights:
        assert insight.title in page
    assert "117 of 120 rows used, 3 rejected" in page
    assert "ab" * 32 in page


def test_names_from_a_user_are_text_on_the_page_and_on_paper() -> None:
    analysis = msgspec.structs.replace(an_analysis(), dataset_name=HOSTILE, metric=HOSTILE)
    source = a_source(dataset_name=HOSTILE, file_name=HOSTILE)
    page = HtmlPage().render(analysis, source).decode()
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert squeezed(HOSTILE) in squeezed(pdf_text(PdfDocument().render(analysis, source)))


def test_the_pdf_holds_the_figures_every_anomaly_the_checksum_and_page_numbers() -> None:
    analysis = an_analysis()
    document = PdfDocument().render(analysis, a_source())
    reader = PdfReader(io.BytesIO(document))
    text = squeezed(pdf_text(document))
    assert reader.metadata is not None
    assert reader.metadata.title == "Net revenue in ₹: Sales"
    for anomaly in analysis.anomalies:
        assert squeezed(f"₹{anomaly.value:,.0f}") in text
    for insight in analysis.insights:
        assert squeezed(insight.title) in text
    assert "ab" * 32 in text
    assert f"1of{len(reader.pages)}" in text
    assert f"{len(reader.pages)}of{len(reader.pages)}" in text


def test_the_charts_of_the_pdf_are_vectors() -> None:
    document = PdfDocument().render(an_analysis(), a_source())
    assert all(not page.images for page in PdfReader(io.BytesIO(document)).pages)


@pytest.mark.slow
def test_many_anomalies_run_over_pages_and_the_heading_of_the_table_is_repeated() -> None:
    values = np.full(400, 100.0) + np.arange(400) % 9
    values[::5] = 300
    series = a_series(values)
    anomalies = [an_anomaly(series, at, expected=104) for at in range(0, 400, 5)]
    analysis, _ = an_assembled(series, a_detection(series, anomalies))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(PdfDocument().render(analysis, a_source()))).pages]
    assert len(pages) > 2
    assert sum("Explanation" in page for page in pages) > 1


SVG = "{http://www.w3.org/2000/svg}"


def test_charts_are_well_formed_and_mark_every_anomaly_by_its_shape() -> None:
    analysis = an_analysis()
    chart = ET.fromstring(line_chart(analysis, PAPER))
    marks = [path.get("d") for path in chart.iter(f"{SVG}path") if path.find(f"{SVG}title") is not None]
    assert len(marks) == 3
    assert len(set(marks)) == 3
    for draw in (histogram_chart, box_chart):
        for palette in (PAPER, SCREEN):
            assert ET.fromstring(draw(analysis, palette)).tag == f"{SVG}svg"


def test_a_gap_breaks_the_line_and_its_band() -> None:
    analysis = an_analysis()
    series = analysis.series
    lower = tuple(None if value is None else bound for value, bound in zip(series.value, series.lower, strict=True))
    holed = msgspec.structs.replace(analysis, series=msgspec.structs.replace(series, lower=lower))
    paths = [path.get("d", "") for path in ET.fromstring(line_chart(holed, PAPER)).iter(f"{SVG}path")]
    line = next(path for path in paths if path.count("L") > 100 and "Z" not in path)
    band = next(path for path in paths if path.count("L") > 100 and path.endswith("Z"))
    assert (line.count("M"), band.count("M")) == (2, 2)


def test_a_report_is_dated_in_utc_whatever_zone_the_clock_is_in() -> None:
    made = datetime(2026, 11, 23, 8, 41, 7, 123_456, tzinfo=UTC)
    analysis = msgspec.structs.replace(an_analysis(), created_at=made)
    assert "08:41 UTC on 23 Nov 2026" in HtmlPage().render(analysis, a_source()).decode()
    assert "08:41UTCon23Nov2026" in squeezed(pdf_text(PdfDocument().render(analysis, a_source())))


def test_hours_are_printed_with_their_clock() -> None:
    page = HtmlPage().render(an_analysis(Granularity.HOUR), a_source()).decode()
    assert "1 Jan 2024, 10:00" in page


def test_verdicts_their_share_and_what_was_missed_are_printed() -> None:
    def said(date: str, verdict: VerdictKind, reason: str | None) -> Verdict:
        return an_annotation(date=date, at=instant_of(date, "UTC"), verdict=verdict, reason=reason)

    analysis = apply_verdicts(
        an_analysis(),
        [
            said("2024-01-11", VerdictKind.CONFIRMED, "flash sale"),
            said("2024-02-10", VerdictKind.FALSE_ALARM, HOSTILE),
            said("2024-02-20", VerdictKind.MISSED, "till was broken"),
            said("2024-02-25", VerdictKind.EXPECTED, None),
        ],
    )
    page = HtmlPage().render(analysis, a_source()).decode()
    paper = pdf_text(PdfDocument().render(analysis, a_source()))
    for text in (page, paper):
        flat = " ".join(text.split())
        assert "1 of 3 closed. 1 of 2 verdicts: real." in flat
        assert "Real: flash sale" in flat
        assert "Missed anomaly: 20 Feb 2024 (till was broken)." in flat
        assert "Expected, but no anomaly at these settings: 25 Feb 2024." in flat
    assert "<script>" not in page
    table = list(csv.DictReader(io.StringIO(CsvTable().render(analysis, a_source()).decode("utf-8-sig"), newline="")))
    assert [(row["verdict"], row["reason"]) for row in table] == [
        ("confirmed", "flash sale"),
        ("false_alarm", f"'{HOSTILE}"),
        ("", ""),
    ]
    kept = msgspec.json.decode(JsonDocument().render(analysis, a_source()))["analysis"]["verdicts"]
    assert (kept["confirmedShare"], kept["open"], kept["missed"][0]["reason"]) == (0.5, 2, "till was broken")


def test_what_the_file_says_is_printed_as_the_files_words() -> None:
    plain = an_analysis()
    hint = SuggestedReason(column="note", text=HOSTILE)
    anomalies = (
        msgspec.structs.replace(plain.anomalies[0], suggested_reason=hint),
        msgspec.structs.replace(plain.anomalies[1], suggested_reason=hint, verdict="expected", reason="mine"),
        plain.anomalies[2],
    )
    analysis = msgspec.structs.replace(plain, anomalies=anomalies)
    page = HtmlPage().render(analysis, a_source()).decode()
    assert page.count("From the file (note): =cmd") == 1
    assert "<script>" not in page
    assert pdf_text(PdfDocument().render(analysis, a_source())).count("From the file (note)") == 1
    table = list(csv.DictReader(io.StringIO(CsvTable().render(analysis, a_source()).decode("utf-8-sig"), newline="")))
    assert [(row["reason"], row["suggestedReason"]) for row in table] == [
        ("", f"'{HOSTILE}"),
        ("mine", f"'{HOSTILE}"),
        ("", ""),
    ]
