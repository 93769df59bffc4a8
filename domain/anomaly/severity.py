"""How much an anomaly matters: by the ratio where ratios mean something, by the distance where they do not."""

import math
from typing import Final

from domain.anomaly.findings import Severity

HIGH_FOLD: Final = math.e  # |ln fold| >= 1: 2.72 times, or a fall to 37 % (detection.md, tested on the example)
MEDIUM_FOLD: Final = 2.0
HIGH_SCORE: Final = 3.0  # times the threshold
MEDIUM_SCORE: Final = 1.75
NEARLY_ZERO: Final = 1e-9  # of the larger one: below it a fold has no meaning


def fold(value: float, expected: float) -> float:
    """Return max(value / expected, expected / value), symmetric; infinite against (nearly) zero."""
    low, high = sorted((abs(value), abs(expected)))
    if high == 0:
        return 1.0
    return math.inf if low <= NEARLY_ZERO * high else high / low


def severity(*, value: float, expected: float, score: float, ratio_scale: bool) -> Severity:
    """Grade an anomaly. A fall to a third weighs as much as a rise to three times."""
    size, medium, high = (
        (fold(value, expected), MEDIUM_FOLD, HIGH_FOLD) if ratio_scale else (score, MEDIUM_SCORE, HIGH_SCORE)
    )
    if size >= high:
        return Severity.HIGH
    return Severity.MEDIUM if size >= medium else Severity.LOW
