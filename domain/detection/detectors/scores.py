"""What a detector returns: how far every point is from what it expects, and how that is to be treated."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from domain.detection.baseline.model import Model
from domain.detection.baseline.transform import Transform
from domain.detection.prepared_series import BoolArray, FloatArray, IntArray, PreparedSeries
from domain.detection.result import Method
from domain.detection.scoring import threshold
from domain.detection.scoring.threshold import Tail

SIDES_FROM: Final = 200  # points from which each side has a tail of its own
WHOLE_BAND: Final = 1.0


@dataclass(frozen=True, slots=True)
class Traits:
    """How what a detector finds is treated; declared by the detector, read everywhere else.

    Attributes:
        explains_level: a finding is the beginning of another level, not a deviation from one.
        may_recur: what it finds again and again may be a recurring pattern; False where its own rule limits how often.
        from_model: its scores are read off the model, so that they are computed again when the model is extended to
            points that the user keeps out of the baseline; False where they are carried over.
        counts_occurrences: it judges how many points of a stretch are not zero, whatever their size.
        own_unit: it judges on the scale of the values although their spread depends on the level, so that its tails are
            long by nature.
        finds_stretches: it judges stretches as a whole, whatever their points look like.
    """

    explains_level: bool = False
    may_recur: bool = True
    from_model: bool = False
    counts_occurrences: bool = False
    own_unit: bool = False
    finds_stretches: bool = False


POINTWISE: Final = Traits()


@dataclass(frozen=True, slots=True)
class DetectorScores:
    """One way to judge every point.

    Attributes:
        method: what it is called if it leads.
        transform: its scale; ``expected`` and ``scale`` are on it.
        deviations: what is judged: signed, in robust deviations.
        own: the point's own distance from ``expected`` in units of ``scale``; differs from ``deviations`` where a
            point is judged together with its neighbours (a block, the level after a shift).
        upper, lower: the thresholds of the two sides.
        traits: how its findings are treated.
        band_share: the band reaches to this share of the threshold (in units of ``scale``).
        holds: the points for which a level that begins here was seen to hold; 0 where none begins, or for good.
    """

    method: Method
    transform: Transform
    expected: FloatArray
    scale: FloatArray
    deviations: FloatArray
    own: FloatArray
    upper: Tail
    lower: Tail
    traits: Traits = POINTWISE
    band_share: float = WHOLE_BAND
    holds: int = 0

    def scores(self, budget: float) -> FloatArray:
        """Return the distance over the threshold, signed: beyond 1 or -1 is abnormal."""
        return self.deviations / np.where(self.deviations >= 0, self.upper.at(budget), self.lower.at(budget))

    def distances(self, budget: float, at: IntArray) -> FloatArray:
        """Return the own distance of the points ``at`` in units of the band, signed: beyond 1 or -1 is outside it."""
        own = self.own[at]
        limits = np.where(own >= 0, self.upper.at(budget), self.lower.at(budget))
        return own / (self.band_share * limits)

    def band(self, budget: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return expected value, lower and upper bound per point in the (scaled) unit of the series."""
        down = self.band_share * self.lower.at(budget) * self.scale
        up = self.band_share * self.upper.at(budget) * self.scale
        centre = self.transform.inverse(self.expected)
        lower, upper = (self.transform.inverse(self.expected - down), self.transform.inverse(self.expected + up))
        return centre, np.minimum(lower, centre), np.maximum(upper, centre)


class Detector(Protocol):
    """One way to find anomalies: a module with a class of this form, and its line in ``registry.DETECTORS``.

    Attributes:
        traits: how its findings are treated.
    """

    traits: Traits = POINTWISE

    @abstractmethod
    def scores(self, series: PreparedSeries, model: Model) -> list[DetectorScores]:
        """Judge every point of a series.

        Args:
            series: the points that the model was fitted to, in order of time.
            model: what they are expected to be, on the model's scale.

        Returns:
            Scores of the length of ``series``; empty where the detector does not suit a series of this kind.
        """


def pointwise_scores(
    method: Method,
    transform: Transform,
    expected: FloatArray,
    scale: FloatArray,
    residual: FloatArray,
    *,
    bounded: bool = True,
    left_out: BoolArray | None = None,
) -> DetectorScores:
    """Judge each point by its own distance, with thresholds fitted to the tails of these distances.

    ``left_out`` are points that say nothing of the tails, as days that are known to differ.
    """
    deviations = residual / scale
    usual = deviations if left_out is None else deviations[~left_out]
    upper, lower = fit_tails(usual, len(deviations), bounded=bounded)
    return DetectorScores(method, transform, expected, scale, deviations, deviations, upper, lower)


def fit_tails(
    deviations: FloatArray, points: int, *, bounded: bool, shares: tuple[float, float] | None = None
) -> tuple[Tail, Tail]:
    """Fit the upper and the lower tail; of a short series one tail of both sides (see ``threshold.fit``)."""
    single = threshold.without_runs(deviations)
    both = np.abs(single)
    if points < SIDES_FROM:
        tail = threshold.fit(both, both, points, bounded=bounded, shares=shares)
        return tail, tail
    upper = threshold.fit(single[single > 0], both, points, bounded=bounded, shares=shares)
    lower = threshold.fit(-single[single < 0], both, points, bounded=bounded, shares=shares)
    return upper, lower
