"""Whose turn it is among the uploads that wait: users take turns, each one's files in the order they came."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from domain.struct import Struct


class WaitingUpload(Struct, frozen=True):
    """A version that was uploaded and not begun."""

    dataset_id: str
    version: int
    user_id: str
    uploaded_at: datetime


def place_of(dataset_id: str, waiting: Sequence[WaitingUpload]) -> int | None:
    """Return which place an upload has among those that wait, 1 for the next; None if it does not wait.

    Args:
        dataset_id: whose newest version waits.
        waiting: all that wait, the earliest first.
    """
    own = next((one for one in waiting if one.dataset_id == dataset_id), None)
    if own is None:
        return None
    before = [one for one in waiting if one.user_id == own.user_id].index(own)
    others = Counter(one.user_id for one in waiting if one.user_id != own.user_id)
    # In each round before its own, and in its own at worst, every other user has one turn.
    return 1 + before + sum(min(count, before + 1) for count in others.values())


def turns_of_others(user_id: str, waiting: Sequence[WaitingUpload], before: datetime) -> tuple[WaitingUpload, ...]:
    """Return the earliest upload of each other user that waits since ``before`` or longer."""
    earliest: dict[str, WaitingUpload] = {}
    for one in waiting:
        if one.user_id != user_id and one.uploaded_at < before:
            earliest.setdefault(one.user_id, one)
    return tuple(earliest.values())
