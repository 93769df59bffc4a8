"""How large an anomaly is: by ratio and by distance, whichever is greater, less where little is at stake."""

import math
from typing import Final

from domain.detection.result import Certainty, Severity

HIGH_FOLD: Final = math.e  # |ln fold| >= 1: 2.72 times, or a fall to 37 % (tested on the specification's example)
MEDIUM_FOLD: Final = 2.0
FAR_FOLD: Final = 1.25  # a change by a quarter is medium where it is far beyond the threshold
HIGH_SCORE: Final = 3.0  # times the threshold
MEDIUM_SCORE: Final = 1.75
# On a scale without ratios, the deviation in spreads of the middle half of the values: far beyond the threshold, but
# small against what the values do anyway, is not high. A box plot's whisker is 1.5 of them long (Tukey 1977).
HIGH_SPREADS: Final = 1.5
MEDIUM_SPREADS: Final = 0.5
APART_FROM_ZERO: Final = 2.0  # spreads between zero and the expected value: then ratios mean something on any scale
LITTLE_AT_STAKE: Final = 0.1  # of the usual level: three requests instead of one at night are no three thousand
NEARLY_ZERO: Final = 1e-9  # of the larger one: below it a fold has no meaning
GRADES: Final = (Severity.LOW, Severity.MEDIUM, Severity.HIGH)


def rank(severity: Severity, certainty: Certainty) -> int:
    """Return the place by size, one later for what is only possible: 0 to 3, the weightiest first."""
    return GRADES[::-1].index(severity) + (certainty is Certainty.POSSIBLE)


def fold(value: float, expected: float) -> float:
    """Return max(value / expected, expected / value), symmetric; infinite against (nearly) zero."""
    low, high = sorted((abs(value), abs(expected)))
    if high == 0:
        return 1.0
    return math.inf if low <= NEARLY_ZERO * high else high / low


def severity(
    *, value: float, expected: float, score: float, ratio_scale: bool, spread: float = 0.0, usual: float = 0.0
) -> Severity:
    """Grade an anomaly. A fall to a third weighs as much as a rise to three times.

    Args:
        value: observed.
        expected: instead of it.
        score: distance over the threshold.
        ratio_scale: whether ratios mean something.
        spread: of the middle half of the values, in their unit; 0 if it is not to be considered.
        usual: the median value of a series that is never negative, in its unit; 0 if it is not known.
    """
    by_ratio = ratio_scale or (usual > 0 and value >= 0 and expected >= APART_FROM_ZERO * spread > 0)
    grades = []
    if by_ratio:
        grades.append(_by_ratio(fold(value, expected), score))
    if not ratio_scale:
        grades.append(_by_distance(abs(value - expected), score, spread))
    grade = max(grades)
    if by_ratio and grade and max(value, expected) < LITTLE_AT_STAKE * usual:
        grade -= 1
    return GRADES[grade]


def _by_ratio(size: float, score: float) -> int:
    if size >= HIGH_FOLD:
        return 2
    return int(size >= MEDIUM_FOLD or (score >= MEDIUM_SCORE and size >= FAR_FOLD))


def _by_distance(distance: float, score: float, spread: float) -> int:
    spreads = distance / spread if spread > 0 else math.inf
    if score >= HIGH_SCORE and spreads >= HIGH_SPREADS:
        return 2
    return int(score >= MEDIUM_SCORE and spreads >= MEDIUM_SPREADS)
