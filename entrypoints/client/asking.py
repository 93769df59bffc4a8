"""What can be asked for, as keyword arguments; the wire has the same names in camelCase."""

from typing import Any, TypedDict

from domain.value import camel


class Asked(TypedDict, total=False):
    """The settings of an analysis, as ``GET /api/analytics/{datasetId}`` takes them."""

    granularity: str
    aggregate: str
    sensitivity: float
    direction: str
    min_change: str
    version: int


class Reading(TypedDict, total=False):
    """How a file is to be read, as ``POST /api/datasets/upload`` takes it."""

    time_column: str
    metric_columns: tuple[str, ...]
    time_zone: str
    day_first: bool
    decimal_comma: bool
    delimiter: str
    header_line: int
    encoding: str
    format: str


def named(metric: str | None) -> dict[str, Any]:
    """Name the metric, where one is meant."""
    return {} if metric is None else {"metric": metric}


def camelled(given: Asked | Reading) -> dict[str, Any]:
    """Write what is given as the wire has it."""
    return {camel(name): value for name, value in given.items() if value is not None}


def as_form(given: Reading) -> dict[str, Any]:
    """Write how to read a file as the fields of a form."""
    fields = camelled(given)
    if "metricColumns" in fields:
        fields["metricColumn"] = list(fields.pop("metricColumns"))
    return {name: str(value).lower() if isinstance(value, bool) else value for name, value in fields.items()}
