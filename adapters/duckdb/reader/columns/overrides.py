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
    for said in options.column_types:
        if said.name not in listed:
            raise ColumnNotFoundError(
                f"There is no column “{said.name}” in the file. It has: {', '.join(listed)}.",
                columns=listed,
                column=said.name,
            )
        if said.name == options.time_column and said.type is not ColumnType.TIME:
            raise InvalidInputError(_ROLE.format(said.name, "the time column", said.type), field="columnType")
        if said.name in options.metric_columns and said.type is not ColumnType.NUMBER:
            raise InvalidInputError(_ROLE.format(said.name, "a metric", said.type), field="columnType")
    return tuple(_as(column, options.type_of(column.name)) for column in columns)


def _as(column: ColumnPlan, said: ColumnType | None) -> ColumnPlan:
    example = f" (“{column.example}”)" if column.example else ""
    if said is None or said is column.type:
        return column
    if said is ColumnType.EMPTY:
        raise InvalidInputError(f"Column “{column.name}” cannot be made empty. Say text instead.", field="columnType")
    if said is ColumnType.NUMBER and column.number_share < NAMED_SHARE:
        raise NoNumericColumnError(
            f"Column “{column.name}” does not read as numbers{example}. Choose another type.", column=column.name
        )
    if said is ColumnType.TIME and (column.time is None or column.time_share < NAMED_SHARE):
        raise NoTimeColumnError(f"Column “{column.name}” does not read as time{example}. Choose another type.")
    if said is ColumnType.BOOLEAN and column.example.strip().lower() not in BOOLEANS:
        raise InvalidInputError(
            f"Column “{column.name}” does not read as yes and no{example}. Choose another type.", field="columnType"
        )
    if said is ColumnType.TIME:
        return replace(column, type=said, named=True)
    return replace(column, type=said, time=None, time_share=0.0)
