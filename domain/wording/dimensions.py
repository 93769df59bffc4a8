"""Dimensions and their values in words."""

from collections.abc import Sequence
from typing import Final

from domain.datasets.dimensions import BLANK, Dimension
from domain.wording.formatting import percent, plural

NO_VALUE: Final = "(none)"  # what the value of an empty cell is called
NAMED_VALUES: Final = 3  # in one line


def value_name(value: str) -> str:
    """Call a value by itself, that of empty cells by ``(none)``."""
    return NO_VALUE if value == BLANK else value


def where_text(where: Sequence[str]) -> str:
    """Say which rows were looked at: ``only region: North; region: South``."""
    conditions = (text.partition(":") for text in where)
    return "only " + "; ".join(f"{column}: {value_name(value.strip(' '))}" for column, _, value in conditions)


def dimension_line(dimension: Dimension) -> str:
    """Name a dimension and its most frequent values: ``region: 3 values (North 60%, South 30%, East 10%)``."""
    named = ", ".join(f"{value_name(one.value)} {percent(one.share)}" for one in dimension.values[:NAMED_VALUES])
    more = ", …" if len(dimension.values) > NAMED_VALUES else ""
    return f"{dimension.name}: {plural(dimension.distinct, 'value')} ({named}{more})"
