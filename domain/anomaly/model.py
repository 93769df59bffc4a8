"""What a series is expected to be: season, level shifts and a slow level on the scale of judgement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.anomaly import seasonality, shifts, trend
from domain.anomaly.robust import spread
from domain.anomaly.series import FloatArray, Series
from domain.anomaly.shifts import Shift
from domain.anomaly.transform import Transform, choose, logarithm, quantum

ROUNDING_SHARE: Final = 0.6  # of the step values come in: two steps off are then 3.3 deviations, five are 8.3


@dataclass(frozen=True, slots=True)
class Model:
    """The fitted series, all arrays on the scale of the transform, one entry per point.

    Attributes:
        transform: the scale.
        scaled: the values on it.
        periods: seasons that were accepted, in points, shortest first.
        season: what repeats.
        shifts: changes of level, and ``steps``: the level they make.
        level: the slow rest, so that expected = season + steps + level.
        scale: one robust deviation, place by place.
        overall: the same over the whole series.
        least: what the values' resolution allows at the finest.
        expected: what each point should be: season + steps + level.
        deviations: how far each point is from it, in robust deviations, signed.
    """

    transform: Transform
    scaled: FloatArray
    periods: tuple[int, ...]
    season: FloatArray
    shifts: tuple[Shift, ...]
    steps: FloatArray
    level: FloatArray
    scale: FloatArray
    overall: float
    least: FloatArray
    expected: FloatArray
    deviations: FloatArray


def fit(series: Series, starts: Sequence[int] = ()) -> Model:
    """Fit the model: transform, then season, then shifts, then the slow level, each on what the last one left.

    ``starts`` are the positions from which the user wants a new level.
    """
    transform = choose(series)
    scaled = transform.forward(series.values)
    season = seasonality.find(scaled, series)
    rest = scaled - season.values
    noise = float(np.median(_resolution(series.values, season.values + np.median(rest), transform)))
    found, steps = shifts.find(rest, season.periods[0] if season.periods else 0, noise, starts)
    level = trend.level(rest - steps, season.periods)
    expected = season.values + steps + level
    least = np.maximum(transform.least_scale, _resolution(series.values, expected, transform))
    width = trend.window(len(series), season.periods)
    unsteady = seasonality.unsteadiness(scaled - expected, series, season.periods)
    scale = trend.scale((scaled - expected) / unsteady, width, least / unsteady).times(unsteady)
    return Model(
        transform=transform,
        scaled=scaled,
        periods=season.periods,
        season=season.values,
        shifts=tuple(found),
        steps=steps,
        level=level,
        scale=scale.local,
        overall=scale.overall,
        least=least,
        expected=expected,
        deviations=(scaled - expected) / scale.local,
    )


def fit_steady(series: Series, starts: Sequence[int] = ()) -> Model:
    """Fit one level and one scale on the logarithm: what is left when the zeros of rare demand are put aside."""
    transform = logarithm(series.values, "intermittent")
    scaled = transform.forward(series.values)
    told, steps = shifts.told(scaled, starts)
    level = np.full(len(scaled), np.median(scaled - steps))
    expected = steps + level
    least = np.full(len(scaled), transform.least_scale)
    overall = max(spread(scaled - expected), transform.least_scale)
    scale = np.full(len(scaled), overall)
    return Model(
        transform=transform,
        scaled=scaled,
        periods=(),
        season=np.zeros(len(scaled)),
        shifts=tuple(told),
        steps=steps,
        level=level,
        scale=scale,
        overall=overall,
        least=least,
        expected=expected,
        deviations=(scaled - expected) / scale,
    )


def _resolution(values: FloatArray, expected: FloatArray, transform: Transform) -> FloatArray:
    """Return the least scale that the step allows in which the values come: what lies within it is rounding."""
    step = quantum(values)
    centre = transform.inverse(expected)
    up, down = (transform.forward(centre + step / 2), transform.forward(centre - step / 2))
    return ROUNDING_SHARE * (up - down)
