"""Arrays of objects, objects of arrays, and records inside records."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from adapters.duckdb.reader.formats.json_shapes.arrays import is_pairs, of_pairs
from adapters.duckdb.reader.formats.json_shapes.values import PROBED, SHORT, Found, flat, timelike, walk
from domain.errors import MalformedFileError

DEEPEST: Final = 4  # levels of records inside records
SEVERAL: Final = 3  # records in each, on the average: fewer are a list of remarks


def tables_anywhere(value: Any) -> Found | None:
    """Arrays of objects anywhere, the largest that has times; columns as arrays likewise."""
    best: tuple[tuple[bool, int], str, Sequence[object]] | None = None
    tables: list[tuple[str, int]] = []
    for place, item in walk(value):
        rows: Sequence[object] = ()
        if isinstance(item, list) and any(isinstance(entry, dict) for entry in item):
            rows = _exploded(item)
        elif isinstance(item, dict):
            rows = columns_of(item, strict=True)
        if rows:
            tables.append((place, len(rows)))
            cells = len(rows) * (len(rows[0]) if isinstance(rows[0], dict) else 1)
            rank = (has_time(rows), cells)
            if best is None or rank > best[0] or (rank == best[0] and not best[1]):  # the same, nearer to it
                best = (rank, place, rows)
    if best is None:
        return None
    inside = best[1] + "["  # what is inside the records is part of them
    part = f"{best[1]}." if best[1] else ""
    others = [
        f"{p or 'the top'} ({n:,})"
        for p, n in tables
        if n > 1 and p != best[1] and not p.startswith((inside, part) if part else inside)
    ]
    return Found(best[2], best[1], tuple(others[:5]))


def has_time(rows: Sequence[object]) -> bool:
    """Whether a field of these records holds times."""
    probed = [flat(row) for row in rows[:PROBED] if isinstance(row, dict)]
    keys = dict.fromkeys(key for row in probed for key in row)
    return any(timelike([row[key] for row in probed if key in row]) for key in keys)


def _exploded(rows: list[Any], depth: int = DEEPEST) -> list[Any]:
    """Return the records inside records, each with the plain fields of the one it stands in; else the records."""
    first = [row for row in rows[:PROBED] if isinstance(row, dict)]
    best: list[Any] = rows
    for key in dict.fromkeys(key for row in first for key in row):
        inner = [row.get(key) for row in rows if isinstance(row, dict)]
        lists = [item for item in inner if isinstance(item, list) and item]
        if not lists or len(lists) < len(rows) / 2:
            continue
        if all(isinstance(item[0], dict) for item in lists) or all(is_pairs(item) for item in lists):
            joined = [record for row in rows for record in _joined(row, key)]
            deep = _exploded(joined, depth - 1) if depth else joined
            if len(deep) >= SEVERAL * len(rows) and (best is rows or (has_time(deep) and not has_time(best))):
                best = deep
    return best


def _joined(row: Any, key: str) -> Iterator[object]:
    inner = row.get(key) if isinstance(row, dict) else None
    if not isinstance(inner, list):
        yield row
        return
    outer = {k: v for k, v in flat(row).items() if k != key and not isinstance(v, dict | list)}
    pairs = of_pairs({"": inner}) if is_pairs(inner) else None
    for record in inner if pairs is None else pairs.rows:
        yield (
            {**outer, **{(f"{key}.{k}" if k in outer else k): v for k, v in record.items()}}
            if isinstance(record, dict)
            else record
        )


def columns_of(item: dict[str, Any], *, strict: bool) -> list[object]:
    """Return the rows of an object of arrays that are columns; none if it is no such."""
    arrays = dict(_arrays_in(item, "", 3))
    if len(arrays) < 2 or (strict and len({len(v) for v in arrays.values()}) > 1):  # noqa: PLR2004 - time and value
        return []
    shortest = min(len(v) for v in arrays.values())
    columns = (values[:shortest] for values in arrays.values())
    return [dict(zip(arrays, cells, strict=True)) for cells in zip(*columns, strict=True)]


def _arrays_in(item: dict[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, list[Any]]]:
    """Yield the arrays of plain values in an object and in what it nests, by their dotted names."""
    for key, value in item.items():
        inner = value[0] if isinstance(value, list) and len(value) == 1 else value
        if isinstance(inner, dict) and depth:
            yield from _arrays_in(inner, f"{prefix}{key}.", depth - 1)
        elif isinstance(value, list) and depth and 1 < len(value) <= SHORT and all(isinstance(v, dict) for v in value):
            for n, one in enumerate(value, 1):
                name = next((str(one[k]) for k in ("label", "name", "id") if isinstance(one.get(k), str)), str(n))
                yield from _arrays_in(one, f"{prefix}{key}.{name}.", depth - 1)
        elif isinstance(value, list) and value and not any(isinstance(v, dict | list) for v in value[:PROBED]):
            yield prefix + key, value


def check_lengths(value: dict[str, Any], *, whole: bool) -> None:
    """Refuse an object of nothing but arrays of unlike length."""
    plain = value and all(isinstance(v, list) and not any(isinstance(c, dict) for c in v) for v in value.values())
    lengths = {key: len(item) for key, item in value.items()} if plain else {}
    if whole and len(set(lengths.values())) > 1:
        listed = ", ".join(f"{key} {n:,}" for key, n in lengths.items())
        raise MalformedFileError(f"The arrays differ in length ({listed}). Give every column the same length.")
