"""Rows added to an earlier version: which files fit, and what is said of it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from domain.datasets.columns import Column, ColumnType
from domain.datasets.dataset import Appended, Dataset
from domain.errors import ColumnsDifferError
from domain.struct import Struct

HOLDS: Final = {
    ColumnType.TIME: "times",
    ColumnType.NUMBER: "numbers",
    ColumnType.BOOLEAN: "yes or no",
    ColumnType.TEXT: "text",
    ColumnType.EMPTY: "nothing",
}


class UploadMode(StrEnum):
    """What a file is to a dataset that is there already."""

    REPLACE = "replace"  # it is all there is from now on
    APPEND = "append"  # its rows join those of the newest version


class TableShape(Struct, frozen=True):
    """The columns of a table as an earlier version has them."""

    columns: tuple[Column, ...]
    time_column: str
    metric_columns: tuple[str, ...]


def shape_of(dataset: Dataset) -> TableShape:
    """The shape of a version that has been read."""
    return TableShape(
        columns=dataset.columns, time_column=dataset.time_column or "", metric_columns=dataset.metric_columns
    )


def joined(
    shape: TableShape, new_columns: Sequence[Column], examples: Mapping[str, str], *, chosen: bool = False
) -> TableShape:
    """Return the shape of both together; what was empty so far takes the type of the new column.

    Args:
        shape: of the earlier rows.
        new_columns: those of the new file, in any order.
        examples: a cell of each, for the message.
        chosen: whether the user named the metrics; a column that was empty so far is none of them then.

    Raises:
        ColumnsDifferError: a column is missing or unknown, or holds something else.
    """
    new = {column.name: column for column in new_columns}
    old = {column.name for column in shape.columns}
    missing = [column.name for column in shape.columns if column.name not in new]
    unknown = [column.name for column in new_columns if column.name not in old]
    pairs = [(column, new[column.name]) for column in shape.columns if column.name in new]
    changed = [
        (earlier, later)
        for earlier, later in pairs
        if not _fits(earlier, later, is_time=earlier.name == shape.time_column)
    ]
    if missing or unknown or changed:
        raise _differ(missing, unknown, changed, examples)
    columns = tuple(_both(earlier, later) for earlier, later in pairs)
    fresh = tuple(
        column.name
        for (earlier, _), column in zip(pairs, columns, strict=True)
        if not chosen and earlier.type is ColumnType.EMPTY and column.type is ColumnType.NUMBER
    )
    return replace(shape, columns=columns, metric_columns=(*shape.metric_columns, *fresh))


def note_of(appended: Appended, version: int) -> str:
    """What happened, in a sentence."""
    sentence = f"{_rows(appended.added_rows)} added to version {version}"
    if appended.replaced_rows == 0:
        return f"{sentence}; {_rows(appended.kept_rows, 'earlier ')} kept."
    replaced = f"{_rows(appended.replaced_rows, 'earlier ')} for the same times replaced"
    return f"{sentence}; {replaced}, {appended.kept_rows:,} kept."


def _rows(count: int, which: str = "") -> str:
    return f"{count:,} {which}row{'' if count == 1 else 's'}"


def _fits(earlier: Column, later: Column, *, is_time: bool) -> bool:
    if earlier.unit and later.unit and earlier.unit != later.unit:
        return False
    if is_time:
        return True  # whether its cells read as times is for the reader to say, with an example
    anything = ColumnType.EMPTY in {earlier.type, later.type} or earlier.type is ColumnType.TEXT
    return anything or earlier.type is later.type


def _both(earlier: Column, later: Column) -> Column:
    kind = later.type if earlier.type is ColumnType.EMPTY else earlier.type
    return replace(earlier, type=kind, unit=earlier.unit or later.unit)


def _differ(
    missing: list[str], unknown: list[str], changed: list[tuple[Column, Column]], examples: Mapping[str, str]
) -> ColumnsDifferError:
    parts = []
    if missing:
        parts.append(f"missing {_listed(missing)}")
    if unknown:
        parts.append(f"unknown {_listed(unknown)}")
    for earlier, later in changed:
        if earlier.type is later.type:
            parts.append(f"“{earlier.name}” is in {earlier.unit} in the dataset and in {later.unit} here")
        else:
            example = f" (“{examples[later.name]}”)" if examples.get(later.name) else ""
            contents = f"holds {HOLDS[earlier.type]} in the dataset and {HOLDS[later.type]} here{example}"
            parts.append(f"“{earlier.name}” {contents}")
    return ColumnsDifferError(
        f"The columns do not match: {'; '.join(parts)}. Fix the file or choose Replace.",
        missing=missing,
        unknown=unknown,
        changed=[
            {"column": earlier.name, "before": _kind(earlier), "after": _kind(later)} for earlier, later in changed
        ],
    )


def _kind(column: Column) -> str:
    return f"{column.type} in {column.unit}" if column.unit else str(column.type)


def _listed(names: list[str]) -> str:
    return ("column " if len(names) == 1 else "columns ") + ", ".join(f"“{name}”" for name in names)
