"""How far is too far: a false-alarm budget turned into a number of robust deviations."""

from typing import Final

import numpy as np
from scipy.special import ndtri

STANDARD_BUDGET: Final = 0.05  # expected false alarms in one series at the standard sensitivity
LEAST: Final = 4.0  # tested: no series is so clean that less is safe
# The 95 % point of max|x - median| / (1.4826 MAD) of n Gaussian values, 200,000 simulations each
SHORT_LENGTHS: Final = (5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 24, 30, 40)
SHORT_POINTS: Final = (7.9, 5.54, 5.84, 4.90, 5.09, 4.58, 4.38, 4.23, 4.12, 4.06, 4.00, 3.93, 3.84, 3.78)


def gaussian_point(points: int, budget: float) -> float:
    """Return the deviation that ``points`` Gaussian values exceed ``budget`` times on average, on either side."""
    return float(ndtri(1.0 - budget / (2.0 * points)))


def least_threshold(points: int) -> float:
    """Return the threshold below which no tail can bring it at the standard sensitivity."""
    if points <= SHORT_LENGTHS[-1]:
        return max(LEAST, float(np.interp(points, SHORT_LENGTHS, SHORT_POINTS)))
    return max(LEAST, gaussian_point(points, STANDARD_BUDGET))
