"""Every format and packing gives the same table as the CSV of it; what cannot be read is refused in its own words."""

import bz2
import gzip
import io
import json
import lzma
import sys
from datetime import datetime, timedelta
from pathlib import Path

import arro3.core
import arro3.io
import duckdb
import pytest

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from adapters.duckdb.limits import ReadLimits
from adapters.duckdb.reader.reader import DuckDBTableReader
from domain.datasets.parse_options import FileFormat, ParseOptions
from domain.errors import (
    BinaryFileError,
    DriftlineError,
    FileBeyondLimitError,
    InvalidInputError,
    MalformedFileError,
    NoDataRowsError,
    SeveralTablesError,
    UnusableFileError,
)
from tests.support.tables import Outcome, ingest
from tests.support.workbooks import ods, xlsx, zipped

DAYS = [(datetime(2024, 1, 1) + timedelta(days=i)).date().isoformat() for i in range(12)]  # noqa: DTZ001
SALES = [100 + 3 * (i % 5) for i in range(12)]
CSV = "date,sales\n" + "".join(f"{d},{s}\n" for d, s in zip(DAYS, SALES, strict=True))
RECORDS = [{"date": d, "sales": s} for d, s in zip(DAYS, SALES, strict=True)]
MILLIS = [1_704_067_200_000 + i * 86_400_000 for i in range(12)]
SHEET = [["date", "sales"], *([datetime.fromisoformat(d), s] for d, s in zip(DAYS, SALES, strict=True))]


def read(folder: Path, content: str | bytes, **options: object) -> Outcome:
    return ingest(DuckDBTableReader(), folder, content, **options)


def assert_same_table(outcome: Outcome) -> None:
    assert [date[:10] for date in outcome.dates] == DAYS
    assert [row[0] for row in outcome.rows] == SALES
    assert outcome.rejects == []


@pytest.mark.parametrize(
    "pack",
    [
        gzip.compress,
        bz2.compress,
        lzma.compress,
        zstd.compress,
        lambda data: zipped({"sales.csv": data}),
        lambda data: zipped({"sales.csv.gz": gzip.compress(data)}),
        lambda data: zipped({"__MACOSX/._sales.csv": b"\x00", "folder/sales.csv": data, "folder/.DS_Store": b"\x00"}),
        lambda data: gzip.compress(data[:50]) + gzip.compress(data[50:]) + bytes(20),
    ],
)
def test_a_packed_file_reads_as_what_is_inside(tmp_path: Path, pack: object) -> None:
    assert_same_table(read(tmp_path, pack(CSV.encode())))  # type: ignore[operator]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd.compress])
def test_a_packed_file_that_is_cut_off_is_refused(tmp_path: Path, pack: object) -> None:
    with pytest.raises(MalformedFileError, match=r"incomplete|damaged"):
        read(tmp_path, pack(CSV.encode() * 50)[:-12])  # type: ignore[operator]


@pytest.mark.parametrize(
    "pack", [gzip.compress, bz2.compress, lzma.compress, zstd.compress, lambda data: zipped({"a": data})]
)
def test_a_packed_file_grows_no_further_than_allowed(tmp_path: Path, pack: object) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(pack(b"2024-01-01,1\n" * 2_000_000))  # type: ignore[operator]
    small = DuckDBTableReader(limits=ReadLimits(max_unpacked_bytes=1_000_000))
    with pytest.raises(FileBeyondLimitError, match="up to 1,000,000 are read"):
        small.ingest(path, ParseOptions(), tmp_path / "o", lambda *_: None)


def test_an_archive_of_several_files_lists_them_and_reads_the_chosen_one(tmp_path: Path) -> None:
    archive = zipped({"a.csv": b"x,y\n1,2\n", "b.csv": CSV.encode()})
    with pytest.raises(SeveralTablesError, match=r"“a\.csv”, “b\.csv”") as refusal:
        read(tmp_path, archive)
    assert refusal.value.details["members"] == ["a.csv", "b.csv"]
    assert_same_table(read(tmp_path, archive, member="b.csv"))
    with pytest.raises(InvalidInputError, match=r"has no file “c\.csv”"):
        read(tmp_path, archive, member="c.csv")
    with pytest.raises(InvalidInputError, match="is not an archive"):
        read(tmp_path, CSV, member="c.csv")


def test_the_sheet_with_the_table_is_read_and_others_are_named(tmp_path: Path) -> None:
    book = xlsx({"Cover": [["Report"], ["of sales"]], "Data": SHEET, "Old": SHEET[:3]}, hidden=["Old"])
    outcome = read(tmp_path, book)
    assert_same_table(outcome)
    assert any("“Data” was read" in note and "“Cover”" in note for note in outcome.quality.notes)
    assert len(read(tmp_path, book, sheet="Old").times) == 2
    with pytest.raises(InvalidInputError, match="no sheet “None”"):
        read(tmp_path, book, sheet="None")
    with pytest.raises(InvalidInputError, match="Only workbooks have sheets"):
        read(tmp_path, CSV, sheet="Data")


def test_a_cell_merged_over_rows_holds_in_each_of_them(tmp_path: Path) -> None:
    day = datetime(2024, 1, 1)  # noqa: DTZ001 - a workbook knows no zone
    rows = [["date", "shop", "sales"], [day, "A", 1], [None, "B", 2], [day + timedelta(days=1), "A", 3]]
    outcome = read(tmp_path, xlsx({"One": rows}, merged={"One": "A2:A3"}))
    assert [date[:10] for date in outcome.dates] == ["2024-01-01", "2024-01-01", "2024-01-02"]
    assert any("merged" in note for note in outcome.quality.notes)


def test_open_document_reads(tmp_path: Path) -> None:
    assert_same_table(read(tmp_path, ods([["date", "sales"], *([d, s] for d, s in zip(DAYS, SALES, strict=True))])))


@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
def test_an_arrow_file_reads(tmp_path: Path, compression: str | None) -> None:
    out = io.BytesIO()
    arro3.io.write_ipc(_arrow(), out, compression=compression)
    assert_same_table(read(tmp_path, out.getvalue()))


def test_an_arrow_stream_reads(tmp_path: Path) -> None:
    out = io.BytesIO()
    arro3.io.write_ipc_stream(_arrow(), out, compression=None)
    assert_same_table(read(tmp_path, out.getvalue()))


def _arrow() -> arro3.core.Table:
    values = ", ".join(f"(TIMESTAMP '{d}', {s})" for d, s in zip(DAYS, SALES, strict=True))
    with duckdb.connect() as engine:
        return arro3.core.Table.from_arrow(engine.sql(f"SELECT * FROM (VALUES {values}) t(date, sales)"))


JSON_SHAPES = {
    "records": RECORDS,
    "records under keys": {"meta": {"n": 12}, "results": RECORDS, "links": [{"rel": "self"}]},
    "nested records": [{"date": r["date"], "stats": {"day": {"sales": r["sales"]}}} for r in RECORDS],
    "columns": {"date": DAYS, "sales": SALES},
    "columns under a key": {"latitude": 50, "daily_units": {"date": "iso"}, "daily": {"date": DAYS, "sales": SALES}},
    "rows with names in the first": [["date", "sales"], *([d, s] for d, s in zip(DAYS, SALES, strict=True))],
    "split": {"columns": ["date", "sales"], "index": list(range(12)), "data": list(zip(DAYS, SALES, strict=True))},
    "split, times as index": {"columns": ["sales"], "index": DAYS, "data": [[s] for s in SALES]},
    "fields as objects": {"fields": [{"id": "date", "name": "date"}, {"name": "sales"}], "rows": [*zip(DAYS, SALES)]},  # noqa: B905
    "pandas' columns": {
        "date": {str(i): d for i, d in enumerate(DAYS)},
        "sales": {str(i): s for i, s in enumerate(SALES)},
    },
    "pandas' columns, times as index": {"sales": dict(zip(DAYS, SALES, strict=True)), "b": dict.fromkeys(DAYS, "x")},
    "pandas' index": {str(i): r for i, r in enumerate(RECORDS)},
    "pandas' table": {"schema": {"fields": [{"name": "index"}, {"name": "date"}, {"name": "sales"}]}, "data": RECORDS},
    "pairs": [[t, s] for t, s in zip(MILLIS, SALES, strict=True)],
    "pairs under a key": {"prices": [[t, s] for t, s in zip(MILLIS, SALES, strict=True)]},
    "value before time": [{"target": "x", "datapoints": [[s, t] for t, s in zip(MILLIS, SALES, strict=True)]}],
    "keys that are times": {"Meta": {"a": "b"}, "Daily": {d: {"sales": s} for d, s in zip(DAYS, SALES, strict=True)}},
    "values by time": dict(zip(DAYS, SALES, strict=True)),
    "Prometheus": {
        "status": "success",
        "data": {
            "resultType": "matrix",
            "result": [
                {
                    "metric": {"__name__": "load"},
                    "values": [[t / 1000, str(s)] for t, s in zip(MILLIS, SALES, strict=True)],
                }
            ],
        },
    },
    "GA4": {
        "dimensionHeaders": [{"name": "date"}],
        "metricHeaders": [{"name": "sales", "type": "TYPE_INTEGER"}],
        "rows": [
            {"dimensionValues": [{"value": r["date"]}], "metricValues": [{"value": str(r["sales"])}]} for r in RECORDS
        ],
    },
    "GeoJSON": {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": r, "geometry": {"type": "Point"}} for r in RECORDS],
    },
    "records in records": {"shops": [{"shop": "A", "days": RECORDS[:6]}, {"shop": "B", "days": RECORDS[6:]}]},
    "a chart's data": {"labels": DAYS, "datasets": [{"label": "sales", "data": SALES}]},
    "a page of metadata first": [{"page": 1, "pages": 1}, RECORDS],
    "series in results": {"results": [{"series": [{"columns": ["date", "sales"], "values": [*zip(DAYS, SALES)]}]}]},  # noqa: B905
}


@pytest.mark.parametrize("shape", JSON_SHAPES)
def test_json_reads_in_every_shape_that_programs_write(tmp_path: Path, shape: str) -> None:
    assert_same_table(read(tmp_path, json.dumps(JSON_SHAPES[shape])))


@pytest.mark.parametrize("shape", ["records", "records under keys", "columns under a key", "pairs", "values by time"])
def test_a_preview_reads_the_head_of_a_json_that_is_cut_off(tmp_path: Path, shape: str) -> None:
    text = json.dumps(JSON_SHAPES[shape])
    (tmp_path / "head.json").write_text(text[: len(text) * 5 // 6])
    preview = DuckDBTableReader().preview(tmp_path / "head.json", ParseOptions())
    assert preview.time_column in {"date", "time"}
    assert preview.metric_columns


def test_tables_that_are_left_out_are_named(tmp_path: Path) -> None:
    outcome = read(
        tmp_path, json.dumps({"daily": {"date": DAYS, "sales": SALES}, "last": {"date": DAYS[:2], "n": [1, 2]}})
    )
    assert any("“daily” were read" in note and "last (2)" in note for note in outcome.quality.notes)


@pytest.mark.parametrize("text", ["{}", "[]", "[{}]", '{"a": {}}', '{"rows": []}'])
def test_json_without_a_record_says_so(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnusableFileError) as refusal:
        read(tmp_path, text)
    if text in {"{}", "[]", "[{}]"}:
        assert isinstance(refusal.value, NoDataRowsError)


def test_lone_surrogates_in_json_become_replacement_characters(tmp_path: Path) -> None:
    outcome = read(tmp_path, '[{"date": "2024-01-01", "s\\ud800": 1, "note": "\\udfff"}, {"date": "2024-01-02"}]')
    assert outcome.rows[0][1] == "\ufffd"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"SQLite format 3\x00" + bytes(100), "an SQLite database"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "a web page"),
        (b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table></table></html>', "named like a workbook"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "XML of 2003"),
        (b"# HELP up Is it up?\n# TYPE up gauge\nup 1\n", "for Prometheus"),
        (b"cpu,host=a usage=1.5 1700000000000000000\n" * 9, "line protocol"),
        (b'<?xml version="1.0"?><rows/>', "an XML document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "an image"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(50), "a 7-Zip archive"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS"),
        (b"-- dump\nCREATE TABLE a (b int);\n", "a database dump"),
        (b"FEA1" + bytes(50), "Feather version 1"),
    ],
)
def test_a_known_kind_that_holds_no_table_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(BinaryFileError, match=words):
        read(tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [
        xlsx({"One": SHEET})[:-400],
        zipped({"a.csv": CSV.encode()})[:-30],
        b"ARROW1\x00\x00" + bytes(100),
        b"PAR1" + bytes(100),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    ],
)
def test_a_damaged_file_is_refused_without_a_path(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DriftlineError) as refusal:
        read(tmp_path, content)
    assert str(tmp_path) not in refusal.value.message


def test_the_format_is_shown_in_the_preview(tmp_path: Path) -> None:
    path = tmp_path / "book"
    path.write_bytes(xlsx({"One": SHEET}))
    preview = DuckDBTableReader().preview(path, ParseOptions())
    assert (preview.format, preview.dialect.sheet) == (FileFormat.XLSX, "One")
