"""Settings as keyword arguments: the fields of the settings structs, written as the wire has them."""

from collections.abc import Mapping
from typing import Any

import msgspec

from domain.analysis.settings import AnalysisSettings
from domain.datasets.parse_options import ParseOptions
from domain.struct import Struct, camel
from entrypoints.parameters import option_fields


def settings_given(given: Mapping[str, Any], *others: str) -> dict[str, Any]:
    """Write settings of an analysis (fields of ``AnalysisSettings``) for a query or a body.

    Raises:
        TypeError: there is no such setting; ``others`` are further names that are possible.
    """
    return _given(AnalysisSettings, given, others)


def options_in_body(given: Mapping[str, Any]) -> dict[str, Any]:
    """Write how to read a file (fields of ``ParseOptions``) for a body. Raises TypeError."""
    return _given(ParseOptions, given)


def options_in_form(given: Mapping[str, Any]) -> dict[str, Any]:
    """Write how to read a file as the fields of a form. Raises TypeError."""
    written = _given(ParseOptions, given)
    fields = {option.form_name: written[option.body_name] for option in option_fields(ParseOptions)
              if option.body_name in written}  # fmt: skip
    return {name: _text(value) for name, value in fields.items()}


def named(metric: str | None) -> dict[str, Any]:
    """Name the metric, where one is meant."""
    return {} if metric is None else {"metric": metric}


def _given(struct: type[Struct], given: Mapping[str, Any], others: tuple[str, ...] = ()) -> dict[str, Any]:
    known = [*struct.__struct_fields__, *others]
    unknown = [name for name in given if name not in known]
    if unknown:
        raise TypeError(f"There is no option {unknown[0]!r}. Those there are: {', '.join(known)}.")
    between = {option.field: option.text.between for option in option_fields(struct)}
    texts = {name: _texts(value, between.get(name, "")) for name, value in given.items() if value is not None}
    written: dict[str, Any] = msgspec.to_builtins({camel(name): value for name, value in texts.items()})
    return written


def _texts(value: Any, between: str) -> Any:
    """Write several items by their texts: as one text where that is how they are given."""
    if not isinstance(value, tuple | list):
        return value
    return between.join(map(str, value)) if between else list(map(str, value))


def _text(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
