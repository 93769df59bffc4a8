"""Reading one file without hints, and comparing what was read with what is right."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from math import isclose, isnan
from pathlib import Path
from typing import Any

import duckdb

from adapters.duckdb.reader.reader import DuckDBTableReader
from domain.datasets.ingest_result import IngestResult
from domain.datasets.parse_options import ParseOptions
from domain.errors import DriftlineError

# What may be expected of a file; every key is optional and all that are there must hold:
#   options    {"time_zone": ...}: what the user sets (only where the file cannot tell)
#   rows       rows of the table; rejected  rejected rows, a number or [least, most]
#   time       name of the time column; first, last  beginning of the first and last instant (ISO, UTC)
#   metrics    names of all metrics in any order; metric  the first; not_metrics  none of these
#   columns    names that the table's columns include
#   values     {metric: {instant (its beginning will do), or 0 or -1 for the first or last row: value}}
#   distinct_times  number of different instants
#   note       a regular expression that some note or warning matches; not_note  one that none matches
#   refused    {"code": one or several, "says": regular expression, "not_says": ...}
#   any        a list of expectations, one of which must hold as well
Expectation = dict[str, Any]
ROW_NUMBERS = ("0", "-1")


@dataclass(slots=True)
class Reading:
    """What came of one file: a table, a refusal, or (a fault of ours) a crash."""

    result: IngestResult | None = None
    refusal: DriftlineError | None = None
    crash: str = ""
    times: list[datetime] = field(default_factory=list)
    values: dict[str, list[float | None]] = field(default_factory=dict)

    def summary(self) -> str:
        """Return one line of what was read."""
        if self.result is None:
            return f"{self.refusal.code}: {self.refusal.message}" if self.refusal else self.crash
        r = self.result
        return (
            f"rows={r.row_count} rejected={r.quality.rejected_rows} time={r.time_column} metrics={r.metric_columns}"
            f" columns={[c.name for c in r.columns]} first={r.first_time.isoformat()} last={r.last_time.isoformat()}"
            f" notes={list(r.quality.notes)}"
        )


def read(path: Path, expected: Expectation, folder: Path) -> Reading:
    """Read a file as an upload does."""
    reading = Reading()
    options = ParseOptions(**expected.get("options", {}))
    try:
        result = DuckDBTableReader().ingest(path, options, folder / "out", lambda *_: None)
    except DriftlineError as error:
        reading.refusal = error
        return reading
    except Exception as error:  # noqa: BLE001 - a crash is what is counted
        reading.crash = f"{type(error).__name__}: {error}"
        return reading
    reading.result = result
    listed = ", ".join(["t", *('"' + name.replace('"', '""') + '"' for name in result.metric_columns)])
    with duckdb.connect() as engine:
        rows = engine.execute(f"SELECT {listed} FROM read_parquet(?)", [str(result.table)]).fetchall()
    reading.times = [row[0] for row in rows]
    reading.values = {name: [row[i + 1] for row in rows] for i, name in enumerate(result.metric_columns)}
    return reading


def problems_of(reading: Reading, expected: Expectation) -> list[str]:
    """Return what is wrong, in words; nothing if all is right."""
    out = _problems(reading, expected)
    if alternatives := expected.get("any"):
        each = [_problems(reading, one) for one in alternatives]
        if all(each):
            out.append("none of: " + " | ".join("; ".join(problems) for problems in each))
    return out


def _problems(reading: Reading, expected: Expectation) -> list[str]:
    if reading.crash:
        return [f"crashed: {reading.crash}"]
    if reading.refusal is not None:
        return _of_refusal(reading.refusal, expected)
    if "refused" in expected:
        return [f"read, though it is to be refused: {reading.summary()}"]
    if reading.result is None:
        return ["nothing came of it"]
    return [*_of_shape(reading.result, expected), *_of_times(reading, expected), *_of_values(reading, expected)]


def _of_refusal(error: DriftlineError, expected: Expectation) -> list[str]:
    wanted = expected.get("refused")
    if wanted is None:
        if set(expected) <= {"any", "options"}:
            return []
        return [f"refused: {error.code}: {error.message}"]
    out = []
    codes = wanted.get("code", error.code)
    if error.code not in (codes if isinstance(codes, list) else [codes]):
        out.append(f"refused as {error.code}, not {codes}: {error.message}")
    if (says := wanted.get("says")) and not re.search(says, error.message, re.IGNORECASE):
        out.append(f"the refusal does not say /{says}/: {error.message}")
    if (silent := wanted.get("not_says")) and re.search(silent, error.message, re.IGNORECASE):
        out.append(f"the refusal says /{silent}/: {error.message}")
    return out


def _of_shape(result: IngestResult, expected: Expectation) -> list[str]:
    out = []
    rejected = expected.get("rejected")
    low, high = rejected if isinstance(rejected, list) else (rejected, rejected)
    if rejected is not None and not low <= result.quality.rejected_rows <= high:
        out.append(f"{result.quality.rejected_rows} rejects, not {rejected}")
    if "rows" in expected and result.row_count != expected["rows"]:
        out.append(f"{result.row_count} rows, not {expected['rows']}")
    if "time" in expected and result.time_column != expected["time"]:
        out.append(f"time is {result.time_column}, not {expected['time']}")
    if "metrics" in expected and set(result.metric_columns) != set(expected["metrics"]):
        out.append(f"metrics are {result.metric_columns}, not {expected['metrics']}")
    if "metric" in expected and result.metric_columns[:1] != (expected["metric"],):
        out.append(f"the first metric is {result.metric_columns[:1]}, not {expected['metric']}")
    if wrong := [name for name in expected.get("not_metrics", ()) if name in result.metric_columns]:
        out.append(f"{wrong} are no metrics")
    names = [column.name for column in result.columns]
    if missing := [name for name in expected.get("columns", ()) if name not in names]:
        out.append(f"columns {missing} are missing among {names}")
    notes = " | ".join(result.quality.notes)
    if (pattern := expected.get("note")) and not re.search(pattern, notes, re.IGNORECASE):
        out.append(f"no note says /{pattern}/: {notes}")
    if (pattern := expected.get("not_note")) and re.search(pattern, notes, re.IGNORECASE):
        out.append(f"a note says /{pattern}/: {notes}")
    return out


def _of_times(reading: Reading, expected: Expectation) -> list[str]:
    out = []
    stamps = [time.isoformat() for time in reading.times]
    for key, at in (("first", 0), ("last", -1)):
        if key in expected and not stamps[at].startswith(expected[key]):
            out.append(f"the {key} instant is {stamps[at]}, not {expected[key]}")
    if "distinct_times" in expected and len(set(stamps)) != expected["distinct_times"]:
        out.append(f"{len(set(stamps))} different instants, not {expected['distinct_times']}")
    return out


def _of_values(reading: Reading, expected: Expectation) -> list[str]:
    out = []
    for metric, wanted in expected.get("values", {}).items():
        if metric not in reading.values:
            out.append(f"no metric {metric}")
            continue
        for at, value in wanted.items():
            read_values = reading.values[metric]
            rows = (
                [int(at)]
                if at in ROW_NUMBERS
                else [i for i, time in enumerate(reading.times) if time.isoformat().startswith(at)]
            )
            shown = [read_values[i] for i in rows]
            if not any(_same(one, value) for one in shown):
                out.append(f"{metric} at {at} is {shown[:3]}, not {value}")
    return out


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None or isnan(one):
        return one is None and other is None
    return isclose(one, other, rel_tol=1e-9)
