"""A corpus of polluted tables: one pollution at one place of each file, the right table and rejects known.

    python -m benchmarks.pollution [--limit 200] [--show silent]

In the manner of Pollock (Vitagliano et al., "Pollock: A Data Loading Benchmark", PVLDB 16, 2023), made here from
tables of our own. Every file is read without hints and graded:

    exact       the right rows, values, names and number of rejects
    acceptable  all that is there is right, and every row that is missing is a reject; or a refusal that says why
    silent      a row is missing without a reject, or a value, time or name is wrong
    crashed     an error that is not one of ours
"""

import argparse
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from adapters.duckdb.reader.reader import DuckDBTableReader
from domain.datasets.parse_options import ParseOptions
from domain.errors import DriftlineError

ROWS = 84
GRADES = ("exact", "acceptable", "silent", "crashed")
Row = tuple[str, float, str, float]


@dataclass(frozen=True, slots=True)
class Case:
    """One file: its group, its bytes, the rows that are right, and how many rejects are (least and most)."""

    group: str
    content: bytes
    rows: tuple[Row, ...]
    rejects: tuple[int, int] = (0, 0)
    names: tuple[str, ...] = ("date", "sales", "store", "temp")


def table(seed: int) -> list[Row]:
    """Return rows of a day, a count, a name and a measurement."""
    chance = random.Random(seed)
    begin = date(2023, 1, 1) + timedelta(days=seed)
    stores = ("Bonn", "Kiel", "Ulm")
    return [
        ((begin + timedelta(days=i)).isoformat(), float(100 + chance.randrange(90)), stores[i % 3], 10 + i % 17 / 10)
        for i in range(ROWS)
    ]


def cells(row: Row) -> list[str]:
    """Return a row as text."""
    return [row[0], f"{row[1]:.0f}", row[2], f"{row[3]:.1f}"]


def text_of(rows: list[Row], sign: str = ",", end: str = "\n", names: str = "date,sales,store,temp") -> list[str]:
    """Return the lines of a clean file."""
    return [line + end for line in [names.replace(",", sign), *(sign.join(cells(row)) for row in rows)]]


def cases() -> Iterator[Case]:
    """Yield every file; about 1,700."""
    for seed in range(12):
        rows = table(seed)
        yield from _whole_file(rows)
        yield from _around(rows)
        for at in range(1, ROWS + 1, 7):
            yield from _at_row(rows, at)


def _case(group: str, lines: list[str], rows: list[Row], rejects: tuple[int, int] = (0, 0)) -> Case:
    return Case(group, "".join(lines).encode(), tuple(rows), rejects)


def _whole_file(rows: list[Row]) -> Iterator[Case]:
    for name, sign in (("semicolon", ";"), ("tab", "\t"), ("pipe", "|")):
        yield _case(f"delimiter {name}", text_of(rows, sign), rows)
    yield _case("delimiter comma and blank", text_of(rows, ", "), rows)
    yield _case("delimiter blanks", text_of(rows, "   "), rows)
    for name, end in (("CRLF", "\r\n"), ("CR", "\r")):
        yield _case(f"line end {name}", text_of(rows, end=end), rows)
    yield _case("no last line end", [*text_of(rows)[:-1], text_of(rows)[-1].rstrip("\n")], rows)
    yield _case(
        "all quoted", [",".join(f'"{c}"' for c in line.strip().split(",")) + "\n" for line in text_of(rows)], rows
    )
    yield _case(
        "single quotes", [",".join(f"'{c}'" for c in line.strip().split(",")) + "\n" for line in text_of(rows)], rows
    )
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        yield Case(f"encoding {encoding}", "".join(text_of(rows)).encode(encoding), tuple(rows))
    yield _case("every row ends with a delimiter", [line.replace("\n", ",\n") for line in text_of(rows)], rows)
    yield _case("blank line between rows", [line + "\n" for line in text_of(rows)], rows)


def _around(rows: list[Row]) -> Iterator[Case]:
    lines = text_of(rows)
    yield _case("title above", ["Sales report\n", *lines], rows)
    yield _case("title padded", ["Sales report,,,\n", ",,,\n", *lines], rows)
    yield _case("comments above", ["# from the till\n", "# all shops, by day\n", *lines], rows)
    yield _case("blank lines above", ["\n", "\n", *lines], rows)
    yield _case("sep line", ["sep=,\n", *lines], rows)
    yield _case("units below header", [lines[0], "yyyy-mm-dd,pieces,name,degrees\n", *lines[1:]], rows, (0, 1))
    yield _case("total below", [*lines, "Total,9999,,\n"], rows, (1, 1))
    yield _case("footer below", [*lines, "\n", "made by a shop\n"], rows, (1, 1))
    yield _case("same table twice", [*lines, "\n", *lines], rows, (ROWS, ROWS + 1))
    yield _case("header again", [*lines[:40], lines[0], *lines[40:]], rows, (1, 1))
    yield _case("another table below", [*lines, "\n", "region,cost,share,x\n", "2024-01-01,1,a,2\n"], rows, (1, 2))
    yield Case("no header", "".join(lines[1:]).encode(), tuple(rows), names=())
    yield _case("rows end at a cut", [*lines[:-1], lines[-1][:14]], rows[:-1], (1, 1))


def _at_row(rows: list[Row], at: int) -> Iterator[Case]:
    lines, row = text_of(rows), cells(rows[at - 1])
    without = [*rows[: at - 1], *rows[at:]]

    def put(text: str) -> list[str]:
        return [*lines[:at], text + "\n", *lines[at + 1 :]]

    yield _case("cell too many, empty, last", put(",".join(row) + ","), rows)
    yield _case("cell too many, filled, last", put(",".join(row) + ",7"), without, (1, 1))
    yield _case("delimiter too many, second", put(f"{row[0]},,{row[1]},{row[2]},{row[3]}"), without, (1, 1))
    yield _case("delimiter lost, second", put(f"{row[0]},{row[1]}{row[2]},{row[3]}"), without, (1, 1))
    yield _case("last cell lost", put(",".join(row[:3])), without, (1, 1))
    yield _case("half a row", put(",".join(row[:2])), without, (1, 1))
    yield _case("stray quote in a text", put(f'{row[0]},{row[1]},{row[2]}",{row[3]}'), rows)
    yield _case("quote opened, not closed", put(f'{row[0]},{row[1]},"{row[2]},{row[3]}'), rows)
    yield _case("quotes not doubled", put(f'{row[0]},{row[1]},"{row[2]} "x" y",{row[3]}'), rows)
    yield _case("line break in quotes", put(f'{row[0]},{row[1]},"{row[2]}\nx",{row[3]}'), rows)
    yield _case("comment between rows", [*lines[:at], "# closed for repair\n", *lines[at:]], rows, (0, 1))
    yield _case("blank line", [*lines[:at], "\n", *lines[at:]], rows)
    yield _case("time that is none", put(f"someday,{row[1]},{row[2]},{row[3]}"), without, (1, 1))


def grade(case: Case, folder: Path) -> tuple[str, str]:
    """Read a case; return its grade and what was not as expected."""
    path = folder / "file"
    path.write_bytes(case.content)
    try:
        result = DuckDBTableReader().ingest(path, ParseOptions(), folder / "out", lambda *_: None)
    except DriftlineError as error:
        return "acceptable", f"refused: {error.message}"
    except Exception as error:  # noqa: BLE001 - what is counted
        return "crashed", repr(error)
    with duckdb.connect() as engine:
        read = engine.execute(f"SELECT * FROM read_parquet('{result.table}')")
        named = [column[0] for column in read.description or ()]
        rows = read.fetchall()
    numbers = [i for i, name in enumerate(named) if name in result.metric_columns]
    got = Counter((row[0].date().isoformat(), *(row[i] for i in numbers)) for row in rows)
    right = Counter((row[0], row[1], row[3]) for row in case.rows)
    rejected = result.quality.rejected_rows
    names = [column.name for column in result.columns]
    wrong, missing = got - right, right - got
    if case.names and (len(numbers) != 2 or not set(case.names) <= set(names)):  # noqa: PLR2004 - sales and temp
        return "silent", f"names {names}, metrics {result.metric_columns}"
    if wrong or missing.total() > rejected:
        return "silent", f"wrong {list(wrong)[:2]}, missing {list(missing)[:2]}, {rejected} rejects"
    low, high = case.rejects
    if missing or not low <= rejected <= high:
        return "acceptable", f"missing {list(missing)[:2]}, {rejected} rejects instead of {low} to {high}"
    return "exact", ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=0, help="files; all without it")
    parser.add_argument("--show", choices=GRADES, help="print every file of this grade")
    arguments = parser.parse_args()
    made = list(cases())
    if arguments.limit:
        made = random.Random(1).sample(made, arguments.limit)
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for case in made:
        with tempfile.TemporaryDirectory() as folder:
            result, why = grade(case, Path(folder))
        groups[case.group][result] += 1
        if result == arguments.show:
            print(f"{case.group}: {why}")
    print(f"{'group':36}" + "".join(f"{name:>12}" for name in GRADES))
    for group, counts in sorted(groups.items()):
        print(f"{group:36}" + "".join(f"{counts[name] or '':>12}" for name in GRADES))
    total = sum(groups.values(), Counter())
    print(f"{len(made):,} files: " + ", ".join(f"{100 * total[name] / len(made):.2f} % {name}" for name in GRADES))
    sys.exit(0 if not total["silent"] and not total["crashed"] else 1)


if __name__ == "__main__":
    main()
