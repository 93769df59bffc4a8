"""What is in this file? The same table in every form, encodings, JSON and the preview."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from domain.datasets.columns import ColumnType
from domain.datasets.parse_options import FileFormat, ParseOptions
from domain.ports.datasets import TableReader
from tests.support.tables import DAYS, PLAIN, ROWS, parquet_of

CLOTHINGS = {
    "plain": PLAIN.encode(),
    "windows line ends": PLAIN.replace("\n", "\r\n").encode(),
    "old mac line ends": PLAIN.replace("\n", "\r").encode(),
    "mixed line ends": PLAIN.replace("\n", "\r\n", 2).encode(),
    "no last line end": PLAIN.rstrip("\n").encode(),
    "blank lines": PLAIN.replace("\n", "\n\n").encode(),
    "blank lines above": ("\n\n" + PLAIN).encode(),
    "lines of spaces": PLAIN.replace("\n", "\n   \n").encode(),
    "utf-8 with bom": b"\xef\xbb\xbf" + PLAIN.encode(),
    "utf-16 with bom": PLAIN.encode("utf-16"),
    "utf-16 big endian with bom": b"\xfe\xff" + PLAIN.encode("utf-16-be"),
    "utf-16 without bom": PLAIN.encode("utf-16-le"),
    "gzip": gzip.compress(PLAIN.encode(), mtime=0),
    "gzip in two members": gzip.compress(PLAIN[:30].encode(), mtime=0) + gzip.compress(PLAIN[30:].encode(), mtime=0),
    "gzip of utf-16": gzip.compress(PLAIN.encode("utf-16"), mtime=0),
    "semicolons": PLAIN.replace(",", ";").encode(),
    "tabs": PLAIN.replace(",", "\t").encode(),
    "pipes": PLAIN.replace(",", "|").encode(),
    "semicolons and decimal commas": PLAIN.replace(",", ";").replace(".", ",").encode(),
    "all cells quoted": "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in PLAIN.split("\n") if line
    ).encode(),
    "spaces around cells": PLAIN.replace(",", " , ").encode(),
    "spaces before quotes": PLAIN.replace("89000", ' "89000"').encode(),
    "a preamble": ("Sales of the north\nmade on a Monday\n\n" + PLAIN).encode(),
    "comments above": ("# exported by hand\n" + PLAIN).encode(),
    "a trailing delimiter on every row": PLAIN.replace("\n", ",\n").replace("orders,", "orders", 1).encode(),
    "ndjson": b"".join(
        json.dumps({"date": d[:10], "revenue": r, "orders": o}).encode() + b"\n"
        for d, (r, o) in zip(DAYS, ROWS, strict=True)
    ),
    "json array": json.dumps(
        [{"date": d[:10], "revenue": r, "orders": o} for d, (r, o) in zip(DAYS, ROWS, strict=True)], indent=1
    ).encode(),
    "json object of arrays": json.dumps(
        {"date": [d[:10] for d in DAYS], "revenue": [r for r, _ in ROWS], "orders": [o for _, o in ROWS]}
    ).encode(),
    "json array inside an object": json.dumps(
        {
            "count": 3,
            "data": [{"date": d[:10], "revenue": r, "orders": o} for d, (r, o) in zip(DAYS, ROWS, strict=True)],
        }
    ).encode(),
    "json array of arrays with a header": json.dumps(
        [["date", "revenue", "orders"], *([d[:10], r, o] for d, (r, o) in zip(DAYS, ROWS, strict=True))]
    ).encode(),
    "thousands separators": PLAIN.replace("89000", '"89,000"').replace("24000", '"24,000"').encode(),
    "indian grouping": PLAIN.replace("89000", '"₹89,000.00"').replace("24000", '"₹24,000"').encode(),
}
CANNOT_BE_READ_IN_PART = {"json object of arrays", "json array of arrays with a header", "gzip in two members"}


@pytest.mark.parametrize("clothing", CLOTHINGS)
def test_same_table_comes_out_of_every_clothing(read: Any, clothing: str) -> None:
    outcome = read(CLOTHINGS[clothing])
    assert outcome.dates == DAYS
    assert [row[:2] for row in outcome.rows] == ROWS
    assert outcome.rejects == []
    assert outcome.report.time_column == "date"
    assert outcome.report.metric_columns == ("revenue", "orders")


def test_parquet_is_read_with_its_own_types(read: Any, tmp_path: Path) -> None:
    content = parquet_of(
        tmp_path, "SELECT DATE '2024-01-01' + i::INT AS day, i * 1.5 AS load, 'x' || i AS place FROM range(3) r(i)"
    )
    outcome = read(content)
    assert outcome.dates == DAYS
    assert outcome.rows == [(0.0, "x0"), (1.5, "x1"), (3.0, "x2")]
    assert outcome.report.metric_columns == ("load",)


def test_parquet_with_text_times_is_read_like_text(read: Any, tmp_path: Path) -> None:
    content = parquet_of(tmp_path, "SELECT '0' || (i + 1) || '.02.2024 10:00' AS zeit, i AS n FROM range(3) r(i)")
    assert read(content, day_first=True).dates == [f"2024-02-0{day} 10:00:00" for day in (1, 2, 3)]


def test_parquet_times_with_zone_are_instants_already(read: Any, tmp_path: Path) -> None:
    content = parquet_of(
        tmp_path, "SELECT TIMESTAMPTZ '2024-07-01 10:00:00+02' + INTERVAL (i) HOUR AS t, i AS n FROM range(3) r(i)"
    )
    assert read(content, time_zone="America/New_York").dates[0] == "2024-07-01 08:00:00"


def test_latin_1_text_is_read_with_its_umlauts(read: Any) -> None:
    outcome = read("tag;größe;ort\n2024-01-01;1;Zürich\n2024-01-02;2;Köln\n".encode("latin-1").replace(b"tag", b"date"))
    assert outcome.report.metric_columns == ("größe",)
    assert outcome.rows == [(1.0, "Zürich"), (2.0, "Köln")]


def test_late_latin_1_byte_changes_the_encoding_of_the_whole_file(read: Any) -> None:
    rows = "".join(f"2024-01-01,{i},Bern\n" for i in range(100_000)) + "2024-01-02,1,Zürich\n"
    outcome = read(("date,x,ort\n" + rows).encode("cp1252"))
    assert outcome.rows[-1] == (1.0, "Zürich")
    assert len(outcome.rows) == 100_001


def test_broken_json_line_is_rejected_with_its_number(read: Any) -> None:
    outcome = read(
        b'{"t": "2024-01-01", "x": 1}\n\n{"t": "2024-01-02", "x": \n{"t": "2024-01-03", "x": 3, "y": 4}\n[1]\n'
    )
    assert [r["line"] for r in outcome.rejects] == ["3", "5"]
    assert outcome.rows == [(1.0, None), (3.0, 4.0)]


def test_json_null_and_absent_keys_are_missing_cells(read: Any) -> None:
    outcome = read(json.dumps([{"t": "2024-01-01", "x": None, "y": 1}, {"t": "2024-01-02", "x": 2}]).encode())
    assert outcome.rows == [(None, 1.0), (2.0, None)]


def test_json_text_with_delimiters_quotes_and_line_breaks_survives(read: Any) -> None:
    awkward = 'a,"b"\nc;|\t'
    outcome = read(
        json.dumps([{"t": "2024-01-01", "x": 1, "s": awkward}, {"t": "2024-01-02", "x": 2, "s": "z"}]).encode()
    )
    assert outcome.rows[0] == (1.0, awkward)


def test_preview_tells_format_dialect_columns_and_roles(reader: TableReader, tmp_path: Path) -> None:
    path = tmp_path / "head"
    path.write_text("datum;umsatz;ort\n31.01.2024;1.234,50 €;Köln\n01.02.2024;7,00 €;Ulm\n02.02.20", encoding="utf-8")
    preview = reader.preview(path, ParseOptions())
    assert preview.format is FileFormat.CSV
    assert (preview.dialect.delimiter, preview.dialect.decimal, preview.dialect.header_line) == (";", ",", 1)
    assert preview.dialect.date_order == "day first"
    assert [(c.name, c.type, c.unit) for c in preview.columns] == [
        ("datum", ColumnType.TIME, None),
        ("umsatz", ColumnType.NUMBER, "€"),
        ("ort", ColumnType.TEXT, None),
    ]
    assert (preview.time_column, preview.metric_columns) == ("datum", ("umsatz",))
    assert preview.rows[0] == ("31.01.2024", "1.234,50 €", "Köln")


@pytest.mark.parametrize("clothing", CLOTHINGS)
@pytest.mark.parametrize("share", [1.0, 0.75])
def test_preview_of_a_head_cut_anywhere_finds_the_same_roles(
    reader: TableReader, tmp_path: Path, clothing: str, share: float
) -> None:
    content = CLOTHINGS[clothing]
    if clothing in CANNOT_BE_READ_IN_PART:
        share = 1.0
    path = tmp_path / "head"
    path.write_bytes(content[: int(len(content) * share)])
    preview = reader.preview(path, ParseOptions())
    assert preview.time_column == "date"
    assert preview.metric_columns[0] == "revenue"


def test_preview_warns_when_day_and_month_cannot_be_told_apart(reader: TableReader, tmp_path: Path) -> None:
    path = tmp_path / "head"
    path.write_text("date,x\n01/02/2024,1\n03/04/2024,2\n", encoding="utf-8")
    preview = reader.preview(path, ParseOptions())
    assert preview.dialect.date_order is None
    assert any("Day and month cannot be told apart" in warning for warning in preview.warnings)
