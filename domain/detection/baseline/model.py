"""What a series is expected to be: season, level shifts and a slow level on the scale of judgement."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from domain.detection.baseline import calendar_days, seasonality, trend
from domain.detection.baseline import level_shifts as shifts
from domain.detection.baseline.calendar_days import CalendarEffects
from domain.detection.baseline.calendar_rules import NamedDay
from domain.detection.baseline.level_shifts import Shift
from domain.detection.baseline.transform import Transform, choose, logarithm, quantum
from domain.detection.prepared_series import BoolArray, FloatArray, PreparedSeries
from domain.detection.result import TransformKind
from domain.detection.robust_stats import spread
from domain.detection.scoring.severity import HIGH_FOLD

ROUNDING_SHARE: Final = 0.6  # of the step values come in: two steps off are then 3.3 deviations, five are 8.3


@dataclass(frozen=True, slots=True)
class Model:
    """The fitted series, all arrays on the scale of the transform, one entry per point.

    Attributes:
        transform: the scale.
        scaled: the values on it.
        periods: seasons that were accepted, in points, shortest first.
        season: what repeats, expected patterns of the calendar included.
        shifts: changes of level, and ``steps``: the level they make.
        level: the slow rest, so that expected = season + steps + level.
        scale: one robust deviation, place by place.
        overall: the same over the whole series.
        least: what the values' resolution allows at the finest.
        expected: what each point should be: season + steps + level.
        deviations: how far each point is from it, in robust deviations, signed.
        calendar: what happens on days that the calendar puts together.
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
    calendar: CalendarEffects


def fit(series: PreparedSeries, starts: Sequence[int] = (), named: tuple[NamedDay, ...] = ()) -> Model:
    """Fit the model: transform, then season, then shifts, then the slow level, each on what the last one left.

    What the calendar explains of the rest is taken out, and all is fitted again without it.

    Args:
        series: the points to learn from.
        starts: positions from which the user wants a new level.
        named: public holidays and events of the user.
    """
    transform = choose(series)
    scaled = transform.forward(series.values)
    model = _fit_scaled(series, transform, scaled, starts)
    calendar = calendar_days.find(
        series, scaled - model.expected, model.scale, named, lambda: _large(series, transform, model)
    )
    if not calendar.season.any():
        return replace(model, calendar=calendar)
    refitted = _fit_scaled(series, transform, scaled - calendar.season, starts)
    expected = refitted.expected + calendar.season
    scale = refitted.scale + calendar.wider_if_expected
    return replace(
        refitted,
        scaled=scaled,
        season=refitted.season + calendar.season,
        expected=expected,
        scale=scale,
        deviations=(scaled - expected) / scale,
        calendar=calendar,
    )


def _large(series: PreparedSeries, transform: Transform, model: Model) -> BoolArray:
    """Return where a value is several times what is expected, or a fraction of it, as high severity asks."""
    usual = transform.inverse(model.expected)
    low, high = np.minimum(series.values, usual), np.maximum(series.values, usual)
    return np.asarray((high >= HIGH_FOLD * low) & (low >= 0))


def _fit_scaled(series: PreparedSeries, transform: Transform, scaled: FloatArray, starts: Sequence[int]) -> Model:
    season = seasonality.find(scaled, series)
    rest = scaled - season.values
    noise = float(np.median(_resolution(series.values, season.values + np.median(rest), transform)))
    level_shifts, steps = shifts.find(rest, season.periods[0] if season.periods else 0, noise, starts)
    level = trend.level(rest - steps, season.periods)
    expected = season.values + steps + level
    least = np.maximum(transform.least_scale, _resolution(series.values, expected, transform))
    width = trend.window(len(series), season.periods)
    if len(series) >= trend.SHORT:
        least = np.maximum(least, trend.step_floor(rest - steps, width))
    unsteady = seasonality.unsteadiness(scaled - expected, series, season.periods)
    scale = trend.scale((scaled - expected) / unsteady, width, least / unsteady).times(unsteady)
    return Model(
        transform=transform,
        scaled=scaled,
        periods=season.periods,
        season=season.values,
        shifts=tuple(level_shifts),
        steps=steps,
        level=level,
        scale=scale.local,
        overall=scale.overall,
        least=least,
        expected=expected,
        deviations=(scaled - expected) / scale.local,
        calendar=calendar_days.none(len(series)),
    )


def fit_steady(series: PreparedSeries, starts: Sequence[int] = ()) -> Model:
    """Fit one level and one scale on the logarithm: what is left when the zeros of rare demand are put aside."""
    transform = logarithm(series.values, TransformKind.INTERMITTENT)
    scaled = transform.forward(series.values)
    declared, steps = shifts.declared(scaled, starts)
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
        shifts=tuple(declared),
        steps=steps,
        level=level,
        scale=scale,
        overall=overall,
        least=least,
        expected=expected,
        deviations=(scaled - expected) / scale,
        calendar=calendar_days.none(len(series)),
    )


def _resolution(values: FloatArray, expected: FloatArray, transform: Transform) -> FloatArray:
    """Return the least scale that the step allows in which the values come: what lies within it is rounding."""
    step = quantum(values)
    centre = transform.inverse(expected)
    up, down = (transform.forward(centre + step / 2), transform.forward(centre - step / 2))
    return ROUNDING_SHARE * (up - down)
