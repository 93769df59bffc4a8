"""``TableReader`` on DuckDB's readers plus our own checks."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb
from msgspec.structs import replace as changed
from typing_extensions import override

from adapters.ingest import load
from adapters.ingest.dates import decide_order
from adapters.ingest.engine import MEMORY_LIMIT, THREADS, connect, quoted
from adapters.ingest.numbers import literal, missing_sql, parse_number
from adapters.ingest.plain import stage_plain
from adapters.ingest.plan import NUMBER_SHARE, ColumnPlan, Plan, cells_of, few_wrong, judge_columns, make_plan
from adapters.ingest.rejects import RejectFile
from adapters.ingest.source import MAX_DECOMPRESSED, open_source
from adapters.ingest.tables import Opened, open_table
from domain.dataset import Column, ColumnType, DataQuality, Roles
from domain.errors import MalformedFileError, NoNumericColumnError, NoUsableRowError, UnavailableError
from domain.ingestion import IngestReport, Preview, PreviewColumn
from domain.ports import TableReader
from domain.zones import zone

SAMPLE_CELLS: Final = 1_000  # per column, from the head, the middle and the end of the file
SAMPLE_TOTAL: Final = 40_000  # over all columns: 0.3 s of looking, however wide the file
FEWEST_CELLS: Final = 100
PREVIEW_ROWS: Final = 20
Report = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class DuckDBTableReader(TableReader):
    """Reads CSV, TSV, NDJSON, JSON, Parquet and .gz of them by content.

    Attributes:
        threads: that DuckDB may use for one file.
        memory: that DuckDB may use before it spills to disk.
        max_unpacked_bytes: that a compressed file may grow to.
    """

    threads: int = THREADS
    memory: str = MEMORY_LIMIT
    max_unpacked_bytes: int = MAX_DECOMPRESSED

    @override
    def preview(self, path: Path, roles: Roles) -> Preview:
        with TemporaryDirectory(prefix="driftline-") as folder:
            source = open_source(path, Path(folder), max_bytes=self.max_unpacked_bytes, whole=False)
            opened = open_table(source, Path(folder), roles, lambda _: None, whole=False)
            return _preview(opened, roles)

    @override
    def ingest(self, path: Path, roles: Roles, into: Path, report: Report) -> IngestReport:
        zone(roles.time_zone)
        into.mkdir(parents=True, exist_ok=True)
        rejects = RejectFile(into / "rejects.csv")
        try:
            with TemporaryDirectory(prefix="work-", dir=into) as folder:
                return self._ingest(path, roles, into, Path(folder), rejects, report)
        except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
            raise MalformedFileError(f"The file cannot be read as a table: {str(error).splitlines()[0]}") from error
        except (duckdb.OutOfMemoryException, duckdb.IOException, OSError) as error:
            raise UnavailableError(f"Reading the file failed: {error}", dependency="reader") from error
        finally:
            rejects.close()

    def _ingest(
        self, path: Path, roles: Roles, into: Path, work: Path, rejects: RejectFile, report: Report
    ) -> IngestReport:
        report(0.0, "Looking at the file")
        source = open_source(path, work, max_bytes=self.max_unpacked_bytes)
        opened = open_table(source, work, roles, rejects.add, report=lambda f: report(0.05 + 0.25 * f, "Checking rows"))
        if opened.raw.rows == 0:
            raise _nothing_usable(rejects)
        columns, decimal = _judged(opened, roles)
        plan = make_plan(columns, decimal, roles)
        with load.closing(connect(work, threads=self.threads, memory=self.memory)) as engine:
            plan = decide_order(engine, opened.raw, plan, roles)
            report(0.35, "Reading values")
            plan, rejected = _staged(engine, opened, plan, roles, work / "staged.parquet")
            names = load.table_names(plan)
            if rejected:
                load.write_rejects(engine, opened.raw, plan, rejects)
            report(0.75, "Putting rows in order of time")
            try:
                loaded = load.settle(
                    engine, work / "staged.parquet", plan, names, roles.time_zone, into / "table.parquet"
                )
            except NoUsableRowError:
                raise _nothing_usable(rejects) from None
        report(1.0, f"{loaded.rows:,} rows read")
        return _report(opened, plan, names, loaded, rejects, into / "table.parquet")


def _judged(opened: Opened, roles: Roles) -> tuple[tuple[ColumnPlan, ...], str]:
    each = max(FEWEST_CELLS, min(SAMPLE_CELLS, SAMPLE_TOTAL // len(opened.names)))
    samples = [cells_of(opened.sample, i, each) for i in range(len(opened.names))]
    columns, decimal = judge_columns(opened.names, samples, roles, opened.dialect.delimiter or "")
    if opened.natives is not None:
        columns = tuple(native.applied(column) for native, column in zip(opened.natives, columns, strict=True))
    return columns, decimal


def _staged(
    engine: duckdb.DuckDBPyConnection, opened: Opened, plan: Plan, roles: Roles, target: Path
) -> tuple[Plan, int]:
    """Cast all cells; where the whole file contradicts the sample, decide again from more of it."""
    for _ in range(4):
        names = load.table_names(plan)
        if not stage_plain(engine, opened.raw, plan, names, target):
            load.stage(engine, opened.raw, plan, names, target)
        total, usable = engine.execute(
            f"SELECT count(*), count(t) FROM read_parquet({literal(str(target))})"
        ).fetchone() or (0, 0)
        if total != opened.raw.rows:
            raise MalformedFileError(
                f"The file has {opened.raw.rows:,} rows of the right width, but only {total:,} can be told apart. "
                "Check its quotes and line ends."
            )
        again = _replanned(engine, opened, plan, roles, rejected=total - usable, target=target)
        if again is None:
            return plan, total - usable
        plan = again
    return plan, total - usable


def _replanned(
    engine: duckdb.DuckDBPyConnection, opened: Opened, plan: Plan, roles: Roles, *, rejected: int, target: Path
) -> Plan | None:
    """Return a better plan if the whole file contradicts the sample, else None."""
    wrong: list[ColumnPlan] = []
    if rejected:
        for name, (bad, filled) in load.failures(engine, opened.raw, plan).items():
            column = next(c for c in plan.columns if c.name == name)
            if filled and bad > (1 - NUMBER_SHARE) * filled and not few_wrong(filled, 1 - bad / filled):
                wrong.append(column)
    blank = [c for c in plan.others if c.type is ColumnType.EMPTY]
    if blank:
        names = load.table_names(plan)
        listed = ", ".join(f"count({quoted(names[c.name])})" for c in blank)
        counts = engine.execute(f"SELECT {listed} FROM read_parquet({literal(str(target))})").fetchone() or ()
        wrong += [c for c, n in zip(blank, counts, strict=True) if n]
    if not wrong:
        return None
    evidence = _more_cells(engine, opened, wrong)
    columns, decimal = list(_judged(opened, roles)[0]), plan.decimal
    return _merged(columns, plan, evidence, decimal, roles)


def _more_cells(
    engine: duckdb.DuckDBPyConnection, opened: Opened, columns: Sequence[ColumnPlan]
) -> dict[str, list[str]]:
    """Draw cells of some columns from the whole file."""
    out = {}
    for column in columns:
        missing = missing_sql(column.cell)
        rows = engine.execute(
            f"SELECT {column.cell} FROM (SELECT {column.cell} FROM {opened.raw.relation} WHERE NOT {missing})"
            f" USING SAMPLE reservoir({SAMPLE_CELLS} ROWS) REPEATABLE (1)"
        ).fetchall()
        out[column.name] = [row[0] for row in rows]
    return out


def _merged(
    columns: list[ColumnPlan], plan: Plan, evidence: dict[str, list[str]], decimal: str, roles: Roles
) -> Plan | None:
    current = {column.name: column for column in plan.columns}
    better: list[ColumnPlan] = []
    for i, column in enumerate(columns):
        if column.name not in evidence:
            better.append(current[column.name])
            continue
        cells = evidence[column.name]
        judged, _ = judge_columns([column.name], [cells], changed(roles, decimal_comma=decimal == ","), "")
        fresh = replace(judged[0], cell=f"c{i}")
        if column.name == plan.time.name and fresh.time and plan.time.time:
            order = plan.time.time.day_first
            fresh = replace(fresh, time=replace(fresh.time, day_first=order))
        if fresh.type is ColumnType.EMPTY:
            fresh = replace(fresh, type=ColumnType.TEXT)
        better.append(fresh)
    again = make_plan(better, decimal, roles)
    return None if again == plan else again


def _nothing_usable(rejects: RejectFile) -> NoUsableRowError:
    shown = "; ".join(f"line {r.line}: {r.reason} (“{r.value[:60]}”)" for r in rejects.first)
    return NoUsableRowError(
        f"Every one of {rejects.count:,} rows was rejected. First reasons: {shown}. "
        "Correct the file, or say which columns to use.",
        rejected=rejects.count,
    )


def _report(
    opened: Opened,
    plan: Plan,
    names: dict[str, str],
    loaded: load.Loaded,
    rejects: RejectFile,
    table: Path,
) -> IngestReport:
    notes = [*opened.notes, *loaded.notes]
    notes += [
        f"Column “{old}” is kept as “{new}”: “t” is the name of time here." for old, new in names.items() if old != new
    ]
    notes += _guesses(plan.metrics)
    rejects.close()
    return IngestReport(
        table=table,
        rejects=rejects.path,
        columns=tuple(_column(column, names) for column in plan.columns),
        time_column=plan.time.name,
        metric_columns=tuple(names[column.name] for column in plan.metrics),
        row_count=loaded.rows,
        first_time=loaded.first,
        last_time=loaded.last,
        quality=DataQuality(
            total_rows=loaded.rows + rejects.count,
            usable_rows=loaded.rows,
            rejected_rows=rejects.count,
            duplicate_rows=loaded.duplicate_rows,
            duplicate_times=loaded.duplicate_times,
            out_of_order_rows=loaded.out_of_order,
            missing_cells=loaded.missing,
            notes=tuple(notes),
        ),
    )


def _guesses(columns: Sequence[ColumnPlan]) -> list[str]:
    """Say which separators were taken for thousands without a proof."""
    return [
        f"Column “{column.name}”: “{column.guessed.strip()}” was read as"
        f" {parse_number(column.guessed, column.number):,.15g}, for nothing in the file proves that its"
        f" “{column.number.thousands}” is a decimal sign. Say which decimal sign it has if that is wrong."
        for column in columns
        if column.guessed and column.number is not None and parse_number(column.guessed, column.number) is not None
    ]


def _column(column: ColumnPlan, names: dict[str, str]) -> Column:
    unit = column.number.unit if column.number and column.type is ColumnType.NUMBER else None
    return Column(name=names[column.name], type=column.type, unit=unit)


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


def _preview(opened: Opened, roles: Roles) -> Preview:
    columns, decimal = _judged(opened, roles)
    warnings = list(opened.notes)
    time: ColumnPlan | None = None
    metrics: tuple[str, ...] = ()
    try:
        plan = make_plan(columns, decimal, roles)
        time, metrics, columns = plan.time, plan.names, plan.columns
    except NoNumericColumnError as error:
        warnings.append(error.message)
    warnings += _guesses([column for column in columns if column.type is ColumnType.NUMBER])
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
