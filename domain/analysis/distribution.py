"""How the values are spread: a histogram with its anomalies, and boxes by weekday, hour or month."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from domain.analysis.analysis import Box, BoxGroup, BoxGrouping, Histogram
from domain.timeseries.aggregation import Floats, Ints, Times
from domain.timeseries.calendar_groups import GROUPS, groupings
from domain.wording.labels import group_label

FEWEST_BINS: Final = 5  # under it a histogram of a sample with few points shows nothing
MOST_BINS: Final = 60  # at 360 px, the narrowest chart of the page, a bar is then still 6 px wide
NICE: Final = (1.0, 2.0, 2.5, 5.0, 10.0)  # mantissas whose multiples people read at a glance (Heckbert 1990)
WHISKER: Final = 1.5  # of the interquartile range (Tukey 1977, Exploratory Data Analysis, section 2D)
MOST_OUTLIERS: Final = 12  # per box: more dots lie on top of each other
FEWEST_PER_BOX: Final = 3  # on average: quartiles of fewer points are the points themselves


def histogram(values: Floats, anomalous: Sequence[int]) -> Histogram:
    """Count values between round edges of equal distance.

    The width is that of Freedman & Diaconis (1981), 2 IQR / n^(1/3), held between ``FEWEST_BINS`` and
    ``MOST_BINS`` bins and rounded to 1, 2, 2.5 or 5 times a power of ten; whole numbers get whole widths.
    A value on an edge counts to its right, the largest of all to its left.

    Args:
        values: of the series; what is not finite is left out.
        anomalous: positions in ``values`` of the peaks of the anomalies, counted apart as well.

    Returns:
        ``sum(counts)`` is the number of finite values, ``sum(anomalies)`` that of finite anomalous ones.
    """
    finite = values[np.isfinite(values)]
    if len(finite) == 0:
        return Histogram(edges=(), counts=(), anomalies=())
    edges = _edges(finite)
    marked = values[np.asarray(anomalous, dtype=np.int64)]
    counts, marks = (_count(edges, v) for v in (finite, marked[np.isfinite(marked)]))
    return Histogram(edges=tuple(edges.tolist()), counts=tuple(counts.tolist()), anomalies=tuple(marks.tolist()))


def _count(edges: Floats, values: Floats) -> Ints:
    """Count by search in the very edges that are shown, so that no rounding moves a value to another bin."""
    bins = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    return np.bincount(bins, minlength=len(edges) - 1)


def _edges(finite: Floats) -> Floats:
    low, high = float(finite.min()), float(finite.max())
    spread = high / 2 - low / 2  # halved: the distance of two huge values may exceed the largest float
    if spread <= abs(high) * 1e-12 + abs(low) * 1e-12:  # one value, or so near that edges cannot part them
        pad = max(abs(low), abs(high)) * 0.05 or 0.5
        return np.array([low - pad, high + pad])
    if spread > np.finfo(np.float64).max / 8:
        return np.linspace(low / 2, high / 2, FEWEST_BINS + 1) * 2
    first, third = np.percentile(finite, [25, 75])
    width = 2 * float(third - first) / len(finite) ** (1 / 3)
    width = _nice(min(max(width, 2 * spread / (MOST_BINS - 1)), 2 * spread / FEWEST_BINS))
    if 2 * spread / width > MOST_BINS - 2:  # rounding down made too many
        width = _nice(width, at_least=2 * spread / (MOST_BINS - 2))
    if bool((finite == np.rint(finite)).all()):
        width = max(1.0, float(math.ceil(width)))
    steps = np.arange(math.floor(low / width), math.floor(high / width) + 2)
    if len(steps) > 2 and steps[-2] * width == high:  # noqa: PLR2004 - two edges are one bin, which must stay
        steps = steps[:-1]
    decimals = max(0, 2 - math.floor(math.log10(width)))
    edges = np.unique(np.round(steps * width, min(decimals, 300)))
    # A quotient may underflow, or rounding move an edge, past an extreme: that end gets one more bin.
    below = [edges[0] - width] if edges[0] > low else []
    above = [edges[-1] + width] if edges[-1] < high else []
    return np.concatenate([below, edges, above])


def _nice(width: float, at_least: float = 0.0) -> float:
    """Round to the nearest nice number (on the scale of ratios) that is not below ``at_least``."""
    power = 10.0 ** math.floor(math.log10(width))
    fitting = [m * power for m in (*NICE, 20.0) if m * power >= at_least]
    return min(fitting, key=lambda nice: abs(math.log(nice / width)))


def box(wall: Times, values: Floats, places: int = 15) -> Box:
    """Draw Tukey's boxes by that grouping of the calendar which tells most, or one box of all.

    "Tells most" is the largest share of variance between the groups, corrected for their number (omega squared,
    Hays 1963): the correction keeps many small groups from winning by chance. Outliers are rounded to ``places``.
    """
    finite = np.isfinite(values)
    wall, values = wall[finite], values[finite]
    choices = [g for g in groupings(wall) if 1 < len(np.unique(g.index)) <= len(values) / FEWEST_PER_BOX]
    if not choices:
        groups = (_box("All", values, places),) if len(values) else ()
        return Box(by=BoxGrouping.ALL, groups=groups)
    # Ranks, so that a few outliers do not decide which grouping is shown.
    ranks = np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(np.float64)
    best = max(choices, key=lambda g: explained(g.index, ranks)) if len(choices) > 1 else choices[0]
    parts = [(group_label(best.by, group), values[best.index == group]) for group in range(GROUPS[best.by])]
    return Box(by=BoxGrouping(best.by), groups=tuple(_box(label, part, places) for label, part in parts if len(part)))


def explained(index: Ints, values: Floats) -> float:
    """Return omega squared: the share of the values' variance that the groups explain."""
    counts = np.bincount(index)
    sums = np.bincount(index, weights=values)
    used = counts > 0
    mean = values.mean()
    inner = float((counts[used] * (sums[used] / counts[used] - mean) ** 2).sum())
    total = float(((values - mean) ** 2).sum())
    groups, n = int(used.sum()), len(values)
    if n <= groups or total == 0:
        return 0.0
    error = (total - inner) / (n - groups)
    return (inner - (groups - 1) * error) / (total + error)


def _box(label: str, values: Floats, places: int) -> BoxGroup:
    q1, median, q3 = (float(q) for q in np.percentile(values, [25, 50, 75]))
    reach = WHISKER * (q3 - q1)
    inside = values[(values >= q1 - reach) & (values <= q3 + reach)]
    outside = values[(values < q1 - reach) | (values > q3 + reach)]
    farthest = outside[np.argsort(-np.abs(outside - median), kind="stable")][:MOST_OUTLIERS]
    return BoxGroup(
        label=label,
        count=len(values),
        lower_whisker=min(float(inside.min()), q1) if len(inside) else q1,
        q1=q1,
        median=median,
        q3=q3,
        upper_whisker=max(float(inside.max()), q3) if len(inside) else q3,
        outliers=tuple(round(value, places) for value in np.sort(farthest).tolist()),
    )
