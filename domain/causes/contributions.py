"""Exact sums: what every value of a column adds to the change of a total or of a ratio."""

from collections.abc import Sequence

import numpy as np

from domain.causes.cube import Floats
from domain.causes.explanation import Contribution, RatioTerms, presence_of


def contributions(values: Sequence[str], actual: Floats, expected: Floats) -> tuple[Contribution, ...]:
    """Split the change of a sum by the values of one column.

    Args:
        values: of each row, shape (rows,).
        actual: per row, shape (rows,).
        expected: per row, shape (rows,).

    Returns:
        One contribution per value, largest share of the change in absolute terms first; shares sum to 1.
    """
    names, (a, e) = _grouped(values, actual, expected)
    change = float(a.sum() - e.sum())
    shares = (a - e) / change if change else np.zeros_like(a)
    every = [
        Contribution(value=name, actual=x, expected=y, share=part, presence=presence_of(x, y))
        for name, x, y, part in zip(names, a.tolist(), e.tolist(), shares.tolist(), strict=True)
    ]
    return tuple(sorted(every, key=lambda one: (-abs(one.actual - one.expected), one.value)))


def ratio_contributions(
    values: Sequence[str], actual: Floats, expected: Floats, actual_b: Floats, expected_b: Floats
) -> tuple[Contribution, ...]:
    """Split the change of a ratio a/b by the values of one column into mix, rate and product, exactly.

    Args:
        values: of each row, shape (rows,).
        actual: numerator per row.
        expected: expected numerator per row.
        actual_b: denominator per row.
        expected_b: expected denominator per row.

    Returns:
        One contribution per value, largest first; ``actual`` and ``expected`` are the value's ratios (0 without a
        denominator). All terms of all values sum to the change of the ratio.
    """
    names, (a, e, b, f) = _grouped(values, actual, expected, actual_b, expected_b)
    mix, rate, product = ratio_terms(a, e, b, f)
    change = float((mix + rate + product).sum())
    every = []
    for place, name in enumerate(names):
        terms = RatioTerms(mix=float(mix[place]), rate=float(rate[place]), product=float(product[place]))
        every.append(
            Contribution(
                value=name,
                actual=ratio_of(float(a[place]), float(b[place])),
                expected=ratio_of(float(e[place]), float(f[place])),
                share=(terms.mix + terms.rate + terms.product) / change if change else 0.0,
                presence=presence_of(float(b[place]), float(f[place])),
                terms=terms,
            )
        )
    return tuple(sorted(every, key=lambda one: (-abs(one.share), one.value)))


def ratio_terms(
    actual: Floats, expected: Floats, actual_b: Floats, expected_b: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the mix, rate and product terms of groups that partition the rows.

    With s a group's part of the denominator, r its ratio and R the total's: change of R = sum of (s' - s)(r - R)
    + s (r' - r) + (s' - s)(r' - r), because the s and the s' both sum to 1 (the shift-share identity; Kitagawa, Journal
    of the American Statistical Association 50, 1955, "Components of a difference between two rates"). A group without a
    denominator on one side has no ratio there: the other side's stands for it, so that its change is all mix.

    Args:
        actual: numerators, shape (groups,).
        expected: expected numerators.
        actual_b: denominators, of a sum above 0.
        expected_b: expected denominators, of a sum above 0.
    """
    total = expected.sum() / expected_b.sum()
    now, then = actual_b / actual_b.sum(), expected_b / expected_b.sum()
    old = np.divide(expected, expected_b, out=np.zeros_like(expected), where=expected_b != 0)
    new = np.divide(actual, actual_b, out=old.copy(), where=actual_b != 0)
    old = np.where(expected_b != 0, old, new)
    rate = then * (new - old)
    product = (now - then) * (new - old)
    whole = actual / actual_b.sum() - expected / expected_b.sum() - (now - then) * total
    return whole - rate - product, rate, product


def ratio_of(numerator: float, denominator: float) -> float:
    """Return the ratio, 0 without a denominator."""
    return numerator / denominator if denominator else 0.0


def _grouped(values: Sequence[str], *numbers: Floats) -> tuple[list[str], list[Floats]]:
    names = sorted(set(values))
    index = {name: place for place, name in enumerate(names)}
    codes = np.fromiter(map(index.__getitem__, values), np.int64, len(values))
    return names, [np.asarray(np.bincount(codes, each, len(names)), np.float64) for each in numbers]
