"""The shapes of JSON in the order in which they are tried. A shape that programs write is one line of ``SHAPES``."""

from typing import Final

from adapters.duckdb.reader.formats.json_shapes.arrays import arrays, pair_columns, split
from adapters.duckdb.reader.formats.json_shapes.keyed import keyed_objects
from adapters.duckdb.reader.formats.json_shapes.services import chart, ga4, geojson, prometheus
from adapters.duckdb.reader.formats.json_shapes.statistics import json_stat, px_web, sdmx
from adapters.duckdb.reader.formats.json_shapes.tables import check_lengths, columns_of, has_time, tables_anywhere
from adapters.duckdb.reader.formats.json_shapes.values import Found, Shape, walk
from domain.errors import MalformedFileError


def records_in(value: object, *, whole: bool = True) -> Found:
    """Find the records in a JSON value.

    Args:
        value: what the text holds.
        whole: False if it was cut off: then columns may differ in length.

    Raises:
        MalformedFileError: it holds no table.
    """
    first: Found | None = None
    for shape in SHAPES:
        records = shape(value)
        if records is not None and records.rows:
            if has_time(records.rows):
                return records
            first = first or records
    if first is not None:
        return first
    if not isinstance(value, dict | list):
        raise MalformedFileError("The JSON is neither an array of objects nor an object of arrays.")
    if isinstance(value, list):
        return Found(value)
    check_lengths(value, whole=whole)
    if not whole:
        cut = [columns_of(item, strict=False) for _, item in walk(value) if isinstance(item, dict)]
        return Found(max(reversed(cut), key=len, default=[]) or [value])
    return Found(columns_of(value, strict=True) or ([value] if value else []))


# The first that finds records with a time decides, else the first that finds any.
# What says its own shape comes before what only looks like one.
SHAPES: Final[tuple[Shape, ...]] = (
    prometheus,
    json_stat,
    sdmx,
    px_web,
    ga4,
    geojson,
    chart,
    split,
    arrays,
    pair_columns,
    keyed_objects,
    tables_anywhere,
)
