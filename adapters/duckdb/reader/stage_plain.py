"""The fast way for plain files: bare numbers and one ISO shape of times, proven by the whole file.

DuckDB's reader then makes the numbers while it parses. Whatever it meets that is not plain ends the attempt, and
the file is read the general way: the answers are the same, only the time differs (measured: a third of it).
"""

from pathlib import Path

import duckdb

from adapters.duckdb.engine import parquet
from adapters.duckdb.reader.columns.column_plan import Plan
from adapters.duckdb.reader.columns.time_formats import Family
from adapters.duckdb.reader.raw_table import TIME, RawTable
from adapters.duckdb.sql_text import literal, quoted


def stage_plain(
    engine: duckdb.DuckDBPyConnection, raw: RawTable, plan: Plan, names: dict[str, str], target: Path
) -> bool:
    """Write the staged table as ``stage.stage`` does; False if the file is not plain and nothing counts."""
    form = plan.time.time
    metrics = plan.metrics
    if raw.numeric is None or form is None or form.aware or form.native or form.families != (Family.YMD,):
        return False
    if not form.shapes or not all(column.number is not None and column.number.plain for column in metrics):
        return False
    shape = " OR ".join(f"{plan.time.cell} LIKE {literal(one)}" for one in form.shapes)
    moment = f"CASE WHEN {shape} THEN try_cast({plan.time.cell} AS TIMESTAMP) END"
    columns = [f"{column.cell} AS {quoted(names[column.name])}" for column in (*metrics, *plan.others)]
    relation = raw.numeric(frozenset(column.cell for column in metrics))
    try:
        engine.execute(
            f"COPY (SELECT {', '.join([f'{moment} AS {TIME}', *columns])} FROM {relation})"
            f" TO {parquet(target, 1 + len(columns))}"
        )
    except (duckdb.ConversionException, duckdb.InvalidInputException):
        return False
    # "nan" and "inf" are missing cells, "1e400" and the year 0 are errors: the general way tells them apart.
    odd = "".join(f" OR NOT isfinite({quoted(names[column.name])})" for column in metrics)
    early = f"{TIME} < TIMESTAMP '0001-01-03' OR {TIME} > TIMESTAMP '9999-12-29'"
    row = engine.execute(
        f"SELECT count(*) FROM read_parquet({literal(str(target))}) WHERE {TIME} IS NULL OR {early}{odd}"
    ).fetchone()
    return row == (0,)
