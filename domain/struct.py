"""The one form of data here: frozen structs that cross every border as they are."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec


class Struct(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An immutable value, compared by its fields; camelCase where it is written down."""


def camel(name: str) -> str:
    """Write ``change_pct`` as ``changePct``, as every name of the API is."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class AsText:
    """How a field of settings is written where there is only text: in a form, a query, on the command line.

    Attributes:
        read: makes the value (of a tuple: one item) of a text; the second argument is what the user calls the field.
            Raises InvalidInputError. None: the field's type says how.
        once: the field's name where the items of a tuple are given one at a time.
        between: what stands between items where all are one text; "" if each item is a text of its own.
        example: one text of it.
        most: items that there may be; None: as many as fit into a request.
    """

    read: Callable[[str, str], object] | None = None
    once: str = ""
    between: str = ""
    example: str = ""
    most: int | None = None
