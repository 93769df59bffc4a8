"""What a user says of an anomaly: a verdict and a reason.

Kept by dataset, metric and time, so that it survives re-runs and new versions. A verdict acts: ``expected`` and
``false_alarm`` stop counting as open, ``new_normal`` starts a new level at its time, ``confirmed`` keeps the stretch
out of the baseline, and ``missed`` reports an anomaly that was not found.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from domain.analysis import (
    Analysis,
    AnomalyReport,
    MissedReport,
    ResolvedSettings,
    UnmatchedVerdict,
    Verdicts,
    severities,
)
from domain.errors import InvalidInputError
from domain.series import Series
from domain.value import Value
from domain.verdict_spans import Span, bounds_of, covered, covering, inside, is_whole, span_of, unit_of
from domain.zones import to_instants

# The threshold for so few points is that of their number (detection.md, step 8): leaving out one that was quite usual
# would raise it, and hide what was found among the others.
FEW_POINTS: Final = 40
# Python's own calendar ends with the years 1 and 9999: a zone's offset and the end of a bucket must fit in.
YEARS: Final = range(2, 9998)
MAX_REASON_CHARACTERS: Final = 500  # a sentence or three; longer stories belong into a ticket


class Verdict(StrEnum):
    """What an anomaly turned out to be."""

    CONFIRMED = "confirmed"
    EXPECTED = "expected"
    FALSE_ALARM = "false_alarm"
    NEW_NORMAL = "new_normal"
    MISSED = "missed"


CLOSED: Final = frozenset({Verdict.EXPECTED, Verdict.FALSE_ALARM})


class Annotation(Value, frozen=True):
    """One verdict.

    ``date`` is the anomaly's as it was shown, ``at`` the instant it stands for, ``since`` and ``until`` (excluded) the
    bucket that it was given on: what it speaks of, at whichever granularity the series is looked at.
    """

    dataset_id: str
    metric: str
    at: datetime
    date: str
    verdict: Verdict
    reason: str | None
    user_id: str
    created_at: datetime
    since: datetime | None = None
    until: datetime | None = None


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


def new_levels(series: Series, annotations: Iterable[Annotation]) -> tuple[int, ...]:
    """Positions in the series from which the user wants a new level."""
    return tuple(
        sorted({at for one in annotations if one.verdict is Verdict.NEW_NORMAL for at in _position(series, one)})
    )


def outside_baseline(series: Series, annotations: Iterable[Annotation]) -> npt.NDArray[np.bool_]:
    """Which points were confirmed as anomalies, or reported as missed: they must not teach what is usual.

    Those whose whole bucket a verdict covers: an hour's says nothing of its day. Among ``FEW_POINTS`` or fewer a missed
    one goes on teaching: it was taken for usual, so it distorts little.
    """
    mask = np.zeros(len(series.time), dtype=bool)
    few = len(mask) <= FEW_POINTS
    for one in annotations:
        if one.verdict is Verdict.CONFIRMED or (one.verdict is Verdict.MISSED and not few):
            span = span_in(one, series.time_zone)
            first, behind = covered(series.time_utc, series.granularity, series.time_zone, span)
            mask[first:behind] = True
    return mask


def span_in(annotation: Annotation, time_zone: str) -> Span:
    """From when to when a verdict speaks; of one kept before that was noted, what its date says."""
    if annotation.since is not None and annotation.until is not None:
        return annotation.since, annotation.until
    return span_of(annotation.at, unit_of(annotation.date, None, None, 0), time_zone)


def _position(series: Series, annotation: Annotation) -> tuple[int, ...]:
    """The bucket that holds the annotation's time; none if it lies outside the series."""
    instant = np.datetime64(annotation.at.astimezone(UTC).replace(tzinfo=None), "us")
    at = int(np.searchsorted(series.time_utc, instant, side="right")) - 1
    return (at,) if at >= 0 and (at + 1 < len(series.time_utc) or annotation.date[:10] == _day(series, at)) else ()


def _day(series: Series, at: int) -> str:
    return str(np.datetime_as_string(series.time[at], unit="D"))


def annotate(analysis: Analysis, annotations: Sequence[Annotation]) -> Analysis:
    """Write verdicts and reasons into an analysis, and count what is still open."""
    told = [one for one in annotations if one.verdict is not Verdict.MISSED]
    speaking = _speaking(analysis.anomalies, told, analysis.settings)
    anomalies = tuple(map(_judged, analysis.anomalies, speaking))
    spoken = [anomaly.verdict for anomaly in anomalies if anomaly.verdict is not None]
    confirmed = spoken.count(Verdict.CONFIRMED)
    still_open = [anomaly for anomaly in anomalies if anomaly.verdict not in CLOSED]
    heard = {id(one) for one in speaking}
    verdicts = Verdicts(
        open=len(still_open),
        confirmed=confirmed,
        judged=len(spoken),
        confirmed_share=confirmed / len(spoken) if spoken else None,
        missed=tuple(
            MissedReport(date=one.date, reason=one.reason) for one in annotations if one.verdict is Verdict.MISSED
        ),
        open_severities=severities(still_open),
        unmatched=tuple(
            UnmatchedVerdict(date=one.date, verdict=str(one.verdict), reason=one.reason)
            for one in told
            if id(one) not in heard
        ),
    )
    return replace(analysis, anomalies=anomalies, verdicts=verdicts)


def open_count(analysis: Analysis) -> int:
    """How many anomalies the list shows: those that no verdict closed."""
    return len(analysis.anomalies) if analysis.verdicts is None else analysis.verdicts.open


def closed(
    anomalies: Sequence[AnomalyReport], annotations: Sequence[Annotation], settings: ResolvedSettings
) -> frozenset[int]:
    """Return the places of the anomalies that a verdict closed."""
    told = [one for one in annotations if one.verdict is not Verdict.MISSED]
    speaking = _speaking(anomalies, told, settings)
    return frozenset(place for place, one in enumerate(speaking) if one is not None and one.verdict in CLOSED)


def _judged(anomaly: AnomalyReport, said: Annotation | None) -> AnomalyReport:
    if said is None:
        return anomaly
    return replace(anomaly, verdict=str(said.verdict), reason=said.reason, verdict_date=said.date)


def _speaking(
    anomalies: Sequence[AnomalyReport], told: Sequence[Annotation], settings: ResolvedSettings
) -> list[Annotation | None]:
    """Return what was said of each anomaly.

    That is the narrowest verdict that covers the bucket of its peak, else the first that was given on a whole bucket
    within it: a peak may move along its event from version to version.
    """
    speaking: list[Annotation | None] = [None] * len(anomalies)
    if not told or not anomalies:
        return speaking
    zone, unit = settings.time_zone, settings.granularity
    peaks = bounds_of([one.date for one in anomalies], unit, zone)
    starts = bounds_of([one.start for one in anomalies], unit, zone)
    ends = bounds_of([one.end for one in anomalies], unit, zone)
    spans = [(one, span_in(one, zone)) for one in told]
    for one, span in reversed(spans):
        if is_whole(span, unit, zone):
            _let_speak(speaking, one, inside(span, starts[0], ends[1]))
    for one, span in sorted(spans, key=_length, reverse=True):
        _let_speak(speaking, one, covering(span, *peaks))
    return speaking


def _let_speak(speaking: list[Annotation | None], said: Annotation, places: Iterable[int]) -> None:
    for place in places:
        speaking[place] = said


def _length(said: tuple[Annotation, Span]) -> timedelta:
    since, until = said[1]
    return until - since
