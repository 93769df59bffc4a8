"""The user's verdicts written into an analysis: which anomaly each one covers, and what is still open."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from msgspec.structs import replace

from domain.analysis.analysis import Analysis, Anomaly, MissedAnomaly, UnmatchedVerdict, VerdictSummary, severities
from domain.analysis.settings import ResolvedSettings
from domain.feedback.scope import Span, bounds_of, covering, inside, is_whole
from domain.feedback.verdict import CLOSED, Verdict, VerdictKind, span_in


def apply_verdicts(analysis: Analysis, verdicts: Sequence[Verdict]) -> Analysis:
    """Write verdicts and reasons into an analysis, and count what is still open."""
    on_anomalies = [one for one in verdicts if one.verdict is not VerdictKind.MISSED]
    speaking = _speaking(analysis.anomalies, on_anomalies, analysis.settings)
    anomalies = tuple(map(_judged, analysis.anomalies, speaking))
    spoken = [anomaly.verdict for anomaly in anomalies if anomaly.verdict is not None]
    confirmed = spoken.count(VerdictKind.CONFIRMED)
    still_open = [anomaly for anomaly in anomalies if anomaly.verdict not in CLOSED]
    heard = {id(one) for one in speaking}
    summary = VerdictSummary(
        open=len(still_open),
        confirmed=confirmed,
        judged=len(spoken),
        confirmed_share=confirmed / len(spoken) if spoken else None,
        missed=tuple(
            MissedAnomaly(date=one.date, reason=one.reason) for one in verdicts if one.verdict is VerdictKind.MISSED
        ),
        open_severities=severities(still_open),
        unmatched=tuple(
            UnmatchedVerdict(date=one.date, verdict=one.verdict, reason=one.reason)
            for one in on_anomalies
            if id(one) not in heard
        ),
    )
    return replace(analysis, anomalies=anomalies, verdicts=summary)


def open_count(analysis: Analysis) -> int:
    """How many anomalies the list shows: those that no verdict closed."""
    return len(analysis.anomalies) if analysis.verdicts is None else analysis.verdicts.open


def closed(anomalies: Sequence[Anomaly], verdicts: Sequence[Verdict], settings: ResolvedSettings) -> frozenset[int]:
    """Return the places of the anomalies that a verdict closed."""
    on_anomalies = [one for one in verdicts if one.verdict is not VerdictKind.MISSED]
    speaking = _speaking(anomalies, on_anomalies, settings)
    return frozenset(place for place, one in enumerate(speaking) if one is not None and one.verdict in CLOSED)


def _judged(anomaly: Anomaly, verdict: Verdict | None) -> Anomaly:
    if verdict is None:
        return anomaly
    return replace(anomaly, verdict=verdict.verdict, reason=verdict.reason, verdict_date=verdict.date)


def _speaking(
    anomalies: Sequence[Anomaly], on_anomalies: Sequence[Verdict], settings: ResolvedSettings
) -> list[Verdict | None]:
    """Return what was said of each anomaly.

    That is the narrowest verdict that covers the bucket of its peak, else the first that was given on a whole bucket
    within it: a peak may move along its event from version to version.
    """
    speaking: list[Verdict | None] = [None] * len(anomalies)
    if not on_anomalies or not anomalies:
        return speaking
    zone, unit = settings.time_zone, settings.granularity
    peaks = bounds_of([one.date for one in anomalies], unit, zone)
    starts = bounds_of([one.start for one in anomalies], unit, zone)
    ends = bounds_of([one.end for one in anomalies], unit, zone)
    spans = [(one, span_in(one, zone)) for one in on_anomalies]
    for one, span in reversed(spans):
        if is_whole(span, unit, zone):
            _let_speak(speaking, one, inside(span, starts[0], ends[1]))
    for one, span in sorted(spans, key=_length, reverse=True):
        _let_speak(speaking, one, covering(span, *peaks))
    return speaking


def _let_speak(speaking: list[Verdict | None], verdict: Verdict, places: Iterable[int]) -> None:
    for place in places:
        speaking[place] = verdict


def _length(scoped: tuple[Verdict, Span]) -> timedelta:
    since, until = scoped[1]
    return until - since
