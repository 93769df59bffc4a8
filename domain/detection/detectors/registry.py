"""The detectors. A new one is a module with a class, a line here, and a row in the ablation of docs/detection.md."""

from dataclasses import replace
from typing import Final

import numpy as np

from domain.detection.baseline.model import Model
from domain.detection.detectors.block_means import BlockMeans
from domain.detection.detectors.change_points import ChangePoints
from domain.detection.detectors.deep_fall import DeepFall
from domain.detection.detectors.kind_of_day import KindOfDay
from domain.detection.detectors.lost_rhythm import LostRhythm
from domain.detection.detectors.new_levels import NewLevels
from domain.detection.detectors.own_unit import OwnUnit
from domain.detection.detectors.residual import Residual
from domain.detection.detectors.rolling import Rolling
from domain.detection.detectors.scores import Detector, DetectorScores
from domain.detection.detectors.slow_change import SlowChange
from domain.detection.prepared_series import FloatArray, PreparedSeries
from domain.detection.scoring.events import DAILY

# The first one's band is drawn wherever no other detector found anything. Of equal scores the earlier detector leads.
DETECTORS: Final[tuple[Detector, ...]] = (
    Residual(),
    Rolling(),
    OwnUnit(),
    BlockMeans(),
    ChangePoints(),
    NewLevels(),
    KindOfDay(),
    DeepFall(),
    SlowChange(),
    LostRhythm(),
)


# Of daily and coarser series holidays and weather make the tail heavy, and the incidents of a year are part of what it
# is fitted to: with a cap of 10 deviations 14 more of 75 dated incidents of real series were found (44 to 58), and one
# more event on quiet ones. Caps of 12, 9, 8 and 7 found 56, 59, 59 and 63, with 44, 57, 73 and 81 events beyond them.
MOST_IF_DAILY: Final = 10.0
OWN_UNIT_MOST_IF_DAILY: Final = 20.0  # of lognormal values with sigma 1, untransformed, the largest of 900 is 27
SKEWED: Final = 2.5  # times as wide as the other side, at the 97 % points


def score_all(series: PreparedSeries, model: Model) -> list[DetectorScores]:
    """Let every detector judge a series; those that do not suit it return nothing."""
    return [_capped(scores, series) for detector in DETECTORS for scores in detector.scores(series, model)]


def _capped(scores: DetectorScores, series: PreparedSeries) -> DetectorScores:
    if series.cadence is None or series.cadence < DAILY:
        return scores
    up, down = _widths(scores.deviations)
    return replace(
        scores,
        upper=scores.upper.capped(_most(scores, series, up > SKEWED * down)),
        lower=scores.lower.capped(_most(scores, series, down > SKEWED * up)),
    )


def _most(scores: DetectorScores, series: PreparedSeries, skewed: bool) -> float:  # noqa: FBT001 - private, two calls
    """Return the cap of a side: higher where negative values leave no scale on which both sides would be alike."""
    wide = scores.traits.own_unit or (skewed and bool(series.values.min() < 0))
    return OWN_UNIT_MOST_IF_DAILY if wide else MOST_IF_DAILY


def _widths(deviations: FloatArray) -> tuple[float, float]:
    low, high = (float(q) for q in np.quantile(deviations, [0.03, 0.97]))
    return max(high, 0.0), max(-low, 0.0)


def score_from_model(series: PreparedSeries, model: Model) -> list[DetectorScores]:
    """Let those detectors judge a series that read their scores off the model (``Traits.from_model``)."""
    return [scores for detector in DETECTORS if detector.traits.from_model for scores in detector.scores(series, model)]
