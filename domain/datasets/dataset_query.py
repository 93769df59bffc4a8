"""Which of a user's datasets a list shows, and in which order."""

from enum import StrEnum
from typing import Final

from domain.datasets.dataset import MAX_NAME_CHARACTERS, Status
from domain.errors import InvalidInputError
from domain.struct import Struct

MAX_SEARCH_CHARACTERS: Final = MAX_NAME_CHARACTERS  # nothing longer can be part of a name


class DatasetOrder(StrEnum):
    """What a list is sorted by; ``-`` before it turns the order round, ties are decided by the identifier."""

    UPLOADED_AT = "uploadedAt"
    NEWEST = "-uploadedAt"
    NAME = "datasetName"
    NAME_DESCENDING = "-datasetName"
    ROW_COUNT = "rowCount"
    MOST_ROWS = "-rowCount"
    ANOMALY_COUNT = "anomalyCount"
    MOST_ANOMALIES = "-anomalyCount"

    @property
    def field(self) -> str:
        """The field, as the API and the stored documents name it."""
        return self.value.removeprefix("-")

    @property
    def is_descending(self) -> bool:
        """Whether the greatest comes first; datasets without the figure come last then, and first otherwise."""
        return self.value.startswith("-")


class DatasetQuery(Struct, frozen=True):
    """What is asked of a list: a part of the name or file name, in any case; the states; the order. By default all."""

    text: str = ""
    statuses: tuple[Status, ...] = ()
    order: DatasetOrder = DatasetOrder.NEWEST


def checked_query(text: str, statuses: tuple[str, ...], order: str) -> DatasetQuery:
    """Return the query that these words make. Raises InvalidInputError naming the field and what it may be."""
    words = text.strip()
    if len(words) > MAX_SEARCH_CHARACTERS:
        raise InvalidInputError(
            f"q has {len(words):,} characters; at most {MAX_SEARCH_CHARACTERS} are searched for.", field="q"
        )
    shown = [status for status in Status if status is not Status.DELETING]
    for status in statuses:
        if status not in shown:
            raise InvalidInputError(f"status is {status!r}; it is one of {', '.join(shown)}.", field="status")
    if order not in list(DatasetOrder):
        raise InvalidInputError(f"sort is {order!r}; it is one of {', '.join(DatasetOrder)}.", field="sort")
    return DatasetQuery(text=words, statuses=tuple(map(Status, statuses)), order=DatasetOrder(order))
