"""Rows of several categories at one time, and of several frequencies in one table."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Final

from adapters.duckdb.reader.columns.column_plan import ColumnPlan
from adapters.duckdb.reader.columns.name_words import FREQUENCY, says
from adapters.duckdb.reader.columns.time_formats import PATTERNS, PROVEN_BY_ROWS, Family
from adapters.duckdb.reader.shape.derive import Derived, trimmed
from adapters.duckdb.sql_text import literal
from domain.datasets.columns import ColumnType

# From the finest to the coarsest, as statistical offices write them.
_FREQUENCIES: Final = (
    frozenset(("b", "d", "daily", "day", "täglich", "journalier")),
    frozenset(("w", "weekly", "week", "wöchentlich", "hebdomadaire")),
    frozenset(("m", "monthly", "month", "monatlich", "mensuel", "mensuelle", "mensual")),
    frozenset(("q", "quarterly", "quarter", "vierteljährlich", "trimestriel", "trimestrielle", "trimestral")),
    frozenset(("s", "h", "semi-annual", "half-yearly", "semester")),
    frozenset(("a", "y", "annual", "yearly", "year", "annually", "jährlich", "annuel", "annuelle", "anual")),
)
_FAMILIES: Final = (
    frozenset((*PROVEN_BY_ROWS, Family.YEAR_MONTH, Family.MONTH_YEAR, Family.NAME_YEAR, Family.YEAR_NAME)),
    frozenset((Family.QUARTER, Family.QUARTER_YEAR, Family.QUARTER_COUNT)),
    frozenset((Family.HALF,)),
)
APART: Final = 0.98  # of the rows that a category tells apart: slips apart
SHARED: Final = 0.5  # of the rows that share their time with others: fewer are duplicates, not categories
FEWEST_ROWS: Final = 10
MOST_GROUPS: Final = 8  # columns of which two may tell rows apart together
MOST_CODES: Final = 50  # different whole numbers that may be codes: of an age, a sex, a class
FEWEST_EACH: Final = 10  # rows for each of them on the average
Row = Sequence[str | None]


def one_frequency(columns: Sequence[ColumnPlan], time: ColumnPlan, rows: Sequence[Row]) -> Derived | None:
    """Return the rows of the finest frequency; None if there is but one. The coarser ones would count twice."""
    names, cells = tuple(c.name for c in columns), tuple(f"c{i}" for i in range(len(columns)))
    for place, column in enumerate(columns):
        if column.type is not ColumnType.TEXT or column.name == time.name or not says(column.name, FREQUENCY):
            continue
        values = {cell.strip() for row in rows if (cell := row[place]) and cell.strip()}
        ranks = {cell: rank for cell in values if (rank := _rank(cell)) is not None}
        if len(set(ranks.values())) < 2 or len(ranks) < len(values):  # noqa: PLR2004 - one frequency is no mixture
            continue
        finest = [cell for cell, rank in ranks.items() if rank == min(ranks.values())]
        listed = ", ".join(literal(cell) for cell in sorted(finest))
        note = (
            f"“{column.name}” mixes frequencies ({', '.join(sorted(values))}): the rows of “{finest[0]}” were read, the"
            " others left out, for they hold the same again. Choose the shape “as it is” to keep all."
        )
        return Derived(names, cells, note, where=f"{trimmed(f'c{place}')} IN ({listed})")
    return _one_family(names, cells, columns, time)


def _rank(cell: str) -> int | None:
    return next((rank for rank, words in enumerate(_FREQUENCIES) if cell.casefold() in words), None)


def _one_family(
    names: tuple[str, ...], cells: tuple[str, ...], columns: Sequence[ColumnPlan], time: ColumnPlan
) -> Derived | None:
    families = set(time.time.families) if time.time else set[Family]()
    ranks = [rank for rank, group in enumerate(_FAMILIES) if group & families]
    if len(ranks) < 2 or time.time is None or time.time.words:  # noqa: PLR2004 - one frequency is no mixture
        return None
    place = next(i for i, c in enumerate(columns) if c.name == time.name)
    patterns = [PATTERNS[family][0] for family in _FAMILIES[ranks[0]] & families]
    where = " OR ".join(f"regexp_matches({trimmed(f'c{place}')}, {literal(pattern)})" for pattern in sorted(patterns))
    note = (
        f"“{time.name}” mixes months, quarters or half-years: the rows of the shortest were read, the others left out,"
        " for they hold the same again. Choose the shape “as it is” to keep all."
    )
    return Derived(names, cells, note, where=f"({where})")


def categories_note(columns: Sequence[ColumnPlan], time: ColumnPlan, rows: Sequence[Row]) -> str:
    """Say that each time has several rows of unlike categories, which a point adds up or averages; "" if not so."""
    when = next((i for i, c in enumerate(columns) if c.name == time.name), None)
    if when is None or len(rows) < FEWEST_ROWS:
        return ""
    counts = Counter(row[when] for row in rows)
    if sum(count for count in counts.values() if count > 1) < SHARED * len(rows):
        return ""
    groups = [i for i, column in enumerate(columns) if i != when and _groups(column, [row[i] for row in rows])]
    alone = ((place,) for place in groups)
    for places in (*alone, *combinations(groups[:MOST_GROUPS], 2)):
        if len({(row[when], *(row[i] for i in places)) for row in rows}) >= APART * len(rows):
            listed = " and ".join(f"“{columns[i].name}”" for i in places)
            return (
                f"Each time has several rows, one for each {listed}: a point adds up or averages over all of"
                " them, however unlike they are. The setting of the aggregate says which."
            )
    return ""


def _groups(column: ColumnPlan, cells: Sequence[str | None]) -> bool:
    """Whether a column's values come again often enough to group rows: texts, and codes of few whole numbers."""
    different = len(set(cells))
    if column.type in {ColumnType.TEXT, ColumnType.BOOLEAN} or column.naming:
        return 2 * different <= len(cells)
    whole = column.type is ColumnType.NUMBER and all(cell.strip().isdecimal() for cell in column.cells)
    return whole and different <= MOST_CODES and FEWEST_EACH * different <= len(cells)
