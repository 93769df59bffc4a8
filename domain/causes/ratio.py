"""Causes of a change of a ratio of two sums: an element's own ratio changed, or its part of the denominator did."""

import numpy as np

from domain.causes.cause import ratio_cause
from domain.causes.common_shift import common_deviation, factor_of
from domain.causes.contributions import ratio_of, ratio_terms
from domain.causes.cube import Cube, Floats, Leaves
from domain.causes.explanation import Conclusion, Effect, Explanation, RatioTerms
from domain.causes.gains import NormalGains
from domain.causes.noise import Noise
from domain.causes.search import FoundElement, bars, ranked

PRIOR = 5.0  # units of the denominator that a leaf's expected ratio is drawn to the total's with
RARE = 0.5  # a success rate above it is judged by its failures: the rare half carries the noise of counting
COUNTED = Noise(sigma=0.3, phi=1.0)  # of a ratio of counts whose noise is not given (RS of the benchmark: .76 to .79
# of the first answers are right with any sigma from .05 to .8)
HALF = 0.5  # of the change that must go away if the element is put back to expected


class RatioQuestion:
    """A ratio per leaf: what its numerator would be at expected rates, and what its denominator would be."""

    def __init__(self, cube: Cube, a: Floats, expected_a: Floats, b: Floats, expected_b: Floats) -> None:
        self.cube, self.a, self.expected_a, self.b, self.expected_b = cube, a, expected_a, b, expected_b
        self.then = float(expected_a.sum() / expected_b.sum())
        self.now = float(a.sum() / b.sum())
        self.rare = self.then > RARE and bool((a <= b).all() and (expected_a <= expected_b).all() and (a >= 0).all())
        usual = expected_b - expected_a if self.rare else expected_a
        rate = (usual + PRIOR * _prior_rate(cube.leaves, usual, expected_b)) / (expected_b + PRIOR)
        self.rate = 1 - np.minimum(rate, 1.0) if self.rare else rate

    def numerators(self) -> tuple[Floats, Floats]:
        """Return the numerator and what it would be at the expected rates, of the rare half."""
        if self.rare:
            return self.b - self.a, (1 - self.rate) * self.b
        return self.a, self.rate * self.b

    def put_back(self, effect: Effect) -> Floats:
        """Return the part of the ratio's change that goes away if an element is put back, shape (elements,)."""
        total = self.cube.total
        own_a, own_b = total(self.a), total(self.b)
        if effect is Effect.RATE:
            ratio = (self.a.sum() - own_a + total(self.rate * self.b)) / self.b.sum()
        else:  # the others keep their level: the element gets the part of the denominator that it had beside them
            usual_a, usual_b = total(self.expected_a), total(self.expected_b)
            others = self.expected_b.sum() - usual_b
            level = np.divide(self.b.sum() - own_b, others, out=np.ones_like(own_b), where=others > 0)
            own_rate = np.divide(usual_a, usual_b, out=np.zeros_like(own_b), where=usual_b > 0)
            own_rate = np.divide(own_a, own_b, out=own_rate, where=own_b > 0)
            denominator = self.b.sum() - own_b + level * usual_b
            numerator = self.a.sum() - own_a + level * usual_b * own_rate
            ratio = np.divide(numerator, denominator, out=np.full_like(own_b, self.now), where=denominator > 0)
        return np.asarray((self.now - ratio) / (self.now - self.then))

    def leading_effect(self) -> Effect:
        """Return which part of the change is larger: the changed rates of the leaves, or their changed mix."""
        rates = float((self.a - self.rate * self.b).sum() / self.b.sum())
        mix = float(
            (self.rate * self.b).sum() / self.b.sum() - (self.rate * self.expected_b).sum() / self.expected_b.sum()
        )
        way = np.sign(self.now - self.then)
        return Effect.MIX if mix * way > rates * way else Effect.RATE

    def terms(self, element: int) -> RatioTerms:
        """Return the exact terms of an element, the rows beside it being the other group."""
        inside = np.zeros(len(self.a))
        inside[self.cube.below(element)] = 1.0
        groups = [np.array([(inside * x).sum(), ((1 - inside) * x).sum()]) for x in self._sides()]
        mix, rate, product = ratio_terms(*groups)
        return RatioTerms(mix=float(mix[0]), rate=float(rate[0]), product=float(product[0]))

    def _sides(self) -> tuple[Floats, Floats, Floats, Floats]:
        return self.a, self.expected_a, self.b, self.expected_b

    def of(self, element: int, effect: Effect) -> tuple[float, float]:
        """Return an element's ratio, or its part of the denominator, actual and expected."""
        below = self.cube.below(element)
        a, expected_a, b, expected_b = (float(side[below].sum()) for side in self._sides())
        if effect is Effect.RATE:
            return ratio_of(a, b), ratio_of(expected_a, expected_b)
        return b / float(self.b.sum()), expected_b / float(self.expected_b.sum())


def _prior_rate(leaves: Leaves, a: Floats, b: Floats) -> Floats:
    """Return the rate of a leaf that its single values tell: the total's times the factor of each, shape (leaves,).

    A leaf with few expected rows has no rate of its own, and the total's would be wrong for every value whose rate
    differs: its change of mix would look like a change of rates.
    """
    total = float(a.sum() / b.sum())
    prior = np.full(len(a), total)
    if total <= 0:
        return prior
    for codes, values in zip(leaves.codes, leaves.values, strict=True):
        own_a, own_b = np.bincount(codes, a, len(values)), np.bincount(codes, b, len(values))
        prior *= ((np.maximum(own_a, 0.0) + PRIOR * total) / (own_b + PRIOR) / total)[codes]
    return prior


def localise_ratio(
    cube: Cube, a: Floats, expected_a: Floats, b: Floats, expected_b: Floats, noises: tuple[Noise | None, Noise | None]
) -> Explanation:
    """Return the one element that explains at least half of the change of a/b.

    Args:
        cube: the elements.
        a: numerator per leaf, shape (leaves,).
        expected_a: what was expected of it.
        b: denominator per leaf.
        expected_b: what was expected of it.
        noises: of numerator and denominator; None: counting noise and ``COUNTED.sigma``.
    """
    question = RatioQuestion(cube, a, expected_a, b, expected_b)
    if question.now == question.then:
        return _nothing(question, Conclusion.UNCHANGED, 1.0)
    leading = question.leading_effect()
    effect, best = leading, None
    for effect in (leading, Effect.MIX if leading is Effect.RATE else Effect.RATE):
        best = _by_rate(question, noises[0]) if effect is Effect.RATE else _by_mix(question, noises[1])
        if best is not None:
            break
    if best is None:
        return _nothing(question, *_alike(question))
    share = float(question.put_back(effect)[best.element])
    sides = question.of(best.element, effect)
    cause = ratio_cause(cube, best, effect, sides, share, question.terms(best.element), b + expected_b)
    return Explanation(
        conclusion=Conclusion.CAUSES, actual=question.now, expected=question.then, common=1.0, causes=(cause,)
    )


def _by_rate(question: RatioQuestion, noise: Noise | None) -> FoundElement | None:
    """Return the element with the largest gain of those whose rate, put back, takes half of the change away."""
    actual, usual = question.numerators()
    gains = NormalGains(
        question.cube, actual, usual, noise or COUNTED, float(np.sign(actual.sum() - usual.sum())) or 1.0
    )
    gain = gains.elements()
    fit = (gain > bars(gains, mirrored=False)) & (question.put_back(Effect.RATE) > HALF) & ~question.cube.blank
    order = ranked(question.cube, gain, np.abs(gains.change), np.flatnonzero(fit))
    if not len(order) or gains.all_alike() >= gain[order[0]]:
        return None
    return FoundElement(int(order[0]), float(gain[order[0]]))


def _by_mix(question: RatioQuestion, noise: Noise | None) -> FoundElement | None:
    """Return the element whose part of the denominator, put back, takes most of the change away."""
    level = factor_of(common_deviation(question.cube.leaves, question.b, question.expected_b))
    usual = question.expected_b * (level if 0 < level < np.inf else 1.0)
    both = np.zeros(question.cube.count)
    for direction in (1.0, -1.0):
        gains = NormalGains(question.cube, question.b, usual, noise or COUNTED, direction)
        gain = gains.elements()
        both = np.maximum(both, np.where(gain > bars(gains, mirrored=False), gain, 0.0))
    back = question.put_back(Effect.MIX)
    fit = np.flatnonzero((both > 0) & (back > HALF) & ~question.cube.blank)
    if not len(fit):
        return None
    best = int(ranked(question.cube, -np.abs(1 - back), both, fit)[0])
    return FoundElement(best, float(both[best]))


def _alike(question: RatioQuestion) -> tuple[Conclusion, float]:
    """Return whether all rates moved alike, and by which factor."""
    shift = common_deviation(question.cube.leaves, question.a, question.rate * question.b)
    common = factor_of(shift)
    alike = (common - 1) * float((question.rate * question.b).sum() / question.b.sum())
    if np.isfinite(common) and alike / (question.now - question.then) >= HALF:
        return Conclusion.UNIFORM, common
    return Conclusion.UNCLEAR, 1.0


def _nothing(question: RatioQuestion, conclusion: Conclusion, common: float) -> Explanation:
    return Explanation(conclusion=conclusion, actual=question.now, expected=question.then, common=common, causes=())
