"""The aggregation question as SQL: pure functions from a question to a query.

Offsets from UTC come from ``domain.timeseries.timezones`` and are written into the query, so that every day of 23 or 25
hours is the same here, in the oracle and in MongoDB, whatever tables of time zones the engine was built with.

Deviations are taken from the median first, so that an offset of 1e15 costs no digit, and sums are compensated
(DuckDB's ``fsum``, Kahan 1965).
"""

from collections.abc import Sequence
from typing import Final

from adapters.duckdb.sql_text import in_segment, literal, quoted
from domain.analysis.suggested_reasons import MOST_CHARACTERS, MOST_TEXTS
from domain.timeseries.aggregation import Aggregate, Granularity
from domain.timeseries.buckets import MONTHS, SHORT_US
from domain.timeseries.segment import EVERY_ROW, Segment
from domain.timeseries.timezones import DAY_US, Offsets

# Whole days and weeks before year 1, added so that integer division rounds down: 719,166 = 7 x 102,738.
SHIFT_DAYS: Final = 719_166
_SHIFT_US: Final = SHIFT_DAYS * DAY_US
_WEEK_SHIFT: Final = SHIFT_DAYS // 7


def rows_sql(path: str, metric: str, table: Offsets, segment: Segment = EVERY_ROW) -> str:
    """Return the relation of usable rows in order of time: ``u`` instant and ``s`` offset in microseconds, ``v``."""
    shift = _offset_tree([int(v) for v in table.start[1:]], [int(v) for v in table.offset])
    return (
        f"(SELECT u, {shift} AS s, v FROM (SELECT epoch_us(t) AS u, {quoted(metric)} AS v"
        f" FROM read_parquet({literal(path)}) WHERE isfinite({quoted(metric)}) AND {in_segment(segment)}))"
    )


def _offset_tree(edges: Sequence[int], values: Sequence[int]) -> str:
    """Write the offset as nested halves: a hundred changes cost seven comparisons."""
    if not edges:
        return f"{values[0]}::BIGINT"
    half = len(edges) // 2
    low, high = _offset_tree(edges[:half], values[: half + 1]), _offset_tree(edges[half + 1 :], values[half + 1 :])
    return f"CASE WHEN u < {edges[half]} THEN {low} ELSE {high} END"


def bounds_sql(path: str, metric: str) -> str:
    """Ask for all rows, and of the usable ones: their number, the range, and whether all values are whole."""
    name, usable = quoted(metric), f"FILTER (isfinite({quoted(metric)}))"
    return (
        f"SELECT count(*), count(*) {usable}, min({name}) {usable}, max({name}) {usable},"
        f" coalesce(bool_and({name} = floor({name})) {usable}, false) FROM read_parquet({literal(path)})"
    )


def span_sql(path: str) -> str:
    """Ask for the first and last instant of all rows."""
    return f"SELECT epoch_us(min(t)), epoch_us(max(t)) FROM read_parquet({literal(path)})"


def footer_sql(path: str) -> str:
    """Ask for the number of rows by the file's own footer."""
    return f"SELECT sum(num_rows) FROM parquet_file_metadata({literal(path)})"


def ends_sql(rows: str) -> str:
    """Ask for the first and last instant of the usable rows."""
    return f"SELECT min(u), max(u) FROM {rows}"


def steps_sql(rows: str) -> str:
    """Ask how often each step between neighbours occurs, and how many of them lead into another minute or hour.

    Rows are in order of time, so these changes count the different minutes and hours; a step of 0 is between rows
    of one time.
    """
    changed = ", ".join(
        f"count(*) FILTER ({key_sql(unit)} <> {key_sql(unit, 'pu', 'ps')}) AS {unit}" for unit in SHORT_US
    )
    return (
        f"SELECT u - pu AS step, count(*) AS n, {changed}"
        f" FROM (SELECT u, s, lag(u) OVER () AS pu, lag(s) OVER () AS ps FROM {rows})"
        " WHERE pu IS NOT NULL GROUP BY step"
    )


def days_sql(rows: str) -> str:
    """Ask which local days hold a row."""
    return f"SELECT DISTINCT {key_sql(Granularity.DAY)} AS k FROM {rows}"


def key_sql(granularity: Granularity, u: str = "u", s: str = "s") -> str:
    """Return SQL for the bucket of a row: its start for ``native``, minutes and hours, else its number.

    The numbers are those of ``domain.timeseries.buckets.ordinals``.
    """
    if granularity is Granularity.NATIVE:
        return u
    if granularity in SHORT_US:
        unit = SHORT_US[granularity]
        return f"({u} + {s} + {_SHIFT_US}) // {unit} * {unit} - {_SHIFT_US} - {s}"
    if granularity is Granularity.DAY:
        return f"({u} + {s} + {_SHIFT_US}) // {DAY_US} - {SHIFT_DAYS}"
    if granularity is Granularity.WEEK:  # 1970-01-05, day 4, was a Monday
        return f"(({u} + {s} + {_SHIFT_US}) // {DAY_US} - 4) // 7 - {_WEEK_SHIFT}"
    local = f"make_timestamp({u} + {s})"
    months = f"(year({local}) * 12 + month({local}) - 1)"
    unit = MONTHS[granularity]
    return f"{months} // {unit} - {1970 * 12 // unit}"


_AGGREGATES: Final = {
    # A sum beyond the largest double is infinite; the compensation would make it NaN.
    Aggregate.SUM: "CASE WHEN isfinite(fsum(v)) THEN fsum(v) ELSE sum(v) END",
    Aggregate.MEAN: "CASE WHEN isfinite(fsum(v)) THEN fsum(v) ELSE sum(v) END / count(*)",
    Aggregate.MIN: "min(v)",
    Aggregate.MAX: "max(v)",
    Aggregate.COUNT: "count(*)::DOUBLE",
}


def points_sql(rows: str, granularity: Granularity, aggregate: Aggregate) -> str:
    """Make the table of points ``k`` (bucket), ``n`` (rows), ``x`` (value)."""
    return (
        f"CREATE OR REPLACE TEMP TABLE points AS SELECT {key_sql(granularity)} AS k, count(*) AS n,"
        f" {_AGGREGATES[aggregate]} AS x FROM {rows} GROUP BY k"
    )


QUARTILES: Final = "SELECT min(x), max(x), quantile_cont(x, [0.25, 0.5, 0.75]) FROM points"
CENTER: Final = "SELECT fsum(x - $median) / count(*) FROM points"
DEVIATION: Final = "SELECT sqrt(fsum((x - $median - $center) ** 2) / (count(*) - 1)) FROM points"


def window_sql(window: int) -> str:
    """Ask for every point with its rolling mean and deviation and its z-score, in order of time."""
    return (
        "SELECT k, n, x, avg(d) OVER w + $median AS rolling_mean,"
        " coalesce(stddev_samp(d) OVER w, 'nan'::DOUBLE) AS rolling_std,"
        " CASE WHEN $deviation > 0 THEN (d - $center) / $deviation ELSE 'nan'::DOUBLE END AS z_score"
        " FROM (SELECT k, n, x, x - $median AS d FROM points)"
        f" WINDOW w AS (ORDER BY k ROWS BETWEEN {max(window, 1) - 1} PRECEDING AND CURRENT ROW) ORDER BY k"
    )


def texts_sql(path: str, column: str) -> str:
    """Ask what stands in a column in given stretches: their number, and the text."""
    text, numbered = f"left(trim({quoted(column)}), {MOST_CHARACTERS})", "file_row_number"
    return (
        f"SELECT i, x FROM (SELECT i, x, min(r) AS first FROM (SELECT epoch_us(t) AS u, {numbered} AS r, {text} AS x"
        f" FROM read_parquet({literal(path)}, {numbered} = true) WHERE trim({quoted(column)}) <> '')"
        f" JOIN (SELECT unnest($number) AS i, unnest($start) AS a, unnest($end) AS b) ON u >= a AND u < b"
        f" GROUP BY i, x) QUALIFY row_number() OVER (PARTITION BY i ORDER BY first) <= {MOST_TEXTS}"
        " ORDER BY i, first"
    )
