"""Rows that are arrays: beside their names, below them, or pairs of time and value."""

from collections.abc import Sequence
from typing import Any

from adapters.duckdb.reader.formats.json_shapes.values import (
    PROBED,
    TIME,
    VALUE,
    Found,
    free_name,
    is_time,
    joined_path,
    timelike,
    walk,
)


def split(value: Any) -> Found | None:
    """Rows as arrays beside their names: pandas' split, BigQuery, Socrata, InfluxDB, Elasticsearch SQL."""
    for place, item in walk(value):
        if not isinstance(item, dict):
            continue
        for names_key, listed in item.items():
            names = _names(listed)
            if names is None:
                continue
            for key, rows in item.items():
                if key != names_key and _rows_of_width(rows, len(names)):
                    index = item.get("index")
                    lead = index if isinstance(index, list) and len(index) == len(rows) and timelike(index) else None
                    return Found([_named(names, row, lead, i) for i, row in enumerate(rows)], joined_path(place, key))
    return None


def _names(value: Any) -> list[str] | None:
    """Return the names of columns, written as strings or as objects with a name."""
    if not isinstance(value, list) or not value:
        return None
    if all(isinstance(entry, dict) for entry in value):
        value = [entry.get("name", entry.get("fieldName", entry.get("label"))) for entry in value]
    return value if all(isinstance(entry, str) for entry in value) and len(set(value)) == len(value) else None


def _rows_of_width(value: Any, width: int) -> bool:
    if not isinstance(value, list) or not value:
        return False
    return all(isinstance(row, list) and len(row) == width for row in value[:PROBED])


def _named(names: Sequence[str], row: Any, lead: list[Any] | None, at: int) -> object:
    if not isinstance(row, list) or len(row) != len(names):
        return row
    record = dict(zip(names, row, strict=True))
    return record if lead is None else {free_name("index", record): lead[at], **record}


def arrays(value: Any) -> Found | None:
    """An array of rows at the top, the first of which may hold the names, or pairs of time and value."""
    if not isinstance(value, list) or not value or not all(isinstance(row, list) for row in value[:PROBED]):
        return None
    if all(isinstance(cell, str) and not is_time(cell) for cell in value[0]) and len(set(value[0])) == len(value[0]):
        return Found([_named(value[0], row, None, 0) for row in value[1:]])
    return of_pairs({"": value})


def pair_columns(value: Any) -> Found | None:
    """Arrays of pairs under keys, each a series: ``{"prices": [[t, v], ...], "volumes": [[t, v], ...]}``."""
    for place, item in walk(value):
        if isinstance(item, dict) and not place.endswith("]"):  # one of several in an array: each has its own name
            series = {key: rows for key, rows in item.items() if is_pairs(rows)}
            if series:
                pairs = of_pairs(series)
                if pairs is not None:
                    return Found(pairs.rows, place or next(iter(series)))
    return None


def is_pairs(rows: Any) -> bool:
    """Return whether these are rows as arrays of one width, one place of which holds times."""
    if not isinstance(rows, list) or not rows or not isinstance(rows[0], list):
        return False
    width = len(rows[0])
    fits = all(isinstance(row, list) and len(row) == width for row in rows[:PROBED])
    return width > 1 and fits and _time_place(rows) is not None


def _time_place(rows: list[Any]) -> int | None:
    """Return the place of the time in rows that are arrays."""
    places = range(len(rows[0]))
    return next((i for i in places if timelike([row[i] for row in rows[:PROBED]])), None)


def of_pairs(series: dict[str, list[Any]]) -> Found | None:
    """Return the records of series of pairs, joined by their times; None if one is no series of pairs."""
    rows: dict[Any, dict[str, Any]] = {}
    out: list[object] = []
    for name, points in series.items():
        if not is_pairs(points):
            return None
        at, width = _time_place(points) or 0, len(points[0])
        rest = [i for i in range(width) if i != at]
        stem = name or VALUE
        names = {i: stem if len(rest) == 1 else f"{stem}_{n}" for n, i in enumerate(rest, 1)}
        for point in points:
            if not isinstance(point, list) or len(point) != width or isinstance(point[at], list | dict):
                out.append(point)
                continue
            cells = {names[i]: point[i] for i in rest}
            if len(series) == 1:
                out.append({TIME: point[at], **cells})
            else:
                rows.setdefault(point[at], {TIME: point[at]}).update(cells)
    return Found([*rows.values(), *out])
