"""``TableReader`` on DuckDB's readers plus our own checks."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from msgspec.structs import replace as changed
from typing_extensions import override

from adapters.ingest import load
from adapters.ingest.append import append_table, plan_of, report_of
from adapters.ingest.dates import decide_order
from adapters.ingest.engine import MEMORY_LIMIT, THREADS, connect, quoted
from adapters.ingest.judge import SAMPLE_CELLS, guesses, judged
from adapters.ingest.measures import counted
from adapters.ingest.numbers import literal, missing_sql
from adapters.ingest.plain import stage_plain
from adapters.ingest.plan import NUMBER_SHARE, ColumnPlan, Plan, few_wrong, judge_columns
from adapters.ingest.preview import preview_of
from adapters.ingest.rejecting import write_rejects
from adapters.ingest.rejects import RejectFile
from adapters.ingest.said import typed_as_said
from adapters.ingest.source import MAX_DECOMPRESSED, open_source
from adapters.ingest.tables import Opened, open_table
from domain.appending import TableShape
from domain.dataset import Column, ColumnType, DataQuality, Roles
from domain.errors import MalformedFileError, NoUsableRowError, UnavailableError
from domain.ingestion import IngestReport, Preview
from domain.measures import measures_first
from domain.ports import TableReader
from domain.zones import zone

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
    def preview(self, path: Path, roles: Roles, like: TableShape | None = None) -> Preview:
        with TemporaryDirectory(prefix="driftline-") as folder:
            limit = self.max_unpacked_bytes
            source = open_source(path, Path(folder), max_bytes=limit, encoding=roles.encoding, whole=False)
            opened = open_table(source, Path(folder), roles, lambda _: None, whole=False)
            return preview_of(opened, roles, like)

    @override
    def ingest(
        self, path: Path, roles: Roles, into: Path, report: Report, like: TableShape | None = None
    ) -> IngestReport:
        zone(roles.time_zone)
        into.mkdir(parents=True, exist_ok=True)
        rejects = RejectFile(into / "rejects.csv")
        try:
            with _translated(self.memory), TemporaryDirectory(prefix="work-", dir=into) as folder:
                return self._ingest(path, Wanted(roles, like), into, Path(folder), rejects, report)
        finally:
            rejects.close()

    @override
    def append(self, earlier: Path, added: IngestReport, into: Path) -> IngestReport:
        into.mkdir(parents=True, exist_ok=True)
        with (
            _translated(self.memory),
            TemporaryDirectory(prefix="work-", dir=into) as work,
            load.closing(connect(Path(work), threads=self.threads, memory=self.memory)) as engine,
        ):
            return report_of(added, *append_table(engine, earlier, added, into))

    def _ingest(
        self, path: Path, wanted: "Wanted", into: Path, work: Path, rejects: RejectFile, report: Report
    ) -> IngestReport:
        roles = wanted.roles
        report(0.0, "Looking at the file")
        source = open_source(path, work, max_bytes=self.max_unpacked_bytes, encoding=roles.encoding)
        opened = open_table(source, work, roles, rejects.add, report=lambda f: report(0.05 + 0.25 * f, "Checking rows"))
        if opened.raw.rows == 0:
            raise _nothing_usable(rejects)
        columns, decimal = judged(opened, roles)
        plan = plan_of(columns, decimal, roles, wanted.like)
        with load.closing(connect(work, threads=self.threads, memory=self.memory)) as engine:
            plan = decide_order(engine, opened.raw, plan, roles)
            report(0.35, "Reading values")
            plan, rejected = _staged(engine, opened, plan, wanted, work / "staged.parquet")
            names = load.table_names(plan)
            if rejected:
                write_rejects(engine, opened.raw, plan, rejects)
            report(0.75, "Putting rows in order of time")
            try:
                loaded = load.settle(
                    engine, work / "staged.parquet", plan, names, roles.time_zone, into / "table.parquet"
                )
            except NoUsableRowError:
                raise _nothing_usable(rejects) from None
            if wanted.may_order and len(plan.metrics) > 1:
                by_name = {names[column.name]: column for column in plan.metrics}
                ordered = measures_first(counted(engine, into / "table.parquet", list(by_name)))
                plan = replace(plan, metrics=tuple(by_name[name] for name in ordered))
        report(1.0, f"{loaded.rows:,} rows read")
        return _report(opened, plan, names, loaded, rejects, into / "table.parquet")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of a file before it is read."""

    roles: Roles
    like: TableShape | None

    @property
    def may_order(self) -> bool:
        """Nobody has said which metrics there are, in which order."""
        return self.like is None and not self.roles.metric_columns


@contextmanager
def _translated(memory: str) -> Iterator[None]:
    try:
        yield
    except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
        raise MalformedFileError(f"The file cannot be read as a table: {str(error).splitlines()[0]}") from error
    except duckdb.OutOfMemoryException as error:
        raise UnavailableError(
            f"Reading the file needs more than {memory} of memory. Allow more (DRIFTLINE_PROCESSING_MEMORY), or leave "
            "columns out.",
            dependency="reader",
        ) from error
    except (duckdb.IOException, OSError) as error:
        raise UnavailableError(f"Reading the file failed: {error}", dependency="reader") from error


def _staged(
    engine: duckdb.DuckDBPyConnection, opened: Opened, plan: Plan, wanted: Wanted, target: Path
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
        again = _replanned(engine, opened, plan, wanted, rejected=total - usable, target=target)
        if again is None:
            return plan, total - usable
        plan = again
    return plan, total - usable


def _replanned(
    engine: duckdb.DuckDBPyConnection, opened: Opened, plan: Plan, wanted: Wanted, *, rejected: int, target: Path
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
    columns, decimal = list(judged(opened, wanted.roles)[0]), plan.decimal
    return _merged(columns, plan, evidence, decimal, wanted)


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
    columns: list[ColumnPlan], plan: Plan, evidence: dict[str, list[str]], decimal: str, wanted: Wanted
) -> Plan | None:
    current = {column.name: column for column in plan.columns}
    better: list[ColumnPlan] = []
    for i, column in enumerate(columns):
        if column.name not in evidence:
            better.append(current[column.name])
            continue
        cells = evidence[column.name]
        judged, _ = judge_columns([column.name], [cells], changed(wanted.roles, decimal_comma=decimal == ","), "")
        fresh = replace(judged[0], cell=f"c{i}")
        if column.name == plan.time.name and fresh.time and plan.time.time:
            order = plan.time.time.day_first
            fresh = replace(fresh, time=replace(fresh.time, day_first=order))
        if fresh.type is ColumnType.EMPTY:
            fresh = replace(fresh, type=ColumnType.TEXT)
        better.append(fresh)
    again = plan_of(typed_as_said(better, wanted.roles), decimal, wanted.roles, wanted.like)
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
    notes += guesses(plan.metrics)
    rejects.close()
    return IngestReport(
        table=table,
        rejects=rejects.path,
        columns=plan.shape.columns if plan.shape else tuple(_column(column, names) for column in plan.columns),
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


def _column(column: ColumnPlan, names: dict[str, str]) -> Column:
    unit = column.number.unit if column.number and column.type is ColumnType.NUMBER else None
    return Column(name=names[column.name], type=column.type, unit=unit)
