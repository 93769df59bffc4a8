"""Adjacent abnormal points that belong together are one event."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.detection.prepared_series import BoolArray, FloatArray, IntArray, PreparedSeries

EACH_ALONE: Final = 100  # in a shorter series every point is an anomaly of its own
BRIDGED_FROM: Final = 200  # from here on two calm points between do not end an event
BRIDGE: Final = 2
LONG_FROM: Final = 1_000  # in a long series what lies within half a percent of its length is reported as one event, ...
LONG_SHARE: Final = 200
LONG_BRIDGE: Final = 80  # ... up to so many points; days are reported one by one
DAILY: Final = 0.9 * 86_400.0  # seconds; a day of 23 hours counts
CALM: Final = 0.2  # of the band: where points inside it lean no further to the event's side, nothing is going on
REBOUND: Final = 1 / 3  # of the distance of the event before: what is smaller makes up for it
GAP: Final = 1.5  # cadences beyond the bridge: a gap in time ends an event


@dataclass(frozen=True, slots=True)
class Span:
    """An event: positions among the sorted points, both inclusive."""

    start: int
    end: int
    peak: int


def group(flagged: IntArray, scores: FloatArray, series: PreparedSeries) -> list[Span]:
    """Join flagged points to events, each with its furthest point as peak.

    Args:
        flagged: ascending positions of abnormal points.
        scores: signed distance, per point of the series; its largest magnitude makes the peak.
        series: for the length, the times and the cadence.
    """
    if len(flagged) == 0:
        return []
    starts = np.flatnonzero(np.concatenate([[True], breaks(flagged, scores, series)]))
    ends = np.concatenate([starts[1:], [len(flagged)]])
    size = np.abs(scores[flagged])
    return [
        Span(int(flagged[a]), int(flagged[b - 1]), int(flagged[a + np.argmax(size[a:b])]))
        for a, b in zip(starts, ends, strict=True)
    ]


def parted(span: Span, flagged: IntArray, scores: FloatArray, edge: float) -> list[Span]:
    """Return the outliers of an event by themselves, if what lies between them is calm: they are no stretch.

    Args:
        span: an event.
        flagged: ascending positions of abnormal points.
        scores: signed distance of each point in units of the band.
        edge: beyond it a point is outside the band.
    """
    at = flagged[np.searchsorted(flagged, span.start) : np.searchsorted(flagged, span.end, "right")]
    distance = scores[at] * np.sign(scores[span.peak])
    outside = distance > edge
    if outside.all() or not outside.any() or float(distance[~outside].mean()) >= CALM:
        return [span]
    groups = np.split(at[outside], np.flatnonzero(np.diff(at[outside]) > 1 + BRIDGE) + 1)
    return [Span(int(g[0]), int(g[-1]), int(g[np.argmax(np.abs(scores[g]))])) for g in groups]


def with_rebounds(spans: list[Span], scores: FloatArray) -> list[Span]:
    """Let an event that only makes up for the one just before it belong to that one.

    The days after a holiday are busier than usual, a delivery that failed comes a day later: it lies on the other
    side, within a few points, and is far smaller.

    Args:
        spans: events in order of time.
        scores: signed distance of each point in units of the band.
    """
    joined_spans: list[Span] = []
    for span in spans:
        before = joined_spans[-1] if joined_spans else None
        if before is not None and span.start - before.end <= 1 + BRIDGE:
            size = scores[span.peak] / scores[before.peak]
            if -REBOUND <= size < 0:
                joined_spans[-1] = Span(before.start, span.end, before.peak)
                continue
        joined_spans.append(span)
    return joined_spans


def breaks(flagged: IntArray, scores: FloatArray, series: PreparedSeries) -> BoolArray:
    """Return between which flagged points one event ends and the next begins."""
    n = len(series)
    if n < EACH_ALONE:
        return np.ones(len(flagged) - 1, dtype=np.bool_)
    bridge = 0 if n < BRIDGED_FROM else BRIDGE
    if n >= LONG_FROM and (series.cadence is None or series.cadence < DAILY):
        bridge = max(bridge, min(n // LONG_SHARE, LONG_BRIDGE))
    far = np.diff(flagged) > 1 + bridge
    sides = np.sign(scores[flagged])
    if n >= LONG_FROM:
        sides = _without_lone(sides, far)
    turned = np.diff(sides) != 0
    if series.cadence is None:
        return np.asarray(far | turned)
    apart = np.diff(series.seconds[flagged]) > (max(bridge, BRIDGE) + GAP) * series.cadence
    return np.asarray(far | turned | apart)


def _without_lone(sides: FloatArray, far: BoolArray) -> FloatArray:
    """Let a point that alone turns to the other side within a stretch belong to the stretch."""
    lone = np.zeros(len(sides), dtype=np.bool_)
    lone[1:-1] = (sides[1:-1] != sides[:-2]) & (sides[1:-1] != sides[2:]) & ~far[:-1] & ~far[1:]
    alternating = lone.copy()
    alternating[1:] &= lone[:-1]
    return np.where(lone & ~alternating, -sides, sides)
