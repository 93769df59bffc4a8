"""What the columns of an opened table are taken for, from a sample of its cells."""

from collections.abc import Sequence
from typing import Final

from adapters.ingest.numbers import parse_number
from adapters.ingest.plan import ColumnPlan, cells_of, judge_columns
from adapters.ingest.said import typed_as_said
from adapters.ingest.tables import Opened
from domain.dataset import Roles

SAMPLE_CELLS: Final = 1_000  # per column, from the head, the middle and the end of the file
SAMPLE_TOTAL: Final = 40_000  # over all columns: 0.3 s of looking, however wide the file
FEWEST_CELLS: Final = 100


def judged(opened: Opened, roles: Roles) -> tuple[tuple[ColumnPlan, ...], str]:
    """Return what each column is, as said by the user or by its cells, and the file's decimal sign."""
    each = max(FEWEST_CELLS, min(SAMPLE_CELLS, SAMPLE_TOTAL // len(opened.names)))
    samples = [cells_of(opened.sample, i, each) for i in range(len(opened.names))]
    columns, decimal = judge_columns(opened.names, samples, roles, opened.dialect.delimiter or "")
    if opened.natives is not None:
        columns = tuple(native.applied(column) for native, column in zip(opened.natives, columns, strict=True))
    return typed_as_said(columns, roles), decimal


def guesses(columns: Sequence[ColumnPlan]) -> list[str]:
    """Say which separators were taken for thousands without a proof."""
    return [
        f"Column “{column.name}”: “{column.guessed.strip()}” was read as"
        f" {parse_number(column.guessed, column.number):,.15g}, for nothing in the file proves that its"
        f" “{column.number.thousands}” is a decimal sign. Say which decimal sign it has if that is wrong."
        for column in columns
        if column.guessed and column.number is not None and parse_number(column.guessed, column.number) is not None
    ]
