"""What a file's head tells, for a look before it is uploaded."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace as changed

from adapters.duckdb.reader.append import plan_of
from adapters.duckdb.reader.columns.column_plan import ColumnPlan
from adapters.duckdb.reader.columns.dates import by_name
from adapters.duckdb.reader.columns.infer import dimension_candidates, guesses, role_of
from adapters.duckdb.reader.columns.plan import rivals, time_candidates
from adapters.duckdb.reader.columns.time_choice import weighed
from adapters.duckdb.reader.columns.time_formats import Family
from adapters.duckdb.reader.dimensions import sampled_dimension
from adapters.duckdb.reader.shape.categories import categories_note
from adapters.duckdb.reader.shape.reshape import Shaped
from domain.datasets.columns import ColumnRole, ColumnType
from domain.datasets.dimensions import Dimension
from domain.datasets.ingest_result import Guess, Preview, PreviewColumn
from domain.datasets.parse_options import ParseOptions, Shape
from domain.datasets.table_schema import TableShape
from domain.errors import NoNumericColumnError

PREVIEW_ROWS: Final = 20


def preview_of(table: Shaped, options: ParseOptions, like: TableShape | None, steps: tuple[str, ...] = ()) -> Preview:
    """Return what is shown. Raises as ``plan_of`` does, but for a file without numbers.

    Args:
        table: in the shape in which it will be stored.
        options: what the user set.
        like: of the earlier version that rows are added to.
        steps: what was done to its shape, in sentences.
    """
    opened, columns, decimal = table.opened, table.columns, table.decimal
    seen = columns
    warnings = list(opened.notes)
    time: ColumnPlan | None = None
    metrics: tuple[str, ...] = ()
    try:
        plan = plan_of(columns, decimal, options, like)
        time, metrics, columns = plan.time, plan.names, plan.columns
    except NoNumericColumnError as error:
        warnings.append(error.message)
    warnings += guesses([column for column in columns if column.type is ColumnType.NUMBER])
    if time is not None and (note := categories_note(columns, time, opened.sample)):
        warnings.append(note)
    order, undecided = _date_order(time, options)
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
    when = time.name if time else None
    dimensions = _dimensions(table, columns, when, metrics, options)
    grouping = {dimension.name for dimension in dimensions}
    return Preview(
        format=opened.format,
        dialect=dialect,
        columns=tuple(
            _shown(c, [row[i] for row in shown[:5]], role_of(c, when, metrics, grouping)) for i, c in enumerate(columns)
        ),
        dimensions=dimensions,
        time_column=when,
        metric_columns=metrics,
        rows=shown,
        warnings=tuple(warnings),
        guesses=(
            *opened.guesses,
            *_time_guess(seen, time),
            *_order_guess(time, order, undecided),
            *_shape_guess(steps),
        ),
    )


def _dimensions(
    table: Shaped, columns: Sequence[ColumnPlan], when: str | None, metrics: Sequence[str], options: ParseOptions
) -> tuple[Dimension, ...]:
    """Count the values of the columns that may group rows in the sample of the file's rows."""
    places = {name: place for place, name in enumerate(table.opened.names)}
    dimensions = (
        sampled_dimension(
            column.name,
            [row[places[column.name]] for row in table.opened.sample],
            chosen=column.name in options.dimensions,
        )
        for column in dimension_candidates(columns, when, metrics, options)
        if column.name in places
    )
    return tuple(dimension for dimension in dimensions if dimension is not None)


def _shown(column: ColumnPlan, cells: Sequence[str | None], role: ColumnRole) -> PreviewColumn:
    return PreviewColumn(
        name=column.name,
        type=column.type,
        unit=column.number.unit if column.number and column.type is ColumnType.NUMBER else None,
        samples=tuple(cell or "" for cell in cells),
        role=role,
        evidence=column.naming,
    )


def _time_guess(columns: Sequence[ColumnPlan], time: ColumnPlan | None) -> list[Guess]:
    """Say which column is the time, why, and which others might be."""
    if time is None:
        return []
    others = tuple(column.name for column, _ in time_candidates(columns) if column.name != time.name)
    evidence = weighed(time).why
    asks = bool(set(rivals(columns)) & set(others))
    return [Guess(field="timeColumn", value=time.name, evidence=evidence, alternatives=others, asks=asks)]


def _order_guess(time: ColumnPlan | None, order: str | None, undecided: list[str]) -> list[Guess]:
    if time is None or time.time is None or Family.NUMERIC not in time.time.families:
        return []
    if order is None:
        evidence = " ".join(undecided) or "Day and month are the same in every date."
        both = ("true", "false")
        return [Guess(field="dayFirst", value=None, evidence=evidence, alternatives=both, asks=bool(undecided))]
    first = order == "day first"
    evidence = f"“{time.example.strip()[:40]}”: {order}."
    return [
        Guess(field="dayFirst", value=str(first).lower(), evidence=evidence, alternatives=(str(not first).lower(),))
    ]


def _shape_guess(steps: tuple[str, ...]) -> list[Guess]:
    as_is = (Shape.AS_IS.value,)
    return [Guess(field="shape", value=Shape.AUTO, evidence=" ".join(steps), alternatives=as_is)] if steps else []


def _date_order(time: ColumnPlan | None, options: ParseOptions) -> tuple[str | None, list[str]]:
    """Return which of day and month comes first, as chosen or proven, and what to say where nothing proves it."""
    if time is None:
        return None, []
    date_order = time.order
    proven = (date_order.day_first > 0) - (date_order.month_first > 0)
    order = {1: "day first", -1: "month first", 0: None}[proven]
    if order is None and (by_pattern := by_name(time.name)) is not None:
        order = "day first" if by_pattern else "month first"
    if options.day_first is not None:
        order = "day first" if options.day_first else "month first"
    if order is None and date_order.dotted and date_order.dotted >= date_order.undecided:
        return "day first", []  # wherever dates are written with dots
    if order is None and date_order.undecided:
        example = date_order.examples[0]
        return None, [
            f"Day and month cannot be told apart in the head of the file (“{example}”): say which comes first."
        ]
    return order, []
