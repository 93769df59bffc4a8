"""Objects in objects: keys that are times, and the orients of pandas."""

from collections.abc import Sequence
from typing import Any

from adapters.duckdb.reader.formats.json_shapes.values import PROBED, TIME, VALUE, Found, flat, timelike, walk


def keyed_objects(value: Any) -> Found | None:
    """Objects in objects: keys that are times, or the orients of pandas."""
    series = [(place, item) for place, item in walk(value) if _is_series(item)]
    if len(series) > 1:
        return Found(_joined_series(series), "keys that are times")
    for place, item in walk(value):
        if not isinstance(item, dict) or not item:
            continue
        rows = _keyed_rows(item)
        if rows is not None:
            return Found(rows, place)
    return None


def _is_series(item: Any) -> bool:
    """Whether an object is a series: each key a time, each value a plain one."""
    if not isinstance(item, dict) or len(item) < 3:  # noqa: PLR2004 - fewer prove nothing
        return False
    return not any(isinstance(cell, dict | list) for cell in item.values()) and timelike(list(item))


def _joined_series(series: Sequence[tuple[str, dict[str, Any]]]) -> list[object]:
    """Return a row for each time with a column for each series, named by what its place has for itself."""
    paths = [place.split(".") for place, _ in series]
    lead = next((i for i, parts in enumerate(zip(*paths, strict=False)) if len(set(parts)) > 1), 0)
    ends = [list(reversed(path[lead:])) for path in paths]
    tail = next((i for i, parts in enumerate(zip(*ends, strict=False)) if len(set(parts)) > 1), 0)
    rows: dict[str, dict[str, Any]] = {}
    for path, (_, item) in zip(paths, series, strict=True):
        name = ".".join(path[lead : len(path) - tail]) or VALUE
        for key, cell in item.items():
            rows.setdefault(key, {TIME: key})[name] = cell
    return list(rows.values())


def _keyed_rows(item: dict[str, Any]) -> list[object] | None:  # noqa: PLR0911 - one return per orient
    values = list(item.values())
    if len(item) > 2 and timelike(list(item)) and not any(isinstance(v, list) for v in values):  # noqa: PLR2004
        return [{TIME: k, **(flat(v) if isinstance(v, dict) else {VALUE: v})} for k, v in item.items()]
    if not all(isinstance(v, dict) and v for v in values):
        return None
    if any(isinstance(cell, dict | list) for v in values[:PROBED] for cell in list(v.values())[:PROBED]):
        return None
    inner = list(dict.fromkeys(key for v in values for key in v))
    if len(item) < 2 and not _numbered(values[0]):  # noqa: PLR2004 - one key proves nothing
        return None
    if all(_numbered(v) for v in values) or (len(inner) > 2 and timelike(inner)):  # noqa: PLR2004
        keyed = {} if _counted(inner) else {key: {TIME if timelike(inner) else "index": key} for key in inner}
        return [{**keyed.get(key, {}), **{name: v.get(key) for name, v in item.items()}} for key in inner]
    if len(item) > 2 and sum(len(v) for v in values) > 0.8 * len(inner) * len(values):  # noqa: PLR2004 - alike
        lead = not _counted(list(item))
        return [{**({"key": k} if lead else {}), **v} for k, v in item.items()]
    return None


def _numbered(value: Any) -> bool:
    """Whether the keys of an object are 0, 1, 2 ...: the index that pandas writes."""
    return isinstance(value, dict) and len(value) > 0 and _counted(list(value))


def _counted(keys: Sequence[str]) -> bool:
    return all(key.isascii() and key.isdigit() for key in keys) and len(keys[0]) < 4  # noqa: PLR2004 - no years
