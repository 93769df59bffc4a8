"""Counts the values of a finished table's columns, for the domain to tell groups of rows from names of rows."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

import duckdb

from adapters.duckdb.sql_text import group_value, literal
from domain.datasets.dimensions import (
    BLANK,
    MOST_DIMENSIONS,
    MOST_VALUE_CHARACTERS,
    MOST_VALUES,
    REPEATS,
    Dimension,
    dimension_of,
    groups_rows,
)

# approx_count_distinct is a HyperLogLog with a few percent of error (DuckDB's documentation); what it counts within
# this factor is counted exactly.
APPROXIMATE: Final = 1.25


def counted_dimensions(
    engine: duckdb.DuckDBPyConnection, table: Path, columns: Sequence[str], chosen: Collection[str] = ()
) -> tuple[Dimension, ...]:
    """Return the columns that are dimensions, in the order given.

    Two passes, so that a column of a million different texts costs no table of them: the first one estimates.

    Args:
        engine: may read the table.
        table: Parquet.
        columns: names of columns of text that may be dimensions.
        chosen: those that the user named: their values need not repeat.
    """
    if not columns:
        return ()
    relation = f"read_parquet({literal(str(table))})"
    figures = ", ".join(
        f"approx_count_distinct({group_value(name)}), count(*) FILTER ({group_value(name)} <> ''),"
        f" max(length({group_value(name)}))"
        for name in columns
    )
    row = engine.execute(f"SELECT {figures} FROM {relation}").fetchone() or ()
    dimensions: list[Dimension] = []
    for place, name in enumerate(columns):
        about, filled, longest = (int(figure or 0) for figure in row[3 * place : 3 * place + 3])
        repeats = name in chosen or about * REPEATS <= APPROXIMATE * filled
        if about > APPROXIMATE * MOST_VALUES or not repeats or longest > MOST_VALUE_CHARACTERS:
            continue
        # By position: a column of the file may be called as an alias is.
        query = f"SELECT {group_value(name)}, count(*) FROM {relation} GROUP BY 1"
        counts = {value: int(rows) for value, rows in engine.execute(query).fetchall()}
        distinct = len(counts) - (BLANK in counts)
        if groups_rows(distinct, filled) or (name in chosen and 0 < distinct <= MOST_VALUES):
            dimensions.append(dimension_of(name, counts))
    return tuple(dimensions[:MOST_DIMENSIONS])


def sampled_dimension(name: str, cells: Sequence[str | None], *, chosen: bool = False) -> Dimension | None:
    """Return a column as a dimension by a sample of its cells, None if its values are no groups."""
    counts: dict[str, int] = {}
    for cell in cells:
        value = (cell or BLANK).strip(" ")
        counts[value] = counts.get(value, 0) + 1
    distinct, filled = len(counts) - (BLANK in counts), len(cells) - counts.get(BLANK, 0)
    groups = groups_rows(distinct, filled) or (chosen and 0 < distinct <= MOST_VALUES)
    return dimension_of(name, counts) if groups and max(map(len, counts)) <= MOST_VALUE_CHARACTERS else None
