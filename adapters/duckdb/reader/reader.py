"""``TableReader`` on DuckDB's readers plus our own checks."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb
from typing_extensions import override

from adapters.duckdb.engine import THREADS, connect
from adapters.duckdb.limits import DEFAULT_LIMITS, MEMORY, ReadLimits
from adapters.duckdb.reader.append import append_table, dimensions_of, plan_of, report_of
from adapters.duckdb.reader.columns.dates import decide_order, settle_zones
from adapters.duckdb.reader.columns.infer import dimension_candidates, guesses, role_of, time_notes, unread_notes
from adapters.duckdb.reader.columns.measures import counted
from adapters.duckdb.reader.columns.plan import ColumnPlan, Plan
from adapters.duckdb.reader.dimensions import counted_dimensions
from adapters.duckdb.reader.formats.format import OpenRequest
from adapters.duckdb.reader.open_file import open_source
from adapters.duckdb.reader.open_table import open_table
from adapters.duckdb.reader.opened import Opened
from adapters.duckdb.reader.preview import preview_of
from adapters.duckdb.reader.raw_table import TIME, table_names
from adapters.duckdb.reader.rejects import RejectFile
from adapters.duckdb.reader.replan import Wanted, staged
from adapters.duckdb.reader.settle import Loaded, settle
from adapters.duckdb.reader.shape.categories import categories_note
from adapters.duckdb.reader.shape.reshape import reshaped
from adapters.duckdb.reader.translate import translated
from adapters.duckdb.reader.write_rejects import write_rejects
from domain.datasets.column_roles import measures_first
from domain.datasets.columns import Column, ColumnRole, ColumnType
from domain.datasets.dataset import DataQuality
from domain.datasets.dimensions import Dimension, with_roles
from domain.datasets.ingest_result import IngestResult, Preview, Reject
from domain.datasets.parse_options import ParseOptions
from domain.datasets.table_schema import TableShape
from domain.errors import NoUsableRowError
from domain.ports.datasets import TableReader
from domain.timeseries.timezones import zone

Report = Callable[[float, str], None]
MOST_REJECTED: Final = 0.8  # of the rows: from here on the file was not read, and a few rows of it are no dataset


@dataclass(frozen=True, slots=True)
class DuckDBTableReader(TableReader):
    """Reads CSV, TSV, NDJSON, JSON, Parquet and .gz of them by content.

    Attributes:
        threads: that DuckDB may use for one file.
        memory: that DuckDB may use before it spills to disk.
        limits: of what a file may hold.
        scratch: folder for a preview's unpacked copies; the system's own if None.
    """

    threads: int = THREADS
    memory: str = MEMORY
    limits: ReadLimits = DEFAULT_LIMITS
    scratch: Path | None = None

    @override
    def preview(self, path: Path, options: ParseOptions, like: TableShape | None = None) -> Preview:
        with translated(self.memory), TemporaryDirectory(prefix="driftline-", dir=self.scratch) as folder:
            work, limits = Path(folder), self.limits
            source = open_source(path, work, max_bytes=limits.max_unpacked_bytes, member=options.member, whole=False)
            opened = open_table(OpenRequest(source, work, options, reject=_ignored, whole=False, limits=limits))
            shaped = reshaped(opened, options, work, like)
            return preview_of(shaped, options, like, shaped.opened.notes[len(opened.notes) :])

    @override
    def ingest(
        self, path: Path, options: ParseOptions, into: Path, report: Report, like: TableShape | None = None
    ) -> IngestResult:
        zone(options.time_zone)
        into.mkdir(parents=True, exist_ok=True)
        rejects = RejectFile(into / "rejects.csv")
        try:
            with translated(self.memory), TemporaryDirectory(prefix="work-", dir=into) as folder:
                return self._ingest(path, Wanted(options, like), into, Path(folder), rejects, report)
        finally:
            rejects.close()

    @override
    def append(self, earlier: Path, added: IngestResult, into: Path, options: ParseOptions) -> IngestResult:
        into.mkdir(parents=True, exist_ok=True)
        with (
            translated(self.memory),
            TemporaryDirectory(prefix="work-", dir=into) as work,
            closing(self._engine(Path(work), earlier.parent, added.table.parent, into)) as engine,
        ):
            joined = append_table(engine, earlier, added, into)
            return report_of(added, *joined, dimensions_of(engine, added, joined[0], options))

    def _ingest(
        self, path: Path, wanted: "Wanted", into: Path, work: Path, rejects: RejectFile, report: Report
    ) -> IngestResult:
        options = wanted.options
        report(0.0, "Looking at the file")
        source = open_source(path, work, max_bytes=self.limits.max_unpacked_bytes, member=options.member)
        checked = lambda part: report(0.05 + 0.25 * part, "Checking rows")  # noqa: E731 - one line of its own
        opened = open_table(OpenRequest(source, work, options, reject=rejects.add, report=checked, limits=self.limits))
        self.limits.check_rows(opened.raw.rows)
        if opened.raw.rows == 0:
            raise _nothing_usable(rejects)
        shaped = reshaped(opened, options, work, wanted.like)
        opened = shaped.opened
        plan = plan_of(shaped.columns, shaped.decimal, options, wanted.like)
        with closing(self._engine(work, into, path.parent)) as engine:
            plan = settle_zones(decide_order(engine, opened.raw, plan, options), options)
            report(0.35, "Reading values")
            plan, rejected, unread = staged(engine, opened, plan, wanted, work / "staged.parquet")
            names = table_names(plan)
            if rejected:
                write_rejects(engine, opened.raw, plan, rejects)
            _check_enough(opened, rejects)
            report(0.75, "Putting rows in order of time")
            try:
                loaded = settle(engine, work / "staged.parquet", plan, names, options.time_zone, into / "table.parquet")
            except NoUsableRowError:
                raise _nothing_usable(rejects) from None
            if wanted.may_order and len(plan.metrics) > 1:
                by_name = {names[column.name]: column for column in plan.metrics}
                ordered = measures_first(counted(engine, into / "table.parquet", list(by_name)))
                plan = replace(plan, metrics=tuple(by_name[name] for name in ordered))
            dimensions = _dimensions(engine, plan, names, options, into / "table.parquet")
        report(1.0, f"{loaded.rows:,} rows read")
        loaded.notes += unread_notes(unread)
        return _report(opened, plan, names, loaded, rejects, dimensions, into / "table.parquet")

    def _engine(self, work: Path, *folders: Path) -> duckdb.DuckDBPyConnection:
        return connect(work, folders, threads=self.threads, memory=self.memory)


def _ignored(_reject: Reject) -> None:
    """A preview lists no rejected rows."""


def _check_enough(opened: Opened, rejects: RejectFile) -> None:
    """Check that most rows are used: a table of the few others would not be the file. Raises NoUsableRowError."""
    shaped = rejects.of_shape
    total = opened.raw.rows + shaped
    if rejects.count >= MOST_REJECTED * total:
        raise _nothing_usable(rejects, total)


def _nothing_usable(rejects: RejectFile, total: int = 0) -> NoUsableRowError:
    shown = "; ".join(
        f"line {r.line}: {r.reason} (" + (f"column “{r.column}”: " if r.column else "") + f"“{r.value[:60]}”)"
        for r in rejects.first
    )
    how_many = f"Every one of {rejects.count:,} rows was"
    if total > rejects.count:
        how_many = f"{rejects.count:,} of {total:,} rows were"
    return NoUsableRowError(
        f"{how_many} rejected. First reasons: {shown}. Fix the file, or choose which columns to use.",
        rejected=rejects.count,
    )


def _report(
    opened: Opened,
    plan: Plan,
    names: dict[str, str],
    loaded: Loaded,
    rejects: RejectFile,
    dimensions: tuple[Dimension, ...],
    table: Path,
) -> IngestResult:
    notes = [*opened.notes, *loaded.notes]
    notes += [
        f"Column “{old}” is kept as “{new}”: “{old.casefold()}” is the name of"
        f" {'time' if old.casefold() == TIME else 'something else'} here."
        for old, new in names.items()
        if old != new
    ]
    notes += guesses(plan.metrics) + time_notes(plan.time)
    if loaded.duplicate_times and (note := categories_note(plan.columns, plan.time, opened.sample)):
        notes.append(note)
    rejects.close()
    named = {dimension.name for dimension in dimensions}
    columns = tuple(_column(column, names, plan, named) for column in plan.columns)
    return IngestResult(
        table=table,
        rejects=rejects.path,
        columns=with_roles(plan.shape.columns, dimensions) if plan.shape else columns,
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
        dimensions=dimensions,
    )


def _dimensions(
    engine: duckdb.DuckDBPyConnection, plan: Plan, names: dict[str, str], options: ParseOptions, table: Path
) -> tuple[Dimension, ...]:
    """Count the columns whose values may group rows; of an earlier version's those that grouped them stay."""
    candidates = dimension_candidates(plan.others, plan.time.name, plan.names, options)
    chosen = {names[column.name] for column in candidates if column.name in options.dimensions}
    listed = [names[column.name] for column in candidates]
    if plan.shape and not options.dimensions:
        stored = {column.name for column in plan.shape.columns if column.role is ColumnRole.DIMENSION}
        chosen |= stored - {names.get(name, name) for name in options.not_dimensions}
        listed += [names[c.name] for c in plan.others if names[c.name] in chosen and names[c.name] not in listed]
    return counted_dimensions(engine, table, listed, chosen)


def _column(column: ColumnPlan, names: dict[str, str], plan: Plan, dimensions: set[str]) -> Column:
    unit = column.number.unit if column.number and column.type is ColumnType.NUMBER else None
    role = role_of(column, plan.time.name, plan.names, {old for old, new in names.items() if new in dimensions})
    return Column(name=names[column.name], type=column.type, unit=unit, role=role)
