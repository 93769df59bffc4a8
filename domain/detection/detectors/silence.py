"""Silence where something usually comes: a run of zeros in rare demand that is longer than chance makes one."""

from typing import Final

import numpy as np

from domain.detection.baseline.transform import identity
from domain.detection.detectors.flatline import CHANCE
from domain.detection.detectors.scores import DetectorScores, Traits
from domain.detection.prepared_series import BoolArray, PreparedSeries
from domain.detection.result import Method
from domain.detection.scoring.threshold import Tail, plain

TRAITS: Final = Traits(may_recur=False, finds_stretches=True)
TIMES_LONG: Final = 3.0  # of the long runs that the series has anyway ...
LONG_SHARE: Final = 0.95  # ... which is this quantile of those that chance explains
CERTAIN: Final = 1.0 - 1e-9


def silences(series: PreparedSeries, training: BoolArray) -> list[DetectorScores]:
    """Judge runs of zeros by their length.

    Whether a zero follows a zero is taken for a coin with the series' own odds, so that lengths are geometric, and the
    longest of k runs exceeds log(c / k) / log(p) with probability c (Erdos & Renyi 1970). Demand that comes in bursts
    has longer runs than that: a silence must also be three times as long as the long runs of the series.

    Returns:
        Scores that are negative within silences and 0 elsewhere; empty without any silence.
    """
    zero = np.concatenate([[False], series.values == 0, [False]])
    edges = np.diff(zero.astype(np.int8))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    lengths = (ends - starts).astype(np.float64)
    if len(lengths) == 0:
        return []
    inside = zero[1:-1]
    stay = min(float((inside[1:] & inside[:-1]).sum() + 1) / float(inside[:-1].sum() + 2), CERTAIN)
    by_chance = float(np.log(CHANCE / len(lengths)) / np.log(stay))
    usual = lengths[lengths <= by_chance]
    limit = max(by_chance, TIMES_LONG * float(np.quantile(usual, LONG_SHARE)) if len(usual) else 0.0)
    silent = np.flatnonzero(lengths > limit)
    if len(silent) == 0:
        return []
    n = len(series)
    tail: Tail = plain(n)
    level = float(np.mean(series.values[training]))
    expected, scale = np.zeros(n), np.ones(n)
    deviations, own = np.zeros(n), np.zeros(n)
    for start, end, length in zip(starts[silent], ends[silent], lengths[silent], strict=True):
        stretch = slice(int(start), int(end))
        deviations[stretch] = -length / limit * tail.least
        expected[stretch] = level
        scale[stretch] = level / (2.0 * tail.least)  # so that zero lies below the band
        own[stretch] = -2.0 * tail.least * np.linspace(1.0, 0.999, int(length))  # the first point is the peak
    return [DetectorScores(Method.ROLLING_BAND, identity(), expected, scale, deviations, own, tail, tail, TRAITS)]
