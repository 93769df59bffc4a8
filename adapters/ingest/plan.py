"""What is each column? Decided from cells of the whole file: its head, middle and end."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from adapters.ingest.numbers import NumberFormat, decimal_evidence, infer_number, is_missing
from adapters.ingest.times import EPOCHS, Family, OrderEvidence, TimeFormat, infer_time
from domain.appending import TableShape
from domain.dataset import ColumnType, Roles
from domain.errors import ColumnNotFoundError, NoNumericColumnError, NoTimeColumnError

NUMBER_SHARE: Final = 0.9  # of a sample's cells: below it a column is text with numbers in it
TIME_SHARE: Final = 0.8
FEW_WRONG: Final = 2  # cells: a slip or two in a short file costs their rows, not the column
MOST_RIGHT: Final = 0.6  # ... as long as clearly more cells than not are right
NAMED_SHARE: Final = 0.5  # the user says it is one: then half must read as it
_TIME_WORDS: Final = re.compile(
    r"(?:^|[^a-z])(?:date|time|timestamp|datetime|ts|day|month|week|quarter|year|period|epoch|when|at|created|updated|"
    r"datum|fecha|zeit|ds|hour|minute)(?:$|[^a-z])"
)
BOOLEANS: Final = frozenset(["true", "false", "yes", "no", "t", "f", "y", "n"])


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """What a column is taken for.

    Attributes:
        name: as the user sees it.
        cell: SQL name of the raw column.
        type: what its cells are.
        number: how its numbers are written, if it holds any.
        time: how its times are written, if it is one of time.
        native: whether the source's column is typed already (Parquet).
        order: what its cells prove of day and month.
        time_share: share of the sample's cells that are times.
        number_share: share of them that are numbers.
        named: whether its name speaks of time.
        example: one of its cells.
        guessed: a cell whose separator could be a decimal sign as well, if nothing in the file proves which.
    """

    name: str
    cell: str
    type: ColumnType
    number: NumberFormat | None = None
    time: TimeFormat | None = None
    time_share: float = 0.0
    number_share: float = 0.0
    native: bool = False
    order: OrderEvidence = field(default_factory=OrderEvidence)
    named: bool = False
    example: str = ""
    guessed: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the file becomes a table: the column of time, the metrics, the rest."""

    time: ColumnPlan
    metrics: tuple[ColumnPlan, ...]
    others: tuple[ColumnPlan, ...]
    columns: tuple[ColumnPlan, ...]
    decimal: str
    shape: TableShape | None = None  # what the table's columns become, if they are to be like an earlier table's

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the metrics."""
        return tuple(column.name for column in self.metrics)


def time_named(name: str) -> bool:
    """Return whether a column's name speaks of time."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()
    return bool(_TIME_WORDS.search(spaced)) or spaced in {"t", "dt"} or spaced.endswith(("date", "time"))


def judge_columns(
    names: Sequence[str], samples: Sequence[Sequence[str]], roles: Roles, delimiter: str
) -> tuple[tuple[ColumnPlan, ...], str]:
    """Say what each column is, and the file's decimal sign.

    Args:
        names: of the columns.
        samples: cells of each column, missing ones left out.
        roles: what the user said.
        delimiter: a semicolon is what writers use whose decimal sign is the comma.
    """
    votes = [decimal_evidence(cells) for cells in samples]
    total: Counter[str] = sum(votes, Counter())
    standard = "," if total[","] > total["."] or (not total and delimiter == ";") else "."
    if roles.decimal_comma is not None:
        standard = "," if roles.decimal_comma else "."
    columns = []
    for i, (name, cells, vote) in enumerate(zip(names, samples, votes, strict=True)):
        decimal = standard
        if roles.decimal_comma is None and vote:
            decimal = "," if vote[","] > vote["."] else "."
        forced = name == roles.time_column
        column = _judge(name, f"c{i}", cells, decimal, forced=forced)
        guessed = "" if total or roles.decimal_comma is not None else _grouped(cells, column.number)
        columns.append(replace(column, guessed=guessed))
    return tuple(columns), standard


def few_wrong(cells: int, right: float) -> bool:
    """Whether a column is what most of its cells are, because the others are one or two slips."""
    return right >= MOST_RIGHT and round((1 - right) * cells) <= FEW_WRONG


def _judge(name: str, cell: str, cells: Sequence[str], decimal: str, *, forced: bool) -> ColumnPlan:
    named = time_named(name) or forced
    if not cells:
        return ColumnPlan(name, cell, ColumnType.EMPTY, named=named)
    number, number_share = infer_number(cells, decimal)
    # Bare numbers are no times unless the name says so: most columns need no second look.
    bare = number_share == 1.0 and not named and all(cell.strip().isdigit() for cell in cells[:3])
    form, time_share, order = infer_time([] if bare else cells, named_time=named)
    kind = ColumnType.TEXT
    if number_share >= NUMBER_SHARE or few_wrong(len(cells), number_share):
        kind = ColumnType.NUMBER
    elif time_share >= TIME_SHARE:
        kind = ColumnType.TIME
    elif all(value.strip().lower() in BOOLEANS for value in cells):
        kind = ColumnType.BOOLEAN
    return ColumnPlan(
        name,
        cell,
        kind,
        number=number,
        time=form if form.families else None,
        time_share=time_share,
        number_share=number_share,
        order=order,
        named=named,
        example=cells[0],
    )


def _grouped(cells: Sequence[str], form: NumberFormat | None) -> str:
    """Return a cell with a separator of thousands, if the format takes it for one."""
    if form is None or form.thousands not in {",", "."}:
        return ""
    return next((cell for cell in cells if form.thousands in cell), "")


def make_plan(columns: Sequence[ColumnPlan], decimal: str, roles: Roles) -> Plan:
    """Choose the column of time and the metrics.

    Raises:
        ColumnNotFoundError, NoTimeColumnError, NoNumericColumnError.
    """
    listed = [column.name for column in columns]
    wanted = [roles.time_column] if roles.time_column is not None else []
    for name in (*wanted, *roles.metric_columns):
        if name not in listed:
            raise ColumnNotFoundError(
                f"There is no column “{name}” in the file. It has: {', '.join(listed)}.", columns=listed, column=name
            )
    time = time_column(columns, roles)
    time = replace(time, type=ColumnType.TIME)
    rest = [column for column in columns if column.name != time.name]
    metrics = _metrics(rest, roles)
    chosen = {column.name for column in metrics}
    ordered = tuple(time if column.name == time.name else column for column in columns)
    others = tuple(column for column in rest if column.name not in chosen)
    return Plan(time=time, metrics=tuple(metrics), others=others, columns=ordered, decimal=decimal)


def time_column(columns: Sequence[ColumnPlan], roles: Roles) -> ColumnPlan:
    """Return the column of time. Raises NoTimeColumnError."""
    if roles.time_column is not None:
        column = next(column for column in columns if column.name == roles.time_column)
        if column.time is None or column.time_share < NAMED_SHARE:
            raise NoTimeColumnError(
                f"Column “{column.name}” does not read as time (“{column.example}”). "
                "Name another column, or write its times like 2024-01-31 or 2024-01-31T14:05:00Z.",
                columns=[c.name for c in columns],
            )
        return column
    candidates = [c for c in columns if c.time is not None and c.time_share >= NAMED_SHARE]
    if not candidates:
        raise NoTimeColumnError(
            f"No column reads as time. The file has: {', '.join(c.name for c in columns)}. "
            "Name the column of time, or write its times like 2024-01-31 or 2024-01-31T14:05:00Z.",
            columns=[c.name for c in columns],
        )
    return max(candidates, key=_time_rank)


def _time_rank(column: ColumnPlan) -> tuple[bool, bool, bool, bool]:
    families = set(column.time.families) if column.time else set()
    # A column of bare years, or one whose numbers only might be an epoch, is the last resort.
    return (column.time_share >= TIME_SHARE, families != {Family.YEAR}, not families & set(EPOCHS), column.named)


def _metrics(rest: Sequence[ColumnPlan], roles: Roles) -> list[ColumnPlan]:
    if roles.metric_columns:
        by_name = {column.name: column for column in rest}
        for name in roles.metric_columns:
            column = by_name.get(name)
            if column is None or column.number_share < NAMED_SHARE:
                example = f" (“{column.example}”)" if column and column.example else ""
                raise NoNumericColumnError(
                    f"Column “{name}” cannot be a metric: it does not read as numbers{example}. "
                    "Choose a numeric column.",
                    column=name,
                )
        return [replace(by_name[name], type=ColumnType.NUMBER) for name in dict.fromkeys(roles.metric_columns)]
    metrics = [column for column in rest if column.type is ColumnType.NUMBER]
    if not metrics:
        raise NoNumericColumnError(
            f"No column reads as numbers. The file has: {', '.join(c.name for c in rest) or 'only its time column'}. "
            "Add a numeric column.",
            columns=[column.name for column in rest],
        )
    return metrics


def cells_of(rows: Sequence[Sequence[str | None]], place: int, limit: int) -> list[str]:
    """Return cells of a column that hold something, at most so many, evenly from all rows."""
    cells = [cell for row in rows if (cell := row[place]) is not None and not is_missing(cell)]
    return cells[:: max(1, -(-len(cells) // limit))]
