"""The verdicts of the user on points: which of them train the model, and where a new level starts.

A point outside the training mask is judged like any other, by a model that never saw it. The others are judged as if
its row were not there, and it keeps its own scores: a verdict never removes the anomaly that it was given for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from domain.detection.baseline import calendar_days
from domain.detection.baseline.level_shifts import Shift
from domain.detection.baseline.model import Model
from domain.detection.detectors.registry import score_from_model
from domain.detection.detectors.scores import DetectorScores
from domain.detection.detectors.zeros import spread_out
from domain.detection.prepared_series import BoolArray, FloatArray, IntArray, PreparedSeries
from domain.detection.result import Method
from domain.detection.scoring.combine import masked
from domain.detection.scoring.events import Span


@dataclass(frozen=True, slots=True)
class TrainingMask:
    """The verdicts of the user, by positions of the prepared series.

    Attributes:
        levels: points from which there is a new level.
        outside: points that must not train the model.
    """

    levels: tuple[int, ...]
    outside: BoolArray

    def __bool__(self) -> bool:
        """Return whether there is any verdict."""
        return bool(self.levels) or bool(self.outside.any())

    def grown(self, spans: Sequence[Span]) -> "TrainingMask":
        """Apply the verdict on one point of an event to all of it: a level starts with its event."""
        outside, levels = self.outside.copy(), set(self.levels)
        for span in spans:
            if self.outside[span.start : span.end + 1].any():
                outside[span.start : span.end + 1] = True
            levels = {span.start if span.start <= level <= span.end else level for level in levels}
        return TrainingMask(tuple(sorted(levels - {0})), outside)

    def only_levels(self) -> "TrainingMask":
        """Let every point train the model."""
        return replace(self, outside=np.zeros(len(self.outside), dtype=np.bool_))


def placed(
    series: PreparedSeries,
    time: npt.NDArray[Any],
    new_levels: Sequence[int],
    outside_baseline: npt.NDArray[np.bool_] | None,
) -> TrainingMask:
    """Bring the caller's positions to those of the prepared series; a level starts at the first point from its time on.

    Raises:
        ValueError: a position outside the arrays, or a mask that is none of their length.
    """
    n = len(time)
    if any(not 0 <= at < n for at in new_levels):
        raise ValueError(f"new_levels must be positions from 0 to {n - 1}; got {list(new_levels)}")
    mask = np.zeros(n, dtype=np.bool_) if outside_baseline is None else np.asarray(outside_baseline)
    if mask.dtype != np.bool_ or mask.shape != (n,):
        raise ValueError(f"outside_baseline must be {n} booleans; got {mask.dtype} of shape {mask.shape}")
    micros = np.asarray(time).astype("datetime64[us]")[list(new_levels)]
    starts = np.searchsorted(series.seconds, micros[~np.isnat(micros)].astype(np.int64) / 1e6)
    levels = tuple(sorted({int(at) for at in starts if 0 < at < len(series)}))
    return TrainingMask(levels, mask[series.positions])


def scores_before_verdicts(all_scores: list[DetectorScores], verdict_mask: TrainingMask) -> list[DetectorScores]:
    """Return the scores before any verdict, masked except at the points with a verdict."""
    level = np.zeros(len(verdict_mask.outside), dtype=np.bool_)
    level[list(verdict_mask.levels)] = True
    before = [masked(c, ~verdict_mask.outside) for c in all_scores] if verdict_mask.outside.any() else []
    levels = [masked(_as_level(c), ~level) for c in all_scores] if verdict_mask.levels else []
    return before + levels


def _as_level(scores: DetectorScores) -> DetectorScores:
    """Count the scores of a detector as the beginning of another level, as the user declared."""
    return replace(scores, method=Method.LEVEL_SHIFT, traits=replace(scores.traits, explains_level=True))


def model_of_all(model: Model, series: PreparedSeries, training: BoolArray) -> Model:
    """Return the model of the points that teach as one of the whole ``series``.

    At the others the season is that of the nearest same phase, the level lies between its neighbours, and a shift that
    a point kept out already shows begins there.
    """
    at, every = np.flatnonzero(training), np.arange(len(series), dtype=np.int64)

    def between(figures: FloatArray) -> FloatArray:
        return np.interp(every, at, figures)

    scaled = model.transform.forward(series.values)
    calendar = calendar_days.among_all(model.calendar, at, len(series))
    of_phase = model.season - model.calendar.season
    season = of_phase[_same_phase(series, at, model.periods)] + calendar.season
    level = between(model.level)
    shifts = tuple(replace(s, at=_begins(s, scaled - season - level, model.steps, at)) for s in model.shifts)
    steps = np.zeros(len(series))
    for shift in shifts:
        steps[shift.at :] += shift.change
    steps[at] = model.steps
    expected = season + steps + level
    scale = between(model.scale)
    return replace(
        model,
        scaled=scaled,
        season=season,
        calendar=calendar,
        shifts=shifts,
        steps=steps,
        level=level,
        scale=scale,
        least=between(model.least),
        expected=expected,
        deviations=(scaled - expected) / scale,
    )


def _begins(shift: Shift, rest: FloatArray, steps: FloatArray, at: IntArray) -> int:
    """Return where a shift begins among all points: at the first one kept out before it that is nearer to its level."""
    start = int(at[shift.at])
    before = int(at[shift.at - 1]) + 1
    nearer = np.abs(rest[before:start] - steps[shift.at]) < np.abs(rest[before:start] - steps[shift.at - 1])
    return before + int(np.argmax(nearer)) if nearer.any() else start


def _same_phase(series: PreparedSeries, at: IntArray, periods: tuple[int, ...]) -> IntArray:
    """Return per point which of the points ``at`` stands for its season: itself, or a near one of the same phase."""
    chosen = np.clip(np.searchsorted(at, np.arange(len(series))), 0, len(at) - 1)
    if not periods:
        return chosen
    period, slots = max(periods), series.slots()
    key = (slots % period) * (int(slots[-1]) + 2) + slots
    order = np.argsort(key[at], kind="stable")
    after = np.clip(np.searchsorted(key[at][order], key), 0, len(at) - 1)
    before = np.maximum(after - 1, 0)
    near = np.where(_away(slots, at[order][before], period) < _away(slots, at[order][after], period), before, after)
    chosen = order[near]
    chosen[at] = np.arange(len(at))
    return np.asarray(chosen, dtype=np.int64)


def _away(slots: IntArray, other: IntArray, period: int) -> IntArray:
    """Return the distance on the grid; another phase is further than any of the same."""
    return np.asarray(np.abs(slots - slots[other]) + (slots % period != slots[other] % period) * (slots[-1] + 1))


def scores_of_all(
    all_scores: list[DetectorScores], series: PreparedSeries, model: Model, training: BoolArray
) -> list[DetectorScores]:
    """Extend scores of the training points to all points: the first detector scores the others as well."""
    leading = all_scores[0]
    own = (model.scaled - model.expected) / model.scale
    deviations = own.copy()
    deviations[training] = leading.deviations
    whole = replace(leading, expected=model.expected, scale=model.scale, deviations=deviations, own=own)
    others = [spread_out(c, training) for c in all_scores[1:] if not c.traits.from_model]
    return [whole, *others, *score_from_model(series, model)]
