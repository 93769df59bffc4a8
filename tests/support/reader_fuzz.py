"""The reader on files that Hypothesis makes: bytes, tables, JSON, Parquet, workbooks and packings, whole and damaged.

``python -m tests.support.reader_fuzz 20000`` reads so many, each as a preview and whole, in the processes that read
files for the service, and prints what was found. What counts as found is in ``Fuzz``.
"""

import bz2
import gzip
import json
import lzma
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.duckdb.isolated import messages as wire
from adapters.duckdb.isolated.processes import DiedError, ReadingProcesses, TooLongError
from adapters.duckdb.limits import DEFAULT_LIMITS
from domain.datasets.parse_options import Encoding, FileFormat, ParseOptions, Shape
from tests.support.workbooks import xlsx, zipped

SECONDS: Final = 60  # for one small file on a busy machine: a thousand times what it takes
# No message may hold these: words of drivers, of Python, and of the machine's file system.
DRIVER_WORDS: Final = ("duckdb", "traceback", "errno", "calamine", "codec", "read_csv", "read_parquet", "error:")

_CELLS: Final = st.one_of(
    st.sampled_from(
        ["", " ", "2024-01-01", "2024-01-02 05:06", "01/02/2024", "13.02.2024", "1.5", "1,5", "-3", "1e308", "-1.8e308",
         "9" * 400, "1e999", "NaN", "inf", "null", "n/a", "$1,000.50", "50 %", "3:00:01", "true", "no", "W01 2024",
         "Q1 2024", "20240101", "1704067200", "1704067200000", "45292", "0001-01-01", "9999-12-31", "Jan-24", '"', "'",
         "\ufeff", "\u202e", "\ud7ff", "\U0001f600", "<b>", "=1+1", "#", "a" * 500, " " * 400 + "x", "0" * 300]
    ),
    st.text(max_size=12),
    st.floats().map(repr),
    st.integers().map(str),
    st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)).map(lambda moment: moment.isoformat(" ")),  # noqa: DTZ001 - wall clocks
)  # fmt: skip
_COMMON: Final = ("date", "time", "value", "id", "", "Date", "year", "month", "rows", "name", "2024", "_time")
_NAMES: Final = st.one_of(st.sampled_from(_COMMON), st.text(max_size=8))
_DAMAGE: Final = (*["none"] * 4, "cut", "flip", "repeat", "insert")
_PACKS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zip": lambda content: zipped({"a.csv": content}),
    "zip of two": lambda content: zipped({"a.csv": content, "b.csv": content}),
    "gzip twice": lambda content: gzip.compress(gzip.compress(content)),
}
_TYPES: Final = (
    "BOOLEAN", "TINYINT", "BIGINT", "UBIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL(38,10)", "VARCHAR", "BLOB",
    "DATE", "TIME", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_NS", "TIMESTAMPTZ", "INTERVAL", "UUID", "VARCHAR[]",
    "STRUCT(a DOUBLE, b VARCHAR)", "MAP(VARCHAR, DOUBLE)", "STRUCT(a STRUCT(b TIMESTAMP))[]", "ENUM('a', 'b')", "BIT",
    "INTEGER[]",
)  # fmt: skip
_LITERALS: Final = (
    "NULL", "1", "0", "-1", "'2024-01-01'", "'2024-01-01 05:06:07'", "'a'", "1.7e308", "'infinity'", "[1, 2]", "['a']",
    "{a: 1, b: 'x'}", "MAP {'a': 1.0}", "9007199254740993", "'5 days'", "true",
)  # fmt: skip


@st.composite
def _delimited(draw: st.DrawFn) -> bytes:
    delimiter = draw(st.sampled_from([",", ";", "\t", "|", " ", ":", "::"]))
    end = draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n"]))
    width = draw(st.integers(1, 6))
    rows: list[list[str]] = [draw(st.lists(_NAMES, min_size=width, max_size=width))]
    if draw(st.integers(0, 3)):  # mostly a table: each column of one kind, the first mostly of dates
        kinds = draw(st.lists(st.integers(0, 3), min_size=width, max_size=width))
        kinds[0] *= draw(st.sampled_from([0, 0, 0, 1]))
        rows += [[_typed(kind, i) for kind in kinds] for i in range(draw(st.integers(0, 40)))]
    rows += draw(st.lists(st.lists(_CELLS, max_size=width + 1), max_size=12))
    quoted = draw(st.booleans())
    written = ([f'"{c.replace(chr(34), chr(34) * 2)}"' if quoted else c for c in row] for row in rows)
    text = end.join(map(delimiter.join, written))
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252", "shift_jis", "utf-32"]))
    return (draw(st.sampled_from(["", "A title\n\n", "# made\n", "sep=;\n"])) + text).encode(encoding, "replace")


def _typed(kind: int, row: int) -> str:
    date = f"2024-{1 + row // 28:02}-{1 + row % 28:02}"
    return (date, f"{row * 1.5}", f"{1_000_000 + row:,}", f"name {row % 3}")[kind]


_JSON_VALUES: Final = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10),
        st.sampled_from(["2024-01-01", "2024-01-02T00:00:00Z", 1_704_067_200, 1.8e308, 10**30, "\ud800"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=6),
        st.dictionaries(
            st.one_of(_NAMES, st.sampled_from(["data", "result", "values", "columns", "index", "rows", "features"])),
            inner, max_size=5,
        ),
    ),
    max_leaves=40,
)  # fmt: skip


@st.composite
def _records(draw: st.DrawFn) -> bytes:
    keys = draw(st.lists(_NAMES, min_size=1, max_size=4, unique=True))
    count = draw(st.integers(0, 5))
    rows: Any = [{"date": f"2024-01-{1 + i:02}", **{key: draw(_JSON_VALUES) for key in keys}} for i in range(count)]
    match draw(st.integers(0, 3)):
        case 0:
            return _text([{"data": rows}, 1])
        case 1:
            return b"\n".join(_text(row) for row in rows)
        case 2:
            return _text({key: [row.get(key) for row in rows] for key in ("date", *keys)})
    return _text(rows)


def _text(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


@st.composite
def _parquet(draw: st.DrawFn) -> bytes:
    kinds = draw(st.lists(st.sampled_from(_TYPES), min_size=1, max_size=4))
    names = ['"' + draw(_NAMES).replace("\0", "").replace('"', "") + f'{i}"' for i in range(len(kinds))]
    columns = list(zip(names, kinds, strict=True))
    dates = draw(st.integers(0, 3))
    rows = [
        (f"DATE '2024-01-01' + {at} AS date, " if dates else "")
        + ", ".join(f"TRY_CAST({draw(st.sampled_from(_LITERALS))} AS {kind}) AS {name}" for name, kind in columns)
        for at in range(draw(st.integers(0, 5)))
    ]
    empty = ", ".join(f"NULL::{kind} AS {name}" for name, kind in columns) + " WHERE false"
    table = " UNION ALL ".join(f"SELECT {row}" for row in rows or [empty])
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as engine:
        target = Path(folder) / "made"
        try:
            engine.execute(f"COPY ({table}) TO '{target}' (FORMAT parquet)")
        except duckdb.Error:  # a name or a cast that the engine that writes does not know
            return b"PAR1"
        return target.read_bytes()


@st.composite
def _workbook(draw: st.DrawFn) -> bytes:
    cells = st.one_of(
        st.none(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**9), 10**9),
        st.datetimes(datetime(1899, 12, 31), datetime(9999, 12, 30)),  # noqa: DTZ001 - a workbook knows no zone
        st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=10),
    )  # fmt: skip
    rows = draw(st.lists(st.lists(cells, max_size=5), max_size=12))
    if draw(st.integers(0, 3)):
        dates = [datetime(2024, 1, 1) + timedelta(days=i) for i in range(len(rows))]  # noqa: DTZ001 - as above
        rows = [
            ["date", "value", "c"],
            *([date, i, *row] for i, (date, row) in enumerate(zip(dates, rows, strict=True))),
        ]
    return xlsx({"One": rows, "Two": rows[::-1]}, hidden=draw(st.sampled_from([(), ("One",), ("One", "Two")])))


FILES: Final[dict[str, st.SearchStrategy[bytes]]] = {
    "bytes": st.binary(max_size=600),
    "delimited": _delimited(),
    "json": _JSON_VALUES.map(_text),
    "records": _records(),
    "parquet": _parquet(),
    "workbook": _workbook(),
}


@st.composite
def _damaged(draw: st.DrawFn, files: st.SearchStrategy[bytes]) -> bytes:
    content = draw(files)
    pack = draw(st.sampled_from(["plain"] * 3 * len(_PACKS) + sorted(_PACKS)))
    damage = draw(st.sampled_from(_DAMAGE))
    # Drawn whatever they are for: a packed file has the time in it, so that its length may differ from run to run.
    place, flipped = draw(st.integers(0, 9_999)), draw(st.integers(1, 255))
    added = draw(st.binary(min_size=1, max_size=8))
    content = _PACKS[pack](content)
    at = place * len(content) // 10_000
    match damage:
        case "cut":
            return content[:at]
        case "flip" if content:
            return content[:at] + bytes([content[at] ^ flipped]) + content[at + 1 :]
        case "repeat":
            return content + content[at:]
        case "insert":
            return content[:at] + added + content[at:]
    return content


OPTIONS: Final = st.one_of(
    st.just(ParseOptions()),
    st.just(ParseOptions()),
    st.builds(
        ParseOptions,
        time_column=st.sampled_from([None, None, None, "date", "nowhere"]),
        metric_columns=st.sampled_from([(), (), ("value",), ("date",)]),
        time_zone=st.sampled_from(["UTC", "Europe/Berlin", "America/Sao_Paulo"]),
        day_first=st.sampled_from([None, True, False]),
        delimiter=st.sampled_from([None, ",", ";", "\t", '"', "x", "é"]),
        header_line=st.sampled_from([None, 0, 1, 2, 999_999]),
        decimal_comma=st.sampled_from([None, True, False]),
        format=st.sampled_from([None, None, *FileFormat]),
        encoding=st.sampled_from([None, None, *Encoding]),
        shape=st.sampled_from(list(Shape)),
        sheet=st.sampled_from([*[None] * 8, "One", "None"]),
        member=st.sampled_from([*[None] * 8, "a.csv", "../a.csv"]),
    ),
)


class Fuzz:
    """Reads files and collects what must not happen.

    A reading process that ends by itself, takes too long or runs out of memory; an error outside of the domain's tree;
    a refusal without a sentence, or with a path or a driver's words in it; a file that reads whole and not as preview.
    """

    def __init__(self, folder: Path, known: Sequence[str] = DRIVER_WORDS) -> None:
        """Read in a folder; ``known`` are words that no message may hold."""
        limits = replace(DEFAULT_LIMITS, max_unpacked_bytes=2**24)
        self._folder = folder
        self._words = known
        self._processes = ReadingProcesses(
            wire.Setup(threads=1, memory="256MB", address_space_bytes=3 * 2**30, file_bytes=2**28, limits=limits)
        )
        self.found: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()

    def run(self, cases: int, start: int = 0) -> None:
        """Read about so many files, spread evenly over the kinds."""
        self._processes.open()
        try:
            for number, (kind, files) in enumerate(FILES.items()):
                self._kind(kind, _damaged(files), max(1, cases // len(FILES)), start + number)
        finally:
            self._processes.close()

    def _kind(self, kind: str, files: st.SearchStrategy[bytes], count: int, first: int) -> None:
        @seed(first)
        @settings(
            max_examples=count, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(files, OPTIONS)
        def read(content: bytes, options: ParseOptions) -> None:
            self.read(kind, content, options)

        read()

    def read(self, kind: str, content: bytes, options: ParseOptions) -> None:
        """Read one file as a preview and whole."""
        path = self._folder / "file"
        path.write_bytes(content)
        work = self._folder / "work"
        work.mkdir(exist_ok=True)
        requests = (
            wire.PreviewRequest(path=path, options=options, like=None, work=work, seconds=SECONDS),
            wire.IngestRequest(path=path, options=options, like=None, into=self._folder / "out", seconds=SECONDS),
        )
        for request in requests:
            try:
                with self._processes.taken() as process:
                    answer = process.ask(request, lambda *_: None)
            except TooLongError:
                self._note(kind, "takes too long", content)
            except DiedError as error:
                self._note(kind, f"ended its process ({error.code}): {error.printed[-200:]}", content)
            else:
                self._check(kind, answer, content)

    def _check(self, kind: str, answer: wire.Answer, content: bytes) -> None:
        match answer:
            case wire.Broken(name, traceback):
                self._note(kind, f"{name} at {traceback.strip().splitlines()[-3:]}", content)
            case wire.OutOfMemory():
                self._note(kind, "out of memory", content)
            case wire.Refused(code, message):
                self.outcomes[f"{kind}: {code}"] += 1
                self._check_message(kind, message, content)
            case wire.Previewed() | wire.Ingested():
                self.outcomes[f"{kind}: read"] += 1

    def _check_message(self, kind: str, message: str, content: bytes) -> None:
        # What stands in “...” was in the file, and may be anything.
        ours = "".join(part.rpartition("”")[2] for part in ("”" + message).split("“")).lower()
        if not message.endswith((".", "?")):
            self._note(kind, f"no sentence: {message}", content)
        if str(self._folder).lower() in message.lower() or any(word in ours for word in self._words):
            self._note(kind, f"a path or a driver's words: {message}", content)

    def _note(self, kind: str, what: str, content: bytes) -> None:
        self.found[f"{kind}: {what}"] += 1
        if self.found[f"{kind}: {what}"] == 1:
            sys.stderr.write(f"{kind}: {what}\n  {content[:300]!r}\n")


def main(cases: int, start: int = 0) -> int:
    """Read so many files; print what came of them and what was found. Returns the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        fuzz = Fuzz(Path(folder))
        fuzz.run(cases, start)
    for outcome, count in sorted(fuzz.outcomes.items()):
        sys.stdout.write(f"{count:6} {outcome}\n")
    for what, count in fuzz.found.most_common():
        sys.stdout.write(f"{count:6} x {what}\n")
    sys.stdout.write(f"{sum(fuzz.outcomes.values()):,} readings, {len(fuzz.found)} kinds of fault\n")
    return 1 if fuzz.found else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
