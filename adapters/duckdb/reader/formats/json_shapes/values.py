"""What every shape of JSON is made of: places, times, names, dotted keys."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.duckdb.limits import MOST_NESTING
from adapters.duckdb.reader.columns.times import family_of

MAX_KEYS: Final = 2_000  # of one record: more are no columns
EPOCH_SECONDS: Final = (100_000_000, 5_000_000_000)  # 1973 to 2128
EPOCH_SCALES: Final = (1, 1_000, 1_000_000, 1_000_000_000)
SHORT: Final = 10  # entries of an array that is looked into for further tables
PROBED: Final = 50  # entries that are looked at to tell a shape
TIME, VALUE = "time", "value"


@dataclass(frozen=True, slots=True)
class Found:
    """Records found in a JSON value.

    Attributes:
        rows: one per record; what is no object is no record.
        place: the path to them, for a note; empty for the value itself.
        others: paths of further tables that were left out, with their lengths.
    """

    rows: Sequence[object]
    place: str = ""
    others: tuple[str, ...] = ()


Shape = Callable[[Any], Found | None]


def flat(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record whose nested objects are dotted keys: ``{"a": {"b": 1}}`` -> ``{"a.b": 1}``."""
    if not any(isinstance(value, dict) for value in record.values()):
        return record
    out: dict[str, Any] = {}
    _flatten(record, "", out, MOST_NESTING)
    return out


def _flatten(value: dict[str, Any], prefix: str, out: dict[str, Any], depth: int) -> None:
    for key, item in value.items():
        name = prefix + key
        if isinstance(item, dict) and item and depth and len(out) < MAX_KEYS:
            _flatten(item, f"{name}.", out, depth - 1)
            continue
        while name in out:
            name += "_"
        out[name] = item


def free_name(name: str, taken: Mapping[str, Any]) -> str:
    """Return a name that a record does not have yet."""
    while name in taken:
        name += "_"
    return name


def walk(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield a value and what is nested in its objects, level by level, with the path; of arrays only short ones."""
    level: list[tuple[str, Any]] = [("", value)]
    for _ in range(MOST_NESTING):
        following: list[tuple[str, Any]] = []
        for place, item in level:
            yield place, item
            if isinstance(item, dict):
                following += [(joined_path(place, key), v) for key, v in item.items() if isinstance(v, dict | list)]
            elif isinstance(item, list) and len(item) <= SHORT:
                following += [(f"{place}[{i}]", v) for i, v in enumerate(item) if isinstance(v, dict | list)]
        level = following[:MAX_KEYS]


def joined_path(place: str, key: str) -> str:
    """Write the path of a key inside a place."""
    return f"{place}.{key}" if place else key


def timelike(cells: Sequence[Any]) -> bool:
    """Return whether these cells are times, by a sample spread over all."""
    probed = cells[:: max(1, len(cells) // PROBED)][:PROBED]
    return bool(probed) and all(is_time(cell) for cell in probed)


def is_time(cell: Any) -> bool:
    """Return whether a JSON value reads as a time: a text, or an instant since 1970 between 1973 and 2128."""
    if isinstance(cell, bool) or cell is None:
        return False
    if isinstance(cell, int | float):
        return any(EPOCH_SECONDS[0] <= cell / scale <= EPOCH_SECONDS[1] for scale in EPOCH_SCALES)
    if not isinstance(cell, str) or len(cell) > 40:  # noqa: PLR2004 - longer than any time
        return False
    if cell.isascii() and cell.isdigit():
        return (len(cell) == 4 and "1500" <= cell <= "2200") or (len(cell) >= 9 and is_time(int(cell)))  # noqa: PLR2004
    return family_of(cell, named_time=False) is not None
