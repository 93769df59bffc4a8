"""Medians and spreads that outliers cannot move: the arithmetic every room shares."""

from typing import Final

import numpy as np
from scipy.ndimage import median_filter

from domain.detection.prepared_series import FloatArray

TO_SIGMA: Final = 1.4826  # makes the MAD of Gaussian values their standard deviation (Iglewicz & Hoaglin 1993)
MEAN_TO_SIGMA: Final = 1.2533  # the same for their mean distance, sqrt(pi / 2)


def spread(values: FloatArray) -> float:
    """Return the standard deviation of the undisturbed part: 1.4826 times the median distance from zero.

    If more than half of the values are zero the mean distance stands in (Iglewicz & Hoaglin 1993), with the median
    for the size of those that differ: one huge value must not hide the others.
    """
    if len(values) == 0:
        return 0.0
    size = np.abs(values)
    middle = float(np.median(size))
    if middle > 0:
        return TO_SIGMA * middle
    other = size[size > 0]
    return MEAN_TO_SIGMA * float(np.median(other)) * len(other) / len(size) if len(other) else 0.0


def running_median(values: FloatArray, window: int) -> FloatArray:
    """Return the median of the ``window`` points around each (made odd).

    At the ends the series is mirrored and its last point counts once: repeated, it would be half of its own window,
    and the newest point, which matters most, would set its own level and spread.
    """
    width = min(window, 2 * len(values) - 1) | 1
    if width <= 1:
        return values.copy()
    return np.asarray(median_filter(values, size=width, mode="mirror"), dtype=np.float64)
