"""Cubes of statistical offices (JSON-stat, SDMX-JSON, PxWeb): numbers in the order of dimensions told elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, Final

from adapters.duckdb.reader.formats.json_shapes.values import TIME, VALUE, Found, free_name, walk

MAX_CELLS: Final = 5_000_000  # of a cube: more are no file that is uploaded
Dimension = tuple[str, list[str]]  # its name, and its categories in order


def json_stat(value: Any) -> Found | None:
    """JSON-stat 1 and 2 (Eurostat, Statistics Norway, ONS): ``id``, ``size``, ``dimension`` and ``value``."""
    for place, item in walk(value):
        if isinstance(item, dict) and isinstance(item.get("dimension"), dict) and "value" in item:
            inner = item["dimension"]
            ids, sizes = item.get("id", inner.get("id")), item.get("size", inner.get("size"))
            dimensions = _stat_dimensions(inner, ids, sizes)
            if dimensions is not None:
                return Found(_cube(dimensions, item["value"]), place)
    return None


def _stat_dimensions(inner: Mapping[str, Any], ids: Any, sizes: Any) -> list[Dimension] | None:
    if not isinstance(ids, list) or not isinstance(sizes, list) or len(ids) != len(sizes):
        return None
    if not all(isinstance(size, int) and size > 0 for size in sizes) or prod(sizes) > MAX_CELLS:
        return None
    out: list[Dimension] = []
    for name, size in zip(ids, sizes, strict=True):
        entry = inner.get(name) if isinstance(name, str) else None
        category = entry.get("category") if isinstance(entry, dict) else None
        listed = _categories(category) if isinstance(category, dict) else []
        if len(listed) != size:
            return None
        out.append((name, listed))
    return out


def _categories(category: Mapping[str, Any]) -> list[str]:
    """Return the categories of a dimension in order, by their labels."""
    index, labels = category.get("index"), category.get("label")
    labels = labels if isinstance(labels, dict) else {}
    if isinstance(index, dict) and all(isinstance(at, int) for at in index.values()):
        keys = sorted(index, key=lambda key: index[key])
    else:
        keys = [str(key) for key in index] if isinstance(index, list) else list(labels)
    return [str(labels.get(key, key)) for key in keys]


def _cube(dimensions: Sequence[Dimension], values: Any) -> list[object]:
    """Return a record for each cell that holds a value; the last dimension varies fastest."""
    names = [name for name, _ in dimensions]
    value = free_name(VALUE, dict.fromkeys(names))
    cells = values if isinstance(values, list) else None
    given = values if isinstance(values, dict) else {}
    rows: list[object] = []
    for at, key in enumerate(product(*(listed for _, listed in dimensions))):
        number = (cells[at] if at < len(cells) else None) if cells is not None else given.get(str(at))
        if number is not None:
            rows.append({**dict(zip(names, key, strict=True)), value: number})
    return rows


def sdmx(value: Any) -> Found | None:
    """SDMX-JSON 1 and 2 (ECB, OECD, IMF, BIS): observations under places in lists of dimensions."""
    root = value.get("data", value) if isinstance(value, dict) else None
    sets = root.get("dataSets") if isinstance(root, dict) else None
    if not isinstance(root, dict) or not isinstance(sets, list):
        return None
    structures = root.get("structures")
    first = structures[0] if isinstance(structures, list) and structures else None
    structure = root.get("structure", value.get("structure", first))
    dimensions = structure.get("dimensions") if isinstance(structure, dict) else None
    if not isinstance(dimensions, dict):
        return None
    outer, inner = (_sdmx_dimensions(dimensions.get(part)) for part in ("series", "observation"))
    if outer is None or inner is None or not inner:
        return None
    rows: list[object] = []
    for one in sets:
        for lead, observations in _sdmx_series(one):
            if (left := _places(lead, outer)) is None:
                continue
            for key, observed in observations.items():
                right = _places(key, inner)
                number = observed[0] if isinstance(observed, list) and observed else observed
                if right is not None and number is not None and len(rows) < MAX_CELLS:
                    rows.append({**left, **right, VALUE: number})
    return Found(rows, "dataSets")


def _sdmx_series(data_set: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the key and the observations of each series; those of a flat data set have no key."""
    if not isinstance(data_set, dict):
        return
    if isinstance(data_set.get("observations"), dict):
        yield "", data_set["observations"]
    series = data_set.get("series")
    for key, one in series.items() if isinstance(series, dict) else ():
        if isinstance(one, dict) and isinstance(one.get("observations"), dict):
            yield key, one["observations"]


def _sdmx_dimensions(listed: Any) -> list[Dimension] | None:
    out: list[Dimension] = []
    for entry in listed if isinstance(listed, list) else ():
        values = entry.get("values") if isinstance(entry, dict) else None
        if not isinstance(values, list) or not all(isinstance(one, dict) for one in values):
            return None
        name = str(entry.get("id", entry.get("name", "")))
        timed = entry.get("role") == TIME or name.upper().startswith(TIME.upper())
        out.append((name, [_category(one, by_id=timed) for one in values]))
    return out


def _category(one: Mapping[str, Any], *, by_id: bool) -> str:
    """Return a category's name; the id of a time, for its name is in words of some language."""
    name = one.get("name")
    plain = name if isinstance(name, str) else next(iter(name.values()), "") if isinstance(name, dict) else ""
    code = one.get("id", one.get("value"))
    return str(code) if code is not None and (by_id or not plain) else str(plain)


def _places(key: str, dimensions: Sequence[Dimension]) -> dict[str, str] | None:
    """Return the categories that a key such as ``0:3:1`` stands for; None if it is none of these dimensions."""
    parts = key.split(":") if key else []
    if len(parts) != len(dimensions):
        return {} if not parts else None
    out: dict[str, str] = {}
    for part, (name, listed) in zip(parts, dimensions, strict=True):
        if not (part.isascii() and part.isdecimal() and int(part[:9]) < len(listed)):
            return None
        out[name] = listed[int(part)]
    return out


def px_web(value: Any) -> Found | None:
    """PxWeb's own JSON (Statistics Sweden, Finland, Switzerland): ``key`` and ``values`` beside ``columns``."""
    columns = value.get("columns") if isinstance(value, dict) else None
    data = value.get("data") if isinstance(value, dict) else None
    if not isinstance(columns, list) or not isinstance(data, list):
        return None
    if not all(isinstance(c, dict) and "type" in c and ("text" in c or "code" in c) for c in columns):
        return None
    keys, contents = ([c for c in columns if (c["type"] == "c") is content] for content in (False, True))
    names = [str(c.get("text", c.get("code"))) for c in (*keys, *contents)]
    rows: list[object] = []
    for entry in data:
        cells = [*_listed(entry, "key"), *_listed(entry, "values")]
        rows.append(dict(zip(names, cells, strict=True)) if len(cells) == len(names) == len(set(names)) else entry)
    return Found(rows, "data")


def _listed(entry: Any, key: str) -> list[Any]:
    cells = entry.get(key) if isinstance(entry, dict) else None
    return cells if isinstance(cells, list) else []
