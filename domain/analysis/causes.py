"""Why a stretch of a series is not as expected: which values of which dimensions moved it."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from domain.causes.contributions import contributions, ratio_contributions
from domain.causes.cube import Floats
from domain.causes.explanation import Cause, Conclusion, Contribution, Explanation
from domain.causes.localise import Question, localise
from domain.causes.reference_days import Usual, usual
from domain.struct import Struct
from domain.timeseries.aggregation import Aggregate, Ints
from domain.timeseries.group_sums import GroupSums

SHOWN_VALUES: Final = 8  # of a dimension: bars that are read at a glance; the others are one entry together
ADDITIVE: Final = frozenset({Aggregate.SUM, Aggregate.COUNT, Aggregate.MEAN})


class DimensionShares(Struct, frozen=True):
    """What each value of a dimension adds to the change.

    Attributes:
        name: of the dimension.
        values: those with the largest change, the largest first.
        others: how many further values there are.
        others_share: their part of the change together.
    """

    name: str
    values: tuple[Contribution, ...]
    others: int
    others_share: float


class ChangeExplanation(Struct, frozen=True):
    """Why a stretch of a series is not as expected.

    Attributes:
        metric: what was explained.
        per: the metric it was divided by; None: it is no ratio of two metrics.
        aggregate: of the series: ``mean`` is explained as the ratio of sum and rows.
        start: where the stretch begins, as the analysis writes times.
        end: where it ends; not part of it.
        compared_with: starts of the spans that say what was expected.
        dimensions: columns that were searched; others had too many combinations.
        conclusion: what kind of answer it is.
        actual: sum, number of rows or ratio of the stretch.
        expected: the same, of the mean span that it is compared with.
        common: actual / expected that every value shares.
        causes: best first, at most three.
        shares: per dimension, what its values add to the change.
        text: the answer in a sentence or two.
    """

    metric: str
    per: str | None
    aggregate: Aggregate
    start: str
    end: str
    compared_with: tuple[str, ...]
    dimensions: tuple[str, ...]
    conclusion: Conclusion
    actual: float
    expected: float
    common: float
    causes: tuple[Cause, ...]
    shares: tuple[DimensionShares, ...]
    text: str


def explain(
    groups: GroupSums, references: int, aggregate: Aggregate
) -> tuple[Explanation, tuple[DimensionShares, ...]]:
    """Find the causes of a change.

    Args:
        groups: sums of span 0, which is to be explained, and of the spans 1 to ``references``; a second metric is the
            denominator of a ratio.
        references: how many spans say what is usual.
        aggregate: of the series; one of ``ADDITIVE``.

    Returns:
        The explanation, and the contributions of every dimension's values.
    """
    columns, leaf = _leaves(groups)
    sums = _sides(groups, aggregate)
    tables = [_per_span(side, groups.span, leaf, references) for side in sums]
    past = [usual(table[1:]) for table in tables]
    actual = [table[0] for table in tables]
    if len(actual) > 1 and not all(side.sum() > 0 for side in (actual[1], past[1].expected)):
        return _unclear(actual, past), ()
    question = Question(noise=past[0].noise, noise_b=past[-1].noise)
    pairs = [side for pair in zip(actual, (one.expected for one in past), strict=True) for side in pair]
    return localise(columns, *pairs, question=question), _shares(columns, pairs)


def _sides(groups: GroupSums, aggregate: Aggregate) -> list[Floats]:
    """The sum that is explained, or the numerator and the denominator of a ratio, per group."""
    rows = groups.rows.astype(np.float64)
    if len(groups.sums) > 1:
        return [groups.sums[0], groups.sums[1]]
    if aggregate is Aggregate.MEAN:
        return [groups.sums[0], rows]
    return [rows if aggregate is Aggregate.COUNT else groups.sums[0]]


def _leaves(groups: GroupSums) -> tuple[dict[str, list[str]], Ints]:
    """Return the values of each combination, and which combination each group is."""
    combinations: dict[tuple[str, ...], int] = {}
    keys = list(zip(*groups.values.values(), strict=True)) if groups.values else [()] * len(groups.span)
    leaf = np.array([combinations.setdefault(key, len(combinations)) for key in keys], np.int64)
    columns = {name: [key[i] for key in combinations] for i, name in enumerate(groups.values)}
    return columns, leaf


def _per_span(numbers: Floats, span: Ints, leaf: Ints, references: int) -> Floats:
    """Return the numbers as a table, shape (1 + references, leaves)."""
    leaves = int(leaf.max()) + 1 if len(leaf) else 0
    table = np.zeros((1 + references, leaves))
    table[span, leaf] = numbers
    return table


def _unclear(actual: Sequence[Floats], past: Sequence[Usual]) -> Explanation:
    total, expected = float(actual[0].sum()), float(past[0].expected.sum())
    return Explanation(conclusion=Conclusion.UNCLEAR, actual=total, expected=expected, common=1.0, causes=())


def _shares(columns: dict[str, list[str]], pairs: list[Floats]) -> tuple[DimensionShares, ...]:
    named = []
    for name, values in columns.items():
        if len(set(values)) > 1:
            every = contributions(values, *pairs) if len(pairs) == 2 else ratio_contributions(values, *pairs)  # noqa: PLR2004 - a sum
            named.append(_shown(name, every))
    return tuple(named)


def _shown(name: str, every: tuple[Contribution, ...]) -> DimensionShares:
    rest = every[SHOWN_VALUES:]
    return DimensionShares(
        name=name,
        values=every[:SHOWN_VALUES],
        others=len(rest),
        others_share=float(sum(one.share for one in rest)),
    )
