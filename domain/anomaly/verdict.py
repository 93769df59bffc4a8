"""All channels together: per point the loudest one speaks, and every sensitivity is answered at once."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from domain.anomaly import events, recurrence, threshold
from domain.anomaly.channels import Channel
from domain.anomaly.events import Span
from domain.anomaly.findings import DetectionSettings, DialPoint, Method, Reported
from domain.anomaly.series import BoolArray, FloatArray, IntArray, Series

DIAL_STEPS: Final = 21
EDGE: Final = 1.0 + 1e-9  # over the threshold by more than the way back to the unit rounds away
SMALL_EFFECTS: Final = ((20, 0.2), (100, 0.1))  # below so many points less than this share of the expected is nothing


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the channels say at one budget, per point of the series.

    Attributes:
        leading: index of the channel that is furthest over its threshold.
        scores: its signed distance over the threshold.
        distances: the point's own distance in units of the band drawn, signed; what peaks are chosen by.
        flagged: ascending positions of what is reported.
    """

    leading: IntArray
    scores: FloatArray
    distances: FloatArray
    flagged: IntArray


def judge(channels: list[Channel], budget: float) -> Verdict:
    """Let the channels judge every point."""
    scores = np.stack([c.scores(budget) for c in channels])
    leading = np.argmax(np.abs(scores), axis=0)
    score = np.take_along_axis(scores, leading[None], 0)[0]
    distance = np.empty(len(score))
    for number, channel in enumerate(channels):
        led = np.flatnonzero(leading == number)
        distance[led] = channel.distances(budget, led)
    # what is judged by its company may itself lie on the other side: it is never the peak
    distance = np.where(distance * score >= 0, distance, 1e-9 * np.sign(score))
    return Verdict(leading, score, distance, np.flatnonzero(np.abs(score) > EDGE))


def spans_of(verdict: Verdict, series: Series) -> list[Span]:
    """Join what is flagged to events. A piece of a stretch with no point outside the band of its own is none."""
    spans = events.group(verdict.flagged, verdict.distances, series)
    return [s for s in spans if abs(verdict.distances[s.peak]) > EDGE]


def without_habits(channels: list[Channel], series: Series) -> tuple[list[Channel], int]:
    """Silence the channels where the series does what it does again and again; say how many events that were.

    Decided on everything that the far end of the dial would report, so the dial stays monotone.
    """
    everything = judge(channels, threshold.budget_at(1.0))
    spans = events.group(everything.flagged, everything.scores, series)
    scores = np.zeros(len(series))
    scores[everything.flagged] = judge(_at(channels, everything.flagged), threshold.STANDARD_BUDGET).scores
    habitual = recurrence.habits(spans, scores, len(series))
    # a shift for good is counted by its own rule (``shifts.MOST``)
    shift = [c.method is Method.LEVEL_SHIFT and not c.holds for c in channels]
    silent = recurrence.points_of(spans, habitual, len(series))
    if not silent.any():
        return channels, 0
    loud = int((habitual & (np.abs(scores[[s.peak for s in spans]]) > 1.0)).sum())
    return [c if s else silenced(c, silent) for c, s in zip(channels, shift, strict=True)], loud


def as_asked(channels: list[Channel], series: Series, settings: DetectionSettings) -> list[Channel]:
    """Silence what the user does not want to hear of, and effects too small to matter in a short series."""
    return [silenced(c, _unwanted(c, series, settings)) for c in channels]


def silenced(channel: Channel, where: BoolArray) -> Channel:
    """Let a channel say nothing of some points."""
    return replace(channel, deviations=np.where(where, 0.0, channel.deviations))


def _unwanted(channel: Channel, series: Series, settings: DetectionSettings) -> BoolArray:
    expected = channel.transform.inverse(channel.expected)
    change = np.abs(series.values - expected)
    unwanted = np.zeros(len(change), dtype=np.bool_)
    if channel.transform.ratio_scale:
        least = next((share for points, share in SMALL_EFFECTS if len(series) < points), 0.0)
        unwanted |= change < least * np.abs(expected)
    if settings.direction is Reported.UP:
        unwanted |= channel.deviations < 0
    if settings.direction is Reported.DOWN:
        unwanted |= channel.deviations > 0
    if settings.min_change is not None:
        asked = settings.min_change.amount
        with np.errstate(over="ignore", under="ignore"):
            amount = (
                asked / 100.0 * np.abs(expected) if settings.min_change.percent else np.ldexp(asked, -series.exponent)
            )
        unwanted |= change < amount
    return unwanted


def dial(channels: list[Channel], series: Series) -> tuple[DialPoint, ...]:
    """Count points and events for the whole range of sensitivity; only points that its far end flags are looked at."""
    candidates = judge(channels, threshold.budget_at(1.0)).flagged
    few = _at(channels, candidates)
    distances = np.zeros(len(series))
    steps = []
    for step in range(DIAL_STEPS):
        sensitivity = step / (DIAL_STEPS - 1)
        verdict = judge(few, threshold.budget_at(sensitivity))
        distances[candidates] = verdict.distances
        whole = replace(verdict, distances=distances, flagged=candidates[verdict.flagged])
        found = len(spans_of(whole, series))
        steps.append(DialPoint(sensitivity=sensitivity, flagged_points=len(whole.flagged), events=found))
    return tuple(steps)


def _at(channels: list[Channel], points: IntArray) -> list[Channel]:
    """Return the channels of some points only."""
    return [replace(c, **{name: getattr(c, name)[points] for name in _PER_POINT}) for c in channels]


_PER_POINT: Final = ("expected", "scale", "deviations", "own")
