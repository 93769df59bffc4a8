"""How an instant is written for a machine: ``2024-01-03``, or RFC 3339 with its offset."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from domain.timeseries.aggregation import Granularity, Times
from domain.timeseries.buckets import SHORT_US
from domain.timeseries.timezones import DAY_US, SECOND_US

Precision = Literal["D", "s", "ms", "us"]
MINUTE_SECONDS = 60


def precision_of(wall: Times, granularity: Granularity) -> Precision:
    """Choose once for a whole series: dates for points of a day or longer, fractions of a second only if there are any.

    Native points whose wall clocks all show midnight are dates too.

    Args:
        wall: naive wall-clock times of all points.
        granularity: of the series.
    """
    local = wall.astype("datetime64[us]").astype(np.int64)
    native = granularity is Granularity.NATIVE
    if granularity not in {Granularity.NATIVE, *SHORT_US} or (native and not np.any(local % DAY_US)):
        return "D"
    if np.any(local % 1_000):
        return "us"
    return "ms" if np.any(local % SECOND_US) else "s"


def write(wall: Times, offset_seconds: npt.NDArray[np.integer], precision: Precision, time_zone: str) -> list[str]:
    """Write wall-clock times: ``2024-01-03``, ``2024-01-03T05:00:00+02:00``, in UTC ``2024-01-03T03:00:00Z``.

    Args:
        wall: naive wall-clock times; of a bucket whose midnight the clock skips only the day is shown.
        offset_seconds: of each from UTC.
        precision: see ``precision_of``.
        time_zone: IANA name.
    """
    texts: list[str] = np.datetime_as_string(wall.astype("datetime64[us]"), unit=precision).tolist()
    if precision == "D":
        return texts
    if time_zone == "UTC":
        return [f"{text}Z" for text in texts]
    zones = {int(seconds): _offset_text(int(seconds)) for seconds in np.unique(offset_seconds)}
    return [text + zones[seconds] for text, seconds in zip(texts, offset_seconds.tolist(), strict=True)]


def _offset_text(seconds: int) -> str:
    hours, minutes = divmod(round(abs(seconds) / MINUTE_SECONDS), MINUTE_SECONDS)
    return f"{'-' if seconds < 0 else '+'}{hours:02d}:{minutes:02d}"
