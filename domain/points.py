"""All points of an analysis: kept beside it as bytes, and looked at through windows of a few thousand points."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from domain.analysis import SeriesView
from domain.errors import CorruptedError
from domain.ports import Thinner
from domain.summary import Floats, Granularity, Ints, Times
from domain.value import Value

FORMAT: Final = b"\x01"  # the first byte of every table; another layout takes another number
WIRE_DIGITS: Final = 6  # of the spread of the values: a picture 2,000 px high shows four
BAND_DIGITS: Final = 4  # of the same spread, for the drawn lines nobody reads a figure from
KEPT_GAPS: Final = 100  # stretches without data that are drawn as holes, the longest first
COLUMNS: Final = ("value", "rolling", "expected", "lower", "upper")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PointTable:
    """Every point of a series with what was expected of it; all arrays have one length, in order of time.

    Attributes:
        granularity: of the series.
        dates: whether points last a day or longer: their times are then written as bare dates.
        time: start of each bucket, datetime64[us] UTC.
        offset: what to add to ``time`` for the wall clock of the dataset's zone, in seconds (int32).
        value, rolling, expected, lower, upper: float64 in the series' own unit, NaN where there is none.
        peaks: positions of the anomalies, ascending; every window shows them all.
    """

    granularity: Granularity
    dates: bool
    time: Times
    offset: npt.NDArray[np.int32]
    value: Floats
    rolling: Floats
    expected: Floats
    lower: Floats
    upper: Floats
    peaks: Ints

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.time)

    def labels(self, at: Ints) -> tuple[str, ...]:
        """Write the times of some positions as ``domain.analysis`` says: local dates, or RFC 3339 with offset."""
        wall = self.time[at] + self.offset[at].astype("timedelta64[s]")
        if self.dates:
            return tuple(np.datetime_as_string(wall, unit="D").tolist())
        unit = "s" if bool((wall.astype(np.int64) % 1_000_000 == 0).all()) else "us"
        texts = np.datetime_as_string(wall, unit=unit).tolist()
        return tuple(text + _zone(int(offset)) for text, offset in zip(texts, self.offset[at], strict=True))

    def to_bytes(self) -> bytes:
        """Pack the table: one format byte, then MessagePack around little-endian arrays."""
        packed = {name: getattr(self, name).astype(dtype, copy=False).tobytes() for name, dtype in _LAYOUT.items()}
        body = _Packed(granularity=self.granularity, dates=self.dates, points=len(self), arrays=packed)
        return FORMAT + msgspec.msgpack.encode(body)

    @classmethod
    def from_bytes(cls, data: bytes) -> "PointTable":
        """Unpack what ``to_bytes`` packed.

        Raises:
            CorruptedError: another format, cut short, or arrays of unequal length.
        """
        if data[:1] != FORMAT:
            raise CorruptedError("The stored points have an unknown format: run the analysis again.")
        try:
            packed = msgspec.msgpack.decode(memoryview(data)[1:], type=_Packed)
            arrays = {name: np.frombuffer(packed.arrays[name], dtype=dtype) for name, dtype in _LAYOUT.items()}
        except (msgspec.DecodeError, KeyError, ValueError) as error:
            raise CorruptedError("The stored points cannot be read: run the analysis again.") from error
        lengths = {name: len(array) for name, array in arrays.items() if name != "peaks"}
        peaks = arrays["peaks"]
        if set(lengths.values()) != {packed.points} or bool(((peaks < 0) | (peaks >= packed.points)).any()):
            raise CorruptedError(f"The stored points are not the {packed.points} written: run the analysis again.")
        return cls(granularity=packed.granularity, dates=packed.dates, **arrays)


class _Packed(Value, frozen=True):
    granularity: Granularity
    dates: bool
    points: int
    arrays: dict[str, bytes]


_LAYOUT: Final = {"time": "<M8[us]", "offset": "<i4", **dict.fromkeys(COLUMNS, "<f8"), "peaks": "<i8"}


def _zone(offset: int) -> str:
    if offset == 0:
        return "Z"
    sign, rest = ("+", offset) if offset > 0 else ("-", -offset)
    return f"{sign}{rest // 3600:02d}:{rest % 3600 // 60:02d}"


def window(
    table: PointTable,
    start: datetime | None,
    end: datetime | None,
    limit: int,
    thinner: Thinner,
    keep: Sequence[int] = (),
) -> SeriesView:
    """Choose the points to draw between two times, and one more on either side so that the line reaches the edges.

    Args:
        table: all points.
        start: aware; None for the beginning.
        end: aware, inclusive; None for the end.
        limit: about so many points; the anomalies are kept beyond it.
        thinner: chooses.
        keep: positions to keep besides the anomalies' peaks.

    Returns:
        ``total_points`` counts the points of the stretch before thinning.
    """
    first = 0 if start is None else int(np.searchsorted(table.time, _instant(start), side="left"))
    last = len(table) if end is None else int(np.searchsorted(table.time, _instant(end), side="right"))
    first, last = max(first - 1, 0), max(min(last + 1, len(table)), first)
    wanted = np.union1d(table.peaks, np.asarray(keep, dtype=np.int64)).astype(np.int64)
    wanted = wanted[(wanted >= first) & (wanted < last)] - first
    at = np.arange(last - first, dtype=np.int64)
    if last - first > limit:
        kept = np.union1d(wanted, _holes(table.value[first:last]))
        at = np.asarray(thinner.choose(table.value[first:last], limit, kept.tolist()), dtype=np.int64)
    return view(table, at + first, total=last - first)


def _instant(at: datetime) -> np.datetime64:
    return np.datetime64(at.astimezone(timezone(timedelta(0))).replace(tzinfo=None), "us")


def _holes(value: Floats) -> Ints:
    """Return one position inside each of the longest stretches without data, so that the line breaks there."""
    missing = np.concatenate([[False], np.isnan(value), [False]])
    edges = np.flatnonzero(missing[1:] != missing[:-1])
    begins, lengths = edges[::2], edges[1::2] - edges[::2]
    return np.sort(begins[np.argsort(-lengths, kind="stable")[:KEPT_GAPS]]).astype(np.int64)


def view(table: PointTable, at: Ints, total: int) -> SeriesView:
    """Write out the points at some positions, rounded for the wire; anomalies keep all their digits."""
    places = _places(table.value)
    exact = np.isin(at, table.peaks)
    columns = {name: _wire(getattr(table, name)[at], places - WIRE_DIGITS + BAND_DIGITS) for name in COLUMNS[1:]}
    return SeriesView(
        granularity=table.granularity,
        time=table.labels(at),
        value=_wire(table.value[at], places, exact),
        **columns,
        total_points=total,
        downsampled=len(at) < total,
    )


def _places(values: Floats) -> int:
    """Return the decimals that show ``WIRE_DIGITS`` digits of the typical spread."""
    finite = values[np.isfinite(values)]
    if len(finite) == 0:
        return WIRE_DIGITS
    first, third = np.percentile(finite / 2, [25, 75])  # halved: two huge values may be too far apart for a float
    spread = float(third - first) or float(np.abs(finite / 2).max()) or 1.0
    return WIRE_DIGITS - 1 - math.floor(math.log10(spread))


def _wire(values: Floats, places: int, exact: npt.NDArray[np.bool_] | None = None) -> tuple[float | None, ...]:
    """Round by Python's own correctly rounded decimal rounding: numpy's leaves tails such as 0.30000000000000004."""
    kept = np.zeros(len(values), dtype=np.bool_) if exact is None else exact
    return tuple(
        None if not math.isfinite(value) else value if whole else round(value, places)
        for value, whole in zip(values.tolist(), kept.tolist(), strict=True)
    )
