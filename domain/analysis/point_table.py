"""All points of an analysis: kept beside it as bytes, and looked at through windows of a few thousand points."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from domain.analysis.analysis import RangeSummary, SeriesView
from domain.detection.result import DetectionResult
from domain.errors import CorruptedError, InvalidInputError
from domain.struct import Struct
from domain.timeseries.aggregation import Floats, Granularity, Ints, Times
from domain.timeseries.downsampling import ChoosePoints
from domain.timeseries.series import TimeSeries
from domain.timeseries.time_labels import Precision, precision_of, write

FORMAT: Final = b"\x01"  # the first byte of every table; another layout takes another number
WIRE_DIGITS: Final = 6  # of the spread of the values: a picture 2,000 px high shows four
BAND_DIGITS: Final = 4  # of the same spread, for lines that are drawn and not read as figures
KEPT_GAPS: Final = 100  # stretches without data that are drawn as holes, the longest first
COLUMNS: Final = ("value", "rolling", "expected", "lower", "upper")
BARE_DATE: Final = len("2024-01-03")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PointTable:
    """Every point of a series with what was expected of it; all arrays have one length, in order of time.

    Attributes:
        granularity: of the series.
        time_zone: IANA name.
        precision: of the written times: "D" for points of a day or longer, else "s", "ms" or "us".
        time: start of each bucket, datetime64[us] UTC.
        offset: what to add to ``time`` for the wall clock of the dataset's zone, in seconds (int32).
        value, rolling, expected, lower, upper: float64 in the series' own unit, NaN where there is none.
        peaks: positions of the anomalies, ascending; every window shows them all.
    """

    granularity: Granularity
    time_zone: str
    precision: Precision
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
        """Write the times of some positions: local dates, or RFC 3339 with offset."""
        offset = self.offset[at]
        wall = self.time[at] + offset.astype("timedelta64[s]")
        return tuple(write(wall, offset, self.precision, self.time_zone))

    def label(self, at: int) -> str:
        """Write the time of one position."""
        return self.labels(np.array([at], dtype=np.int64))[0]

    def to_bytes(self) -> bytes:
        """Pack the table: one format byte, then MessagePack around little-endian arrays."""
        packed = {name: getattr(self, name).astype(dtype, copy=False).tobytes() for name, dtype in _LAYOUT.items()}
        body = _Packed(
            granularity=self.granularity,
            time_zone=self.time_zone,
            precision=self.precision,
            points=len(self),
            arrays=packed,
        )
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
        return cls(granularity=packed.granularity, time_zone=packed.time_zone, precision=packed.precision, **arrays)


class _Packed(Struct, frozen=True):
    granularity: Granularity
    time_zone: str
    precision: Precision
    points: int
    arrays: dict[str, bytes]


_LAYOUT: Final = {"time": "<M8[us]", "offset": "<i4", **dict.fromkeys(COLUMNS, "<f8"), "peaks": "<i8"}


def tabulate(series: TimeSeries, detection: DetectionResult) -> PointTable:
    """Lay every point of a series beside what was expected of it."""
    return PointTable(
        granularity=series.granularity,
        time_zone=series.time_zone,
        precision=precision_of(series.time, series.granularity),
        time=series.time_utc.astype("datetime64[us]"),
        offset=((series.time - series.time_utc) / np.timedelta64(1, "s")).astype(np.int32),
        value=series.value,
        rolling=series.rolling_mean,
        expected=detection.expected,
        lower=detection.lower,
        upper=detection.upper,
        peaks=np.unique(np.array([anomaly.peak for anomaly in detection.anomalies], dtype=np.int64)),
    )


def window(
    table: PointTable,
    start: str | None,
    end: str | None,
    limit: int,
    choose: ChoosePoints,
    keep: Sequence[int] = (),
) -> SeriesView:
    """Choose the points to draw between two times, and one more on either side so that the line reaches the edges.

    Args:
        table: all points.
        start: ISO 8601; without an offset it is local, as the labels are. None for the beginning.
        end: as ``start``, inclusive: a bare date includes its whole day. None for the end.
        limit: about so many points; the anomalies are kept beyond it.
        choose: chooses them.
        keep: positions to keep besides the anomalies' peaks.

    Returns:
        ``total_points`` counts the points of the stretch before thinning.

    Raises:
        InvalidInputError: a time that is none, or an end before the start.
    """
    first = 0 if start is None else _position(table, "from", start, after=False)
    last = len(table) if end is None else _position(table, "to", end, after=True)
    if last < first or (start is not None and end is not None and _reversed(start, end)):
        raise InvalidInputError(f"The stretch ends ({end}) before it begins ({start}).", field="to")
    summary = None if start is None and end is None else summarise_range(table.value[first:last])
    first, last = max(first - 1, 0), min(last + 1, len(table))
    wanted = np.union1d(table.peaks, np.asarray(keep, dtype=np.int64)).astype(np.int64)
    wanted = wanted[(wanted >= first) & (wanted < last)] - first
    at = np.arange(last - first, dtype=np.int64)
    if last - first > limit:
        selected = np.union1d(wanted, _holes(table.value[first:last]))
        at = np.asarray(choose(table.value[first:last], limit, selected.tolist()), dtype=np.int64)
    return replace(view(table, at + first, total=last - first), range_summary=summary)


def summarise_range(values: Floats) -> RangeSummary | None:
    """Return the figures of the finite values; None without any, or where they are too large to add up."""
    finite = values[np.isfinite(values)]
    if len(finite) == 0:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        low, middle, high = np.percentile(finite, [25, 50, 75])
        figures = [finite.sum(), finite.mean(), middle, low, high, finite.min(), finite.max()]
        spread = float(finite.std(ddof=1)) if len(finite) > 1 else None
    if not all(map(math.isfinite, figures)) or (spread is not None and not math.isfinite(spread)):
        return None
    total, mean, median, q1, q3, least, most = (float(figure) for figure in figures)
    return RangeSummary(
        count=len(finite), total=total, mean=mean, median=median, q1=q1, q3=q3, min=least, max=most, std_dev=spread
    )


def chunks(table: PointTable, start: str | None, end: str | None, size: int) -> Iterator[SeriesView]:
    """Yield every point between two times, ``size`` at a time.

    Raises:
        InvalidInputError: as ``window``.
    """
    first = 0 if start is None else _position(table, "from", start, after=False)
    last = len(table) if end is None else _position(table, "to", end, after=True)
    for begin in range(first, last, size):
        at = np.arange(begin, min(begin + size, last), dtype=np.int64)
        yield view(table, at, total=last - first)


def _position(table: PointTable, field: str, text: str, *, after: bool) -> int:
    """Return where a time stands: before the first point not earlier, or ``after`` the last one not later."""
    at = _instant(field, text)
    times = table.time
    if at.tzinfo is None:
        times = times + table.offset.astype("timedelta64[s]")
    instant = np.datetime64(at.replace(tzinfo=None), "us")
    if not after:
        return int(np.searchsorted(times, instant, side="left"))
    if len(text) == BARE_DATE:
        instant = instant + np.timedelta64(1, "D") - np.timedelta64(1, "us")
    return int(np.searchsorted(times, instant, side="right"))


def _reversed(start: str, end: str) -> bool:
    """Whether a stretch ends before it begins, also where there are no points to tell by."""
    first, last = _instant("from", start), _instant("to", end)
    whole_day = np.timedelta64(1, "D") - np.timedelta64(1, "us") if len(end) == BARE_DATE else np.timedelta64(0, "us")
    begin, finish = (np.datetime64(at.replace(tzinfo=None), "us") for at in (first, last))
    return (first.tzinfo is None) == (last.tzinfo is None) and bool(finish + whole_day < begin)


def _instant(field: str, text: str) -> datetime:
    """Read a time: naive as it stands, with an offset in UTC."""
    try:
        at = datetime.fromisoformat(text)
        return at if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError) as error:  # the latter: in UTC it lies before year 1 or after year 9999
        raise InvalidInputError(
            f"{text!r} is no time. Write it as 2024-01-03 or 2024-01-03T05:00:00.", field=field
        ) from error


def _holes(value: Floats) -> Ints:
    """Return one position inside each of the longest stretches without data, so that the line breaks there."""
    missing = np.concatenate([[False], np.isnan(value), [False]])
    edges = np.flatnonzero(missing[1:] != missing[:-1])
    begins, lengths = edges[::2], edges[1::2] - edges[::2]
    return np.sort(begins[np.argsort(-lengths, kind="stable")[:KEPT_GAPS]]).astype(np.int64)


def view(table: PointTable, at: Ints, total: int) -> SeriesView:
    """Write out the points at some positions, rounded for the wire; anomalies keep all their digits."""
    places = wire_places(table.value)
    exact = np.isin(at, table.peaks)
    drawn = places - WIRE_DIGITS + BAND_DIGITS
    return SeriesView(
        granularity=table.granularity,
        time=table.labels(at),
        value=_wire(table.value[at], places, exact, own=WIRE_DIGITS),
        rolling=_wire(table.rolling[at], drawn),
        expected=_wire(table.expected[at], drawn),
        lower=_wire(table.lower[at], drawn),
        upper=_wire(table.upper[at], drawn),
        total_points=total,
        downsampled=len(at) < total,
    )


def wire_places(values: Floats) -> int:
    """Return the decimals that show six digits of the typical spread: enough for any figure that is estimated."""
    finite = values[np.isfinite(values)]
    if len(finite) == 0:
        return WIRE_DIGITS
    first, third = np.percentile(finite / 2, [25, 75])  # halved: two huge values may be too far apart for a float
    spread = float(third - first) or float(np.abs(finite / 2).max()) or 1.0
    return WIRE_DIGITS - 1 - math.floor(math.log10(spread))


def _wire(
    values: Floats, places: int, exact: npt.NDArray[np.bool_] | None = None, own: int = BAND_DIGITS
) -> tuple[float | None, ...]:
    """Round by Python's own correctly rounded decimal rounding: numpy's leaves tails such as 0.30000000000000004.

    Args:
        values: to round.
        places: decimals that the spread of the series asks for.
        exact: which values keep all their digits.
        own: significant digits that each value keeps of its own, however small it is beside the others.
    """
    keeps_digits = np.zeros(len(values), dtype=np.bool_) if exact is None else exact
    size = np.abs(np.where(np.isfinite(values) & (values != 0), values, 1.0))
    decimals = np.maximum(places, own - 1 - np.floor(np.log10(size)).astype(np.int64))
    return tuple(
        None if not math.isfinite(value) else value if whole else _rounded(value, digits)
        for value, whole, digits in zip(values.tolist(), keeps_digits.tolist(), decimals.tolist(), strict=True)
    )


def _rounded(value: float, digits: int) -> float:
    """Round, except where rounding up would leave the range of a float: such a value keeps all its digits."""
    try:
        return round(value, digits)
    except OverflowError:
        return value
