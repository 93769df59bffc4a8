"""What begins and what ends an episode among the anomalies: the return is never the event."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from domain.detection.baseline import episodes
from domain.detection.baseline.episodes import Episode
from domain.detection.baseline.level_shifts import NEXT_FEW
from domain.detection.baseline.model import Model
from domain.detection.prepared_series import PreparedSeries
from domain.detection.result import DetectedAnomaly, Direction, Kind, LevelEpisode, Severity
from domain.detection.scoring.events import Span

DOWN: Final = Direction.DOWN


def with_episodes(
    anomalies: Sequence[DetectedAnomaly], spans: Sequence[Span], series: PreparedSeries, model: Model
) -> tuple[DetectedAnomaly, ...]:
    """Give the anomaly that begins an episode its end, and the one that ends it its beginning.

    The end is of low severity, however large: the size is that of the episode, which its beginning has.

    Args:
        anomalies: in order of time.
        spans: of each, as positions among the points of ``series``.
        series: the points that the model was fitted to.
        model: whose level shifts make the episodes.
    """
    linked = list(anomalies)
    for episode in episodes.find(model.shifts, len(series)):
        begin = _begin(episode, anomalies, spans)
        first = episode.start.at if begin is None else min(episode.start.at, spans[begin].start)
        stretch = LevelEpisode(start=int(series.positions[first]), end=int(series.positions[episode.back.at - 1]))
        if begin is not None:
            linked[begin] = replace(linked[begin], begins=stretch)
        for place, (anomaly, span) in enumerate(zip(anomalies, spans, strict=True)):
            returns = anomaly.kind is Kind.LEVEL_SHIFT and (anomaly.direction is DOWN) == (episode.back.change < 0)
            if returns and 0 <= span.peak - episode.back.at < NEXT_FEW:
                linked[place] = replace(linked[place], ends=stretch, severity=Severity.LOW)
    return tuple(linked)


def _begin(episode: Episode, anomalies: Sequence[DetectedAnomaly], spans: Sequence[Span]) -> int | None:
    """Return which anomaly lies where an episode begins, of several the change of level; None if none does."""
    at, down = episode.start.at, episode.start.change < 0
    there = [
        place
        for place, (anomaly, span) in enumerate(zip(anomalies, spans, strict=True))
        if (anomaly.direction is DOWN) == down and span.start < at + NEXT_FEW and at <= span.end < episode.back.at - 1
    ]
    return min(there, key=lambda place: anomalies[place].kind is not Kind.LEVEL_SHIFT, default=None)
