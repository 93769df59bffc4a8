"""A series made ready to be judged: finite, in order of time, of moderate magnitude."""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from domain.timeseries.granularity import REGULAR_SHARE, SAME_STEP

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

CALENDAR_STEPS: Final = (2_629_746.0, 7_889_238.0, 31_556_952.0)  # mean Gregorian month, quarter, year in seconds
CALENDAR_WITHIN: Final = 0.04  # the median month has 31 days, the mean 30.4


@dataclass(frozen=True, slots=True)
class PreparedSeries:
    """The finite points in order of time.

    Attributes:
        positions: where each point stands in the caller's arrays.
        seconds: its time, in seconds since the epoch.
        values: its value times ``2 ** -exponent``: at most 1 in magnitude, so that no square overflows.
            A power of two changes no digit, hence scaling the input by one changes no decision.
        exponent: see ``values``.
        cadence: the median step in seconds, None without a positive one.
        regular: whether most steps are near the cadence.
    """

    positions: IntArray
    seconds: FloatArray
    values: FloatArray
    exponent: int
    cadence: float | None
    regular: bool

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.values)

    def only(self, selected: BoolArray | slice, *, regular: bool) -> "PreparedSeries":
        """Return the series of the ``selected`` points; the grid of the cadence stays unless not ``regular``."""
        return replace(
            self,
            positions=self.positions[selected],
            seconds=self.seconds[selected],
            values=self.values[selected],
            regular=regular and self.regular,
        )

    def in_unit(self, values: FloatArray) -> FloatArray:
        """Return scaled ``values`` in the unit of the input; what exceeds the largest float stays at it."""
        limit = np.finfo(np.float64).max
        with np.errstate(over="ignore", under="ignore"):
            return np.clip(np.ldexp(values, self.exponent), -limit, limit)

    def slots(self) -> IntArray:
        """Number the points by their place on the grid of the cadence: a gap leaves numbers out."""
        if self.cadence is None or not self.regular:
            return np.arange(len(self), dtype=np.int64)
        step = next((long for long in CALENDAR_STEPS if abs(self.cadence / long - 1) < CALENDAR_WITHIN), self.cadence)
        return np.asarray(np.rint((self.seconds - self.seconds[0]) / step), dtype=np.int64)


def prepare(time: npt.NDArray[Any], values: npt.NDArray[Any]) -> PreparedSeries:
    """Keep what is finite, sort it by time (then value, so that row order never matters) and scale it.

    Raises:
        ValueError: if the arrays are not one-dimensional and of one length.
    """
    if time.ndim != 1 or values.ndim != 1 or len(time) != len(values):
        raise ValueError(
            f"time and values must be one-dimensional and equally long; got shapes {time.shape} and {values.shape}"
        )
    x = np.asarray(values, dtype=np.float64)
    micros = np.asarray(time).astype("datetime64[us]")
    selected = np.flatnonzero(np.isfinite(x) & ~np.isnat(micros))
    seconds = micros[selected].astype(np.int64) / 1e6
    if (np.diff(seconds) <= 0).any():
        order = np.lexsort((x[selected], seconds))
        selected, seconds = selected[order], seconds[order]
    x = x[selected]
    exponent = int(np.frexp(np.abs(x).max(initial=0.0))[1])
    cadence, regular = _cadence(seconds)
    with np.errstate(under="ignore"):
        return PreparedSeries(selected, seconds, np.ldexp(x, -exponent), exponent, cadence, regular)


def _cadence(seconds: FloatArray) -> tuple[float | None, bool]:
    steps = np.diff(seconds)
    steps = steps[steps > 0]
    if len(steps) == 0:
        return None, False
    step = float(np.median(steps))
    same = np.abs(steps - step) <= SAME_STEP * step
    return step, bool(same.mean() >= REGULAR_SHARE)
