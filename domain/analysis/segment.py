"""Which rows a user asks for: ``region:North`` as text, and as columns and values of a dataset."""

from collections.abc import Sequence
from typing import Final

from domain.datasets.dataset import Dataset
from domain.errors import DimensionNotFoundError, InvalidInputError
from domain.timeseries.segment import ColumnValues, Segment

MOST_CONDITIONS: Final = 20  # of one question: they stand in the address of the page


def condition_of(text: str, field: str = "where") -> str:
    """Check that a text is a column and a value. Raises InvalidInputError."""
    if ":" not in text or not text.partition(":")[0]:
        raise InvalidInputError(
            f"{field}: {text!r} is no column and value. Write it like region:North, empty cells like region:.",
            field=field,
        )
    return text


def segment_of(dataset: Dataset, where: Sequence[str]) -> Segment:
    """Return the segment that texts mean: of one column any of its values, of several columns all.

    A column may have a colon in its name: the longest one that is a dimension is meant.

    Raises:
        DimensionNotFoundError: no dimension of the dataset is called so.
    """
    values: dict[str, list[str]] = {}
    names = sorted((dimension.name for dimension in dataset.dimensions), key=len, reverse=True)
    for text in where:
        column = next((name for name in names if text.startswith(f"{name}:")), None)
        if column is None:
            listed = ", ".join(dimension.name for dimension in dataset.dimensions) or "none"
            raise DimensionNotFoundError(
                f"There is no dimension “{text.partition(':')[0]}”. Those there are: {listed}.",
                dimensions=[dimension.name for dimension in dataset.dimensions],
            )
        values.setdefault(column, []).append(text[len(column) + 1 :].strip(" "))
    return tuple(
        ColumnValues(column=column, values=tuple(sorted(set(wanted)))) for column, wanted in sorted(values.items())
    )
