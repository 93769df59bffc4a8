r"""A column whose name lists several (Eurostat's ``freq,unit,geo\TIME_PERIOD``): it is taken apart."""

import re
from collections.abc import Sequence
from typing import Final

from adapters.duckdb.reader.columns.column_plan import ColumnPlan
from adapters.duckdb.reader.shape.derive import Derived, trimmed

_KEYS: Final = re.compile(r"(\w{1,40}(?:,\w{1,40}){0,19})\\\w{1,40}", re.ASCII)


def taken_apart(columns: Sequence[ColumnPlan]) -> Derived | None:
    """Return the table with a column for each name that the first lists; None if it lists none."""
    match = _KEYS.fullmatch(columns[0].name.strip()[:900]) if columns else None
    if match is None:
        return None
    names = match[1].split(",")
    rest = columns[1:]
    if len({*names, *(c.name for c in rest)}) < len(names) + len(rest):
        return None
    if not all(cell.count(",") == len(names) - 1 for cell in columns[0].cells):
        return None
    cells = tuple(f"split_part({trimmed('c0')}, ',', {n})" for n in range(1, len(names) + 1))
    listed = ", ".join(f"“{name}”" for name in names)
    return Derived(
        names=(*names, *(c.name for c in rest)),
        exprs=(*cells, *(f"c{i}" for i in range(1, len(columns)))),
        note=f"The first column holds several, which its name lists: {listed}." if len(names) > 1 else "",
    )
