"""The one form of data here: frozen structs that cross every border as they are."""

import msgspec


class Value(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An immutable value, compared by its fields; camelCase where it is written down."""


def camel(name: str) -> str:
    """Write ``change_pct`` as ``changePct``, as every name of the API is."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
