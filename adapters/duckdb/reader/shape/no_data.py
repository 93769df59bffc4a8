"""Numbers that stand for "no value": declared in the file, or far outside of all others as only such numbers are."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from adapters.duckdb.reader.columns.column_plan import ColumnPlan
from adapters.duckdb.reader.columns.numbers import parse_number
from adapters.duckdb.reader.formats.json_shapes.values import walk
from adapters.duckdb.reader.opened import Opened
from adapters.duckdb.reader.shape.derive import Derived, trimmed
from adapters.duckdb.sql_text import literal
from domain.datasets.columns import ColumnType

# What measuring programs write where they have no value: nines or eights to the last digit (-99.9, -9999, -8888),
# and the limits of types of numbers.
_WRITTEN: Final = re.compile(r"-?(?:9{2,8}(?:\.(?:9{1,4}|0{1,4}))?|8{3,6}(?:\.8{1,3}|\.0{1,4})?)", re.ASCII)
_LIMITS: Final = frozenset(
    (-32768.0, -2147483648.0, -1e20, 1e20, -9.999e20, 9.999e20, 9.96921e36, 1e30, -1e30, -1.7976931348623157e308)
)
FEWEST_OTHERS: Final = 3  # different values beside it: of two numbers none is far from the others
MOST_TEXT: Final = 64_000  # characters above a table that are looked at
LEAST_DECLARED: Final = 90  # in a column: a smaller number is a count of something
MOST_SPELLINGS: Final = 20  # of one number: -999, -999.0, "-999,00"
LONG: Final = 3  # digits with which a number says by itself that it is no value
COMMON: Final = 0.02  # of the cells: a positive one comes at least so often, or it is a record of what is measured
FEWEST_POSITIVE: Final = 2
_DECLARED: Final = re.compile(
    r"(?:no[ _-]?data(?:[ _-]?value)?|missing[ _-]?(?:value|data|flag)s?|fill[ _-]?value|undefined|not available)"
    r"[^\n\d-]{0,60}(-?\d{1,9}(?:\.\d{1,6})?(?:[eE][+-]?\d{1,3})?)",
    re.ASCII | re.IGNORECASE,
)
_NAMES: Final = frozenset(("nodata", "nodatavalue", "missingvalue", "fillvalue", "missingdata", "missingvalues"))


def is_declaration(name: str) -> bool:
    """Return whether a column or key is named as one that holds the number for "no value"."""
    last = re.split(r"[.:/]", name[:200])[-1]
    return re.sub(r"[\s_-]", "", last).lower() in _NAMES


def declared_in(text: str) -> tuple[float, ...]:
    """Return the numbers that lines above a table declare to be no values ("# missing value: -99.99")."""
    matches = (match[1] for match in _DECLARED.finditer(text[:MOST_TEXT]))
    return tuple(dict.fromkeys(float(number) for number in matches if _is_written(number)))


def declared_by_key(value: Any) -> tuple[float, ...]:
    """Return the numbers that keys of a JSON value declare to be no values (``"noDataValue": -9999``)."""
    values: dict[float, None] = {}
    for _, item in walk(value):
        for key, number in item.items() if isinstance(item, dict) else ():
            if isinstance(number, int | float) and not isinstance(number, bool) and is_declaration(key):
                values[float(number)] = None
    return tuple(values)


def _is_written(number: str) -> bool:
    return bool(_WRITTEN.fullmatch(number)) or float(number) in _LIMITS


def emptied(columns: Sequence[ColumnPlan], opened: Opened) -> Derived | None:
    """Return the table in which numbers that stand for "no value" are empty cells; None if there are none."""
    named = {i: number for i, column in enumerate(columns) if (number := _declared_by(column)) is not None}
    declared = {*opened.no_data, *named.values()}
    codes: dict[int, tuple[float, ...]] = {}
    for place, column in enumerate(columns):
        if column.type is ColumnType.NUMBER and place not in named and not (column.named and column.time):
            values = [value for cell in column.cells if (value := _number(column, cell)) is not None]
            points = column.number is not None and column.number.decimal == ","
            cells = [cell.replace(",", ".") for cell in column.cells] if points else column.cells
            if column.number is not None and column.number.flagged:
                cells = [cell.strip().lstrip("+").split(",")[0] for cell in column.cells]
            if none := _none_of(values, cells, declared):
                codes[place] = none
    if not codes and not named:
        return None
    stay = [i for i in range(len(columns)) if i not in named]
    exprs = tuple(_without(i, columns[i], codes[i]) if i in codes else f"c{i}" for i in stay)
    return Derived(tuple(columns[i].name for i in stay), exprs, _note(columns, codes, declared))


def _declared_by(column: ColumnPlan) -> float | None:
    """Return the number that a column holds in all its rows to declare it no value."""
    if not is_declaration(column.name) or len(set(column.cells)) != 1:
        return None
    number = _number(column, column.cells[0])
    return number if number is not None and abs(number) >= LEAST_DECLARED else None


def _number(column: ColumnPlan, cell: str) -> float | None:
    if column.number is not None and (value := parse_number(cell, column.number)) is not None:
        return value
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _none_of(values: Sequence[float], cells: Sequence[str], declared: set[float]) -> tuple[float, ...]:
    """Return the values of a column that are none: declared ones that occur, and at most one at each end."""
    counts = Counter(values)
    out = [value for value in declared if value in counts]
    written = {float(text) for cell in set(cells) if _WRITTEN.fullmatch(text := cell.strip())} | (
        _LIMITS & counts.keys()
    )
    rest = sorted(set(counts) - set(out))
    for at in (0, -1):
        if len(rest) > FEWEST_OTHERS and rest[at] in written and _stands_out(rest, at, counts):
            out.append(rest[at])
            rest = rest[1:] if at == 0 else rest[:-1]
    return tuple(out)


def _stands_out(values: Sequence[float], at: int, counts: Counter[float]) -> bool:
    """Whether the least (or greatest) value is farther from all others than these are apart."""
    value, others = values[at], values[1:] if at == 0 else values[:-1]
    nearest = others[0] if at == 0 else others[-1]
    if abs(value - nearest) <= others[-1] - others[0]:
        return False
    if (value < 0) == (nearest < 0) and abs(value) <= 2 * abs(nearest):
        return False
    digits = len(f"{abs(value):g}".replace(".", ""))
    if value < 0:
        return others[0] >= 0 or digits >= LONG
    return counts[value] >= max(FEWEST_POSITIVE, COMMON * counts.total())


def _without(place: int, column: ColumnPlan, values: Sequence[float]) -> str:
    listed = ", ".join(f"{value!r}::DOUBLE" for value in values)
    text = f"c{place}::VARCHAR"
    # As it is written too: SQL's own cast reads no decimal comma.
    written = {cell.strip() for cell in column.cells if _number(column, cell) in values}
    texts = ", ".join(literal(cell) for cell in sorted(written)[:MOST_SPELLINGS]) or "''"
    return (
        f"CASE WHEN list_contains([{listed}], try_cast({text} AS DOUBLE))"
        f" OR list_contains([{texts}], {trimmed(f'c{place}')}) THEN NULL ELSE {text} END"
    )


def _note(columns: Sequence[ColumnPlan], codes: dict[int, tuple[float, ...]], declared: set[float]) -> str:
    if not codes:
        return ""
    values = sorted({value for each in codes.values() for value in each})
    listed = ", ".join(f"{value:g}" for value in values)
    names = ", ".join(f"“{columns[i].name}”" for i in list(codes)[:6]) + (" and others" if len(codes) > 6 else "")  # noqa: PLR2004 - a line
    why = "as the file says" if declared.issuperset(values) else "far outside of all other values"
    return (
        f"{listed} in {names} stands for “no value” ({why}) and counts as empty. Choose the shape “as it is” if it is"
        " a value."
    )
