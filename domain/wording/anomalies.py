"""The sentence that explains an anomaly, with its numbers and their unit."""

from typing import Final

import numpy as np

from domain.detection.result import DetectedAnomaly, Direction, Kind, SeriesProfile
from domain.timeseries.aggregation import Floats
from domain.wording.calendar import cause
from domain.wording.formatting import Figures, compared, number, plural
from domain.wording.levels import change_at, return_after
from domain.wording.time_names import TimeNames

MOST_VARIATIONS: Final = 1_000.0  # beyond it the multiple says more of how small the usual variation is
VARIATION_DIGITS: Final = 2


def explain(
    anomaly: DetectedAnomaly, values: Floats, profile: SeriesProfile, times: TimeNames, figures: Figures
) -> str:
    """Say what happened: how far from what, what is usual there, and how many usual variations that is.

    Args:
        anomaly: what was detected.
        values: of the whole series, NaN where there is none.
        profile: of the series.
        times: names its points.
        figures: writes its values.
    """
    if anomaly.active_points is not None:
        return _crowded(anomaly, times, figures)
    usual = f"usual range {figures.between(anomaly.lower, anomaly.upper)}"
    how = compared(anomaly.value, anomaly.expected, figures, as_ratio=anomaly.ratio_scale)
    verb = "" if how.startswith("instead") else "is "
    text = f"{figures.observed(anomaly.value)} {verb}{how} ({usual}), {variations(anomaly.robust_deviations)}."
    calendar = "" if anomaly.calendar is None else cause(anomaly.calendar)
    back = _return(anomaly, values, profile, times, figures)
    if anomaly.kind is not Kind.LEVEL_SHIFT:
        return text + _extent(anomaly, values, times) + back + calendar
    if anomaly.ends is not None and back:
        return text + back + calendar
    return text + _new_level(anomaly, values, profile, times, figures) + back + calendar


def variations(robust_deviations: float) -> str:
    """Write a distance in robust deviations: ``22 times the usual variation``."""
    if robust_deviations >= MOST_VARIATIONS:
        return f"over {MOST_VARIATIONS:,.0f} times the usual variation"
    return f"{number(robust_deviations, VARIATION_DIGITS)} times the usual variation"


def is_extreme(anomaly: DetectedAnomaly, values: Floats) -> bool:
    """Whether no other value of the stretch is as far in its direction as the peak."""
    inside = values[anomaly.start : anomaly.end + 1]
    inside = inside[np.isfinite(inside)]
    furthest = inside.max() if anomaly.direction is Direction.UP else inside.min()
    return bool(anomaly.value == furthest and (inside == furthest).sum() == 1)


def _crowded(anomaly: DetectedAnomaly, times: TimeNames, figures: Figures) -> str:
    """Say that something comes more often than it should."""
    active_points = anomaly.active_points
    assert active_points is not None  # noqa: S101 - the caller has checked; for the type checker
    return (
        f"{active_points.active:,} of these {times.counted(active_points.points)} are above zero; usually about "
        f"{number(active_points.usual, 2)} are. The largest is {figures.observed(anomaly.value)}."
    )


def _new_level(
    anomaly: DetectedAnomaly, values: Floats, profile: SeriesProfile, times: TimeNames, figures: Figures
) -> str:
    if anomaly.new_level is not None:
        following = values[anomaly.peak :]
        following = following[np.isfinite(following)][: anomaly.new_level.points]
        level = figures.about(float(np.median(following)))
        return f" The level changes here: the next {times.counted(len(following))} have a median of {level}."
    change = change_at(values, anomaly.peak, 0, len(values), profile.periods)
    return " The level stays changed from here on." if change is not None and change.lasts else ""


def _return(
    anomaly: DetectedAnomaly, values: Floats, profile: SeriesProfile, times: TimeNames, figures: Figures
) -> str:
    """Say when the level returns, or that it returns here; nothing where medians of the values do not show it."""
    episode = anomaly.ends if anomaly.begins is None else anomaly.begins
    back = None if episode is None else return_after(values, episode.start, episode.end, profile.periods)
    if episode is None or back is None:
        return ""
    counted, before, after = times.counted(back.points), figures.about(back.before), figures.about(back.after)
    since, until = times.date(episode.start), times.date(episode.end)
    which = "The level returns here" if anomaly.begins is None else "Later the level returns"
    return (
        f" {which}: the {counted} before {since} have a median of {before}, the {counted} after {until} one of {after}."
    )


def _extent(anomaly: DetectedAnomaly, values: Floats, times: TimeNames) -> str:
    points = int(np.isfinite(values[anomaly.start : anomaly.end + 1]).sum())
    if points == 1:
        return ""
    which = f"{times.date(anomaly.peak)}"
    if is_extreme(anomaly, values):
        which += f", the {'highest' if anomaly.direction is Direction.UP else 'lowest'}"
    return f" It covers {plural(points, times.noun)}; the figures are for {which}."
