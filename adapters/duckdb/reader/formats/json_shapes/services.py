"""Shapes of named services and programs: Prometheus, Google Analytics (GA4), GeoJSON, data of charts."""

from typing import Any, Final

from adapters.duckdb.reader.formats.json_shapes.values import TIME, VALUE, Found, free_name

MAX_SERIES: Final = 50  # label sets of Prometheus that become columns; more stay rows
PAIR: Final = 2  # a time and a value


def prometheus(value: Any) -> Found | None:
    """The answer of a range query: a column for each label set, or a row for each point where there are many."""
    data = value.get("data", value) if isinstance(value, dict) else None
    result = data.get("result") if isinstance(data, dict) else None
    if not isinstance(result, list) or not result:
        return None
    if not all(isinstance(s, dict) and isinstance(s.get("metric"), dict) and _points(s) for s in result):
        return None
    if len(result) > MAX_SERIES:
        return Found([{TIME: at, **series["metric"], VALUE: v} for series in result for at, v in _points(series)])
    rows: dict[Any, dict[str, Any]] = {}
    for series in result:
        name = _series_name(series["metric"])
        for at, v in _points(series):
            rows.setdefault(at, {TIME: at})[name] = v
    return Found(list(rows.values()))


def _points(series: dict[str, Any]) -> list[list[Any]]:
    """Return the points of a series of Prometheus; none if it has another shape."""
    points = series.get("values") or ([series["value"]] if "value" in series else [])
    fits = isinstance(points, list) and all(
        isinstance(p, list) and len(p) == PAIR and isinstance(p[0], int | float) for p in points
    )
    return points if fits else []


def _series_name(labels: dict[str, Any]) -> str:
    """Write a label set as Prometheus does: ``up{job="api"}``."""
    rest = ",".join(f'{key}="{value}"' for key, value in labels.items() if key != "__name__")
    return f"{labels.get('__name__', '')}{{{rest}}}" if rest else str(labels.get("__name__", VALUE))


def ga4(value: Any) -> Found | None:
    """Rows as lists of values beside the headers of dimensions and metrics."""
    if not isinstance(value, dict) or not isinstance(value.get("rows"), list):
        return None
    names = []
    for part in ("dimension", "metric"):
        headers = value.get(f"{part}Headers", [])
        if not isinstance(headers, list) or not all(isinstance(h, dict) and "name" in h for h in headers):
            return None
        names.append([str(h["name"]) for h in headers])
    if not any(names):
        return None
    rows: list[object] = []
    for row in value["rows"]:
        cells: dict[str, Any] = {}
        for part, listed in zip(("dimension", "metric"), names, strict=True):
            entries = row.get(f"{part}Values", []) if isinstance(row, dict) else []
            if isinstance(entries, list) and len(entries) == len(listed):
                cells |= {n: e.get("value") for n, e in zip(listed, entries, strict=True) if isinstance(e, dict)}
        rows.append(cells or row)
    return Found(rows)


def geojson(value: Any) -> Found | None:
    """The properties of a collection's features."""
    if not isinstance(value, dict) or value.get("type") != "FeatureCollection":
        return None
    features = value.get("features")
    if not isinstance(features, list):
        return None
    return Found([f.get("properties") if isinstance(f, dict) else f for f in features], "features[].properties")


def chart(value: Any) -> Found | None:
    """Labels beside data sets that hold an array each, as charts are drawn from."""
    if not isinstance(value, dict) or not isinstance(value.get("labels"), list):
        return None
    sets = value.get("datasets", value.get("series"))
    if not isinstance(sets, list) or not sets:
        return None
    columns: dict[str, list[Any]] = {TIME: value["labels"]}
    for n, entry in enumerate(sets, 1):
        data = entry.get("data") if isinstance(entry, dict) else None
        if not isinstance(data, list) or len(data) != len(value["labels"]):
            return None
        columns[free_name(str(entry.get("label", entry.get("name", f"{VALUE}_{n}"))), columns)] = data
    return Found([dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)])
