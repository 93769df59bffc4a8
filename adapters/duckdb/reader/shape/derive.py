"""A table made of another: columns put together, filled, turned. One description gives the sample and the whole."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from adapters.duckdb.engine import connect
from adapters.duckdb.reader.columns.numbers import BLANKS
from adapters.duckdb.reader.opened import NativeColumn, Opened
from adapters.duckdb.reader.raw_table import RawTable
from adapters.duckdb.sql_text import literal

NUMBER: Final = "n0"  # column of a derived relation: the row of the file that a row comes from, from 0
SAMPLE_CELLS: Final = 200_000  # of a turned sample: enough to judge, however wide the table was


@dataclass(frozen=True, slots=True)
class Derived:
    """How a table is made of another.

    Attributes:
        names: of the new columns.
        exprs: SQL of each, of ``c0``, ``c1`` ... of the source (and ``u``, a row of ``turned``).
        note: what to tell the user.
        where: SQL of the rows that stay; "" for all.
        turned: for each row that one row becomes: SQL of its fields, by their names in ``u``.
        numbered: whether an expression needs ``n0``, the row's place.
    """

    names: tuple[str, ...]
    exprs: tuple[str, ...]
    note: str
    where: str = ""
    turned: tuple[dict[str, str], ...] = ()
    numbered: bool = False

    @property
    def streams(self) -> bool:
        """Whether each row stays one row."""
        return not self.where and not self.turned

    def select(self, relation: str, *, numbered: bool, doubles: frozenset[str] = frozenset()) -> str:
        """Return the new relation of a relation.

        Args:
            relation: SQL.
            numbered: whether it already has a column ``n0``.
            doubles: new columns whose expressions become DOUBLE.
        """
        keeps_number = numbered or self.numbered or not self.streams
        inner = relation
        if keeps_number and not numbered:
            inner = f"(SELECT *, row_number() OVER () - 1 AS {NUMBER} FROM {relation})"
        if self.turned:
            rows = ", ".join("{" + ", ".join(f"'{k}': {v}" for k, v in row.items()) + "}" for row in self.turned)
            inner = f"(SELECT *, unnest([{rows}]) AS u FROM {inner})"
        listed = [
            f"try_cast({expr} AS DOUBLE) AS c{i}" if f"c{i}" in doubles and not _bare(expr) else f"{expr} AS c{i}"
            for i, expr in enumerate(self.exprs)
        ]
        if keeps_number:
            listed.append(NUMBER)
        where = f" WHERE {self.where}" if self.where else ""
        return f"(SELECT {', '.join(listed)} FROM {inner}{where})"


def derived(opened: Opened, how: Derived, work: Path) -> Opened:
    """Return the table that is made of another, with a sample of its own."""
    sample = _sampled(opened, how, work)
    natives = None
    if opened.natives is not None:
        source = {f"c{i}": native for i, native in enumerate(opened.natives)}
        natives = tuple(source.get(expr, NativeColumn("VARCHAR")) for expr in how.exprs)
    raw = opened.raw if not opened.raw.relation else _raw(opened.raw, how, work)
    notes = (*opened.notes, how.note) if how.note else opened.notes
    return replace(opened, names=how.names, sample=sample, raw=raw, notes=notes, natives=natives)


def _raw(raw: RawTable, how: Derived, work: Path) -> RawTable:
    has = raw.number == NUMBER
    relation = how.select(raw.relation, numbered=has)
    rows = raw.rows
    if not how.streams:
        engine = connect(work, [raw.folder] if raw.folder else ())
        try:
            rows = int((engine.execute(f"SELECT count(*) FROM {relation}").fetchone() or (0,))[0])
        finally:
            engine.close()
    numeric = raw.numeric
    number = NUMBER if has or how.numbered or not how.streams else raw.number
    if numeric is None or not how.streams or how.numbered:
        return RawTable(relation, rows, raw.line_of, number=number, folder=raw.folder)
    before = numeric

    def as_doubles(cells: frozenset[str]) -> str:
        source = frozenset(expr for i, expr in enumerate(how.exprs) if f"c{i}" in cells and _bare(expr))
        return how.select(before(source), numbered=has, doubles=cells)

    return RawTable(relation, rows, raw.line_of, as_doubles, number=raw.number, folder=raw.folder)


def _sampled(opened: Opened, how: Derived, work: Path) -> list[Sequence[str | None]]:
    """Make the sample of the new table from that of the old one, by the same SQL."""
    rows = list(opened.sample)
    rows = rows[: max(50, SAMPLE_CELLS // max(1, len(how.turned) * len(how.exprs)))]
    width = len(opened.names)
    columns = [[row[i] if i < len(row) else None for row in rows] for i in range(width)]
    engine = connect(work, threads=1)
    try:
        listed = ", ".join(f"unnest(${i + 1}::VARCHAR[]) AS c{i}" for i in range(width))
        engine.execute(f"CREATE TEMP TABLE sampled AS SELECT {listed}", columns)
        sample = engine.execute(f"SELECT * FROM {how.select('sampled', numbered=False)}").fetchall()
    finally:
        engine.close()
    return [tuple(None if cell is None else str(cell) for cell in row[: len(how.exprs)]) for row in sample]


def _bare(expr: str) -> bool:
    return expr[:1] == "c" and expr[1:].isdigit()


def trimmed(cell: str) -> str:
    """Return SQL for the text of a cell without blanks around it."""
    return f"trim({cell}::VARCHAR, {literal(BLANKS)})"
