"""The product's detection in the form the benchmark asks for: one tuple per anomaly shown to the user."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from domain.detection.detect import detect as product_detect
from domain.detection.result import DetectionResult, QualityCode
from domain.detection.settings import STANDARD_SENSITIVITY, DetectionSettings

SENSITIVE = 0.75  # the sensitive preset, against the standard one in the middle of the range
STILL = 1.5  # the score of a flatline: it has no distance

Event = tuple[np.datetime64, np.datetime64, float]


def detect(timestamps: npt.NDArray[Any], values: npt.NDArray[np.float64]) -> list[Event]:
    return _shown(timestamps, product_detect(timestamps, values))


def detect_sensitive(timestamps: npt.NDArray[Any], values: npt.NDArray[np.float64]) -> list[Event]:
    return _shown(
        timestamps,
        product_detect(timestamps, values, DetectionSettings(sensitivity=SENSITIVE)),
    )


def sensitivity_of(detector: Callable[..., list[Event]]) -> float:
    return SENSITIVE if detector is detect_sensitive else STANDARD_SENSITIVITY


def certainties(
    timestamps: npt.NDArray[Any], values: npt.NDArray[np.float64], sensitivity: float
) -> list[tuple[int, int, str]]:
    """Return first and last position of each anomaly, and how sure it is said to be."""
    result = product_detect(timestamps, values, DetectionSettings(sensitivity=sensitivity))
    return [(a.start, a.end, str(a.certainty)) for a in result.anomalies]


def _shown(timestamps: npt.NDArray[Any], result: DetectionResult) -> list[Event]:
    """Anomalies, and flatlines: the page marks both, though it calls only the first anomalies."""
    events = [(timestamps[a.start], timestamps[a.end], a.score) for a in result.anomalies]
    still = [q for q in result.quality if q.code is QualityCode.FLATLINE and q.start is not None and q.end is not None]
    return sorted([*events, *((timestamps[q.start], timestamps[q.end], STILL) for q in still)])
