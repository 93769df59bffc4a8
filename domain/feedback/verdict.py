"""What a user says of an anomaly: a verdict and a reason.

Kept by dataset, metric and time, so that it survives re-runs and new versions. A verdict acts: ``expected`` and
``false_alarm`` stop counting as open, ``new_normal`` does so too and starts a new level at its time, ``confirmed``
keeps the stretch out of the baseline, and ``missed`` reports an anomaly that was not found.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from domain.errors import InvalidInputError
from domain.feedback.scope import Span, covered, span_of, unit_of
from domain.struct import Struct
from domain.timeseries.series import TimeSeries
from domain.timeseries.timezones import to_instants

# The threshold for so few points is that of their number (docs/detection.md): leaving out one that was quite usual
# would raise it, and hide what was found among the others.
FEW_POINTS: Final = 40
# Python's own calendar ends with the years 1 and 9999: a zone's offset and the end of a bucket must fit in.
YEARS: Final = range(2, 9998)
SEPARATOR: Final = "\x1f"  # between a metric and its conditions: the unit separator of ASCII, which no name has
MAX_REASON_CHARACTERS: Final = 500  # a sentence or three; longer stories belong into a ticket


class VerdictKind(StrEnum):
    """What an anomaly turned out to be."""

    CONFIRMED = "confirmed"
    EXPECTED = "expected"
    FALSE_ALARM = "false_alarm"
    NEW_NORMAL = "new_normal"
    MISSED = "missed"


CLOSED: Final = frozenset({VerdictKind.EXPECTED, VerdictKind.FALSE_ALARM, VerdictKind.NEW_NORMAL})


class Verdict(Struct, frozen=True):
    """One verdict.

    ``date`` is the anomaly's as it was shown, ``at`` the instant it stands for, ``since`` and ``until`` (excluded) the
    bucket that it was given on: what it applies to, at every granularity. ``where`` are the conditions of the segment
    that was looked at, none of all rows.
    """

    dataset_id: str
    metric: str
    at: datetime
    date: str
    verdict: VerdictKind
    reason: str | None
    user_id: str
    created_at: datetime
    since: datetime | None = None
    until: datetime | None = None
    where: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """What is judged: the key under which a store has it."""
        return subject_of(self.metric, self.where)


def subject_of(metric: str, where: Sequence[str]) -> str:
    """Return what a verdict is given on: a metric, or a metric of a segment, in whatever order its conditions stand."""
    return SEPARATOR.join((metric, *sorted(set(where))))


def instant_of(date: str, time_zone: str) -> datetime:
    """The instant of a date as it is shown: local without an offset.

    Raises:
        InvalidInputError: it is no date.
    """
    try:
        at = datetime.fromisoformat(date)
    except ValueError as error:
        raise InvalidInputError(
            f"{date!r} is no time. Write it as 2024-01-03 or 2024-01-03T05:00:00.", field="date"
        ) from error
    if at.year not in YEARS:
        raise InvalidInputError(f"{date!r} lies outside the years {YEARS[0]} to {YEARS[-1]}.", field="date")
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    local = np.array([np.datetime64(at, "us").astype(np.int64)])
    return datetime.fromtimestamp(int(to_instants(local, time_zone)[0]) / 1e6, UTC)


def checked_reason(reason: str | None) -> str | None:
    """Return the reason without surrounding blanks and what no page or file can show, None if nothing is left.

    Raises:
        InvalidInputError: it is too long.
    """
    trimmed = "".join(sign for sign in reason or "" if sign in "\n\t" or not _is_control(sign)).strip()
    if len(trimmed) > MAX_REASON_CHARACTERS:
        raise InvalidInputError(
            f"The reason has {len(trimmed):,} characters; use at most {MAX_REASON_CHARACTERS}.", field="reason"
        )
    return trimmed or None


def _is_control(sign: str) -> bool:
    """C0, DEL and C1 (Unicode's category Cc)."""
    return sign < " " or "\x7f" <= sign <= "\x9f"


def new_levels(series: TimeSeries, verdicts: Iterable[Verdict]) -> tuple[int, ...]:
    """Positions in the series from which the user wants a new level."""
    return tuple(
        sorted({at for one in verdicts if one.verdict is VerdictKind.NEW_NORMAL for at in _position(series, one)})
    )


def outside_baseline(series: TimeSeries, verdicts: Iterable[Verdict]) -> npt.NDArray[np.bool_]:
    """Which points were confirmed as anomalies, or reported as missed: they must not teach what is usual.

    Those whose whole bucket a verdict covers: an hour's says nothing of its day. Among ``FEW_POINTS`` or fewer a missed
    one goes on teaching: it was taken for usual, so it distorts little.
    """
    mask = np.zeros(len(series.time), dtype=bool)
    few = len(mask) <= FEW_POINTS
    for one in verdicts:
        if one.verdict is VerdictKind.CONFIRMED or (one.verdict is VerdictKind.MISSED and not few):
            span = span_in(one, series.time_zone)
            first, behind = covered(series.time_utc, series.granularity, series.time_zone, span)
            mask[first:behind] = True
    return mask


def span_in(annotation: Verdict, time_zone: str) -> Span:
    """The stretch that a verdict applies to; of one stored before that was recorded, what its date says."""
    if annotation.since is not None and annotation.until is not None:
        return annotation.since, annotation.until
    return span_of(annotation.at, unit_of(annotation.date, None, None, 0), time_zone)


def _position(series: TimeSeries, annotation: Verdict) -> tuple[int, ...]:
    """The bucket that holds the annotation's time; none if it lies outside the series."""
    instant = np.datetime64(annotation.at.astimezone(UTC).replace(tzinfo=None), "us")
    at = int(np.searchsorted(series.time_utc, instant, side="right")) - 1
    return (at,) if at >= 0 and (at + 1 < len(series.time_utc) or annotation.date[:10] == _day(series, at)) else ()


def _day(series: TimeSeries, at: int) -> str:
    return str(np.datetime_as_string(series.time[at], unit="D"))
