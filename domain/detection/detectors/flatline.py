"""A sensor that stands still: the same value for longer than chance repeats it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.detection.prepared_series import FloatArray, IntArray

SHORTEST: Final = 6
CHANCE: Final = 0.01  # of one such run in a series of this kind
OFTEN: Final = 0.2  # of the steps change nothing: a balance, a price list, a stock, which rest for reasons, ...
TWICE: Final = 2.0  # ... so that a run must be this many times as long as the longest that chance explains
KNOWN_FROM: Final = 5  # occurrences of a value elsewhere that tell how often it repeats


@dataclass(frozen=True, slots=True)
class Run:
    """Equal values from ``start`` to ``end``, positions among the sorted points, both inclusive."""

    start: int
    end: int


def find(values: FloatArray) -> list[Run]:
    """Find runs of equal values longer than max(6, log(chance / n) / log(p)), p the share of repetitions elsewhere.

    The length of the longest run of n trials grows as log(n) / log(1/p) (Erdos & Renyi 1970). Where values rest often
    they do so for longer than independent trials would.
    """
    n = len(values)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(values) != 0) + 1])
    lengths = np.diff(np.concatenate([starts, [n]]))
    long = (lengths > SHORTEST) & (lengths > _longest_by_chance(values[starts], lengths))
    if n - len(lengths) > OFTEN * n and long.any():
        long &= lengths > TWICE * lengths[~long].max(initial=0)
    return [Run(int(a), int(a + k - 1)) for a, k in zip(starts[long], lengths[long], strict=True)]


def _longest_by_chance(values: FloatArray, lengths: IntArray) -> FloatArray:
    """Return per run how long chance makes one, judged by the repetitions outside it (one more is granted)."""
    n, runs = int(lengths.sum()), len(lengths)
    share = (n - runs - (lengths - 1) + 1) / (n - lengths + 2)
    _, value = np.unique(values, return_inverse=True)
    elsewhere = np.bincount(value, weights=lengths)[value] - lengths
    others = np.bincount(value)[value] - 1
    same = np.where(elsewhere >= KNOWN_FROM, (elsewhere - others + 1) / (elsewhere + 2), 0.0)
    share = np.clip(np.maximum(share, same), 1e-12, 1.0 - 1e-12)
    return np.asarray(np.log(CHANCE / n) / np.log(share), dtype=np.float64)
