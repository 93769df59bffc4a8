"""Files made on the spot, read whole, and what came of them as plain lists."""

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from domain.datasets.ingest_result import IngestResult
from domain.datasets.parse_options import ParseOptions
from domain.ports.datasets import TableReader

PLAIN = "date,revenue,orders\n2024-01-01,24000,120\n2024-01-02,25500.5,130\n2024-01-03,89000,420\n"
ROWS = [(24000.0, 120.0), (25500.5, 130.0), (89000.0, 420.0)]
DAYS = ["2024-01-01 00:00:00", "2024-01-02 00:00:00", "2024-01-03 00:00:00"]


@dataclass(frozen=True)
class Outcome:
    """A report, the table's rows without the column of time, its times, and the rejects."""

    report: IngestResult
    times: list[datetime]
    rows: list[tuple[Any, ...]]
    rejects: list[dict[str, str]]

    @property
    def quality(self) -> Any:
        return self.report.quality

    @property
    def dates(self) -> list[str]:
        return [time.isoformat(sep=" ") for time in self.times]


def ingest(reader: TableReader, folder: Path, content: str | bytes, name: str = "file", **roles: Any) -> Outcome:
    """Write the content to a file and read it."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return ingest_file(reader, path, folder / "out", **roles)


def ingest_file(reader: TableReader, path: Path, into: Path, **roles: Any) -> Outcome:
    return outcome_of(reader.ingest(path, ParseOptions(**roles), into, lambda fraction, message: None))


def outcome_of(report: IngestResult) -> Outcome:
    """What lies in the table and the rejects of a report, which must agree with its counts."""
    with duckdb.connect() as connection:
        table = connection.execute(f"SELECT * FROM read_parquet('{report.table}')").fetchall()
    with report.rejects.open(newline="", encoding="utf-8") as file:
        rejects = list(csv.DictReader(file))
    quality = report.quality
    assert quality.total_rows == quality.usable_rows + quality.rejected_rows
    assert quality.usable_rows == len(table) == report.row_count
    assert quality.rejected_rows == len(rejects)
    return Outcome(report, [row[0] for row in table], [row[1:] for row in table], rejects)


def parquet_of(tmp_path: Path, sql: str) -> bytes:
    path = tmp_path / "made.parquet"
    duckdb.sql(sql).write_parquet(str(path))
    return path.read_bytes()
