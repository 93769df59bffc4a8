"""A score for rankings of whole series: the largest score of the window around each point.

Benchmarks that rank points without a threshold (VUS of TSB-AD, Liu & Paparrizos 2024; Paparrizos et al. 2022) allow for
a shift by a window. A detector that scores the one abnormal point is measured fairly by them if the points of the
window share its score.
"""

from typing import Final

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft
from scipy.ndimage import maximum_filter1d

from domain.detection.prepared_series import FloatArray

# As ``find_length_rank(values, rank=1)`` of TSB-AD has it: the highest peak of the autocorrelation.
POINTS: Final = 20_000
LAGS: Final = 400
FIRST_LAG: Final = 3
LONGEST: Final = 300
WITHOUT_PERIOD: Final = 125


def windowed(score: FloatArray, window: int) -> FloatArray:
    """Return the largest score of the ``window`` points around each.

    Args:
        score: ``DetectionResult.score``: length n, distance over the threshold; NaN (not judged) counts as 0.
        window: points, at least 1; an even one reaches one point further back than ahead.

    Returns:
        Length n, finite, never below ``score``.

    Raises:
        ValueError: if ``window`` is less than 1.
    """
    if window < 1:
        raise ValueError(f"window must be at least 1; got {window}")
    return np.asarray(maximum_filter1d(np.nan_to_num(score), window, mode="constant"), dtype=np.float64)


def window_of(values: FloatArray) -> int:
    """Return the window that TSB-AD uses for a series: its period by autocorrelation, 125 points without one.

    Args:
        values: in order of time, finite.
    """
    part = values[:POINTS] - np.mean(values[:POINTS])
    size = next_fast_len(2 * len(part), real=True)
    correlation = irfft(np.abs(rfft(part, size)) ** 2, size)[: min(LAGS + 1, len(part))][FIRST_LAG:]
    inner = correlation[1:-1]
    peaks = np.flatnonzero((inner > correlation[:-2]) & (inner > correlation[2:])) + 1
    if len(peaks) == 0:
        return WITHOUT_PERIOD
    best = int(peaks[np.argmax(correlation[peaks])])
    return best + FIRST_LAG if FIRST_LAG <= best <= LONGEST else WITHOUT_PERIOD
