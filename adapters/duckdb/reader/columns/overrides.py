"""Columns that the user gave a type: taken at their word, unless the cells say plainly that it cannot be."""

from collections.abc import Sequence
from dataclasses import replace

from adapters.duckdb.reader.columns.plan import BOOLEANS, NAMED_SHARE, ColumnPlan
from domain.datasets.columns import ColumnType
from domain.datasets.parse_options import ParseOptions
from domain.errors import ColumnNotFoundError, InvalidInputError, NoNumericColumnError, NoTimeColumnError

_ROLE = "“{}” was chosen as {}, and also said to be {}. Change one of the two."


def typed_as_said(columns: Sequence[ColumnPlan], options: ParseOptions) -> tuple[ColumnPlan, ...]:
    """Return the columns with the types that the user gave them.

    Raises:
        ColumnNotFoundError: the file has no such column.
        InvalidInputError: what was said contradicts itself.
        NoNumericColumnError, NoTimeColumnError: the cells are not of the type.
    """
    listed = [column.name for column in columns]
    for chosen in options.column_types:
        if chosen.name not in listed:
            raise ColumnNotFoundError(
                f"There is no column “{chosen.name}” in the file. It has: {', '.join(listed)}.",
                columns=listed,
                column=chosen.name,
            )
        if chosen.name == options.time_column and chosen.type is not ColumnType.TIME:
            raise InvalidInputError(_ROLE.format(chosen.name, "the time column", chosen.type), field="columnType")
        if chosen.name in options.metric_columns and chosen.type is not ColumnType.NUMBER:
            raise InvalidInputError(_ROLE.format(chosen.name, "a metric", chosen.type), field="columnType")
    for name in options.not_dimensions:
        if name in options.dimensions:
            raise InvalidInputError(_ROLE.format(name, "a dimension", "none"), field="notDimension")
    return tuple(_as(column, options.type_of(column.name)) for column in columns)


def _as(column: ColumnPlan, chosen: ColumnType | None) -> ColumnPlan:
    example = f" (“{column.example}”)" if column.example else ""
    if chosen is None or chosen is column.type:
        return column
    if chosen is ColumnType.EMPTY:
        raise InvalidInputError(f"Column “{column.name}” cannot be made empty. Say text instead.", field="columnType")
    if chosen is ColumnType.NUMBER and column.number_share < NAMED_SHARE:
        raise NoNumericColumnError(
            f"Column “{column.name}” does not read as numbers{example}. Choose another type.", column=column.name
        )
    if chosen is ColumnType.TIME and (column.time is None or column.time_share < NAMED_SHARE):
        raise NoTimeColumnError(f"Column “{column.name}” does not read as time{example}. Choose another type.")
    if chosen is ColumnType.BOOLEAN and column.example.strip().lower() not in BOOLEANS:
        raise InvalidInputError(
            f"Column “{column.name}” does not read as yes and no{example}. Choose another type.", field="columnType"
        )
    if chosen is ColumnType.TIME:
        return replace(column, type=chosen, named=True)
    return replace(column, type=chosen, time=None, time_share=0.0)
