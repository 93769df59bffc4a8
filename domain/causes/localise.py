"""Which values of which columns explain the difference between what was expected and what came?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from domain.causes.cause import cause_of
from domain.causes.common_shift import common_deviation, common_part, factor_of
from domain.causes.cube import Cube, Floats, cube_of, leaves_of
from domain.causes.explanation import Conclusion, Effect, Explanation
from domain.causes.gains import Gains, NormalGains, StudentGains
from domain.causes.noise import Noise, deviations, estimated_noise, is_heavy_tailed
from domain.causes.ratio import localise_ratio
from domain.causes.search import FoundElement, SearchLimits, find
from domain.errors import InvalidInputError

HEAVY_LATER = 0.1  # of the first gain that later causes need where noise is heavy-tailed (K: .64 at .01, .71 at .1)
HEAVY_SHARE = 0.02  # of the change that a cause needs there (K: .71 without, .74 with)
KNOWN_LATER = 0.15  # of the first gain that later causes need where days before told the noise
HALF = 0.5  # of the change: what explains less is a part of the answer and not the answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked for.

    Attributes:
        depth: columns that a cause may fix.
        most: causes of one answer.
        least_share: the part of the change that a cause must have.
        noise: of the sums (of a ratio: of the numerator); None: estimated from the leaves themselves.
        noise_b: of the denominator of a ratio.
    """

    depth: int = 3
    most: int = 3
    least_share: float = 0.05
    noise: Noise | None = None
    noise_b: Noise | None = None


def localise(
    columns: Mapping[str, Sequence[str]],
    actual: Floats,
    expected: Floats,
    actual_b: Floats | None = None,
    expected_b: Floats | None = None,
    *,
    question: Question | None = None,
) -> Explanation:
    """Explain the change of a sum, or of a ratio of two sums, by elements of up to so many columns.

    Rows with the same values are added up, so splitting a row changes nothing; a constant column never is a part of a
    cause, nor is an empty cell ("").

    Args:
        columns: of every column the value of each row, shape (rows,).
        actual: what came per row, shape (rows,); of a ratio its numerator.
        expected: what was expected, in the same unit. Vanished rows must be there (actual 0), new ones as well.
        actual_b: the denominator of a ratio; None: a sum.
        expected_b: what was expected of it; given exactly if ``actual_b`` is.
        question: limits of the answer; None: three causes of up to three columns.

    Raises:
        InvalidInputError: columns and numbers differ in length, a number is not finite, one half of a ratio is missing,
            or a denominator is not above 0 in total.
    """
    resolved_question = question or Question()
    numbers = _checked(columns, actual, expected, actual_b, expected_b)
    leaves = leaves_of(columns, len(numbers[0]))
    cube = cube_of(leaves, resolved_question.depth)
    sums = [leaves.total(each) for each in numbers]
    if all(np.array_equal(now, then) for now, then in zip(sums[::2], sums[1::2], strict=True)):
        total = _total(sums[::2])
        return Explanation(conclusion=Conclusion.UNCHANGED, actual=total, expected=total, common=1.0, causes=())
    if len(sums) > 2:  # noqa: PLR2004  # two pairs: a ratio
        return localise_ratio(
            cube, sums[0], sums[1], sums[2], sums[3], (resolved_question.noise, resolved_question.noise_b)
        )
    if resolved_question.noise is not None:
        return _against_days(cube, sums[0], sums[1], resolved_question, resolved_question.noise)
    return _against_leaves(cube, sums[0], sums[1], resolved_question)


def _against_leaves(cube: Cube, actual: Floats, expected: Floats, resolved_question: Question) -> Explanation:
    """Explain by leaves whose noise is told by the other leaves, what all share being taken out first."""
    shift = common_deviation(cube.leaves, actual, expected)
    common = factor_of(shift)
    if not 0 < common < np.inf:
        return _answer(cube, actual, expected, common, [])
    rest = expected * common
    direction = _direction(actual, expected)
    deviation, mean = deviations(actual, rest)
    noise = estimated_noise(deviation, mean)
    heavy = is_heavy_tailed(deviation, noise.weights(mean), direction)
    family: type[Gains] = StudentGains if heavy else NormalGains
    limits = SearchLimits(
        most=resolved_question.most,
        least_share=max(resolved_question.least_share, HEAVY_SHARE) if heavy else resolved_question.least_share,
        least_gain=HEAVY_LATER if heavy else 0.0,
        mirrored=True,
    )
    return _answer(
        cube, actual, expected, common, find(family(cube, actual, rest, noise, direction), limits, ~cube.blank)
    )


def _against_days(
    cube: Cube, actual: Floats, expected: Floats, resolved_question: Question, noise: Noise
) -> Explanation:
    """Explain by leaves whose noise is known; "all moved alike" is one of the explanations that compete."""
    gains = NormalGains(cube, actual, expected, noise, _direction(actual, expected))
    alike = gains.all_alike()
    limits = SearchLimits(
        most=resolved_question.most,
        least_share=max(resolved_question.least_share, 0.1),
        least_gain=KNOWN_LATER,
        mirrored=False,
    )
    elements = find(gains, limits, ~cube.blank)
    # Noise that an element's leaves share bounds the gain of each alone, so several that fell alike may tell more
    # together than "all": what every value of every column shares decides there.
    shared = common_part(cube.leaves, actual, expected)
    if elements and (alike >= sum(one.gain for one in elements) or shared >= HALF):
        total, usual = float(actual.sum()), float(expected.sum())
        return Explanation(
            conclusion=Conclusion.UNIFORM,
            actual=total,
            expected=usual,
            common=total / usual if usual else 1.0,
            causes=(),
        )
    return _answer(cube, actual, expected, 1.0, elements)


def _answer(cube: Cube, actual: Floats, expected: Floats, common: float, elements: list[FoundElement]) -> Explanation:
    total, usual = float(actual.sum()), float(expected.sum())
    causes = tuple(
        cause_of(cube, one, Effect.SIZE, float(actual[below].sum()), float(expected[below].sum()), total - usual, mass)
        for one, below, mass in ((one, cube.below(one.element), np.abs(actual) + np.abs(expected)) for one in elements)
    )
    conclusion = Conclusion.CAUSES
    if not causes:
        alike = (common - 1) * usual if np.isfinite(common) else total - usual
        part = alike / (total - usual) if total != usual else 0.0
        conclusion = Conclusion.UNIFORM if part >= HALF else Conclusion.UNCLEAR
    return Explanation(conclusion=conclusion, actual=total, expected=usual, common=common, causes=causes)


def _direction(actual: Floats, expected: Floats) -> float:
    return float(np.sign(actual.sum() - expected.sum())) or 1.0


def _total(sums: Sequence[Floats]) -> float:
    return float(sums[0].sum()) if len(sums) == 1 else float(sums[0].sum() / sums[1].sum())


def _checked(
    columns: Mapping[str, Sequence[str]],
    actual: Floats,
    expected: Floats,
    actual_b: Floats | None,
    expected_b: Floats | None,
) -> list[Floats]:
    pairs = {"actual": actual, "expected": expected, "actual_b": actual_b, "expected_b": expected_b}
    given = {name: np.asarray(numbers, np.float64) for name, numbers in pairs.items() if numbers is not None}
    if len(given) % 2:
        raise InvalidInputError("A ratio needs actual_b and expected_b: one of them is missing.", field="actual_b")
    rows = len(given["actual"])
    for name, length in ({n: len(v) for n, v in columns.items()} | {n: len(v) for n, v in given.items()}).items():
        if length != rows:
            raise InvalidInputError(f"{name} has {length} rows, actual has {rows}.", field=name)
    for name, numbers in given.items():
        if not np.isfinite(numbers).all():
            raise InvalidInputError(f"{name} holds a value that is no number.", field=name)
        if name.endswith("_b") and not numbers.sum() > 0:
            raise InvalidInputError(f"{name} adds up to {numbers.sum():g}: no ratio has a meaning.", field=name)
    return list(given.values())
