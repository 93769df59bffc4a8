"""Codes of dimensions in bucket documents: several dimensions in one array of whole numbers.

An element of a BSON array takes a type, a key and four bytes whatever it says, so that an array for each dimension
would cost as much as a metric does. The codes of dimensions therefore are the digits of one number, as many as fit into
32 bits: ``code = number // stride % size``.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from adapters.mongo.database import Document
from domain.datasets.dimensions import Dimension
from domain.errors import DimensionNotFoundError
from domain.struct import Struct
from domain.timeseries.segment import Segment

LARGEST: Final = 2**31  # what an element of an array holds
Values = Mapping[str, Sequence[str]]  # of each dimension, in the order of their codes


class Digit(Struct, frozen=True):
    """Where the codes of a dimension are.

    Attributes:
        array: number of the array in ``groups`` of a bucket document.
        stride: product of the sizes of the digits before it.
        size: its codes are below it.
    """

    array: int
    stride: int
    size: int


class Allowed(Struct, frozen=True):
    """The codes of a dimension that a row must have one of."""

    digit: Digit
    codes: tuple[int, ...]


def digits_of(dimensions: Sequence[Dimension]) -> list[Digit]:
    """Lay out the codes of dimensions, in their order."""
    digits: list[Digit] = []
    array, stride = 0, 1
    for dimension in dimensions:
        size = dimension.distinct + 1  # empty cells have a code as well
        if stride * size > LARGEST:
            array, stride = array + 1, 1
        digits.append(Digit(array=array, stride=stride, size=size))
        stride *= size
    return digits


def digit_in(table: Document, column: str) -> Digit:
    """Return where the codes of a dimension of a table are."""
    stored: Mapping[str, int] = table["digits"][table["dimensions"].index(column)]
    return Digit(array=stored["array"], stride=stored["stride"], size=stored["size"])


def arrays(digits: Collection[Digit]) -> dict[str, str]:
    """Return the fields of a projection that give the arrays of some digits names of their own."""
    return {f"p{array}": f"$groups.p{array}" for array in sorted({digit.array for digit in digits})}


def code(digit: Digit) -> Mapping[str, Any]:
    """Return the expression for the code of the row at the place ``$row``, of arrays named as by ``arrays``."""
    number = {"$arrayElemAt": [f"$p{digit.array}", "$row"]}
    return {"$mod": [{"$floor": {"$divide": [number, digit.stride]}}, digit.size]}


def allowed_in(segment: Segment, table: Document, values: Values) -> tuple[Allowed, ...]:
    """Return the codes that the rows of a segment have."""
    return tuple(
        Allowed(
            digit=digit_in(table, one.column),
            codes=tuple(number for number, value in enumerate(values.get(one.column, ())) if value in one.values),
        )
        for one in segment
    )


def check_dimensions(columns: Collection[str], table: Document) -> None:
    """Raise DimensionNotFoundError unless all are dimensions of a table."""
    stored: list[str] = table.get("dimensions", [])
    if not set(columns) <= set(stored):
        raise DimensionNotFoundError(
            f"Not all of {', '.join(sorted(columns))} are dimensions of this version. It has: "
            f"{', '.join(stored) or 'none'}.",
            dimensions=stored,
        )
