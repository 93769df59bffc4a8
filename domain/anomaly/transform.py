"""The scale on which a series has even spread: identity, log, square root or Anscombe's for counts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.anomaly.series import FloatArray

LOG_GUARD: Final = 0.01  # log takes nothing below this share of the median: a zero stays finite, and far out
SHORT: Final = 20  # below it no spread can be compared with a level: log if positive


@dataclass(frozen=True, slots=True)
class Transform:
    """A monotone map to the scale of judgement and back.

    Attributes:
        name: as ``SeriesProfile.transform`` says it.
        forward, inverse: values to scale and back; ``inverse(forward(x)) == x`` but for rounding and the guard.
        ratio_scale: effects are ratios there.
        least_scale: no robust deviation on this scale is taken to be smaller.
    """

    name: str
    forward: Callable[[FloatArray], FloatArray]
    inverse: Callable[[FloatArray], FloatArray]
    ratio_scale: bool
    least_scale: float = 0.0


def _same(values: FloatArray) -> FloatArray:
    return values


def identity() -> Transform:
    """No change: judged in the series' own unit."""
    return Transform("identity", _same, _same, ratio_scale=False)


def logarithm(values: FloatArray) -> Transform:
    """The natural logarithm, guarded below at 1 % of the median of the positive values."""
    guard = LOG_GUARD * float(np.median(values[values > 0]))
    return Transform(
        "log",
        lambda x: np.log(np.maximum(x, guard)),
        lambda y: np.exp(np.clip(y, -700.0, 700.0)),
        ratio_scale=True,
        least_scale=0.004,
    )


def choose(values: FloatArray) -> Transform:
    """Choose the scale for ``values``."""
    if values.min() <= 0:
        return identity()
    return logarithm(values)
