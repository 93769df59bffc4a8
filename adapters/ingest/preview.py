"""What a file's head tells, for a look before it is uploaded."""

from collections import Counter
from typing import Final

from msgspec.structs import replace as changed

from adapters.ingest.append import plan_of
from adapters.ingest.judge import guesses, judged
from adapters.ingest.plan import ColumnPlan
from adapters.ingest.tables import Opened
from domain.appending import TableShape
from domain.dataset import ColumnType, Roles
from domain.errors import NoNumericColumnError
from domain.ingestion import Preview, PreviewColumn

PREVIEW_ROWS: Final = 20


def preview_of(opened: Opened, roles: Roles, like: TableShape | None) -> Preview:
    """Return what is shown. Raises as ``plan_of`` does, but for a file without numbers."""
    columns, decimal = judged(opened, roles)
    warnings = list(opened.notes)
    time: ColumnPlan | None = None
    metrics: tuple[str, ...] = ()
    try:
        plan = plan_of(columns, decimal, roles, like)
        time, metrics, columns = plan.time, plan.names, plan.columns
    except NoNumericColumnError as error:
        warnings.append(error.message)
    warnings += guesses([column for column in columns if column.type is ColumnType.NUMBER])
    order, undecided = _date_order(time, roles)
    warnings += undecided
    thousands = Counter(c.number.thousands for c in columns if c.number and c.number.thousands).most_common(1)
    numeric = any(c.type is ColumnType.NUMBER for c in columns)
    dialect = changed(
        opened.dialect,
        decimal=decimal if numeric else None,
        thousands=thousands[0][0] if thousands else None,
        date_order=order,
    )
    shown = tuple(tuple(cell for cell in row) for row in opened.sample[:PREVIEW_ROWS])
    return Preview(
        format=opened.format,
        dialect=dialect,
        columns=tuple(
            PreviewColumn(
                name=column.name,
                type=column.type,
                unit=column.number.unit if column.number and column.type is ColumnType.NUMBER else None,
                samples=tuple(row[i] or "" for row in shown[:5]),
            )
            for i, column in enumerate(columns)
        ),
        time_column=time.name if time else None,
        metric_columns=metrics,
        rows=shown,
        warnings=tuple(warnings),
    )


def _date_order(time: ColumnPlan | None, roles: Roles) -> tuple[str | None, list[str]]:
    """Return which of day and month comes first, as chosen or proven, and what to say where nothing proves it."""
    if time is None:
        return None, []
    found = time.order
    proven = (found.day_first > 0) - (found.month_first > 0)
    order = {1: "day first", -1: "month first", 0: None}[proven]
    if roles.day_first is not None:
        order = "day first" if roles.day_first else "month first"
    if order is None and found.undecided:
        example = found.examples[0]
        return None, [
            f"Day and month cannot be told apart in the head of the file (“{example}”): say which comes first."
        ]
    return order, []
