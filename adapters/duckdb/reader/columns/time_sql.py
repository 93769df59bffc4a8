"""SQL that reads times as ``times.parse_time`` does, for whole columns."""

from collections.abc import Iterable
from typing import Final

from adapters.duckdb.reader.columns.numbers import MAX_MATCHED, trimmed_sql
from adapters.duckdb.reader.columns.time_cells import MONTH_SLACK
from adapters.duckdb.reader.columns.time_formats import (
    COUNTED,
    EPOCHS,
    EXCEL_EPOCH,
    MONTHS,
    PATTERNS,
    Family,
    TimeFormat,
)
from adapters.duckdb.reader.columns.time_marks import cleaned_sql
from adapters.duckdb.reader.columns.zone_names import minutes_sql
from adapters.duckdb.sql_text import literal

_COUNTED_CELL: Final = r"^\s*\d+(?:\.\d*)?\s*$"


def time_sql(cell: str, form: TimeFormat) -> tuple[str, str]:
    """Return SQL for the naive TIMESTAMP a cell holds (NULL if none), and for whether its own offset was applied.

    The time counts only if it is ``IN_RANGE``.
    """
    if form.native:
        return f"try_cast({cell} AS TIMESTAMP)", "true" if form.aware else "false"
    fast = " OR ".join(f"{cell} LIKE {literal(shape)}" for shape in form.shapes)
    branches = [f"CASE WHEN {fast} THEN try_cast({cell} AS TIMESTAMP) END"] if fast else []
    aware: list[str] = []
    text = prepared_sql(cell, form)
    for family in form.families:
        if family in COUNTED:
            branches.append(_counted_sql(text, family))
            aware += [f"regexp_matches({text}, {literal(_COUNTED_CELL)})"] if family in EPOCHS else []
            continue
        branches.append(_family_sql(text, family, form))
        if form.aware and "z" in PATTERNS[family][1]:
            aware.append(f"list_transform([{parts_sql(text, family)}], lambda x: x.z <> '')[1]")
    moment = branches[0] if len(branches) == 1 else f"coalesce({', '.join(branches)})"
    return moment, " OR ".join(dict.fromkeys(aware)) or "false"


def prepared_sql(cell: str, form: TimeFormat) -> str:
    """Return SQL for the text of a cell: the begin of an interval, in English."""
    text = cleaned_sql(cell, form)
    text = f"split_part({text}, {literal(form.span)}, 1)" if form.span else text
    if form.words:
        text = f"lower({text})"
        for old, new in form.words:
            text = f"replace({text}, {literal(old)}, {literal(new)})"
        text = f"rtrim({text}, '-: ')"  # what a sign such as 月 leaves at the end
    return text


def parts_sql(cell: str, family: Family) -> str:
    """Return SQL for the struct of a cell's named groups ("" where empty), as ``times.parts_of``."""
    pattern, names = PATTERNS[family]
    text = trimmed_sql(cell)
    cut = f"split_part({text}, ' (', 1)"
    return (
        f"regexp_extract(CASE WHEN length({text}) <= {MAX_MATCHED} THEN {text}"
        f" WHEN length({cut}) <= {MAX_MATCHED} THEN {cut} ELSE '' END,"
        f" {literal(pattern)}, [{', '.join(literal(name) for name in names)}])"
    )


def _counted_sql(text: str, family: Family) -> str:
    value = f"try_cast({text} AS DECIMAL(38, 9))"
    if family in EPOCHS:
        moment = f"make_timestamp(try_cast(round({value} * {1e6 / EPOCHS[family][0]:.9f}) AS BIGINT))"
    elif family is Family.EXCEL:
        moment = f"TIMESTAMP '{EXCEL_EPOCH}' + to_seconds(try_cast(round({value} * 86400) AS BIGINT))"
    else:
        year = f"try_cast(floor({value}) AS INT)"
        start = f"make_date({year}, 1, 1)::TIMESTAMP"
        if family is Family.DECIMAL_MONTH:
            moment = f"{start} + to_months(floor(({value} - {year}) * 12 + {MONTH_SLACK})::INT)"
        else:
            days = f"date_diff('day', make_date({year}, 1, 1), make_date({year} + 1, 1, 1))"
            moment = f"{start} + to_seconds(round(({value} - {year}) * {days} * 86400)::BIGINT)"
    return f"CASE WHEN regexp_matches({text}, {literal(_COUNTED_CELL)}) THEN try({moment}) END"


def _family_sql(text: str, family: Family, form: TimeFormat) -> str:
    names = PATTERNS[family][1]
    year = (
        f"CASE WHEN length(x.y) <= 2 THEN CASE WHEN x.y::INT >= {form.pivot} THEN '19' ELSE '20' END"
        " || lpad(x.y, 2, '0') ELSE x.y END"
    )
    if form.era:
        year = f"(try_cast(x.y AS INT) + CASE WHEN length(x.y) <= 2 THEN 2500 ELSE 0 END - {form.era})::VARCHAR"
    if "w" in names:
        date = _week_sql(year, day="wd" in names)
    else:
        month, day = _month_and_day(family, names, day_first=bool(form.day_first))
        date = f"try_cast({year} || '-' || {month} || '-' || {day} AS TIMESTAMP)"
    valid = "x.y <> ''"
    if family is Family.FINANCIAL:
        valid = "CASE WHEN x.y <> '' THEN (x.y::INT + 1) % 100 = x.e::INT % 100 ELSE false END"
    body = f"CASE WHEN {valid} THEN {date}{_clock_sql(names, form)} END"
    return f"list_transform([{parts_sql(text, family)}], lambda x: {body})[1]"


def _month_and_day(family: Family, names: Iterable[str], *, day_first: bool) -> tuple[str, str]:
    month = "x.m" if "m" in names else "'1'"
    day = "x.d" if "d" in names else "'1'"
    if family is Family.NUMERIC:
        day, month = ("x.a", "x.b") if day_first else ("x.b", "x.a")
    if "n" in names:
        month = f"list_position([{', '.join(literal(m) for m in MONTHS)}], lower(x.n[1:3]))::VARCHAR"
    if "q" in names:
        month = "(x.q::INT * 3 - 2)::VARCHAR"
    if "hf" in names:
        month = "(x.hf::INT * 6 - 5)::VARCHAR"
    return month, day


def _week_sql(year: str, *, day: bool) -> str:
    """Return SQL for the first day of an ISO week (ISO 8601: week 1 holds 4 January), or one of its days."""
    fourth = f"({year} || '-01-04')"
    monday = f"date_trunc('week', {fourth}::DATE)::DATE"
    weekday = "CASE WHEN x.wd = '' THEN 0 ELSE x.wd::INT - 1 END" if day else "0"
    begin = f"({monday} + ((x.w::INT - 1) * 7 + {weekday}))"
    last = f"date_trunc('week', (({year})::INT || '-12-28')::DATE)::DATE + 6"
    return f"CASE WHEN x.w::INT BETWEEN 1 AND 53 AND {begin} <= {last} THEN {begin}::TIMESTAMP END"


def _clock_sql(names: Iterable[str], form: TimeFormat) -> str:
    if "h" not in names:
        return ""
    hour, limit = "x.h::BIGINT", "x.h::BIGINT <= 24"
    if "ap" in names:
        hour = "CASE WHEN x.ap = '' THEN x.h::BIGINT ELSE x.h::BIGINT % 12 + 12 * (lower(x.ap[1]) = 'p')::INT END"
        limit = "(CASE WHEN x.ap = '' THEN x.h::INT <= 24 ELSE x.h::INT BETWEEN 1 AND 12 END)"
    minute = "CASE WHEN x.mi = '' THEN 0 ELSE x.mi::BIGINT END"
    parts = "CASE WHEN length(x.s) > 2 THEN x.s[1:2] || '.' || ltrim(x.s[3:], '.,:') ELSE x.s END"
    second = f"CASE WHEN x.s = '' THEN 0 ELSE ({parts})::DECIMAL(18, 9) END"
    micros = f"(({hour}) * 3600 + ({minute}) * 60) * 1000000 + round(({second}) * 1000000)::BIGINT"
    valid = f"{limit} AND ({minute}) < 60 AND ({second}) < 60"
    clock = f" + CASE WHEN x.h = '' THEN INTERVAL 0 SECOND WHEN {valid} THEN to_microseconds({micros}) END"
    if "z" not in names:
        return clock
    return clock + f" - to_minutes({minutes_sql('x.z', form.zones)})"
